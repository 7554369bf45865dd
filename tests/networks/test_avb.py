"""The networks of adversarial variational Bayes compute the stated formulas."""

import keras
import numpy as np
import pytest

from keras_gan.networks import avb_discriminator, avb_encoder, origin_of


def shaken(model, rng):
    model.set_weights([w + rng.normal(size=w.shape).astype("float32") for w in model.get_weights()])
    return model.get_weights()


def test_the_encoder_computes_its_formula(rng):
    model = avb_encoder(data_dim=3, latent_dim=2, noise_dim=4, width=5, depth=2)
    x, noise = (rng.normal(size=(6, n)).astype("float32") for n in (3, 4))
    weights = shaken(model, rng)
    h = np.maximum(np.concatenate([x, noise], axis=1) @ weights[0] + weights[1], 0)
    h = np.maximum(h @ weights[2] + weights[3], 0)
    expected = h @ weights[4] + weights[5]
    np.testing.assert_allclose(model([x, noise]), expected, rtol=1e-4, atol=1e-4)
    assert model.name == "encoder"


def test_the_discriminator_computes_its_formula(rng):
    model = avb_discriminator(data_dim=3, latent_dim=2, width=5, depth=2)
    x, z = (rng.normal(size=(6, n)).astype("float32") for n in (3, 2))
    weights = shaken(model, rng)
    h = np.concatenate([x, z, z**2], axis=1)
    for W, b in (weights[0:2], weights[2:4]):
        h = h @ W + b
        h = np.where(h > 0, h, 0.2 * h)
    expected = h @ weights[4] + weights[5]
    np.testing.assert_allclose(model([x, z]), expected, rtol=1e-4, atol=1e-4)
    assert model.name == "discriminator"


@pytest.mark.parametrize("make", [avb_encoder, avb_discriminator])
def test_they_survive_a_file_and_tell_their_origin(make, rng, tmp_path):
    model = make(width=4)
    model.save(tmp_path / "network.keras")
    inputs = [rng.normal(size=(3, shape[-1])).astype("float32") for shape in model.input_shape]
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(model(inputs), loaded(inputs))
    assert origin_of(model).network == make.__name__
    assert origin_of(model).arguments["width"] == 4
    with pytest.raises(ValueError, match="width must be a whole number"):
        make(width=0)


@pytest.mark.parametrize("make", [avb_encoder, avb_discriminator])
def test_outputs_are_float32_under_mixed_precision(make):
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = make(width=4)
    assert keras.backend.standardize_dtype(model.outputs[0].dtype) == "float32"
    assert model.layers[-2].compute_dtype == "bfloat16"
