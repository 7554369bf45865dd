"""The networks of StyleGAN2: the authors' figures, the formula, and what is kept between them."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.networks import stylegan2_discriminator, stylegan2_generator
from keras_gan.networks._stylegan2_layers import GroupDeviation, RunningMean, UnitSecondMoment
from keras_gan.networks.weight_limits import making
from tests.networks.test_r3gan import count


def test_parameters_are_those_that_the_authors_code_prints():
    """256 x 256 pixels and 64 channels there, mapping 2 or 8: configurations auto and paper256.

    The parts are in https://github.com/NVlabs/stylegan2-ada-pytorch/issues/182 and, of the same
    widths at half the size, in https://github.com/open-mmlab/mmgeneration/issues/394.
    """
    with making(2**31, zeros=True, most_arrays=None):
        generator = stylegan2_generator((256, 256, 3), mapping_layers=2)
        discriminator = stylegan2_discriminator((256, 256, 3))
    up_to_32 = 8_192 + 7 * 2_622_465 + 4 * 264_195
    of_64 = 1_442_561 + 721_409 + 132_099
    of_128 = 426_369 + 213_249 + 66_051
    of_256 = 139_457 + 69_761 + 33_027
    expected = 2 * 262_656 + up_to_32 + of_64 + of_128 + of_256
    assert count(generator) == expected == 23_191_522
    assert expected + 6 * 262_656 == 24_767_458
    assert count(discriminator) == 24_001_089


def test_eight_layers_map_by_default():
    with making(2**31, zeros=True, most_arrays=None):
        assert count(stylegan2_generator().get_layer("mapping")) == 8 * 262_656


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 48, 2), (5, 20, 1), (64, 64, 3)])
def test_shapes(shape):
    generator = stylegan2_generator(shape, latent_dim=3, width=4, mapping_layers=1)
    discriminator = stylegan2_discriminator(shape, width=4)
    x = generator(np.ones((2, 3)))
    assert x.shape == (2, *shape)
    assert discriminator(x).shape == (2, 1)


def leaky(x):
    return np.sqrt(2) * np.where(x > 0, x, 0.2 * x)


def moved(network, rng):
    for variable in network.weights:
        if not variable.dtype.startswith("uint"):
            variable.assign(rng.normal(size=variable.shape))
    return network


def normalized(x):
    return x / np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + 1e-8)


def layers_of(network, kind):
    return iter([layer for layer in network.layers if isinstance(layer, kind)])


def dense(layer, x):
    return np.array(layer(ops.convert_to_tensor(x, "float32")))


def test_the_generator_computes_its_formula(rng):
    model = stylegan2_generator((8, 8, 2), latent_dim=5, width=4, mapping_layers=2, classes=3)
    moved(model, rng)
    mapping, synthesis = model.get_layer("mapping"), model.get_layer("synthesis")
    z, labels = rng.normal(size=(3, 5)).astype("float32"), np.array([1, 0, 2])
    embed, *maps = layers_of(mapping, kg.layers.EqualizedDense)
    e = np.array(embed.kernel)[labels] / np.sqrt(3) + np.array(embed.bias)
    w = np.concatenate([normalized(z), normalized(e)], axis=1)
    for layer in maps:
        kernel = np.array(layer.kernel)
        w = leaky(0.01 * (w @ kernel / np.sqrt(len(kernel)) + np.array(layer.bias)))
    np.testing.assert_allclose(mapping([z, labels]), w, rtol=1e-3, atol=1e-5)

    modulations = list(layers_of(synthesis, kg.layers.ModulatedConv2D))
    hidden, images = (iter([i for i in modulations if i.demodulate is d]) for d in (True, False))
    noise = layers_of(synthesis, kg.layers.NoiseInjection)

    def modulated(layer, h):
        style = layer.input[1]._keras_history.operation
        return np.array(layer([h, dense(style, w)]))

    def styled(h):
        added = next(noise)
        h = modulated(next(hidden), h) + float(added.strength) * np.array(added.fixed)
        return leaky(h).astype("float32")

    grid = next(np.array(i.grid) for i in synthesis.layers if hasattr(i, "grid"))
    h = styled(np.repeat(grid[None], 3, axis=0))
    first = modulated(next(images), h)
    h = styled(styled(h))
    image = np.array(kg.layers.LowPassUpSampling2D()(first)) + modulated(next(images), h)
    np.testing.assert_allclose(model([z, labels]), image, rtol=1e-3, atol=1e-3)


def test_each_layer_has_a_style_of_its_own(rng):
    """A convolution at the first grid, two at the next, an image at both: of w₀; w₁, w₂; w₁, w₃."""
    generator = moved(stylegan2_generator((8, 8, 1), 5, width=4, mapping_layers=1), rng)
    synthesis = generator.get_layer("synthesis")
    assert synthesis.input_shape == (None, 4, 5)
    w = rng.normal(size=(1, 4, 5)).astype("float32")
    before = np.array(synthesis(w))
    for layer in range(4):
        other = w.copy()
        other[:, layer] += 1.0
        assert np.abs(np.array(synthesis(other)) - before).max() > 1e-4


def test_the_discriminator_computes_its_formula(rng):
    shape = (8, 8, 2)
    model = moved(stylegan2_discriminator(shape, width=4, mapping_layers=1, classes=3), rng)
    x, labels = rng.normal(size=(4, *shape)).astype("float32"), np.array([0, 2, 1, 1])
    each = layers_of(model, kg.layers.EqualizedConv2D)
    first, *block, last = each
    shortcut = next(i for i in block if i.kernel_size == (1, 1))
    one, two = (i for i in block if i.kernel_size == (3, 3))
    h = np.array(first(x))
    inner = kg.layers.LowPassFilter2D(2)(one(h))
    h = (np.array(two(inner)) + np.array(shortcut(kg.layers.LowPassDownSampling2D()(h)))) / 2**0.5
    deviation = np.sqrt(h.var(axis=0) + 1e-8).mean()
    h = np.concatenate([h, np.full((4, 4, 4, 1), deviation, "float32")], axis=-1)
    h = np.array(last(h)).reshape(4, -1)
    denses = list(layers_of(model, kg.layers.EqualizedDense))
    h = dense(next(i for i in denses if i.kernel.shape[0] == 64), h)
    out = next(i for i in denses if i.kernel.shape[0] == 4 and i.rate == 1.0)
    mapped = next(i for i in denses if i.rate == 0.01)
    embed = next(i for i in denses if i.kernel.shape[0] == 3)
    m = dense(mapped, normalized(np.array(embed.kernel)[labels] / 3**0.5 + np.array(embed.bias)))
    expected = np.sum(dense(out, h) * m, axis=1) / 2
    np.testing.assert_allclose(model([x, labels])[:, 0], expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("n", [1, 3, 4, 8, 11])
def test_deviations_are_those_of_groups(rng, n):
    """Groups of samples ⌊n / 4⌋ apart."""
    x = rng.normal(size=(n, 2, 3, 5)).astype("float32")
    y = np.array(GroupDeviation(4)(x))
    np.testing.assert_array_equal(y[..., :5], x)
    groups = max(n // 4, 1)
    for i in range(n):
        mates = x[i % groups :: groups]
        expected = np.sqrt(mates.var(axis=0) + 1e-8).mean()
        np.testing.assert_allclose(y[i, ..., 5], expected, rtol=1e-4)


def test_the_running_mean_of_w_follows_training_alone(rng):
    generator = stylegan2_generator((8, 8, 1), 5, width=4, mapping_layers=1)
    layer, z = generator.get_layer("mean_of_w"), rng.normal(size=(6, 5)).astype("float32")
    generator(z)
    assert not np.any(layer.mean)
    w = np.array(generator.get_layer("mapping")(z))
    generator(z, training=True)
    np.testing.assert_allclose(layer.mean, 0.005 * w.mean(axis=0), rtol=1e-3)
    generator(z, training=True)
    np.testing.assert_allclose(layer.mean, (1 - 0.995**2) * w.mean(axis=0), rtol=1e-3)


def test_a_sample_depends_on_its_latent_vector_alone_and_in_training_on_noise(rng):
    generator = moved(stylegan2_generator((8, 8, 1), 5, width=4, mapping_layers=1), rng)
    z = rng.normal(size=(2, 5)).astype("float32")
    np.testing.assert_array_equal(generator(z), generator(z))
    one, other = (np.array(generator(z, training=True)) for _ in range(2))
    assert np.abs(one - other).max() > 1e-3


def test_values_keep_their_scale_at_the_start(rng):
    """Equalized layers and demodulation: neither vanishes nor grows over 5 grids."""
    keras.utils.set_random_seed(0)
    generator = stylegan2_generator((64, 64, 3), 32, width=32, mapping_layers=4)
    x = np.array(generator(rng.normal(size=(8, 32)).astype("float32")))
    assert 0.5 < x.std() < 4.0
    discriminator = stylegan2_discriminator((64, 64, 3), width=32)
    assert 0.02 < np.std(discriminator(rng.normal(size=x.shape).astype("float32"))) < 4.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stylegan2_generator((30, 30, 1)), "stylegan2 networks .* not 30 x 30"),
        (lambda: stylegan2_discriminator((32, 3, 1)), "not 32 x 3"),
        (lambda: stylegan2_generator(mapping_layers=0), "mapping_layers must be .* received 0"),
        (lambda: stylegan2_generator(latent_dim=2.5), "latent_dim must be .* received 2.5"),
        (lambda: stylegan2_discriminator(group_size=0), "group_size must be .* received 0"),
        (lambda: RunningMean(1.5), "momentum must be .* received 1.5"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_float16_has_no_root_of_zero():
    """Equal samples, one sample and a zero condition vector: finite values and derivatives."""
    keras.config.set_dtype_policy("mixed_float16")
    deviation = GroupDeviation(4)

    def of_group(x):
        return ops.sum(ops.cast(deviation(x)[..., -1:], "float32"), axis=(1, 2))

    for n in (1, 4):
        slope = autodiff.input_gradient(of_group, ops.ones((n, 2, 2, 3), "float16"))
        assert np.isfinite(slope).all()
    np.testing.assert_array_equal(UnitSecondMoment()(ops.zeros((2, 3), "float16")), 0.0)
    options = {"width": 4, "mapping_layers": 1, "condition_dim": 2}
    generator = stylegan2_generator((8, 8, 1), 4, **options)
    discriminator = stylegan2_discriminator((8, 8, 1), **options)
    none = ops.zeros((1, 2))
    x = generator([ops.ones((1, 4)), none])
    assert np.isfinite(x).all()
    assert np.isfinite(discriminator([x, none])).all()
