"""The nearest latent vectors: of samples of the generator itself, and of points outside."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from tests import toys


def linear(matrix, **options):
    z = keras.Input((len(matrix),))
    layer = layers.Dense(len(matrix[0]), use_bias=False)
    generator = kg.Generator(keras.Model(z, layer(z)), **options)
    layer.kernel.assign(matrix)
    return generator


def test_the_generator_s_own_samples_are_found_again():
    """Within 0.001 of each component, where samples spread over about one."""
    keras.utils.set_random_seed(2)
    generator = kg.Generator(kg.networks.mlp_generator(latent_dim=2, width=32, depth=2))
    x = generator.generate(12, seed=7)
    z = generator.project(x, seed=1)
    assert z.shape == (12, 2)
    assert z.dtype == np.float32
    assert np.abs(generator.samples_of(z) - x).max() < 1e-3 * max(1.0, x.std())


def test_images_of_a_game_too():
    keras.utils.set_random_seed(2)
    networks = kg.networks
    gan = kg.GAN(
        networks.dcgan_generator((8, 8, 1), latent_dim=6, width=8),
        networks.dcgan_discriminator((8, 8, 1), width=8),
        seed=0,
    )
    x = gan.generate(4, seed=7)
    found = gan.samples_of(gan.project(x, starts=4))
    assert np.sqrt(np.mean((found - x) ** 2)) < 0.02 * x.std()


def test_of_a_linear_generator_it_is_the_least_squares_solution(rng):
    matrix = rng.normal(size=(2, 5)).astype("float32")
    generator, x = linear(matrix), rng.normal(size=(7, 5)).astype("float32")
    expected = np.linalg.lstsq(matrix.T.astype("float64"), x.T, rcond=None)[0].T
    np.testing.assert_allclose(generator.project(x), expected, atol=2e-3)


def test_the_ends_of_a_uniform_prior_hold():
    generator = linear(np.eye(2, dtype="float32"), prior="uniform")
    found = generator.project([[0.25, 3.0], [-9.0, 0.5]])
    np.testing.assert_allclose(found, [[0.25, 1.0], [-1.0, 0.5]], atol=2e-3)


def test_features_decide_what_is_near():
    """Of the first component alone; a Keras model and a function say the same."""
    generator = linear(np.eye(2, dtype="float32"))
    x = keras.Input((2,))
    model = keras.Model(x, layers.Dense(1, use_bias=False, kernel_initializer="ones")(x))
    wanted = np.array([[0.5, 1.0], [-2.0, 1.5]], "float32")
    for features in (model, lambda x: ops.sum(x, axis=1)):
        found = generator.project(wanted, features=features)
        np.testing.assert_allclose(found.sum(axis=1), wanted.sum(axis=1), atol=2e-3)


def test_more_starts_find_the_valley_that_one_misses():
    """G(z) has the sample in one of many valleys of its distance."""
    z = keras.Input((1,))
    waves = ops.concatenate([ops.sin(6.0 * z) + 0.1 * z, 0.2 * z], axis=1)
    generator = kg.Generator(keras.Model(z, waves))
    x = generator.samples_of([[1.3], [-0.7], [2.1], [0.2]])

    def error(starts):
        found = generator.project(x, starts=starts, steps=150, learning_rate=0.02)
        return np.abs(generator.samples_of(found) - x).max()

    assert error(16) < 1e-3
    assert error(16) <= error(1)


def test_labels_averages_batches_and_seeds():
    keras.utils.set_random_seed(2)
    generator = kg.Generator(kg.networks.mlp_generator(latent_dim=2, width=16, classes=3))
    y = np.array([0, 1, 2, 2, 1, 0, 0])
    x = generator.generate(7, seed=3, labels=y)
    z = generator.project(x, labels=y)
    assert np.abs(generator.samples_of(z, labels=y) - x).max() < 2e-3
    some = generator.project(x, labels=y, batch_size=24)  # three samples
    assert np.abs(generator.samples_of(some, labels=y) - x).max() < 2e-3
    with pytest.raises(ValueError, match="takes a label beside each sample"):
        generator.project(x)
    gan = kg.GAN(toys.generator(), toys.discriminator(), average=0.5, seed=0)
    gan.compile()
    gan.fit(toys.points(64), epochs=2, batch_size=32, verbose=0)
    for average in (True, False):
        x = gan.generate(3, seed=5, average=average)
        z = gan.project(x, average=average, starts=4, steps=100)
        assert np.abs(gan.samples_of(z, average=average) - x).max() < 0.05 * x.std()


def test_no_steps_leave_the_nearest_of_random_vectors():
    generator = linear(np.eye(2, dtype="float32"))
    candidates = generator.latents(64, seed=5)
    x = np.array([[0.3, 0.4], [-1.0, 1.0]], "float32")
    nearest = [candidates[np.argmin(((candidates - each) ** 2).sum(axis=1))] for each in x]
    np.testing.assert_array_equal(generator.project(x, starts=2, steps=0, seed=5), nearest)


@pytest.mark.parametrize(
    ("x", "options", "message"),
    [
        (np.zeros((3, 4)), {}, r"shape"),
        (np.zeros((3, 2)), {"starts": 0}, "starts must be"),
        (np.zeros((3, 2)), {"steps": -1}, "steps must be"),
        (np.zeros((3, 2)), {"learning_rate": 0}, "learning_rate must be"),
        (np.zeros((3, 2)), {"batch_size": 0}, "batch_size must be"),
        (np.zeros((3, 2)), {"labels": 1}, "does not take labels"),
    ],
)
def test_errors(x, options, message):
    with pytest.raises(ValueError, match=message):
        linear(np.eye(2, dtype="float32")).project(x, **options)
