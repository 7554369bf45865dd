"""Normalization layers: Keras's to first order, right to second order."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.layers import GroupNormalization, InstanceNormalization, LayerNormalization
from tests.backend import BACKEND

# ours, Keras's, the shape of a batch
PAIRS = {
    "layer": (LayerNormalization, layers.LayerNormalization, {}, (3, 6)),
    "layer, all axes": (
        LayerNormalization,
        layers.LayerNormalization,
        {"axis": [1, 2, 3]},
        (3, 4, 4, 2),
    ),
    "layer, channels first": (
        LayerNormalization,
        layers.LayerNormalization,
        {"axis": 1},
        (3, 2, 5),
    ),
    "layer, plain": (
        LayerNormalization,
        layers.LayerNormalization,
        {"center": False, "scale": False, "epsilon": 1e-5},
        (3, 6),
    ),
    "group": (GroupNormalization, layers.GroupNormalization, {"groups": 2}, (3, 4, 4, 6)),
    "group, flat": (GroupNormalization, layers.GroupNormalization, {"groups": 3}, (3, 6)),
    "group, channels first": (
        GroupNormalization,
        layers.GroupNormalization,
        {"groups": 2, "axis": 1, "scale": False},
        (3, 4, 5, 5),
    ),
    "instance": (GroupNormalization, layers.GroupNormalization, {"groups": -1}, (3, 4, 4, 6)),
}


@pytest.fixture
def float64():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


@pytest.fixture(params=PAIRS)
def pair(request, rng):
    """Our layer and Keras's with the same weights, and a batch for them."""
    ours, theirs, options, shape = PAIRS[request.param]
    ours, theirs = ours(**options), theirs(**options)
    for layer in (ours, theirs):
        layer.build(shape)
    theirs.set_weights([rng.normal(size=w.shape) for w in theirs.weights])
    ours.set_weights(theirs.get_weights())
    return ours, theirs, 2.0 + 3.0 * rng.normal(size=shape).astype("float32")


def first_order(layer, x, along):
    def score(x):
        return ops.sum(along * ops.tanh(layer(x)))

    slopes, _ = autodiff.gradients(lambda: (score(x), None), layer.trainable_variables)
    return [layer(x), autodiff.input_gradient(score, x), *slopes]


def test_values_and_first_derivatives_are_those_of_keras(pair, rng):
    ours, theirs, x = pair
    along = rng.normal(size=x.shape).astype("float32")
    for a, b in zip(first_order(ours, x, along), first_order(theirs, x, along), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_same_config_and_weights_as_keras(pair):
    ours, theirs, x = pair
    config, expected = ours.get_config(), theirs.get_config()
    assert {**config, "name": ""} == {**expected, "name": ""}
    assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
    again = type(ours).from_config(config)
    again.build(x.shape)
    again.set_weights(theirs.get_weights())
    np.testing.assert_array_equal(again(x), ours(x))


def mixed_derivative(layer, x, rng):
    """Of ½‖∂ₓ s‖², s = ⟨a, tanh layer(v ∘ x)⟩, with v: by autodiff and by differences.

    The error of a mean held constant shows only in what moves the mean: at v = 1 it vanishes,
    because the layer's gradient sums to zero.
    """
    a, start, direction = rng.normal(size=x.shape), *rng.normal(size=(2, *x.shape[1:]))
    v = keras.Variable(start, dtype="float64")

    def penalty():
        slope = autodiff.input_gradient(lambda x: a * ops.tanh(layer(v.value * x)), x)
        return 0.5 * ops.sum(ops.square(slope))

    def moved(by):
        v.assign(start + by * direction)
        return float(penalty())

    (found,), _ = autodiff.gradients(lambda: (penalty(), None), [v])
    return float(np.sum(found * direction)), (moved(1e-6) - moved(-1e-6)) / 2e-6


@pytest.mark.float64
def test_second_derivative_equals_finite_differences(float64, pair, rng):
    ours, _, x = pair
    found, expected = mixed_derivative(ours, x.astype("float64"), rng)
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.float64
def test_second_derivative_of_keras_is_wrong_on_tensorflow_alone(float64, pair, rng):
    """When this fails, TensorFlow has mended its moments, and these layers are no longer needed."""
    _, theirs, x = pair
    found, expected = mixed_derivative(theirs, x.astype("float64"), rng)
    if BACKEND == "tensorflow":
        assert abs(found - expected) > 1e-3 * abs(expected)
    else:
        assert found == pytest.approx(expected, rel=1e-6)


def test_instance_is_one_group_a_channel(rng):
    x = rng.normal(size=(2, 5, 5, 3)).astype("float32")
    instance, group = InstanceNormalization(), GroupNormalization(-1)
    np.testing.assert_array_equal(instance(x), group(x))
    y = ops.convert_to_numpy(InstanceNormalization(epsilon=0.0)(x))
    np.testing.assert_allclose(y.mean(axis=(1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(y.var(axis=(1, 2)), 1, atol=1e-4)
    again = InstanceNormalization.from_config(instance.get_config())
    np.testing.assert_array_equal(again(x), y if again.epsilon == 0 else instance(x))


@pytest.mark.parametrize(
    "layer", [LayerNormalization, InstanceNormalization, lambda: GroupNormalization(2)]
)
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_statistics_in_float32_under_mixed_precision(layer, policy):
    """Deviations of 1,000, whose squares are beyond float16."""
    keras.config.set_dtype_policy(policy)
    layer = layer()
    signs = (-1.0) ** np.add.outer(np.arange(8), np.arange(4))[None]
    x = ops.cast(1000.0 * signs, layer.compute_dtype)
    y = ops.convert_to_numpy(ops.cast(layer(x), "float32"))
    assert keras.backend.standardize_dtype(layer(x).dtype) == layer.compute_dtype
    assert all(w.dtype == "float32" for w in layer.weights)
    np.testing.assert_allclose(np.abs(y), 1.0, atol=1e-2)


@pytest.mark.parametrize("normalization", [LayerNormalization, InstanceNormalization])
def test_sizes_known_only_at_run_time(normalization, rng):
    x = keras.Input((None, None, 4))
    model = keras.Model(x, normalization()(x))
    assert model.output_shape == (None, None, None, 4)
    assert model.predict(rng.normal(size=(2, 3, 5, 4)), verbose=0).shape == (2, 3, 5, 4)


def test_survive_saving(tmp_path, rng):
    x = keras.Input((4, 4, 6))
    h = InstanceNormalization()(GroupNormalization(3)(LayerNormalization(axis=[1, 2, 3])(x)))
    model = keras.Model(x, h)
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    batch = rng.normal(size=(2, 4, 4, 6)).astype("float32")
    np.testing.assert_array_equal(again(batch), model(batch))
    assert isinstance(again.layers[-1], kg.layers.InstanceNormalization)
