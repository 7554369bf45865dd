"""Games whose one discriminator plays under an objective, with penalties."""

import keras
from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.penalties.penalty import by_name


class ObjectiveGame(keras.Model):
    """The part of a game with an `objective` and `penalties` that says what is logged of them."""

    def loss_names(self, player: str) -> list[str]:
        """The objective's term and, for the discriminator, the penalties'."""
        penalties = by_name(self.penalties) if player == "discriminator" else []
        return [f"{player}_loss", *penalties]

    def observation_names(self, player: str) -> list[str]:
        """The discriminator's accuracies, where the objective has a threshold."""
        observed = player == "discriminator" and self.objective.threshold is not None
        return ["real_accuracy", "fake_accuracy"] if observed else []

    def estimates(self, means: dict) -> dict:
        """What the discriminator's loss says about the distance of what it tells apart."""
        found = dict(self.objective.estimates(means["discriminator_loss"]))
        penalties = by_name(self.penalties).items()
        slopes = {name: p.held_slope for name, p in penalties if p.held_slope is not None}
        if self.diagnostics and "wasserstein_estimate" in found and len(slopes) == 1:
            ((name, slope),) = slopes.items()
            found["corrected_wasserstein_estimate"] = (
                found["wasserstein_estimate"] - 2.0 * means[name]
            ) / slope
        return found

    def accuracies(self, real_scores, fake_scores) -> dict:
        """The shares of what is real and of what is fake that D is right about, if asked for."""
        if not (self.diagnostics and self.observation_names("discriminator")):
            return {}
        correct = {
            "real_accuracy": at_least_float32(real_scores) > self.objective.threshold,
            "fake_accuracy": at_least_float32(fake_scores) < self.objective.threshold,
        }
        return {name: ops.mean(ops.cast(c, "float32")) for name, c in correct.items()}
