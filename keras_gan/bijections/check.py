"""A test of the laws that a bijection must obey, for those that users write."""

import math

import numpy as np
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.bijections.bijection import check_bijection

MOST = 256  # components of a sample, up to which the Jacobian is computed
SAMPLES = 8  # of which it is


def check(bijection, x, condition=None, tolerance: float | None = None) -> None:
    """Checks a bijection at samples; returns nothing if all laws hold.

        f⁻¹(f(x)) = x,   log |det ∂f⁻¹/∂z| = −log |det ∂f/∂x|,   log |det ∂f/∂x| by automatic
        differentiation of f, and shapes that are those that `latent_shape` and `data_shape` say

    Args:
        bijection: A `Bijection`.
        x: Samples, array `(n, ...)`, as various as the data.
        condition: As in `Bijection.transform`.
        tolerance: The greatest error of a component, relative to the greatest component where that
            is above 1; of a log-determinant, divided by the number of components. `None`, the
            default, for 10⁻⁴ in float32 and 10⁻⁹ in float64.

    Raises:
        ValueError: For the first law that does not hold, with where it fails and by how much; or
            samples that are not finite.

    Example:

    >>> import keras_gan as kg
    >>> kg.bijections.check(kg.bijections.AffineCoupling(width=8), ops.ones((4, 2)))

    The Jacobian is computed of at most 8 samples, and of at most 256 components.
    """
    check_bijection(bijection)
    name = type(bijection).__name__
    x = bijection._tensor(x)
    if tolerance is None:
        tolerance = 1e-9 if bijection.dtype == "float64" else 1e-4
    z, log_det = bijection.forward_and_log_det(x, condition)
    shape, made = tuple(x.shape)[1:], tuple(z.shape)[1:]
    _same_shape(f"{name}.latent_shape", bijection.latent_shape(shape), made)
    _same_shape(f"{name}.data_shape", bijection.data_shape(made), shape)
    if math.prod(made) != math.prod(shape):
        raise ValueError(
            f"{name} makes {math.prod(made)} components of {math.prod(shape)}: a bijection keeps "
            f"their number."
        )
    back, log_det_back = bijection.inverse_and_log_det(z, condition)
    components = math.prod(shape)
    _compare(f"{name}: f⁻¹(f(x)) and x", back, x, tolerance, 1)
    what = f"{name}: the log-determinant of f⁻¹ at f(x), and minus that of f at x"
    _compare(what, log_det_back, -log_det, tolerance, components)
    if components <= MOST:
        first = x[:SAMPLES]
        chosen = None if condition is None else condition[:SAMPLES]
        with np.errstate(invalid="ignore"):
            _, expected = np.linalg.slogdet(jacobian(bijection, first, chosen))
        what = f"{name}: the log-determinant, and that of the Jacobian by differentiation"
        _compare(what, log_det[:SAMPLES], expected, tolerance, components)


def _same_shape(method: str, promised, found: tuple) -> None:
    """Refuses a method that says another shape than there is.

    Raises:
        ValueError: See above.
    """
    if tuple(promised) != found:
        raise ValueError(f"{method} says {tuple(promised)}, but the shape is {found}.")


def jacobian(bijection, x, condition=None) -> np.ndarray:
    """The Jacobian of a bijection at samples, `(n, d, d)`, whose row i is ∂zᵢ/∂x.

    Args:
        bijection: A `Bijection` that treats samples independently.
        x: Tensor `(n, ...)`.
        condition: As in `Bijection.transform`.
    """
    d = math.prod(tuple(x.shape)[1:])

    def component(i):
        def score(x):
            z = ops.reshape(bijection.forward(x, condition), (-1, d))
            return z[:, i : i + 1]

        return ops.convert_to_numpy(autodiff.input_gradient(score, x)).reshape(-1, d)

    return np.stack([component(i) for i in range(d)], axis=1)


def _compare(what: str, found, expected, tolerance: float, scale: float) -> None:
    """Refuses numbers that differ.

    Raises:
        ValueError: With the worst of them.
    """
    found, expected = ops.convert_to_numpy(found), ops.convert_to_numpy(expected)
    size = max(1.0, np.abs(expected).max(initial=0.0) if scale == 1 else 1.0)
    error = np.abs(found - expected) / (scale * size)
    if not np.isfinite(error).all() or error.max(initial=0.0) > tolerance:
        worst = np.unravel_index(
            np.argmax(np.where(np.isfinite(error), error, np.inf)), error.shape
        )
        raise ValueError(
            f"{what} should be equal; at sample {worst[0]} they are {found[worst]:.6g} and "
            f"{expected[worst]:.6g}, which differ by more than {tolerance:g}."
        )
