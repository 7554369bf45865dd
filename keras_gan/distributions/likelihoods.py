"""The likelihoods p(x|z) of games with a decoder: their densities and means."""

import numpy as np
from keras import ops

from keras_gan.arguments import amount, unknown_name
from keras_gan.backend.configured import Configured, register
from keras_gan.backend.precision import widest
from keras_gan.distributions import bernoulli
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.normal import Normal


class Likelihood(Configured):
    """A distribution of samples whose parameters a decoder computes from z.

    Its components are independent given z. A subclass defines `distribution` and `mean`, and
    `in_support` and `from_support` where the data's values are not those of the distribution.

    Attributes:
        takes_logits: Whether the parameters are logits, on which the decoder must put no
            activation.
    """

    takes_logits = False

    def distribution(self, parameters) -> Distribution:
        """The distribution of samples, on its own support.

        Args:
            parameters: What the decoder gave, `(batch, ...)`.
        """
        raise NotImplementedError

    def in_support(self, x):
        """Samples as values of the distribution."""
        return x

    def from_support(self, x):
        """Values of the distribution as samples."""
        return x

    def component_terms(self, x, parameters):
        """The log density of each component of x in nats.

        Args:
            x: Samples, `(batch, ...)`.
            parameters: What the decoder gave, `(batch, ...)`.
        """
        return self.distribution(parameters).component_log_prob(self.in_support(x))

    def sample(self, parameters, seed):
        """Samples x of p(x|z), of the parameters' shape.

        Args:
            parameters: What the decoder gave, `(batch, ...)`.
            seed: Integer or `keras.random.SeedGenerator`.
        """
        return self.from_support(self.distribution(parameters).sample(ops.shape(parameters), seed))

    def mean(self, parameters):
        """E(x|z), of the parameters' shape."""
        raise NotImplementedError

    def log_density(self, x, parameters):
        """log p(x|z) in nats, summed over components: `(batch,)`, float32 at least.

        Args:
            x: Samples, `(batch, ...)`.
            parameters: What the decoder gave, `(batch, ...)`.
        """
        dtype = widest(x.dtype, parameters.dtype)
        terms = self.component_terms(ops.cast(x, dtype), ops.cast(parameters, dtype))
        return ops.sum(ops.reshape(terms, (ops.shape(terms)[0], -1)), axis=1)

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples that have no density here."""


@register
class Gaussian(Likelihood):
    """x normal around what the decoder gives, with one standard deviation for all components.

        log p(x|z) = Σᵢ −½ ((xᵢ − mᵢ(z)) / σ)² − log σ − ½ log 2π

    Args:
        stddev: σ > 0, in the units of the data. Defaults to 1.

    Raises:
        ValueError: For a σ that is not positive.

    Example:

    >>> from keras import ops
    >>> x = ops.zeros((1, 2))
    >>> round(float(Gaussian().log_density(x, x)[0]), 4)  # −log 2π
    -1.8379
    """

    def __init__(self, stddev: float = 1.0):
        self.stddev = amount("stddev", stddev, above=0)

    def distribution(self, parameters) -> Distribution:
        """Normal around what the decoder gives."""
        return Normal(parameters, self.stddev)

    def mean(self, parameters):
        """What the decoder gives."""
        return parameters

    def get_config(self) -> dict:
        """The constructor's argument."""
        return {"stddev": self.stddev}


@register
class Bernoulli(Likelihood):
    """Components that are black, −1, or white, 1; the decoder gives the logits l of white.

        log p(x|z) = Σᵢ sᵢ lᵢ − log(1 + exp lᵢ),   s = (x + 1) / 2

    Samples lie in [-1, 1] as all images do; a grey s in between counts as a share s of white, as
    variational autoencoders are used to it. The mean is 2 sigmoid(l) − 1 = tanh(l / 2).

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[-1.0, 1.0]])
    >>> round(float(Bernoulli().log_density(x, ops.zeros((1, 2)))[0]), 4)  # −2 log 2
    -1.3863
    """

    takes_logits = True

    def distribution(self, parameters) -> Distribution:
        """Of 0 for black and 1 for white."""
        return bernoulli.Bernoulli(parameters)

    def in_support(self, x):
        """s = (x + 1) / 2."""
        return 0.5 * (x + 1.0)

    def from_support(self, x):
        """2 s − 1."""
        return 2.0 * x - 1.0

    def mean(self, parameters):
        """2 sigmoid(l) − 1."""
        return ops.tanh(0.5 * parameters)

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples outside of [-1, 1]."""
        low, high = np.min(samples), np.max(samples)
        if low < -1.001 or high > 1.001:
            raise ValueError(
                f"The Bernoulli likelihood takes samples in [-1, 1], −1 for 0 and 1 for 1; "
                f"received values from {low:g} to {high:g}. Rescale them, or take "
                f"likelihood='gaussian'."
            )


LIKELIHOODS = {"gaussian": Gaussian, "bernoulli": Bernoulli}


def get(likelihood: "str | Likelihood") -> Likelihood:
    """The likelihood itself, or the one of that name with its defaults.

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
