"""Bijections that put the components of a sample into another order or shape."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.bijections.bijection import Bijection, register
from keras_gan.bijections.in_one_row import InOneRow


@register
class Permutation(Bijection):
    """Puts the last axis, components or channels, into another order: zᵢ = x_{π(i)}; log-det 0.

    Args:
        order: π, a permutation of 0, …, n − 1; "reverse"; or "random", the default, which draws
            one by the seed.
        seed: Integer. Defaults to 0.
        **options: As in `Bijection`.

    Raises:
        ValueError: For another word or, at the first x, for numbers that are not a permutation of
            its components.

    Example:

    >>> ops.convert_to_numpy(Permutation([2, 0, 1]).forward([[10.0, 11.0, 12.0]])).tolist()
    [[12.0, 10.0, 11.0]]
    """

    def __init__(self, order="random", seed: int = 0, **options):
        super().__init__(**options)
        if isinstance(order, str) and order not in ("random", "reverse"):
            raise ValueError(f"order must be 'random', 'reverse' or integers; received {order!r}.")
        if not isinstance(order, str):
            if not isinstance(order, list | tuple | np.ndarray):
                raise ValueError(
                    f"order must be 'random', 'reverse' or integers; received {order!r}."
                )
            order = [whole("order", i, least=0) for i in order]
        self.order = order
        self.seed = whole("seed", seed, least=0)

    def build(self, input_shape):
        """Chooses the order of as many components."""
        n = input_shape[-1]
        if self.order == "random":
            chosen = np.random.Generator(np.random.PCG64(self.seed)).permutation(n)
        else:
            chosen = np.arange(n)[::-1] if self.order == "reverse" else np.array(self.order)
        if sorted(chosen.tolist()) != list(range(n)):
            raise ValueError(
                f"order must be a permutation of 0, …, {n - 1}, one number for each component; "
                f"received {self.order}."
            )
        self.chosen, self.back = chosen.tolist(), np.argsort(chosen).tolist()

    def transform(self, x, condition=None, training=False):
        """z, and 0."""
        return ops.take(x, ops.convert_to_tensor(self.chosen), axis=-1), 0.0

    def invert(self, z, condition=None, training=False):
        """x, and 0."""
        return ops.take(z, ops.convert_to_tensor(self.back), axis=-1), 0.0

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "order": self.order, "seed": self.seed}


@register
class Squeeze(Bijection):
    """Trades the size of an image, series or volume for channels: blocks of k pixels a side.

        (h, w, c) → (h / k, w / k, k² c),   log-det 0

    Args:
        factor: k, at least 2. Defaults to 2.
        **options: As in `Bijection`.

    Raises:
        ValueError: For a factor below 2 or, at the first x, for a side that it does not divide.

    Example:

    >>> tuple(Squeeze().forward(ops.ones((1, 4, 6, 3))).shape)
    (1, 2, 3, 12)

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, arXiv
    1605.08803, section 3.6.
    """

    def __init__(self, factor: int = 2, **options):
        super().__init__(**options)
        self.factor = whole("factor", factor, least=2)

    def build(self, input_shape):
        """Looks at the sides."""
        self.latent_shape(tuple(input_shape[1:]))

    def latent_shape(self, shape):
        """(h, w, c) → (h / k, w / k, k² c).

        Raises:
            ValueError: For sides that k does not divide, or a sample without any.
        """
        *sides, channels = shape
        if not sides or any(side % self.factor for side in sides):
            raise ValueError(
                f"Squeeze({self.factor}) takes samples (…, channels) whose sides are multiples of "
                f"{self.factor}; received shape {tuple(shape)}."
            )
        return (*(s // self.factor for s in sides), channels * self.factor ** len(sides))

    def data_shape(self, shape):
        """(h, w, c) → (k h, k w, c / k²).

        Raises:
            ValueError: For channels that k² does not divide.
        """
        *sides, channels = shape
        block = self.factor ** len(sides)
        if not sides or channels % block:
            raise ValueError(
                f"The inverse of Squeeze({self.factor}) takes samples whose channels are a "
                f"multiple of {block}; received shape {tuple(shape)}."
            )
        return (*(s * self.factor for s in sides), channels // block)

    def transform(self, x, condition=None, training=False):
        """z, and 0."""
        *sides, channels = tuple(x.shape)[1:]
        k, n = self.factor, len(sides)
        x = ops.reshape(x, (-1, *(m for side in sides for m in (side // k, k)), channels))
        outer, inner = range(1, 2 * n + 1, 2), range(2, 2 * n + 1, 2)
        x = ops.transpose(x, (0, *outer, 2 * n + 1, *inner))
        return ops.reshape(x, (-1, *self.latent_shape((*sides, channels)))), 0.0

    def invert(self, z, condition=None, training=False):
        """x, and 0."""
        *sides, channels = tuple(z.shape)[1:]
        k, n = self.factor, len(sides)
        z = ops.reshape(z, (-1, *sides, channels // k**n, *(k for _ in sides)))
        pairs = (axis for i in range(n) for axis in (1 + i, n + 2 + i))
        z = ops.transpose(z, (0, *pairs, n + 1))
        return ops.reshape(z, (-1, *self.data_shape((*sides, channels)))), 0.0

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "factor": self.factor}


@register
class Flatten(InOneRow):
    """Writes the components of a sample of any shape into one row; log-det 0.

    Example:

    >>> tuple(Flatten().forward(ops.ones((2, 4, 4, 3))).shape)
    (2, 48)
    """

    def transform(self, x, condition=None, training=False):
        """z, and 0."""
        return ops.reshape(x, (-1, math.prod(self.built_for))), 0.0

    def invert(self, z, condition=None, training=False):
        """x, and 0."""
        return ops.reshape(z, (-1, *self.built_for)), 0.0
