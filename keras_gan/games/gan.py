"""The game of a generator against a discriminator."""

import contextlib
import functools
import random

import keras
import numpy as np
from keras import ops

from keras_gan import hosts, objectives, priors, validation
from keras_gan.constraints import constrain
from keras_gan.draws import Draws
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.networks.origin import restored_object, serialized_network
from keras_gan.penalties.penalty import by_name, checked
from keras_gan.precision import at_least_float32
from keras_gan.scores import scores_of


@keras.saving.register_keras_serializable(package="keras_gan")
class GAN(AdversarialModel):
    """A generator G against a discriminator D, under any objective, penalties and schedule.

        D minimises  objective.discriminator_loss(D(x), D(G(z))) + Σ penalties(D, x, G(z))
        G minimises  objective.generator_loss(D(G(z)))

    with x a minibatch of data and z latent vectors of the prior, fresh for every move.

    Args:
        generator: A built `keras.Model` from z, `(batch, latent_dim)`, to samples.
        discriminator: A built `keras.Model` from samples to unbounded scores, `(batch, 1)`. Higher
            means more like the data.
        objective: An `Objective` or its name. Defaults to `"non_saturating"`.
        penalties: A list of penalties on the discriminator, in the units of its loss.
        constraint: A `keras.constraints.Constraint` on every weight of the discriminator, imposed
            after each of its updates, such as `kg.constraints.ClipWeights(0.01)`. It stays on the
            weights, whichever game trains them.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Defaults to
            `"alternating"`.
        average: Decay of the averaged generator, e.g. 0.999; `None`, the default, for no average.
        prior: The distribution of z: `"normal"`, `"uniform"` on [-1, 1], or a function
            `(shape, seed) -> tensor` registered with Keras. `None`, the default, is the prior of a
            `kg.Generator`, and normal for other networks.
        seed: Integer from which every random number of the game follows. The networks' initial
            weights were drawn before it: `keras.utils.set_random_seed` fixes those.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, or a discriminator whose output is not
            an unbounded score.

    Reference: Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> history = gan.fit(np.random.normal(size=(256, 2)), batch_size=64, verbose=0)
    >>> sorted(history.history)
    ['discriminator_loss', 'generator_loss', 'jensen_shannon_estimate']
    >>> gan.generate(3, seed=0).shape
    (3, 2)
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        objective="non_saturating",
        penalties=(),
        constraint: keras.constraints.Constraint | None = None,
        schedule="alternating",
        average: float | None = None,
        prior=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        validation.check_networks(generator, discriminator)
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        validation.check_players(self.schedule, ("discriminator", "generator"))
        self.generator = generator
        self.discriminator = discriminator
        self.objective = objectives.get(objective)
        self.penalties = checked(penalties, discriminator)
        self.constraint = constraint
        if constraint is not None:
            constrain(discriminator, constraint)
        self.prior = priors.of_game(prior, generator)
        self.begin()

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return self.generator.input_shape[-1]

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample, such as (height, width, channels)."""
        return validation.single_shape(self.discriminator.input_shape)[1:]

    def networks_of(self, player: str) -> list[keras.Model]:
        """The one network that carries the player's name."""
        return [{"generator": self.generator, "discriminator": self.discriminator}[player]]

    def loss_names(self, player: str) -> list[str]:
        """The objective's term and, for the discriminator, the penalties'."""
        penalties = by_name(self.penalties) if player == "discriminator" else []
        return [f"{player}_loss", *penalties]

    def observation_names(self, player: str) -> list[str]:
        """The discriminator's accuracies, where the objective has a threshold."""
        observed = player == "discriminator" and self.objective.threshold is not None
        return ["real_accuracy", "fake_accuracy"] if observed else []

    def estimates(self, means: dict) -> dict:
        """What the discriminator's loss says about the distance of model and data."""
        return self.objective.estimates(means["discriminator_loss"])

    def losses_of(self, player: str, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """The named losses of the discriminator or the generator, and the accuracies."""
        if player == "discriminator":
            return self.discriminator_losses(minibatch, draws, training)
        return self.generator_losses(minibatch, draws, training)

    def discriminator_losses(self, real, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss` and one term a penalty, each already weighted; accuracies."""
        fake = self.fakes(real, draws, training)
        real_scores, fake_scores = self.scores(real, training), self.scores(fake, training)
        losses = {"discriminator_loss": self.objective.discriminator_loss(real_scores, fake_scores)}
        discriminator = functools.partial(self.discriminator, training=training)
        step = self.optimizer["discriminator"].iterations
        for name, penalty in by_name(self.penalties).items():
            losses[name] = penalty(discriminator, real, fake, draws, step, training)
        if not (self.diagnostics and self.observation_names("discriminator")):
            return losses, {}
        correct = {
            "real_accuracy": at_least_float32(real_scores) > self.objective.threshold,
            "fake_accuracy": at_least_float32(fake_scores) < self.objective.threshold,
        }
        return losses, {name: ops.mean(ops.cast(c, "float32")) for name, c in correct.items()}

    def generator_losses(self, real, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_loss`."""
        fake_scores = self.scores(self.fakes(real, draws, training), training)
        real_scores = self.scores(real, training) if self.objective.paired else None
        return {"generator_loss": self.objective.generator_loss(fake_scores, real_scores)}, {}

    def scores(self, samples, training: bool = False):
        """D(x): unbounded scores, `(batch, 1)`."""
        return scores_of(self.discriminator(samples, training=training))

    def fakes(self, real, draws: Draws, training: bool = False):
        """G(z): as many samples as `real` has, z drawn from the prior."""
        z = draws.draw(self.prior, (ops.shape(real)[0], self.latent_dim))
        return self.generator(z, training=training)

    def call(self, z, training: bool = False):
        """G(z) of the generator as trained, so that `predict` maps latent vectors to samples."""
        return self.generator(z, training=training)

    def generate(
        self, n: int, seed: int | None = None, average: bool = True, batch_size: int = 256
    ) -> np.ndarray:
        """Samples of the model.

        Args:
            n: How many.
            seed: Integer that fixes the latent vectors; `None` takes new ones at every call.
            average: Whether the averaged generator, if there is one, makes them.
            batch_size: How many are made at a time; it does not change which.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].
        """
        validation.check_counts(n=n, batch_size=batch_size)
        self.settle()
        seed = random.randrange(2**31) if seed is None else validation.checked_seed(seed)
        z = ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))
        use_average = average and self.average is not None
        average = self.average.applied if use_average else contextlib.nullcontext
        with hosts.locally(self.variables), average():
            return in_batches(lambda part: self.generator(part, training=False), z, batch_size)

    def discriminate(self, samples, batch_size: int = 256) -> np.ndarray:
        """The scores D(x) of samples, float32 array `(n, 1)`; higher is more like the data.

        Args:
            samples: Array `(n, ...)` of the data's shape; images in [-1, 1].
            batch_size: How many are scored at a time.
        """
        samples = np.asarray(samples)
        validation.check_samples(samples, self.sample_shape)
        self.settle()
        with hosts.locally(self.variables):
            return in_batches(self.scores, samples.astype("float32"), batch_size)

    def export(self, filepath, format="tf_saved_model", average: bool = True, **options) -> None:
        """Exports the generator, as `keras.Model.export` does a model of one input.

        Args:
            filepath: Where to.
            format: As in `keras.Model.export`.
            average: Whether it has its averaged weights, if there are any.
            **options: As in `keras.Model.export`.
        """
        self.settle()
        use_average = average and self.average is not None
        with self.average.swapped() if use_average else contextlib.nullcontext():
            self.generator.export(filepath, format=format, **options)

    def settings(self) -> dict:
        """The objective and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        return {
            "objective": serialize(self.objective),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "constraint": serialize(self.constraint),
            "prior": serialize(self.prior),
            **super().settings(),
        }

    def get_config(self) -> dict:
        """The networks and the picks that make this game."""
        networks = {"generator": self.generator, "discriminator": self.discriminator}
        serialized = {name: serialized_network(network) for name, network in networks.items()}
        return {**serialized, **super().get_config()}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "GAN":
        """The game that `get_config` described."""
        return cls(**cls.restored(config, custom_objects))

    @staticmethod
    def restored(config: dict, custom_objects=None) -> dict:
        """The constructor's arguments, from a config in which objects are serialized."""

        def restore(value):
            if isinstance(value, list):
                return [restore(each) for each in value]
            if not isinstance(value, dict):
                return value
            return restored_object(value, custom_objects)

        return {name: restore(value) for name, value in config.items()}


def in_batches(function, inputs: np.ndarray, batch_size: int) -> np.ndarray:
    """Applies a function to an array a batch at a time; float32 results, joined."""
    starts = range(0, max(len(inputs), 1), batch_size)
    parts = [ops.convert_to_numpy(function(inputs[i : i + batch_size])) for i in starts]
    return np.concatenate(parts).astype("float32")
