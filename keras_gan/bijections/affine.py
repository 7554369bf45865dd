"""Affine bijections: by components, by channels with a start at the data, and of a whole matrix."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.bijections.bijection import Bijection, register

LEAST = 1e-6  # standard deviation that ActNorm divides by at its start


@register
class ElementwiseAffine(Bijection):
    """Scales and shifts every component by itself, from the identity on.

        z = exp(s) ⊙ x + t,   log |det| = Σᵢ sᵢ

    Args:
        shift: Whether there is a t; NICE has none. Defaults to `True`.
        **options: As in `Bijection`.

    Reference: Dinh, Krueger and Bengio 2015, NICE, arXiv 1410.8516, section 3.3.
    """

    def __init__(self, shift: bool = True, **options):
        super().__init__(**options)
        self.has_shift = bool(shift)

    def weight_shape(self, shape: tuple) -> tuple:
        """The shape of s and t for samples of a shape."""
        return shape

    def build(self, input_shape):
        """Makes s and t."""
        shape = self.weight_shape(tuple(input_shape[1:]))
        self.log_scale = self.add_weight(shape=shape, initializer="zeros", name="log_scale")
        self.shift = None
        if self.has_shift:
            self.shift = self.add_weight(shape=shape, initializer="zeros", name="shift")

    def log_det(self, shape: tuple):
        """Σ s over all components of a sample of a shape."""
        repeats = math.prod(shape) // math.prod(self.log_scale.shape)
        return repeats * ops.sum(self.log_scale)

    def transform(self, x, condition=None, training=False):
        """z and Σ s."""
        z = x * ops.exp(self.log_scale)
        return z if self.shift is None else z + self.shift, self.log_det(tuple(x.shape)[1:])

    def invert(self, z, condition=None, training=False):
        """x and −Σ s."""
        x = z if self.shift is None else z - self.shift
        return x * ops.exp(-self.log_scale), -self.log_det(tuple(z.shape)[1:])

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "shift": self.has_shift}


@register
class ActNorm(ElementwiseAffine):
    """Scales and shifts every channel; begins where the data have mean 0 and variance 1.

        z = exp(s) ⊙ (x + b),   log |det| = h w Σ s,   at the start b = −mean, s = −log std

    `kg.Flow.fit` starts it at the first data that it sees, `kg.Flow.adapt` at data of one's own.

    Reference: Kingma and Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.
    """

    def __init__(self, **options):
        super().__init__(**{**options, "shift": True})

    def weight_shape(self, shape):
        """One s and one b for each channel."""
        return shape[-1:]

    def build(self, input_shape):
        """Makes s, b, and whether they have begun."""
        super().build(input_shape)
        self.started = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="started"
        )

    def needs_start(self):
        """Whether s and b have not begun at data."""
        return not self.built or float(self.started + 0.0) == 0  # also of replicas

    def transform(self, x, condition=None, training=False):
        """z and h w Σ s."""
        return (x + self.shift) * ops.exp(self.log_scale), self.log_det(tuple(x.shape)[1:])

    def invert(self, z, condition=None, training=False):
        """x and −h w Σ s."""
        return z * ops.exp(-self.log_scale) - self.shift, -self.log_det(tuple(z.shape)[1:])

    def start(self, x, condition=None):
        """Sets b and s so that f(x) has mean 0 and variance 1 in each channel."""
        x = self._tensor(x)
        self._build_for(tuple(x.shape)[1:])
        axes = tuple(range(len(x.shape) - 1))
        self.shift.assign(-ops.mean(x, axis=axes))
        self.log_scale.assign(-ops.log(ops.maximum(ops.std(x, axis=axes), LEAST)))
        self.started.assign(ops.ones(()))
        return self.forward(x)

    def get_config(self) -> dict:
        """Without arguments of its own."""
        config = super().get_config()
        config.pop("shift")
        return config


@register
class Affine(Bijection):
    """A whole matrix, in its LU decomposition, from the identity on: x = A z + b.

        f(x) = A⁻¹ (x − b),   A = L (U + diag exp s),   log |det ∂f/∂x| = −Σᵢ sᵢ

    with L lower triangular of unit diagonal and U strictly upper triangular. With a normal base,
    x is normal with mean b and covariance A Aᵀ.

    Args:
        **options: As in `Bijection`.

    Example:

    >>> affine = Affine()
    >>> tuple(affine.forward([[1.0, 2.0]]).shape), len(affine.trainable_variables)
    ((1, 2), 4)
    """

    def build(self, input_shape):
        """Makes L, U, s and b.

        Raises:
            ValueError: For samples that are not points.
        """
        if len(input_shape) != 2:
            raise ValueError(
                f"Affine takes points (batch, d); received samples of shape {input_shape[1:]}. Put "
                f"kg.bijections.Flatten() before it."
            )
        d = input_shape[-1]
        for name, shape in {"lower": (d, d), "upper": (d, d), "log_scale": (d,), "b": (d,)}.items():
            setattr(self, name, self.add_weight(shape=shape, initializer="zeros", name=name))
        self.below = np.tril(np.ones((d, d)), -1)

    def factors(self) -> tuple:
        """L and U + diag exp s."""
        below = ops.cast(self.below, self.dtype)
        unit = ops.eye(self.b.shape[0], dtype=self.dtype)
        upper = self.upper * ops.transpose(below) + unit * ops.exp(self.log_scale)
        return self.lower * below + unit, upper

    def transform(self, x, condition=None, training=False):
        """z and −Σ s."""
        lower, upper = self.factors()
        z = ops.solve_triangular(lower, ops.transpose(x - self.b), lower=True)
        return ops.transpose(ops.solve_triangular(upper, z)), -ops.sum(self.log_scale)

    def invert(self, z, condition=None, training=False):
        """x and Σ s."""
        lower, upper = self.factors()
        made = ops.matmul(ops.matmul(z, ops.transpose(upper)), ops.transpose(lower))
        return made + self.b, ops.sum(self.log_scale)


@register
class InvertibleConvolution(Bijection):
    """A convolution with 1×1 kernels, which mixes channels: z = W x at every pixel.

        W = P L (U + diag(sign ⊙ exp s)),   log |det| = h w Σ s

    It begins as a rotation, drawn by the seed; P and the signs of the diagonal stay.

    Args:
        seed: Integer. Defaults to 0.
        **options: As in `Bijection`.

    Example:

    >>> tuple(InvertibleConvolution().forward(ops.ones((2, 4, 4, 6))).shape)
    (2, 4, 4, 6)

    Reference: Kingma and Dhariwal 2018, Glow, arXiv 1807.03039, section 3.2; their code starts
    likewise.
    """

    def __init__(self, seed: int = 0, **options):
        super().__init__(**options)
        self.seed = whole("seed", seed, least=0)

    def build(self, input_shape):
        """Draws the rotation and decomposes it."""
        from scipy.linalg import lu

        c = input_shape[-1]
        numbers = np.random.Generator(np.random.PCG64(self.seed)).normal(size=(c, c))
        permutation, lower, upper = lu(np.linalg.qr(numbers)[0])
        diagonal = np.diag(upper)
        self.below = np.tril(np.ones((c, c)), -1)

        def weight(name, value, trainable=True):
            return self.add_weight(
                shape=value.shape,
                initializer=lambda shape, dtype=None: ops.convert_to_tensor(value, dtype),
                trainable=trainable,
                name=name,
            )

        self.permutation = weight("permutation", permutation, trainable=False)
        self.sign = weight("sign", np.sign(diagonal), trainable=False)
        self.lower = weight("lower", lower * self.below)
        self.upper = weight("upper", upper * self.below.T)
        self.log_scale = weight("log_scale", np.log(np.abs(diagonal)))

    def factors(self) -> tuple:
        """L and U + diag(sign ⊙ exp s)."""
        below = ops.cast(self.below, self.dtype)
        unit = ops.eye(self.sign.shape[0], dtype=self.dtype)
        diagonal = self.sign * ops.exp(self.log_scale)
        return self.lower * below + unit, self.upper * ops.transpose(below) + unit * diagonal

    def log_det(self, shape: tuple):
        """h w Σ s."""
        return math.prod(shape[:-1]) * ops.sum(self.log_scale)

    def transform(self, x, condition=None, training=False):
        """z and h w Σ s."""
        lower, upper = self.factors()
        matrix = ops.matmul(self.permutation, ops.matmul(lower, upper))
        return ops.matmul(x, ops.transpose(matrix)), self.log_det(tuple(x.shape)[1:])

    def invert(self, z, condition=None, training=False):
        """x and −h w Σ s."""
        lower, upper = self.factors()
        inner = ops.solve_triangular(lower, ops.transpose(self.permutation), lower=True)
        matrix = ops.solve_triangular(upper, inner)
        return ops.matmul(z, ops.transpose(matrix)), -self.log_det(tuple(z.shape)[1:])

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "seed": self.seed}
