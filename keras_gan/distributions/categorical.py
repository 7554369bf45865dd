"""The categorical distribution, by its logits."""

import math

from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions.distribution import (
    Distribution,
    as_parameter,
    plain,
    register,
    shape_of,
)
from keras_gan.parallel import random_numbers


@register
class Categorical(Distribution):
    """The categorical distribution: each component is one of the whole numbers 0, …, K − 1.

        log p(x) = Σᵢ l_{i, xᵢ} − log Σₖ exp l_{i, k}

    Any other value has the probability 0.

    Args:
        logits: Logits l, `(..., K)` with K at least 2: a list, an array or a tensor, whose axes
            before the last broadcast against samples.

    Raises:
        ValueError: For logits without an axis of at least 2 categories.

    Example:

    >>> import numpy as np
    >>> fair = Categorical(logits=np.zeros(4))
    >>> float(fair.log_prob([[0, 3]])[0])  # −2 log 4
    -2.77258...
    >>> fair.sample((2, 5), seed=0).dtype.name
    'int32'
    """

    def __init__(self, logits):
        logits = as_parameter("logits", logits, impossible=True)
        shape = shape_of(logits)
        if not shape or (isinstance(shape[-1], int) and shape[-1] < 2):
            raise ValueError(
                f"logits must be (..., K), one for each of at least 2 categories; received the "
                f"shape {shape}."
            )
        self.logits = logits

    @property
    def categories(self) -> int:
        """K, the number of categories."""
        return int(shape_of(self.logits)[-1])

    def parameter_shape(self) -> tuple:
        """The shape of the logits without the axis of the categories."""
        return shape_of(self.logits)[:-1]

    def log_probabilities(self):
        """Returns the logarithm of each category's probability, `(..., K)`, float32 at least."""
        return ops.log_softmax(_floating(self.logits))

    def sample(self, shape, seed):
        """The number of k whose P(x ≤ k) is at most u, with u uniform on [0, 1); int32."""
        u = random_numbers.uniform(shape, seed)
        return random_numbers.by_inversion(_floating(self.logits), u)

    def component_log_prob(self, x):
        """Returns l_x − log Σₖ exp lₖ, or −∞ where x is no category."""
        log_probabilities = self.log_probabilities()
        x = ops.expand_dims(ops.cast(x, log_probabilities.dtype), -1)
        hit = x == ops.arange(self.categories, dtype=log_probabilities.dtype)
        log_prob = ops.sum(ops.where(hit, log_probabilities, 0.0), axis=-1)
        return ops.where(ops.any(hit, axis=-1), log_prob, -math.inf)

    def get_config(self) -> dict:
        """Returns the constructor's argument."""
        return {"logits": plain(self.logits)}


def _floating(logits):
    """Logits as a floating tensor of at least float32."""
    logits = ops.convert_to_tensor(logits)
    is_whole = "int" in str(logits.dtype)
    return ops.cast(logits, "float32") if is_whole else at_least_float32(logits)
