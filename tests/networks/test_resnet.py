"""The residual pair of SN-GAN: the paper's blocks, counted by hand, and their formula."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan.layers import SelfAttention, SpectralNormalization
from keras_gan.networks import resnet_discriminator, resnet_generator
from tests.slow import thorough_but


def weights(size, inputs, outputs):
    return size * size * inputs * outputs + outputs


def trainable(model):
    return sum(v.numpy().size for v in model.trainable_variables)


def test_parameters_by_hand():
    """At the paper's widths, 256 and 128; trainable parameters, biases included."""
    block = 2 * weights(3, 256, 256) + weights(1, 256, 256) + 2 * (2 * 256)
    expected = (128 * 4096 + 4096) + 3 * block + 2 * 256 + weights(3, 256, 3)
    generator = resnet_generator()
    assert sum(v.numpy().size for v in generator.trainable_variables) == expected == 4_276_739

    first = weights(3, 3, 128) + weights(3, 128, 128) + weights(1, 3, 128)
    second = 2 * weights(3, 128, 128) + weights(1, 128, 128)
    rest = 2 * (2 * weights(3, 128, 128))
    discriminator = resnet_discriminator()
    trainable = sum(v.numpy().size for v in discriminator.trainable_variables)
    assert trainable == first + second + rest + (128 + 1) == 1_053_825
    # u: one number per output channel of each of the 3 + 3 + 4 convolutions and the dense layer.
    assert discriminator.count_params() == trainable + 10 * 128 + 1


def batch_norm(channels):
    return 2 * channels


def block_of_generator(a, b):
    return (
        batch_norm(a)
        + batch_norm(b)
        + weights(3, a, b)
        + weights(3, b, b)
        + weights(1, a, b)  # the shortcut
    )


def block_of_discriminator(a, b, shortcut=True):
    return weights(3, a, a) + weights(3, a, b) + shortcut * weights(1, a, b)


PUBLISHED = {  # Miyato et al. 2018, tables 4 to 6: grid and widths of G, widths of D, kept blocks
    "CIFAR-10": (32, 4, [256] * 4, [128] * 4, 2),
    "STL-10": (48, 6, [512, 256, 128, 64], [64, 128, 256, 512, 1024], 1),
    "ImageNet": (128, 4, [1024, 1024, 512, 256, 128, 64], [64, 128, 256, 512, 1024, 1024], 1),
}
COUNTS = {
    "CIFAR-10": (4_276_739, 1_053_825),
    "STL-10": (4_878_083, 10_141_441),
    "ImageNet": (32_150_787, 29_017_857),
}


@pytest.mark.parametrize("data", thorough_but(["CIFAR-10", "STL-10"], PUBLISHED))
def test_parameters_at_the_published_sizes(data):
    size, grid, of_generator, of_discriminator, kept = PUBLISHED[data]
    even = len(set(of_generator)) == 1
    shape = (size, size, 3)
    generator = resnet_generator(shape, width=of_generator[0] if even else of_generator)
    expected = 129 * grid**2 * of_generator[0]
    expected += sum(block_of_generator(a, b) for a, b in itertools.pairwise(of_generator))
    expected += batch_norm(of_generator[-1]) + weights(3, of_generator[-1], 3)
    assert trainable(generator) == expected == COUNTS[data][0]
    assert generator.layers[2].output.shape[1:] == (grid, grid, of_generator[0])

    first, *_ = of_discriminator
    discriminator = resnet_discriminator(shape, width=first if even else of_discriminator)
    expected = weights(3, 3, first) + weights(3, first, first) + weights(1, 3, first)
    pairs = list(itertools.pairwise(of_discriminator))
    for i, (a, b) in enumerate(pairs):
        halves = i < len(pairs) - kept
        expected += block_of_discriminator(a, b, shortcut=halves or a != b)
    expected += weights(1, of_discriminator[-1], 1)
    assert trainable(discriminator) == expected == COUNTS[data][1]
    pools = [i for i in discriminator.layers if isinstance(i, layers.AveragePooling2D)]
    coarsest = size // 2 ** (len(pairs) + 1 - kept)
    assert pools[-1].output.shape[1] == coarsest


SIDES = [(8, 8), (9, 9), (28, 28), (48, 48), (50, 50), (27, 45), (45, 28), (16, 64), (8, 3), (1, 9)]


@pytest.mark.parametrize("sides", SIDES)
@pytest.mark.parametrize("width", [2, [3, 2]])
def test_images_of_any_sides(sides, width):
    generator = resnet_generator((*sides, 2), latent_dim=3, width=width)
    discriminator = resnet_discriminator((*sides, 2), width=width)
    x = np.array(generator(np.random.default_rng(0).normal(size=(2, 3)), training=True))
    assert x.shape == (2, *sides, 2)
    assert discriminator(x).shape == (2, 1)
    coarsest = discriminator.get_layer("sum").input
    scale = discriminator.get_layer("sum").scale
    summed = [i for i in discriminator.layers if isinstance(i, layers.GlobalAveragePooling2D)]
    assert coarsest is summed[0].output
    assert scale == np.prod(summed[0].input.shape[1:3])


def test_chains_of_grids():
    generator = resnet_generator((27, 45, 1), latent_dim=2, width=2)
    sums = [i.output.shape[1:3] for i in generator.layers if isinstance(i, layers.Add)]
    assert [generator.layers[2].output.shape[1:3], *sums] == [(7, 6), (7, 12), (14, 23), (27, 45)]
    discriminator = resnet_discriminator((27, 45, 1), width=2)
    sums = [i.output.shape[1:3] for i in discriminator.layers if isinstance(i, layers.Add)]
    assert sums == [(14, 23), (7, 12), (7, 6), (7, 6), (7, 6)]


@pytest.mark.thorough
def test_sagan_has_its_authors_layers():
    """At 128 x 128, with gf_dim = df_dim = 64: attention to the grid of 32 x 32, of 256 and 128
    channels, and spectral normalization of every kernel."""
    widths = [1024, 1024, 512, 256, 128, 64]
    generator = resnet_generator(
        (128, 128, 3), width=widths, normalization="spectral", attention=32
    )
    (attention,) = [i for i in generator.layers if isinstance(i, SelfAttention)]
    assert attention.output.shape[1:] == (32, 32, 256)
    assert isinstance(attention.query, SpectralNormalization)
    assert trainable(generator) == COUNTS["ImageNet"][0] + 81_921
    bare = (layers.Dense, layers.Conv2D)
    assert not any(isinstance(inner, bare) for inner in generator.layers)
    widths = [64, 128, 256, 512, 1024, 1024]
    discriminator = resnet_discriminator((128, 128, 3), width=widths, attention=32)
    (attention,) = [i for i in discriminator.layers if isinstance(i, SelfAttention)]
    assert attention.output.shape[1:] == (32, 32, 128)
    assert trainable(discriminator) == COUNTS["ImageNet"][1] + 2 * 128 * 16 + 2 * 128 * 64 + 1


@pytest.mark.parametrize("height", [8, 16, 32])
def test_attention_stands_where_it_is_asked_for(height):
    generator = resnet_generator(width=2, attention=height)
    (attention,) = [i for i in generator.layers if isinstance(i, SelfAttention)]
    assert attention.output.shape[1] == height
    assert isinstance(attention.query, layers.Dense)
    if height < 32:
        for normalization in (None, "layer", "spectral"):
            model = resnet_discriminator(width=2, normalization=normalization, attention=height)
            kinds = [type(i) for i in model.layers]
            place = kinds.index(SelfAttention)
            assert model.layers[place].output.shape[1] == height
            assert kinds[:place].count(layers.Add) == (1 if height == 16 else 2)
            assert (model.layers[place].normalization == "spectral") == (
                normalization == "spectral"
            )


@pytest.mark.parametrize("size", [16, 32, 64])
def test_shapes(size):
    generator = resnet_generator((size, size, 2), latent_dim=3, width=2)
    discriminator = resnet_discriminator((size, size, 2), width=2)
    x = generator(np.ones((2, 3)))
    assert x.shape == (2, size, size, 2)
    assert discriminator(x).shape == (2, 1)
    grid = [i.input.shape[1] for i in discriminator.layers if "pooling2d" in i.name][-1]
    assert grid == 8


def relu(x):
    return np.maximum(x, 0)


def pool(x):
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))


def test_discriminator_computes_its_formula(rng):
    model = resnet_discriminator((16, 16, 2), width=4, normalization=None)
    for variable in model.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    inner = [i for i in model.layers if isinstance(i, layers.Conv2D)]
    by_width = {1: [i for i in inner if i.kernel_size == (1, 1)]}
    c1, c2, *rest = [i for i in inner if i.kernel_size == (3, 3)]
    (shortcut,) = by_width[1]

    x = rng.normal(size=(3, 16, 16, 2)).astype("float32")
    h = pool(np.array(c2(relu(np.array(c1(x)))))) + np.array(shortcut(pool(x)))
    for first, second in (rest[:2], rest[2:]):
        h = h + np.array(second(relu(np.array(first(relu(h))))))
    pooled = relu(h).sum(axis=(1, 2))
    dense = model.layers[-1]
    expected = pooled @ dense.kernel.numpy() + dense.bias.numpy()
    np.testing.assert_allclose(model(x), expected, rtol=1e-4, atol=1e-3)
    assert np.abs(expected).max() > 10


def test_generator_computes_its_formula(rng):
    model = resnet_generator((16, 16, 2), latent_dim=3, width=4)
    for variable in model.variables:
        variable.assign(0.3 + rng.uniform(size=variable.shape))
    dense = model.layers[1]
    of = lambda kind: iter([i for i in model.layers if isinstance(i, kind)])  # noqa: E731
    norms = of(layers.BatchNormalization)
    threes = iter([i for i in of(layers.Conv2D) if i.kernel_size == (3, 3)])
    ones = iter([i for i in of(layers.Conv2D) if i.kernel_size == (1, 1)])

    def grow(x):
        return x.repeat(2, axis=1).repeat(2, axis=2)

    z = 0.1 * rng.normal(size=(3, 3)).astype("float32")
    h = np.array(dense(z)).reshape(3, 4, 4, 4)
    for _ in range(2):
        r = np.array(next(threes)(grow(relu(np.array(next(norms)(h))))))
        r = np.array(next(threes)(relu(np.array(next(norms)(r)))))
        h = r + np.array(next(ones)(grow(h)))
    expected = np.array(next(threes)(relu(np.array(next(norms)(h)))))
    before = keras.Model(model.input, model.layers[-1].input)
    np.testing.assert_allclose(before(z), expected, rtol=1e-4)
    np.testing.assert_allclose(model(z), np.tanh(expected), rtol=1e-4)


def test_initial_spread_of_the_convolutions():
    model = resnet_discriminator(width=64, normalization=None)
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            size, _, inputs, outputs = layer.kernel.shape
            gain = 2 if size == 3 else 1
            limit = np.sqrt(gain * 6 / (size * size * (inputs + outputs)))
            largest = np.abs(layer.kernel.numpy()).max()
            assert largest == pytest.approx(limit, rel=0.05)
            assert largest <= limit


@pytest.mark.parametrize(
    ("normalization", "layer", "count"),
    [
        (None, (SpectralNormalization, layers.LayerNormalization, layers.BatchNormalization), 0),
        ("spectral", SpectralNormalization, 11),
        ("layer", layers.LayerNormalization, 7),
        ("batch", layers.BatchNormalization, 7),
    ],
)
def test_which_layers_are_normalized(normalization, layer, count):
    model = resnet_discriminator(width=2, normalization=normalization)
    assert sum(isinstance(inner, layer) for inner in model.layers) == count


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: resnet_generator((7, 7, 1)), "at least 8 pixels, not 7 x 7"),
        (lambda: resnet_discriminator((4, 7, 1)), "at least 8 pixels, not 4 x 7"),
        (lambda: resnet_generator((32, 0, 3)), "at least 1 pixel a side, not 32 x 0"),
        (lambda: resnet_generator(width=[4]), r"two blocks at least, .* received \[4\]"),
        (lambda: resnet_generator(width=[4, 0]), "width must be .* received 0"),
        (lambda: resnet_generator(width=[2] * 6), "halved 3 times, .* leave out 2 of them"),
        (lambda: resnet_discriminator(width=[2] * 6), "halved 3 times, .* leave out 2 of them"),
        (lambda: resnet_generator(normalization="batch"), "Unknown normalization 'batch'"),
        (lambda: resnet_generator(attention=4), "one of 32, 16, 8; received 4"),
        (lambda: resnet_discriminator(attention=32), "one of 16, 8; received 32"),
        (lambda: resnet_discriminator(attention=True), "one of 16, 8; received True"),
        (lambda: resnet_generator((32, 32, 0)), "at least 1 channel, not 0"),
        (lambda: resnet_generator(width=0), "width must be .* received 0"),
        (lambda: resnet_generator(latent_dim="128"), "latent_dim must be .* received '128'"),
        (lambda: resnet_discriminator(width=1.5), "width must be .* received 1.5"),
        (lambda: resnet_discriminator(normalization=True), "one of None, .* not True"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
