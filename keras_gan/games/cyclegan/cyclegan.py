"""The game of two generators that translate between two domains, and back again."""

import functools

import keras

from keras_gan import objectives
from keras_gan.arguments import amount, whole
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.augmenting import Augmenting, settings_of
from keras_gan.games.cyclegan.checks import (
    check_alike,
    check_translation_networks,
)
from keras_gan.games.cyclegan.discrimination import TranslationGame
from keras_gan.games.cyclegan.image_pool import ImagePool
from keras_gan.games.domain_checks import PairChecks
from keras_gan.games.two_domains import TwoDomains, absolute_distance
from keras_gan.models.checks import check_players
from keras_gan.models.player import Player
from keras_gan.models.translating import DOMAINS
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.listed import by_name, checked, refuse_generator_terms, states_of


@keras.saving.register_keras_serializable(package="keras_gan")
class CycleGAN(TwoDomains, TranslationGame, Augmenting, AdversarialModel):
    """Translation between two domains x and y without pairs: what goes there must come back.

    G maps x to y and F maps y to x; D_x and D_y tell real from translated samples of their domain.

        discriminators minimise  Σ over domains of  objective.discriminator_loss + Σ penalties
                of D_y(y) and D_y(G(x)), and of D_x(x) and D_x(F(y))
        generators minimise      2 objective.generator_loss(D_y(G(x)))
                               + 2 objective.generator_loss(D_x(F(y)))
                               + λ (E|F(G(x)) − x| + E|G(F(y)) − y|)
                               + μ (E|G(y) − y| + E|F(x) − x|)

    with λ the `cycle_weight`, μ the `identity_weight` and |·| averaged over pixels. As in the
    paper a discriminator's loss counts half as much as a generator's: with `"least_squares"`,
    whose two losses have a ½, D_y minimises ½ E(D_y(y) − 1)² + ½ E D_y(G(x))², and G minimises
    E(D_y(G(x)) − 1)² beside its weighted terms, to which λ = 10 is the paper's. In training
    the discriminators see fakes out of a pool of earlier ones, see `ImagePool`. Where they return
    scores of patches, the objective is averaged over patches, and penalties look at a
    sample's mean score.

    In the authors' code all four networks move on what they saw before any of them moved:
    `schedule="simultaneous"`. Here the generators then see discriminators that have moved.

    The authors train with batches of one, Adam(2e-4, β₁ = 0.5), the default here, and a
    rate that is constant for 100 epochs and falls linearly to 0 within 100 more, which
    `kg.callbacks.LearningRate`, one per player, can do.

    Args:
        generator_xy: G, a built `keras.Model` from samples of x to samples of y; images in [-1, 1].
        generator_yx: F, from y to x.
        discriminator_x: D_x, a built `keras.Model` from samples of x to unbounded scores,
            `(batch, 1)`, or of patches, `(batch, height, width, 1)`. Higher means more like x.
        discriminator_y: D_y, the same for y.
        objective: An `Objective` or its name. Defaults to `"least_squares"`, as in the paper.
        penalties: A list of penalties on either discriminator, in the units of its loss; they are
            logged as `r1_penalty_x` and `r1_penalty_y`.
        cycle_weight: λ, not negative. Defaults to 10. With 0 the term is left out.
        identity_weight: μ, not negative. Defaults to 5, λ/2 as in the paper, where the term is for
            paintings and photographs only. With 0 it is left out, which it has to be for domains
            of different shapes.
        pool_size: How many earlier fakes of each domain the discriminators may be shown. Defaults
            to 50, as in the paper; 0 for none.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Both generators are
            the player `generator`, both discriminators `discriminator`. Defaults to
            `"alternating"`.
        average: Decay of the averaged generators, e.g. 0.999; `None`, the default, for no average.
        augment: As in `GAN`, for either discriminator; the pool holds fakes as they are. An
            `Adaptive` has a probability for each, `gan.augment_x.probability`.
        seed: Integer from which every random number of the game follows, as in `kg.GAN`.
        name: The model's name.

    Raises:
        ValueError: For networks that do not lead from one domain to the other and back, or a
            discriminator whose output is not an unbounded score; a negative weight; an identity
            term between domains of different shapes.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> def generator():
    ...     return kg.networks.translation_generator((8, 8, 1), width=4, blocks=1, downsamplings=1)
    >>> def discriminator():
    ...     return kg.networks.patch_discriminator((8, 8, 1), width=4, depth=1)
    >>> gan = kg.CycleGAN(generator(), generator(), discriminator(), discriminator(), seed=0)
    >>> gan.compile()
    >>> x, y = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 8, 1)).astype("float32")
    >>> history = gan.fit(x, y, batch_size=4, verbose=0).history
    >>> sorted(history)  # doctest: +NORMALIZE_WHITESPACE
    ['cycle_loss', 'discriminator_x_loss', 'discriminator_y_loss', 'generator_xy_loss',
     'generator_yx_loss', 'identity_loss']
    >>> gan.translate(x, to="y").shape, gan.discriminate(y, domain="y").shape
    ((8, 8, 8, 1), (8, 1))

    Reference: Zhu, Park, Isola and Efros 2017, Unpaired Image-to-Image Translation using
    Cycle-Consistent Adversarial Networks, arXiv 1703.10593, sections 3, 4 and 5.2.
    """

    network_names = ("generator_xy", "generator_yx", "discriminator_x", "discriminator_y")
    averaged_networks = ("generator_xy", "generator_yx")
    pair_checks = PairChecks(
        "A CycleGAN",
        "A step takes as many samples of one domain as of the other; received {x} of x and {y} of "
        "y: cut the larger one, or repeat the smaller, to {least} or {most}.",
    )

    def __init__(
        self,
        generator_xy: keras.Model,
        generator_yx: keras.Model,
        discriminator_x: keras.Model,
        discriminator_y: keras.Model,
        *,
        objective="least_squares",
        penalties=(),
        cycle_weight: float = 10.0,
        identity_weight: float = 5.0,
        pool_size: int = 50,
        schedule="alternating",
        average: float | None = None,
        augment=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        shapes = check_translation_networks(
            generator_xy, generator_yx, discriminator_x, discriminator_y
        )
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        check_players(self.schedule, ("discriminator", "generator"))
        self._sample_shapes = shapes
        self.generator_xy, self.generator_yx = generator_xy, generator_yx
        self.discriminator_x, self.discriminator_y = discriminator_x, discriminator_y
        self.objective = objectives.of_scores(objective, "CycleGAN")
        self.penalties = checked(penalties, discriminator_x)
        checked(self.penalties, discriminator_y)
        refuse_generator_terms(self.penalties, "CycleGAN")
        self.keep(states_of(self.penalties, "{}_x") | states_of(self.penalties, "{}_y"))
        self.cycle_weight = amount("cycle_weight", cycle_weight, least=0)
        self.identity_weight = amount("identity_weight", identity_weight, least=0)
        if self.identity_weight:
            check_alike(*self.sample_shapes)
        given = self.penalties
        self.augment_x = self.own_augmentation(augment, shapes[0], given)
        self.augment_y = self.own_augmentation(self.augment_x, shapes[1], given, copies=False)
        self.pool_size = whole("pool_size", pool_size, least=0)
        if self.pool_size:
            shape_x, shape_y = self.sample_shapes
            self.pool_x = ImagePool(self.pool_size, shape_x, name="pool_x")
            self.pool_y = ImagePool(self.pool_size, shape_y, name="pool_y")
        self.begin()

    def make_players(self) -> list[Player]:
        """Both discriminators, and both generators."""
        kinds = ["discriminator_{}_loss", *(f"{name}_{{}}" for name in by_name(self.penalties))]
        weights = {"cycle_loss": self.cycle_weight, "identity_loss": self.identity_weight}
        weighted = [name for name, weight in weights.items() if weight]
        return [
            Player(
                "discriminator",
                [self.discriminator_x, self.discriminator_y],
                self.discriminator_losses,
                [kind.format(domain) for domain in DOMAINS for kind in kinds],
            ),
            Player(
                "generator",
                [self.generator_xy, self.generator_yx],
                self.generator_losses,
                ["generator_xy_loss", "generator_yx_loss", *weighted],
            ),
        ]

    def discriminator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """Of each domain `discriminator_<domain>_loss` and one term per penalty, weighted."""
        x, y = minibatch
        fakes = {
            "x": self.generator_yx(y, training=training),
            "y": self.generator_xy(x, training=training),
        }
        step = self.optimizer_of("discriminator").iterations
        losses = {}
        for domain, real in zip(DOMAINS, minibatch, strict=True):
            fake = fakes[domain]
            if training and self.pool_size:
                fake = getattr(self, f"pool_{domain}").shown(fake, draws)
            discriminator = functools.partial(self.discriminator_of(domain), training=training)
            by = getattr(self, f"augment_{domain}")
            judge = Judge(
                discriminator,
                real,
                fake,
                self.penalties,
                augmented=self.augmented(real, training, by),
            )
            if by is not None and training:
                by.observe(judge.real_scores, judge.fake_scores, self.objective.threshold)
            losses[f"discriminator_{domain}_loss"] = self.objective.discriminator_loss(
                judge.real_scores, judge.fake_scores
            )
            for name, penalty in by_name(self.penalties).items():
                given = judge, judge.real, judge.fake, draws, step, training
                kept = self.kept_by(f"{name}_{domain}")
                losses[f"{name}_{domain}"] = penalty(*given, **kept)
        return losses, {}

    def generator_losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`generator_xy_loss`, `generator_yx_loss`, `cycle_loss` and `identity_loss`."""
        x, y = minibatch
        G, F = self.generator_xy, self.generator_yx
        fake_y, fake_x = G(x, training=training), F(y, training=training)
        losses = {
            "generator_xy_loss": self.adversarial_loss("y", fake_y, y, training),
            "generator_yx_loss": self.adversarial_loss("x", fake_x, x, training),
        }
        if self.cycle_weight:
            there_and_back = absolute_distance(F(fake_y, training=training), x)
            back_and_there = absolute_distance(G(fake_x, training=training), y)
            losses["cycle_loss"] = self.cycle_weight * (there_and_back + back_and_there)
        if self.identity_weight:
            unchanged_y = absolute_distance(G(y, training=training), y)
            unchanged_x = absolute_distance(F(x, training=training), x)
            losses["identity_loss"] = self.identity_weight * (unchanged_y + unchanged_x)
        return losses, {}

    def settings(self) -> dict:
        """The objective and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        return {
            **settings_of(self.augment_x),
            "objective": serialize(self.objective),
            "penalties": [serialize(penalty) for penalty in self.penalties],
            "cycle_weight": self.cycle_weight,
            "identity_weight": self.identity_weight,
            "pool_size": self.pool_size,
            **super().settings(),
        }
