"""Transforms of the colors of images: those of adaptive augmentation."""

import math

from keras import ops

from keras_gan.augment.transform import Transform, along, check_images, check_positions
from keras_gan.backend.configured import register


@register
class Brightness(Transform):
    """x + b, b ~ N(0, 0.2²), the same in every position and channel. Values are not clipped.

    Args:
        strength: Factor of b, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for points.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Brightness()(ops.zeros((4, 8, 8, 1)), Draws(0)).shape)
    (4, 8, 8, 1)

    Reference: Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, arXiv
    2006.06676, appendix B.
    """

    def check(self, sample_shape):
        """Refuses points."""
        check_positions(self, sample_shape, sized=False)

    def draw(self, shape, draws, strength):
        """b, `(batch,)`."""
        return 0.2 * strength * draws.normal((shape[0],), dtype="float32")

    def apply(self, x, drawn):
        """x + b."""
        return x + along(drawn, x)


@register
class Contrast(Transform):
    """2^s x, s ~ N(0, ½²), about 0, the middle of the range of pixels.

    Args:
        strength: Factor of s, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for points.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Contrast()(ops.zeros((4, 8, 8, 1)), Draws(0)).shape)
    (4, 8, 8, 1)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def check(self, sample_shape):
        """Refuses points."""
        check_positions(self, sample_shape, sized=False)

    def draw(self, shape, draws, strength):
        """2^s, `(batch,)`."""
        s = 0.5 * strength * draws.normal((shape[0],), dtype="float32")
        return ops.exp(math.log(2.0) * s)

    def apply(self, x, drawn):
        """2^s x."""
        return along(drawn, x) * x


class _Colors(Transform):
    """A transform of images of one or three channels."""

    channels = (1, 3)

    def check(self, sample_shape):
        """Refuses other than images of these channels."""
        check_images(self, sample_shape, self.channels)


@register
class LumaFlip(_Colors):
    """Light becomes dark with the hue unchanged, with probability ½: x − 2 v (v · x).

    v = (1, 1, 1)/√3 is the axis of grey. An image of one channel becomes −x, its negative.

    Args:
        strength: Factor of the ½, a number or a schedule; from 2 on all are. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images of one or
            three channels.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> float(ops.sum(LumaFlip(strength=2.0)(ops.ones((4, 1, 1, 1)), Draws(0))))
    -4.0

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def draw(self, shape, draws, strength):
        """Whether each is flipped, `(batch,)`."""
        return draws.uniform((shape[0],), dtype="float32") < 0.5 * strength

    def apply(self, x, drawn):
        """x or its mirror image."""
        mirrored = x - 2.0 * ops.mean(x, axis=-1, keepdims=True)
        return ops.where(along(drawn, x, "bool"), mirrored, x)


class _ThreeColors(_Colors):
    """A transform of images of three channels."""

    channels = (3,)


@register
class Hue(_ThreeColors):
    """Colors turned about the axis of grey by an angle uniform on [−π, π].

        R = v vᵀ + cos φ (I − v vᵀ) + sin φ [v]ₓ,   v = (1, 1, 1)/√3

    Args:
        strength: Factor of the angle, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images of three
            channels.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Hue()(ops.zeros((4, 8, 8, 3)), Draws(0)).shape)
    (4, 8, 8, 3)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def draw(self, shape, draws, strength):
        """The angle, `(batch,)`."""
        return 2.0 * math.pi * strength * (draws.uniform((shape[0],), dtype="float32") - 0.5)

    def apply(self, x, drawn):
        """R x."""
        cos, sin = along(ops.cos(drawn), x), along(ops.sin(drawn), x)
        colored = x - ops.mean(x, axis=-1, keepdims=True)
        # v × x of the components x₁ x₂ x₃ is (x₃ − x₂, x₁ − x₃, x₂ − x₁)/√3
        across = ops.roll(x, 1, axis=-1) - ops.roll(x, -1, axis=-1)
        return x + (cos - 1.0) * colored + (3**-0.5) * sin * across


@register
class Saturation(_ThreeColors):
    """Colors moved from or to the axis of grey: m + 2^s (x − m), s ~ N(0, 1).

    m is the mean over the channels of a position.

    Args:
        strength: Factor of s, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`; when a game is made with it, for other than images of three
            channels.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Saturation()(ops.zeros((4, 8, 8, 3)), Draws(0)).shape)
    (4, 8, 8, 3)

    Reference: Karras et al. 2020, arXiv 2006.06676, appendix B.
    """

    def draw(self, shape, draws, strength):
        """2^s − 1, `(batch,)`."""
        s = strength * draws.normal((shape[0],), dtype="float32")
        return ops.exp(math.log(2.0) * s) - 1.0

    def apply(self, x, drawn):
        """x + (2^s − 1) (x − m)."""
        return x + along(drawn, x) * (x - ops.mean(x, axis=-1, keepdims=True))


def of_colors(channels: int) -> list[Transform]:
    """The authors' transforms of colors, in their order; hue and saturation only where there are.

    Args:
        channels: 1 or 3.
    """
    both = [Brightness(), Contrast(), LumaFlip()]
    return both if channels == 1 else [*both, Hue(), Saturation()]
