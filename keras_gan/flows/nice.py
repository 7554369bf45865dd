"""NICE: additive couplings of volume 1, and one scale at the end."""

import keras

from keras_gan.arguments import whole, whole_shape
from keras_gan.bijections import AdditiveCoupling, Chain, ElementwiseAffine, Flatten, Permutation
from keras_gan.flows.named import NamedFlow, counted


@keras.saving.register_keras_serializable(package="keras_gan")
class NICE(NamedFlow):
    """NICE: couplings z_A = x_A, z_B = x_B + t(x_A), whose parts take turns, then a scale exp(s).

        log p(x) = Σᵢ log p_Z(zᵢ) + Σᵢ sᵢ,   p_Z the logistic density

    Samples of any shape are written in one row, its components shuffled once by the seed 0, so
    that each part has some from everywhere. The paper's networks for MNIST are the defaults for
    images, with 5 hidden layers of 1000; for points there are 4 of 128.

    Args:
        sample_shape: The shape of one x, of at least 2 components.
        couplings: How many. Defaults to 4.
        width: Units of the hidden layers of t. `None`, the default, for 1000 of images, 128 of
            points.
        depth: Number of hidden layers of t. `None`, the default, for 5 of images, 4 of points.
        base: As in `Flow`; defaults to `"logistic"`.
        **options: `classes`, `dequantize`, `average`, `seed`, `name` as in `Flow`, but that images
            are dequantized by default.

    Raises:
        ValueError: For sizes below 1; and as `Flow`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> flow = kg.NICE((3,), width=16, seed=0)
    >>> flow.compile()
    >>> x = np.random.default_rng(0).normal(size=(256, 3))
    >>> history = flow.fit(x, batch_size=64, verbose=0)
    >>> flow.log_prob(x).shape
    (256,)

    Reference: Dinh, Krueger and Bengio 2015, NICE: Non-linear Independent Components Estimation,
    arXiv 1410.8516.
    """

    def __init__(
        self,
        sample_shape,
        *,
        couplings: int = 4,
        width: int | None = None,
        depth: int | None = None,
        base="logistic",
        **options,
    ):
        arguments = self.checked(sample_shape, couplings, width, depth)
        super().__init__(sample_shape, arguments, base=base, **options)

    @staticmethod
    def checked(sample_shape, couplings, width, depth):
        """All arguments, after a check."""
        axes = len(whole_shape("sample_shape", sample_shape))
        default_width, default_depth = (1000, 5) if axes > 1 else (128, 4)
        return {
            "couplings": counted("couplings", couplings, least=2),
            "width": whole("width", default_width if width is None else width),
            "depth": counted("depth", default_depth if depth is None else depth),
        }

    @staticmethod
    def composed(sample_shape, classes, couplings, width, depth):
        """The row, its order, the couplings, the scale."""
        options = {"width": width, "depth": depth, "condition_dim": classes}
        steps = [AdditiveCoupling(swap=i % 2 == 1, **options) for i in range(couplings)]
        return Chain([Flatten(), Permutation(), *steps, ElementwiseAffine(shift=False)])
