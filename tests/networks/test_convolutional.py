"""Networks of series and volumes: the published layers, any lengths, every recipe, derivatives."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan.layers import LayerNormalization, PhaseShuffle, SpectralNormalization
from keras_gan.networks import (
    conv1d_discriminator,
    conv1d_generator,
    conv3d_discriminator,
    conv3d_generator,
)
from keras_gan.networks.strided import Strided
from keras_gan.penalties import GradientPenalty
from tests.penalties.test_finite_differences import derivatives, float64  # noqa: F401
from tests.recipes.cases import CASES, CLASSES, with_labels
from tests.slow import slow_but, thorough_but

SERIES = {"sample_shape": (50, 3), "width": 2, "kernel": 5}
VOLUMES = {"sample_shape": (9, 8, 10, 1), "width": 2}
PAIRS = {
    "series": (
        lambda **k: conv1d_generator(**SERIES, latent_dim=3, **k),
        lambda **k: conv1d_discriminator(**SERIES, **k),
    ),
    "volumes": (
        lambda **k: conv3d_generator(**VOLUMES, latent_dim=3, **k),
        lambda **k: conv3d_discriminator(**VOLUMES, **k),
    ),
}


def grids(model, kinds):
    return [tuple(layer.output.shape[1:]) for layer in model.layers if isinstance(layer, kinds)]


def trainable(model):
    return sum(v.numpy().size for v in model.trainable_variables)


def weights(size, inputs, outputs, bias=True):
    return size * inputs * outputs + outputs * bias


def test_wavegan_has_the_layers_of_its_tables():
    """Donahue et al. 2019, tables 3 and 4, with d = 64 and c = 1."""
    d, generator = 64, conv1d_generator()
    assert grids(generator, (layers.Reshape, layers.Conv1DTranspose)) == [
        (16, 16 * d),
        (64, 8 * d),
        (256, 4 * d),
        (1024, 2 * d),
        (4096, d),
        (16384, 1),
    ]
    kernels = [tuple(layer.kernel.shape) for layer in generator.layers if hasattr(layer, "kernel")]
    assert kernels[0] == (100, 256 * d)
    # of a transposed convolution: (25, out, in)
    pairs = itertools.pairwise([16 * d, 8 * d, 4 * d, 2 * d, d, 1])
    assert kernels[1:] == [(25, b, a) for a, b in pairs]
    sizes = [(16 * d, 8 * d), (8 * d, 4 * d), (4 * d, 2 * d), (2 * d, d), (d, 1)]
    expected = weights(1, 100, 256 * d) + sum(weights(25, a, b) for a, b in sizes)
    assert trainable(generator) == generator.count_params() == expected == 19_065_345

    discriminator = conv1d_discriminator(phase_shuffle=2)
    assert grids(discriminator, (layers.Conv1D, layers.Flatten)) == [
        (4096, d),
        (1024, 2 * d),
        (256, 4 * d),
        (64, 8 * d),
        (16, 16 * d),
        (256 * d,),
    ]
    kinds = [type(layer).__name__ for layer in discriminator.layers]
    hidden = ["Conv1D", "LeakyReLU", "PhaseShuffle"]
    assert kinds == ["InputLayer", *hidden * 4, "Conv1D", "LeakyReLU", "Flatten", "Dense"]
    assert {layer.n for layer in discriminator.layers if isinstance(layer, PhaseShuffle)} == {2}
    sizes = [(1, d), (d, 2 * d), (2 * d, 4 * d), (4 * d, 8 * d), (8 * d, 16 * d)]
    expected = sum(weights(25, a, b) for a, b in sizes) + weights(1, 256 * d, 1)
    assert trainable(discriminator) == expected == 17_427_969


def test_3dgan_has_the_layers_of_its_paper():
    """Wu et al. 2016, section 3.1, figure 1: 512, 256, 128, 64 and 1 channels, kernels of 4."""
    generator = conv3d_generator()
    assert grids(generator, (layers.Reshape, layers.Conv3DTranspose)) == [
        (4, 4, 4, 512),
        (8, 8, 8, 256),
        (16, 16, 16, 128),
        (32, 32, 32, 64),
        (64, 64, 64, 1),
    ]
    hidden = [(512, 256), (256, 128), (128, 64)]
    norms = 2 * (512 + 256 + 128 + 64)
    # z, (200, 1, 1, 1), to (512, 4, 4, 4) by a kernel of 4 x 4 x 4 is our dense layer
    expected = weights(4**3, 200, 512, False) + norms
    expected += sum(weights(4**3, a, b, False) for a, b in hidden) + weights(4**3, 64, 1)
    assert trainable(generator) == expected == 17_569_665

    discriminator = conv3d_discriminator(normalization="batch")
    assert grids(discriminator, layers.Conv3D) == [
        (32, 32, 32, 64),
        (16, 16, 16, 128),
        (8, 8, 8, 256),
        (4, 4, 4, 512),
    ]
    sizes = [(1, 64), (64, 128), (128, 256), (256, 512)]
    # 512 channels of 4 x 4 x 4 to one score by a kernel of 4 x 4 x 4 is our dense layer
    expected = sum(weights(4**3, a, b) for a, b in sizes) + 2 * (128 + 256 + 512)
    expected += weights(4**3, 512, 1)
    assert trainable(discriminator) == expected == 11_049_665


LENGTHS = [1, 2, 7, 16, 17, 50, 64, 65, 100, 257]
SIZES = [(1, 1, 1), (4, 4, 4), (9, 8, 10), (5, 16, 3), (15, 15, 15), (1, 20, 9)]


def check_shapes(generator, discriminator, shape):
    assert generator.output_shape == discriminator.input_shape == (None, *shape)
    x = np.array(generator(np.random.default_rng(0).normal(size=(2, 3)), training=True))
    assert x.shape == (2, *shape)
    assert discriminator(x).shape == (2, 1)


@pytest.mark.parametrize("length", LENGTHS)
def test_series_of_any_length(length):
    options = {"sample_shape": (length, 2), "width": 1, "kernel": 9}
    check_shapes(
        conv1d_generator(**options, latent_dim=3), conv1d_discriminator(**options), (length, 2)
    )


@pytest.mark.parametrize(("kernel", "stride"), [(25, 4), (4, 2), (3, 3), (1, 2), (6, 5)])
def test_kernels_and_strides_of_any_size(kernel, stride):
    for length in (50, 81):
        options = {"sample_shape": (length, 1), "width": 1, "kernel": kernel, "stride": stride}
        generator = conv1d_generator(**options, latent_dim=3)
        check_shapes(generator, conv1d_discriminator(**options), (length, 1))


@pytest.mark.parametrize("size", SIZES)
def test_volumes_of_any_size(size):
    options = {"sample_shape": (*size, 2), "width": 1}
    check_shapes(
        conv3d_generator(**options, latent_dim=3), conv3d_discriminator(**options), (*size, 2)
    )


@pytest.mark.parametrize(
    ("sides", "stride", "coarsest", "chain"),
    [
        ((16384,), 4, 16, [(16384,), (4096,), (1024,), (256,), (64,), (16,)]),
        ((50,), 4, 16, [(50,), (13,), (13,)]),
        ((3,), 4, 16, [(3,), (3,), (3,)]),
        ((27, 45), 2, 7, [(27, 45), (14, 23), (7, 12), (7, 6)]),
        ((64, 64, 64), 2, 7, [(64,) * 3, (32,) * 3, (16,) * 3, (8,) * 3, (4,) * 3]),
    ],
)
def test_chain_of_grids(sides, stride, coarsest, chain):
    assert Strided(4, stride, coarsest).grids(sides) == chain


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize(
    ("normalization", "layer", "count"),
    [
        (None, (SpectralNormalization, layers.LayerNormalization, layers.BatchNormalization), 0),
        ("spectral", SpectralNormalization, 3),
        ("layer", LayerNormalization, 1),
        ("batch", layers.BatchNormalization, 1),
    ],
)
def test_which_layers_are_normalized(kind, normalization, layer, count):
    model = PAIRS[kind][1](normalization=normalization)
    assert sum(isinstance(inner, layer) for inner in model.layers) == count


@pytest.mark.parametrize("normalization", [None, "batch"])
def test_a_generator_of_series_normalizes_or_not(normalization, rng):
    model = PAIRS["series"][0](normalization=normalization)
    norms = sum(isinstance(inner, layers.BatchNormalization) for inner in model.layers)
    assert norms == (2 if normalization else 0)


@pytest.mark.parametrize("normalization", [None, "batch"])
def test_labels_change_series(normalization, rng):
    model = PAIRS["series"][0](normalization=normalization, classes=3)
    for variable in model.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    z = np.repeat(rng.normal(size=(1, 3)), 3, axis=0)
    x = np.array(model([z, np.arange(3)]))
    assert min(np.abs(a - b).max() for a, b in itertools.combinations(x, 2)) > 1e-3


@pytest.mark.parametrize("kind", PAIRS)
def test_outputs_are_in_their_range_or_unbounded(kind, rng):
    for activation, bounded in (("tanh", True), ("linear", False)):
        model = PAIRS[kind][0](output_activation=activation)
        for variable in model.trainable_variables:
            variable.assign(3 * rng.normal(size=variable.shape))
        x = np.array(model(rng.normal(size=(16, 3)), training=True))
        assert (np.abs(x).max() <= 1) == bounded


OF_KINDS = [(kind, recipe) for kind in PAIRS for recipe in CASES]


@pytest.mark.parametrize(
    ("kind", "recipe"), slow_but([("series", "R3GAN")], OF_KINDS, [("volumes", "WGANGP")])
)
def test_every_recipe_trains(kind, recipe, rng):
    generator, discriminator = PAIRS[kind]
    case = CASES[recipe]
    labels = {"classes": CLASSES} if case.labelled else {}
    gan = case.recipe(generator(**labels), discriminator(**case.discriminator), seed=0)
    gan.compile()
    before = [v.numpy() for v in gan.discriminator.trainable_variables]
    shape = gan.generator.output_shape[1:]
    x = rng.uniform(-1, 1, size=(4 * case.steps, *shape)).astype("float32")
    given = with_labels(x) if case.labelled else (x,)
    history = gan.fit(*given, batch_size=len(x), verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert gan.generate(3, seed=0).shape == (3, *shape)
    moved = zip(before, gan.discriminator.trainable_variables, strict=True)
    assert any((old != new.numpy()).any() for old, new in moved)


@pytest.mark.float64
@pytest.mark.parametrize(
    ("kind", "normalization"),
    thorough_but([("series", "spectral")], itertools.product(PAIRS, [None, "spectral", "layer"])),
)
def test_gradient_penalties_are_right(float64, kind, normalization):  # noqa: F811
    model = PAIRS[kind][1](normalization=normalization)
    found, expected = derivatives(GradientPenalty(10.0), model, model.input_shape[1:])
    assert abs(expected) > 1e-6
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.float64
@pytest.mark.thorough
@pytest.mark.parametrize("kind", PAIRS)
def test_gradient_penalties_are_right_through_transposed_convolutions(float64, kind):  # noqa: F811
    """As of a discriminator that enlarges: the generator's layers, behind a sample."""
    generator = PAIRS[kind][0]()
    x = keras.Input(generator.output_shape[1:])
    z = layers.Dense(3, activation="tanh")(layers.Flatten()(x))
    h = z
    for layer in generator.layers[1:]:  # without batch normalization, which couples samples
        if not isinstance(layer, layers.BatchNormalization):
            h = layers.Activation("tanh")(h) if isinstance(layer, layers.ReLU) else layer(h)
    score = layers.Dense(1)(layers.Flatten()(h))
    found, expected = derivatives(GradientPenalty(10.0), keras.Model(x, score), x.shape[1:])
    assert abs(expected) > 1e-6
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv1d_generator((50,)), r"\(time, channels\) of series, .*received \(50,\)"),
        (lambda: conv1d_generator((50, 0)), r"received \(50, 0\)"),
        (lambda: conv1d_generator(50), "received 50"),
        (lambda: conv1d_generator(latent_dim=0), "latent_dim must be .* received 0"),
        (lambda: conv1d_generator(width=0), "width must be .* received 0"),
        (lambda: conv1d_generator(kernel=0), "kernel must be .* received 0"),
        (lambda: conv1d_generator(stride=1), "stride must be .* of at least 2; received 1"),
        (lambda: conv1d_generator(normalization="layer"), "Unknown normalization 'layer'"),
        (lambda: conv1d_discriminator((50, 1.0)), r"received \(50, 1.0\)"),
        (lambda: conv1d_discriminator(phase_shuffle=-1), "phase_shuffle must be .* received -1"),
        (lambda: conv1d_discriminator((8, 1), phase_shuffle=8), "more than 8 steps"),
        (lambda: conv1d_discriminator(normalization="sn"), "one of None, 'spectral'.* not 'sn'"),
        (lambda: conv1d_discriminator(dropout=1.0), "dropout must be .* received 1.0"),
        (lambda: conv3d_generator((8, 8, 1)), r"\(depth, height, width, channels\) of volumes"),
        (lambda: conv3d_generator(width=0), "width must be .* received 0"),
        (lambda: conv3d_discriminator((8, 8, 8)), r"received \(8, 8, 8\)"),
        (lambda: conv3d_discriminator(width=-1), "width must be .* received -1"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
