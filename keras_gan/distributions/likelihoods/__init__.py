"""The likelihoods p(x|z) of models with a decoder: their densities and means."""

from keras_gan.arguments import unknown_name
from keras_gan.distributions.likelihoods.bernoulli import Bernoulli
from keras_gan.distributions.likelihoods.discretized_logistic import DiscretizedLogistic
from keras_gan.distributions.likelihoods.gaussian import Gaussian
from keras_gan.distributions.likelihoods.likelihood import Likelihood, check_fixed_scale
from keras_gan.distributions.likelihoods.squared_error import SquaredError

LIKELIHOODS = {
    "gaussian": Gaussian,
    "bernoulli": Bernoulli,
    "discretized_logistic": DiscretizedLogistic,
}


def get(likelihood: "str | Likelihood") -> Likelihood:
    """Returns the likelihood of a name, with its defaults, or the likelihood that it is given.

    Args:
        likelihood: A `Likelihood`, `"gaussian"`, `"bernoulli"` or `"discretized_logistic"`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> get("gaussian")
    Gaussian()
    """
    if isinstance(likelihood, Likelihood):
        return likelihood
    if not isinstance(likelihood, str) or likelihood not in LIKELIHOODS:
        raise unknown_name("likelihood", likelihood, LIKELIHOODS)
    return LIKELIHOODS[likelihood]()


def of_autoencoder(likelihood: "str | Likelihood | None") -> Likelihood:
    """Returns the likelihood of an autoencoder, the squared error where it is given none.

    Args:
        likelihood: As in `get`, or `None`.

    Raises:
        ValueError: As `get`, and for a standard deviation that training would have to find.

    Example:

    >>> of_autoencoder(None)
    SquaredError()
    """
    found = SquaredError() if likelihood is None else get(likelihood)
    check_fixed_scale("An autoencoder", found)
    return found
