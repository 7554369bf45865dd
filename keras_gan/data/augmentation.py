"""Augmenting batches by any Keras layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import keras
from keras.src.layers.preprocessing.data_layer import DataLayer

from keras_gan.data.lazy import tf


def augmented(dataset: tf.data.Dataset, augment: Callable) -> tf.data.Dataset:
    """Applies a layer or function to the first part of every batch, one after the other.

    tf.data runs what is made of TensorFlow's operations: any layer on Keras's TensorFlow backend,
    and on any backend Keras's preprocessing layers, those of keras-cv and functions. On JAX other
    layers, a `keras.Sequential` of preprocessing layers too, are called from within tf.data by way
    of NumPy, which is slower: `keras.layers.Pipeline` holds preprocessing layers without that.

    Args:
        dataset: batches, of x or of tuples that begin with it.
        augment: as in `batches`.

    Raises:
        ValueError: if it changes the shape of a batch, or on JAX for a function of `keras.ops`.
    """
    takes_training = (
        isinstance(augment, keras.layers.Layer)
        and "training" in inspect.signature(augment.call).parameters
    )
    options = {"training": True} if takes_training else {}

    def changed(x, *rest):
        if in_tf_data(augment):
            new = images_of(augment(x, **options))
        else:
            new = tf.numpy_function(by_numpy, [x], tf.float32)
        new = tf.cast(new, tf.float32)
        return (new, *rest) if rest else new

    def by_numpy(x):
        new = keras.ops.convert_to_numpy(images_of(augment(x, **options)))
        return new.astype("float32")

    before = tf.nest.flatten(dataset.element_spec)[0].shape
    try:
        dataset = dataset.map(changed)
    except NotImplementedError as error:
        raise ValueError(
            "augment could not be traced by tf.data: on JAX a function must be made of "
            "TensorFlow's operations, not of keras.ops; or make it a keras.layers.Layer."
        ) from error
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


def in_tf_data(augment: Callable) -> bool:
    """Whether tf.data can trace it: all but layers of operations of another backend."""
    if keras.backend.backend() == "tensorflow" or not isinstance(augment, keras.layers.Layer):
        return True
    if isinstance(augment, keras.layers.Pipeline):
        return all(map(in_tf_data, augment.layers))
    return isinstance(augment, DataLayer) or type(augment).__module__.startswith("keras_cv.")


def images_of(result):
    """The images, which some keras-cv layers wrap in a dict."""
    return result["images"] if isinstance(result, dict) else result
