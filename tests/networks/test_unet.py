"""The U-Net of pix2pix: sizes, counts of the authors, skips, where dropout is, refusals."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan import networks
from keras_gan.layers import Conv2D, Conv2DTranspose, Dropout, InstanceNormalization
from keras_gan.networks import patch_discriminator, unet_generator
from keras_gan.networks.registry import Origin, build


def images(rng, shape, n=2):
    return rng.uniform(-1, 1, (n, *shape)).astype("float32")


@pytest.mark.parametrize("normalization", ["instance", "batch"])
def test_weights_are_as_many_as_the_authors(normalization):
    """Their code prints 54.414 M for 3 channels to 3, and 2.769 M for the 70 x 70 PatchGAN."""
    unet = build(Origin("unet_generator", {"normalization": normalization}), zeros=True)
    trained = sum(np.prod(v.shape) for v in unet.trainable_variables)
    assert trained == 54_413_955
    assert unet.output_shape == (None, 256, 256, 3)
    judge = build(Origin("patch_discriminator", {"image_shape": [256, 256, 6]}), zeros=True)
    assert judge.count_params() == 2_768_705


@pytest.mark.parametrize("normalization", ["instance", None])
def test_parameters_by_hand(normalization):
    own = 2 if normalization else 1  # γ and β of a channel, or a bias
    ends = 0 if normalization else 4 + 16  # biases of the encoder's, which nothing normalizes
    encoder = 16 * (3 * 4 + 4 * 8 + 8 * 16) + own * 8 + ends
    decoder = 16 * (16 * 8 + 16 * 4 + 8 * 2) + own * (8 + 4) + 2
    unet = unet_generator((8, 8, 3), 2, width=4, normalization=normalization)
    assert unet.count_params() == encoder + decoder


@pytest.mark.parametrize(
    ("shape", "depth"),
    [((2, 2), 1), ((30, 30), 1), ((28, 28), 2), ((24, 40), 3), ((16, 64), 4), ((512, 256), 8)],
)
def test_sides_are_halved_as_often_as_they_halve_evenly(shape, depth):
    unet = unet_generator((*shape, 1), 2, width=1)
    down = [layer for layer in unet.layers if isinstance(layer, Conv2D)]
    coarsest = [size // 2**depth for size in shape]
    assert len(down) == depth
    assert list(down[-1].output.shape[1:3]) == coarsest
    assert unet.output_shape == (None, *shape, 2)
    joined = [layer for layer in unet.layers if isinstance(layer, layers.Concatenate)]
    assert len(joined) == depth - 1


def test_channels_double_up_to_eight_times_the_width():
    unet = unet_generator((64, 64, 1), width=2)
    down = [layer.filters for layer in unet.layers if isinstance(layer, Conv2D)]
    up = [layer.filters for layer in unet.layers if isinstance(layer, Conv2DTranspose)]
    assert down == [2, 4, 8, 16, 16, 16]
    assert up == [16, 16, 8, 4, 2, 1]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_skip_passes_what_the_way_down_does_not(level, rng):
    """Below `level` nothing comes through, and still the image shows; at 0 nothing at all does."""
    unet, x = unet_generator((16, 16, 1), width=4), images(rng, (16, 16, 1))
    down = [layer for layer in unet.layers if isinstance(layer, Conv2D)]
    down[level].kernel.assign(np.zeros(down[level].kernel.shape))
    y = np.array(unet(x))
    assert np.abs(y[0] - y[1]).max() > 1e-5
    down[0].kernel.assign(np.zeros(down[0].kernel.shape))
    y = np.array(unet(x))
    assert np.abs(y[0] - y[1]).max() == 0


def test_each_skip_joins_the_grid_of_its_size(rng):
    """Each enlarged grid, behind the encoder's, is seen by the next: both halves of its kernel."""
    unet, x = unet_generator((8, 8, 1), width=4, dropout=0.0), images(rng, (8, 8, 1))
    before = np.array(unet(x))
    up = [layer for layer in unet.layers if isinstance(layer, Conv2DTranspose)]
    for layer in up[1:]:
        kernel = np.array(layer.kernel)
        half = kernel.shape[-1] // 2
        for part in (slice(0, half), slice(half, None)):
            cut = kernel.copy()
            cut[..., part] = 0
            layer.kernel.assign(cut)
            assert np.abs(np.array(unet(x)) - before).max() > 1e-5
        layer.kernel.assign(kernel)


@pytest.mark.parametrize(("size", "dropped"), [(4, [2]), (16, [2, 4, 8]), (64, [2, 4, 8]), (2, [])])
def test_dropout_follows_the_first_three_enlargements(size, dropped):
    unet = unet_generator((size, size, 1), width=2)
    found = [layer for layer in unet.layers if isinstance(layer, Dropout)]
    assert [layer.output.shape[1] for layer in found] == dropped
    assert {layer.rate for layer in found} <= {0.5}
    plain = unet_generator((size, size, 1), width=2, dropout=0.0)
    assert not [layer for layer in plain.layers if isinstance(layer, Dropout)]


@pytest.mark.parametrize("normalization", ["instance", "batch", None])
def test_the_ends_are_not_normalized(normalization):
    unet = unet_generator((16, 16, 1), width=2, normalization=normalization)
    kind = {"instance": InstanceNormalization, "batch": layers.BatchNormalization}
    found = [e for e in unet.layers if isinstance(e, kind.get(normalization, ()))]
    sizes = [layer.output.shape[1] for layer in found]
    assert sizes == ([] if normalization is None else [4, 2, 2, 4, 8])
    first, *_, last = (layer for layer in unet.layers if layer.weights)
    assert (type(first), type(last)) == (Conv2D, Conv2DTranspose)


def test_images_come_out_within_one_and_noise_is_of_training_alone(rng):
    unet, x = unet_generator((16, 12, 2), 3, width=4), images(rng, (16, 12, 2))
    for variable in unet.trainable_variables:
        if variable.name == "kernel":
            variable.assign(rng.normal(size=variable.shape))
    y = np.array(unet(x))
    assert y.shape == (2, 16, 12, 3)
    assert -1 <= y.min() < -0.9 < 0.9 < y.max() <= 1
    np.testing.assert_array_equal(unet(x), y)
    assert np.abs(np.array(unet(x, training=True)) - np.array(unet(x, training=True))).max() > 0.1


def test_weights_start_from_a_narrow_normal():
    for variable in unet_generator((16, 16, 1), width=16).trainable_variables:
        if variable.name == "kernel" and np.prod(variable.shape) > 1000:
            assert np.std(variable) == pytest.approx(0.02, rel=0.1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_shape": (27, 28, 1)}, "which must be even; received 27 x 28 pixels: pad"),
        ({"image_shape": (28, 28, 1), "depth": 3}, "halved evenly 2 times, not depth=3 times"),
        ({"depth": 0}, "depth must be a whole number of at least 1"),
        ({"dropout": 1.0}, "dropout must be .*less than 1; received 1.0"),
        ({"normalization": "spectral"}, "Unknown normalization 'spectral'"),
        ({"width": 0}, "width must be a whole number of at least 1"),
        ({"output_channels": 0}, "output_channels must be a whole number of at least 1"),
        ({"image_shape": (8, 8)}, "three whole numbers"),
    ],
)
def test_what_does_not_do_is_refused_in_one_sentence(options, message):
    with pytest.raises(ValueError, match=message) as error:
        unet_generator(**{"image_shape": (16, 16, 1), **options})
    assert "\n" not in str(error.value)


def test_it_is_named_by_its_arguments():
    unet = unet_generator(sample_shape=(8, 12, 1), width=2)
    found = networks.origin_of(unet)
    assert (found.network, found.arguments["image_shape"]) == ("unet_generator", [8, 12, 1])
    assert keras.Model.from_config(unet.get_config()).output_shape == unet.output_shape
    judge = patch_discriminator(sample_shape=(8, 12, 2), width=2, depth=1)
    assert judge.output_shape == (None, 4, 6, 1)
