"""What low precision pays: WGAN-GP's steps in mixed_bfloat16 against float32.

    python benchmarks/precision.py                        # MNIST from TFDS_DATA_DIR
    python benchmarks/precision.py --data random          # random images of the same shape

The pair of the DCGAN paper on 28×28 images, a critic of 64-128-256-512 channels with layer
normalization, batch 64, 5 critic steps a generator step. All policies train in one process, by
turns: a round is one generator step of each, in an order that alternates. Printed for every policy
are the median seconds per step and the median over rounds of the ratio of float32's time to its own
(above 1: faster than float32), with the quartiles. First it says what instructions the machine has,
and how fast it multiplies and convolves in either format.
"""

import argparse
import time

import keras
import numpy as np
import tensorflow as tf

import keras_gan as kg
from peak import instructions, peaks

POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")
SHAPE = (28, 28, 1)


def train_function(policy, width, critic_steps):
    """The compiled step of WGAN-GP under a policy, as `fit` calls it."""
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(0)
    gan = kg.WGANGP(
        kg.networks.dcgan_generator(SHAPE, latent_dim=128, width=width),
        kg.networks.dcgan_discriminator(SHAPE, width=width, normalization="layer"),
        discriminator_steps=critic_steps,
        seed=0,
    )
    gan.compile()
    gan.make_train_function()
    return gan.train_function


def batches(source, batch):
    """Endless batches of MNIST or of random images."""
    if source == "mnist":
        return kg.data.batches(kg.data.load("mnist", split="train"), batch).repeat()
    images = np.random.default_rng(0).uniform(-1, 1, (4 * batch, *SHAPE)).astype("float32")
    return tf.data.Dataset.from_tensor_slices(images).batch(batch, drop_remainder=True).repeat()


def seconds(function, iterator) -> float:
    start = time.perf_counter()
    logs = function(iterator)
    keras.tree.map_structure(np.asarray, logs)  # wait for the step
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=15, help="generator steps of each policy")
    parser.add_argument("--policies", nargs="+", choices=POLICIES[1:], default=POLICIES[1:2])
    parser.add_argument("--data", choices=("mnist", "random"), default="mnist")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--critic-steps", type=int, default=5)
    parser.add_argument("--width", type=int, default=64)
    arguments = parser.parse_args()
    print("instructions:", ", ".join(instructions()) or "unknown", "\n")
    print("| operation | numbers | GFLOP/s |", "|---|---|--:|", *peaks(), "", sep="\n", flush=True)
    policies = ("float32", *arguments.policies)
    dataset = batches(arguments.data, arguments.batch_size * arguments.critic_steps)
    functions = {p: train_function(p, arguments.width, arguments.critic_steps) for p in policies}
    iterators = {policy: iter(dataset) for policy in policies}
    for policy, function in functions.items():  # trace and warm up
        seconds(function, iterators[policy])
    measured = []
    for i in range(arguments.steps):
        order = policies[:: -1 if i % 2 else 1]
        times = {policy: seconds(functions[policy], iterators[policy]) for policy in order}
        measured.append([times[policy] for policy in policies])
    measured = np.array(measured)
    print("| policy | seconds a generator step | float32's time / its own | quartiles |")
    print("|---|---|---|---|")
    for policy, own in zip(policies, measured.T, strict=True):
        low, median, high = np.percentile(measured[:, 0] / own, [25, 50, 75])
        print(f"| {policy} | {np.median(own):.3f} | {median:.2f} | {low:.2f}–{high:.2f} |")


if __name__ == "__main__":
    main()
