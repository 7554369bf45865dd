"""Layers that see a minibatch: the deviation of its groups, the nearness of its samples."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.layers import MinibatchDiscrimination, MinibatchStdDev
from keras_gan.penalties import R1
from keras_gan.penalties.second_order import check_mixed_derivatives, check_second_order
from tests.penalties.test_finite_differences import derivatives, float64  # noqa: F401

SHAPES = [(6,), (5, 6), (3, 4, 6), (2, 3, 2, 6)]


def by_hand(x, size, features):
    """The statistic of each sample, group by group and block by block."""
    n, channels = len(x), x.shape[-1]
    groups = 1 if size is None else max(n // size, 1)
    found = np.zeros((n, features))
    for group in range(groups):
        members = x[group::groups].reshape(len(x[group::groups]), -1, channels)
        deviation = np.sqrt(members.var(axis=0) + 1e-8)
        for f, block in enumerate(np.split(deviation, features, axis=-1)):
            found[group::groups, f] = block.mean()
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("n", "size", "features"), [(8, 4, 1), (8, None, 2), (3, 4, 3), (11, 4, 1)]
)
def test_the_deviation_of_groups_by_hand(shape, n, size, features, rng):
    x = rng.normal(size=(n, *shape)).astype("float32")
    layer = MinibatchStdDev(size, features)
    y = ops.convert_to_numpy(layer(x))
    assert y.shape == layer.compute_output_shape(x.shape) == (n, *shape[:-1], 6 + features)
    np.testing.assert_array_equal(y[..., :6], x)
    expected = by_hand(x.astype("float64"), size, features)
    for f in range(features):
        spread = np.broadcast_to(
            expected[:, f].reshape(-1, *(1,) * (len(shape) - 1)), y[..., 6 + f].shape
        )
        np.testing.assert_allclose(y[..., 6 + f], spread, rtol=1e-5, atol=1e-6)


def test_equal_samples_deviate_by_nothing_and_twice_the_distance_by_twice_as_much(rng):
    x = rng.normal(size=(4, 3)).astype("float32")
    layer = MinibatchStdDev()
    assert float(layer(np.tile(x[:1], (4, 1)))[0, -1]) == pytest.approx(1e-4, rel=1e-3)
    once, twice = (float(layer(scale * x)[0, -1]) for scale in (1.0, 2.0))
    assert twice == pytest.approx(2 * once, rel=1e-5)


def test_nearness_by_hand(rng):
    x = rng.normal(size=(5, 4)).astype("float32")
    layer = MinibatchDiscrimination(features=3, dims=2)
    y = ops.convert_to_numpy(layer(x))
    assert y.shape == layer.compute_output_shape(x.shape) == (5, 7)
    np.testing.assert_array_equal(y[:, :4], x)
    t = (x @ np.array(layer.kernel)).reshape(5, 3, 2)
    for i in range(5):
        others = [j for j in range(5) if j != i]
        near = np.exp(-np.abs(t[i] - t[others]).sum(axis=-1)).sum(axis=0)
        np.testing.assert_allclose(y[i, 4:], near, rtol=1e-4, atol=1e-6)


LAYERS = {
    "deviation": lambda: MinibatchStdDev(4),
    "of all": lambda: MinibatchStdDev(None, features=2),
    "nearness": lambda: MinibatchDiscrimination(4, 2),
}
every = pytest.mark.parametrize("name", LAYERS)


def discriminator(name, dtype=None):
    x = keras.Input((3,), dtype=dtype)
    h = layers.Dense(8, activation="tanh")(x)
    return keras.Model(x, layers.Dense(1)(layers.Dense(8, "tanh")(LAYERS[name]()(h))))


@pytest.mark.float64
@every
def test_second_derivatives_are_those_of_finite_differences(float64, name):  # noqa: F811
    found, expected = derivatives(R1(1.0), discriminator(name), (3,))
    assert abs(expected) > 1e-3
    assert found == pytest.approx(expected, rel=1e-5)


@every
def test_a_penalised_and_an_unrolled_discriminator_may_have_them(name):
    check_second_order(discriminator(name))
    check_mixed_derivatives(discriminator(name))


@every
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_statistics_are_computed_in_float32(name, policy, rng):
    x = (100.0 + 0.1 * rng.normal(size=(8, 6))).astype("float16")
    keras.config.set_dtype_policy(policy)
    layer = LAYERS[name]()
    y = layer(ops.convert_to_tensor(x, layer.compute_dtype))
    assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
    assert np.isfinite(np.asarray(ops.cast(y, "float32"))).all()
    if name == "deviation":
        seen = ops.cast(ops.convert_to_tensor(x, layer.compute_dtype), "float32")
        expected = by_hand(np.asarray(seen, "float64"), 4, 1)[:, 0]
        found = np.asarray(ops.cast(y, "float32"))[:, -1]
        np.testing.assert_allclose(found, expected, rtol=0.01)


@every
def test_survives_saving(name, tmp_path, rng):
    network = discriminator(name)
    network.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    x = rng.normal(size=(8, 3)).astype("float32")
    np.testing.assert_array_equal(network(x), again(x))


@every
def test_two_replicas_see_the_global_minibatch(name, two_replicas, rng):
    import tensorflow as tf

    from keras_gan.parallel.global_batch import holding, part_of_replica

    x = rng.normal(size=(7, 3)).astype("float32")
    with two_replicas.scope():
        network = discriminator(name)
    alone = np.asarray(network(x))

    def gradient(rows):
        with holding(part_of_replica(tf.shape(rows)[0])):
            slope = autodiff.input_gradient(lambda x: network(x), rows)
            return network(rows), slope

    parts = [x[:4], x[4:]]
    given = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )
    scores, slopes = two_replicas.run(tf.function(gradient, reduce_retracing=True), args=(given,))
    scores, slopes = (np.concatenate([v.numpy() for v in each.values]) for each in (scores, slopes))
    np.testing.assert_allclose(scores, alone, rtol=1e-5, atol=1e-6)
    expected = autodiff.input_gradient(lambda x: network(x), ops.convert_to_tensor(x))
    np.testing.assert_allclose(slopes, expected, rtol=1e-4, atol=1e-6)


def test_a_lazy_penalty_on_several_replicas_is_refused(two_replicas):
    with two_replicas.scope():
        networks = kg.networks.mlp_generator(3, 2, 4, 1), discriminator("deviation")
        with pytest.raises(ValueError, match="MinibatchStdDev layer .* take every=1"):
            kg.GAN(*networks, penalties=[R1(1.0, every=2)])
        kg.GAN(*networks, penalties=[R1(1.0)])
    kg.GAN(kg.networks.mlp_generator(3, 2, 4, 1), discriminator("nearness"), penalties=R1(every=2))


@pytest.mark.parametrize(
    ("make", "shape", "message"),
    [
        (lambda: MinibatchStdDev(0), None, "group_size must be a whole number of at least 1"),
        (lambda: MinibatchStdDev(features=0), None, "features must be a whole number"),
        (lambda: MinibatchStdDev(features=4), (2, 6), r"cuts the channels into 4 blocks.*\(2, 6\)"),
        (lambda: MinibatchDiscrimination(0), None, "features must be a whole number"),
        (lambda: MinibatchDiscrimination(), (2, 3, 6), "takes vectors.*Flatten"),
    ],
)
def test_refusals(make, shape, message):
    with pytest.raises(ValueError, match=message):
        make()(np.zeros(shape, "float32"))
