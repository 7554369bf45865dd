"""Real NVP: affine couplings, of points and of images at several scales."""

import keras

from keras_gan.arguments import whole, whole_shape
from keras_gan.bijections import (
    ActNorm,
    AffineCoupling,
    Chain,
    Flatten,
    Logit,
    Split,
    Squeeze,
)
from keras_gan.flows.named import NamedFlow, chosen_alpha, counted, has_levels

PER_MASK = 3  # couplings of one kind of mask in a row, of images


@keras.saving.register_keras_serializable(package="keras_gan")
class RealNVP(NamedFlow):
    """Real NVP: couplings z_A = x_A, z_B = exp(s(x_A)) ⊙ x_B + t(x_A), whose parts take turns.

        log p(x) = log N(z; 0, I) + Σ over couplings, components of s

    Points go through `couplings` of them, each behind an ActNorm. Images go through `levels`
    scales: three couplings of checkerboards, a squeeze, three of channels, and half of the channels
    is done; before, pixels are dequantized and taken to the whole line by a logit.

    Ours differs from the paper by an ActNorm where it has batch normalization
    (`kg.bijections.BatchNormalization` is there for one's own `Chain`), and by plain convolutions
    where it has residual networks.

    Args:
        sample_shape: The shape of one x: `(d,)` with d ≥ 2, or `(height, width, channels)`.
        couplings: How many, of points. Defaults to 8.
        width: Units or channels of the hidden layers of s and t. Defaults to 128.
        depth: Number of their hidden layers. Defaults to 2.
        levels: Scales, of images; each halves the sides. Defaults to 2.
        alpha: α of the logit, of images. `None`, the default, for 0.05 of colour images, the
            paper's, and 1e-6 of grey ones, which have many pixels at 0 (Papamakarios et al. 2017,
            arXiv 1705.07057, for MNIST).
        **options: `classes`, `base`, `dequantize`, `average`, `seed`, `name` as in `Flow`, but
            that images are dequantized by default.

    Raises:
        ValueError: For sizes below 1, sides that cannot be halved so often; and as `Flow`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> flow = kg.RealNVP((2,), couplings=4, width=16, seed=0)
    >>> flow.compile()
    >>> x = np.random.default_rng(0).normal(size=(256, 2))
    >>> history = flow.fit(x, batch_size=64, verbose=0)
    >>> flow.generate(3, seed=0).shape
    (3, 2)

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, arXiv
    1605.08803.
    """

    def __init__(
        self,
        sample_shape,
        *,
        couplings: int = 8,
        width: int = 128,
        depth: int = 2,
        levels: int = 2,
        alpha: float | None = None,
        **options,
    ):
        given = {"couplings": couplings, "width": width, "depth": depth}
        arguments = self.checked(sample_shape, **given, levels=levels, alpha=alpha)
        super().__init__(sample_shape, arguments, **options)

    @staticmethod
    def checked(sample_shape, couplings, width, depth, levels, alpha):
        """All arguments, after a check."""
        return {
            "couplings": counted("couplings", couplings, least=2),
            "width": whole("width", width),
            "depth": counted("depth", depth),
            "levels": counted("levels", levels),
            "alpha": chosen_alpha(alpha, whole_shape("sample_shape", sample_shape)),
        }

    @staticmethod
    def composed(sample_shape, classes, couplings, width, depth, levels, alpha):
        """Couplings of points, or the scales of images."""
        options = {"width": width, "depth": depth, "condition_dim": classes}
        if len(sample_shape) == 1:
            return Chain(_in_turn("halves", couplings, **options))
        chain = None
        for _ in range(levels):
            steps = _in_turn("checkerboard", PER_MASK, **options)
            steps += [Squeeze(), *_in_turn("channels", PER_MASK, **options)]
            chain = Chain([*steps, Flatten() if chain is None else Split(chain, learned=False)])
        return Chain([Logit(alpha), chain]) if has_levels(sample_shape) else chain


def _in_turn(mask: str, count: int, **options) -> list:
    """Couplings whose parts take turns, each behind an ActNorm.

    Args:
        mask: That of all of them.
        count: How many.
        **options: Theirs.
    """
    pairs = ((ActNorm(), AffineCoupling(mask, swap=i % 2 == 1, **options)) for i in range(count))
    return [each for pair in pairs for each in pair]
