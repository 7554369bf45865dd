"""How far an image is from its reconstruction: in pixels, or to a frozen network."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan.backend.precision import at_least_float32, float32_layers
from keras_gan.networks.projected import maps_of, sides_seen

NETWORK = "efficientnet_lite0"
EPSILON = 1e-10  # under a root, whose derivative at 0 is not finite


def quarters(x, number):
    """One quarter of each image or grid: upper left, upper right, lower left, lower right.

    Args:
        x: `(batch, height, width, channels)`, of even sides.
        number: Which one, int32 `(batch,)`, from 0 to 3.

    Example:

    >>> x = ops.reshape(ops.arange(8.0), (2, 2, 2, 1))
    >>> ops.convert_to_numpy(quarters(x, ops.convert_to_tensor([1, 2]))).ravel().tolist()
    [1.0, 6.0]
    """
    height, width, channels = x.shape[1:]
    parts = ops.reshape(x, (-1, 2, height // 2, 2, width // 2, channels))
    chosen = ops.reshape(ops.one_hot(number, 4, dtype=x.dtype), (-1, 2, 1, 2, 1, 1))
    return ops.sum(parts * chosen, axis=(1, 3))


def shrunk(x, shape: tuple):
    """Images of a smaller size, by the means of blocks of pixels.

    Args:
        x: `(batch, height, width, channels)`.
        shape: Of an image; its sides divide those of x.
    """
    height, width, channels = shape
    blocks = (-1, height, x.shape[1] // height, width, x.shape[2] // width, channels)
    return ops.mean(ops.reshape(x, blocks), axis=(2, 4))


def absolute(x, y):
    """The mean of |x − y|, a scalar.

    Args:
        x: Images `(batch, height, width, channels)`.
        y: Likewise.
    """
    return ops.mean(ops.abs(at_least_float32(x) - at_least_float32(y)))


def perceptual(image_shape: tuple[int, int, int]) -> Callable:
    """Makes a distance of images, to what EfficientNet-Lite0 sees in them.

        ¼ Σₗ E ‖fₗ(x) / ‖fₗ(x)‖ − fₗ(y) / ‖fₗ(y)‖‖²

    with fₗ the channels at a place of the l-th of four stages, and the mean over images and places.
    The network is frozen and computes in float32. Images are enlarged to at least 64 x 64, as a
    projected discriminator sees them.

    Args:
        image_shape: `(height, width, channels)`, of 1 or 3 channels.

    Returns:
        A function of two tensors `(batch, *image_shape)` in [-1, 1] to a scalar.

    Raises:
        ValueError: For images of other numbers of channels.
    """
    sides = sides_seen(image_shape, by="reconstruction by features")
    with float32_layers():
        x = keras.Input(tuple(image_shape), name="images")
        network = keras.Model(x, maps_of(x, sides, NETWORK), name="perceived")

    def directions(x):
        maps = [at_least_float32(each) for each in network(ops.cast(x, "float32"), training=False)]
        norms = [ops.sum(ops.square(each), axis=-1, keepdims=True) for each in maps]
        return [each * ops.rsqrt(n + EPSILON) for each, n in zip(maps, norms, strict=True)]

    def distance(x, y):
        pairs = list(zip(directions(x), directions(y), strict=True))
        return sum(ops.mean(ops.sum(ops.square(a - b), axis=-1)) for a, b in pairs) / len(pairs)

    return distance


DISTANCES = {"features": perceptual, "l1": lambda image_shape: absolute}
