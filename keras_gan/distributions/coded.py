"""Latent vectors with codes: noise, then categories as unit vectors and uniform numbers."""

import math
from collections.abc import Mapping

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import unknown_name
from keras_gan.distributions import priors
from keras_gan.distributions.distribution import Distribution, apart, register
from keras_gan.distributions.uniform import Uniform
from keras_gan.parallel import random_numbers
from keras_gan.texts import in_short

UNIFORM = "uniform"  # the kind of a continuous code


@register
class Coded(Distribution):
    """Latent vectors of noise and named codes, the distribution of z in InfoGAN.

        z = (ε, c₁, …, cₘ),   cᵢ the unit vector of one of Kᵢ equally likely classes,
                              or one number uniform on [-1, 1]

    All parts are independent. The noise ε takes the components of z that the codes leave.

    Args:
        codes: A dict from a name to the number of classes of a categorical code, at least 2, or to
            `"uniform"` for a continuous one, in the order that they have in z, such as
            `{"digit": 10, "slant": "uniform"}`; or a list of such pairs.
        noise: The distribution of ε, as `prior` in `kg.GAN`. Defaults to `"normal"`.

    Raises:
        ValueError: For anything but at least one code of these kinds, each of a name that could be
            a variable's, and as for `prior` in `kg.GAN`.

    Example:

    >>> prior = Coded({"digit": 10, "slant": "uniform"})
    >>> z = prior.sample((4, 16), seed=0)
    >>> {name: tuple(part.shape) for name, part in prior.split(z).items()}
    {'digit': (4, 10), 'slant': (4, 1)}

    Reference: Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel 2016, InfoGAN: Interpretable
    Representation Learning by Information Maximizing Generative Adversarial Nets, arXiv 1606.03657.
    """

    def __init__(self, codes, noise="normal"):
        self.codes = checked_codes(codes)
        self.noise = priors.get(noise)

    @property
    def size(self) -> int:
        """The number of components of z that are codes, the last ones."""
        return sum(map(width_of, self.codes.values()))

    def split(self, z) -> dict:
        """The codes in latent vectors: tensors or arrays `(..., K)` or `(..., 1)`, by name.

        Args:
            z: `(..., d)`.
        """
        found, start = {}, z.shape[-1] - self.size
        for name, kind in self.codes.items():
            found[name] = z[..., start : start + width_of(kind)]
            start += width_of(kind)
        return found

    def entropy(self, name: str) -> float:
        """The entropy of a code in nats: log K, or log 2 of a continuous one."""
        kind = self.codes[name]
        return math.log(2 if kind == UNIFORM else kind)

    def sample(self, shape, seed):
        """Draws the noise, and for each code a number uniform on [0, 1) of which it is made."""
        *rows, size = shape
        if size < self.size:
            raise ValueError(
                f"The codes {self.codes} take {self.size} components of z, which has {size}."
            )
        u = random_numbers.uniform((*rows, len(self.codes)), apart(seed, 1))
        parts = [self._made(kind, u[..., i]) for i, kind in enumerate(self.codes.values())]
        if size > self.size:
            parts.insert(0, self.noise((*rows, size - self.size), seed=apart(seed, 0)))
        return ops.concatenate([ops.cast(part, u.dtype) for part in parts], axis=-1)

    def _made(self, kind, u):
        """A code of numbers uniform on [0, 1)."""
        if kind == UNIFORM:
            return ops.expand_dims(2.0 * u - 1.0, -1)
        k = ops.cast(u * kind, "int32")  # rounding may reach K itself
        return ops.one_hot(ops.minimum(k, kind - 1), kind)

    def component_log_prob(self, x):
        """Returns that of the noise; −log K at the one of a unit vector and 0 beside it."""
        noise = priors.distribution_of(self.noise)
        if noise is None:
            raise ValueError(
                f"The noise {priors.name_of(self.noise)} has no density: use a "
                f"kg.distributions.Distribution."
            )
        terms = [noise.component_log_prob(x[..., : x.shape[-1] - self.size])]
        for name, code in self.split(x).items():
            if self.codes[name] == UNIFORM:
                terms.append(Uniform().component_log_prob(code))
                continue
            is_binary = ops.all(ops.logical_or(code == 0, code == 1), axis=-1, keepdims=True)
            is_unit = ops.logical_and(is_binary, ops.sum(code, axis=-1, keepdims=True) == 1)
            terms.append(ops.where(is_unit, -self.entropy(name) * code, -math.inf))
        return ops.concatenate([ops.cast(term, x.dtype) for term in terms], axis=-1)

    def within(self, z):
        """Continuous codes within their ends, and the nearest category; noise within its own."""
        z, noise = z.copy(), priors.distribution_of(self.noise)
        rest = z[:, : z.shape[1] - self.size]
        rest[:] = rest if noise is None else noise.within(rest)
        for name, code in self.split(z).items():  # views
            kind = self.codes[name]
            code[:] = np.clip(code, -1, 1) if kind == UNIFORM else np.eye(kind)[code.argmax(axis=1)]
        return z

    def placed(self, z: np.ndarray, codes: Mapping) -> np.ndarray:
        """Latent vectors with some of their codes replaced by given ones.

        Args:
            z: Array `(n, d)`.
            codes: By name, classes from 0 to K − 1 or any finite numbers for a continuous code, an
                array `(n,)` or one for all.

        Returns:
            Array `(n, d)`; z itself stays as it is.

        Raises:
            ValueError: For an unknown name, or other values.
        """
        if not isinstance(codes, Mapping):
            raise ValueError(
                f"Codes are given by their names, as in {{{next(iter(self.codes))!r}: 0}}; "
                f"received {in_short(codes)}."
            )
        z = z.copy()
        places = self.split(z)  # views
        for name, values in codes.items():
            if name not in places:
                raise unknown_name("code", name, self.codes)
            kind = self.codes[name]
            values = np.broadcast_to(_checked_values(name, kind, values, len(z)), len(z))
            places[name][:] = values[:, None] if kind == UNIFORM else np.eye(kind)[values]
        return z

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        noise = keras.saving.serialize_keras_object(self.noise)
        return {"codes": [[name, kind] for name, kind in self.codes.items()], "noise": noise}

    @classmethod
    def from_config(cls, config: dict) -> "Coded":
        """Builds the distribution from what `get_config` returned."""
        return cls(config["codes"], keras.saving.deserialize_keras_object(config["noise"]))


def width_of(kind) -> int:
    """The number of components of z that a code of this kind takes."""
    return 1 if kind == UNIFORM else kind


def checked_codes(codes) -> dict:
    """Codes by name, once they are known to be some.

    Args:
        codes: What was received: a dict, or a list of pairs.

    Raises:
        ValueError: For anything but names with numbers of classes or `"uniform"`.
    """
    try:
        found = dict(codes)
    except (TypeError, ValueError):
        found = {}
    if not found or not all(isinstance(name, str) and name.isidentifier() for name in found):
        raise ValueError(
            f"codes must be a dict of at least one, by names that could be variables', such as "
            f"{{'digit': 10, 'slant': 'uniform'}}; received {in_short(codes)}."
        )
    for name, kind in found.items():
        is_classes = isinstance(kind, int | np.integer) and not isinstance(kind, bool) and kind > 1
        if not (is_classes or (isinstance(kind, str) and kind == UNIFORM)):
            raise ValueError(
                f"The code {name!r} must be the number of its classes, at least 2, or 'uniform' "
                f"for a number on [-1, 1]; received {in_short(kind)}."
            )
    return {name: kind if kind == UNIFORM else int(kind) for name, kind in found.items()}


def _checked_values(name: str, kind, given, n: int) -> np.ndarray:
    """The given values of a code, an array `()` or `(n,)`.

    Raises:
        ValueError: For other shapes, or values that the code does not have.
    """
    try:
        values = np.asarray(given)
    except (TypeError, ValueError):  # rows of different lengths
        values = np.zeros((0, 0))
    fits = values.shape in ((), (n,)) and values.dtype.kind in ("iuf" if kind == UNIFORM else "iu")
    if kind == UNIFORM:
        allowed, fits = "finite numbers", fits and bool(np.isfinite(values).all())
    else:
        allowed = f"whole numbers from 0 to {kind - 1}"
        fits = fits and bool(((values >= 0) & (values < kind)).all())
    if not fits:
        raise ValueError(
            f"The code {name!r} takes {allowed}, one for all or an array ({n},); received "
            f"{in_short(given)}."
        )
    return values
