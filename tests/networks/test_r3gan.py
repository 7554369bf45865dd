"""The networks of R3GAN: counted by hand at the authors' sizes, their formula, their start."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.networks import r3gan_discriminator, r3gan_generator
from keras_gan.networks.weight_limits import making


def count(network) -> int:
    return sum(int(np.prod(v.shape)) for v in network.trainable_variables)


def block(width, group=16):
    """1 x 1, grouped 3 x 3 and 1 x 1 convolutions of 2 width channels, and two biases."""
    inner = 2 * width
    return width * inner + 9 * group * inner + inner * width + 2 * inner


@pytest.mark.parametrize(
    ("size", "widths"), [(32, 4 * [768]), (256, [*4 * [768], 384, 192, 96])], ids=["CIFAR", "FFHQ"]
)
def test_parameters_of_the_authors_configurations(size, widths):
    """`--preset CIFAR10` and `FFHQ-256` of the authors' train.py, without labels."""
    with making(2**31, zeros=True, most_arrays=None):
        generator = r3gan_generator((size, size, 3))
        discriminator = r3gan_discriminator((size, size, 3))
    blocks = sum(2 * block(width) for width in widths)
    steps = sum(a * b for a, b in itertools.pairwise(widths) if a != b)
    assert count(generator) == blocks + steps + 64 * 768 + 16 * 768 + 3 * widths[-1]
    assert count(discriminator) == blocks + steps + 3 * widths[-1] + 16 * 768 + 768


def test_parameters_of_the_conditional_ones_for_cifar():
    """20.78 and 21.28 million, with the labels' embeddings of 64 and of 768 numbers."""
    with making(2**31, zeros=True, most_arrays=None):
        generator, discriminator = r3gan_generator(classes=10), r3gan_discriminator(classes=10)
    assert count(generator) == 8 * block(768) + 10 * 64 + 128 * 768 + 16 * 768 + 3 * 768
    assert count(generator) == 20_781_952
    assert count(discriminator) == 8 * block(768) + 3 * 768 + 16 * 768 + 768 * 768 + 10 * 768
    assert count(discriminator) == 21_280_512


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 48, 2), (5, 20, 1), (64, 64, 3)])
def test_shapes(shape):
    generator = r3gan_generator(shape, latent_dim=3, width=4)
    discriminator = r3gan_discriminator(shape, width=4)
    x = generator(np.ones((2, 3)))
    assert x.shape == (2, *shape)
    assert discriminator(x).shape == (2, 1)


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def convolutions(network):
    return iter([layer for layer in network.layers if isinstance(layer, layers.Conv2D)])


def residual(h, each):
    first, second, third = (next(each) for _ in range(3))
    assert (first.kernel_size, second.kernel_size, third.kernel_size) == ((1, 1), (3, 3), (1, 1))
    assert (first.use_bias, second.use_bias, third.use_bias) == (True, True, False)
    inner = leaky(np.array(second(leaky(np.array(first(h))))))
    return h + np.array(third(inner))


def moved(network, rng):
    for variable in network.trainable_variables:
        variable.assign(0.5 * rng.normal(size=variable.shape))
    return network


def test_the_generator_computes_its_formula(rng):
    model = moved(r3gan_generator((8, 8, 2), latent_dim=3, width=4, blocks=1, group_width=2), rng)
    z = rng.normal(size=(3, 3)).astype("float32")
    dense = next(layer for layer in model.layers if isinstance(layer, layers.Dense))
    basis, each = np.array(model.get_layer("basis").kernel), convolutions(model)
    assert basis.shape == (4, 4, 4)
    h = (z @ np.array(dense.kernel))[:, None, None] * basis
    h = residual(h.astype("float32"), each)
    h = residual(np.array(kg.layers.LowPassUpSampling2D()(h)), each)
    np.testing.assert_allclose(model(z), next(each)(h), rtol=1e-4, atol=1e-4)


def test_the_discriminator_computes_its_formula(rng):
    shape = (8, 8, 2)
    model = moved(r3gan_discriminator(shape, width=4, blocks=1, group_width=2, classes=3), rng)
    x, labels = rng.normal(size=(3, *shape)).astype("float32"), np.array([0, 2, 1])
    each = convolutions(model)
    h = residual(np.array(next(each)(x)), each)
    h = residual(np.array(kg.layers.LowPassDownSampling2D()(h)), each)
    h = np.einsum("bhwc,hwc->bc", h, np.array(model.get_layer("basis").kernel))
    embedding = model.get_layer("embedding")
    last = next(i for i in model.layers if isinstance(i, layers.Dense) and i is not embedding)
    expected = np.sum(h @ np.array(last.kernel) * np.array(embedding.kernel)[labels], axis=1)
    np.testing.assert_allclose(model([x, labels])[:, 0], expected, rtol=1e-4, atol=1e-4)


def test_a_block_starts_as_the_identity_and_kernels_by_the_number_of_blocks():
    """Std of a kernel: √(2 / 1.04) L^(−¼) / √n, L = 6 blocks; the last of each block 0."""
    model = r3gan_generator((16, 16, 3), latent_dim=8, width=32)
    first = [i for i in convolutions(model) if i.use_bias and i.kernel_size == (1, 1)]
    grouped = [i for i in convolutions(model) if i.kernel_size == (3, 3)]
    last = [i for i in convolutions(model) if not i.use_bias][:-1]
    assert len(first) == len(grouped) == len(last) == 6
    gain = np.sqrt(2 / 1.04) * 6**-0.25
    stds = [[np.std(i.kernel) for i in each] for each in (first, grouped)]
    assert np.mean(stds[0]) == pytest.approx(gain / np.sqrt(32), rel=0.03)
    assert np.mean(stds[1]) == pytest.approx(gain / np.sqrt(9 * 16), rel=0.03)
    assert {i.groups for i in grouped} == {4}
    assert not any(np.any(i.kernel) for i in last)


def test_groups_are_of_the_next_smaller_number_that_divides():
    model = r3gan_generator((8, 8, 1), latent_dim=2, width=5, group_width=4)
    assert {i.groups for i in convolutions(model) if i.kernel_size == (3, 3)} == {5}  # of 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: r3gan_generator((30, 30, 1)), "same power of two, .* not 30 x 30"),
        (lambda: r3gan_discriminator((3, 8, 1)), "not 3 x 8"),
        (lambda: r3gan_discriminator((32, 32)), "three whole numbers .* received \\(32, 32\\)"),
        (lambda: r3gan_discriminator((32, 32, 0)), "channels of an image must be .* received 0"),
        (lambda: r3gan_generator(width=0), "width must be .* received 0"),
        (lambda: r3gan_generator(blocks=1.5), "blocks must be .* received 1.5"),
        (lambda: r3gan_generator(group_width=0), "group_width must be .* received 0"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_step_of_its_game_with_both_penalties(rng):
    keras.utils.set_random_seed(0)
    shape = (8, 12, 1)
    networks = r3gan_generator(shape, 4, width=8), r3gan_discriminator(shape, width=8)
    gan = kg.R3GAN(*networks, seed=0)
    gan.compile()
    logs = gan.train_on_batch(rng.uniform(-1, 1, (4, *shape)).astype("float32"), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert logs["r1_penalty"] > 0
    assert gan.generate(3, seed=0).shape == (3, *shape)
