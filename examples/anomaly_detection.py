"""Detect digits of a class that an autoencoder has never seen, each class in turn.

    pip install .    # in a clone of this repository
    python anomaly_detection.py           # MNIST, ten autoencoders, three minutes on two cores
    python anomaly_detection.py --data digits

An autoencoder is trained on nine classes. What it cannot reconstruct is taken for an anomaly:

    score(x) = ‖x − D(E(x))‖²       baseline: min over training digits x' of ‖x − x'‖²

The table has, for each class held out, the area under the ROC curve (AUROC): how probable it is
that a test digit of that class scores higher than one of the other nine. Chance is 0.5.

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Hinton and Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural Networks,
Science 313.
"""

import argparse

import keras
import numpy as np
from sklearn.metrics import roc_auc_score

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
parser.add_argument("--train-images", type=int, default=10_000, help="of MNIST's 60,000")
parser.add_argument("--test-images", type=int, default=5000, help="of MNIST's 10,000")
parser.add_argument("--steps", type=int, default=1000, help="of each autoencoder")
parser.add_argument("--latent-dim", type=int, help="of a code; default: 32 of MNIST, 8 of digits")
parser.add_argument("--width", type=int, default=256, help="units of the hidden layers")
parser.add_argument("--seeds", type=int, nargs="+", default=[0])
arguments = parser.parse_args()
is_mnist = arguments.data == "mnist"


def labelled(split, count):
    """The first images of a split, (n, side, side, 1) in [-1, 1], and their digits, (n,)."""
    pairs = kg.data.load(arguments.data, split=split, labels=True)
    return next(iter(pairs.batch(count).as_numpy_iterator()))


def trained(x, seed):
    """An autoencoder after its training."""
    keras.utils.set_random_seed(seed)
    latent_dim = arguments.latent_dim or (32 if is_mnist else 8)
    sizes = {"latent_dim": latent_dim, "width": arguments.width, "activation": "relu"}
    encoder = kg.networks.mlp_encoder(x.shape[1:], **sizes)
    decoder = kg.networks.mlp_decoder(x.shape[1:], **sizes, output_activation="tanh")
    model = kg.Autoencoder(encoder, decoder, seed=seed)
    model.compile(keras.optimizers.Adam(1e-3), steps_per_execution=10)
    batches = kg.data.batches(x, 100, seed=seed).repeat()
    model.fit(batches, epochs=1, steps_per_epoch=arguments.steps, verbose=0)
    return model


def squared_distances(tests, known):
    """‖x − x'‖² from each test image to the nearest of the known ones, (n,)."""
    tests, known = tests.reshape(len(tests), -1), known.reshape(len(known), -1)
    cross = [np.max(known @ x - 0.5 * (known**2).sum(axis=1)) for x in tests]
    return (tests**2).sum(axis=1) - 2 * np.array(cross)


if is_mnist:
    x, y = labelled("train", arguments.train_images)
    tests, test_y = labelled("test", arguments.test_images)
else:
    x, y = labelled("train", 1797)
    (x, tests), (y, test_y) = np.split(x, [1200]), np.split(y, [1200])
nearest = np.stack([squared_distances(tests, x[y == digit]) for digit in range(10)], axis=1)

print(f"{len(x)} digits to train on, less the class held out; {len(tests)} to test on")
seeds = [f"autoencoder, seed {seed}" for seed in arguments.seeds]
print("| held out |", " | ".join([*seeds, "nearest neighbour"]), "|")
print("|--:|" + "--:|" * (len(seeds) + 1), flush=True)
table = []
for digit in range(10):
    anomalous = test_y == digit
    scores = [trained(x[y != digit], seed).anomaly_score(tests) for seed in arguments.seeds]
    scores.append(np.delete(nearest, digit, axis=1).min(axis=1))
    table.append([roc_auc_score(anomalous, each) for each in scores])
    print(f"| {digit} |", " | ".join(f"{area:.3f}" for area in table[-1]), "|", flush=True)
print("| mean |", " | ".join(f"{area:.3f}" for area in np.mean(table, axis=0)), "|")
