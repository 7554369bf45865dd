"""The game of a generator and an encoder against a discriminator of pairs."""

import keras
from keras import ops

from keras_gan import objectives
from keras_gan.distributions import priors
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.bigan.checks import check_joint_networks
from keras_gan.games.bigan.joint_space import JointSpace
from keras_gan.games.bigan.pairs import PairDiscrimination
from keras_gan.games.generating import Generating
from keras_gan.games.objective_terms import ObjectiveTerms
from keras_gan.models.checks import check_players
from keras_gan.models.encoding import Encoding
from keras_gan.models.player import Player
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.listed import checked, refuse_generator_terms, states_of


@keras.saving.register_keras_serializable(package="keras_gan")
class BiGAN(ObjectiveTerms, PairDiscrimination, Encoding, Generating, AdversarialModel):
    """A generator G and an encoder E against a discriminator D of pairs, which tells

        (x, E(x)), a sample and its code,   from   (G(z), z), a latent vector and its sample.

        D    minimises  objective.discriminator_loss(D(x, E(x)), D(G(z), z)) + Σ penalties
        G, E minimise   objective.joint_generator_loss(D(G(z), z), D(x, E(x)))

    with x a minibatch of data and z latent vectors of the prior, fresh for every move. G and E are
    one player, "generator", with one optimizer. Where D can no longer tell, both pairs have the
    same distribution, and deterministic G and E are inverse to each other: G(E(x)) = x. Codes E(x)
    are then features of the data that were learnt without labels.

    A penalty sees pairs as points of the joint space: a gradient norm is taken over all components
    of x and z together, and a point "between" lies on the line from (x, E(x)) to (G(z), z).

    The authors' code differs, beside the schedule and prior named below: codes are 2 sigmoid(E) − 1
    for a uniform prior, so that they lie where z does (here E ends as it is: let your encoder end
    in `tanh`, the same but for the scale of its input); L2 decay, 2.5e-5 w added to every gradient
    (here none); Adam's rate falls from 2e-4 to 2e-6, exponentially, over the second half of 400
    epochs (`kg.callbacks.LearningRate`); and on MNIST layers have neither biases nor learnt scales.

    Args:
        generator: A built `keras.Model` from z, `(batch, latent_dim)`, to samples.
        encoder: A built `keras.Model` from samples to `(batch, latent_dim)`.
        discriminator: A built `keras.Model` from [samples, latent vectors] to unbounded scores,
            `(batch, 1)`. Higher means more like data and their codes.
        objective: An `Objective` or its name. Defaults to `"non_saturating"`, that of the paper's
            experiments, where G and E play with flipped labels.
        penalties: A list of penalties on the discriminator, in the units of its loss.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Defaults to
            `"alternating"`; the authors' code moves all at once, `"simultaneous"`.
        average: Decay of the averages of generator and encoder, e.g. 0.999; `None`, the default,
            for none.
        augment: As in `GAN`: what D sees x and G(z) through; E sees x as it is.
        prior: The distribution of z: `"normal"`, `"uniform"` on [-1, 1], or a function
            `(shape, seed) -> tensor`. `None`, the default, is `"normal"`; the paper has
            `"uniform"`.
        seed: As in `GAN`.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, or a discriminator whose output is not
            an unbounded score.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> sizes = {"sample_shape": (2,), "latent_dim": 3, "width": 16}
    >>> networks = kg.networks
    >>> gan = kg.BiGAN(
    ...     networks.bigan_generator(**sizes),
    ...     networks.bigan_encoder(**sizes),
    ...     networks.bigan_discriminator(**sizes),
    ...     seed=0,
    ... )
    >>> gan.compile()
    >>> x = np.random.default_rng(0).normal(size=(256, 2))
    >>> history = gan.fit(x, batch_size=64, verbose=0)
    >>> gan.encode(x).shape, gan.reconstruct(x).shape
    ((256, 3), (256, 2))

    Reference: Donahue, Krähenbühl and Darrell 2016, Adversarial Feature Learning, arXiv 1605.09782;
    Dumoulin et al. 2016, Adversarially Learned Inference, arXiv 1606.00704.
    """

    network_names = ("generator", "encoder", "discriminator")
    averaged_networks = ("generator", "encoder")

    def __init__(
        self,
        generator: keras.Model,
        encoder: keras.Model,
        discriminator: keras.Model,
        *,
        objective="non_saturating",
        penalties=(),
        schedule="alternating",
        average: float | None = None,
        augment=None,
        prior=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        shape = check_joint_networks(generator, encoder, discriminator)
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        check_players(self.schedule, ("discriminator", "generator"))
        self._sample_shape = shape
        self.generator = generator
        self.encoder = encoder
        self.discriminator = discriminator
        self.objective = objectives.of_scores(objective, "BiGAN")
        self.space = JointSpace(self.sample_shape, self.latent_dim)
        self.penalties = checked(penalties, self.space.over(discriminator))
        refuse_generator_terms(self.penalties, "BiGAN")
        self.augment = self.own_augmentation(augment, shape, self.penalties)
        self.keep(states_of(self.penalties))
        self.prior = priors.of_game(prior, generator)
        priors.check_draw(self.prior, self.latent_dim)
        self.begin()

    def make_players(self) -> list[Player]:
        """The discriminator; generator and encoder, which move together."""
        together = [self.generator, self.encoder]
        return [
            self.discriminating([self.discriminator], self.discriminator_losses),
            Player("generator", together, self.generator_losses, ["generator_loss"]),
        ]

    def pairs(self, x, draws: Draws, training: bool) -> tuple[list, list]:
        """The pairs that the discriminator tells apart: [x, E(x)] and [G(z), z]."""
        z = draws.draw(self.prior, (ops.shape(x)[0], self.latent_dim))
        return [x, self.encoder(x, training=training)], [self.generator(z, training=training), z]

    def generator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_loss`, of generator and encoder."""
        pairs = self.pairs(minibatch, draws, training)
        augmented = self.augmented(minibatch, training)
        real_scores, fake_scores = (
            self.scores([of_one(x), z], training)
            for of_one, (x, z) in zip(augmented, pairs, strict=True)
        )
        loss = self.objective.joint_generator_loss(fake_scores, real_scores)
        return {"generator_loss": loss}, {}

    def discriminator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss` and one term per penalty, each already weighted; accuracies."""
        real, fake = self.pairs(minibatch, draws, training)

        def discriminator(points):
            return self.discriminator(self.space.split(points), training=training)

        points = self.space.join(*real), self.space.join(*fake)
        augmented = None
        if self.augment is not None:
            augmented = [self.space.on_samples(t) for t in self.augmented(minibatch, training)]
        judge = Judge(discriminator, *points, self.penalties, augmented=augmented)
        return self.judged(judge, draws, training)

    def settings(self) -> dict:
        """The objective and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        return {
            "objective": serialize(self.objective),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "prior": serialize(self.prior),
            **super().settings(),
        }
