"""The training step against the algorithm written by hand, and what a game promises its users."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients


def make(seed=7, normalized=False, **options):
    keras.utils.set_random_seed(11)
    return kg.GAN(toys.generator(normalized=normalized), toys.discriminator(), seed=seed, **options)


def sgd(gan, rate=0.1, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return gan


def descend(network, loss, rate=0.1):
    """One step of gradient descent, by hand."""
    variables = network.trainable_variables
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def softplus(x):
    return ops.logaddexp(0.0, x)


LOSSES = {  # discriminator's loss of (real, fake) scores, generator's of fake scores
    "minimax": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda f: -ops.mean(softplus(f)),
    ),
    "non_saturating": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda f: ops.mean(softplus(-f)),
    ),
    "wasserstein": (
        lambda r, f: ops.mean(f - r),
        lambda f: -ops.mean(f),
    ),
    "hinge": (
        lambda r, f: ops.mean(ops.maximum(0.0, 1 - r) + ops.maximum(0.0, 1 + f)),
        lambda f: -ops.mean(f),
    ),
    "least_squares": (
        lambda r, f: ops.mean((r - 1) ** 2 + f**2) / 2,
        lambda f: ops.mean((f - 1) ** 2) / 2,
    ),
}


@pytest.mark.parametrize("objective", LOSSES)
def test_a_step_is_the_algorithm_of_the_slides(objective):
    """Two discriminator steps on fresh minibatches, then a generator step that sees the new D."""
    gan = sgd(make(objective=objective, schedule=2))
    twin = make()
    x = toys.points(8)
    gan.train_on_batch(x)

    discriminator_loss, generator_loss = LOSSES[objective]
    G, D, draws = twin.generator, twin.discriminator, Draws(7)
    for half in (x[0::2], x[1::2]):
        z = draws.normal((4, 3))
        descend(D, lambda half=half, z=z: discriminator_loss(D(half), D(G(z))))
    z = draws.normal((4, 3))
    descend(G, lambda: generator_loss(D(G(z))))

    for a, b in zip(gan.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_players_who_share_a_move_look_before_either_moves():
    gan = sgd(make(schedule="simultaneous"))
    twin = make()
    x = toys.points(8)
    gan.train_on_batch(x)

    G, D, draws = twin.generator, twin.discriminator, Draws(7)
    old = keras.models.clone_model(D)
    old.set_weights(D.get_weights())
    discriminator_loss, generator_loss = LOSSES["non_saturating"]
    z = draws.normal((8, 3))
    descend(D, lambda: discriminator_loss(D(x), D(G(z))))
    z = draws.normal((8, 3))
    descend(G, lambda: generator_loss(old(G(z))))
    for a, b in zip(gan.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_history_shows_the_mean_of_every_term():
    gan = sgd(make(), rate=0.0, run_eagerly=True)
    x = toys.points(24)
    history = gan.fit(x, batch_size=16, shuffle=False, verbose=0).history  # a short last batch

    draws, D, G = Draws(7), gan.discriminator, gan.generator
    values = []
    for part in (x[:16], x[16:]):
        z = draws.normal((len(part), 3))
        discriminator = LOSSES["non_saturating"][0](D(part), D(G(z)))
        generator = LOSSES["non_saturating"][1](D(G(draws.normal((len(part), 3)))))
        values.append([discriminator, generator])
    expected = np.average(values, axis=0, weights=[16, 8])
    names = ["discriminator_loss", "generator_loss"]
    np.testing.assert_allclose([history[name][0] for name in names], expected, rtol=1e-5)


def test_evaluate_measures_without_moving_and_repeats_itself():
    gan = make(normalized=True, average=0.9)
    gan.compile()
    x = toys.points(64)
    gan.fit(x, verbose=0)
    before = gan.get_weights()
    state = np.asarray(gan.draws.state)
    first = gan.evaluate(x, return_dict=True, verbose=0)
    assert first == gan.evaluate(x, return_dict=True, verbose=0)
    for a, b in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(state, gan.draws.state)

    draws, D, G = Draws(7, "evaluation"), gan.discriminator, gan.generator
    losses = []
    for part in (x[:32], x[32:]):
        z = draws.normal((32, 3))
        losses.append(LOSSES["non_saturating"][0](D(part), D(G(z, training=False))))
        draws.normal((32, 3))
    assert first["discriminator_loss"] == pytest.approx(np.mean(losses), rel=1e-5)


def test_validation_data_appears_in_the_history():
    gan = make()
    gan.compile()
    history = gan.fit(toys.points(64), validation_data=toys.points(32, seed=1), verbose=0).history
    assert {"val_discriminator_loss", "val_generator_loss"} < set(history)


@pytest.mark.thorough
def test_the_average_follows_its_formula_batch_norm_statistics_included():
    gan = make(normalized=True, average=0.3)
    gan.compile()
    x = toys.points(32)
    expected = None
    for t in range(5):
        gan.train_on_batch(x)
        weights = gan.generator.get_weights()
        decay = min(0.3, t / (t + 10))
        if t == 0:
            expected = weights
        expected = [decay * a + (1 - decay) * w for a, w in zip(expected, weights, strict=True)]
    for average, value in zip(gan.average.averages, expected, strict=True):
        np.testing.assert_allclose(average, value, rtol=1e-5, atol=1e-7)

    twin = keras.models.clone_model(gan.generator)
    twin.set_weights(expected)
    z = ops.convert_to_numpy(gan.prior((4, 3), seed=5))
    np.testing.assert_allclose(gan.generate(4, seed=5), twin(z), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(gan.generate(4, seed=5, average=False), gan.generator(z), rtol=1e-6)


def test_before_training_the_average_is_the_generator():
    gan = make(average=0.999)
    np.testing.assert_array_equal(gan.generate(4, seed=0), gan.generate(4, seed=0, average=False))


def test_generate_depends_on_the_seed_alone():
    gan = make(normalized=True)
    images = gan.generate(10, seed=1)
    assert images.shape == (10, 2)
    assert images.dtype == np.float32
    np.testing.assert_allclose(images, gan.generate(10, seed=1, batch_size=3), rtol=1e-6)
    assert not np.array_equal(images, gan.generate(10, seed=2))
    assert not np.array_equal(gan.generate(10), gan.generate(10))
    assert gan.generate(0, seed=0).shape == (0, 2)


def test_discriminate_gives_the_scores():
    gan = make()
    x = toys.points(10)
    scores = gan.discriminate(x, batch_size=4)
    assert scores.shape == (10, 1)
    np.testing.assert_allclose(scores, gan.discriminator(x), rtol=1e-6)


@pytest.mark.thorough
@pytest.mark.parametrize("options", [{}, {"schedule": 2, "objective": "hinge", "prior": "uniform"}])
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path, options):
    """Networks, both Adams, average, random states (dropout's too) and schedule are restored."""
    keras.utils.set_random_seed(3)
    gan = kg.GAN(toys.generator(), toys.discriminator(dropout=0.3), average=0.99, seed=1, **options)
    gan.compile(steps_per_execution=2)
    x = toys.points(64)
    gan.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = keras.saving.load_model(tmp_path / "gan.keras")
    assert copy.schedule == gan.schedule
    assert (copy.prior, copy.decay, copy.seed) == (gan.prior, gan.decay, gan.seed)
    assert type(copy.objective) is type(gan.objective)
    assert copy.steps_per_execution == 2
    for game in (gan, copy):
        game.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)
    for a, b in zip(gan.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)
    np.testing.assert_array_equal(gan.generate(4, seed=0), copy.generate(4, seed=0))


def test_a_recipe_comes_back_as_itself(tmp_path):
    discriminator = kg.networks.mlp_discriminator(width=8, depth=1, normalization="spectral")
    generator = kg.networks.mlp_generator(width=8, depth=1)
    gan = kg.SNGAN(generator, discriminator, objective="hinge", discriminator_steps=2)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.SNGAN
    assert copy.schedule == kg.schedules.alternating(2)
    assert copy.objective.get_config() == gan.objective.get_config()
    assert isinstance(copy.objective, kg.objectives.Hinge)
    assert not copy.compiled


@pytest.mark.thorough
def test_replicas_take_the_step_of_one(two_replicas):
    """With SGD and the same global batch, two replicas end with the weights and losses of one."""
    x = toys.points(64)
    data = tf.data.Dataset.from_tensor_slices(x).batch(16)
    alone = sgd(make(average=0.9, schedule=2))
    history = alone.fit(data, epochs=3, verbose=0).history
    with two_replicas.scope():
        shared = sgd(make(average=0.9, schedule=2))
    shared_history = shared.fit(data, epochs=3, verbose=0).history
    for name in history:
        np.testing.assert_allclose(shared_history[name], history[name], rtol=1e-5)
    for a, b in zip(alone.get_weights(), shared.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_stock_optimizers_by_name_and_defaults():
    gan = make()
    gan.compile(generator_optimizer="sgd")
    assert isinstance(gan.optimizer["generator"], keras.optimizers.SGD)
    assert isinstance(gan.optimizer["discriminator"], keras.optimizers.Adam)
    assert float(gan.optimizer["discriminator"].learning_rate) == pytest.approx(2e-4)


def test_labels_are_refused_and_left_aside_by_what_the_refusal_says():
    gan = make()
    gan.compile()
    data = tf.data.Dataset.from_tensor_slices((toys.points(32), np.arange(32))).batch(8)
    with pytest.raises(ValueError, match=r"dataset.map\(lambda x, \*rest: x\)"):
        gan.fit(data, verbose=0)
    samples = data.map(lambda x, *rest: x)
    assert np.isfinite(gan.fit(samples, verbose=0).history["generator_loss"][0])


def test_fused_steps_give_the_weights_of_single_ones():
    x = toys.points(64)
    single, fused = sgd(make(average=0.9)), sgd(make(average=0.9), steps_per_execution=4)
    for game in (single, fused):
        game.fit(x, batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(single.get_weights(), fused.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


def patches(normalized=False):
    """A discriminator of images with a score for each of 2 x 2 patches."""
    keras.utils.set_random_seed(12)
    x = keras.Input((4, 4, 1))
    h = keras.layers.LeakyReLU(0.2)(keras.layers.Conv2D(3, 2, 2)(x))
    return keras.Model(x, keras.layers.Conv2D(1, 1)(h))


def painter():
    keras.utils.set_random_seed(13)
    return keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(16), keras.layers.Reshape((4, 4, 1))]
    )


def test_of_patches_the_objective_takes_the_mean_and_penalties_that_of_each_sample():
    gan = sgd(
        kg.GAN(painter(), patches(), objective="hinge", penalties=[kg.penalties.R1(2.0)], seed=3)
    )
    x = np.random.default_rng(0).uniform(-1, 1, (8, 4, 4, 1)).astype("float32")
    D, G = patches(), painter()
    z = Draws(3).normal((8, 3))
    loss, _ = LOSSES["hinge"]
    expected = float(loss(D(x), D(G(z))))
    slope = kg.autodiff.input_gradient(lambda x: ops.mean(D(x), axis=(1, 2)), ops.array(x))
    penalty = float(ops.mean(ops.sum(ops.square(slope), axis=(1, 2, 3))))
    logs = gan.train_on_batch(x, return_dict=True)
    assert float(logs["discriminator_loss"]) == pytest.approx(expected, rel=1e-5)
    assert float(logs["r1_penalty"]) == pytest.approx(penalty, rel=1e-5)
    scores = gan.discriminate(x)
    assert scores.shape == (8, 1)
    np.testing.assert_allclose(
        scores[:, 0], np.array(gan.discriminator(x)).mean(axis=(1, 2, 3)), rtol=1e-5
    )
