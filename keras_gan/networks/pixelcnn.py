"""The autoregressive network of codes."""

import keras

from keras_gan.layers.pixelcnn import PixelCNN
from keras_gan.networks._parts import check_dropout, check_positive, label_and_vector
from keras_gan.networks.registry import register


@register
def pixelcnn(
    code_shape: tuple[int, int] = (7, 7),
    codes: int = 512,
    width: int = 64,
    depth: int = 8,
    kernel: int = 3,
    dropout: float = 0.0,
    classes: int | None = None,
    condition_shape: tuple[int, int] | None = None,
    condition_codes: int | None = None,
    name: str = "prior",
) -> keras.Model:
    """Builds a gated PixelCNN: the logits of each code of a grid, given those before it.

    Before a code, row by row, are those above it and those to its left: by two stacks of gated
    convolutions, `kg.layers.GatedConvolution`, without a blind spot.

    Args:
        code_shape: (height, width) of the grid. Defaults to (7, 7).
        codes: Number of codes. Defaults to 512.
        width: Channels of all layers. Defaults to 64.
        depth: Number of gated layers, at most 500. Defaults to 8.
        kernel: Odd size of their kernels. Defaults to 3.
        dropout: Rate at which channels before the logits are dropped in training. Defaults to 0.
        classes: How many class labels the network takes as its last input, (batch,), which shift
            what is gated. Defaults to None: it takes no labels.
        condition_shape: (height, width) of a coarser grid of codes, its second input, on which all
            depends; it divides `code_shape`. Defaults to None: there is none.
        condition_codes: Number of codes of that grid; `codes` if None, the default.
        name: Name of the model.

    Returns:
        A built `keras.Model` from int32 codes (batch, height, width), or a list of them and further
        inputs, to logits (batch, height, width, codes).

    Raises:
        ValueError: For shapes that are not two whole numbers or do not divide each other, or a size
            out of range.

    Example:

    >>> pixelcnn((7, 7), codes=128, width=8, depth=2).output_shape
    (None, 7, 7, 128)

    Reference:
        van den Oord et al., Conditional Image Generation with PixelCNN Decoders, 2016,
        arXiv 1606.05328.
    """
    check_positive(width=width, depth=depth)
    check_dropout(dropout)
    grid = _checked_shape("code_shape", code_shape)
    inputs = [keras.Input(grid, dtype="int32", name="codes")]
    if condition_shape is not None:
        coarse = _checked_shape("condition_shape", condition_shape)
        if any(fine % size for fine, size in zip(grid, coarse, strict=True)):
            raise ValueError(f"condition_shape {coarse} does not divide code_shape {grid}.")
        inputs.append(keras.Input(coarse, dtype="int32", name="upper_codes"))
        condition_codes = codes if condition_codes is None else condition_codes
    elif condition_codes is not None:
        raise ValueError(
            "condition_codes needs the condition_shape of a grid on which all depends."
        )
    label, y = label_and_vector(classes)
    layer = PixelCNN(codes, width, depth, kernel, dropout, condition_codes)
    logits = layer(inputs if y is None else [*inputs, y])
    inputs = inputs if label is None else [*inputs, label]
    return keras.Model(inputs[0] if len(inputs) == 1 else inputs, logits, name=name)


def _checked_shape(name: str, shape) -> tuple[int, int]:
    """Returns a shape of two whole numbers."""
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else ()
    if len(shape) != 2 or any(isinstance(n, bool) or not isinstance(n, int) for n in shape):
        raise ValueError(f"{name} must be two whole numbers (height, width); received {shape!r}.")
    check_positive(height=shape[0], width=shape[1])
    return shape
