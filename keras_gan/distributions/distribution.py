"""What every distribution can do: draw samples, and say their log density."""

import keras
from keras import ops

from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import at_least_float32

register = keras.saving.register_keras_serializable(package="keras_gan.distributions")


class Distribution(Configured):
    """A distribution of samples whose components are independent.

    A subclass defines `sample` and `component_log_prob`. It also serves as the `prior` of a game,
    where it is called like a function `(shape, seed) -> tensor`.
    """

    def sample(self, shape, seed):
        """Samples of this shape, whose first axis is the batch.

        Args:
            shape: `(batch, ...)`.
            seed: Integer or `keras.random.SeedGenerator`.
        """
        raise NotImplementedError

    def component_log_prob(self, x):
        """The log density or log probability of each component of x in nats, of the shape of x.

        Args:
            x: Samples `(batch, ...)`.
        """
        raise NotImplementedError

    def log_prob(self, x):
        """The log density of samples in nats, summed over components.

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
        """As `sample`."""
        return self.sample(shape, seed)
