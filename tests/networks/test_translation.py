"""The networks of CycleGAN: sizes, what they see, what normalization makes of scales, refusals."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gan import networks
from keras_gan.backend.autodiff import input_gradient
from keras_gan.layers import (
    Conv2D,
    InstanceNormalization,
    ReflectionPadding2D,
    SpectralNormalization,
)
from keras_gan.networks import patch_discriminator, translation_generator

BOTH = pytest.mark.parametrize("architecture", ["resnet", "unet"])


def images(rng, shape, n=2):
    return rng.uniform(-1, 1, (n, *shape)).astype("float32")


@BOTH
@pytest.mark.parametrize(
    ("size", "downsamplings"), [(4, 0), (8, 1), (8, 2), (12, 2), (16, 2), (28, 2), (28, 1), (16, 3)]
)
def test_images_come_out_in_their_size_and_within_one(architecture, size, downsamplings, rng):
    generator = translation_generator(
        (size, size, 1),
        output_channels=3,
        architecture=architecture,
        width=2,
        blocks=1,
        downsamplings=downsamplings,
    )
    for variable in generator.trainable_variables:
        if variable.name == "kernel":
            variable.assign(rng.normal(size=variable.shape))
    y = np.array(generator(images(rng, (size, size, 1)), training=True))
    assert y.shape == (2, size, size, 3)
    assert -1 <= y.min() < -0.9
    assert 0.9 < y.max() <= 1


def test_parameters_by_hand():
    norm = 2  # γ and β of a channel
    ends = 7 * 7 * 3 * 4 + norm * 4 + (7 * 7 * 4 * 3 + 3)
    down = 9 * 4 * 8 + norm * 8 + 9 * 8 * 16 + norm * 16
    blocks = 2 * 2 * (9 * 16 * 16 + norm * 16)
    up = 9 * 16 * 8 + norm * 8 + 9 * 8 * 4 + norm * 4
    options = {"width": 4, "blocks": 2}
    generator = translation_generator((16, 16, 3), **options)
    assert generator.count_params() == ends + down + blocks + up
    joined = 9 * 8 * 4 + 7 * 7 * 4 * 3  # what is passed beside the second enlarged grid, and last
    unet = translation_generator((16, 16, 3), architecture="unet", **options)
    assert unet.count_params() == generator.count_params() + joined

    discriminator = patch_discriminator((16, 16, 3), width=4, depth=2)
    convolutions = (16 * 3 * 4 + 4) + (16 * 4 * 8 + norm * 8) + (16 * 8 * 16 + norm * 16)
    assert discriminator.count_params() == convolutions + (16 * 16 + 1)


def test_a_unet_passes_fine_detail_around_a_coarse_grid_that_is_blocked(rng):
    x = images(rng, (8, 8, 1))
    apart = {}
    for architecture in ("resnet", "unet"):
        generator = translation_generator((8, 8, 1), architecture=architecture, width=4, blocks=0)
        coarsest = [layer for layer in generator.layers if isinstance(layer, layers.Conv2D)][2]
        coarsest.kernel.assign(np.zeros(coarsest.kernel.shape))
        y = np.array(generator(x))
        apart[architecture] = abs(y[0] - y[1]).max()
    assert apart["resnet"] == 0
    assert apart["unet"] > 1e-3


@pytest.mark.parametrize(("depth", "patch"), [(0, 7), (1, 16), (2, 34), (3, 70)])
def test_a_score_sees_a_patch(depth, patch, rng):
    size = 2 * patch + (-2 * patch) % 2**depth
    discriminator = patch_discriminator((size, size, 1), width=2, depth=depth, normalization=None)
    for variable in discriminator.trainable_variables:
        if variable.name == "kernel":
            variable.assign(rng.uniform(0.1, 1, variable.shape))
    middle = size // 2**depth // 2
    gradient = input_gradient(
        lambda x: discriminator(x)[:, middle : middle + 1, middle, :], images(rng, (size, size, 1))
    )
    seen = np.argwhere(np.array(gradient)[0, :, :, 0] != 0)
    np.testing.assert_array_equal(seen.max(axis=0) - seen.min(axis=0) + 1, [patch, patch])
    assert len(seen) == patch**2


@pytest.mark.parametrize(
    ("size", "depth", "grid"), [(8, 1, 4), (8, 2, 2), (16, 3, 2), (28, 3, 4), (33, 2, 9), (2, 0, 2)]
)
def test_the_grid_of_scores(size, depth, grid, rng):
    discriminator = patch_discriminator((size, size, 2), width=2, depth=depth)
    assert discriminator.output_shape == (None, grid, grid, 1)
    assert discriminator(images(rng, (size, size, 2))).shape == (2, grid, grid, 1)


def test_channels_double_up_to_eight_times_the_width():
    model = patch_discriminator((128, 128, 1), width=2, depth=5)
    found = [layer.filters for layer in model.layers if isinstance(layer, layers.Conv2D)]
    assert found == [2, 4, 8, 16, 16, 16, 1]


@BOTH
def test_instance_normalization_takes_out_the_scale_of_kernels(architecture, rng):
    """Of every convolution but the last one of the generator, and all but the ends of a D."""
    generator = translation_generator((16, 16, 1), architecture=architecture, width=4, blocks=1)
    discriminator = patch_discriminator((16, 16, 1), width=4, depth=2)
    x = images(rng, (16, 16, 1))
    for network, kept in ((generator, [-1]), (discriminator, [0, -1])):
        kernels = [v for v in network.trainable_variables if v.name == "kernel"]
        ends = [kernels[i] for i in kept]
        for kernel in kernels:  # of a size beside which ε is nothing
            kernel.assign(rng.normal(size=kernel.shape))
        before = np.array(network(x))
        for kernel in kernels:
            if not any(kernel is end for end in ends):
                kernel.assign(7 * kernel)
        np.testing.assert_allclose(network(x), before, rtol=2e-3, atol=2e-3)
        ends[-1].assign(7 * ends[-1])
        assert abs(np.array(network(x)) - before).max() > 0.01


def test_an_image_is_translated_and_judged_on_its_own(rng):
    generator = translation_generator((8, 8, 1), width=4, blocks=1)
    discriminator = patch_discriminator((8, 8, 1), width=4, depth=1)
    x = images(rng, (8, 8, 1), n=3)
    for network in (generator, discriminator):
        np.testing.assert_allclose(
            network(x, training=True)[:1], network(x[:1]), rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize("normalization", ["instance", None, "spectral"])
def test_which_layers_are_normalized(normalization):
    model = patch_discriminator((16, 16, 1), width=2, depth=2, normalization=normalization)
    kinds = [type(layer) for layer in model.layers]
    assert kinds.count(InstanceNormalization) == (2 if normalization == "instance" else 0)
    assert kinds.count(SpectralNormalization) == (4 if normalization == "spectral" else 0)
    assert kinds.count(Conv2D) == (0 if normalization == "spectral" else 4)


def test_weights_start_from_a_narrow_normal():
    for model in (translation_generator((16, 16, 1), blocks=1), patch_discriminator((16, 16, 1))):
        for variable in model.trainable_variables:
            if variable.name == "kernel" and variable.shape[2] > 1:
                assert np.std(variable) == pytest.approx(0.02, rel=0.05)


def build_all():
    for architecture in ("resnet", "unet"):
        options = {"width": 2, "blocks": 1, "downsamplings": 1, "architecture": architecture}
        yield "generator", translation_generator((8, 8, 1), **options)
    for normalization in ("instance", "batch"):
        yield "generator", networks.unet_generator((8, 8, 1), width=2, normalization=normalization)
    for normalization in ("instance", "spectral"):
        options = {"width": 2, "depth": 1, "normalization": normalization}
        yield "discriminator", patch_discriminator((8, 8, 1), **options)


def test_they_survive_config_and_file_and_tell_their_origin(rng, tmp_path):
    x = images(rng, (8, 8, 1))
    for name, model in build_all():
        assert model.name == name
        model(x, training=True)
        twin = keras.Model.from_config(model.get_config())
        twin.set_weights(model.get_weights())
        model.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        again = networks.registry.build(networks.origin_of(model))
        again.set_weights(model.get_weights())
        for other in (twin, loaded, again):
            np.testing.assert_array_equal(model(x), other(x))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_images_and_scores_are_float32_under_mixed_precision(policy, rng):
    keras.config.set_dtype_policy(policy)
    for _, model in build_all():
        y = model(images(rng, (8, 8, 1)), training=True)
        assert keras.backend.standardize_dtype(y.dtype) == "float32"
        assert np.isfinite(y).all()
        first = getattr(model.layers[1], "layer", model.layers[1])  # what a wrapper wraps
        assert first.compute_dtype == policy.removeprefix("mixed_")


@pytest.mark.float64
def test_float64_goes_all_the_way(rng):
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    for _, model in build_all():
        assert {v.dtype for v in model.weights} == {"float64"}
        y = model(rng.normal(size=(2, 8, 8, 1)))
        assert keras.backend.standardize_dtype(y.dtype) == "float64"


def test_reflection_is_numpys(rng):
    x = images(rng, (5, 4, 2))
    padded = np.pad(x, ((0, 0), (3, 3), (3, 3), (0, 0)), mode="reflect")
    layer = ReflectionPadding2D(3)
    np.testing.assert_array_equal(layer(x), padded)
    assert layer.compute_output_shape((None, 5, 4, 2)) == (None, 11, 10, 2)
    assert ReflectionPadding2D.from_config(layer.get_config()).padding == 3
    slope = input_gradient(lambda x: ops.sum(layer(x), axis=(1, 2, 3))[:, None], ops.array(x))
    times = np.pad(np.arange(20).reshape(5, 4), 3, mode="reflect")
    np.testing.assert_array_equal(slope[0, :, :, 0], np.bincount(times.ravel()).reshape(5, 4))


@BOTH
def test_a_skip_adds_twice_the_image_to_what_the_network_draws(architecture, rng):
    """Its first translations show what they are translations of; the weights are the same ones."""
    options = {"architecture": architecture, "width": 8, "blocks": 1, "downsamplings": 1}
    drawing, changing = (
        translation_generator((12, 12, 2), skip=skip, **options) for skip in (False, True)
    )
    changing.set_weights(drawing.get_weights())
    x = images(rng, (12, 12, 2), n=8)
    drawn, changed = (np.array(g(x, training=False), "float64") for g in (drawing, changing))
    np.testing.assert_allclose(changed, np.tanh(np.arctanh(drawn) + 2 * x), atol=1e-5)
    assert np.corrcoef(x.ravel(), changed.ravel())[0, 1] > 0.9
    assert abs(np.corrcoef(x.ravel(), drawn.ravel())[0, 1]) < 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: translation_generator((16, 18, 1)), "multiples of 4, not 16 x 18"),
        (lambda: translation_generator((4, 16, 1)), "of 8 pixels or more .* not 4 x 16"),
        (lambda: translation_generator((18, 18, 1)), "2 times .* multiples of 4, not 18"),
        (lambda: translation_generator((4, 4, 1)), "of 8 pixels or more .* not 4"),
        (lambda: translation_generator((2, 2, 1), downsamplings=0), "of 4 pixels or more .* not 2"),
        (lambda: translation_generator(architecture="u-net"), "did you mean 'unet'"),
        (lambda: translation_generator(width=0), "width must be .* received 0"),
        (lambda: translation_generator(output_channels=0), "output_channels must be .* received 0"),
        (lambda: translation_generator(output_channels=1, skip=True), "received 3 and .*=1"),
        (lambda: translation_generator(blocks=-1), "blocks must be .*at least 0.*-1"),
        (lambda: translation_generator(downsamplings=0.5), "downsamplings must be .*0.5"),
        (
            lambda: patch_discriminator((8, 8, 1)),
            "more than 8 pixels a side, not 8 x 8: .* at most 2",
        ),
        (lambda: patch_discriminator((16, 4, 1)), "not 16 x 4: pass a depth of at most 1"),
        (lambda: patch_discriminator((16, 1, 1), depth=0), "not 16 x 1: enlarge them"),
        (lambda: patch_discriminator(width=0), "width must be .* received 0"),
        (lambda: patch_discriminator(depth=-1), "depth must be .*at least 0.*-1"),
        (lambda: patch_discriminator(normalization="batch"), "normalization 'batch'.*'instance'"),
        (lambda: ReflectionPadding2D(0), "padding must be .* received 0"),
        (lambda: ReflectionPadding2D(3)(np.ones((1, 3, 8, 1))), "3 pixels cannot be mirrored 3"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("architecture", ["resnet", "unet"])
def test_rectangles_are_translated_and_judged_in_patches(architecture, rng):
    options = {"architecture": architecture, "width": 2, "blocks": 1, "skip": True}
    generator = translation_generator((8, 20, 3), **options)
    y = np.array(generator(rng.uniform(-1, 1, size=(2, 8, 20, 3))))
    assert y.shape == (2, 8, 20, 3)
    discriminator = patch_discriminator((8, 20, 3), width=2, depth=2)
    assert discriminator.output_shape == (None, 2, 5, 1)
    assert patch_discriminator((27, 45, 3), width=2).output_shape == (None, 4, 6, 1)
