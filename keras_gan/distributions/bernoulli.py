"""The Bernoulli distribution, by its logits."""

from keras import ops

from keras_gan.distributions.distribution import (
    Distribution,
    as_parameter,
    common_shape,
    plain,
    register,
    together,
)
from keras_gan.parallel import random_numbers


@register
class Bernoulli(Distribution):
    """The Bernoulli distribution: each component is 1 with probability σ(l), otherwise 0.

        log p(x) = Σᵢ xᵢ lᵢ − log(1 + exp lᵢ),   σ(l) = 1 / (1 + exp −l)

    An x between 0 and 1 enters the formula as it is, as is usual for variational autoencoders.

    Args:
        logits: Logits l: a number, or a tensor that broadcasts against samples. Defaults to 0.

    Raises:
        ValueError: For a number or an array that is not finite.

    Example:

    >>> float(Bernoulli().log_prob([[0.0, 1.0]])[0])  # −2 log 2
    -1.38629...
    """

    def __init__(self, logits=0.0):
        self.logits = as_parameter("logits", logits)

    def parameter_shape(self) -> tuple:
        """The shape of the logits."""
        return common_shape(self.logits)

    def sample(self, shape, seed):
        """Ones where u < σ(l) with u uniform on [0, 1), zeros elsewhere; float32 at least."""
        u = random_numbers.uniform(shape, seed)
        logits = ops.convert_to_tensor(self.logits)
        return ops.cast(u < ops.sigmoid(ops.cast(logits, u.dtype)), u.dtype)

    def component_log_prob(self, x):
        """x l − log(1 + exp l)."""
        x, logits = together(x, self.logits)
        logits = ops.convert_to_tensor(logits, x.dtype)
        return x * logits - ops.softplus(logits)

    def get_config(self) -> dict:
        """Returns the constructor's argument."""
        return {"logits": plain(self.logits)}
