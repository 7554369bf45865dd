"""CycleGAN's average, files, checkpoints, fused steps, replicas and kinds of data."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import keras_gan as kg
from tests.games.translators import images, make, sgd


def test_both_generators_are_averaged():
    gan = sgd(make(average=0.5), run_eagerly=True)
    x = images()
    gan.train_on_batch(x, images(seed=1))
    first = [w for g in (gan.generator_xy, gan.generator_yx) for w in g.get_weights()]
    gan.train_on_batch(x, images(seed=1))
    second = [w for g in (gan.generator_xy, gan.generator_yx) for w in g.get_weights()]
    decay = 1 / 11  # min(0.5, t / (t + 10)) at t = 1
    for a, b, average in zip(first, second, gan.average.averages, strict=True):
        np.testing.assert_allclose(average, decay * a + (1 - decay) * b, rtol=1e-5, atol=1e-6)
    for to in "xy":
        assert not np.array_equal(gan.translate(x, to), gan.translate(x, to, average=False))


def variables_of(gan):
    return [v for v in gan.variables + gan.optimizer.variables if "running_means" not in v.path]


def assert_same(one, other):
    for a, b in zip(variables_of(one), variables_of(other), strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=a.path)


@pytest.mark.slow
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path):
    options = {"penalties": [kg.penalties.R2(0.1)], "cycle_weight": 3.0, "identity_weight": 1.0}
    gan = make(pool_size=5, average=0.9, objective="hinge", **options)
    gan.compile()
    x, y = images(24, seed=1), images(24, seed=2)
    gan.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.CycleGAN
    assert (copy.pool_size, copy.cycle_weight, copy.identity_weight) == (5, 3.0, 1.0)
    assert_same(gan, copy)
    assert np.abs(copy.pool_x.images).max() > 0
    for game in (gan, copy):
        game.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    assert_same(gan, copy)


class Stop(keras.callbacks.Callback):
    """Breaks off after the third step, as a kill would."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            raise RuntimeError("killed")


@pytest.mark.slow
def test_a_stopped_training_ends_with_the_same_bits(tmp_path):
    def trained(folder, *callbacks):
        gan = make(pool_size=5, average=0.9)
        gan.compile(run_eagerly=True)
        checkpoint = kg.callbacks.Checkpoint(folder, every=2)
        data = images(40, seed=1), images(40, seed=2)
        gan.fit(*data, batch_size=8, verbose=0, callbacks=[checkpoint, *callbacks])
        return gan

    whole = trained(tmp_path / "whole")
    with pytest.raises(RuntimeError, match="killed"):
        trained(tmp_path / "broken", Stop())
    assert_same(whole, trained(tmp_path / "broken"))


@pytest.mark.thorough
def test_fused_steps_give_the_weights_of_single_ones():
    x, y = images(48, seed=1), images(48, seed=2)
    single, fused = sgd(make(pool_size=5)), sgd(make(pool_size=5), steps_per_execution=3)
    for game in (single, fused):
        game.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(single.get_weights(), fused.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_replicas_take_the_steps_of_one(two_replicas):
    """Ten steps with two discriminator moves each and a pool; the last batch is 3 and 2 samples."""
    x, y = images(9 * 8 + 5, seed=1), images(9 * 8 + 5, seed=2)
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
    options = {"pool_size": 6, "schedule": 2, "average": 0.9}
    alone = sgd(make(**options), rate=0.05)
    history = alone.fit(data, verbose=0).history
    with two_replicas.scope():
        shared = sgd(make(**options), rate=0.05)
    shared_history = shared.fit(data, verbose=0).history
    for name in history:
        np.testing.assert_allclose(shared_history[name], history[name], rtol=1e-5)
    for a, b in zip(alone.variables, shared.variables, strict=True):
        if "running_means" not in a.path:
            np.testing.assert_allclose(np.asarray(b), a, rtol=1e-5, atol=1e-5, err_msg=a.path)
    for pool in (shared.pool_x, shared.pool_y):
        one, other = pool.images.value.values
        np.testing.assert_array_equal(one, other)


def test_four_devices_take_the_steps_of_one():
    if keras.backend.backend() != "jax":
        pytest.skip("of JAX's devices")

    def trained():
        gan = sgd(make(pool_size=6))
        gan.fit(images(40, seed=1), images(40, seed=2), batch_size=8, shuffle=False, verbose=0)
        return [ops.convert_to_numpy(v) for v in gan.variables]

    alone = trained()
    with keras.distribution.DataParallel(devices=keras.distribution.list_devices("cpu")).scope():
        shared = trained()
    for a, b in zip(alone, shared, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-5)


class Pairs(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return images(8, seed=index), images(8, seed=10 + index)


@pytest.mark.thorough
def test_data_come_as_arrays_as_a_tf_data_set_or_as_a_py_dataset():
    pairs = [Pairs()[i] for i in range(3)]
    arrays = [np.concatenate(each) for each in zip(*pairs, strict=True)]
    sets = [
        (*arrays,),
        (tf.data.Dataset.from_tensor_slices(tuple(arrays)).batch(8),),
        (Pairs(),),
    ]
    weights = []
    for data in sets:
        gan = sgd(make(pool_size=3), run_eagerly=True)
        batch = {"batch_size": 8} if len(data) == 2 else {}
        gan.fit(*data, verbose=0, shuffle=False, **batch)
        weights.append(gan.get_weights())
    for other in weights[1:]:
        for a, b in zip(weights[0], other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
