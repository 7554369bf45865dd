"""Q(c|x): what a recognition network says of codes, and the information in it."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import known_name
from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions.coded import UNIFORM, Coded

VARIANCES = ("learned", "unit")
LEAST = 1e-3  # the smallest σ: without one L_I of a code that samples show exactly has no bound


class Posterior:
    """Q(c|x) = Πᵢ Q(cᵢ|x): categories by logits, continuous codes by independent Gaussians.

        Q(cᵢ = k|x) = softmax(l)ₖ,   Q(cᵢ|x) = N(cᵢ; m, σ²),   σ = 10⁻³ + exp s,   or 1

    Args:
        prior: The distribution of codes.
        variance: `"learned"`: the parameters of a continuous code are m and s; or `"unit"`: m.

    Raises:
        ValueError: For another variance.

    Example:

    >>> posterior = Posterior(Coded({"digit": 10, "slant": "uniform"}), "learned")
    >>> posterior.parameters
    12
    """

    def __init__(self, prior: Coded, variance: str):
        self.prior, self.variance = prior, known_name("variance", variance, VARIANCES)

    @property
    def parameters(self) -> int:
        """How many numbers of x Q is made of."""
        return sum(map(self.width_of, self.prior.codes.values()))

    def width_of(self, kind) -> int:
        """How many of them are those of a code of this kind."""
        return (2 if self.variance == "learned" else 1) if kind == UNIFORM else kind

    def split(self, parameters) -> dict:
        """The parameters of each code, by name.

        Args:
            parameters: Tensor or array `(batch, parameters)`.
        """
        found, start = {}, 0
        for name, kind in self.prior.codes.items():
            found[name] = parameters[:, start : start + self.width_of(kind)]
            start += self.width_of(kind)
        return found

    def log_probs(self, parameters, z) -> dict:
        """log Q(cᵢ|x) in nats, `(batch,)`, for each code by name.

        Args:
            parameters: Tensor `(batch, parameters)`, of x.
            z: The latent vectors `(batch, latent_dim)` that hold the codes.
        """
        codes, found = self.prior.split(z), {}
        for name, each in self.split(at_least_float32(parameters)).items():
            code = ops.cast(codes[name], each.dtype)
            if self.prior.codes[name] == UNIFORM:
                found[name] = self._of_number(each, code[:, 0])
            else:
                found[name] = ops.sum(code * ops.log_softmax(each), axis=-1)
        return found

    def _of_number(self, parameters, code):
        """log N(c; m, σ²)."""
        difference, log_scale = code - parameters[:, 0], 0.0
        if self.variance == "learned":
            scale = LEAST + ops.exp(parameters[:, 1])
            difference, log_scale = difference / scale, ops.log(scale)
        return -0.5 * ops.square(difference) - log_scale - 0.5 * math.log(2 * math.pi)

    def information(self, parameters, z) -> dict:
        """L_I = E log Q(cᵢ|x) + H(cᵢ) of each code by name: at most I(cᵢ; x), in nats.

        Args:
            parameters: As in `log_probs`.
            z: Likewise.
        """
        return {
            name: ops.mean(log_prob) + self.prior.entropy(name)
            for name, log_prob in self.log_probs(parameters, z).items()
        }

    def best(self, parameters: np.ndarray) -> dict[str, np.ndarray]:
        """The most likely codes by name: classes, int32 `(n,)`, and means, float32 `(n,)`.

        Args:
            parameters: Array `(n, parameters)`.
        """
        return {
            name: each[:, 0] if self.prior.codes[name] == UNIFORM else _classes(each)
            for name, each in self.split(parameters).items()
        }


def _classes(logits: np.ndarray) -> np.ndarray:
    """The class of the largest logit."""
    return logits.argmax(axis=1).astype("int32")
