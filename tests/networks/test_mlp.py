"""The fully connected networks compute the stated formula, with the stated layers normalized."""

import keras
import numpy as np
import pytest

from keras_gan.layers import SpectralNormalization
from keras_gan.networks import mlp_discriminator, mlp_generator


def test_generator_computes_its_formula(rng):
    model = mlp_generator(data_dim=3, latent_dim=4, width=5, depth=2)
    z = rng.normal(size=(6, 4)).astype("float32")
    weights = model.get_weights()
    weights = [w + rng.normal(size=w.shape).astype("float32") for w in weights]
    model.set_weights(weights)
    h = np.maximum(z @ weights[0] + weights[1], 0)
    h = np.maximum(h @ weights[2] + weights[3], 0)
    np.testing.assert_allclose(model(z), h @ weights[4] + weights[5], rtol=1e-4, atol=1e-4)
    assert len(weights) == 6


def test_discriminator_computes_its_formula(rng):
    model = mlp_discriminator(data_dim=3, width=5, depth=2)
    x = rng.normal(size=(6, 3)).astype("float32")
    weights = model.get_weights()
    weights = [w + rng.normal(size=w.shape).astype("float32") for w in weights]
    model.set_weights(weights)
    h = x @ weights[0] + weights[1]
    h = np.where(h > 0, h, 0.2 * h)
    h = h @ weights[2] + weights[3]
    h = np.where(h > 0, h, 0.2 * h)
    scores = h @ weights[4] + weights[5]
    np.testing.assert_allclose(model(x), scores, rtol=1e-4, atol=1e-4)
    assert scores.min() < -1  # no final activation hides in these tolerances
    assert scores.max() > 1


@pytest.mark.parametrize("depth", [1, 3])
def test_parameters(depth):
    hidden = (depth - 1) * (7 * 7 + 7)
    assert mlp_generator(2, 4, 7, depth).count_params() == (4 * 7 + 7) + hidden + (7 * 2 + 2)
    assert mlp_discriminator(2, 7, depth).count_params() == (2 * 7 + 7) + hidden + (7 * 1 + 1)


def test_activation_is_used(rng):
    z = rng.normal(size=(50, 2)).astype("float32")
    linear = mlp_generator(activation="linear")(z)
    matrix, *_ = np.linalg.lstsq(z, linear, rcond=None)
    np.testing.assert_allclose(z @ matrix, linear, atol=1e-5)
    curved = mlp_generator(activation=keras.ops.tanh)(z)
    matrix, *_ = np.linalg.lstsq(z, curved, rcond=None)
    assert np.abs(z @ matrix - curved).max() > 1e-3


@pytest.mark.parametrize(
    ("normalization", "layer", "count"),
    [
        ("spectral", SpectralNormalization, 4),
        ("layer", keras.layers.LayerNormalization, 2),
        ("batch", keras.layers.BatchNormalization, 2),
    ],
)
def test_which_layers_are_normalized(normalization, layer, count):
    model = mlp_discriminator(width=8, depth=3, normalization=normalization)
    assert sum(isinstance(inner, layer) for inner in model.layers) == count
    dense = [i for i in model.layers if isinstance(i, keras.layers.Dense)]
    assert len(dense) == (0 if normalization == "spectral" else 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mlp_generator(width=0), "width must be a whole number of at least 1; received 0"),
        (lambda: mlp_generator(latent_dim=2.0), "latent_dim must be .* received 2.0"),
        (lambda: mlp_generator(data_dim=True), "data_dim must be .* received True"),
        (lambda: mlp_generator(activation="rellu"), "rellu"),
        (lambda: mlp_discriminator(data_dim=-1), "data_dim must be .* received -1"),
        (lambda: mlp_discriminator(depth=0), "depth must be .* received 0"),
        (
            lambda: mlp_discriminator(normalization="instance"),
            "normalization must be one of None, 'spectral', 'layer', 'batch', not 'instance'",
        ),
        (
            lambda: mlp_discriminator(depth=1, normalization="batch"),
            "normalization='batch' .* needs depth >= 2, not 1",
        ),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
