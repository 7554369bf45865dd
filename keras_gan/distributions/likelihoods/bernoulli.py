"""The likelihood of black and white pixels."""

import numpy as np
from keras import ops

from keras_gan.backend.configured import register
from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions import bernoulli
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.likelihoods.likelihood import Likelihood, check_range


@register
class Bernoulli(Likelihood):
    """Pixels that are black, −1, or white, 1; the decoder computes the logits l of white.

        log p(x|z) = Σᵢ sᵢ lᵢ − log(1 + exp lᵢ),   s = (x + 1) / 2

    Samples lie in [-1, 1], as all images do. A grey value, with s between 0 and 1, enters the
    formula as it is, as is usual for variational autoencoders. The mean is 2 sigmoid(l) − 1 =
    tanh(l / 2).

    Args:
        binarize: Whether each grey value s is replaced, anew at every use, by 1 with probability s
            and by 0 otherwise, as is usual where likelihoods are compared (Salakhutdinov and
            Murray 2008). Defaults to `False`.

    Example:

    >>> from keras import ops
    >>> x = ops.convert_to_tensor([[-1.0, 1.0]])
    >>> round(float(Bernoulli().log_density(x, ops.zeros((1, 2)))[0]), 4)  # −2 log 2
    -1.3863
    """

    takes_logits = is_bounded = True

    def __init__(self, binarize: bool = False):
        self.binarize = bool(binarize)

    def get_config(self) -> dict:
        """Returns the constructor's argument where it is not the default."""
        return {"binarize": True} if self.binarize else {}

    def observed(self, x, draw):
        """Returns x, binarized where that is asked for: 1 where u < (x + 1) / 2, else −1."""
        if not self.binarize:
            return x
        white = draw(ops.shape(x)) < self.in_support(at_least_float32(x))
        return ops.where(white, ops.ones_like(x), -ops.ones_like(x))

    def distribution(self, parameters) -> Distribution:
        """Returns the distribution of s, 0 for black and 1 for white."""
        return bernoulli.Bernoulli(parameters)

    def in_support(self, x):
        """Returns s = (x + 1) / 2."""
        return 0.5 * (x + 1.0)

    def from_support(self, x):
        """Returns x = 2 s − 1."""
        return 2.0 * x - 1.0

    def parameters_of(self, mean):
        """Returns log s / (1 − s), s = (mean + 1) / 2 between 0.001 and 0.999."""
        s = np.clip(self.in_support(mean), 1e-3, 1.0 - 1e-3)
        return np.log(s / (1.0 - s))

    def mean(self, parameters):
        """Returns 2 sigmoid(l) − 1."""
        return ops.tanh(0.5 * parameters)

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples outside of [-1, 1]."""
        check_range(samples, "Bernoulli", "−1 for black and 1 for white")
