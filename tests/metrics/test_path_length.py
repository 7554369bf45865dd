"""Perceptual path length of generators whose paths are known."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.metrics import perceptual_path_length


def linear(matrix, **options):
    """The generator z ↦ z A."""
    z = keras.Input((matrix.shape[0],))
    layer = keras.layers.Dense(matrix.shape[1], use_bias=False)
    generator = kg.Generator(keras.Model(z, layer(z)), **options)
    layer.kernel.assign(matrix)
    return generator


def speeds(generator, matrix, paths, t, seed=0):
    """‖A dz/dt‖² of each path, by the derivative of the great circle."""
    z0, z1 = np.split(generator.latents(2 * paths, seed=seed).astype("float64"), 2)
    norms = np.linalg.norm(z0, axis=1) * np.linalg.norm(z1, axis=1)
    angle = np.arccos(np.sum(z0 * z1, axis=1) / norms)[:, None]
    t = np.reshape(t, (-1, 1))
    slope = -np.cos((1 - t) * angle) * z0 + np.cos(t * angle) * z1
    return np.sum((angle / np.sin(angle) * slope @ matrix) ** 2, axis=1)


@pytest.mark.parametrize("epsilon", [1e-3, 1e-4])
def test_of_a_linear_generator_it_is_the_speed_along_the_circle(rng, epsilon):
    matrix = rng.normal(size=(6, 3)).astype("float32")
    generator = linear(matrix)
    found = perceptual_path_length(
        generator, paths=400, where="ends", epsilon=epsilon, crop=None, seed=4
    )
    expected = speeds(generator, matrix, 400, 0.0, seed=4)
    assert found.mean == pytest.approx(expected.mean(), rel=10 * epsilon)
    assert found.standard_deviation == pytest.approx(expected.std(), rel=20 * epsilon)
    assert found.kept == found.paths == 400


def test_the_crop_is_that_of_quantiles_that_belong_to_lengths(rng):
    matrix = rng.normal(size=(6, 3)).astype("float32")
    generator = linear(matrix)
    all_of_them = speeds(generator, matrix, 250, 0.0)
    low, high = np.sort(all_of_them)[2], np.sort(all_of_them)[-3]  # floor 2.49, ceiling 246.51
    expected = all_of_them[(all_of_them >= low) & (all_of_them <= high)]
    found = perceptual_path_length(generator, paths=250, where="ends", epsilon=1e-3)
    assert found.kept == len(expected) == 246
    assert found.mean == pytest.approx(expected.mean(), rel=0.01)


def test_places_on_the_path_are_uniform_and_scales_are_squared(rng):
    """On average over t the squared speed of a circle is that of all of it."""
    matrix = rng.normal(size=(6, 3)).astype("float32")
    generator = linear(matrix)
    found = perceptual_path_length(generator, paths=3000, epsilon=1e-3, crop=None)
    t = np.random.default_rng(9).uniform(size=3000)
    expected = speeds(generator, matrix, 3000, t)
    error = np.hypot(expected.std(), found.standard_deviation) / np.sqrt(3000)
    assert abs(found.mean - expected.mean()) < 4 * error
    twice = perceptual_path_length(linear(2 * matrix), paths=3000, epsilon=1e-3, crop=None)
    assert twice.mean == pytest.approx(4 * found.mean, rel=1e-3)


def test_the_features_are_those_that_are_named_and_the_seed_decides(rng):
    matrix = rng.normal(size=(6, 3)).astype("float32")
    x = keras.Input((3,))
    first = keras.Model(x, x[:, :1], name="first")
    found = perceptual_path_length(linear(matrix), first, paths=100, epsilon=1e-3)
    expected = perceptual_path_length(linear(matrix[:, :1]), paths=100, epsilon=1e-3)
    assert found.mean == pytest.approx(expected.mean, rel=1e-4)
    assert found.features.startswith("first")
    other = perceptual_path_length(linear(matrix[:, :1]), paths=100, epsilon=1e-3, seed=1)
    assert float(other) != expected.mean


def test_blocks_change_nothing_and_both_ends_have_one_label(rng):
    """A change of class within a step of ε = 0.01 would count 5,000² times."""
    matrix = rng.normal(size=(6, 3)).astype("float32")
    z, y = keras.Input((6,)), keras.Input((), dtype="int32")
    of_z, of_y = (keras.layers.Dense(3, use_bias=False) for _ in range(2))
    generator = kg.Generator(keras.Model([z, y], of_z(z) + of_y(kg.layers.OneHot(3)(y))))
    of_z.kernel.assign(matrix)
    of_y.kernel.assign(50 * np.eye(3))
    given = {"paths": 60, "epsilon": 1e-2}
    expected = perceptual_path_length(linear(matrix), **given).mean
    whole = kg.metrics.features.get("pixels")
    parts = type(whole)("pixels", "1", "", None, lambda x: x, at_once=7)
    for features, labels in ((whole, None), (parts, None), (whole, 1)):
        found = perceptual_path_length(generator, features, labels=labels, **given)
        assert found.mean == pytest.approx(expected, rel=1e-2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"paths": 1}, "paths must .*received 1"),
        ({"epsilon": 0}, "epsilon must .*greater than 0.*received 0"),
        ({"where": "full"}, "place on the path.*'full'"),
        ({"crop": 5}, r"pair of percentiles, such as \(1, 99\)"),
        ({"crop": (99, 1)}, "upper percentile of crop must .*greater than 99"),
        ({"labels": 1}, "does not take labels"),
        ({"seed": -1}, "seed must be"),
        ({"features": "pixel"}, "feature extractor"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        perceptual_path_length(linear(np.eye(2, dtype="float32")), **options)


def test_what_has_no_latent_vectors_is_refused():
    with pytest.raises(ValueError, match="makes samples of latent vectors.*kg.Generator"):
        perceptual_path_length(kg.networks.mlp_generator())
