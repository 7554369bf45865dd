"""The interface of feature extractors: from batches of checked samples to features."""

from collections.abc import Callable

import numpy as np

from keras_gan.arguments import whole
from keras_gan.data.checks import check_finite, check_samples
from keras_gan.data.levels import as_samples
from keras_gan.data.value_ranges import scale_without_networks
from keras_gan.metrics import extractors, progress
from keras_gan.models.prediction import filled_up

CLASSIFIERS = (*extractors.NAMES, "imagenet", "inception", "inception_2015")
MOST_AT_ONCE = 256  # samples


class Features:
    """A feature extractor: a function from samples to their features, float64 `(n, dim)`.

    Args:
        name: Its name in tables.
        version: Its version, which distinguishes extractors of the same name.
        resize: What it does to images of another size or number of channels, in words.
        dim: The length of a feature vector; `None` if it depends on the samples.
        extract: A function from a batch of checked samples to an array `(n, dim)`.
        classify: A function from such a batch to logits `(n, classes)`. Defaults to `None`: it is
            not a classifier.
        at_once: The most samples in a batch, if the caller does not say how many. Defaults to 256.
    """

    def __init__(
        self,
        name: str,
        version: str,
        resize: str,
        dim: int | None,
        extract: Callable,
        classify: Callable | None = None,
        at_once: int = MOST_AT_ONCE,
    ):
        self.name, self.version, self.resize, self.dim = name, version, resize, dim
        self._extract, self._classify, self.at_once = extract, classify, at_once

    def __call__(self, samples, batch_size: int | None = None, value_range="auto") -> np.ndarray:
        """The features of samples, float64 `(n, dim)`.

        Args:
            samples: Float array of images `(n, height, width, channels)` in [-1, 1], of points
                `(n, d)`, or of series, volumes and other samples of a fixed shape.
            batch_size: Samples at a time. Defaults to as many as `at_once` says.
            value_range: Where the values must lie: a pair (low, high), `None` for any values, or
                `"auto"`: any values for points, [-1, 1] for grey and colour images, the order of 1
                for other samples. Classifiers always require [-1, 1]. Defaults to `"auto"`.

        Raises:
            ValueError: For integers such as uint8 images, images outside [-1, 1], NaN, an empty
                array, or a shape that the extractor does not take.
            TypeError: For a data set instead of an array.
        """
        return _in_batches(self._extract, samples, self._size(batch_size), value_range)

    def _size(self, given: int | None) -> int:
        """The number of samples in a batch."""
        return self.at_once if given is None else whole("batch_size", given)

    def probabilities(self, samples, batch_size: int | None = None) -> np.ndarray:
        """The probabilities of the extractor's classes, float64 `(n, classes)`.

        Args:
            samples: As in `__call__`.
            batch_size: As in `__call__`.

        Raises:
            ValueError: If the extractor is not a classifier, and as `__call__`.
        """
        if self._classify is None:
            raise ValueError(
                f"The extractor {self.name!r} is not a classifier, so it has no probabilities: use "
                f"one of {', '.join(map(repr, CLASSIFIERS))}."
            )
        logits = _in_batches(self._classify, samples, self._size(batch_size))
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def __str__(self):
        dim = "" if self.dim is None else f", {self.dim}-d"
        return f"{self.name} (version {self.version}{dim}; {self.resize})"

    def __repr__(self):
        return f"<Features {self}>"


def _in_batches(function: Callable, samples, batch_size: int, value_range="auto") -> np.ndarray:
    """Checks samples, and returns a function's values on all of them, computed batch by batch."""
    if hasattr(samples, "as_numpy_iterator"):
        raise TypeError(
            f"Features are computed from arrays; received a {type(samples).__name__}: pass, for "
            f"example, np.stack(list(dataset.take(5000).as_numpy_iterator()))."
        )
    samples = as_samples(samples)
    if samples.ndim < 2 or len(samples) == 0:
        raise ValueError(
            f"Features are computed from at least one image (n, height, width, channels), point "
            f"(n, d) or other sample (n, …); received shape {samples.shape}."
        )
    check_samples(samples, samples.shape[1:])
    check_finite(samples, "the samples")
    scale = scale_without_networks(value_range, samples.shape[1:])
    if scale is not None:
        scale.check(samples)
    found = None
    for start in progress.each(range(0, len(samples), batch_size)):
        rows = samples[start : start + batch_size]
        # a last batch of another size would be compiled for itself
        values = np.asarray(function(filled_up(rows, batch_size) if start else rows))
        if found is None:
            found = np.empty((len(samples), *values.shape[1:]))  # float64
        found[start : start + len(rows)] = values[: len(rows)]
    return found
