"""Mixtures of distributions."""

from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions.categorical import Categorical
from keras_gan.distributions.distribution import (
    Distribution,
    apart,
    as_parameter,
    plain,
    register,
    shape_of,
)
from keras_gan.texts import in_short


@register
class Mixture(Distribution):
    """A mixture of whole samples: each sample comes from one distribution, drawn for all of it.

        log p(x) = log Σₖ wₖ pₖ(x),   wₖ = exp lₖ / Σⱼ exp lⱼ

    So the components of a sample are not independent, as they are in every pₖ: two normal
    distributions around (−1, −1) and (1, 1) give no samples around (−1, 1). The sum is computed by
    log-sum-exp.

    Args:
        distributions: At least one `kg.distributions.Distribution`; their parameters broadcast
            against samples.
        logits: Logits l of the weights, one a distribution; `None`, the default, for equal
            weights.

    Raises:
        ValueError: For no distributions, anything else among them, or logits of another number.

    Example:

    >>> from keras_gan.distributions import Normal
    >>> mixture = Mixture([Normal([-2.0, 0.0], 0.5), Normal([2.0, 0.0], 0.5)])
    >>> tuple(mixture.sample((4, 2), seed=0).shape), tuple(mixture.log_prob([[2.0, 0.0]]).shape)
    ((4, 2), (1,))
    """

    def __init__(self, distributions, logits=None):
        if not isinstance(distributions, Iterable):
            raise ValueError(
                f"A mixture takes a list of at least one of kg.distributions; received "
                f"{in_short(distributions)}."
            )
        self.distributions = list(distributions)
        kinds = [type(d).__name__ for d in self.distributions if not isinstance(d, Distribution)]
        if kinds or not self.distributions:
            raise ValueError(
                f"A mixture takes a list of at least one of kg.distributions; received "
                f"{kinds[0] if kinds else 'an empty list'}."
            )
        n = len(self.distributions)
        is_equal = logits is None
        self.logits = None if is_equal else as_parameter("logits", logits, impossible=True)
        shape = (n,) if logits is None else shape_of(self.logits)
        if shape != (n,):
            raise ValueError(
                f"A mixture of {n} distributions takes {n} logits; received the shape {shape}."
            )

    def parameter_shape(self) -> tuple:
        """The shape against which the parameters of all distributions broadcast."""
        return np.broadcast_shapes(*(d.parameter_shape() for d in self.distributions))

    def weights(self):
        """The weights w, `(n,)`, which add up to 1."""
        return ops.exp(self._log_weights())

    def sample(self, shape, seed):
        """Draws of each sample, by the weights, which distribution it comes from, then it."""
        n = len(self.distributions)
        logits = np.zeros(n, "float32") if self.logits is None else self.logits
        chosen = Categorical(logits).sample(shape[:1], apart(seed, 0)) if n > 1 else 0
        chosen = ops.reshape(chosen, (-1, *(1 for _ in shape[1:])))
        x = self.distributions[0].sample(shape, apart(seed, 1))
        for k, each in enumerate(self.distributions[1:], 1):
            x = ops.where(chosen == k, each.sample(shape, apart(seed, k + 1)), x)
        return x

    def log_prob(self, x, batch_axes: int = 1):
        """Returns log Σₖ wₖ pₖ(x) in nats.

        Args:
            x: Samples `(batch, ...)`.
            batch_axes: As in `Distribution.log_prob`.

        Returns:
            Tensor `(batch,)`, float32 at least.
        """
        terms = ops.stack([d.log_prob(x, batch_axes) for d in self.distributions], axis=-1)
        return ops.logsumexp(terms + ops.cast(self._log_weights(), terms.dtype), axis=-1)

    def _log_weights(self):
        """The logarithms of the weights, `(n,)`."""
        n = len(self.distributions)
        logits = np.zeros(n, "float32") if self.logits is None else self.logits
        return ops.log_softmax(at_least_float32(ops.convert_to_tensor(logits, "float32")))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        described = [keras.saving.serialize_keras_object(d) for d in self.distributions]
        return {
            "distributions": described,
            "logits": None if self.logits is None else plain(self.logits),
        }

    @classmethod
    def from_config(cls, config: dict) -> "Mixture":
        """Builds the mixture from what `get_config` returned."""
        restored = [keras.saving.deserialize_keras_object(d) for d in config["distributions"]]
        return cls(restored, config["logits"])

    def __repr__(self):
        return f"Mixture({self.distributions!r}, logits={self.get_config()['logits']})"
