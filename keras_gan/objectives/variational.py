"""The variational objective: D raises a lower bound of an f-divergence, G lowers it."""

import keras
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.backend.configured import register
from keras_gan.backend.precision import at_least_float32
from keras_gan.objectives import divergences
from keras_gan.objectives.objective import Objective


@register
class Variational(Objective):
    """The f-GAN: a lower bound of an f-divergence that D raises and G lowers.

        D_f(data‖model)  ≥  F = E_x g(D(x)) − E_z f*(g(D(G(z))))

    with f* the conjugate and g the output activation of the divergence. The discriminator minimises
    −F. The saturating generator minimises F, of which only −E f*(g(D(G(z)))) depends on it. The
    non-saturating generator, the default, maximises E g(D(G(z))): its samples should score like
    real ones. It keeps a gradient where that of the saturating one vanishes.

    With `reverse=True` the two distributions change places. So that a higher score still means
    "more like the data", the activation is applied to −D:

        D_f(model‖data)  ≥  F = E_z g(−D(G(z))) − E_x f*(g(−D(x)))

    The saturating generator minimises E g(−D(G(z))), the non-saturating one E f*(g(−D(G(z)))),
    again the discriminator's loss on a real sample of that score.

    The logs contain the bound F = −discriminator_loss, in the units of the divergence, as
    `divergence_estimate`.

    Args:
        divergence: A `Divergence` or its name, see `divergences.get`.
        saturating: Whether the generator minimises the bound itself. Defaults to `False`.
        reverse: Whether to estimate D_f(model‖data) instead of D_f(data‖model). Defaults to
            `False`.
        fake_weight: The weight λ of the error on fake samples. Defaults to 1.

    Raises:
        ValueError: For an unknown divergence, or one whose f, f' and f* do not fit together.

    Example:

    >>> from keras import ops
    >>> objective = Variational("kl")
    >>> v = 2 * ops.ones((8, 1))
    >>> objective.estimates(float(objective.discriminator_loss(v, v)))
    {'divergence_estimate': -0.718...}

    Reference:
        Nowozin, Cseke and Tomioka 2016, f-GAN: Training Generative Neural Samplers using
        Variational Divergence Minimization, arXiv 1606.00709, sections 2 and 3.2.

    Experiment: docs/results/fgan.md.
    """

    def __init__(
        self,
        divergence: str | divergences.Divergence,
        *,
        saturating: bool = False,
        reverse: bool = False,
        fake_weight: float = 1.0,
    ):
        super().__init__(fake_weight=fake_weight)
        self.divergence = divergences.get(divergence)
        self.divergence.check()
        self.saturating = saturating
        self.reverse = reverse
        if self.fake_weight == 1:
            score = self.divergence.threshold_score
            self.threshold = 0.0 - score if reverse else score

    def real_term(self, scores):
        """−g(v); f*(g(−v)) in reverse."""
        if self.reverse:
            return self.divergence.fake_score(-scores)
        return -self.divergence.activation(scores)

    def fake_term(self, scores):
        """f*(g(v)); −g(−v) in reverse."""
        if self.reverse:
            return -self.divergence.activation(-scores)
        return self.divergence.fake_score(scores)

    def generator_term(self, scores):
        """−`fake_term` if saturating, else `real_term`: the loss on fakes as if real."""
        return -self.fake_term(scores) if self.saturating else self.real_term(scores)

    def encoder_term(self, scores):
        """−`real_term` if saturating, else `fake_term`: the loss on real pairs as if fake."""
        return -self.real_term(scores) if self.saturating else self.fake_term(scores)

    def log_ratio(self, scores):
        """log f*'(g(v)), the inverse of T = f'(p/q), up to log λ; −log f*'(g(−v)) in reverse.

        `None` for a divergence whose f has straight pieces, such as the total variation.
        """
        ends = ops.convert_to_numpy(self.divergence.derivative(ops.convert_to_tensor([2.0, 4.0])))
        if ends[0] == ends[1]:
            return None
        v = at_least_float32(-scores if self.reverse else scores)
        rise, slope = (
            autodiff.input_gradient(function, v)
            for function in (self.divergence.fake_score, self.divergence.activation)
        )
        found = ops.log(rise) - ops.log(slope)
        return -found if self.reverse else found

    def estimates(self, discriminator_loss) -> dict:
        """`divergence_estimate`, the bound F, at λ = 1."""
        return {"divergence_estimate": -discriminator_loss} if self.fake_weight == 1 else {}

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {
            "divergence": keras.saving.serialize_keras_object(self.divergence),
            "saturating": self.saturating,
            "reverse": self.reverse,
            **super().get_config(),
        }

    @classmethod
    def from_config(cls, config: dict) -> "Variational":
        """Builds the objective from what `get_config` returned."""
        divergence = keras.saving.deserialize_keras_object(config["divergence"])
        return cls(**{**config, "divergence": divergence})
