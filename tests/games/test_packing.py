"""Packing: what the discriminator sees, that one is the plain game, and what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

import keras_gan as kg
from keras_gan.games.gan.packing import packs_of
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients
from tests.games.cases import assert_equal
from tests.recipes.cases import every


@pytest.mark.parametrize("shape", [(2,), (5, 3), (4, 4, 2), (2, 3, 2, 1)])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_a_pack_has_the_channels_of_its_samples_one_after_the_other(shape, m, rng):
    x = rng.normal(size=(6, *shape)).astype("float32")
    packs = ops.convert_to_numpy(packs_of(ops.convert_to_tensor(x), m))
    expected = [np.concatenate(x[i : i + m], axis=-1) for i in range(0, 6, m)]
    np.testing.assert_array_equal(packs, expected)


def game(packing=2, build=kg.GAN, networks=None, **options):
    keras.utils.set_random_seed(0)
    networks = networks or (toys.generator(normalized=False), toys.discriminator(2 * packing))
    return build(*networks, packing=packing, seed=3, **options)


def sgd(gan, **options):
    rates = {f"{p}_optimizer": keras.optimizers.SGD(0.1) for p in ("generator", "discriminator")}
    gan.compile(**rates, **options)
    return gan


def test_one_step_of_both_players_by_hand():
    gan, x, draws = sgd(game(schedule="simultaneous"), run_eagerly=True), toys.points(8), Draws(3)
    z = [draws.draw(gan.prior, (8, 3)) for _ in range(2)]
    generator, judge = gan.generator, gan.discriminator
    before = [np.array(v) for v in gan.trainable_variables]

    def packed(samples):
        return ops.concatenate([samples[0::2], samples[1::2]], axis=-1)

    def discriminator_loss():
        real, fake = judge(packed(x)), judge(packed(generator(z[0])))
        return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))

    def generator_loss():
        return ops.mean(ops.softplus(-judge(packed(generator(z[1])))))

    expected = {
        id(v): g
        for network, loss in ((generator, generator_loss), (judge, discriminator_loss))
        for v, g in zip(
            network.trainable_variables, gradients(loss, network.trainable_variables), strict=True
        )
    }
    values = float(discriminator_loss()), float(generator_loss())
    logs = gan.train_on_batch(x, return_dict=True)
    assert logs["discriminator_loss"] == pytest.approx(values[0], rel=1e-5)
    assert logs["generator_loss"] == pytest.approx(values[1], rel=1e-5)
    for old, new in zip(before, gan.trainable_variables, strict=True):
        stepped = old - 0.1 * np.array(expected[id(new)])
        np.testing.assert_allclose(np.array(new), stepped, atol=1e-6)


def test_a_packing_of_one_is_the_plain_game_to_the_bit():
    games = [sgd(game(1, average=0.9)), None]
    keras.utils.set_random_seed(0)
    networks = toys.generator(normalized=False), toys.discriminator()
    games[1] = sgd(kg.GAN(*networks, seed=3, average=0.9))
    for gan in games:
        gan.fit(toys.points(32), batch_size=8, shuffle=False, verbose=0)
    assert_equal(*games)
    assert games[0].settings() == games[1].settings()


@every
def test_every_recipe_packs_but_those_that_classify(case):
    keras.utils.set_random_seed(3)
    generator = case.generator()
    if case.labelled:
        with pytest.raises(ValueError, match="takes no packing, since .* says the class"):
            case.make(packing=2)
        return
    sizes = {"data_dim": 4, "width": 8, "depth": 2, **case.discriminator}
    gan = case.recipe(generator, kg.networks.mlp_discriminator(**sizes), packing=2, seed=5)
    gan.compile(run_eagerly=True)
    logs = gan.fit(toys.points(4 * case.steps), batch_size=4 * case.steps, verbose=0).history
    assert all(np.isfinite(values).all() for values in logs.values())
    assert gan.settings()["packing"] == 2


def test_penalties_are_of_packs():
    """R1 of a linear D of packs: ½ γ of the squares of all its weights."""
    x = keras.Input((4,))
    networks = toys.generator(normalized=False), keras.Model(x, layers.Dense(1)(x))
    gan = game(networks=networks, penalties=[kg.penalties.R1(2.0)])
    gan.compile(run_eagerly=True)
    squares = float(ops.sum(ops.square(gan.discriminator.trainable_variables[0])))
    value = gan.test_on_batch(toys.points(8), return_dict=True)["r1_penalty"]
    assert value == pytest.approx(squares, rel=1e-5)


def test_scores_and_features_are_of_packs():
    gan, x = game(), toys.points(10)
    scores = gan.discriminate(x)
    assert scores.shape == (5, 1)
    own = gan.discriminator(np.concatenate([x[0::2], x[1::2]], axis=-1), training=False)
    np.testing.assert_allclose(scores, own, rtol=1e-6)
    assert gan.features(x).shape == (5, 16)
    assert gan.generate(3, seed=0).shape == (3, 2)
    with pytest.raises(ValueError, match="With packing=2 a batch must be a multiple of 2"):
        gan.discriminate(x[:3])


def test_images_by_the_builders_as_the_docstring_says():
    networks = (
        kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4),
        kg.networks.dcgan_discriminator((8, 8, 3 * 1), width=4),
    )
    gan = game(3, networks=networks)
    gan.compile(run_eagerly=True)
    x = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 1)).astype("float32")
    logs = gan.fit(x, batch_size=6, verbose=0).history
    assert np.isfinite(logs["generator_loss"]).all()
    assert gan.sample_shape == (8, 8, 1)


def test_saved_and_unrolled(tmp_path):
    gan = game(build=kg.UnrolledGAN, unroll=1)
    gan.compile(run_eagerly=True)
    gan.train_on_batch(toys.points(8))
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert (copy.packing, copy.unroll) == (2, 1)
    for each in (gan, copy):
        each.train_on_batch(toys.points(8))
    assert_equal(gan, copy)


@pytest.mark.parametrize(
    ("batch", "samples", "options", "message"),
    [
        (7, 14, {}, "multiple of 2; received one of 7: take a batch of 6 or 8"),
        (6, 12, {"schedule": 2}, "multiple of 4; received one of 6: take a batch of 4 or 8"),
        (8, 19, {}, "the last batch of a pass must be a multiple of 2, too.* 3 samples: leave 1"),
        (1, 4, {}, "received one of 1: take a batch of 2"),
    ],
)
def test_batches_that_do_not_divide_are_refused_before_the_first_step(
    batch, samples, options, message
):
    gan = game(**options)
    gan.compile()
    with pytest.raises(ValueError, match=f"With packing=2 .*{message}"):
        gan.fit(toys.points(samples), batch_size=batch, verbose=0)
    batches = tf.data.Dataset.from_tensor_slices(toys.points(batch)).batch(batch)
    if samples % batch == 0:
        with pytest.raises(ValueError, match=f"With packing=2 .*{message}"):
            gan.fit(batches, verbose=0)
    assert int(gan.optimizer["generator"].iterations) == 0


def test_a_validation_of_any_batch_that_divides_is_taken():
    gan = sgd(game(3), run_eagerly=True)
    x = toys.points(48)
    gan.fit(x, batch_size=48, validation_data=x, verbose=0)
    with pytest.raises(ValueError, match="In validation_data: With packing=3"):
        gan.fit(x, batch_size=48, validation_data=x[:47], verbose=0)


def test_networks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"as one of shape \(4,\); it takes \(2,\)"):
        game(networks=(toys.generator(), toys.discriminator()))
    with pytest.raises(ValueError, match="packing must be a whole number of at least 1"):
        game(0)
    labelled = kg.networks.mlp_generator(classes=3), kg.networks.mlp_discriminator(4, classes=3)
    with pytest.raises(ValueError, match="packing=2 needs networks without labels"):
        game(networks=labelled)
