"""Every penalty's gradient with the weights equals finite differences, in float64."""

import contextlib
import functools
import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties import (
    R1,
    R2,
    ConsistencyTerm,
    FiniteDifferenceR1,
    FiniteDifferenceR2,
    GradientPenalty,
)
from keras_gan.penalties.second_order import check_second_order
from tests.backend import BACKEND
from tests.penalties.networks import ARCHITECTURES, NORMALIZATIONS, SHAPES, resized
from tests.slow import slow_but

pytestmark = pytest.mark.float64
PENALTIES = {
    "between": GradientPenalty(10.0),
    "one-sided": GradientPenalty(10.0, target=0.01, one_sided=True),
    "around the data": GradientPenalty(1.0, at="around_real", target=0.5),
    "r1": R1(1.0),
    "r2": R2(1.0),
    "difference r1": FiniteDifferenceR1(1.0, step=0.1),
    "difference r2": FiniteDifferenceR2(1.0, step=0.1),
}


@pytest.fixture
def float64():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


def derivatives(penalty, discriminator, shape, training=False):
    """Along one direction of the weights: by autodiff and by central differences."""
    rng = np.random.default_rng(1)
    real, fake = (ops.convert_to_tensor(x) for x in rng.normal(size=(2, 4, *shape)))
    weights = discriminator.trainable_variables
    direction = [rng.normal(size=w.shape) for w in weights]
    call = functools.partial(discriminator, training=training)
    start = [ops.convert_to_numpy(w) for w in weights]

    def value():
        return penalty(call, real, fake, Draws(0))

    same_masks = keras.StatelessScope if training else contextlib.nullcontext

    def moved(by):
        for w, at, along in zip(weights, start, direction, strict=True):
            w.assign(at + by * along)
        with same_masks():
            return float(value())

    with same_masks():
        gradients, _ = autodiff.gradients(lambda: (value(), None), weights)
    by_autodiff = sum(
        float(np.sum(g * d)) for g, d in zip(gradients, direction, strict=True) if g is not None
    )
    # A step across the kink of a ReLU, where the penalty jumps, tells nothing: of three steps the
    # one that agrees best counts. A wrong gradient agrees with none of them.
    differences = [(moved(h) - moved(-h)) / (2 * h) for h in (1e-6, 1e-7, 1e-8)]
    return by_autodiff, min(differences, key=lambda each: abs(each - by_autodiff))


ALWAYS = list(itertools.product(["mlp"], NORMALIZATIONS))
if BACKEND == "tensorflow":  # JAX compiles for 20 s here; of the networks we ship it tests these
    ALWAYS += [("dcgan", "spectral"), ("resnet", "layer")]


@pytest.mark.parametrize(
    ("architecture", "normalization"),
    slow_but(
        ALWAYS,
        list(itertools.product(ARCHITECTURES, NORMALIZATIONS)),
    ),
)
def test_gradient_penalties(float64, architecture, normalization):
    for name, penalty in PENALTIES.items():
        discriminator = ARCHITECTURES[architecture](normalization)
        found, expected = derivatives(penalty, discriminator, SHAPES[architecture])
        assert abs(expected) > 1e-4, name
        assert found == pytest.approx(expected, rel=1e-5), name


@pytest.mark.parametrize("normalization", [None, "spectral", "layer"])
@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (functools.partial(kg.networks.mlp_discriminator, data_dim=3, width=16), (3,)),
        (functools.partial(kg.networks.dcgan_discriminator, (8, 8, 1), width=4), (8, 8, 1)),
        (functools.partial(kg.networks.resnet_discriminator, (32, 32, 3), width=4), (32, 32, 3)),
        (
            functools.partial(kg.networks.resnet_discriminator, (9, 17, 2), width=4, attention=5),
            (9, 17, 2),
        ),
        (functools.partial(kg.networks.dcgan_discriminator, (27, 10, 1), width=4), (27, 10, 1)),
    ],
)
def test_gradient_penalties_of_the_networks_we_ship(float64, make, shape, normalization):
    discriminator = make(normalization=normalization)
    found, expected = derivatives(GradientPenalty(10.0), discriminator, shape)
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "make",
    [
        functools.partial(kg.networks.r3gan_discriminator, (8, 8, 1), width=4, blocks=1),
        functools.partial(kg.networks.stylegan2_discriminator, (8, 8, 1), width=4),
    ],
    ids=["r3gan", "stylegan2"],
)
def test_r1_of_the_networks_without_normalization(float64, make):
    discriminator = make()
    rng = np.random.default_rng(0)
    for weight in discriminator.trainable_variables:  # some of which begin at 0
        weight.assign(weight + 0.1 * rng.normal(size=weight.shape))
    check_second_order(discriminator)
    found, expected = derivatives(R1(1.0), discriminator, (8, 8, 1))
    assert abs(expected) > 1e-4
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("normalization", ["keras_layer", "keras_group"])
def test_keras_own_normalizations_are_wrong_on_tensorflow_alone(float64, normalization):
    """When this fails, TensorFlow has mended its moments: the refusal of Keras's layers can go."""
    network = ARCHITECTURES["dcgan"](normalization)
    found, expected = derivatives(R1(1.0), network, SHAPES["dcgan"])
    if BACKEND == "tensorflow":
        assert abs(found - expected) > 0.01 * abs(expected)
    else:
        check_second_order(network)
        assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.skipif(BACKEND == "tensorflow", reason="of layers that are refused on TensorFlow")
@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3"])
def test_resizing_by_interpolation_is_right_where_it_is_not_refused(float64, interpolation):
    upsampling = layers.UpSampling2D(interpolation=interpolation)
    network = resized(upsampling, activation="tanh", skip=True)
    check_second_order(network)
    found, expected = derivatives(R1(1.0), network, network.input_shape[1:])
    assert found == pytest.approx(expected, rel=1e-5)


def test_consistency_term(float64):
    h = x = keras.Input((3,))
    for seed in (1, 2):
        h = layers.Dropout(0.5, seed=seed)(layers.Dense(8, activation="tanh")(h))
    discriminator = keras.Model(x, [layers.Dense(1)(h), h])
    found, expected = derivatives(ConsistencyTerm(2.0), discriminator, (3,), training=True)
    assert abs(expected) > 1e-3
    assert found == pytest.approx(expected, rel=1e-6)
