"""Classifiers made of labelled images, by which to judge samples of the same classes."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from keras_gan.arguments import whole
from keras_gan.data.affine import random_affine
from keras_gan.data.images import signed_images
from keras_gan.metrics.pixels import pixel_features

MOST_TRAINING_IMAGES = 5000
BATCH_SIZE = 64
LEARNING_RATE = 1e-3
WIDTHS = (32, 64)  # channels of the blocks; the last is repeated where images are large
COARSEST = 4  # pixels: grids above twice this are halved


def pixel_classifier(
    images, labels, seed: int = 0, most: int = MOST_TRAINING_IMAGES
) -> tuple[Callable, float]:
    """A support vector machine on pixels, and its accuracy on real images it has not seen.

    A fifth of the images is held out.

    Args:
        images: Array `(n, height, width, channels)` of real images.
        labels: Integers `(n,)`.
        seed: Integer that decides which images are held out.
        most: The most of the others that are trained on. Defaults to 5,000.

    Returns:
        A function from images to integer classes `(n,)`, and the held-out accuracy in [0, 1].

    Example:

    >>> images = np.repeat([-1.0, 1.0], 20)[:, None, None, None] * np.ones((40, 4, 4, 1))
    >>> classify, accuracy = pixel_classifier(images, np.repeat([0, 1], 20))
    >>> classify(np.ones((2, 4, 4, 1))), accuracy
    (array([1, 1]), 1.0)
    """
    from sklearn.svm import SVC

    held_out, training = _parts(len(images), seed, most)
    features, _ = pixel_features(images)
    machine = SVC(C=10.0).fit(features[training], np.asarray(labels)[training])

    def classify(samples):
        return machine.predict(pixel_features(samples)[0])

    return classify, float(machine.score(features[held_out], np.asarray(labels)[held_out]))


def convolutional_classifier(
    images, labels, seed: int = 0, most: int = 20_000, steps: int = 1000
) -> tuple[Callable, float]:
    """A convolutional network, and its accuracy on real images it has not seen.

    It sees every training image under affine maps at random, `kg.data.random_affine`, and so knows
    classes under other angles, slants and widths than the training images happen to have, by which
    `pixel_classifier` is misled. A fifth of the images is held out. Blocks of two 3 x 3
    convolutions with batch normalization and ReLU; Adam for 64 images a step, with a rate that
    falls from 0.001 to 0 along a half cosine.

    Args:
        images: Array `(n, height, width, channels)` of real images in [-1, 1], or of uint8.
        labels: Integers `(n,)`, of two classes or more.
        seed: Integer that decides which images are held out, the initial weights and all maps.
        most: The most of the others that are trained on. Defaults to 20,000.
        steps: Training steps; 1,000 for images of 16 x 16 pixels take a minute on one core.

    Returns:
        A function from images to integer classes `(n,)`, and the held-out accuracy in [0, 1].

    Raises:
        ValueError: For images of another rank, not finite or not in [-1, 1], labels that are not
            one for each, or a single class. The function raises it for images that are not like
            those it was made of.

    Example:

    >>> images = np.repeat([-1.0, 1.0], 20)[:, None, None, None] * np.ones((40, 8, 8, 1))
    >>> classify, accuracy = convolutional_classifier(images, np.repeat([3, 5], 20), steps=10)
    >>> classify(images[-2:]).shape
    (2,)
    """
    images, labels = signed_images(images), np.asarray(labels)
    classes, targets = np.unique(labels, return_inverse=True)
    if labels.shape != images.shape[:1] or len(classes) < 2:
        raise ValueError(
            f"A classifier needs one label for each image, and two classes or more; received "
            f"shapes {images.shape} and {labels.shape} and {len(classes)} classes."
        )
    steps = whole("steps", steps)
    held_out, training = _parts(len(images), seed, most)
    network = _network(images.shape[1:], len(classes), seed)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(optimizer=keras.optimizers.Adam(rate), loss=loss)
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        batch = training[rng.integers(len(training), size=BATCH_SIZE)]
        seen = random_affine(images[batch], seed=int(rng.integers(2**31)))
        network.train_on_batch(seen, targets[batch])

    def classify(samples):
        samples = signed_images(samples)
        if not len(samples) or samples.shape[1:] != images.shape[1:]:
            raise ValueError(
                f"This classifier takes images of shape {images.shape[1:]}, one at least; received "
                f"{samples.shape}."
            )
        logits = network.predict(samples, batch_size=1000, verbose=0)
        return classes[logits.argmax(axis=1)]

    return classify, float(np.mean(classify(images[held_out]) == labels[held_out]))


def _parts(count: int, seed: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The indices of the fifth that is held out, and of those to train on."""
    most = whole("most", most)
    order = np.random.default_rng(seed).permutation(count)
    fifth = max(1, count // 5)
    return order[:fifth], order[fifth:][:most]


def _network(shape: tuple[int, int, int], classes: int, seed: int) -> keras.Model:
    """Blocks of convolutions, each at half the size of the one before, and a hidden layer."""
    seeds = iter(map(int, np.random.SeedSequence(seed).generate_state(64)))

    def initial():
        return keras.initializers.GlorotUniform(seed=next(seeds))

    dtype, order = "float32", "channels_last"  # whatever the user's policy and settings are
    x = h = keras.Input(shape, dtype=dtype)
    for level in itertools.count():
        width = WIDTHS[min(level, len(WIDTHS) - 1)]
        for _ in range(2):
            options = {"padding": "same", "data_format": order, "dtype": dtype}
            h = layers.Conv2D(width, 3, kernel_initializer=initial(), **options)(h)
            h = layers.BatchNormalization(axis=-1, momentum=0.9, dtype=dtype)(h)
            h = layers.ReLU(dtype=dtype)(h)
        if min(h.shape[1:3]) < 2 * COARSEST:
            break
        h = layers.MaxPooling2D(data_format=order, dtype=dtype)(h)
        h = layers.Dropout(0.2, seed=next(seeds), dtype=dtype)(h)
    h = layers.Flatten(data_format=order, dtype=dtype)(h)
    h = layers.Dense(128, activation="relu", kernel_initializer=initial(), dtype=dtype)(h)
    h = layers.Dropout(0.4, seed=next(seeds), dtype=dtype)(h)
    return keras.Model(x, layers.Dense(classes, kernel_initializer=initial(), dtype=dtype)(h))
