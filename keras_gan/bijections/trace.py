"""The trace of a Jacobian: exact, or estimated by Hutchinson's method."""

import contextlib
import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import known_name
from keras_gan.backend import autodiff
from keras_gan.parallel import random_numbers
from keras_gan.parallel.random_numbers import Draws

ROWS = 256  # of the noise outside of training
_source: ContextVar[object] = ContextVar("noise of traces", default=None)


def rademacher(shape, seed, dtype=None):
    """Numbers −1 and 1, each with probability ½.

    Args:
        shape: Of the result.
        seed: Integer or `keras.random.SeedGenerator`.
        dtype: As in `keras_gan.parallel.random_numbers.uniform`.
    """
    return 2.0 * ops.cast(random_numbers.uniform(shape, seed, dtype) < 0.5, dtype) - 1.0


KINDS = {"rademacher": rademacher, "normal": random_numbers.normal}


@contextlib.contextmanager
def noise_from(draws: "Draws | OfSamples | None") -> Iterator[None]:
    """A scope in which estimated traces take their noise from a stream.

    Args:
        draws: The random numbers of a training, whose state is saved with it; those of single
            samples; or `None` for those outside of any scope.
    """
    token = _source.set(draws)
    try:
        yield
    finally:
        _source.reset(token)


class OfSamples:
    """Noise of each sample from numbers of its own, whatever else is in its batch.

    Args:
        uniform: Numbers on [0, 1), `(batch, d)`, with d the components of a sample.
    """

    def __init__(self, uniform):
        self.uniform = uniform

    def noise(self, shape: tuple, kind: str, dtype: str):
        """ε of the shape `(batch, *shape)`: of each sample from its first numbers.

        Args:
            shape: Of one sample, of at most d components.
            kind: As in `noise_like`.
            dtype: Of the result.
        """
        u = ops.cast(self.uniform[:, : math.prod(shape)], dtype)
        u = ops.reshape(u, (-1, *shape))
        if kind == "rademacher":
            return 2.0 * ops.cast(u < 0.5, dtype) - 1.0
        return math.sqrt(2.0) * ops.erfinv(ops.clip(2.0 * u - 1.0, -1.0 + 1e-7, 1.0 - 1e-7))


def noise_like(x, kind: str):
    """Noise of the shape of x: from `noise_from`, else the same numbers at every call.

    Args:
        x: Tensor `(batch, ...)`.
        kind: `"rademacher"` or `"normal"`.

    Raises:
        ValueError: For another kind.
    """
    kind = known_name("noise", kind, KINDS)
    dtype, draws = keras.backend.standardize_dtype(x.dtype), _source.get()
    if isinstance(draws, OfSamples):
        return draws.noise(tuple(x.shape)[1:], kind, dtype)
    if draws is not None:
        return draws.draw(KINDS[kind], ops.shape(x), dtype=dtype)
    rows = KINDS[kind]((ROWS, *x.shape[1:]), 0, dtype=dtype)
    return ops.take(rows, ops.arange(ops.shape(x)[0]) % ROWS, axis=0)


def value_and_trace(function: Callable, x, noise=None) -> tuple:
    """f(x), and the trace of ∂f/∂x of each sample or an estimate of it.

        tr ∂f/∂x = Σᵢ ∂fᵢ/∂xᵢ = E εᵀ (∂f/∂x) ε,   E ε = 0,   E ε εᵀ = I

    With A = ½ (∂f/∂x + (∂f/∂x)ᵀ), the variance of the estimate by one ε is 2 Σ_{i≠j} Aᵢⱼ² for ε in
    {−1, 1}, and 2 Σᵢⱼ Aᵢⱼ² for normal ε.

    Args:
        function: f, of a tensor `(batch, ...)`, which treats samples independently and assigns no
            variable.
        x: Tensor `(batch, ...)`.
        noise: ε, of the same shape; `None` for the exact trace, by a derivative a component.

    Returns:
        f(x) and a tensor `(batch,)`.

    Reference: Hutchinson 1990, A Stochastic Estimator of the Trace of the Influence Matrix for
    Laplacian Smoothing Splines.
    """
    (value,), pull = autodiff.pullback(lambda x: (function(x),), [x])
    if noise is not None:
        return value, of_products(noise, pull((noise,))[0])
    shape = tuple(x.shape)[1:]
    found = []
    for place in np.ndindex(*shape):
        unit = np.zeros((1, *shape))
        unit[(0, *place)] = 1.0
        (row,) = pull((ops.convert_to_tensor(unit, x.dtype) + ops.zeros_like(value),))
        found.append(row[(slice(None), *place)])
    return value, sum(found)


def of_products(one, other):
    """The inner product of each sample's rows, `(batch,)`."""
    return ops.sum(one * other, axis=tuple(range(1, len(one.shape))))
