"""DCGAN: exact sizes, the stated chain of grids, hand-counted parameters, clear refusals."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan.layers import Conv2D, LayerNormalization, SpectralNormalization
from keras_gan.networks import dcgan_discriminator, dcgan_generator


def grids(model, kind):
    return [layer.output.shape[1] for layer in model.layers if isinstance(layer, kind)]


@pytest.mark.parametrize("size", [*range(8, 34), 48, 50, 64])
def test_every_size_comes_out_exact_without_cropping(size):
    generator = dcgan_generator((size, size, 2), latent_dim=3, width=1)
    discriminator = dcgan_discriminator((size, size, 2), width=1)
    assert generator.output_shape == (None, size, size, 2)
    assert discriminator.output_shape == (None, 1)
    allowed = (
        layers.InputLayer,
        layers.Dense,
        layers.Reshape,
        layers.BatchNormalization,
        layers.ReLU,
        layers.Conv2DTranspose,
        layers.Activation,
    )
    assert all(isinstance(layer, allowed) for layer in generator.layers)
    up, down = grids(generator, layers.Conv2DTranspose), grids(discriminator, layers.Conv2D)
    base = generator.layers[2].output.shape[1]
    assert [base, *up][::-1] == [size, *down]
    assert 4 <= base <= 7
    x = np.array(generator(np.random.default_rng(0).normal(size=(2, 3)), training=True))
    assert x.shape == (2, size, size, 2)
    assert discriminator(x).shape == (2, 1)


RECTANGLES = [(27, 45), (45, 27), (28, 27), (27, 46), (8, 3), (1, 9), (64, 16), (100, 7)]


@pytest.mark.parametrize("sides", RECTANGLES)
def test_rectangles_of_any_sides(sides):
    generator = dcgan_generator((*sides, 2), latent_dim=3, width=1)
    discriminator = dcgan_discriminator((*sides, 2), width=1)
    coarsest = discriminator.layers[-3].output.shape[1:3]
    assert generator.layers[2].output.shape[1:3] == coarsest
    assert max(coarsest) <= 7
    x = np.array(generator(np.random.default_rng(0).normal(size=(2, 3)), training=True))
    assert x.shape == (2, *sides, 2)
    assert discriminator(x).shape == (2, 1)


@pytest.mark.parametrize("sides", [*((n, n) for n in (8, 9, 13, 28, 33, 50)), *RECTANGLES])
def test_every_pixel_is_reached_from_the_coarsest_grid(sides):
    generator = dcgan_generator((*sides, 1), latent_dim=2, width=1)
    kernel = generator.layers[1].kernel
    kernel.assign(np.ones(kernel.shape))
    for layer in generator.layers:
        if isinstance(layer, layers.Conv2DTranspose):
            layer.kernel.assign(np.full(layer.kernel.shape, 0.1))
    assert np.array(generator(np.ones((1, 2)))).min() > 1e-3


@pytest.mark.parametrize(
    ("size", "chain"),
    [
        (8, [8, 4, 4]),
        (14, [14, 7, 7]),
        (28, [28, 14, 7]),
        (33, [33, 17, 9, 5]),
        (64, [64, 32, 16, 8, 4]),
    ],
)
def test_chain_of_grids(size, chain):
    model = dcgan_discriminator((size, size, 1), width=1)
    assert [size, *grids(model, layers.Conv2D)] == chain


def test_chain_of_grids_of_a_rectangle():
    """A side of 7 or less stays as it is while the other one is halved."""
    model = dcgan_discriminator((27, 45, 1), width=1)
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv2D)]
    assert [each.output.shape[1:3] for each in convolutions] == [(14, 23), (7, 12), (7, 6)]
    assert [each.kernel_size for each in convolutions] == [(4, 4), (4, 4), (3, 4)]
    assert [each.strides for each in convolutions] == [(2, 2), (2, 2), (1, 2)]


def test_parameters_by_hand():
    generator = dcgan_generator((28, 28, 1), latent_dim=10, width=16)
    dense, first = 10 * 7 * 7 * 32, 4 * 4 * 32 * 16
    assert generator.count_params() == dense + 4 * 32 + first + 4 * 16 + (4 * 4 * 16 * 1 + 1)
    discriminator = dcgan_discriminator((28, 28, 1), width=16)
    convolutions = (4 * 4 * 1 * 16 + 16) + (4 * 4 * 16 * 32 + 32)
    assert discriminator.count_params() == convolutions + (7 * 7 * 32 + 1)
    small = dcgan_discriminator((8, 8, 1), width=16)
    assert small.count_params() == (4 * 4 * 16 + 16) + (3 * 3 * 16 * 32 + 32) + (4 * 4 * 32 + 1)


def test_images_lie_in_minus_one_to_one_and_reach_both_ends(rng):
    generator = dcgan_generator((8, 8, 1), latent_dim=4, width=4)
    for variable in generator.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    x = np.array(generator(rng.normal(size=(64, 4)), training=True))
    assert -1 <= x.min() < -0.99
    assert 0.99 < x.max() <= 1


def test_scores_are_unbounded(rng):
    discriminator = dcgan_discriminator((8, 8, 1), width=4)
    for variable in discriminator.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    scores = np.array(discriminator(10 * rng.normal(size=(64, 8, 8, 1))))
    assert scores.min() < -10
    assert scores.max() > 10


def test_weights_start_from_a_narrow_normal():
    model = dcgan_discriminator((16, 16, 3), width=64)
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            assert np.std(layer.kernel) == pytest.approx(0.02, rel=0.05)
            assert np.mean(layer.kernel) == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("size", [8, 28])
@pytest.mark.parametrize(
    ("normalization", "layer", "count"),
    [
        (None, (SpectralNormalization, layers.LayerNormalization, layers.BatchNormalization), 0),
        ("spectral", SpectralNormalization, 3),
        ("layer", LayerNormalization, 1),
        ("batch", layers.BatchNormalization, 1),
    ],
)
def test_which_layers_are_normalized(size, normalization, layer, count):
    model = dcgan_discriminator((size, size, 1), width=2, normalization=normalization)
    assert sum(isinstance(inner, layer) for inner in model.layers) == count
    if normalization == "spectral":
        bare = (layers.Dense, layers.Conv2D)
        assert not any(isinstance(inner, bare) for inner in model.layers)
    if normalization in ("layer", "batch"):
        kinds = [type(inner) for inner in model.layers]
        assert kinds[1:5] == [Conv2D, layers.LeakyReLU, Conv2D, layer]


def test_layer_normalization_is_over_a_whole_sample(rng):
    model = dcgan_discriminator((8, 8, 1), width=4, normalization="layer")
    (layer,) = [i for i in model.layers if isinstance(i, layers.LayerNormalization)]
    hidden = keras.Model(model.input, layer.output)
    h = np.array(hidden(100 * rng.normal(size=(3, 8, 8, 1)))).reshape(3, -1)
    np.testing.assert_allclose(h.mean(axis=1), 0, atol=1e-4)
    np.testing.assert_allclose(h.std(axis=1), 1, atol=1e-2)
    assert np.abs(h.reshape(-1, layer.output.shape[-1]).mean(axis=1)).max() > 0.1  # of a pixel


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dcgan_generator((7, 7, 1)), "at least 8 pixels, not 7 x 7"),
        (lambda: dcgan_generator((0, 28, 1)), "at least 1 pixel a side, not 0 x 28"),
        (lambda: dcgan_generator((28, 28, 0)), "at least 1 channel, not 0"),
        (lambda: dcgan_generator((28, 28)), "three whole numbers .*received \\(28, 28\\)"),
        (lambda: dcgan_generator(28), "three whole numbers .*received 28"),
        (lambda: dcgan_generator((28.0, 28.0, 1)), "three whole numbers"),
        (lambda: dcgan_generator(latent_dim=0), "latent_dim must be .* received 0"),
        (lambda: dcgan_generator(width=-64), "width must be .* received -64"),
        (lambda: dcgan_discriminator((4, 4, 1)), "at least 8 pixels, not 4 x 4"),
        (lambda: dcgan_discriminator((8, 8, -1)), "at least 1 channel, not -1"),
        (lambda: dcgan_discriminator(width=0), "width must be .* received 0"),
        (lambda: dcgan_discriminator(normalization="sn"), "one of None, 'spectral'.* not 'sn'"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
