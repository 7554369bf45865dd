"""What users do around training under a strategy, and what Keras cannot do there."""

import contextlib
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.backend import BACKEND
from tests.distribution.games import descending, distance, make, mirrored, unequal_replicas

pytestmark = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="of TensorFlow's MirroredStrategy; JAX's: tests/backends"
)


def data(n=5 * 16 + 5):
    return tf.data.Dataset.from_tensor_slices(toys.points(n)).batch(16)


@pytest.mark.thorough
def test_fit_evaluate_generate_save_and_load_within_and_outside_of_the_scope(tmp_path):
    x = toys.points(37, seed=1)
    alone, strategy = descending(make("SNGAN")), mirrored(2)
    with strategy.scope():
        shared = make("SNGAN")
    descending(shared)  # compiled outside, trained inside: both are the model's own strategy
    with strategy.scope():
        shared.fit(data(), verbose=0)
        logs = shared.evaluate(x, verbose=0, return_dict=True)  # 37 = 32 + 5: a short last batch
    alone.fit(data(), verbose=0)
    expected = alone.evaluate(x, verbose=0, return_dict=True)
    assert logs == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert shared.evaluate(x, verbose=0, return_dict=True) == logs
    for average in (True, False):
        samples = shared.generate(4, seed=0, average=average)
        np.testing.assert_allclose(samples, alone.generate(4, seed=0, average=average), atol=1e-5)
        with strategy.scope():
            np.testing.assert_array_equal(samples, shared.generate(4, seed=0, average=average))
    np.testing.assert_allclose(shared.discriminate(x), alone.discriminate(x), atol=1e-5)

    shared.save(tmp_path / "gan.keras")
    single = kg.load_model(tmp_path / "gan.keras")
    with strategy.scope():
        double = kg.load_model(tmp_path / "gan.keras")
    assert (distance(shared, single)[1], distance(shared, double)[1]) == (0, 0)
    np.testing.assert_array_equal(single.generate(4, seed=0), shared.generate(4, seed=0))
    for game in (single, double):
        game.fit(data(), verbose=0)
    path, furthest = distance(single, double)
    assert furthest < 1e-5, path
    assert unequal_replicas(double) == []


@pytest.mark.thorough
def test_keras_own_dropout_draws_one_mask_for_all_replicas_and_trains_all_the_same():
    """It is no mistake, only not the step of one device: the mean over masks is the same."""
    strategy = mirrored(2)
    with strategy.scope():
        dropout = keras.layers.Dropout(0.5, seed=1)
        discriminator = toys.discriminator(dropout=0.5)
        gan = kg.GAN(toys.generator(normalized=False), discriminator, seed=1)
        gan.compile()
    ones = tf.ones((4, 8))
    parts = strategy.run(lambda: dropout(ones, training=True)).values
    np.testing.assert_array_equal(*parts)
    history = gan.fit(data(), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert unequal_replicas(gan) == []


@pytest.mark.thorough
@pytest.mark.parametrize("eager", [pytest.param(True, marks=pytest.mark.slow), False])
def test_batch_statistics_are_the_means_over_replicas_weighted_by_their_samples(eager):
    """Also where a replica has none: 5 samples for four replicas are 2, 2, 1, 0."""
    with mirrored(4).scope():
        keras.utils.set_random_seed(0)
        gan = kg.GAN(toys.generator(), toys.discriminator(), seed=1)
        gan.compile(run_eagerly=eager)
        normalization = gan.generator.layers[1]
    normalization.moving_mean.assign(np.full(16, 3.0))
    draws = Draws(1)
    z = [np.asarray(draws.normal((5, 3))) for _ in range(2)]  # each player's look has its own
    kernel, bias = (np.asarray(w) for w in gan.generator.layers[0].weights)
    gan.fit(tf.data.Dataset.from_tensor_slices(toys.points(5)).batch(5), verbose=0)
    expected = np.full(16, 3.0)
    for each in z:
        expected = 0.99 * expected + 0.01 * (each @ kernel + bias).mean(axis=0)
    np.testing.assert_allclose(normalization.moving_mean, expected, rtol=1e-5)
    assert unequal_replicas(gan) == []
    assert np.isfinite(gan.evaluate(toys.points(5), verbose=0)).all()


@pytest.mark.thorough
def test_the_data_come_in_the_order_of_one_device():
    """Keras would begin a pass to look at a batch, and the passes are shuffled by their number."""
    orders = []
    for scope in (contextlib.nullcontext(), mirrored(2).scope()):
        with scope:
            gan = make("DCGAN", schedule=1)
            gan.compile(run_eagerly=True)
        unpack, seen = gan.unpack, []
        gan.unpack = lambda data, unpack=unpack, seen=seen: seen.append(unpack(data)) or seen[-1]
        gan.fit(kg.data.batches(toys.points(32), 16, seed=0), verbose=0)
        orders.append(np.concatenate(seen))
    np.testing.assert_array_equal(*orders)


@pytest.mark.thorough
def test_a_networks_regularization_is_that_of_the_global_batch():
    def make_regularized():
        keras.utils.set_random_seed(0)
        gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), seed=1)
        gan.discriminator.layers[0].kernel.regularizer = keras.regularizers.L2(0.1)
        gan.discriminator.layers[1].activity_regularizer = keras.regularizers.L2(0.1)
        return descending(gan)

    alone = make_regularized()
    with mirrored(4).scope():
        shared = make_regularized()
    histories = [game.fit(data(7), verbose=0).history for game in (alone, shared)]
    assert "discriminator_regularization" in histories[0]
    for term, values in histories[0].items():
        assert histories[1][term] == pytest.approx(values, rel=1e-5), term
    assert distance(alone, shared)[1] < 1e-5


@pytest.mark.parametrize(
    "options",
    [{"steps_per_execution": 5}, pytest.param({"jit_compile": True}, marks=pytest.mark.slow)],
)
def test_fused_steps_fall_back_to_single_ones_with_one_warning(options):
    with mirrored(2).scope():
        with pytest.warns(
            UserWarning, match="neither fuses nor compiles steps of 2 replicas"
        ) as seen:
            gan = descending(make("DCGAN"), **options)
        assert len(seen) == 1
    assert (gan.steps_per_execution, gan.jit_compile) == (1, False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gan.fit(data(), verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        descending(make("DCGAN"), **options)  # without a strategy


def test_strategies_that_keras_cannot_fit_under_are_refused_before_the_first_step():
    with (
        tf.distribute.MultiWorkerMirroredStrategy().scope(),
        pytest.raises(ValueError, match="under MultiWorkerMirroredStrategy: use .*Mirrored"),
    ):
        make("DCGAN")

    class TPUStrategy(tf.distribute.Strategy):
        """Stands for the one that needs a TPU to be made."""

    with (
        TPUStrategy(tf.distribute.OneDeviceStrategy("CPU:0").extended).scope(),
        pytest.raises(ValueError, match="under TPUStrategy"),
    ):
        make("DCGAN")
    with tf.distribute.OneDeviceStrategy("CPU:0").scope():
        gan = descending(make("DCGAN"))
    gan.fit(data(), verbose=0)


def test_networks_made_outside_of_the_scope_are_refused():
    generator, discriminator = toys.generator(), toys.discriminator()
    with mirrored(2).scope():
        gan = kg.GAN(generator, discriminator)
        with pytest.raises(ValueError, match="build the networks inside `with strategy.scope"):
            gan.compile()


@pytest.mark.thorough
def test_an_overflow_on_one_replica_skips_the_step_on_all():
    """Keras asks the first replica alone, and would let the others' infinities through."""
    with mirrored(2).scope():
        keras.config.set_dtype_policy("mixed_float16")
        gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), seed=1)
        gan.compile()
    before = gan.get_weights()
    x = toys.points(8)
    x[6] = 1e8  # on the second replica, an infinity in float16
    with pytest.warns(RuntimeWarning, match="loss is nan; every weight is finite"):
        gan.fit(tf.data.Dataset.from_tensor_slices(x).batch(8), verbose=0)
    count = len(gan.generator.weights)
    for a, b in zip(before[count:], gan.discriminator.get_weights(), strict=False):
        np.testing.assert_array_equal(a, b)
    scales = [float(gan.optimizer[p].dynamic_scale.numpy()) for p in ("discriminator", "generator")]
    assert scales == [2.0**14, 2.0**15]
    assert unequal_replicas(gan) == []
