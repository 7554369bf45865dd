"""Augmenting batches by any Keras layer."""

import inspect
from collections.abc import Callable

import keras
import tensorflow as tf


def augmented(dataset: tf.data.Dataset, augment: Callable) -> tf.data.Dataset:
    """Applies a layer or function to the first part of every batch, one after the other.

    Args:
        dataset: batches, of x or of tuples that begin with it.
        augment: as in `batches`.

    Raises:
        ValueError: if it changes the shape of a batch.
    """
    takes_training = (
        isinstance(augment, keras.layers.Layer)
        and "training" in inspect.signature(augment.call).parameters
    )
    options = {"training": True} if takes_training else {}

    def changed(x, *rest):
        new = augment(x, **options)
        if isinstance(new, dict):  # some keras-cv layers wrap the images
            new = new["images"]
        new = tf.cast(new, tf.float32)
        return (new, *rest) if rest else new

    before = tf.nest.flatten(dataset.element_spec)[0].shape
    dataset = dataset.map(changed)
    after = tf.nest.flatten(dataset.element_spec)[0].shape
    if not after.is_compatible_with(before):
        raise ValueError(
            f"augment must keep the shape of a batch; it turned {before} into {after}."
        )

    if after.is_fully_defined():
        return dataset

    def in_shape(x, *rest):
        x = tf.ensure_shape(x, before)
        return (x, *rest) if rest else x

    return dataset.map(in_shape)
