"""Feature matching: fakes have the mean features of real samples."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.configured import register
from keras_gan.backend.precision import at_least_float32
from keras_gan.objectives.objective import Objective
from keras_gan.parallel.global_batch import global_mean


@register
class FeatureMatching(Objective):
    """The generator matches the mean features of real samples, which the discriminator returns.

        discriminator_loss = that of `objective`
        generator_loss     = λ ‖E_x f(x) − E_z f(G(z))‖² + ω objective.generator_loss

    with f(x) the features of a discriminator that returns (scores, features), flattened, and means
    over the minibatch. With ω = 0 the generator sees features alone, as in the paper; with ω > 0
    they are a term beside its usual loss. A discriminator that is trained for scores alone decides
    which features matter: they should be an intermediate layer of it, as with
    `kg.networks.mlp_discriminator(features=True)`, or
    `keras.Model(x, [scores, features])` of a functional one. The authors' code takes the mean over
    the features, not the sum, and in some experiments absolute values.

    Args:
        objective: An `Objective` or its name. Defaults to `"non_saturating"`.
        weight: λ, at least 0. Defaults to 1.
        adversarial_weight: ω, at least 0. Defaults to 0.

    Raises:
        ValueError: For a negative weight, or an unknown objective. When a game is built with it: if
            the discriminator does not return (scores, features), or for another game than `GAN`
            and those derived from it.

    Example, of one feature, whose means are 3 and 1:

    >>> f = ops.ones((4, 1))
    >>> float(FeatureMatching(weight=2.0).generator_loss(f, f, f, real_features=3 * f))
    8.0

    Reference:
        Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen 2016, Improved Techniques for
        Training GANs, arXiv 1606.03498, section 3.1.
    """

    paired = True
    of_features = True

    def __init__(
        self,
        objective: str | Objective = "non_saturating",
        weight: float = 1.0,
        adversarial_weight: float = 0.0,
    ):
        from keras_gan import objectives

        self.objective = objectives.get(objective)
        self.weight = amount("weight", weight, least=0)
        self.adversarial_weight = amount("adversarial_weight", adversarial_weight, least=0)
        self.fake_weight, self.threshold = self.objective.fake_weight, self.objective.threshold

    def discriminator_loss(self, real_scores, fake_scores):
        """That of `objective`."""
        return self.objective.discriminator_loss(real_scores, fake_scores)

    def generator_loss(self, fake_scores, real_scores=None, fake_features=None, real_features=None):
        """λ ‖E f(x) − E f(G(z))‖² + ω objective.generator_loss, a scalar.

        Args:
            fake_scores: D(G(z)), `(batch, 1)`.
            real_scores: D(x), `(batch, 1)`.
            fake_features: f(G(z)), `(batch, ...)`.
            real_features: f(x), `(batch, ...)`.

        Raises:
            ValueError: Without features.
        """
        if fake_features is None or real_features is None:
            raise ValueError(
                "Feature matching compares features: pass fake_features and real_features, as "
                "kg.GAN does with a discriminator that returns (scores, features)."
            )
        fake, real = (
            global_mean(at_least_float32(each), axis=0) for each in (fake_features, real_features)
        )
        loss = self.weight * ops.sum(ops.square(real - fake))
        if self.adversarial_weight:
            own = self.objective.generator_loss(fake_scores, real_scores)
            loss = loss + self.adversarial_weight * own
        return loss

    def estimates(self, discriminator_loss) -> dict:
        """Those of `objective`, of which the discriminator's loss is."""
        return self.objective.estimates(discriminator_loss)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {
            "objective": keras.saving.serialize_keras_object(self.objective),
            "weight": self.weight,
            "adversarial_weight": self.adversarial_weight,
        }

    @classmethod
    def from_config(cls, config: dict) -> "FeatureMatching":
        """Builds the objective from what `get_config` returned."""
        objective = keras.saving.deserialize_keras_object(config["objective"])
        return cls(**{**config, "objective": objective})
