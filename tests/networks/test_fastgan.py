"""The networks of FastGAN: counted by hand at 256 pixels, its blocks, its leaps."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.networks import fastgan_discriminator, fastgan_generator
from keras_gan.networks.weight_limits import making
from tests.networks.test_r3gan import count


def test_parameters_at_256_pixels_by_hand():
    """Of the authors' Generator(ngf=64, nz=256, im_size=256) without its image of 128 pixels."""

    def gated(inputs, outputs, size=3):
        """A convolution to twice the channels, and their scales and shifts."""
        return size * size * inputs * 2 * outputs + 4 * outputs

    def plain(inputs, outputs):
        return gated(inputs, outputs)

    def twice(inputs, outputs):
        return gated(inputs, outputs) + gated(outputs, outputs) + 2  # strengths of the noise

    def excitation(inputs, outputs):
        return 16 * inputs * outputs + outputs * outputs

    widths = {4: 1024, 8: 512, 16: 256, 32: 128, 64: 128, 128: 64, 256: 32}
    expected = gated(256, 1024, size=4) + 9 * 32 * 3
    expected += twice(1024, 512) + plain(512, 256) + twice(256, 128) + plain(128, 128)
    expected += twice(128, 64) + plain(64, 32)
    expected += sum(excitation(widths[n], widths[16 * n]) for n in (4, 8, 16))
    with making(2**31, zeros=True, most_arrays=None):
        assert count(fastgan_generator((256, 256, 3))) == expected


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 48, 2), (8, 8, 3), (64, 64, 3)])
@pytest.mark.parametrize("classes", [None, 3])
def test_shapes_and_range(shape, classes):
    generator = fastgan_generator(shape, latent_dim=3, width=4, classes=classes)
    z = 10 * np.ones((2, 3), "float32")
    x = generator(z if classes is None else [z, np.array([0, 2])], training=True)
    assert x.shape == (2, *shape)
    assert np.abs(x).max() <= 1.0


def test_parameters_of_the_discriminator_at_256_pixels_by_hand():
    """Of the first path of the authors' Discriminator(ndf=64, im_size=256)."""

    def normed(inputs, outputs, size):
        return size * size * inputs * outputs + 2 * outputs

    widths = {256: 16, 128: 32, 64: 64, 32: 128, 16: 256, 8: 512}
    expected = 9 * 3 * 16 + normed(512, 1024, 1) + 16 * 1024
    for coarse in (128, 64, 32, 16, 8):
        a, b = widths[2 * coarse], widths[coarse]
        expected += normed(a, b, 4) + normed(b, b, 3) + normed(a, b, 1)
        if coarse <= 32:
            expected += 16 * widths[8 * coarse] * b + b * b
    with making(2**31, zeros=True, most_arrays=None):
        assert count(fastgan_discriminator((256, 256, 3))) == expected


@pytest.mark.parametrize("size", [8, 28, 64, 512, 1024])
def test_the_discriminator_ends_at_twice_the_coarsest_grid(size):
    with making(2**31, zeros=True, most_arrays=None):
        model = fastgan_discriminator((size, size, 1), width=8)
    last = [i for i in model.layers if isinstance(i, layers.GlobalAveragePooling2D)]
    side = {28: 7}.get(size, 4)
    assert last[0].input.shape[1:] == (side + 1, side + 1, 1)


def excited(generator) -> dict[int, tuple[int, int]]:
    """For each excitation the size of the grid whose channels it weights, and of its kernel."""
    found = {}
    for layer in generator.layers:
        if isinstance(layer, layers.Multiply):
            h, weights = layer.input
            if weights.shape[1:3] == (1, 1) and h.shape[1] > 1:
                found[h.shape[1]] = weights.shape[-1] == h.shape[-1]
    return found


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (256, {64, 128, 256}),
        (64, {64}),
        (32, {32}),
        (28, {28}),
        (8, {8}),
        (512, {64, 128, 256, 512}),
    ],
)
def test_which_grids_are_excited(size, expected):
    with making(2**31, zeros=True, most_arrays=None):
        found = excited(fastgan_generator((size, size, 1), width=8))
    assert set(found) == expected
    assert all(found.values())


def test_every_other_grid_has_two_convolutions_and_noise():
    generator = fastgan_generator((64, 64, 1), latent_dim=4, width=4)
    noise = [i for i in generator.layers if isinstance(i, kg.layers.NoiseInjection)]
    assert [i.input.shape[1] for i in noise] == [8, 8, 32, 32]


def test_a_block_is_convolution_norm_and_gate(rng):
    """The first grid: GLU(BN(W z)) of a transposed convolution of one pixel."""
    generator = fastgan_generator((8, 8, 1), latent_dim=3, width=2)
    z = rng.normal(size=(16, 3)).astype("float32")
    first = next(i for i in generator.layers if isinstance(i, layers.Multiply))
    norm = next(i for i in generator.layers if isinstance(i, layers.BatchNormalization))
    before = keras.Model(generator.input, norm.input)(z, training=False)
    after = keras.Model(generator.input, first.output)(z, training=False)
    h = np.array(norm(before, training=False))
    a, b = h[..., :32], h[..., 32:]
    np.testing.assert_allclose(after, a / (1 + np.exp(-b)), rtol=1e-4, atol=1e-6)


def test_a_class_scales_and_shifts_all_grids_but_the_coarsest_by_its_embedding(rng):
    generator = fastgan_generator((8, 8, 1), latent_dim=3, width=2, classes=4)
    kernel = np.array(generator.get_layer("embedding").kernel)
    assert kernel.shape == (4, 3)
    assert np.abs(kernel).max() > 0.5  # N(0, 1): classes differ from the start
    z, labels = rng.normal(size=(5, 3)).astype("float32"), np.array([0, 3, 1, 1, 2])
    norm = [i for i in generator.layers if isinstance(i, layers.BatchNormalization)]
    added = next(i for i in generator.layers if isinstance(i, layers.Add))
    coarsest = next(i for i in generator.layers if isinstance(i, layers.Multiply))
    given = [ops.convert_to_tensor(z), ops.convert_to_tensor(labels)]
    seen = keras.Model(generator.inputs, [norm[1].output, added.output, coarsest.output])
    h, found, first = map(np.array, seen(given, training=False))
    wrapped = [i for i in generator.layers if isinstance(i, kg.layers.SpectralNormalization)]
    linear = [i for i in wrapped if isinstance(i.layer, layers.Dense)]
    e = ops.convert_to_tensor(kernel[labels])
    gain, shift = (np.array(each(e))[:, None, None] for each in linear[:2])
    np.testing.assert_allclose(found, h * (1 + gain) + shift, rtol=1e-4, atol=1e-5)
    others = [given[0], ops.convert_to_tensor((labels + 1) % 4)]
    _, other, same = map(np.array, seen(others, training=False))
    np.testing.assert_array_equal(first, same)
    assert np.abs(other - found).max() > 1e-3


def test_all_convolutions_are_spectrally_normalized():
    generator = fastgan_generator((16, 16, 1), latent_dim=3, width=2)
    kinds = [type(i).__name__ for i in generator.layers if hasattr(i, "kernel_size")]
    assert kinds == []
    wrapped = [i for i in generator.layers if isinstance(i, kg.layers.SpectralNormalization)]
    assert len(wrapped) == 1 + 2 + 1 + 2 + 1  # both blocks, the excitation, the image


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fastgan_generator((30, 30, 1)), "fastgan networks .* not 30 x 30"),
        (lambda: fastgan_generator((2048, 2048, 3)), "at most 8 times; .* need 9 doublings"),
        (lambda: fastgan_generator(width=0), "width must be .* received 0"),
        (lambda: fastgan_discriminator((5, 7, 1)), "from 8 x 8 pixels on, not 5 x 7"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
