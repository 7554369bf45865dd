"""Geometric transforms of images: those of adaptive augmentation."""

import math

from keras import ops

from keras_gan.augment.affine import Affine, quarter
from keras_gan.augment.transform import Transform
from keras_gan.backend.configured import register


@register
class Flip(Affine):
    """Images mirrored left to right, with probability ½.

    Args:
        strength: Factor of the ½, a number or a schedule; from 2 on all are. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> x = ops.reshape(ops.arange(4.0), (1, 1, 4, 1))
    >>> ops.convert_to_numpy(Flip(strength=2.0)(x, Draws(0))).flatten().tolist()
    [3.0, 2.0, 1.0, 0.0]

    Reference: Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, arXiv
    2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """±1 to the right."""
        mirrored = draws.uniform((shape[0],), dtype="float32") < 0.5 * strength
        return (1.0 - 2.0 * ops.cast(mirrored, "float32"), 0.0, 0.0), (0.0, 1.0, 0.0)


@register
class QuarterTurn(Affine):
    """Images turned by 0, 90, 180 or 270 degrees about their middle, each as likely.

    A rectangle keeps its size; beyond the edges it is mirrored.

    Args:
        strength: The probability of a turn other than 0 is ¾ of it, at most 1, a number or a
            schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> x = ops.reshape(ops.arange(4.0), (1, 2, 2, 1))
    >>> sorted(ops.convert_to_numpy(QuarterTurn()(x, Draws(0))).flatten().tolist())
    [0.0, 1.0, 2.0, 3.0]

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """A rotation."""
        strength = ops.minimum(ops.maximum(strength, 1e-30), 4 / 3)
        u = draws.uniform((shape[0],), dtype="float32") / strength
        turns = ops.where(u < 0.75, ops.floor(u * 4.0) + 1.0, 0.0)
        cos, sin = quarter(turns)
        return (cos, -sin, 0.0), (sin, cos, 0.0)


@register
class IntegerTranslation(Affine):
    """Images moved by whole numbers of pixels, up to an eighth of their sides; edges are mirrored.

        t = round(size · u),   u ~ U[−⅛, ⅛], for either axis

    Args:
        strength: Factor of u, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(IntegerTranslation()(ops.ones((4, 16, 12, 1)), Draws(0)).shape)
    (4, 16, 12, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """A translation by whole numbers."""
        u = 0.25 * strength * (draws.uniform((shape[0], 2), dtype="float32") - 0.5)
        right, down = ops.round(u[:, 0] * shape[2]), ops.round(u[:, 1] * shape[1])
        return (1.0, 0.0, right), (0.0, 1.0, down)


@register
class Scaling(Affine):
    """Images enlarged by 2^s about their middle, s ~ N(0, 0.2²).

    Args:
        strength: Factor of s, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Scaling()(ops.ones((4, 16, 12, 1)), Draws(0)).shape)
    (4, 16, 12, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """1 / 2^s in both directions."""
        inverse = _power(-0.2 * strength * draws.normal((shape[0],), dtype="float32"))
        return (inverse, 0.0, 0.0), (0.0, inverse, 0.0)


@register
class Stretching(Affine):
    """Images stretched by 2^s to the sides and by 2^−s up and down, s ~ N(0, 0.2²).

    Args:
        strength: Factor of s, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Stretching()(ops.ones((4, 16, 12, 1)), Draws(0)).shape)
    (4, 16, 12, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """1 / 2^s to the sides, 2^s up and down."""
        s = 0.2 * strength * draws.normal((shape[0],), dtype="float32")
        return (_power(-s), 0.0, 0.0), (0.0, _power(s), 0.0)


@register
class Rotation(Affine):
    """Images turned about their middle by an angle uniform on [−π, π].

    Args:
        one_of_two: Whether the probability p is that of this or another rotation of the kind, 1 −
            √(1 − p) for each: the authors turn before and after they stretch. Defaults to `False`.
        strength: Factor of the angle, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Rotation(strength=0.1)(ops.ones((4, 16, 12, 1)), Draws(0)).shape)
    (4, 16, 12, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def __init__(self, one_of_two: bool = False, *, strength=1.0, probability=1.0):
        super().__init__(strength=strength, probability=probability)
        self.one_of_two = one_of_two

    def matrices(self, shape, draws, strength):
        """A rotation."""
        angle = 2.0 * math.pi * strength * (draws.uniform((shape[0],), dtype="float32") - 0.5)
        cos, sin = ops.cos(angle), ops.sin(angle)
        return (cos, -sin, 0.0), (sin, cos, 0.0)

    def present_probability(self, step=None, factor=None):
        """Returns that of this rotation; `None` if it is certain."""
        p = super().present_probability(step, factor)
        if p is None or not self.one_of_two:
            return p
        return 1.0 - ops.sqrt(1.0 - ops.clip(ops.cast(p, "float32"), 0.0, 1.0))

    def get_config(self):
        """Returns the constructor's arguments."""
        return {"one_of_two": self.one_of_two, **super().get_config()}


@register
class FractionalTranslation(Affine):
    """Images moved by t ~ N(0, (size/8)²) pixels along either axis; edges are mirrored.

    Args:
        strength: Factor of t, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(FractionalTranslation()(ops.ones((4, 16, 12, 1)), Draws(0)).shape)
    (4, 16, 12, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def matrices(self, shape, draws, strength):
        """A translation."""
        t = 0.125 * strength * draws.normal((shape[0], 2), dtype="float32")
        return (1.0, 0.0, t[:, 0] * shape[2]), (0.0, 1.0, t[:, 1] * shape[1])


def _power(s):
    """2^s."""
    return ops.exp(math.log(2.0) * s)


def geometric() -> list[Transform]:
    """The authors' geometric transforms, in their order."""
    return [
        Flip(),
        QuarterTurn(),
        IntegerTranslation(),
        Scaling(),
        Rotation(one_of_two=True),
        Stretching(),
        Rotation(one_of_two=True),
        FractionalTranslation(),
    ]
