"""Which discriminators a gradient penalty refuses, and that it refuses no other."""

import functools

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.penalties import R1, ConsistencyTerm, GradientPenalty
from keras_gan.penalties.second_order import check_second_order
from tests import toys
from tests.backend import BACKEND
from tests.penalties.networks import ARCHITECTURES, NORMALIZATIONS, resized

of_tensorflow = pytest.mark.skipif(
    BACKEND != "tensorflow",
    reason="of second derivatives that TensorFlow lacks; JAX has them: test_finite_differences.py",
)


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_no_alarm_for_what_is_allowed(architecture, normalization):
    check_second_order(ARCHITECTURES[architecture](normalization))


ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "softplus")


def test_no_alarm_for_any_activation_nor_for_vanishing_weights():
    for activation in ACTIVATIONS:
        h = x = keras.Input((4,))
        for _ in range(2):
            h = layers.Dropout(0.5)(layers.Dense(8, activation=activation)(h))
        check_second_order(keras.Model(x, layers.Dense(1, kernel_initializer="zeros")(h)))


@pytest.mark.parametrize(
    "policy",
    [
        "mixed_float16",
        pytest.param("mixed_bfloat16", marks=pytest.mark.slow),
        pytest.param("float64", marks=[pytest.mark.float64, pytest.mark.slow]),
    ],
)
def test_no_alarm_in_other_precisions(policy):
    keras.config.set_dtype_policy(policy)
    for normalization in NORMALIZATIONS:
        check_second_order(ARCHITECTURES["dcgan"](normalization))


@pytest.mark.parametrize(
    "resize",
    [
        layers.UpSampling2D(),
        layers.AveragePooling2D(2),
        layers.MaxPooling2D(2),
        layers.Conv2DTranspose(4, 4, strides=2),
        layers.Conv2D(4, 4, strides=2),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_no_alarm_for_resizing_that_is_right(resize):
    check_second_order(resized(resize))


def test_no_alarm_for_frozen_or_attending_networks():
    frozen = toys.discriminator()
    frozen.trainable = False
    check_second_order(frozen)
    x = keras.Input((5, 6))
    h = layers.MultiHeadAttention(2, 4)(x, x)
    check_second_order(keras.Model(x, layers.Dense(1)(layers.Flatten()(h))))


@of_tensorflow
@pytest.mark.parametrize("skip", [False, True], ids=["alone", "beside a right path"])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_bilinear_resizing_is_refused_by_name(skip, policy):
    """Beside a right path the gradient is not `None`, only a part of it is missing."""
    keras.config.set_dtype_policy(policy)
    network = resized(layers.UpSampling2D(interpolation="bilinear", name="up"), skip=skip)
    with pytest.raises(ValueError, match=r"UpSampling2D layer 'up' \(bilinear\) is missing"):
        kg.GAN(image_generator(), network, penalties=[R1()])


@of_tensorflow
def test_bilinear_resizing_of_the_input_is_refused():
    h = x = keras.Input((8, 8, 2))
    h = layers.Conv2D(4, 3, activation="leaky_relu", name="first")(layers.Resizing(16, 16)(h))
    with pytest.raises(ValueError, match="Resizing layer .* is missing"):
        check_second_order(keras.Model(x, layers.Dense(1)(layers.Flatten()(h))))


@of_tensorflow
@pytest.mark.parametrize("interpolation", ["bicubic", "lanczos3"])
def test_resizing_that_fails_in_tensorflow_is_refused_by_name(interpolation):
    network = resized(layers.UpSampling2D(interpolation=interpolation, name="up"))
    with pytest.raises(ValueError, match=f"second derivatives.*'up' .{interpolation}"):
        kg.GAN(image_generator(), network, penalties=[GradientPenalty()])


@pytest.mark.parametrize(
    ("normalization", "message"),
    [
        ("batch", "BatchNormalization layer .* couples the samples of a batch"),
        pytest.param(
            "keras_layer",
            "LayerNormalization layer .* Use kg.layers.LayerNormalization",
            marks=of_tensorflow,
        ),
        pytest.param(
            "keras_group",
            "GroupNormalization layer .* Use kg.layers.GroupNormalization",
            marks=of_tensorflow,
        ),
    ],
)
def test_wrong_normalizations_are_refused_with_the_reason(normalization, message):
    network = ARCHITECTURES["dcgan"](normalization)
    nested = keras.Sequential([keras.Input((8, 8, 2)), network])
    for discriminator in (network, nested):
        with pytest.raises(ValueError, match=message):
            kg.GAN(image_generator(), discriminator, penalties=[GradientPenalty()])
        kg.GAN(image_generator(), discriminator)  # without a penalty it may stand there


def test_batch_normalization_may_stand_beside_a_consistency_term():
    x = keras.Input((2,))
    h = layers.Dropout(0.5)(layers.BatchNormalization()(layers.Dense(4)(x)))
    discriminator = keras.Model(x, [layers.Dense(1)(h), h])
    kg.GAN(toys.generator(), discriminator, penalties=[ConsistencyTerm()])


@pytest.mark.parametrize("penalty", ["r1", lambda *_: 0.0])
def test_something_else_than_a_penalty_is_refused(penalty):
    with pytest.raises(
        ValueError, match=r"list of kg.penalties.Penalty.*received|is a function: write a class"
    ):
        kg.GAN(toys.generator(), toys.discriminator(), penalties=[penalty])


def test_the_check_changes_nothing():
    network = ARCHITECTURES["mlp"]("spectral")
    x = keras.Input(network.input_shape[1:])
    noisy = keras.Model(x, network(kg.layers.InstanceNoise(1.0)(layers.Dropout(0.5)(x))))
    before = [np.array(v) for v in noisy.variables]
    check_second_order(noisy)
    for value, variable in zip(before, noisy.variables, strict=True):
        np.testing.assert_array_equal(value, variable)


def test_checked_within_the_scope_of_a_strategy(two_replicas):
    bilinear = functools.partial(layers.UpSampling2D, interpolation="bilinear")
    with two_replicas.scope():
        check_second_order(ARCHITECTURES["dcgan"]("spectral"))
        with pytest.raises(ValueError, match="UpSampling2D layer"):
            check_second_order(resized(bilinear()))


def image_generator():
    return keras.Sequential([keras.Input((3,)), layers.Dense(128), layers.Reshape((8, 8, 2))])
