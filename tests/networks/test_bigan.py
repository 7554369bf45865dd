"""BiGAN's networks compute the stated formulas, of images and of points."""

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from keras_gan.backend.precision import float32_layers
from keras_gan.layers import LayerNormalization, SpectralNormalization
from keras_gan.networks import bigan_discriminator, bigan_encoder, bigan_generator, registry

SIZES = {"latent_dim": 3, "width": 5}
SHAPES = [(4, 4, 2), (6,)]


def disturbed(model, rng):
    """The same with other weights, and the statistics that a training call leaves."""
    weights = [w + 0.3 * np.abs(rng.normal(size=w.shape)) for w in model.get_weights()]
    model.set_weights(weights)
    return [w.astype("float64") for w in model.get_weights()]


def leaky(h):
    return np.where(h > 0, h, 0.2 * h)


def normalized(h, gamma, beta, mean, variance):
    return gamma * (h - mean) / np.sqrt(variance + 1e-5) + beta


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_generator(shape, rng):
    model = bigan_generator(shape, **SIZES)
    w = disturbed(model, rng)
    z = rng.normal(size=(7, 3))
    h = np.maximum(normalized(z @ w[0], *w[1:5]), 0)
    h = np.maximum(normalized(h @ w[5], *w[6:10]), 0)
    x = (h @ w[10] + w[11]).reshape(7, *shape)
    expected = np.tanh(x) if len(shape) == 3 else x
    assert_allclose(model(z.astype("float32")), expected, rtol=1e-4, atol=1e-5)
    assert len(w) == 12


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_encoder(shape, rng):
    model = bigan_encoder(shape, **SIZES)
    w = disturbed(model, rng)
    x = rng.normal(size=(7, *shape))
    h = leaky(x.reshape(7, -1) @ w[0] + w[1])
    h = leaky(normalized(h @ w[2] + w[3], *w[4:8]))
    assert_allclose(model(x.astype("float32")), h @ w[8] + w[9], rtol=1e-4, atol=1e-4)
    assert len(w) == 10


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_discriminator(shape, rng):
    model = bigan_discriminator(shape, **SIZES)
    w = disturbed(model, rng)
    x, z = rng.normal(size=(7, *shape)), rng.normal(size=(7, 3))
    h = leaky(np.concatenate([x.reshape(7, -1) @ w[0] + w[1], z @ w[2] + w[3]], axis=1))
    scores = leaky(h @ w[4] + w[5]) @ w[6] + w[7]
    assert_allclose(model([x.astype("float32"), z.astype("float32")]), scores, rtol=1e-4, atol=1e-4)
    assert (w[0].shape[1], w[2].shape[1]) == (5, 2)
    assert len(w) == 8


@pytest.mark.parametrize(
    ("normalization", "layer", "count"),
    [
        (None, (SpectralNormalization, LayerNormalization, keras.layers.BatchNormalization), 0),
        ("spectral", SpectralNormalization, 5),
        ("layer", LayerNormalization, 2),
        ("batch", keras.layers.BatchNormalization, 2),
    ],
)
def test_normalization_of_the_discriminator(normalization, layer, count):
    model = bigan_discriminator((6,), **SIZES, depth=3, normalization=normalization)
    assert sum(isinstance(each, layer) for each in model.layers) == count


MAKERS = [bigan_generator, bigan_encoder, bigan_discriminator]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_networks_survive_file_and_name(make, shape, rng, tmp_path):
    model = make(shape, **SIZES, name="painter")
    inputs = model.input_shape if isinstance(model.input_shape, list) else [model.input_shape]
    given = [rng.normal(size=(4, *each[1:])).astype("float32") for each in inputs]
    given = given if len(given) > 1 else given[0]
    model(given, training=True)
    model.save(tmp_path / "network.keras")
    assert_array_equal(model(given), keras.saving.load_model(tmp_path / "network.keras")(given))
    twin = registry.build(registry.origin_of(model))
    twin.set_weights(model.get_weights())
    assert_array_equal(model(given), twin(given))
    assert twin.name == "painter"


@pytest.mark.parametrize("make", MAKERS)
def test_outputs_are_float32_in_low_precision(make):
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = make((4, 4, 1), **SIZES)
    assert model.output.dtype == "float32"
    assert {layer.compute_dtype for layer in model.layers} >= {"bfloat16"}
    with float32_layers():
        assert make((4, 4, 1), **SIZES).compute_dtype == "float32"


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("shape", [(4, 4), (0,), 4, (4.0,), (4, 4, 1, 1), "44", (True,)])
def test_other_shapes_are_refused(make, shape):
    with pytest.raises(ValueError, match=r"sample_shape must be \(height, width, channels\)"):
        make(shape, **SIZES)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("name", ["latent_dim", "width", "depth"])
def test_sizes_below_one_are_refused(make, name):
    with pytest.raises(
        ValueError, match=f"{name} must be a whole number of at least 1; received 0"
    ):
        make((4,), **{**SIZES, name: 0})


def test_a_discriminator_in_which_pairs_would_not_meet_is_refused():
    with pytest.raises(ValueError, match="meet in the second hidden layer .* depth >= 2, not 1"):
        bigan_discriminator((4,), depth=1)


def test_an_unknown_normalization_is_refused():
    with pytest.raises(ValueError, match="normalization must be one of"):
        bigan_discriminator((4,), normalization="instance")
