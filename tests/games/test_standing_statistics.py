"""Standing statistics of batch normalization against a plain computation."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from tests import toys


def trained(**options):
    keras.utils.set_random_seed(1)
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0, **options)
    gan.compile()
    gan.fit(toys.points(64), epochs=3, batch_size=32, verbose=0)
    return gan


def values(network):
    return [np.array(each) for each in network.get_weights()]


def by_definition(gan, batches, batch_size, seed):
    """Means over batches of the batches' own means and variances, before the normalization."""
    dense = gan.generator.layers[0]
    kernel, bias = (np.asarray(each, "float64") for each in dense.get_weights())
    h = gan.latents(batches * batch_size, seed=seed) @ kernel + bias
    h = h.reshape(batches, batch_size, -1)
    return h.mean(axis=1).mean(axis=0), h.var(axis=1).mean(axis=0)


def statistics(network):
    layer = next(each for each in network.layers if isinstance(each, layers.BatchNormalization))
    return np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)


def test_they_are_means_over_batches_and_nothing_else_moves():
    gan = trained()
    before, layer = values(gan.generator), gan.generator.layers[1]
    momentum = layer.momentum
    gan.standing_statistics(batches=7, batch_size=11, seed=4)
    for found, expected in zip(
        statistics(gan.generator), by_definition(gan, 7, 11, 4), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    changed = [not np.array_equal(a, b) for a, b in zip(before, values(gan.generator), strict=True)]
    assert sum(changed) == 2
    assert layer.momentum == momentum


def test_they_normalise_samples_as_large_batches_do():
    """Inference is then the training mode of a large batch, which moving averages lag behind."""
    gan = trained()
    z = gan.latents(5000, seed=9)
    wanted = np.asarray(gan.generator(z, training=True))
    gan = trained()
    errors = [np.abs(gan.samples_of(z) - wanted).mean()]
    gan.standing_statistics(batches=50, batch_size=100)
    errors.append(np.abs(gan.samples_of(z) - wanted).mean())
    assert errors[1] < 0.1 * errors[0]
    assert errors[1] < 0.05


def test_those_of_a_truncated_prior_are_of_truncated_latent_vectors():
    gan = trained()
    before = statistics(gan.generator)[1]
    gan.standing_statistics(batches=7, batch_size=11, seed=4)
    whole = statistics(gan.generator)[1]
    gan.standing_statistics(batches=7, batch_size=11, seed=4, truncation=0.5)
    z = gan.drawn_inputs(77, 4, None, 0.5)[0]
    assert np.abs(z).max() <= 0.5
    kernel, bias = (np.asarray(each, "float64") for each in gan.generator.layers[0].get_weights())
    variance = (z @ kernel + bias).reshape(7, 11, -1).var(axis=1).mean(axis=0)
    np.testing.assert_allclose(statistics(gan.generator)[1], variance, rtol=1e-4, atol=1e-5)
    assert (statistics(gan.generator)[1] < 0.5 * whole).all()
    assert not np.array_equal(before, whole)


def test_samples_of_a_truncated_prior_keep_their_contrast_by_statistics_of_it():
    generator = kg.Generator.from_preset("dcgan_mnist")
    whole = generator.generate(200, seed=0).std()
    assert generator.generate(200, seed=0, truncation=0.4).std() < 0.7 * whole
    generator.standing_statistics(batches=10, batch_size=64, truncation=0.4)
    assert generator.generate(200, seed=0, truncation=0.4).std() > 0.95 * whole


def test_the_averaged_generator_gets_its_own():
    gan = trained(average=0.9)
    own = values(gan.generator)
    with gan.holding(average=True):
        expected = by_definition(gan, 5, 16, 0)
    before = gan.generate(8, seed=0)
    gan.standing_statistics(batches=5, batch_size=16)
    for a, b in zip(own, values(gan.generator), strict=True):
        np.testing.assert_array_equal(a, b)
    with gan.holding(average=True):
        for found, each in zip(statistics(gan.generator), expected, strict=True):
            np.testing.assert_allclose(found, each, rtol=1e-4, atol=1e-5)
    assert np.abs(gan.generate(8, seed=0) - before).max() > 1e-3
    gan.standing_statistics(batches=5, batch_size=16, average=False)
    for found, each in zip(statistics(gan.generator), by_definition(gan, 5, 16, 0), strict=True):
        np.testing.assert_allclose(found, each, rtol=1e-4, atol=1e-5)


def test_statistics_that_diverged_do_not_remain_and_random_states_stay():
    z = keras.Input((3,))
    h = layers.BatchNormalization()(layers.Dropout(0.5, seed=1)(layers.Dense(8)(z)))
    generator = kg.Generator(keras.Model(z, layers.Dense(2)(h)))
    dropout, normal = generator.layers[2], generator.layers[3]
    normal.moving_mean.assign(np.full(8, np.nan))
    state = np.asarray(dropout.seed_generator.state)
    generator.standing_statistics(batches=3, batch_size=8)
    np.testing.assert_array_equal(np.asarray(dropout.seed_generator.state), state)
    assert np.isfinite(generator.generate(4, seed=0)).all()


def test_all_classes_are_in_every_batch(tmp_path):
    z, y = keras.Input((3,)), keras.Input((), dtype="int32")
    h = layers.Concatenate()([z, kg.layers.OneHot(4)(y)])
    h = layers.BatchNormalization()(h)
    generator = kg.Generator(keras.Model([z, y], layers.Dense(2)(h)))
    generator.standing_statistics(batches=20, batch_size=40, seed=0)
    mean, variance = statistics(generator)
    np.testing.assert_allclose(mean[3:], 0.25, atol=0.01)
    np.testing.assert_allclose(variance[3:], 0.1875, atol=0.02)
    path = tmp_path / "generator.keras"
    generator.save(path)
    np.testing.assert_array_equal(statistics(keras.saving.load_model(path))[0], mean)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batches": 0}, "batches must be"),
        ({"batch_size": 1}, "batch_size must be"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_errors(options, message):
    with pytest.raises(ValueError, match=message):
        kg.Generator(toys.generator()).standing_statistics(**options)


def test_a_network_without_batch_normalization_is_refused():
    plain = kg.Generator(toys.generator(normalized=False))
    with pytest.raises(ValueError, match="no batch normalization whose statistics move"):
        plain.standing_statistics()
