"""Balanced and latent consistency: bCR, zCR and their sum, by hand and in games."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.games.gan.packing import packs_of
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge
from tests.augment.games import (
    GAMES,
    SIDE,
    data_of,
    gan,
    images,
    judging,
    networks,
    trained,
    weights_of,
)

p = kg.penalties


def judged(x):
    """Some D of images, not linear."""
    weights = np.random.default_rng(1).normal(size=(*x.shape[1:], 1)).astype("float32")
    return ops.tanh(ops.tensordot(ops.cast(x, "float32"), weights, len(x.shape) - 1))


def test_bcr_by_hand():
    real, fake = ops.convert_to_tensor(images(8)), ops.convert_to_tensor(images(8, seed=1))
    penalty = p.BCR("flip,translation,color", real_weight=3.0, fake_weight=5.0)
    found = float(penalty(judged, real, fake, Draws(7)))
    draws, transform = Draws(7), kg.augment.DiffAugment("flip,translation,color")
    parts = transform.parts()
    expected = 0.0
    for x, weight in ((real, 3.0), (fake, 5.0)):
        y = x
        for part in [(*part.numbers((8, 6, 6, 1), draws), part) for part in parts]:
            *numbers, own = part
            y = own.transformed(y, tuple(numbers))
        expected += weight * float(ops.mean(ops.square(judged(x) - judged(y))))
    assert found == pytest.approx(expected, rel=1e-5)
    assert found > 0.1


def test_bcr_is_nothing_for_a_discriminator_that_sees_no_transform():
    def mean(x):
        return ops.mean(x, axis=(1, 2))

    x = ops.convert_to_tensor(images(8))
    assert float(p.BCR("flip")(mean, x, x, Draws(0))) == pytest.approx(0, abs=1e-10)


def test_zcr_by_hand_in_both_moves():
    """D: λ (D(G(z)) − D(G(z + σ n)))², G: −λ |G(z) − G(z + σ n)|²."""
    penalty = p.ZCR(noise=0.3, discriminator_weight=2.0, generator_weight=4.0)
    game = gan(penalties=[penalty])
    game.compile()
    x, draws = ops.convert_to_tensor(images(8)), Draws(3)
    for player, name in (("discriminator", "zcr"), ("generator", "zcr_generator")):
        losses, _ = game.losses_of(player, x, Draws(3), training=True)
        draws = Draws(3)
        z = draws.draw(game.prior, (8, game.latent_dim))
        near = z + 0.3 * draws.normal((8, game.latent_dim))
        one, other = game.generator(z), game.generator(near)
        if player == "generator":
            expected = -4.0 * ops.mean(ops.square(one - other))
        else:
            scores = game.discriminator(one) - game.discriminator(other)
            expected = 2.0 * ops.mean(ops.square(scores))
        assert float(losses[name]) == pytest.approx(float(expected), rel=1e-4)
        assert abs(float(expected)) > 1e-6


def test_icr_is_the_sum():
    real, fake = ops.convert_to_tensor(images(8)), ops.convert_to_tensor(images(8, seed=1))

    def near(stddev):
        return fake + stddev

    def paid(penalty, draws):
        return float(penalty(Judge(judged, real, fake, neighbours=near), real, fake, draws))

    parts = paid(p.BCR(), Draws(0)) + paid(p.ZCR(), Draws(0))
    assert paid(p.ICR(), Draws(0)) == pytest.approx(parts, rel=1e-6)
    assert float(p.ICR().generator_term(fake, near)) == pytest.approx(-0.5 * 0.05**2, rel=1e-3)


def test_no_sample_is_scored_twice():
    scored = []

    def counted(x):
        scored.append(x)
        return judged(x)

    x = ops.convert_to_tensor(images(8))
    judge = Judge(counted, x, -x, neighbours=lambda stddev: x)
    p.ICR()(judge, judge.real, judge.fake, Draws(0))
    assert len(scored) == 2 + 2 + 1


@pytest.mark.parametrize("name", ["GAN", "UnrolledGAN"])
def test_a_game_pays_both_players_and_saves_them(name, tmp_path):
    game = trained(name, penalties=[p.ICR(noise=0.2)], augment="color", optimizer="adam")
    history = game.fit(*data_of(name), batch_size=8, shuffle=False, verbose=0).history
    assert history["icr"][0] > 0
    assert history["icr_generator"][0] < 0
    game.save(tmp_path / "game.keras")
    copy = kg.load_model(tmp_path / "game.keras")
    assert copy.penalties[0].get_config() == game.penalties[0].get_config()
    for each in (game, copy):
        each.fit(*data_of(name), batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(weights_of(game), weights_of(copy), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", ["BiGAN", "CycleGAN"])
def test_a_generator_that_is_not_of_z_alone_is_refused(name):
    with pytest.raises(ValueError, match=rf"ZCR has a term for a generator.*{name} has not"):
        GAMES[name](penalties=[p.ZCR()])


@pytest.mark.thorough
def test_bcr_is_one_for_a_cyclegan():
    history = trained("CycleGAN", penalties=[p.BCR()]).history.history
    assert history["bcr_x"][0] > 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: p.BCR(None), "augment must be transforms such as"),
        (lambda: p.BCR("ada"), "augment must be transforms such as"),
        (
            lambda: p.BCR(
                kg.augment.Flip(probability=keras.optimizers.schedules.PolynomialDecay(1.0, 10))
            ),
            "of fixed strength and probability",
        ),
        (lambda: p.BCR(real_weight=-1), "real_weight must be"),
        (lambda: p.ZCR(noise=0), "noise must be a number greater than 0"),
        (lambda: p.ZCR()(judged, images(2), images(2), Draws(0)), "a penalty of a kg.GAN"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_points_have_nothing_to_flip():
    networks = kg.networks.mlp_generator(width=8), kg.networks.mlp_discriminator(width=8)
    with pytest.raises(ValueError, match="have positions and channels"):
        kg.GAN(*networks, penalties=[p.BCR()])


@pytest.mark.parametrize("penalty", [p.BCR, p.ICR])
def test_each_sample_of_a_pack_is_transformed_by_a_draw_of_its_own(penalty):
    """As 8 samples of one channel, not as 4 of two."""
    keras.utils.set_random_seed(3)
    generator = networks()[0]
    x = keras.Input((SIDE, SIDE, 2))
    own = {"discriminator_weight": 0.0, "generator_weight": 0.0} if penalty is p.ICR else {}
    transform = kg.augment.DiffAugment("color,translation,cutout")
    game = kg.GAN(
        generator,
        judging(x, "discriminator"),
        packing=2,
        seed=5,
        penalties=[penalty(transform, real_weight=3.0, fake_weight=5.0, **own)],
    )
    game.compile()
    real, draws = ops.convert_to_tensor(images(8)), Draws(7)
    found, _ = game.losses_of("discriminator", real, Draws(7), training=True)
    fake = game.generator(draws.draw(game.prior, (8, game.latent_dim)))
    expected = 0.0
    for samples, weight in ((real, 3.0), (fake, 5.0)):
        moved = kg.augment.Augmentation([transform]).drawn((8, SIDE, SIDE, 1), draws)(samples)
        scores = [game.discriminator(packs_of(each, 2)) for each in (samples, moved)]
        expected += weight * float(ops.mean(ops.square(scores[0] - scores[1])))
    assert float(found[game.penalties[0].name]) == pytest.approx(expected, rel=1e-4)
    assert expected > 1e-3


def test_with_packing_the_transforms_are_checked_for_samples_and_not_for_packs():
    """Saturation is of 3 channels: of packs of two colour images, not of three grey ones."""
    saturation = p.BCR([kg.augment.Saturation()])
    colour = judging(keras.Input((SIDE, SIDE, 6)), "discriminator")
    game = kg.GAN(networks(3)[0], colour, packing=2, penalties=[saturation])
    assert game.penalties == [saturation]
    grey = judging(keras.Input((SIDE, SIDE, 3)), "discriminator")
    with pytest.raises(ValueError, match="Saturation"):
        kg.GAN(networks(1)[0], grey, packing=3, penalties=[saturation])
