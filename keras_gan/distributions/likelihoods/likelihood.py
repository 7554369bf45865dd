"""What every likelihood p(x|z) of a decoder can do."""

import numpy as np
from keras import ops

from keras_gan.backend.configured import Configured
from keras_gan.backend.precision import widest
from keras_gan.distributions.distribution import Distribution


class Likelihood(Configured):
    """A distribution p(x|z) of samples, whose parameters a decoder computes from z.

    Its components are independent given z. A subclass defines `distribution` and `mean`, and, if
    the data have other values than the distribution, `in_support` and `from_support`.

    Attributes:
        takes_logits: Whether the parameters are logits, so that the decoder must end without an
            activation.
        is_bounded: Whether samples lie in [-1, 1].
    """

    takes_logits = False
    is_bounded = False
    learns_scale = False  # whether a model has to find its standard deviation

    def observed(self, x, draw):
        """Returns the samples of which the density is taken, which may be drawn given x.

        Args:
            x: Samples, `(batch, ...)`.
            draw: From a shape to numbers uniform on [0, 1).
        """
        return x

    def distribution(self, parameters) -> Distribution:
        """Returns the distribution, on its own support.

        Args:
            parameters: The decoder's output, `(batch, ...)`.
        """
        raise NotImplementedError

    def in_support(self, x):
        """Maps samples to values of the distribution."""
        return x

    def from_support(self, x):
        """Maps values of the distribution to samples."""
        return x

    def component_terms(self, x, parameters):
        """Returns the log density of each component of x, in nats.

        Args:
            x: Samples, `(batch, ...)`.
            parameters: The decoder's output, `(batch, ...)`.
        """
        return self.distribution(parameters).component_log_prob(self.in_support(x))

    def sample(self, parameters, seed):
        """Draws samples x from p(x|z), of the parameters' shape.

        Args:
            parameters: The decoder's output, `(batch, ...)`.
            seed: Integer or `keras.random.SeedGenerator`.
        """
        return self.from_support(self.distribution(parameters).sample(ops.shape(parameters), seed))

    def parameters_of(self, mean: np.ndarray) -> np.ndarray:
        """Returns the decoder's output whose mean is this one.

        Args:
            mean: Array of the shape of one sample.

        Raises:
            ValueError: For a likelihood that does not say it.
        """
        raise ValueError(f"{type(self).__name__} does not say which parameters have a given mean.")

    def mean(self, parameters):
        """Returns the mean E(x|z), of the parameters' shape."""
        raise NotImplementedError

    def log_density(self, x, parameters):
        """Returns log p(x|z) in nats, summed over components: `(batch,)`, float32 at least.

        Args:
            x: Samples, `(batch, ...)`.
            parameters: The decoder's output, `(batch, ...)`.
        """
        dtype = widest(x.dtype, parameters.dtype)
        terms = self.component_terms(ops.cast(x, dtype), ops.cast(parameters, dtype))
        return ops.sum(ops.reshape(terms, (ops.shape(terms)[0], -1)), axis=1)

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples outside the support."""


def check_fixed_scale(owner: str, likelihood: Likelihood) -> None:
    """Refuses a standard deviation that training would have to find.

    Args:
        owner: What takes the likelihood, such as `"AVB"`.
        likelihood: The likelihood.

    Raises:
        ValueError: See above.
    """
    if likelihood.learns_scale:
        raise ValueError(
            f"{owner} takes the standard deviation of a Gaussian likelihood as a number, such as "
            f"kg.likelihoods.Gaussian(0.1); received stddev={likelihood.stddev!r}, which a kg.VAE "
            f"learns."
        )


def check_range(samples: np.ndarray, name: str, ends: str) -> None:
    """Refuses samples outside of [-1, 1]."""
    low, high = np.min(samples, initial=np.inf), np.max(samples, initial=-np.inf)  # of none, too
    if low < -1.001 or high > 1.001:
        raise ValueError(
            f"The {name} likelihood takes samples in [-1, 1], {ends}; received values from "
            f"{low:g} to {high:g}. Rescale them, or pass likelihood='gaussian'."
        )
