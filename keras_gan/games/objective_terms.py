"""Games whose one discriminator plays under an objective, with penalties."""

from collections.abc import Callable

from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.games.augmenting import Augmenting
from keras_gan.models.player import Player
from keras_gan.networks.analysis.scores import mean_scores, scores_of
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.listed import by_name


class ObjectiveTerms(Augmenting):
    """The part of a game whose one `discriminator` plays under an `objective` and `penalties`."""

    packing = 1  # how many samples D judges at once
    top_k = None  # the `TopK` of fakes that count for the generator; `None` for all

    def scores(self, inputs, training: bool = False):
        """D of what it takes, x, [x, labels] or [x, z]: unbounded scores, `(batch, …, 1)`."""
        return scores_of(self.discriminator(inputs, training=training))

    def discriminating(self, networks: list, losses: Callable) -> Player:
        """The player that pays the objective's loss and the penalties.

        Args:
            networks: Its own, each a `keras.Model`.
            losses: As in `Player`.
        """
        observed = [] if self.objective.threshold is None else ["real_accuracy", "fake_accuracy"]
        names = ["discriminator_loss", *by_name(self.penalties)]
        return Player("discriminator", networks, losses, names, observed)

    def generator_loss(self, fakes, reals, training: bool):
        """The generator's loss for what D returns of fakes, and of real samples where it is asked.

        Args:
            fakes: D(G(z)): scores, or scores and features.
            reals: D(x) of a `paired` objective; `None` for others.
            training: Whether `top_k`, if there is one, chooses.
        """
        scores = scores_of(fakes), None if reals is None else scores_of(reals)
        if self.objective.of_features:
            return self.objective.generator_loss(*scores, fakes[1], reals[1])
        if self.top_k is None or not training:
            return self.objective.generator_loss(*scores)
        terms = mean_scores(self.objective.generator_terms(*scores))
        return self.top_k.mean(
            terms, mean_scores(scores[0]), self.optimizer_of("generator").iterations
        )

    def judged(self, judge: Judge, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss` and one term per penalty, each already weighted; accuracies."""
        scores = judge.real_scores, judge.fake_scores
        losses = {"discriminator_loss": self.objective.discriminator_loss(*scores)}
        step = self.optimizer_of("discriminator").iterations
        for name, penalty in by_name(self.penalties).items():
            given = judge, judge.real, judge.fake, draws, step, training
            losses[name] = penalty(*given, **self.kept_by(name))
        if self.augment is not None and training:
            self.augment.observe(*scores, self.objective.threshold, self.packing)
        return losses, self.accuracies(*scores)

    def generator_names(self) -> list[str]:
        """The names of the generator's losses: its own, and those of `generator_terms`."""
        paid = [name for name, penalty in by_name(self.penalties).items() if penalty.on_generator]
        return ["generator_loss", *(f"{name}_generator" for name in paid)]

    def generator_terms(self, fake, neighbours: Callable) -> dict:
        """What the generator pays for penalties, by name.

        Args:
            fake: As in `Penalty.generator_term`, like the other.
            neighbours: Likewise.
        """
        return {
            f"{name}_generator": penalty.generator_term(fake, neighbours)
            for name, penalty in by_name(self.penalties).items()
            if penalty.on_generator
        }

    def judged_inputs(self, samples, labels):
        """What D takes of samples and their labels."""
        return with_labels(samples, labels)

    def further_losses(self, judge: Judge, labels, draws: Draws, training: bool) -> tuple:
        """What D minimises besides, by name, and further observations; nothing in a plain game.

        Args:
            judge: What D says of real samples and fakes.
            labels: Of both, or `None`.
            draws: The random numbers to use.
            training: Whether the networks run in training mode.

        Returns:
            A pair of dicts of scalars.
        """
        return {}, {}

    def further_generator_losses(self, outputs, labels) -> dict:
        """What G minimises besides, by name; nothing in a plain game.

        Args:
            outputs: What D returns of fakes.
            labels: Theirs, or `None`.
        """
        return {}

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
        return found if self.augment is None else {**found, **self.augment.present()}

    def accuracies(self, real_scores, fake_scores) -> dict:
        """The shares of what is real and of what is fake that D is right about, if asked for."""
        asked_for = self.diagnostics and self.observation_names("discriminator")
        if not asked_for or self.objective.threshold is None:
            return {}
        correct = {
            "real_accuracy": at_least_float32(real_scores) > self.objective.threshold,
            "fake_accuracy": at_least_float32(fake_scores) < self.objective.threshold,
        }
        return {name: ops.mean(ops.cast(c, "float32")) for name, c in correct.items()}
