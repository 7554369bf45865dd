"""Real NVP's batch normalization, whose running statistics also train."""

import math

from keras import ops

from keras_gan.arguments import amount
from keras_gan.bijections.bijection import Bijection, register
from keras_gan.parallel.global_batch import global_mean


@register
class BatchNormalization(Bijection):
    """Batch normalization as a bijection, by running statistics that are those of training, too.

        z = (x − μ̃) / √(σ̃² + ε),   log |det| = −(h w / 2) Σ log(σ̃² + ε)
        in training, before:   μ̃ ← ρ μ̃ + (1 − ρ) μ̂,   σ̃² ← ρ σ̃² + (1 − ρ) σ̂²

    with mean μ̂ and variance σ̂² of the channels over the global batch, through which alone the
    derivative goes. There are no further scale and shift. The running statistics begin at those of
    the first data that `kg.Flow.fit` sees, or of the first batch. The inverse takes them as they
    are, so that it undoes the last forward pass in both modes.

    Args:
        momentum: ρ in [0, 1). Defaults to 0.9; 0 takes the batch's alone.
        epsilon: ε > 0. Defaults to 1e-5.
        **options: As in `Bijection`.

    Raises:
        ValueError: For numbers out of range.

    Example:

    >>> z = BatchNormalization(momentum=0.0).forward([[1.0], [3.0]], training=True)
    >>> ops.convert_to_numpy(z).round(2).tolist()
    [[-1.0], [1.0]]

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, arXiv
    1605.08803, section 3.7.
    """

    def __init__(self, momentum: float = 0.9, epsilon: float = 1e-5, **options):
        super().__init__(**options)
        self.momentum = amount("momentum", momentum, least=0, below=1)
        self.epsilon = amount("epsilon", epsilon, above=0)

    def build(self, input_shape):
        """Makes the running statistics."""

        def weight(name, initializer, shape=(input_shape[-1],)):
            return self.add_weight(shape=shape, initializer=initializer, trainable=False, name=name)

        self.mean, self.variance = weight("mean", "zeros"), weight("variance", "ones")
        self.started = weight("started", "zeros", ())

    def statistics(self, x, training: bool) -> tuple:
        """μ̃ and σ̃² + ε for a forward pass, which moves them in training."""
        if not training:
            return ops.convert_to_tensor(self.mean), self.variance + self.epsilon
        axes = tuple(range(len(x.shape) - 1))
        mean = global_mean(x, axis=axes)
        variance = global_mean(ops.square(x - mean), axis=axes)
        old = self.momentum * ops.convert_to_tensor(self.started)
        mean = old * ops.stop_gradient(self.mean) + (1.0 - old) * mean
        variance = old * ops.stop_gradient(self.variance) + (1.0 - old) * variance
        self.mean.assign(ops.stop_gradient(mean))
        self.variance.assign(ops.stop_gradient(variance))
        self.started.assign(ops.ones(()))
        return mean, variance + self.epsilon

    def needs_start(self):
        """Whether it has seen no data."""
        return not self.built or float(self.started + 0.0) == 0

    def start(self, x, condition=None):
        """Starts the running statistics at those of data."""
        x = self._tensor(x)
        self._build_for(tuple(x.shape)[1:])
        axes = tuple(range(len(x.shape) - 1))
        self.mean.assign(ops.mean(x, axis=axes))
        self.variance.assign(ops.var(x, axis=axes))
        self.started.assign(ops.ones(()))
        return self.forward(x, condition)

    def transform(self, x, condition=None, training=False):
        """z and −(h w / 2) Σ log(σ̃² + ε)."""
        mean, variance = self.statistics(x, training)
        return (x - mean) / ops.sqrt(variance), -self._half_log(x, variance)

    def invert(self, z, condition=None, training=False):
        """x and (h w / 2) Σ log(σ̃² + ε)."""
        mean, variance = self.statistics(z, False)
        return z * ops.sqrt(variance) + mean, self._half_log(z, variance)

    @staticmethod
    def _half_log(x, variance):
        """(h w / 2) Σ log(σ̃² + ε)."""
        return 0.5 * math.prod(tuple(x.shape)[1:-1]) * ops.sum(ops.log(variance))

    def get_config(self) -> dict:
        """The constructor's arguments."""
        config = super().get_config()
        return {**config, "momentum": self.momentum, "epsilon": self.epsilon}
