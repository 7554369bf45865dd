"""The game of a generator against a discriminator."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan import objectives
from keras_gan.distributions import priors
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.gan.judging import Judging
from keras_gan.games.gan.packing import Packing, checked_packing, in_packs
from keras_gan.games.generating import Generating
from keras_gan.games.objective_terms import ObjectiveTerms
from keras_gan.models.checks import check_players
from keras_gan.models.class_conditioning import ClassConditioning
from keras_gan.models.player import Player
from keras_gan.networks.analysis.scores import check_features
from keras_gan.networks.checks import check_networks
from keras_gan.networks.class_labels import common_classes, common_limit, with_labels
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.constraints import constrain
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.listed import checked, states_of


@keras.saving.register_keras_serializable(package="keras_gan")
class GAN(Judging, Packing, ObjectiveTerms, ClassConditioning, Generating, AdversarialModel):
    """A generator G against a discriminator D, under any objective, penalties and schedule.

        D minimises  objective.discriminator_loss(D(x), D(G(z))) + Σ penalties(D, x, G(z))
        G minimises  objective.generator_loss(D(G(z)))

    with x a minibatch of data and z latent vectors of the prior, fresh for every move. Networks
    that take a class label y as their second input, such as those of `kg.networks` with `classes=`,
    play the conditional game, D(x, y) against D(G(z, y), y): `fit` then takes pairs (x, y), and
    samples are made for the labels of the minibatch. Instead of a label y may be a vector of
    numbers, `(batch, d)`, such as attributes or several labels at once (`kg.data.indicators`), for
    networks with `condition_dim=`; wherever labels are taken such vectors are then.

    Args:
        generator: A built `keras.Model` from z, `(batch, latent_dim)`, to samples; or from
            [z, labels], labels `(batch,)`.
        discriminator: A built `keras.Model` from samples, or [samples, labels], to unbounded
            scores, `(batch, 1)`, or several a sample, `(batch, …, 1)`, such as one per patch: the
            objective takes the mean over all, penalties that of each sample. Higher means more
            like the data.
        objective: An `Objective` or its name. Defaults to `"non_saturating"`.
        penalties: A list of penalties on the discriminator, in the units of its loss.
        constraint: A `keras.constraints.Constraint` on every weight of the discriminator, imposed
            after each of its updates, such as `kg.constraints.ClipWeights(0.01)`. It stays on the
            weights, whichever game trains them.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Defaults to
            `"alternating"`.
        average: Decay of the averaged generator, e.g. 0.999, or `kg.averages.Power([0.05, 0.1])`;
            `None`, the default, for no average.
        augment: What D sees real samples and fakes through, in training: the names of a policy such
            as `"color,translation,cutout"`, `"ada"`, transforms of `kg.augment`, or Keras layers,
            see `kg.augment.Augmentation`. `None`, the default, for nothing.
        prior: The distribution of z: `"normal"`, `"uniform"` on [-1, 1], or a function
            `(shape, seed) -> tensor` registered with Keras. `None`, the default, is the prior of a
            `kg.Generator`, and normal for other networks.
        packing: How many samples D judges at once, m. D then takes them as one sample of m times as
            many channels, such as `kg.networks.dcgan_discriminator((28, 28, 2 * 1))` beside a
            generator of (28, 28, 1) and `packing=2`, so that it sees when a generator repeats
            itself. Batches must divide by m, and penalties are of packs. Defaults to 1.
        top_k: Which of the generator's samples count in its loss: a share of those that score best,
            such as 0.5, or a `kg.objectives.TopK`, which lowers it as training goes on. `None`, the
            default, for all.
        seed: Integer from which every random number of the game follows. The networks' initial
            weights were drawn before it: `keras.utils.set_random_seed` fixes those.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, or a discriminator whose output is not
            an unbounded score.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> history = gan.fit(np.random.normal(size=(256, 2)), batch_size=64, verbose=0)
    >>> sorted(history.history)
    ['discriminator_loss', 'generator_loss', 'jensen_shannon_estimate']
    >>> gan.generate(3, seed=0).shape
    (3, 2)

    Reference: Goodfellow et al. 2014, Generative Adversarial Networks, arXiv 1406.2661; Mirza and
    Osindero 2014, Conditional Generative Adversarial Nets, arXiv 1411.1784; packing: Lin et al.
    2018, PacGAN: The Power of Two Samples in Generative Adversarial Networks, arXiv 1712.04086.
    """

    network_names = ("generator", "discriminator")
    could_take_labels = True

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
        augment=None,
        prior=None,
        packing: int = 1,
        top_k=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        packing = checked_packing(packing, generator)
        shape = check_networks(generator, discriminator, packing, self.heads)
        classes = common_classes(generator, discriminator)
        limit = common_limit(generator, discriminator)
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        check_players(self.schedule, ("discriminator", "generator"))
        self._sample_shape = shape
        self.generator = generator
        self.discriminator = discriminator
        self.classes, self.label_limit = classes, limit
        self.take_conditions(generator)
        self.packing = packing
        self.objective = objectives.get(objective)
        if self.objective.of_features:
            check_features(discriminator, repr(self.objective))
        self.top_k = objectives.top_k.chosen(top_k)
        if self.top_k is not None:
            self.objective.generator_terms(ops.zeros((1, 1)), ops.zeros((1, 1)))  # refuses others
        self.penalties = checked(penalties, discriminator, packing)
        self.keep(states_of(self.penalties))
        self.constraint = constraint
        self.augment = self.own_augmentation(augment, shape, self.penalties)
        self.prior = priors.of_game(prior, generator)
        priors.check_draw(self.prior, self.latent_dim)
        self.begin()
        if constraint is not None:
            constrain(discriminator, constraint)

    def make_players(self) -> list[Player]:
        """The discriminator and the generator."""

        def of_labelled(losses):
            return lambda batch, *rest: losses(*self.labelled(batch), *rest)

        judge, maker = of_labelled(self.discriminator_losses), of_labelled(self.generator_losses)
        return [
            self.discriminating([self.discriminator], judge),
            Player("generator", [self.generator], maker, self.generator_names()),
        ]

    def discriminator_losses(self, real, labels, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss` and one term per penalty, each already weighted; accuracies."""
        fake, near = self.made(real, labels, draws, training)
        wanted = any(penalty.on_generator for penalty in self.penalties)
        given = {"neighbours": near} if wanted else {}
        return self.losses_on(real, fake, labels, draws, training, **given)

    def losses_on(
        self, real, fake, labels, draws: Draws, training: bool, neighbours: Callable | None = None
    ) -> tuple[dict, dict]:
        """The `discriminator_losses` on these samples."""

        def discriminator(samples):
            return self.discriminator(self.judged_inputs(samples, labels), training=training)

        augmented = self.of_packs(*self.augmented(real, training))
        near = None if neighbours is None else lambda stddev: self.packed(neighbours(stddev))
        with in_packs(self.packing):
            judge = Judge(
                discriminator,
                self.packed(real),
                self.packed(fake),
                self.penalties,
                augmented=augmented,
                neighbours=near,
                drawn=self.drawn_of_packs,
            )
            losses, observations = self.judged(judge, draws, training)
            further, seen = self.further_losses(judge, labels, draws, training)
            return {**losses, **further}, {**observations, **seen}

    def generator_losses(self, real, labels, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_loss`, and the terms of penalties that the generator pays for, too."""
        fake, near = self.made(real, labels, draws, training)
        losses, observations = self.generator_losses_on(real, fake, labels, training)
        return {**losses, **self.generator_terms(fake, near)}, observations

    def generator_losses_on(self, real, fake, labels, training: bool) -> tuple[dict, dict]:
        """The `generator_losses` on these samples."""
        of_real, of_fake = self.augmented(real, training)

        def outputs(samples):
            inputs = self.judged_inputs(self.packed(samples), labels)
            return self.discriminator(inputs, training=training)

        with in_packs(self.packing):
            fakes = outputs(of_fake(fake))
            reals = outputs(of_real(real)) if self.objective.paired else None
            loss = self.generator_loss(fakes, reals, training)
            return {"generator_loss": loss, **self.further_generator_losses(fakes, labels)}, {}

    def fakes(self, real, labels, draws: Draws, training: bool = False):
        """G(z) or G(z, y): as many samples as `real` has, z drawn from the prior."""
        return self.made(real, labels, draws, training)[0]

    def made(self, real, labels, draws: Draws, training: bool) -> tuple:
        """The `fakes`, and a function from σ to G(z + Δ), Δ ~ N(0, σ² I), of the same z."""
        return self.made_of(self.latents_for(real, draws), labels, draws, training)

    def latents_for(self, real, draws: Draws):
        """As many latent vectors of the prior as `real` has samples."""
        return draws.draw(self.prior, (ops.shape(real)[0], self.latent_dim))

    def made_of(self, z, labels, draws: Draws, training: bool) -> tuple:
        """As `made`, of given latent vectors."""

        def generated(z):
            return self.generator(with_labels(z, labels), training=training)

        return generated(z), lambda stddev: generated(z + stddev * draws.normal(ops.shape(z)))

    def settings(self) -> dict:
        """The objective and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        own = {"packing": self.packing} if self.packing > 1 else {}
        if self.top_k is not None:
            own["top_k"] = serialize(self.top_k)
        return {
            **own,
            "objective": serialize(self.objective),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "constraint": serialize(self.constraint),
            "prior": serialize(self.prior),
            **super().settings(),
        }
