"""The gated convolutions of PixelCNN, which see only what comes before a pixel."""

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.layers.convolutions import Conv2D

ORDER = "channels_last"


@keras.saving.register_keras_serializable(package="keras_gan")
class GatedConvolution(layers.Layer):
    """A layer of a vertical and a horizontal stack, which together see all pixels before one.

        v′ = gate(a),   a = V ∗ v + Cᵥ c,   gate(a₁, a₂) = tanh a₁ ⊙ σ(a₂)
        h′ = h + W gate(H ∗ h + A a + Cₕ c)

    v at a pixel knows the rows above it. V sees, of v, the pixel's own row and those above, to
    both sides. H sees, of h, the pixel and those to its left. In the `first` layer, whose inputs
    are the pixels themselves, both leave out the pixel's own row or the pixel, and there is no
    "h +". So no pixel before another one is in a blind spot, as below masked square kernels.

    Args:
        width: Channels of v′ and h′.
        kernel: Odd size of the square that the kernels are the upper half of. Defaults to 3.
        first: Whether the inputs are the pixels. Defaults to `False`.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a width below 1 or a kernel that is not odd and at least 3.

    Example:

    >>> x = ops.ones((1, 4, 4, 2))
    >>> v, h = GatedConvolution(8, first=True)([x, x])
    >>> v.shape == h.shape == (1, 4, 4, 8)
    True

    Reference:
        van den Oord et al. 2016, Conditional Image Generation with PixelCNN Decoders,
        arXiv 1606.05328.
    """

    def __init__(self, width: int, kernel: int = 3, first: bool = False, **options):
        super().__init__(**options)
        self.width = whole("width", width)
        self.kernel = whole("kernel", kernel, least=3)
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel must be odd, such as 3 or 5; received {kernel}.")
        self.first = bool(first)
        self.reach = self.kernel // 2
        self.own = 0 if self.first else 1  # whether V sees the own row, and H the pixel
        rows = self.reach + self.own

        def convolution(size):
            return Conv2D(2 * self.width, size, data_format=ORDER, dtype=self.dtype_policy)

        self.vertical = convolution((rows, self.kernel))
        self.horizontal = convolution((1, rows))
        self.across = layers.Dense(2 * self.width, dtype=self.dtype_policy)
        self.out = layers.Dense(self.width, dtype=self.dtype_policy)
        self.conditions = [
            layers.Dense(2 * self.width, use_bias=False, dtype=self.dtype_policy) for _ in range(2)
        ]

    def build(self, input_shape):
        """Makes the kernels; the inputs are v, h and, where there is one, the condition c."""
        above, left, *condition = input_shape
        self.vertical.build((None, None, None, above[-1]))
        self.horizontal.build((None, None, None, left[-1]))
        self.across.build((None, None, None, 2 * self.width))
        self.out.build((None, None, None, self.width))
        for each in self.conditions if condition else ():
            each.build((None, None, None, condition[0][-1]))
        self.built = True

    def call(self, inputs):
        """v′ and h′ of whole grids `(batch, height, width, channels)`.

        Args:
            inputs: v, h and, where there is one, the condition c, a grid or `(batch, 1, 1, d)`.
        """
        v, h, *condition = inputs
        height, width = v.shape[1:3]
        rows = ops.pad(v, ((0, 0), (self.reach, 0), (0, 0), (0, 0)))
        a = self.above(rows[:, : height + self.reach - 1 + self.own], *condition)
        columns = ops.pad(h, ((0, 0), (0, 0), (self.reach, 0), (0, 0)))
        columns = columns[:, :, : width + self.reach - 1 + self.own]
        return self.gate(a), self.beside(columns, a, None if self.first else h, *condition)

    def above(self, rows, *condition):
        """a of each row that has `reach` rows above it, `(batch, height, width, 2 width′)`."""
        sides = ops.pad(rows, ((0, 0), (0, 0), (self.reach, self.reach), (0, 0)))
        a = self.vertical(sides)
        return a + self.conditions[0](condition[0]) if condition else a

    def beside(self, columns, a, h, *condition):
        """h′ of each column that has `reach` columns to its left."""
        inner = self.horizontal(columns) + self.across(a)
        if condition:
            inner = inner + self.conditions[1](condition[0])
        out = self.out(self.gate(inner))
        return out if h is None else h + out

    def gate(self, a):
        """tanh of the first half of the channels times σ of the second."""
        first, second = ops.split(a, 2, axis=-1)
        return ops.tanh(first) * ops.sigmoid(second)

    def compute_output_shape(self, input_shape):
        """The shapes of v′ and h′."""
        shape = (*input_shape[0][:-1], self.width)
        return [shape, shape]

    def compute_output_spec(self, inputs):
        """The shapes and precisions of v′ and h′."""
        shape = (*inputs[0].shape[:-1], self.width)
        return [keras.KerasTensor(shape, dtype=self.compute_dtype) for _ in range(2)]

    def get_config(self) -> dict:
        """The constructor's arguments."""
        own = {"width": self.width, "kernel": self.kernel, "first": self.first}
        return {**super().get_config(), **own}
