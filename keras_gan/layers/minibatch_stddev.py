"""The standard deviation of the minibatch as further channels."""

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import widest
from keras_gan.parallel.global_batch import gathered, own_rows


@keras.saving.register_keras_serializable(package="keras_gan")
class MinibatchStdDev(layers.Layer):
    """Appends to each sample how much the samples of its group differ, right to second order.

        y = [x, s₁, …, s_F],   s_f = mean over positions p and channels c of block f of
                                     √(mean over i in the group of (xᵢ_pc − μ_pc)² + ε)

    with μ the mean over the group, ε = 10⁻⁸, and F blocks of equally many neighbouring channels.
    Each s_f is one number per group, the same at all positions. A discriminator that has it sees
    when the samples of a generator are too much alike. It stands near the end, before the last
    convolution or dense layer.

    A minibatch of N samples has M = ⌊N / G⌋ groups, but at least one, and sample i belongs to group
    i mod M, as in the authors' code. That code needs N to be at most G or a multiple of it; here
    groups of another N have between G and 2G − 1 samples. The authors group the samples of one GPU;
    here the groups are those of the global minibatch, so that any number of replicas takes the same
    steps, but lazy penalties cannot be computed on several. Real and fake samples have minibatches
    of their own. In inference, too, a score depends on the samples beside it. Computed in float32
    at least.

    Args:
        group_size: G, at least 1; `None` for one group of all samples, as in the paper. Defaults to
            4, as in the authors' code.
        features: F, a divisor of the number of channels. Defaults to 1.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a size or a number below 1, or channels that do not divide into F blocks.

    Example, of two groups, samples 0 and 2, 1 and 3:

    >>> x = keras.ops.convert_to_tensor([[0.0], [1.0], [4.0], [1.0]])
    >>> [[round(float(v), 3) for v in row] for row in MinibatchStdDev(group_size=2)(x)]
    [[0.0, 2.0], [1.0, 0.0], [4.0, 2.0], [1.0, 0.0]]

    Reference:
        Karras, Aila, Laine and Lehtinen 2018, Progressive Growing of GANs for Improved Quality,
        Stability, and Variation, arXiv 1710.10196, section 3.
    """

    gathers = True  # the samples of all replicas, which a branch of TensorFlow cannot
    couples_samples = True  # an output depends on other samples, so that no sampler can ask for it

    def __init__(self, group_size: int | None = 4, features: int = 1, **options):
        super().__init__(**options)
        self.group_size = None if group_size is None else whole("group_size", group_size)
        self.features = whole("features", features)

    def build(self, input_shape) -> None:
        """Checks the number of channels."""
        channels = input_shape[-1]
        if channels is None or channels % self.features:
            raise ValueError(
                f"MinibatchStdDev cuts the channels into {self.features} blocks, so their number, "
                f"on the last axis, must be a multiple of it; received inputs of shape "
                f"{tuple(input_shape)}: take features=1."
            )
        super().build(input_shape)

    def call(self, inputs):
        """Returns the inputs, `(batch, ..., channels)`, with `features` more channels."""
        x = ops.cast(inputs, widest(inputs.dtype))
        deviations = ops.cast(own_rows(self.deviations(gathered(x))), inputs.dtype)
        ones = (1,) * (len(inputs.shape) - 2)
        deviations = ops.reshape(deviations, (-1, *ones, self.features))
        spread = ops.ones_like(inputs[..., : self.features]) * deviations
        return ops.concatenate([inputs, spread], axis=-1)

    def deviations(self, x):
        """Returns s of every sample of a minibatch, `(batch, features)`.

        Args:
            x: Tensor `(batch, ..., channels)`, in float32 at least.
        """
        n = ops.shape(x)[0]
        groups = 1 if self.group_size is None else _at_least_one(n // self.group_size)
        rows = (n + groups - 1) // groups
        missing = rows * groups - n  # samples that the last groups lack, filled up by zeros
        shape = tuple(ops.shape(x)[1:])
        grid = ops.concatenate([x, ops.zeros((missing, *shape), x.dtype)])
        grid = ops.reshape(grid, (rows, groups, -1, self.features, shape[-1] // self.features))
        there = ops.concatenate([ops.ones((n,), x.dtype), ops.zeros((missing,), x.dtype)])
        there = ops.reshape(there, (rows, groups, 1, 1, 1))
        share = there / ops.sum(there, axis=0, keepdims=True)
        centred = grid - ops.sum(share * grid, axis=0, keepdims=True)
        variance = ops.sum(share * ops.square(centred), axis=0)
        found = ops.mean(ops.sqrt(variance + 1e-8), axis=(1, 3))  # (groups, features)
        return ops.tile(found, (rows, 1))[:n]

    def compute_output_shape(self, input_shape):
        """The shape of the inputs with `features` more channels."""
        return (*input_shape[:-1], input_shape[-1] + self.features)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        own = {"group_size": self.group_size, "features": self.features}
        return {**super().get_config(), **own}


def _at_least_one(n):
    """The greater of a number and 1; a Python number of a Python number, for shapes on JAX."""
    return max(n, 1) if isinstance(n, int) else ops.maximum(n, 1)
