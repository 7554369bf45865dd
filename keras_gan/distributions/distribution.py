"""What every distribution can do: draw samples and compute their log density."""

import keras
from keras import ops

from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import at_least_float32

register = keras.saving.register_keras_serializable(package="keras_gan.distributions")


class Distribution(Configured):
    """A distribution of samples with independent components.

    A subclass defines `sample` and `component_log_prob`. A distribution can also be the `prior` of
    a game, which calls it like a function `(shape, seed) -> tensor`.
    """

    def sample(self, shape, seed):
        """Draws samples.

        Args:
            shape: Their shape, `(batch, ...)`.
            seed: Integer or `keras.random.SeedGenerator`.

        Returns:
            Tensor of that shape.
        """
        raise NotImplementedError

    def component_log_prob(self, x):
        """Returns the log density or log probability of each component of x, in nats.

        Args:
            x: Samples `(batch, ...)`.

        Returns:
            Tensor of the shape of x.
        """
        raise NotImplementedError

    def log_prob(self, x):
        """Returns the log density of samples in nats, summed over components.

        Args:
            x: Samples `(batch, ...)`.

        Returns:
            Tensor `(batch,)`, float32 at least.
        """
        terms = self.component_log_prob(at_least_float32(ops.convert_to_tensor(x)))
        return ops.sum(ops.reshape(terms, (ops.shape(terms)[0], -1)), axis=1)

    def __repr__(self):
        config = self.get_config().items()
        shown = [f"{k}={v if isinstance(v, (int, float)) else '…'}" for k, v in config]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __call__(self, shape, seed):
        """Draws samples, as `sample` does."""
        return self.sample(shape, seed)
