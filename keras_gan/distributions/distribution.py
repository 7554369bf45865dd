"""What every distribution can do: draw samples and compute their log density."""

import math
import numbers
import zlib

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import at_least_float32, has_float64, widest
from keras_gan.texts import in_short

register = keras.saving.register_keras_serializable(package="keras_gan.distributions")


class Distribution(Configured):
    """A distribution of samples with independent components.

    A subclass defines `sample` and `component_log_prob`; one whose components are not independent
    defines `log_prob` instead. A distribution can also be the `prior` of a model, which calls it
    like a function `(shape, seed) -> tensor`.
    """

    def parameter_shape(self) -> tuple:
        """The shape of the parameters, which broadcasts against samples; `()` for numbers."""
        return ()

    def sample(self, shape, seed):
        """Draws samples.

        Args:
            shape: Their shape, `(batch, ...)`.
            seed: Integer or `keras.random.SeedGenerator`.

        Returns:
            Tensor of that shape.
        """
        raise NotImplementedError

    def component_log_prob(self, x):
        """Returns the log density or log probability of each component of x, in nats.

        Args:
            x: Samples `(batch, ...)`.

        Returns:
            Tensor of the shape of x.
        """
        raise NotImplementedError

    def log_prob(self, x, batch_axes: int = 1):
        """Returns the log density of samples in nats, summed over components.

        Args:
            x: Samples `(batch, ...)`.
            batch_axes: How many of the leading axes number samples. Defaults to 1.

        Returns:
            Tensor `(batch,)`, float32 at least.

        Raises:
            ValueError: For a single number.
        """
        x = ops.convert_to_tensor(x)
        if len(x.shape) == 0:
            raise ValueError(f"Samples are an array (batch, ...); received {in_short(x)}.")
        terms = self.component_log_prob(at_least_float32(x))
        rest = terms.shape[batch_axes:]
        size = -1 if None in rest else math.prod(rest)  # of no samples no backend finds it
        return ops.sum(ops.reshape(terms, (*ops.shape(terms)[:batch_axes], size)), axis=-1)

    def within(self, z: np.ndarray) -> np.ndarray:
        """The points nearest to given ones that can be drawn; a search by steps ends at these.

        Args:
            z: Array `(n, d)`.
        """
        return z

    def __repr__(self):
        shown = [f"{name}={_in_short(value)}" for name, value in self.get_config().items()]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __call__(self, shape, seed):
        """Draws samples, as `sample` does."""
        return self.sample(shape, seed)


def common_shape(*parameters) -> tuple:
    """Returns the shape to which numbers, lists, arrays and tensors broadcast."""
    return np.broadcast_shapes(*map(shape_of, parameters))


def shape_of(parameter) -> tuple:
    """Returns the shape of a number, an array or a tensor."""
    return tuple(ops.shape(parameter)) if hasattr(parameter, "shape") else np.shape(parameter)


def common_dtype(*values) -> str:
    """Returns the widest precision of tensors and arrays that the backend has, float32 at least.

    Args:
        *values: Tensors, arrays, and numbers, which have none.
    """
    dtype = widest(*(each.dtype for each in values if hasattr(each, "dtype")))
    return dtype if has_float64() else "float32"


def together(*values) -> list:
    """Returns tensors and arrays in their `common_dtype`.

    Args:
        *values: Tensors, arrays, and numbers, which are returned as they are.

    Example:

    >>> [each.dtype.name for each in together(np.ones(2, "float32"), np.array([1]))]
    ['float32', 'float32']
    """
    dtype = common_dtype(*values)
    return [ops.cast(each, dtype) if hasattr(each, "dtype") else each for each in values]


def as_parameter(name: str, given, above: float | None = None, impossible: bool = False):
    """A parameter of a distribution, once its numbers are known to be allowed.

    Args:
        name: What it is called in errors.
        given: A number, which is returned as a float; a list of numbers, as a float32 array; an
            array; or a tensor of a backend, which a step computes and which is not looked at.
        above: The numbers must be greater than this.
        impossible: Whether an array may hold −∞, the logit of what never comes.

    Raises:
        ValueError: For NaN, infinities, numbers out of bounds, and what is no number.
    """
    if isinstance(given, numbers.Real):
        return amount(name, given, above=above)
    if ops.is_tensor(given) or isinstance(given, (keras.Variable, keras.KerasTensor)):
        return given
    try:
        array = np.asarray(given, "float32" if isinstance(given, (list, tuple)) else None)
        fits = array.dtype.kind in "iuf" and bool(
            (np.isfinite(array) | (impossible & np.isneginf(array))).all()
        )
    except (TypeError, ValueError):  # rows of different lengths
        fits = False
    if not fits or (above is not None and not (array > above).all()):
        bound = "" if above is None else f" greater than {above}"
        raise ValueError(
            f"{name} must be a number{bound}, or an array of such; received {in_short(given)}."
        )
    return array


def plain(parameter):
    """Returns a parameter as a config holds it: a number or lists of numbers.

    Args:
        parameter: A number, a list, an array or a tensor; one of a graph, whose values are not
            known, is returned as it is.

    Example:

    >>> plain(0.5), plain(np.zeros((1, 2)))
    (0.5, [[0.0, 0.0]])
    """
    if isinstance(parameter, (int, float)):
        return parameter
    try:
        return ops.convert_to_numpy(parameter).tolist()
    except Exception:  # each backend has its own for a tensor without values
        return parameter


def apart(seed, purpose: int):
    """A seed for one of several draws: an integer's own, or the same stream, which moves on.

    Args:
        seed: Integer or `keras.random.SeedGenerator`.
        purpose: The number of the draw.
    """
    is_stream = isinstance(seed, keras.random.SeedGenerator)
    return seed if is_stream else zlib.crc32(f"{purpose}/{seed}".encode())


def _in_short(value) -> str:
    """A number or a few as they are, otherwise an ellipsis."""
    is_short = isinstance(value, (int, float, list)) and len(str(value)) < 60
    return str(value) if is_short else "…"
