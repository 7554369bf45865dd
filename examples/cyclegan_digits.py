"""Translate between two sets of digits that nobody has paired, and see whether a 4 stays a 4.

    pip install .    # in a clone of this repository
    python cyclegan_digits.py             # scikit-learn's digits and MNIST, 16 x 16 pixels

Other domains: `--x horses --y zebras --size 128` for two folders of images, or a set of TensorFlow
Datasets, `--x cycle_gan/horse2zebra --x-split trainA --y cycle_gan/horse2zebra --y-split trainB`.
Where both have the same classes, a classifier of the target domain, trained on its real images,
says how many translated images keep the label of their original. Small grey images are trained on
with turned, slanted, stretched and shifted copies, filled up with black, so that the domains differ
by little but their style.
Reference: Zhu, Park, Isola and Efros 2017, arXiv 1703.10593.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--x", default="digits", help="a data set by name, or a folder of images")
parser.add_argument("--y", default="mnist", help="the other domain")
parser.add_argument("--x-split", default="train")
parser.add_argument("--y-split", default="train")
parser.add_argument("--size", type=int, default=16, help="side of the images in pixels")
parser.add_argument("--epochs", type=int, default=20)
parser.add_argument("--steps-per-epoch", type=int, default=250)
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--width", type=int, default=24, help="channels of the finest hidden grid")
parser.add_argument("--copies", type=int, help="of each image; default: 8 of small grey ones, or 0")
parser.add_argument("--classifier-steps", type=int, default=1000, help="how long they train")
parser.add_argument("--out", default="cyclegan_digits", help="folder for pictures and the game")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
keras.utils.set_random_seed(arguments.seed)
out = pathlib.Path(arguments.out)


def read(source, split):
    """All images of a data set, and their labels, or None where it has none."""
    options = {"image_size": arguments.size, "crop": {"mnist": 20}.get(source)}  # of 28 pixels
    try:
        pairs = kg.data.load(source, split, labels=True, **options)
    except ValueError:
        images = kg.data.load(source, split, **options).batch(1000).as_numpy_iterator()
        return np.concatenate(list(images)), None
    images, labels = zip(*pairs.batch(1000).as_numpy_iterator(), strict=True)
    return np.concatenate(images), np.concatenate(labels)


x, x_labels = read(arguments.x, arguments.x_split)
y, y_labels = read(arguments.y, arguments.y_split)
print(f"{len(x)} images of x and {len(y)} of y, {x.shape[1:]} and {y.shape[1:]}")

small = arguments.size < 64
grey = x.shape[-1] == y.shape[-1] == 1
copies = (8 if small and grey else 0) if arguments.copies is None else max(0, arguments.copies)


def generator(shape, channels):
    """Convolutions down, residual blocks, and up again, to a change of the image."""
    return kg.networks.translation_generator(
        shape,
        channels,
        width=arguments.width,
        blocks=3 if small else 9,
        downsamplings=1 if small else 2,
        skip=small and channels == shape[-1],
    )


def discriminator(shape):
    """It scores patches, of which it sees one at a time."""
    return kg.networks.patch_discriminator(
        shape, arguments.width, depth=1 if arguments.size < 34 else 2 if small else 3
    )


gan = kg.CycleGAN(
    generator(x.shape[1:], y.shape[-1]),
    generator(y.shape[1:], x.shape[-1]),
    discriminator(x.shape[1:]),
    discriminator(y.shape[1:]),
    identity_weight=5.0 if x.shape[1:] == y.shape[1:] else 0.0,
    average=0.99,
    seed=arguments.seed,
)
gan.compile()
gan.fit(
    kg.data.unpaired(
        kg.data.with_copies(x, copies, seed=1),
        kg.data.with_copies(y, copies, seed=2),
        arguments.batch_size,
        seed=arguments.seed,
    ).repeat(),
    epochs=arguments.epochs,
    steps_per_epoch=arguments.steps_per_epoch,
    callbacks=[kg.callbacks.Translations(out, x, y, count=16)],
    verbose=2,
)
gan.save(out / "gan.keras")
print(f"{out}: rows x, G(x), F(G(x)) and y, F(y), G(F(y)) after every epoch, and gan.keras")

has_classes = x_labels is not None and y_labels is not None
if has_classes and len(np.unique(x_labels)) == len(np.unique(y_labels)) > 1:
    for to, images, labels, target, target_labels in (
        ("y", x, x_labels, y, y_labels),
        ("x", y, y_labels, x, x_labels),
    ):
        print(f"training a classifier of {to}, {arguments.classifier_steps} steps ...", flush=True)
        classify, accuracy = kg.metrics.convolutional_classifier(
            target, target_labels, arguments.seed, steps=arguments.classifier_steps
        )
        images, labels = images[:5000], labels[:5000]
        translated = gan.translate(images, to=to)
        kept = kg.metrics.label_preservation(translated, labels, classify)
        if images.shape[1:] == target.shape[1:]:
            before = kg.metrics.label_preservation(images, labels, classify)
            print(f"labels that the classifier sees in images before they go to {to}: {before:.1%}")
        print(
            f"labels kept on the way to {to}: {kept:.1%}; the classifier is right on "
            f"{accuracy:.1%} of held-out images of {to}"
        )
