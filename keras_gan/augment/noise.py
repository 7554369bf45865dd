"""Noise on samples of any shape, one of the transforms of adaptive augmentation."""

from keras import ops

from keras_gan.augment.transform import Transform, along
from keras_gan.backend.configured import register


@register
class Noise(Transform):
    """x + σ n, n ~ N(0, I), with σ = |N(0, 0.1²)| of each sample its own.

    Samples of any shape will do. `kg.layers.InstanceNoise` has one σ for all.

    Args:
        strength: Factor of σ, a number or a schedule. Defaults to 1.
        probability: As in `Transform`.

    Raises:
        ValueError: As `Transform`.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> tuple(Noise()(ops.zeros((4, 2)), Draws(0)).shape)
    (4, 2)

    Reference: Karras et al. 2020, Training Generative Adversarial Networks with Limited Data, arXiv
    2006.06676, appendix B.
    """

    def draw(self, shape, draws, strength):
        """σ n, of the samples' shape."""
        n = draws.normal(shape, dtype="float32")
        stddev = 0.1 * strength * ops.abs(draws.normal((shape[0],), dtype="float32"))
        return along(stddev, n) * n

    def apply(self, x, drawn):
        """x + σ n."""
        return x + ops.cast(drawn, x.dtype)
