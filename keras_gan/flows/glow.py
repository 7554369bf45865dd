"""Glow: actnorm, 1×1 convolution and affine coupling, at several scales of images."""

import keras

from keras_gan.arguments import whole, whole_shape
from keras_gan.bijections import (
    ActNorm,
    AffineCoupling,
    Chain,
    ElementwiseAffine,
    Flatten,
    InvertibleConvolution,
    Logit,
    Split,
    Squeeze,
)
from keras_gan.flows.named import NamedFlow, chosen_alpha, counted

MOST_LEVELS = 3  # by default


@keras.saving.register_keras_serializable(package="keras_gan")
class Glow(NamedFlow):
    """Glow: `levels` scales, each a squeeze, `steps_per_level` steps of flow,
    and a split.

        step: y = exp(s) ⊙ (x + b), then u = W y at every pixel, then z_A = u_A,
              z_B = exp(s(u_A)) ⊙ u_B + t(u_A)
        log p(x) = log N(z; 0, I) + Σ over scales, steps of h w Σ s + h w log |det W| + Σ s(u_A)

    After all scales but the last, half of the channels is done: it is normal, with a mean and a
    scale that a convolution reads from the other half. The last scale ends with a learned mean and
    scale of each component.

    Ours differs from the paper by a logit before the first scale, as of Real NVP, by s bounded
    by a tanh where it has the logarithm of a sigmoid, and by its sizes: the paper has 3 levels of
    32 steps with 512 channels.

    Args:
        image_shape: `(height, width, channels)`.
        levels: Scales; each halves the sides. `None`, the default, for as many as the sides can be
            halved, 3 at most: 2 for MNIST, 3 for CIFAR-10.
        steps_per_level: Steps of flow at each scale. Defaults to 8.
        width: Channels of the hidden layers of s and t. Defaults to 64.
        depth: Number of their hidden layers. Defaults to 2.
        alpha: α of the logit, as in `RealNVP`.
        **options: `classes`, `base`, `dequantize`, `average`, `seed`, `name` as in `Flow`, but
            that images are dequantized by default.

    Raises:
        ValueError: For samples that are not images, sizes below 1, sides that cannot be halved so
            often; and as `Flow`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> flow = kg.Glow((4, 4, 1), levels=1, steps_per_level=2, width=8, seed=0)
    >>> flow.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, size=(32, 4, 4, 1))
    >>> history = flow.fit(x, batch_size=16, verbose=0)
    >>> flow.generate(3, seed=0, temperature=0.7).shape
    (3, 4, 4, 1)

    Reference: Kingma and Dhariwal 2018, Glow: Generative Flow with Invertible 1×1 Convolutions,
    arXiv 1807.03039.
    """

    def __init__(
        self,
        image_shape,
        *,
        levels: int | None = None,
        steps_per_level: int = 8,
        width: int = 64,
        depth: int = 2,
        alpha: float | None = None,
        **options,
    ):
        given = {"levels": levels, "steps_per_level": steps_per_level, "width": width}
        arguments = self.checked(image_shape, **given, depth=depth, alpha=alpha)
        super().__init__(image_shape, arguments, **options)

    @staticmethod
    def checked(image_shape, levels, steps_per_level, width, depth, alpha):
        """All arguments, after a check."""
        if len(whole_shape("image_shape", image_shape)) != 3:
            raise ValueError(
                f"Glow is of images, (height, width, channels); received {tuple(image_shape)}. "
                f"Take kg.RealNVP for points."
            )
        return {
            "levels": counted("levels", halvings(image_shape) if levels is None else levels),
            "steps_per_level": counted("steps_per_level", steps_per_level),
            "width": whole("width", width),
            "depth": counted("depth", depth),
            "alpha": chosen_alpha(alpha, image_shape),
        }

    def settings(self) -> dict:
        """As of any flow, the shape by its name here."""
        found = super().settings()
        return {"image_shape": found.pop("sample_shape"), **found}

    @staticmethod
    def composed(sample_shape, classes, levels, steps_per_level, width, depth, alpha):
        """The scales, from the last to the first."""
        options = {"width": width, "depth": depth, "condition_dim": classes}
        chain = None
        for level in reversed(range(levels)):
            flow = [Squeeze()]
            for i in range(steps_per_level):
                rotation = InvertibleConvolution(seed=steps_per_level * level + i)
                flow += [ActNorm(), rotation, AffineCoupling("channels", **options)]
            end = [Flatten(), ElementwiseAffine()] if chain is None else [Split(chain)]
            chain = Chain([*flow, *end])
        return Chain([Logit(alpha), chain])


def halvings(image_shape) -> int:
    """How often both sides can be halved, from 1 to `MOST_LEVELS`."""
    height, width = (int(side) for side in image_shape[:2])
    found = 0
    while found < MOST_LEVELS and height % 2 == 0 and width % 2 == 0 and min(height, width) > 1:
        height, width, found = height // 2, width // 2, found + 1
    return max(found, 1)
