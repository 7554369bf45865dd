"""The convolutional networks of VQ-VAE: strided convolutions and residual blocks."""

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.networks._parts import ORDER, check_image_shape, check_positive, output_dtype
from keras_gan.networks.registry import register


@register
def vqvae_encoder(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    code_dim: int = 16,
    width: int = 64,
    halvings: int = 2,
    blocks: int = 2,
    name: str = "encoder",
) -> keras.Model:
    """Builds the encoder of a VQ-VAE: 4 x 4 convolutions of stride 2, then residual blocks.

    A block is ReLU, 3 x 3 convolution, ReLU, 1 x 1 convolution, added to its input. A 1 x 1
    convolution gives the vectors: of 28 x 28 pixels, with two halvings, 7 x 7 of them.

    Args:
        image_shape: (height, width, channels), both divisible by 2^halvings; `sample_shape=` says
            the same. Defaults to (28, 28, 1).
        code_dim: Components of a vector. Defaults to 16.
        width: Channels of the hidden grids; the first has half of them. Defaults to 64.
        halvings: How often each side is halved. Defaults to 2.
        blocks: Residual blocks at the smallest size. Defaults to 2.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, height / 2^halvings, width /
        2^halvings, code_dim).

    Raises:
        ValueError: For an image whose sides cannot be halved so often, or a size below 1.

    Example:

    >>> vqvae_encoder((32, 32, 3), code_dim=8, width=16).output_shape
    (None, 8, 8, 8)

    Reference:
        van den Oord et al., Neural Discrete Representation Learning, 2017, arXiv 1711.00937.
    """
    check_positive(code_dim=code_dim, width=width, blocks=blocks)
    _check_halvings(image_shape, halvings)
    x = keras.Input(tuple(image_shape), name="x")
    h = _residual(_convolution(width, 3)(_halved(x, width, halvings)), width, blocks)
    return keras.Model(x, _convolution(code_dim, 1)(h), name=name)


@register
def vqvae_decoder(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    code_dim: int = 16,
    width: int = 64,
    halvings: int = 2,
    blocks: int = 2,
    activation: str | None = None,
    name: str = "decoder",
) -> keras.Model:
    """Builds the decoder of a VQ-VAE, the mirror image of `vqvae_encoder`.

    A 3 x 3 convolution and residual blocks at the size of the codes, then 4 x 4 transposed
    convolutions of stride 2.

    Args:
        image_shape: As in `vqvae_encoder`; `sample_shape=` says the same.
        code_dim: As in `vqvae_encoder`.
        width: Channels of the hidden grids; the last has half of them. Defaults to 64.
        halvings: As in `vqvae_encoder`.
        blocks: Likewise.
        activation: That of the image. Defaults to None, as in the paper, for images around [-1, 1]
            and for logits. "tanh" keeps to [-1, 1], but on mostly black images its gradient
            vanishes before the codes say anything.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, height / 2^halvings, width / 2^halvings, code_dim) to
        (batch, *image_shape).

    Raises:
        ValueError: As `vqvae_encoder`.

    Example:

    >>> vqvae_decoder((32, 32, 3), code_dim=8, width=16).output_shape
    (None, 32, 32, 3)

    Reference:
        van den Oord et al., Neural Discrete Representation Learning, 2017, arXiv 1711.00937.
    """
    check_positive(code_dim=code_dim, width=width, blocks=blocks)
    grid = _check_halvings(image_shape, halvings)
    e = keras.Input((*grid, code_dim), name="e")
    h = _residual(_convolution(width, 3)(e), width, blocks)
    image = _enlarged(h, image_shape[-1], width, halvings)
    return keras.Model(e, layers.Activation(activation, dtype=output_dtype())(image), name=name)


@register
def vqvae2_bottom_encoder(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    code_dim: int = 16,
    width: int = 64,
    halvings: int = 1,
    blocks: int = 2,
    name: str = "bottom_encoder",
) -> keras.Model:
    """Builds the bottom encoder of a VQ-VAE-2: of an image and its top grid of vectors.

    The image is halved as by `vqvae_encoder`. The top grid, of half that size, is doubled by a
    4 x 4 transposed convolution and stands beside it before the residual blocks.

    Args:
        image_shape: As in `vqvae_encoder`; `sample_shape=` says the same.
        code_dim: Components of a vector, here and at the top. Defaults to 16.
        width: Channels of the hidden grids. Defaults to 64.
        halvings: How often the size is halved, once less than at the top. Defaults to 1.
        blocks: Residual blocks. Defaults to 2.
        name: Name of the model.

    Returns:
        A built `keras.Model` from [(batch, *image_shape), (batch, m / 2, n / 2, code_dim)] to
        (batch, m, n, code_dim), m and n the sides of the image divided by 2^halvings.

    Raises:
        ValueError: As `vqvae_encoder`.

    Example:

    >>> vqvae2_bottom_encoder((28, 28, 1), code_dim=8, width=16).output_shape
    (None, 14, 14, 8)

    Reference:
        Razavi et al., Generating Diverse High-Fidelity Images with VQ-VAE-2, 2019,
        arXiv 1906.00446.
    """
    check_positive(code_dim=code_dim, width=width, blocks=blocks)
    top_grid = _check_halvings(image_shape, halvings + 1)
    x = keras.Input(tuple(image_shape), name="x")
    top = keras.Input((*top_grid, code_dim), name="e_top")
    h = layers.Concatenate()([_halved(x, width, halvings), _doubled(top, width)])
    h = _residual(_convolution(width, 3)(h), width, blocks)
    return keras.Model([x, top], _convolution(code_dim, 1)(h), name=name)


@register
def vqvae2_decoder(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    code_dim: int = 16,
    width: int = 64,
    halvings: int = 1,
    blocks: int = 2,
    activation: str | None = None,
    name: str = "decoder",
) -> keras.Model:
    """Builds the decoder of a VQ-VAE-2: of the top grid of vectors and the bottom one.

    The top grid is doubled by a 4 x 4 transposed convolution and stands beside the bottom one; what
    follows is `vqvae_decoder`.

    Args:
        image_shape: As in `vqvae_encoder`; `sample_shape=` says the same.
        code_dim: Likewise.
        width: Likewise.
        halvings: Likewise.
        blocks: Likewise.
        activation: As in `vqvae_decoder`. Defaults to None.
        name: Name of the model.

    Returns:
        A built `keras.Model` from [(batch, m / 2, n / 2, code_dim), (batch, m, n, code_dim)] to
        (batch, *image_shape), m and n the sides of the image divided by 2^halvings.

    Raises:
        ValueError: As `vqvae_encoder`.

    Example:

    >>> vqvae2_decoder((28, 28, 1), code_dim=8, width=16).output_shape
    (None, 28, 28, 1)

    Reference:
        Razavi et al., Generating Diverse High-Fidelity Images with VQ-VAE-2, 2019,
        arXiv 1906.00446.
    """
    check_positive(code_dim=code_dim, width=width, blocks=blocks)
    grid = _check_halvings(image_shape, halvings + 1)
    top = keras.Input((*grid, code_dim), name="e_top")
    bottom = keras.Input((*(2 * side for side in grid), code_dim), name="e_bottom")
    h = layers.Concatenate()([_doubled(top, width), bottom])
    h = _residual(_convolution(width, 3)(h), width, blocks)
    image = _enlarged(h, image_shape[-1], width, halvings)
    image = layers.Activation(activation, dtype=output_dtype())(image)
    return keras.Model([top, bottom], image, name=name)


def _halved(x: keras.KerasTensor, width: int, halvings: int) -> keras.KerasTensor:
    """Halves the size by convolutions and ReLU, so often."""
    for i in range(halvings):
        x = layers.ReLU()(_convolution(width if i else max(width // 2, 1), 4, 2)(x))
    return x


def _doubled(e: keras.KerasTensor, width: int) -> keras.KerasTensor:
    """Doubles the size by a transposed convolution and ReLU."""
    enlarge = convolutions.Conv2DTranspose(width, 4, 2, padding="same", data_format=ORDER)
    return layers.ReLU()(enlarge(e))


def _residual(h: keras.KerasTensor, width: int, blocks: int) -> keras.KerasTensor:
    """Adds blocks of ReLU, 3 x 3 convolution, ReLU, 1 x 1 convolution."""
    for _ in range(blocks):
        inner = _convolution(max(width // 2, 1), 3)(layers.ReLU()(h))
        h = layers.Add()([h, _convolution(width, 1)(layers.ReLU()(inner))])
    return layers.ReLU()(h)


def _enlarged(h: keras.KerasTensor, channels: int, width: int, halvings: int) -> keras.KerasTensor:
    """Doubles the size by transposed convolutions, so often, to the channels of an image."""
    for i in reversed(range(halvings)):
        filters = max(width // 2, 1) if i else channels
        h = convolutions.Conv2DTranspose(filters, 4, 2, padding="same", data_format=ORDER)(h)
        h = layers.ReLU()(h) if i else h
    return h


def _convolution(width: int, kernel: int, stride: int = 1) -> layers.Layer:
    return convolutions.Conv2D(width, kernel, stride, padding="same", data_format=ORDER)


def _check_halvings(image_shape: tuple[int, int, int], halvings: int) -> tuple[int, int]:
    """Returns height and width of the smallest grid."""
    check_positive(halvings=halvings)
    height, width, _ = check_image_shape(image_shape)
    if height % 2**halvings or width % 2**halvings:
        raise ValueError(
            f"Images of {height} x {width} pixels cannot be halved {halvings} times: pad or resize "
            f"them to multiples of {2**halvings}."
        )
    return height // 2**halvings, width // 2**halvings
