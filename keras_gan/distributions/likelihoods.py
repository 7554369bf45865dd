"""The likelihoods p(x|z) of models with a decoder: their densities and means."""

import numpy as np
from keras import ops

from keras_gan.arguments import amount, unknown_name
from keras_gan.backend.configured import Configured, register
from keras_gan.backend.precision import widest
from keras_gan.distributions import bernoulli
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.normal import Normal


class Likelihood(Configured):
    """A distribution p(x|z) of samples, whose parameters a decoder computes from z.

    Its components are independent given z. A subclass defines `distribution` and `mean`, and, if
    the data have other values than the distribution, `in_support` and `from_support`.

    Attributes:
        takes_logits: Whether the parameters are logits, so that the decoder must end without an
            activation.
    """

    takes_logits = False

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


@register
class Gaussian(Likelihood):
    """The normal distribution around the decoder's output m(z), with one standard deviation.

        log p(x|z) = Σᵢ −½ ((xᵢ − mᵢ(z)) / σ)² − log σ − ½ log 2π

    Args:
        stddev: Standard deviation σ > 0 of all components, in the units of the data. Defaults to 1.

    Raises:
        ValueError: If σ is not positive.

    Example:

    >>> from keras import ops
    >>> x = ops.zeros((1, 2))
    >>> round(float(Gaussian().log_density(x, x)[0]), 4)  # −log 2π
    -1.8379
    """

    def __init__(self, stddev: float = 1.0):
        self.stddev = amount("stddev", stddev, above=0)

    def distribution(self, parameters) -> Distribution:
        """Returns the normal distribution around the decoder's output."""
        return Normal(parameters, self.stddev)

    def mean(self, parameters):
        """Returns the decoder's output."""
        return parameters

    def get_config(self) -> dict:
        """Returns the constructor's argument."""
        return {"stddev": self.stddev}


@register
class Bernoulli(Likelihood):
    """Pixels that are black, −1, or white, 1; the decoder computes the logits l of white.

        log p(x|z) = Σᵢ sᵢ lᵢ − log(1 + exp lᵢ),   s = (x + 1) / 2

    Samples lie in [-1, 1], as all images do. A grey value, with s between 0 and 1, enters the
    formula as it is, as is usual for variational autoencoders. The mean is 2 sigmoid(l) − 1 =
    tanh(l / 2).

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[-1.0, 1.0]])
    >>> round(float(Bernoulli().log_density(x, ops.zeros((1, 2)))[0]), 4)  # −2 log 2
    -1.3863
    """

    takes_logits = True

    def distribution(self, parameters) -> Distribution:
        """Returns the distribution of s, 0 for black and 1 for white."""
        return bernoulli.Bernoulli(parameters)

    def in_support(self, x):
        """Returns s = (x + 1) / 2."""
        return 0.5 * (x + 1.0)

    def from_support(self, x):
        """Returns x = 2 s − 1."""
        return 2.0 * x - 1.0

    def mean(self, parameters):
        """Returns 2 sigmoid(l) − 1."""
        return ops.tanh(0.5 * parameters)

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples outside of [-1, 1]."""
        low, high = np.min(samples), np.max(samples)
        if low < -1.001 or high > 1.001:
            raise ValueError(
                f"The Bernoulli likelihood takes samples in [-1, 1], −1 for black and 1 for white; "
                f"received values from {low:g} to {high:g}. Rescale them, or pass "
                f"likelihood='gaussian'."
            )


LIKELIHOODS = {"gaussian": Gaussian, "bernoulli": Bernoulli}


def get(likelihood: "str | Likelihood") -> Likelihood:
    """Returns the likelihood of a name, with its defaults, or the likelihood that it is given.

    Args:
        likelihood: A `Likelihood`, `"gaussian"` or `"bernoulli"`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> get("gaussian")
    Gaussian()
    """
    if isinstance(likelihood, Likelihood):
        return likelihood
    if likelihood not in LIKELIHOODS:
        raise unknown_name("likelihood", likelihood, LIKELIHOODS)
    return LIKELIHOODS[likelihood]()
