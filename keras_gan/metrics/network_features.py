"""Feature extractors made of Keras networks."""

import hashlib
import json
import math
from collections.abc import Callable

import keras
import numpy as np

from keras_gan.backend.shapes import shapes_agree
from keras_gan.data.scale import Scale
from keras_gan.metrics import resizing
from keras_gan.metrics.extractor import MOST_AT_ONCE, Features
from keras_gan.networks.analysis.memory import largest_of_sample

LARGEST = 2**27  # bytes of the largest tensor of a batch


def of_network(network: keras.Model, name: str, version: str) -> Features:
    """The extractor of a network from images to `[features, logits]`.

    Args:
        network: A built `keras.Model`.
        name: The extractor's name.
        version: The extractor's version.
    """
    shape = network.input_shape[1:]

    def output(index: int) -> Callable:
        def of_images(images):
            fitted = _fit_images(images, shape)
            Scale(remedy="", images=True).check(images)
            return network.predict_on_batch(fitted)[index]

        return of_images

    dim = network.output_shape[0][-1]
    resize, size = resizing.rule(shape), _at_once(network)
    return Features(name, version, resize, dim, output(0), output(1), size)


def _fit_images(images: np.ndarray, shape: tuple) -> np.ndarray:
    """Checks images, and returns them in the shape that a network takes."""
    if images.ndim != 4:
        raise ValueError(
            f"This extractor takes images (n, height, width, channels); received shape "
            f"{images.shape}. For other samples use 'pixels', their own numbers."
        )
    return resizing.fitted(images, shape)


def of_model(model: keras.Model) -> Features:
    """The extractor made of a Keras model.

    Args:
        model: A built `keras.Model` with one input and one output of known size.

    Raises:
        ValueError: For another model.
    """
    if not model.built or len(model.inputs or ()) != 1 or len(model.outputs or ()) != 1:
        raise ValueError(
            f"A model that extracts features must be built, with one input and one output; "
            f"{model.name!r} is not. Wrap it: keras.Model(model.inputs[0], its features)."
        )
    shape, output = model.input_shape[1:], model.output_shape[1:]
    if not shape or None in output:
        raise ValueError(
            f"A model that extracts features must take samples such as images (height, width, "
            f"channels) or points (d,), and return vectors of one length; {model.name!r} takes "
            f"{shape} and returns {output}. End it with a pooling layer, for example."
        )

    def extract(samples):
        if len(shape) == 3:
            samples = _fit_images(samples, shape)
        elif not shapes_agree(samples.shape[1:], shape):
            raise ValueError(
                f"The model {model.name!r} takes {_kind_of(shape)} of shape "
                f"{shape}; received an array of shape {samples.shape}."
            )
        return model.predict_on_batch(samples.astype("float32")).reshape(len(samples), -1)

    resize = resizing.rule(shape) if len(shape) == 3 else f"{_kind_of(shape)} as they are"
    size = _at_once(model)
    return Features(model.name, _checksum(model), resize, math.prod(output), extract, at_once=size)


def _at_once(network: keras.Model) -> int:
    """How many samples memory allows in a batch: its largest layer may have 128 MiB.

    Beside the largest tensor there are, while it is computed, its inputs and copies of both.
    """
    return max(1, min(MOST_AT_ONCE, LARGEST // max(1, largest_of_sample(network))))


def _kind_of(shape: tuple) -> str:
    """A word for samples of a shape."""
    return "points" if len(shape) == 1 else "samples"


def _checksum(model: keras.Model) -> str:
    """Twelve hexadecimal digits that change with a model's architecture or weights."""
    digest = hashlib.sha256(json.dumps(model.get_config(), sort_keys=True, default=str).encode())
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()[:12]
