"""Affine maps of images, several in a row as one."""

from keras import ops

from keras_gan.augment.positions import read
from keras_gan.augment.transform import Transform, check_images


class Affine(Transform):
    """A random affine map of the plane of an image.

        y(p) = x(M p)

    with p the position in pixels from the middle of the image, the first component to the right,
    the second down, and M a 3 × 3 matrix in homogeneous coordinates. Between pixels x is
    interpolated linearly; beyond the edges it is mirrored. A subclass defines `matrices`.
    Consecutive affine maps are one map, so that an image is interpolated once.
    """

    def check(self, sample_shape):
        """Refuses other than images of one size."""
        check_images(self, sample_shape)

    def matrices(self, shape: tuple, draws, strength) -> list:
        """Returns M as two rows of three numbers `(batch,)` or constants each.

        Args:
            shape: As in `draw`, like the others.
            draws: Likewise.
            strength: Likewise.
        """
        raise NotImplementedError

    def draw(self, shape, draws, strength):
        """Returns M, `(batch, 3, 3)`."""
        rows = [*self.matrices(shape, draws, strength), (0.0, 0.0, 1.0)]
        entries = [ops.cast(entry, "float32") for row in rows for entry in row]
        entries = [ops.broadcast_to(entry, (shape[0],)) for entry in entries]
        return ops.reshape(ops.stack(entries, axis=1), (-1, 3, 3))

    def apply(self, x, drawn):
        """Returns x(M p)."""
        return resampled(x, drawn)


class AffineChain(Affine):
    """Consecutive affine maps as one: the first is done first.

    Args:
        members: Several `Affine`.
    """

    def __init__(self, members: list[Affine]):
        super().__init__()
        self.members = members

    def numbers(self, shape, draws, step=None, factor=None):
        """Returns the product M₁ M₂ …, with the unit matrix for a member that is passed over."""
        product = None
        for member in self.members:
            matrix, chosen = member.numbers(shape, draws, step, factor)
            if chosen is not None:
                chosen = ops.reshape(chosen, (-1, 1, 1))
                matrix = ops.where(chosen, matrix, ops.eye(3, dtype="float32"))
            product = matrix if product is None else _product(product, matrix)
        return product, None


def fused(parts: list[Transform]) -> list[Transform]:
    """Transforms, those in which consecutive affine maps are one.

    Args:
        parts: Transforms, in their order.
    """
    stages = []
    for part in parts:
        if isinstance(part, Affine):
            if stages and isinstance(stages[-1], AffineChain):
                stages[-1].members.append(part)
                continue
            part = AffineChain([part])
        stages.append(part)
    return stages


def resampled(x, matrix):
    """Images at other positions: y(p) = x(M p), see `Affine`.

    Args:
        x: Images `(batch, height, width, channels)`, of known sizes but the batch.
        matrix: M, `(batch, 3, 3)`.

    Example, a quarter turn:

    >>> x = ops.reshape(ops.arange(4.0), (1, 2, 2, 1))
    >>> turn = ops.convert_to_tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]])
    >>> ops.convert_to_numpy(resampled(x, turn))[0, :, :, 0].tolist()
    [[1.0, 3.0], [0.0, 2.0]]
    """
    height, width, channels = x.shape[1:]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    right = ops.reshape(ops.arange(width, dtype="float32") - middle_x, (1, 1, -1))
    down = ops.reshape(ops.arange(height, dtype="float32") - middle_y, (1, -1, 1))
    m = [[ops.reshape(matrix[:, i, j], (-1, 1, 1)) for j in range(3)] for i in range(2)]
    source = [row[0] * right + row[1] * down + row[2] for row in m]
    left, right, to_right = _neighbours(source[0] + middle_x, width)
    above, below, to_below = _neighbours(source[1] + middle_y, height)
    corners = [row * width + column for row in (above, below) for column in (left, right)]
    places = ops.reshape(ops.stack(corners, axis=1), (-1, 4 * height * width))
    found = ops.reshape(read(x, places), (-1, 4, height, width, channels))
    shares = [ops.expand_dims(ops.cast(s, x.dtype), -1) for s in (to_right, to_below)]
    upper, lower = (_between(found[:, i], found[:, i + 1], shares[0]) for i in (0, 2))
    return _between(upper, lower, shares[1])


def _between(one, other, share):
    """The point that lies this share of the way from one to the other; exact at both ends."""
    return (1.0 - share) * one + share * other


def _neighbours(position, size: int) -> tuple:
    """The pixels before and behind a position, and the share of the way from one to the other.

    Beyond the edges positions are mirrored, at the middle of the first and of the last pixel.
    """
    if size == 1:
        zero = ops.zeros_like(position)
        return ops.cast(zero, "int32"), ops.cast(zero, "int32"), zero
    last = size - 1
    position = ops.abs(ops.mod(position + last, 2.0 * last) - last)
    before = ops.clip(ops.floor(position), 0.0, float(last))
    behind = ops.minimum(before + 1.0, float(last))
    return ops.cast(before, "int32"), ops.cast(behind, "int32"), position - before


def _product(a, b):
    """The matrix products `(batch, 3, 3)`, in float32 on every device."""
    return ops.sum(ops.expand_dims(a, 3) * ops.expand_dims(b, 1), axis=2)


def quarter(number) -> tuple:
    """cos and sin of a number of quarter turns, without rounding.

    Args:
        number: Whole numbers from 0 to 3, float32 `(batch,)`.

    Example:

    >>> [float(each) for each in quarter(ops.convert_to_tensor(3.0))]
    [0.0, -1.0]
    """
    cos = ops.cast(ops.equal(number, 0.0), "float32") - ops.cast(ops.equal(number, 2.0), "float32")
    sin = ops.cast(ops.equal(number, 1.0), "float32") - ops.cast(ops.equal(number, 3.0), "float32")
    return cos, sin
