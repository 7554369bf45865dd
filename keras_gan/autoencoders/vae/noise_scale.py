"""The standard deviation of a Gaussian decoder, found in training."""

import keras
from keras import ops

from keras_gan.parallel.global_batch import global_mean

MOMENTUM = 0.9  # of the moving average of the batches' variances


@keras.saving.register_keras_serializable(package="keras_gan")
class NoiseScale(keras.layers.Layer):
    """One standard deviation σ for all components, a weight or that of the present batch.

        "learned"   σ = exp s with a weight s, which begins at 0
        "batch"     σ² = mean (x − m)² over components and samples of the minibatch, in training;
                    otherwise its moving average

    The derivative of the log density by this σ is 0, so that none goes through it.

    Args:
        how: `"learned"` or `"batch"`.

    Reference: Rybkin, Daniilidis and Levine 2021, Simple and Effective VAE Training with Calibrated
    Decoders, arXiv 2006.13202.
    """

    def __init__(self, how: str, **options):
        super().__init__(dtype="float32", **options)
        self.how, learned = how, how == "learned"
        self.value = self.add_weight(
            shape=(),
            initializer="zeros" if learned else "ones",
            trainable=learned,
            name="log_stddev" if learned else "variance",
        )
        self.built = True

    def call(self, x, mean, training: bool = False):
        """Returns σ, a float32 scalar.

        Args:
            x: Samples `(batch, ...)`.
            mean: The decoder's output for them.
            training: Whether the batch decides, and enters the moving average.
        """
        if self.how == "learned":
            return ops.exp(self.value)
        if training:
            error = ops.cast(x, "float32") - ops.cast(mean, "float32")
            variance = ops.maximum(global_mean(ops.stop_gradient(ops.square(error))), 1e-10)
            self.value.assign(MOMENTUM * self.value + (1.0 - MOMENTUM) * variance)
            return ops.sqrt(variance)
        return ops.sqrt(self.value)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"how": self.how, "name": self.name}
