"""PixelCNN: the distribution of each code of a grid, given those before it."""

import math

import keras
from keras import layers, ops

from keras_gan.arguments import amount, whole
from keras_gan.layers.convolutions import Conv2D
from keras_gan.layers.dropout import Dropout
from keras_gan.layers.gated_convolution import ORDER, GatedConvolution
from keras_gan.parallel.random_numbers import by_inversion

DEEPEST = 500  # gated layers


@keras.saving.register_keras_serializable(package="keras_gan")
class PixelCNN(layers.Layer):
    """The logits of each code of a grid, of those above it and to its left in its row alone.

        log p(codes) = Σᵢ log softmax(logitsᵢ(codes₁, …, codesᵢ₋₁))[codesᵢ],   row by row

    Embedded codes go through `GatedConvolution` layers, then two 1 × 1 convolutions make the
    logits of h.

    Args:
        codes: Number K of codes, at least 2.
        width: Channels of all layers. Defaults to 64.
        depth: Number of gated layers, at most 500. Defaults to 8.
        kernel: Odd size of their kernels. Defaults to 3.
        dropout: Rate at which channels of h are dropped before the logits, in [0, 1). Defaults
            to 0.
        condition_codes: Of a second grid of codes on which all depends, how many there are; `None`,
            the default, for no such grid.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range.

    Example:

    >>> layer = PixelCNN(codes=5, width=8, depth=2)
    >>> tuple(layer([ops.zeros((2, 3, 4), "int32")]).shape)
    (2, 3, 4, 5)

    Reference:
        van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders,
        arXiv 1606.05328.
    """

    def __init__(
        self,
        codes: int,
        width: int = 64,
        depth: int = 8,
        kernel: int = 3,
        dropout: float = 0.0,
        condition_codes: int | None = None,
        **options,
    ):
        super().__init__(**options)
        self.codes = whole("codes", codes, least=2)
        self.width, self.depth = whole("width", width), whole("depth", depth)
        if self.depth > DEEPEST:  # a preset that is not trusted may ask for any
            raise ValueError(f"depth must be at most {DEEPEST}; received {depth}.")
        self.kernel = kernel
        self.dropout = amount("dropout", dropout, least=0, below=1)
        self.condition_codes = condition_codes
        own = {"dtype": self.dtype_policy}
        self.embedding = layers.Embedding(self.codes, width, **own)
        self.gated = [
            GatedConvolution(width, kernel, first=i == 0, **own) for i in range(self.depth)
        ]
        self.drop = Dropout(self.dropout, **own) if self.dropout else None
        self.hidden = layers.Dense(width, activation="relu", **own)
        self.logits = layers.Dense(self.codes, dtype=self.variable_dtype)
        self.upper = None
        if condition_codes is not None:
            count = whole("condition_codes", condition_codes, least=2)
            self.upper = layers.Embedding(count, width, **own)
            self.upper_convolutions = [
                Conv2D(width, 3, padding="same", data_format=ORDER, **own) for _ in range(2)
            ]

    def build(self, input_shape):
        """Makes the weights; the inputs are a list of what `call` takes."""
        grid, *others = input_shape
        vectors = (None, *grid[1:], self.width)
        self.embedding.build(grid)
        dim = 0
        if self.upper is not None:
            self.upper.build(others[0])
            for each in self.upper_convolutions:
                each.build(vectors)
            dim, others = self.width, others[1:]
        dim += others[0][-1] if others else 0
        condition = [(None, *grid[1:], dim)] if dim else []
        for each in self.gated:
            each.build([vectors, vectors, *condition])
        if self.drop is not None:
            self.drop.build(vectors)
        self.hidden.build(vectors)
        self.logits.build(vectors)
        # six of its width in each layer: of each stack what is gated, its gate and its output
        self.numbers_inside = math.prod(grid[1:]) * self.width * (6 * self.depth + 3)
        self.built = True

    def call(self, inputs, training: bool = False):
        """The logits, `(batch, height, width, codes)`, float32 at least.

        Args:
            inputs: A list of the codes, `(batch, height, width)`; the grid on which they depend,
                `(batch, height′, width′)`, where there is one; and vectors on which they depend,
                such as unit vectors of classes, `(batch, d)`, where there are any.
            training: Whether channels are dropped.
        """
        codes, *others = inputs
        condition = self.condition(codes.shape[1:3], *others)
        return self.logits_of(self.embedding(codes), condition, training)

    def logits_of(self, embedded, condition, training: bool = False):
        """The logits of embedded codes, `(batch, height, width, width′)`."""
        v = h = embedded
        for each in self.gated:
            v, h = each([v, h, *condition])
        return self._head(h, training)

    def _head(self, h, training: bool = False):
        h = ops.relu(h)
        h = h if self.drop is None else self.drop(h, training=training)
        return self.logits(self.hidden(h))

    def condition(self, grid: tuple, *others) -> list:
        """The tensor on which all depends, in a list; an empty one where there is none."""
        parts = []
        if self.upper is not None:
            above, *others = others
            s = self.upper(above)
            for axis, (size, coarse) in enumerate(zip(grid, above.shape[1:3], strict=True), 1):
                s = ops.repeat(s, size // coarse, axis=axis)
            for each in self.upper_convolutions:
                s = s + ops.relu(each(s))
            parts.append(s)
        if others:
            vectors = ops.expand_dims(ops.expand_dims(others[0], 1), 1)
            vectors = ops.cast(vectors, self.compute_dtype)
            if parts:
                vectors = vectors * ops.ones_like(parts[0][..., :1])
            parts.append(vectors)
        return [ops.concatenate(parts, axis=-1)] if parts else []

    def sample(self, u, *others, temperature: float = 1.0):
        """Draws codes; every row of v and every pixel of h is computed once, and kept.

        The first code k with u < Σ_{j ≤ k} softmax(logits / temperature)ⱼ is taken, pixel by pixel.
        All pixels together cost as much as one call.

        Args:
            u: Numbers uniform on [0, 1), `(batch, height, width)`.
            *others: What all depends on, as in `call`.
            temperature: Below 1 for likelier codes. Defaults to 1.

        Returns:
            int32 codes, `(batch, height, width)`.
        """
        height, width = u.shape[1:3]
        condition = self.condition((height, width), *others)
        empty = ops.zeros((ops.shape(u)[0], 1, width, self.width), self.compute_dtype)
        above = [[empty] * each.reach for each in self.gated]  # rows of each layer's v
        drawn = []
        for r in range(height):
            a = []
            for i, each in enumerate(self.gated):
                rows = ops.concatenate(above[i][-(each.reach + each.own) :], axis=1)
                a.append(each.above(rows, *_row(condition, r)))
                if i + 1 < self.depth:
                    above[i + 1].append(each.gate(a[i]))
            codes = self._sample_row(u[:, r : r + 1], a, _row(condition, r), temperature)
            above[0].append(self.embedding(codes))
            drawn.append(codes)
        return ops.concatenate(drawn, axis=1)

    def _sample_row(self, u, a: list, condition: list, temperature: float):
        """The codes of a row, `(batch, 1, width)`, of which v is known."""
        empty = ops.zeros((ops.shape(u)[0], 1, 1, self.width), self.compute_dtype)
        left = [[empty] * each.reach for each in self.gated]  # columns of each layer's h
        drawn = []
        for c in range(u.shape[2]):
            h = None
            for i, each in enumerate(self.gated):
                columns = ops.concatenate(left[i][-(each.reach + each.own) :], axis=2)
                h = each.beside(columns, a[i][:, :, c : c + 1], h, *_column(condition, c))
                if i + 1 < self.depth:
                    left[i + 1].append(h)
            codes = by_inversion(self._head(h) / temperature, u[:, :, c : c + 1])
            left[0].append(self.embedding(codes))
            drawn.append(codes)
        return ops.concatenate(drawn, axis=2)

    def compute_output_shape(self, input_shape):
        """The shape of the logits."""
        return (*input_shape[0], self.codes)

    def compute_output_spec(self, inputs, training: bool = False):
        """Shape and precision of the logits."""
        return keras.KerasTensor((*inputs[0].shape, self.codes), dtype=self.variable_dtype)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        names = ("codes", "width", "depth", "kernel", "dropout", "condition_codes")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _row(condition: list, r: int) -> list:
    """Row r of a condition, or all of one that is the same everywhere."""
    return [c if c.shape[1] == 1 else c[:, r : r + 1] for c in condition]


def _column(condition: list, c: int) -> list:
    """Column c of a row of a condition."""
    return [each if each.shape[2] == 1 else each[:, :, c : c + 1] for each in condition]
