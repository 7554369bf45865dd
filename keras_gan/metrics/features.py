"""Feature extractors: from samples to the vectors that scores compare, each with name and version.

A score means little without the features it rests on: every extractor says its name, its version
and what it does to images of another size.
"""

import functools
import hashlib
import json
import math
from collections.abc import Callable

import keras
import numpy as np

from keras_gan.arguments import unknown_name, whole
from keras_gan.backend.shapes import shapes_agree
from keras_gan.data.checks import check_finite, check_samples
from keras_gan.data.scale import Scale, scale_without_networks
from keras_gan.metrics import extractors, inception_weights, progress, resizing
from keras_gan.metrics.pixels import LARGEST, pixel_features


class Features:
    """An extractor: called with samples, it returns their features, float64 `(n, dim)`.

    Args:
        name: What it is called in tables.
        version: What tells two extractors of one name apart.
        resize: What it does to images of another size or number of channels, in words.
        dim: The numbers in a feature vector; `None` where that depends on the samples.
        extract: From a batch of checked samples to an array `(n, dim)`.
        classify: Likewise to the logits `(n, classes)`; `None` for one that is not a classifier.
    """

    def __init__(
        self,
        name: str,
        version: str,
        resize: str,
        dim: int | None,
        extract: Callable,
        classify: Callable | None = None,
    ):
        self.name, self.version, self.resize, self.dim = name, version, resize, dim
        self._extract, self._classify = extract, classify

    def __call__(self, samples, batch_size: int = 256, value_range="auto") -> np.ndarray:
        """The features of samples, float64 `(n, dim)`.

        Args:
            samples: Float array of images `(n, height, width, channels)` in [-1, 1], of points
                `(n, d)`, or of series, volumes and whatever else has a fixed shape.
            batch_size: Samples taken at a time. Defaults to 256.
            value_range: Where the values must lie: a pair (low, high), `None` for anywhere, or
                `"auto"`, the default: points anywhere, grey and colour images in [-1, 1], all
                other samples anywhere of the order of 1. Classifiers ask for [-1, 1] themselves.

        Raises:
            ValueError: For integers such as uint8 images, images outside [-1, 1], NaN, no
                samples, or a shape that the extractor cannot take.
        """
        return _in_batches(self._extract, samples, batch_size, value_range)

    def probabilities(self, samples, batch_size: int = 256) -> np.ndarray:
        """The probabilities of the extractor's classes, float64 `(n, classes)`.

        Args:
            samples: As for the features.
            batch_size: Samples taken at a time. Defaults to 256.

        Raises:
            ValueError: For an extractor that is not a classifier, and as for the features.
        """
        if self._classify is None:
            raise ValueError(
                f"The extractor {self.name!r} is not a classifier and gives no probabilities: take "
                f"{', '.join(map(repr, CLASSIFIERS))}."
            )
        logits = _in_batches(self._classify, samples, batch_size)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def __str__(self):
        dim = "" if self.dim is None else f", {self.dim}-d"
        return f"{self.name} (version {self.version}{dim}; {self.resize})"

    def __repr__(self):
        return f"<Features {self}>"


def get(extractor) -> Features:
    """The extractor of that name, or that a Keras model is.

    - `"pixels"`: the samples' own numbers: images, series and volumes averaged over blocks where
      there are too many, points as they are.
    - `"mnist"`, `"cifar10"`: small classifiers that ship with the package, 128 numbers each; what
      they were trained on and how well they classify says `extractors.card(name)`.
    - `"inception"`: Keras's InceptionV3, trained on ImageNet, 2,048 numbers. Its weights are not
      those of the network of 2015 that most published figures rest on: compare its figures only
      with each other.
    - a Keras model of one input and one output, whose output, flattened, is the features. Its
      version is a checksum of its architecture and weights.

    Args:
        extractor: A name, a Keras model, or a `Features`, which is returned as it is.

    Raises:
        ValueError: For an unknown name or a model that cannot be taken.
        FileNotFoundError: For `"inception"` without its weights and without a network.

    Example:

    >>> features = get("pixels")
    >>> features(np.zeros((10, 8, 8, 1))).shape
    (10, 64)
    >>> print(get("mnist"))
    mnist (version 1, 128-d; images resized to 28 x 28 (bilinear, antialiased, not rounded to
    bytes))
    """
    if isinstance(extractor, Features):
        return extractor
    if isinstance(extractor, keras.Model):
        return _of_model(extractor)
    if not isinstance(extractor, str) or extractor not in EXTRACTORS:
        raise unknown_name("feature extractor", extractor, [*EXTRACTORS, "any Keras model"])
    return EXTRACTORS[extractor]()


def _in_batches(function: Callable, samples, batch_size: int, value_range="auto") -> np.ndarray:
    """The function's values on all samples, computed batch by batch, once these are checked."""
    if hasattr(samples, "as_numpy_iterator"):
        raise TypeError(
            f"Features are taken of arrays; received a {type(samples).__name__}: pass for example "
            f"np.stack(list(dataset.take(5000).as_numpy_iterator()))."
        )
    samples = np.asarray(samples)
    whole("batch_size", batch_size)
    if samples.ndim < 2 or len(samples) == 0:
        raise ValueError(
            f"Features are taken of images (n, height, width, channels), points (n, d) or other "
            f"samples (n, …), at least one; received shape {samples.shape}."
        )
    check_samples(samples, samples.shape[1:])
    check_finite(samples, "the samples")
    scale = scale_without_networks(value_range, samples.shape[1:])
    if scale is not None:
        scale.check(samples)
    found = None
    for start in progress.each(range(0, len(samples), batch_size)):
        rows = slice(start, start + batch_size)
        values = np.asarray(function(samples[rows]))
        if found is None:
            found = np.empty((len(samples), *values.shape[1:]))  # float64
        found[rows] = values
    return found


def of_network(network: keras.Model, name: str, version: str) -> Features:
    """The extractor of a network from images to `[features, logits]`."""
    shape = network.input_shape[1:]

    def output(index: int) -> Callable:
        def of_images(images):
            fitted = _fit_images(images, shape)
            Scale(remedy="", images=True).check(images)
            return network.predict_on_batch(fitted)[index]

        return of_images

    dim = network.output_shape[0][-1]
    return Features(name, version, resizing.rule(shape), dim, output(0), output(1))


def _fit_images(images: np.ndarray, shape: tuple) -> np.ndarray:
    """Images in the shape that a network takes, once they are known to be images."""
    if images.ndim != 4:
        raise ValueError(
            f"This extractor takes images (n, height, width, channels); received shape "
            f"{images.shape}. Of all other samples take 'pixels', their own numbers."
        )
    return resizing.fitted(images, shape)


def _of_model(model: keras.Model) -> Features:
    """The extractor that a Keras model is.

    Raises:
        ValueError: For a model that is not built, has several inputs or outputs, or leaves open
            how many features there are.
    """
    if not model.built or len(model.inputs or ()) != 1 or len(model.outputs or ()) != 1:
        raise ValueError(
            f"A model that extracts features must be built and have one input and one output; "
            f"{model.name!r} is not so. Wrap it: keras.Model(model.inputs[0], its features)."
        )
    shape, output = model.input_shape[1:], model.output_shape[1:]
    if not shape or None in output:
        raise ValueError(
            f"A model that extracts features must take samples such as images (height, width, "
            f"channels) or points (d,) and return vectors of one length; {model.name!r} takes "
            f"{shape} and returns {output}. End it in a pooling layer, for example."
        )

    def extract(samples):
        if len(shape) == 3:
            samples = _fit_images(samples, shape)
        elif not shapes_agree(samples.shape[1:], shape):
            raise ValueError(
                f"The model {model.name!r} takes {kind_of(shape)} of shape "
                f"{shape}; received an array of shape {samples.shape}."
            )
        return model.predict_on_batch(samples.astype("float32")).reshape(len(samples), -1)

    resize = resizing.rule(shape) if len(shape) == 3 else f"{kind_of(shape)} as they are"
    return Features(model.name, _checksum(model), resize, math.prod(output), extract)


def kind_of(shape: tuple) -> str:
    """What samples of a shape are called."""
    return "points" if len(shape) == 1 else "samples"


def _checksum(model: keras.Model) -> str:
    """Twelve hexadecimal digits that change with a model's architecture or weights."""
    digest = hashlib.sha256(json.dumps(model.get_config(), sort_keys=True, default=str).encode())
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()[:12]


@functools.cache
def pixels() -> Features:
    """The samples' own numbers."""
    resize = f"images of more than {LARGEST:,} numbers averaged over blocks of pixels"
    return Features("pixels", "1", resize, None, lambda samples: pixel_features(samples)[0])


@functools.cache
def _shipped(name: str) -> Features:
    """An extractor of the package's own, read once."""
    return of_network(extractors.load(name), name, str(extractors.card(name)["version"]))


@functools.cache
def inception() -> Features:
    """Keras's InceptionV3, read once."""
    version = f"Keras, MD5 {inception_weights.MD5[:8]}"
    return of_network(inception_weights.load(), "inception", version)


EXTRACTORS: dict[str, Callable[[], Features]] = {
    "pixels": pixels,
    **{name: functools.partial(_shipped, name) for name in extractors.NAMES},
    "inception": inception,
}
CLASSIFIERS = (*extractors.NAMES, "inception")
