"""JAX against TensorFlow: a step of the MLP recipes in `fit`, with fused steps on both.

    python benchmarks/backends.py
    python benchmarks/backends.py --recipes SNGAN R3GAN --rounds 5

Every round starts a process on either backend, by turns. Each trains the same networks of 3 × 128
units on the same 2-D points in memory, 50 steps an execution, and takes the median time of a step
over five calls of `fit` after one that compiles. Printed is the median over rounds of the ratio of
the speeds within a round (above 1, JAX is faster), with the smallest and the largest.
"""

import argparse
import json
import os
import subprocess
import sys
import time

RECIPES = ("DCGAN", "FGAN", "SNGAN", "R3GAN", "DRAGAN", "GANGP", "WGAN", "WGANGP", "CTGAN")
NETWORK = {"SNGAN": {"normalization": "spectral"}, "CTGAN": {"dropout": 0.5, "features": True}}
FUSED = 50


def seconds_a_step(recipe, batch, executions):
    """The median over five fits."""
    import keras
    import numpy as np

    import keras_gan as kg

    keras.utils.set_random_seed(0)
    discriminator = kg.networks.mlp_discriminator(**NETWORK.get(recipe, {}))
    gan = getattr(kg, recipe)(kg.networks.mlp_generator(), discriminator, seed=0)
    gan.compile(steps_per_execution=FUSED)
    steps, size = FUSED * executions, batch * gan.schedule.parts
    x = np.random.default_rng(0).normal(size=(steps * size, 2)).astype("float32")
    times = []
    for _ in range(6):
        start = time.perf_counter()
        gan.fit(x, batch_size=size, verbose=0)
        times.append((time.perf_counter() - start) / steps)
    return float(np.median(times[1:]))


def measured(backend, a):
    """Seconds per step by recipe, in a process of its own."""
    command = [sys.executable, __file__, "--here", "--recipes", *a.recipes]
    command += ["--batch-size", str(a.batch_size), "--executions", str(a.executions)]
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=RECIPES)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--executions", type=int, default=8, help="of one fit")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.here:
        print(json.dumps({r: seconds_a_step(r, a.batch_size, a.executions) for r in a.recipes}))
        return
    rounds = []
    for i in range(a.rounds):
        order = ("tensorflow", "jax")[:: -1 if i % 2 else 1]
        rounds.append({backend: measured(backend, a) for backend in order})
    print(
        "| recipe | batch | TensorFlow, ms per step | JAX | ratio of speeds | smallest, largest |"
    )
    print("|---|---|---|---|---|---|")
    for recipe in a.recipes:
        pairs = sorted((r["tensorflow"][recipe], r["jax"][recipe]) for r in rounds)
        ratios = sorted(tensorflow / jax for tensorflow, jax in pairs)
        middle = [1000 * sorted(each)[len(each) // 2] for each in zip(*pairs, strict=True)]
        cells = f"{middle[0]:.2f} | {middle[1]:.2f} | {ratios[len(ratios) // 2]:.2f}"
        print(f"| {recipe} | {a.batch_size} | {cells} | {ratios[0]:.2f}, {ratios[-1]:.2f} |")


if __name__ == "__main__":
    main()
