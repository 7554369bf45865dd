"""The residual pair of SN-GAN: the paper's blocks, counted by hand, and their formula."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan.layers import SpectralNormalization
from keras_gan.networks import resnet_discriminator, resnet_generator


def weights(size, inputs, outputs):
    return size * size * inputs * outputs + outputs


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
        (lambda: resnet_generator((28, 28, 1)), "16, 32, 64, 128, … pixels, not 28"),
        (lambda: resnet_discriminator((8, 8, 1)), "16, 32, 64, 128, … pixels, not 8"),
        (lambda: resnet_discriminator((48, 48, 3)), "not 48: use the dcgan networks"),
        (lambda: resnet_generator((32, 16, 3)), "square, not 32 x 16"),
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
