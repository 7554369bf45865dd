"""Means and covariances of features, and the files of them that programs exchange."""

from __future__ import annotations

import dataclasses
import io
import os
import pathlib

import numpy as np

from keras_gan.files.arrays import arrays_in_file
from keras_gan.files.atomic import write_atomically
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.frechet import (
    checked_gaussian,
    covariance,
    gaussian_frechet_distance,
    warn_if_singular,
)

MOST = 200  # characters of an extractor's name or version


@dataclasses.dataclass(frozen=True, eq=False)
class FrechetStatistics:
    """The mean and covariance of features, which say of which extractor they are.

        distance(a, b) = ‖μ_a − μ_b‖² + tr(A + B − 2 (√A B √A)^½)

    Their files are the `.npz` files of pytorch-fid and clean-fid, with the arrays `mu` and `sigma`;
    those of this library also name the extractor.

    Args:
        mean: Array `(d,)`.
        covariance: Array `(d, d)`, unbiased.
        extractor: The extractor's name, such as `"inception_2015"`.
        version: Its version. Defaults to `None`: unknown, as in files of other programs.
        samples: The number of samples. Defaults to `None`: unknown.

    Raises:
        ValueError: For arrays that are not those of a Gaussian.

    Example:

    >>> a = np.random.default_rng(0).normal(size=(1000, 3))
    >>> first, second = (FrechetStatistics.of_features(x, "mine") for x in (a, a + [3.0, 4.0, 0.0]))
    >>> round(first.distance(second), 6)
    25.0

    Reference: Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium, arXiv 1706.08500.
    """

    mean: np.ndarray
    covariance: np.ndarray
    extractor: str
    version: str | None = None
    samples: int | None = None

    def __post_init__(self):
        named = isinstance(self.extractor, str) and 0 < len(self.extractor) <= MOST
        if not named:
            raise ValueError(
                f"extractor must be the name of the extractor whose features these are, such as "
                f"'inception_2015'; received {str(self.extractor)[:MOST]!r}."
            )
        mean, matrix = checked_gaussian(self.mean, self.covariance)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "covariance", matrix)

    @classmethod
    def of_features(cls, features, extractor: str, version: str | None = None):
        """The statistics of features.

        Args:
            features: Array `(n, d)`, n ≥ 2.
            extractor: The name of what made them.
            version: Its version. Defaults to `None`.

        Raises:
            ValueError: For anything but such an array.

        Warns:
            UserWarning: If n ≤ d.
        """
        x = checked_features(features, "features")
        warn_if_singular(*x.shape)
        return cls(x.mean(axis=0), covariance(x), extractor, version, len(x))

    @classmethod
    def of_samples(cls, samples, extractor="inception_2015"):
        """The statistics of the features of samples.

        Args:
            samples: Array of samples, images in [-1, 1].
            extractor: What `kg.metrics.features.get` takes. Defaults to `"inception_2015"`.

        Raises:
            ValueError: As the extractor.
            FileNotFoundError: If the extractor's weights are missing.

        Warns:
            UserWarning: If there are not more samples than features.
        """
        from keras_gan.metrics import features

        found = features.get(extractor)
        return cls.of_features(found(samples), found.name, found.version)

    @classmethod
    def load(cls, path: str | os.PathLike, extractor: str | None = None):
        """Reads a file of this library, pytorch-fid, clean-fid or another with `mu` and `sigma`.

        Args:
            path: The `.npz` file.
            extractor: The extractor's name, which files of others do not have: `"inception_2015"`
                for those of the original code, torch-fidelity and StyleGAN,
                `"inception_2015_pytorch"` for pytorch-fid's, `"inception_2015_clean"` for
                clean-fid's. Defaults to `None`: the file says it.

        Raises:
            ValueError: If the file has no such arrays, or names no extractor or another one.
            OSError: If it cannot be read.
        """
        path = pathlib.Path(path)
        try:
            found = arrays_in_file(path, ("mu", "sigma", "extractor", "version", "samples"))
            if not {"mu", "sigma"} <= set(found):
                raise ValueError("it has no arrays 'mu' and 'sigma'")
        except ValueError as error:
            raise ValueError(f"{path} has no statistics: {str(error).rstrip('.')}.") from error
        there, version = _text(found.get("extractor")), _text(found.get("version"))
        if extractor is None and there is None:
            raise ValueError(
                f"{path} does not say which extractor its statistics are of: pass it, "
                f"extractor='inception_2015' for the original code and torch-fidelity, "
                f"'inception_2015_pytorch' for pytorch-fid, 'inception_2015_clean' for clean-fid."
            )
        if extractor is not None and there not in (None, extractor):
            raise ValueError(f"{path} has statistics of {there!r}, not of {extractor!r}.")
        count = found.get("samples", np.zeros((), int))
        samples = int(count) if count.shape == () and count.dtype.kind in "iu" and count else None
        try:
            return cls(found["mu"], found["sigma"], there or extractor, version, samples)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path} has no statistics of a Gaussian: {error}") from error

    def save(self, path: str | os.PathLike) -> None:
        """Writes a `.npz` file, which pytorch-fid and clean-fid read, too.

        Args:
            path: The file, which ends in `.npz`, since others know it by that.

        Raises:
            ValueError: For another ending.
        """
        path = pathlib.Path(path)
        if path.suffix != ".npz":
            raise ValueError(f"Statistics are .npz files; received {str(path)!r}.")
        named = {"extractor": self.extractor, "version": self.version, "samples": self.samples}
        known = {name: np.array(value) for name, value in named.items() if value is not None}
        file = io.BytesIO()
        np.savez_compressed(file, mu=self.mean, sigma=self.covariance, **known)
        write_atomically(path, file.getvalue())

    def distance(self, other: FrechetStatistics) -> float:
        """The Fréchet distance to other statistics of the same extractor.

        Args:
            other: The other `FrechetStatistics`.

        Raises:
            ValueError: For statistics of another extractor, or of another version of it.
        """
        versions = {self.version, other.version} - {None}
        if self.extractor != other.extractor or len(versions) > 1:
            raise ValueError(
                f"Only features of one extractor compare; received those of {self._named()} and of "
                f"{other._named()}."
            )
        return gaussian_frechet_distance(self.mean, self.covariance, other.mean, other.covariance)

    def _named(self) -> str:
        return self.extractor + ("" if self.version is None else f" ({self.version})")

    def __repr__(self):
        count = "" if self.samples is None else f", {self.samples:,} samples"
        return f"<FrechetStatistics of {self._named()}, {len(self.mean)}-d{count}>"


def names_extractor(path: str | os.PathLike) -> bool:
    """Whether a file of statistics says which extractor they are of.

    Raises:
        ValueError: If it is no `.npz` file.
        OSError: If it cannot be read.
    """
    found = arrays_in_file(pathlib.Path(path), ("mu", "extractor"))
    return _text(found.get("extractor")) is not None


def _text(array: np.ndarray | None) -> str | None:
    """The text in an array of one, or `None`."""
    if array is None or array.shape != () or array.dtype.kind != "U":
        return None
    return str(array)[:MOST] or None
