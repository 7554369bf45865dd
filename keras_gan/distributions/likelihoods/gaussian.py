"""The Gaussian likelihood, of one standard deviation."""

from keras_gan.arguments import amount, unknown_name
from keras_gan.backend.configured import register
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.likelihoods.likelihood import Likelihood
from keras_gan.distributions.normal import Normal

LEARNED = ("learned", "batch")  # standard deviations that a model finds in training


@register
class Gaussian(Likelihood):
    """The normal distribution around the decoder's output m(z), with one standard deviation.

        log p(x|z) = Σᵢ −½ ((xᵢ − mᵢ(z)) / σ)² − log σ − ½ log 2π

    Args:
        stddev: Standard deviation σ > 0 of all components, in the units of the data. Defaults to
            1. In a `kg.VAE` also `"learned"`, a weight that the optimizer moves, or `"batch"`, in
            every step that of the highest density, σ² = mean (x − m)², and afterwards its moving
            average (Rybkin et al. 2021, σ-VAE, arXiv 2006.13202).

    Raises:
        ValueError: If σ is not positive.

    Example:

    >>> from keras import ops
    >>> x = ops.zeros((1, 2))
    >>> round(float(Gaussian().log_density(x, x)[0]), 4)  # −log 2π
    -1.8379
    """

    def __init__(self, stddev: "float | str" = 1.0):
        if isinstance(stddev, str) and stddev not in LEARNED:
            raise unknown_name(
                "stddev of a Gaussian likelihood, besides a number,", stddev, LEARNED
            )
        self.learns_scale = isinstance(stddev, str)
        self.stddev = stddev if self.learns_scale else amount("stddev", stddev, above=0)

    def at(self, stddev) -> "Gaussian":
        """Returns the likelihood with another standard deviation, which may be a tensor."""
        other = Gaussian()
        other.stddev = stddev
        return other

    def distribution(self, parameters) -> Distribution:
        """Returns the normal distribution around the decoder's output."""
        if self.learns_scale:
            raise ValueError(
                f"stddev={self.stddev!r} is found in the training of a kg.VAE: take the number, "
                f"model.noise_stddev, from there, or pass one."
            )
        return Normal(parameters, self.stddev)

    def parameters_of(self, mean):
        """Returns the mean."""
        return mean

    def mean(self, parameters):
        """Returns the decoder's output."""
        return parameters

    def get_config(self) -> dict:
        """Returns the constructor's argument."""
        return {"stddev": self.stddev}
