"""Directions of latent space in closed form: the singular vectors of the first layer."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.layers import EqualizedDense


def strongest(kernel, n):
    """The left singular vectors of a kernel `(latent_dim, units)`, up to their sign."""
    return np.linalg.svd(np.asarray(kernel, "float64"))[0].T[:n]


def agree(found, expected):
    cosines = np.abs(np.sum(found * expected, axis=1))
    np.testing.assert_allclose(cosines, 1.0, atol=1e-4)


def of_layer(layer, latent_dim=6, before=()):
    z = h = keras.Input((latent_dim,))
    for each in before:
        h = each(h)
    return keras.Model(z, layers.Dense(3)(layers.Flatten()(layer(h))))


@pytest.mark.parametrize("activation", [None, "relu", "tanh"])
def test_of_a_dense_layer_they_are_its_singular_vectors(activation):
    layer = layers.Dense(10, activation=activation, bias_initializer="random_normal")
    network = of_layer(layer)
    found = kg.latent_directions(network, 4)
    agree(found, strongest(layer.kernel, 4))
    np.testing.assert_allclose(found @ found.T, np.eye(4), atol=1e-5)
    assert (np.take_along_axis(found, np.abs(found).argmax(axis=1)[:, None], axis=1) > 0).all()
    assert layer.activation is keras.activations.get(activation)
    # they change the layer's outputs the most
    reach = np.linalg.norm(found @ np.asarray(layer.kernel), axis=1)
    assert (np.diff(reach) < 0).all()


def test_wrapped_transposed_and_behind_reshaping():
    wrapped = layers.Dense(10)
    network = of_layer(kg.layers.SpectralNormalization(wrapped))
    agree(kg.latent_directions(network, 2), strongest(wrapped.kernel, 2))
    transposed = layers.Conv2DTranspose(5, 4, strides=2)
    network = of_layer(transposed, before=[layers.Reshape((1, 1, 6))])
    kernel = np.moveaxis(np.asarray(transposed.kernel), 3, 0).reshape(6, -1)
    agree(kg.latent_directions(network, 3), strongest(kernel, 3))


def test_labels_several_first_layers_and_networks_within():
    generator = kg.networks.mlp_generator(latent_dim=4, width=8, classes=3)
    dense = next(each for each in generator.layers if isinstance(each, layers.Dense))
    agree(kg.latent_directions(generator, 2), strongest(np.asarray(dense.kernel)[:4], 2))
    z = keras.Input((6,))
    one, other = layers.Dense(7), layers.Dense(9)
    network = keras.Model(z, layers.Concatenate()([one(z), other(z)]))
    both = np.concatenate([one.kernel, other.kernel], axis=1)
    agree(kg.latent_directions(network, 3), strongest(both, 3))
    outer = keras.Model(z, layers.Dense(2)(network(z * 2.0)))
    agree(kg.latent_directions(outer, 3), strongest(both, 3))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_in_low_precision_they_are_as_exact_as_the_layer(policy):
    layer = layers.Dense(40, dtype=policy)
    found = kg.latent_directions(of_layer(layer, 8), 1)
    cosine = np.abs(np.sum(found * strongest(layer.kernel, 1)))
    assert cosine == pytest.approx(1.0, abs=0.01)


def test_games_and_presets():
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=5, width=8)
    gan = kg.GAN(generator, kg.networks.dcgan_discriminator((8, 8, 1), width=8))
    expected = kg.latent_directions(generator)
    assert expected.shape == (5, 5)
    np.testing.assert_array_equal(kg.latent_directions(gan), expected)
    np.testing.assert_array_equal(kg.latent_directions(kg.Generator(generator)), expected)
    preset = kg.Generator.from_preset("wgangp_digits")
    assert kg.latent_directions(preset, 3).shape == (3, preset.latent_dim)


@pytest.mark.parametrize("classes", [None, 3])
def test_of_a_style_generator_they_are_directions_of_w_by_all_its_styles(classes):
    network = kg.networks.stylegan2_generator((8, 8, 1), latent_dim=5, width=8, classes=classes)
    synthesis = network.get_layer("synthesis")
    styles = [each.kernel for each in synthesis.layers if isinstance(each, EqualizedDense)]
    assert len(styles) == 5  # three convolutions, and an image at either grid
    generator = kg.Generator(network)
    found = kg.latent_directions(generator, 3)
    agree(found, strongest(np.concatenate(styles, axis=1), 3))
    z, y = generator.latents(4, seed=1), np.arange(4) % (classes or 1)
    w = np.array(network.get_layer("mapping")([z, y] if classes else z))
    given = {"labels": y} if classes else {}
    for by in (found[0], np.linspace(-1, 1, 4)[:, None] * found[1]):
        moved = generator.moved(z, by, batch_size=3, **given)
        expected = synthesis(np.repeat((w + by)[:, None], 4, axis=1).astype("float32"))
        np.testing.assert_allclose(moved, np.array(expected), atol=1e-5)
        assert np.abs(moved - generator.samples_of(z, **given)).max() > 1e-2
    with pytest.raises(ValueError, match="n must be at most the 5 components of w"):
        kg.latent_directions(generator, 6)


def test_the_picture_of_a_style_generator_moves_w():
    generator = kg.Generator(kg.networks.stylegan2_generator((8, 8, 1), latent_dim=5, width=8))
    directions, z = kg.latent_directions(generator, 2), generator.latents(3, seed=3)[[0, 0, 0]]
    picture = kg.plotting.directions_image(generator, directions, steps=3, reach=2.0, seed=3)
    rows = [generator.moved(z, np.outer([-2, 0, 2], u)) for u in directions]
    np.testing.assert_array_equal(np.asarray(picture), np.asarray(kg.plotting.rows_of_images(rows)))


def test_without_styles_z_is_moved_and_vectors_of_another_shape_are_refused():
    generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4, width=8))
    z, by = generator.latents(3, seed=0), np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(generator.moved(z, by), generator.samples_of(z + by))
    for wrong in (by[:2], by[:, :3], by[0, :3]):
        with pytest.raises(ValueError, match=r"to move by are an array \(3, 4\); received"):
            generator.moved(z, wrong)
    with pytest.raises(ValueError, match="to move by must be finite"):
        generator.moved(z, np.full(4, np.nan))


def test_the_picture_has_a_row_a_direction_and_a_column_a_step():
    generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), latent_dim=5, width=8))
    directions = kg.latent_directions(generator, 2)
    picture = kg.plotting.directions_image(generator, directions, steps=5, reach=2.0, seed=3)
    z = generator.latents(1, seed=3)[0]
    rows = [
        generator.samples_of(np.stack([z + a * u for a in (-2, -1, 0, 1, 2)])) for u in directions
    ]
    expected = kg.plotting.rows_of_images(rows)
    np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))
    again = kg.plotting.directions_image(generator, directions, z, steps=5, reach=2.0)
    np.testing.assert_array_equal(np.asarray(picture), np.asarray(again))


@pytest.mark.parametrize(
    ("network", "n", "message"),
    [
        (lambda: of_layer(layers.Dense(4)), 7, "n must be at most the 6 components of z"),
        (lambda: of_layer(layers.Dense(4)), 0, "n must be"),
        (
            lambda: of_layer(layers.Dense(4), before=[layers.UnitNormalization()]),
            2,
            "not affine in z, which is changed before",
        ),
        (lambda: keras.Model(z := keras.Input((3,)), layers.ReLU()(z)), 2, "No layer of .*kernel"),
        (lambda: keras.layers.Dense(3), 2, "cannot be read: wrap it"),
    ],
)
def test_errors(network, n, message):
    with pytest.raises(ValueError, match=message):
        kg.latent_directions(network(), n)


@pytest.mark.parametrize(
    ("directions", "options", "message"),
    [
        (np.zeros((2, 4)), {}, r"directions must be an array \(n, 5\)"),
        (np.zeros((2, 5)), {"z": np.zeros(4)}, r"latent vector of shape \(5,\)"),
        (np.zeros((2, 5)), {"steps": 1}, "steps must be"),
        (np.zeros((2, 5)), {"reach": 0}, "reach must be"),
        (np.zeros((2, 5)), {"label": 1}, "does not take labels"),
    ],
)
def test_wrong_pictures(directions, options, message):
    generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), latent_dim=5, width=8))
    with pytest.raises(ValueError, match=message):
        kg.plotting.directions_image(generator, directions, **options)
