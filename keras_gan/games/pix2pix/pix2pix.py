"""The game of a generator that translates against a discriminator of pairs."""

import functools
from typing import ClassVar

import keras
import numpy as np
from keras import ops

from keras_gan import objectives
from keras_gan.arguments import amount
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.domain_checks import PairChecks
from keras_gan.games.exporting import Exporting
from keras_gan.games.objective_terms import ObjectiveTerms
from keras_gan.games.pix2pix.checks import check_paired_networks, check_weights_of_terms
from keras_gan.games.two_domains import TwoDomains, absolute_distance
from keras_gan.models.checks import check_players
from keras_gan.models.player import Player
from keras_gan.models.translating import Translating
from keras_gan.networks.analysis.scores import mean_scores
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.listed import checked, refuse_generator_terms, states_of

HALF = 0.5  # of the discriminator's loss


@keras.saving.register_keras_serializable(package="keras_gan")
class Pix2Pix(Exporting, TwoDomains, ObjectiveTerms, Translating, AdversarialModel):
    """Translation of samples x to samples y, learnt from pairs: y itself, and what looks like it.

    G maps x to y. D tells pairs (x, y) of the data from pairs (x, G(x)), which it sees as one
    sample with the channels of x and, behind them, those of y.

        D minimises  ½ [objective.discriminator_loss(D(x, y), D(x, G(x))) + Σ penalties]
        G minimises  w objective.generator_loss(D(x, G(x))) + λ E|y − G(x)|

    with λ the `l1_weight`, w the `adversarial_weight` and |·| averaged over components. Absolute
    errors alone, w = 0, make blurred images, medians of what y may be; D asks for sharp ones. λ = 0
    is the plain conditional game. The only noise is that of G's dropout, so that translations vary
    little (section 3.1); `translate(x, noise=True)` draws it at test time, too. What is logged as
    `discriminator_loss` and as penalties is halved.

    In the authors' code both players of a step look at one translation G(x); here each makes its
    own, with its own dropout, and G's loss is that of its present weights. They train with batches
    of 1 to 10 and Adam(2e-4, β₁ = 0.5), the default here, on images that are enlarged to 286
    pixels, cropped at random to 256 and flipped, x and y alike.

    Args:
        generator: G, a built `keras.Model` from samples of x to samples of y, such as
            `kg.networks.unet_generator`; images in [-1, 1].
        discriminator: D, a built `keras.Model` from pairs, samples with the channels of x and y, to
            unbounded scores, `(batch, 1)`, or of patches, `(batch, height, width, 1)`, such as
            `kg.networks.patch_discriminator((256, 256, 6))`. Higher means more like the data.
        objective: An `Objective` or its name. Defaults to `"non_saturating"`, as in the paper.
        penalties: A list of penalties on the discriminator, in the units of the objective's loss;
            they look at pairs as points.
        l1_weight: λ, not negative. Defaults to 100. With 0 the term is left out.
        adversarial_weight: w, not negative. Defaults to 1. With 0 the term is left out.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Defaults to
            `"alternating"`.
        average: Decay of the averaged generator, e.g. 0.999; `None`, the default, for no average.
        augment: As in `GAN`; a pair is transformed as one sample, so that x still fits y. Those
            for images of one or three channels are refused for pairs of others.
        seed: Integer from which every random number of the game follows, as in `kg.GAN`.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, or a discriminator whose output is not
            an unbounded score; a negative weight, or two that are 0.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> gan = kg.Pix2Pix(
    ...     kg.networks.unet_generator((8, 8, 1), output_channels=3, width=4),
    ...     kg.networks.patch_discriminator((8, 8, 4), width=4, depth=1),
    ...     seed=0,
    ... )
    >>> gan.compile()
    >>> y = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 3)).astype("float32")
    >>> x = y.mean(axis=-1, keepdims=True)
    >>> history = gan.fit(x, y, batch_size=4, verbose=0).history
    >>> sorted(history)
    ['discriminator_loss', 'generator_loss', 'jensen_shannon_estimate', 'l1_loss']
    >>> gan.translate(x).shape, gan.discriminate(x, y).shape
    ((8, 8, 8, 3), (8, 1))

    Reference: Isola, Zhu, Zhou and Efros 2017, Image-to-Image Translation with Conditional
    Adversarial Networks, arXiv 1611.07004, sections 3 and 6.
    """

    network_names = ("generator", "discriminator")
    translators: ClassVar = {"y": "generator"}
    pair_checks = PairChecks(
        "A Pix2Pix",
        "Each sample of x needs the one of y that belongs to it; received {x} of x and {y} of y: "
        "leave out those without a partner.",
    )

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        objective="non_saturating",
        penalties=(),
        l1_weight: float = 100.0,
        adversarial_weight: float = 1.0,
        schedule="alternating",
        average: float | None = None,
        augment=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        shapes = check_paired_networks(generator, discriminator)
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        check_players(self.schedule, ("discriminator", "generator"))
        self._sample_shapes = shapes
        self.generator = generator
        self.discriminator = discriminator
        self.objective = objectives.of_scores(objective, "Pix2Pix")
        self.penalties = checked(penalties, discriminator)
        refuse_generator_terms(self.penalties, "Pix2Pix")
        self.keep(states_of(self.penalties))
        self.l1_weight = amount("l1_weight", l1_weight, least=0)
        self.adversarial_weight = amount("adversarial_weight", adversarial_weight, least=0)
        check_weights_of_terms(self.l1_weight, self.adversarial_weight)
        pair = tuple(discriminator.input_shape[1:])
        self.augment = self.own_augmentation(augment, pair, self.penalties)
        self.begin()

    def make_players(self) -> list[Player]:
        """The discriminator and the generator."""
        weights = {"generator_loss": self.adversarial_weight, "l1_loss": self.l1_weight}
        paid = [name for name, weight in weights.items() if weight]
        return [
            self.discriminating([self.discriminator], self.discriminator_losses),
            Player("generator", [self.generator], self.generator_losses, paid),
        ]

    def discriminator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss` and one term per penalty, each weighted and halved; accuracies."""
        x, y = minibatch
        real, fake = joined(x, y), joined(x, self.generator(x, training=training))
        discriminator = functools.partial(self.discriminator, training=training)
        augmented = self.augmented(real, training)
        judge = Judge(discriminator, real, fake, self.penalties, augmented=augmented)
        losses, observations = self.judged(judge, draws, training)
        return {name: HALF * loss for name, loss in losses.items()}, observations

    def generator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_loss` and `l1_loss`, each weighted, but for those of weight 0."""
        x, y = minibatch
        made, losses = self.generator(x, training=training), {}
        if self.adversarial_weight:
            loss = self.generator_loss(*self.judgements(x, y, made, training), training)
            losses["generator_loss"] = self.adversarial_weight * loss
        if self.l1_weight:
            losses["l1_loss"] = self.l1_weight * absolute_distance(y, made)
        return losses, {}

    def judgements(self, x, y, made, training: bool) -> tuple:
        """What D returns of (x, G(x)), and of (x, y) where the objective asks; `None` otherwise."""
        real, fake = joined(x, y), joined(x, made)
        of_real, of_fake = self.augmented(real, training)
        fakes = self.discriminator(of_fake(fake), training=training)
        if not self.objective.paired:
            return fakes, None
        return fakes, self.discriminator(of_real(real), training=training)

    def estimates(self, means: dict) -> dict:
        """What the discriminator's whole loss says about the distance of what it tells apart."""
        halved = self.loss_names("discriminator")
        return super().estimates({k: v / HALF if k in halved else v for k, v in means.items()})

    def discriminate(self, x, y=None, batch_size: int = 64) -> np.ndarray:
        """The scores D(x, y) of pairs, float32 array `(n, 1)`; higher is more like the data.

        Of a discriminator of patches they are the means over patches.

        Args:
            x: Array `(n, ...)` of samples of x; images in [-1, 1].
            y: As many of y; `None`, the default, for the translations G(x) of the generator as
                trained, whose pairs D has seen.
            batch_size: How many are scored at a time.

        Raises:
            ValueError: For samples of another shape, or another number of y than of x.
        """
        pair = [self.given_of(x, "x")]
        if y is not None:
            pair.append(self.given_of(y, "y"))
            self.pair_checks.check_lengths(*map(len, pair))

        def score(x, y=None):
            y = self.generator(x, training=False) if y is None else y
            return mean_scores(self.scores(joined(x, y)))

        return self.computed(score, *pair, batch_size=batch_size, average=False)

    def settings(self) -> dict:
        """The objective and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        return {
            "objective": serialize(self.objective),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "l1_weight": self.l1_weight,
            "adversarial_weight": self.adversarial_weight,
            **super().settings(),
        }


def joined(x, y):
    """A pair as one sample: the channels of x, and behind them those of y.

    Args:
        x: Tensor `(batch, ..., channels)`.
        y: Tensor of the same shape but for its channels.

    Example:

    >>> tuple(joined(ops.zeros((4, 8, 8, 1)), ops.zeros((4, 8, 8, 3))).shape)
    (4, 8, 8, 4)
    """
    return ops.concatenate([x, ops.cast(y, x.dtype)], axis=-1)
