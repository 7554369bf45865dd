"""Sharpen digits that were shrunk, or draw them from their edges: pairs, a U-Net, and an L1 term.

    pip install .    # in a clone of this repository
    python pix2pix_digits.py                        # MNIST, from 7 x 7 pixels to 28 x 28
    python pix2pix_digits.py --task edges           # from outlines to strokes
    python pix2pix_digits.py --adversarial-weight 0 # the L1 term alone, which blurs
    python pix2pix_digits.py --data digits          # scikit-learn's 8 x 8, without a download

The table is of test digits that nobody has seen: the mean absolute difference per pixel to the
truth, of images in [-1, 1], and the mean absolute step from a pixel to its neighbour, which tells
blurred images from sharp ones. The picture has inputs, translations and truths, after every epoch.

MNIST comes from tensorflow-datasets: downloaded once, or read from TFDS_DATA_DIR without a network.
Reference: Isola, Zhu, Zhou and Efros 2017, arXiv 1611.07004.
"""

import argparse
import pathlib

import keras
import numpy as np
import tensorflow as tf
from scipy import ndimage

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--data", choices=["mnist", "digits"], default="mnist")
parser.add_argument("--task", choices=["shrunk", "edges"], default="shrunk")
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--steps-per-epoch", type=int, default=400)
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--width", type=int, default=24, help="channels of the finest hidden grid")
parser.add_argument("--l1-weight", type=float, default=100.0)
parser.add_argument("--adversarial-weight", type=float, default=1.0)
parser.add_argument("--held-out", type=int, default=1000, help="test digits for the table")
parser.add_argument("--folder", default="pix2pix_digits", help="for pictures and the game")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
keras.utils.set_random_seed(arguments.seed)
folder = pathlib.Path(arguments.folder)


def digits():
    """Digits to train on, and others to test on, (n, side, side, 1) in [-1, 1]."""
    if arguments.data == "mnist":
        return [images("mnist", split) for split in ("train", "test")]
    return np.split(images("digits", "train"), [1400])


def images(name, split):
    """All images of a split."""
    return np.concatenate(list(kg.data.load(name, split).batch(1000).as_numpy_iterator()))


def shrunk(y):
    """Means of 4 x 4 pixels, or 2 x 2 of small images, as large as they were."""
    factor, (n, side) = 4 if y.shape[1] > 8 else 2, y.shape[:2]
    means = y.reshape(n, side // factor, factor, side // factor, factor, 1).mean(axis=(2, 4))
    return means.repeat(factor, axis=1).repeat(factor, axis=2)


def edges(y):
    """White where the brightness of neighbours differs by more than a third of its range."""
    high, low = (f(y, size=(1, 2, 2, 1)) for f in (ndimage.maximum_filter, ndimage.minimum_filter))
    return np.where(high - low > 2 / 3, 1.0, -1.0).astype("float32")


def steps(y):
    """The mean absolute difference of neighbouring pixels."""
    return np.mean([np.abs(np.diff(y, axis=axis)).mean() for axis in (1, 2)])


task = {"shrunk": shrunk, "edges": edges}[arguments.task]
y, truth = digits()
x, truth = task(y), truth[: arguments.held_out]
given = task(truth)
height, width, channels = y.shape[1:]
print(f"{len(x)} pairs of {height} x {width} pixels to train on, {len(given)} to test on")

gan = kg.Pix2Pix(
    kg.networks.unet_generator((height, width, channels), width=arguments.width),
    kg.networks.patch_discriminator((height, width, 2 * channels), arguments.width, depth=1),
    l1_weight=arguments.l1_weight,
    adversarial_weight=arguments.adversarial_weight,
    seed=arguments.seed,
)
gan.compile()
gan.fit(
    kg.data.batches(tf.data.Dataset.from_tensor_slices((x, y)), arguments.batch_size).repeat(),
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Translations(folder, given, truth, count=16)],
    verbose=2,
)
gan.save(folder / "gan.keras")
print(f"{folder}: rows of inputs, translations, truths after every epoch, and gan.keras\n")

print(f"| {'test digits':<12} | {'L1 to the truth':>15} | {'step to a neighbour':>19} |")
print(f"|{'-' * 14}|{'-' * 16}:|{'-' * 20}:|")
for name, made in (("input", given), ("translation", gan.translate(given)), ("truth", truth)):
    print(f"| {name:<12} | {np.abs(made - truth).mean():>15.4f} | {steps(made):>19.4f} |")
