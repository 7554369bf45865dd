"""Classifiers trained on labelled images, to judge samples of the same classes."""

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
COARSEST = 4  # pixels: grids of at least twice this side are halved


def pixel_classifier(
    images, labels, seed: int = 0, most: int = MOST_TRAINING_IMAGES
) -> tuple[Callable, float]:
    """A support vector machine on pixels, and its accuracy on held-out real images.

    A fifth of the images is held out.

    Args:
        images: Array `(n, height, width, channels)` of real images.
        labels: Integers `(n,)`, their classes.
        seed: Integer that determines which images are held out. Defaults to 0.
        most: The most images to train on. Defaults to 5,000.

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
    """A convolutional network, and its accuracy on held-out real images.

    It is trained on images under random affine maps, `kg.data.random_affine`, so that it also
    recognises classes under angles, slants and widths that the training images do not have, which
    mislead `pixel_classifier`. A fifth of the images is held out. The network has blocks of two
    3 x 3 convolutions with batch normalization and ReLU. Adam takes 64 images per step, with a
    learning rate that falls from 0.001 to 0 along a half cosine.

    Args:
        images: Array `(n, height, width, channels)` of real images in [-1, 1], or of uint8.
        labels: Integers `(n,)`, of at least two classes.
        seed: Integer that determines which images are held out, the initial weights and all maps.
            Defaults to 0.
        most: The most images to train on. Defaults to 20,000.
        steps: The number of training steps. Defaults to 1,000, which take a minute on one core for
            images of 16 x 16 pixels.

    Returns:
        A function from images to integer classes `(n,)`, and the held-out accuracy in [0, 1].

    Raises:
        ValueError: For images of another rank, not finite or not in [-1, 1], another number of
            labels, or a single class. The function raises it for images of another shape.

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
            f"A classifier needs one label per image, and at least two classes; received images of "
            f"shape {images.shape}, labels of shape {labels.shape} and {len(classes)} classes."
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
                f"This classifier takes at least one image of shape {images.shape[1:]}; received "
                f"an array of shape {samples.shape}."
            )
        logits = network.predict(samples, batch_size=1000, verbose=0)
        return classes[logits.argmax(axis=1)]

    return classify, float(np.mean(classify(images[held_out]) == labels[held_out]))


def _parts(count: int, seed: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The indices of the held-out fifth, and of the images to train on."""
    most = whole("most", most)
    order = np.random.default_rng(seed).permutation(count)
    fifth = max(1, count // 5)
    return order[:fifth], order[fifth:][:most]


def _network(shape: tuple[int, int, int], classes: int, seed: int) -> keras.Model:
    """Blocks of convolutions, each on half the side of the one before, and a hidden layer."""
    seeds = iter(map(int, np.random.SeedSequence(seed).generate_state(64)))

    def initial():
        return keras.initializers.GlorotUniform(seed=next(seeds))

    dtype, order = "float32", "channels_last"  # whatever the user's settings are
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
