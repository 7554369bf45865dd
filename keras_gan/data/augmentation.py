"""Augments batches by any Keras layer."""

from __future__ import annotations

import contextlib
import inspect
import json
from collections.abc import Callable

import keras
import numpy as np
from keras.src.layers.preprocessing.data_layer import DataLayer

from keras_gan.data.fingerprints import digest
from keras_gan.data.lazy import tf
from keras_gan.data.reseeding import Reseeded, own_number
from keras_gan.networks.analysis.descriptions import described


def augmented(dataset: tf.data.Dataset, augment: Callable) -> tf.data.Dataset:
    """Applies a layer or function to the first part of every batch.

    The numbers that Keras's random streams draw there depend only on the key of the batch and the
    layer's own seeds.

    tf.data runs TensorFlow's operations directly: any layer on Keras's TensorFlow backend, and on
    any backend Keras's preprocessing layers, those of keras-cv, and functions. On JAX, tf.data
    calls all other layers, also a `keras.Sequential` of preprocessing layers, through NumPy, which
    is slower; a `keras.layers.Pipeline` of preprocessing layers avoids that.

    Args:
        dataset: Pairs of a key, as in `keys_of_pass`, and a batch, x or a tuple that begins with x.
        augment: As in `batches`.

    Raises:
        ValueError: If it changes the shape of a batch, or, on JAX, if a function uses `keras.ops`.
    """
    takes_training = (
        isinstance(augment, keras.layers.Layer)
        and "training" in inspect.signature(augment.call).parameters
    )
    options = {"training": True} if takes_training else {}
    before = tf.nest.flatten(dataset.element_spec)[1].shape
    own = own_number(augment)

    def changed(key, batch):
        x, *rest = batch if isinstance(batch, tuple) else (batch,)
        if _in_tf_data(augment):
            new = drawn(key, x)
        else:
            new = tf.numpy_function(by_numpy, [key, x], tf.float32)
        new = tf.cast(new, tf.float32)
        return (new, *rest) if rest else new

    def drawn(key, x):
        with Reseeded(key, own):
            return _images_of(augment(x, **options))

    def by_numpy(key, x):
        return keras.ops.convert_to_numpy(drawn(key, x)).astype("float32")

    try:
        dataset = dataset.map(changed)
    except NotImplementedError as error:
        raise ValueError(
            "tf.data cannot trace augment: on JAX a function must be made of TensorFlow's "
            "operations, not of keras.ops; or make it a keras.layers.Layer."
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


def build(augment: Callable, size: int, element) -> None:
    """Builds a layer's variables, which is impossible within `Reseeded`.

    Args:
        augment: As in `batches`.
        size: The number of samples in a batch.
        element: The spec of a sample, or of a sample with its label.
    """
    shape = (size, *tf.nest.flatten(element)[0].shape)
    with contextlib.suppress(Exception):  # which the first batch will raise again
        if _in_tf_data(augment):
            tf.function(augment).get_concrete_function(tf.TensorSpec(shape, "float32"))
        else:
            augment(keras.KerasTensor(shape, "float32"))


def _in_tf_data(augment: Callable) -> bool:
    """Whether tf.data can trace it: everything except layers of another backend's operations."""
    if keras.backend.backend() == "tensorflow" or not isinstance(augment, keras.layers.Layer):
        return True
    if isinstance(augment, keras.layers.Pipeline):
        return all(map(_in_tf_data, augment.layers))
    return isinstance(augment, DataLayer) or type(augment).__module__.startswith("keras_cv.")


def _images_of(result):
    """Returns the images, which some keras-cv layers put in a dict."""
    return result["images"] if isinstance(result, dict) else result


def told(augment: Callable) -> str:
    """Describes the augmentation in a line that is the same in every program."""
    if not isinstance(augment, keras.layers.Layer):
        return getattr(augment, "__qualname__", type(augment).__name__)
    options = json.dumps([described(augment), own_number(augment)], sort_keys=True)
    return f"{type(augment).__name__} {digest(np.frombuffer(options.encode(), 'uint8'))}"
