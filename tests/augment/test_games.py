"""Augmentation inside of games: it changes what it must, and nothing else."""

import re

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.augment.augmentation import Augmentation
from tests.augment.games import GAMES, SIDE, data_of, gan, images, trained, weights_of
from tests.derivatives import gradients
from tests.slow import thorough_but

every = pytest.mark.parametrize("name", thorough_but(["GAN", "BiGAN"], GAMES))
R1 = kg.penalties.R1(1.0)


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Unchanged(kg.augment.Transform):
    """Draws numbers, and uses none."""

    def draw(self, shape, draws, strength):
        return draws.uniform((shape[0],))

    def apply(self, x, drawn):
        return x


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Doubled(kg.augment.Transform):
    """Without a draw, so that a step can be done again by hand."""

    def apply(self, x, drawn):
        return 2.0 * x


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Scaled(kg.augment.Transform):
    """Each sample by a factor of its own, to tell samples' numbers apart."""

    def draw(self, shape, draws, strength):
        return 1.0 + draws.uniform((shape[0],))

    def apply(self, x, drawn):
        return x * ops.reshape(drawn, (-1, *[1] * (len(x.shape) - 1)))


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Once(kg.augment.Transform):
    """What it is given, with a gradient that cannot be differentiated again."""

    def apply(self, x, drawn):
        @ops.custom_gradient
        def same(x):
            def gradient(*given, upstream=None):
                return ops.stop_gradient(given[0] if upstream is None else upstream)

            return x, gradient

        return same(x)


IDENTITIES = {
    "own transform": lambda: [Unchanged()],
    "layer": lambda: layers.Identity(),
    "no strength": lambda: kg.augment.DiffAugment(strength=0.0),
    "no probability": lambda: kg.augment.Adaptive(target=1.0),
    "nothing": lambda: [],
}


@pytest.mark.parametrize(
    ("name", "kind"),
    thorough_but(  # operations between players change the order of sums where gradients meet
        [("GAN", "own transform"), ("GAN", "no probability")],
        [
            *(("GAN", kind) for kind in IDENTITIES),
            *((name, "own transform") for name in GAMES if name != "GAN"),
            ("BiGAN", "no probability"),
        ],
    ),
)
def test_an_identity_changes_nothing_to_the_bit(name, kind):
    options = {"penalties": [R1, kg.penalties.GradientPenalty(1.0)], "optimizer": "adam"}
    plain = trained(name, **options)
    other = trained(name, augment=IDENTITIES[kind](), **options)
    for a, b in zip(weights_of(plain), weights_of(other), strict=True):
        np.testing.assert_array_equal(a, b)


@every
def test_an_augmentation_changes_both_players(name):
    plain, other = trained(name), trained(name, augment="color,translation")
    for network in plain.network_names:
        pairs = zip(getattr(plain, network).weights, getattr(other, network).weights, strict=True)
        assert any(not np.array_equal(a, b) for a, b in pairs), network


def test_one_step_by_hand_with_a_penalty_that_looks_through_it():
    """D(2x) and D(2 G(z)), and R1's gradient is that of x ↦ D(2x): twice ∇D at 2x."""
    game, rate = gan(augment=Doubled(), penalties=[R1]), 0.1
    hand = gan(penalties=[R1])
    for each in (game, hand):
        sgd = {f"{p}_optimizer": keras.optimizers.SGD(rate) for p in ("generator", "discriminator")}
        each.compile(**sgd)
    x = ops.convert_to_tensor(images(8))
    game.train_on_batch(np.asarray(x))
    D, G, draws = hand.discriminator, hand.generator, hand.draws

    def latents():
        return draws.draw(hand.prior, (8, hand.latent_dim))

    z = latents()

    def discriminator_loss():
        real, fake = D(2.0 * x), D(2.0 * G(z))
        slope = 2.0 * _slope(D, 2.0 * x)
        penalty = 0.5 * ops.mean(ops.sum(ops.square(slope), axis=(1, 2, 3)))
        return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake)) + penalty

    _descend(discriminator_loss, D, rate)
    z = latents()
    _descend(lambda: ops.mean(ops.softplus(-D(2.0 * G(z)))), G, rate)
    for a, b in zip(weights_of(game), weights_of(hand), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def _slope(D, x):
    """∇D of the small discriminator tanh(conv) and a dense layer, in closed form."""
    conv, dense = (layer for layer in D.layers if layer.weights)
    h = conv(x)
    weights = ops.reshape(dense.kernel, (1, *h.shape[1:]))
    return ops.conv_transpose((1.0 - h * h) * weights, conv.kernel, data_format="channels_last")


def _descend(loss, network, rate):
    found = gradients(loss, network.trainable_variables)
    for v, g in zip(network.trainable_variables, found, strict=True):
        v.assign(v - rate * g)


@pytest.mark.parametrize(
    ("objective", "synced", "equal"),
    [
        ("relativistic", None, True),
        ("non_saturating", None, False),
        ("non_saturating", True, True),
        ("relativistic", False, False),
    ],
)
def test_pairs_share_their_numbers(objective, synced, equal):
    game = gan(objective=objective, augment=Augmentation([Scaled()], synced=synced))
    game.compile()
    real, fake = game.augmented(ops.ones((8, SIDE, SIDE, 1)), training=True)
    ones = ops.ones((8, SIDE, SIDE, 1))
    a, b = ops.convert_to_numpy(real(ones)), ops.convert_to_numpy(fake(ones))
    assert np.array_equal(a, b) == equal
    assert len(np.unique(a)) == 8  # each sample has its own


def test_a_penalty_sees_the_samples_as_the_loss_does():
    """So the scores that the loss has can be differentiated, and nothing is scored twice."""
    scored = []

    @keras.saving.register_keras_serializable(package="tests_of_augment")
    class Noted(kg.augment.Transform):
        def draw(self, shape, draws, strength):
            return draws.uniform((shape[0], 1, 1, 1))

        def apply(self, x, drawn):
            scored.append(drawn)
            return x + drawn

    game = gan(augment=Noted(), penalties=[R1, kg.penalties.R2(1.0)])
    game.compile(run_eagerly=True)
    scored.clear()
    game.look("discriminator", ops.convert_to_tensor(images(8)))
    passes = len(scored)
    game = gan(augment=Noted())
    game.compile(run_eagerly=True)
    scored.clear()
    game.look("discriminator", ops.convert_to_tensor(images(8)))
    assert passes == len(scored)


@every
def test_adaptive_augmentation_is_saved_and_resumed_exactly(name, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise RuntimeError("killed")

    def run(folder, *callbacks):
        adaptive = kg.augment.Adaptive(images=200, interval=2, start=0.5)
        checkpoint = kg.callbacks.Checkpoint(folder, every=2)
        fit = {"callbacks": [checkpoint, *callbacks]}
        return trained(name, n=40, augment=adaptive, optimizer="adam", fit=fit)

    whole = run(tmp_path / "whole")
    with pytest.raises(RuntimeError, match="killed"):
        run(tmp_path / "broken", Stop())
    again = run(tmp_path / "broken")
    for a, b in zip(whole.variables, again.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=a.path)
    named = [v for v in whole.variables if v.path.endswith("/probability")]
    assert len(named) == (2 if name == "CycleGAN" else 1)
    assert all(float(v) != 0.5 for v in named)


@every
def test_the_same_seed_augments_alike_and_a_file_holds_it(name, tmp_path):
    game = trained(name, augment=["flip,translation", layers.GaussianNoise(0.1)])
    other = trained(name, augment=["flip,translation", layers.GaussianNoise(0.1)])
    for a, b in zip(weights_of(game), weights_of(other), strict=True):
        np.testing.assert_array_equal(a, b)
    game.save(tmp_path / "game.keras")
    copy = kg.load_model(tmp_path / "game.keras")
    for each in (game, copy):
        each.fit(*data_of(name), batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(weights_of(game), weights_of(copy), strict=True):
        np.testing.assert_array_equal(a, b)


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Rounded(layers.Layer):
    """Passes no gradient."""

    def call(self, x):
        return ops.round(8.0 * x) / 8.0


@keras.saving.register_keras_serializable(package="tests_of_augment")
class ToWholeNumbers(layers.Layer):
    """Nor this one."""

    def call(self, x):
        return ops.cast(255.0 * x, "int32")


@keras.saving.register_keras_serializable(package="tests_of_augment")
class StraightThrough(layers.Layer):
    """Rounds, but passes the gradient of the identity."""

    def call(self, x):
        return x + ops.stop_gradient(ops.round(8.0 * x) / 8.0 - x)


@pytest.mark.parametrize(
    ("augment", "message"),
    [
        (lambda: Rounded(name="bits"), "The transform by the layer 'bits' passes no gradient"),
        (lambda: ["color", ToWholeNumbers(name="ints")], "layer 'ints' passes no gradient"),
        (lambda: layers.Flatten(), r"turns samples of shape \(6, 6, 1\) into \(36,\)"),
        (lambda: "flip,colour", "Unknown augmentation 'colour': did you mean 'color'"),
        (lambda: 3, "augment must be the names of a policy"),
        (lambda: [3], "A transform must be"),
    ],
)
def test_what_cannot_augment_is_refused_when_the_game_is_made(augment, message):
    with pytest.raises(ValueError, match=message):
        gan(augment=augment())


def test_what_passes_a_gradient_is_not_refused():
    trained("GAN", augment=[StraightThrough(), layers.RandomFlip("horizontal")])


def test_points_are_augmented_by_ones_own_transforms_and_refused_by_those_of_images():
    networks = kg.networks.mlp_generator(width=8), kg.networks.mlp_discriminator(width=8)
    game = kg.GAN(*networks, augment=[kg.augment.Noise(), Scaled()], seed=0)
    game.compile()
    game.fit(np.random.default_rng(0).normal(size=(16, 2)), batch_size=8, verbose=0)
    with pytest.raises(ValueError, match=re.escape("this game's samples have the shape (2,)")):
        kg.GAN(*networks, augment="ada")
    with pytest.raises(ValueError, match="have positions and channels"):
        kg.GAN(*networks, augment="cutout")


def test_series_are_moved_and_cut():
    x, z = keras.Input((16, 3)), keras.Input((4,))
    series = layers.Reshape((16, 3))(layers.Dense(48, activation="tanh")(z))
    score = layers.Dense(1)(layers.Flatten()(x))
    game = kg.GAN(keras.Model(z, series), keras.Model(x, score), augment="translation,cutout")
    game.compile()
    data = np.random.default_rng(0).uniform(-1, 1, (16, 16, 3)).astype("float32")
    history = game.fit(data, batch_size=8, verbose=0).history
    assert np.isfinite(list(history.values())).all()


def test_avb_refuses_it():
    n = kg.networks
    players = n.mlp_generator(2, latent_dim=2), n.avb_encoder(2), n.avb_discriminator(2)
    with pytest.raises(ValueError, match=r"AVB takes no augment.*log q\(z\|x\)"):
        kg.AVB(*players, augment="color")


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_trains(policy):
    keras.config.set_dtype_policy(policy)
    game = trained("GAN", augment=kg.augment.Adaptive(start=0.5), penalties=[R1])
    assert all(np.isfinite(w).all() for w in weights_of(game))
    assert game.augment.probability.dtype == "float32"


@pytest.mark.parametrize("shape", [(7, 5, 1), (4, 12, 3)])
def test_rectangles_are_augmented(shape):
    z, x = keras.Input((3,)), keras.Input(shape)
    made = layers.Reshape(shape)(layers.Dense(int(np.prod(shape)), activation="tanh")(z))
    game = kg.GAN(
        keras.Model(z, made),
        keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
        augment=kg.augment.Adaptive(start=1.0),
    )
    game.compile()
    data = np.random.default_rng(0).uniform(-1, 1, (16, *shape)).astype("float32")
    history = game.fit(data, batch_size=8, verbose=0).history
    assert np.isfinite(list(history.values())).all()


FREE = [  # of derivatives by samples
    kg.penalties.FiniteDifferenceR1(1.0),
    kg.penalties.FiniteDifferenceR2(1.0),
    kg.penalties.LeCam(),
    kg.penalties.BCR("flip"),
]


@pytest.mark.parametrize("name", GAMES)
def test_penalties_on_gradients_alone_need_an_augmentation_with_second_derivatives(name):
    free = FREE[: 3 if name == "BiGAN" else None]  # whose pairs are no images to mirror
    game = GAMES[name](augment=Once(), penalties=free)
    assert game.augment_x if name == "CycleGAN" else game.augment
    for penalty in (R1, kg.penalties.GradientPenalty(), kg.penalties.R2()):
        with pytest.raises(ValueError, match="Once has a gradient that cannot be differentiated"):
            GAMES[name](augment=Once(), penalties=[*free, penalty])


@pytest.mark.parametrize("penalty", [kg.penalties.ZCR(), kg.penalties.ICR("flip")])
def test_consistency_needs_no_second_derivatives_of_an_augmentation(penalty):
    game = trained("GAN", augment=Once(), penalties=[penalty])
    assert all(np.isfinite(w).all() for w in weights_of(game))


@keras.saving.register_keras_serializable(package="tests_of_augment")
class Gained(layers.Layer):
    """Multiplies by a weight, which is built with it."""

    def build(self, shape):
        self.gain = self.add_weight(shape=(), initializer="ones", name="gain")

    def call(self, x):
        return self.gain * x


LAYER_KINDS = {
    "layer": lambda layer: layer,
    "transform": lambda layer: kg.augment.LayerTransform(layer),
    "Augmentation": lambda layer: Augmentation(["flip", layer]),
    "Adaptive": lambda layer: kg.augment.Adaptive([layer], start=0.5, interval=1),
}


@pytest.mark.parametrize("kind", LAYER_KINDS)
def test_two_games_share_no_variable_of_what_they_are_given_alike(kind):
    both = keras.Sequential([layers.GaussianNoise(0.1), Gained()], name="both")
    both.build((None, SIDE, SIDE, 1))
    both.layers[1].gain.assign(3.0)
    given = LAYER_KINDS[kind](both)
    games = [gan(augment=given) for _ in range(2)]
    owned = [id(v) for part in [*(each.augment for each in games), both] for v in part.variables]
    assert len(set(owned)) == len(owned)
    for each in games:
        own = next(v for v in each.augment.variables if v.path.endswith("gain"))
        assert float(own) == 3.0
    first, second = games
    before = [np.array(v) for v in [*second.augment.variables, *both.variables]]
    first.compile()
    first.fit(images(16), batch_size=8, verbose=0)
    for old, v in zip(before, [*second.augment.variables, *both.variables], strict=True):
        np.testing.assert_array_equal(old, v, err_msg=v.path)


def test_transforms_of_two_games_can_be_changed_apart():
    flip = kg.augment.Flip()
    one, other = gan(augment=flip), gan(augment=Augmentation(flip))
    one.augment.transforms[0].strength = 0.0
    assert other.augment.transforms[0].strength == flip.strength == 1.0


def test_a_layer_that_was_built_for_one_game_serves_another_of_other_channels():
    layer = Gained()
    assert [gan(augment=layer, channels=c).augment.inner[0].built for c in (1, 3)] == [True] * 2
    assert not layer.built


class Uncopied(layers.Layer):
    """Its config lacks a function."""

    def __init__(self, function):
        super().__init__(name="uncopied")
        self.function, self.noise = function, layers.GaussianNoise(0.1)

    def call(self, x):
        return self.function(self.noise(x))


def test_a_layer_without_variables_need_not_be_copied():
    twice = layers.Lambda(lambda x: 2.0 * x)  # which Keras does not make of a config unasked
    with pytest.warns(UserWarning, match="contains a Python lambda"):
        assert gan(augment=twice).augment.inner == [twice]


def test_a_layer_with_variables_that_cannot_be_copied_is_refused():
    with pytest.raises(ValueError, match="'uncopied' cannot be copied.*from get_config"):
        gan(augment=Uncopied(ops.negative))
