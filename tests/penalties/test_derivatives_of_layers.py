"""A penalty's slope against finite differences decides which layers a discriminator may have."""

import threading

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.penalties import R1
from keras_gan.penalties.differences import precision
from keras_gan.penalties.second_order import check_mixed_derivatives, check_second_order
from tests.backend import BACKEND
from tests.penalties.test_finite_differences import derivatives, float64  # noqa: F401
from tests.slow import slow_but

of_tensorflow = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="of what TensorFlow differentiates wrongly, and JAX rightly"
)


def test_precisions_of_threads_that_overlap_leave_nothing_changed():
    from keras.src.backend.common import dtypes

    layer, table = layers.Dense(1), dict(dtypes.BIT64_TO_BIT32_DTYPE)
    policy = layer.dtype_policy
    entered, left = threading.Event(), threading.Event()

    def second():
        with precision([layer], "float64"):
            entered.set()
            assert left.wait(10)

    thread = threading.Thread(target=second)
    with precision([layer], "float64"):
        thread.start()
        assert entered.wait(10)
    left.set()
    thread.join()
    assert layer.dtype_policy is policy
    assert table == dtypes.BIT64_TO_BIT32_DTYPE


class Normalized(layers.Layer):
    """A user's normalization, by Keras's moments."""

    def call(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) / ops.sqrt(variance + 1e-3)


class InFloat32(Normalized):
    """The same, in float32 whatever the policy."""

    def call(self, x):
        return ops.cast(super().call(ops.cast(x, "float32")), self.compute_dtype)


class Deviation(layers.Layer):
    """The deviation of the minibatch as a further channel."""

    def __init__(self, epsilon=1e-8, **options):
        super().__init__(**options)
        self.epsilon = epsilon

    def call(self, x):
        variance = ops.mean(ops.square(x - ops.mean(x, axis=0, keepdims=True)), axis=0)
        deviation = ops.mean(ops.sqrt(variance + self.epsilon))
        return ops.concatenate([x, deviation * ops.ones_like(x[..., :1])], axis=-1)


def dense(*hidden, units=8):
    """A discriminator of four numbers with layers, or functions, between two dense ones."""
    h = x = keras.Input((4,))
    h = layers.Dense(units, activation="tanh")(h)
    for each in hidden:
        h = each(h)
    return keras.Model(x, layers.Dense(1)(layers.Dense(units, activation="tanh")(h)))


WRONG = {
    "moments in a layer": lambda: Normalized(name="mine"),
    "moments in float32": lambda: InFloat32(name="mine"),
    "layer_normalization of the graph": lambda: ops.layer_normalization,
    "nested": lambda: keras.Sequential([keras.Input((8,)), Normalized(name="mine")]),
    "Keras's own": lambda: layers.LayerNormalization(name="mine"),
}


@pytest.mark.parametrize("name", WRONG)
def test_moments_of_tensorflow_are_refused_by_name_wherever_they_stand(name):
    for check in (check_second_order, check_mixed_derivatives):
        network = dense(WRONG[name]())
        if BACKEND == "tensorflow":
            with pytest.raises(ValueError, match=r"(mine|layer_norm).* is wrong in TensorFlow"):
                check(network)
        else:
            check(network)


@pytest.mark.float64
@pytest.mark.parametrize("name", ["moments in a layer", "layer_normalization of the graph"])
def test_the_slope_that_is_refused_is_not_that_of_the_penalty(float64, name):  # noqa: F811
    found, expected = derivatives(R1(1.0), dense(WRONG[name]()), (4,))
    assert (abs(found / expected - 1) > 1e-3) == (BACKEND == "tensorflow")
    found, expected = derivatives(R1(1.0), dense(kg.layers.LayerNormalization()), (4,))
    assert found == pytest.approx(expected, rel=1e-5)


@of_tensorflow
@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (lambda: layers.Dense(8, activation="softsign", name="mine"), "Dense layer 'mine'"),
        (lambda: layers.Activation("softsign", name="mine"), r"'mine' \(softsign\)"),
    ],
)
def test_what_has_no_second_derivative_is_refused_by_name(layer, message):
    with pytest.raises(ValueError, match=f"{message} does not exist in TensorFlow"):
        check_second_order(dense(layer()))


def test_normalizations_that_are_right_and_couple_nothing_may_stand():
    with pytest.warns(UserWarning, match="rms_scaling"):
        check_second_order(dense(layers.LayerNormalization(rms_scaling=True)))
    check_second_order(dense(layers.BatchNormalization(trainable=False)))
    with pytest.raises(ValueError, match="couples the samples of a batch"):
        check_second_order(dense(layers.BatchNormalization()))


def test_the_deviation_of_a_minibatch_may_stand_and_hides_nothing():
    check_second_order(dense(Deviation()))
    check_mixed_derivatives(dense(Deviation()))
    if BACKEND == "tensorflow":
        with pytest.raises(ValueError, match="'mine' .*is wrong"):
            check_second_order(dense(Deviation(), Normalized(name="mine")))


@pytest.mark.parametrize("check", [check_second_order, check_mixed_derivatives])
def test_what_is_not_finite_is_refused(check):
    dead = layers.Activation(lambda h: ops.relu(h - 0.5))  # of some units for all samples
    with pytest.raises(ValueError, match="is not finite"):
        check(dense(dead, Deviation(epsilon=0.0)))


@pytest.mark.parametrize("packed", [2, 3])
def test_a_discriminator_of_packed_samples(packed):
    x = keras.Input((2,))
    h = layers.Dense(4, activation="tanh")(ops.reshape(x, (-1, 2 * packed)))
    network = keras.Model(x, layers.Dense(1)(h))
    with pytest.raises(ValueError, match=r"scores for \d+ samples"):
        check_second_order(network)
    check_mixed_derivatives(network)


ACTIVATIONS = (
    *("relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "tanh", "sigmoid"),
    *("softplus", "mish", "exponential", "hard_sigmoid", "hard_silu", "hard_tanh", "log_sigmoid"),
    *("soft_shrink", "hard_shrink", "tanh_shrink", "squareplus", "softmax", "log_softmax"),
)


def test_no_activation_of_keras_but_softsign_is_refused():
    for name in ACTIVATIONS:
        check_second_order(dense(layers.Activation(name)))


OF_IMAGES = {
    "max pooling": lambda: layers.MaxPooling2D(2),
    "depthwise": lambda: layers.DepthwiseConv2D(3),
    "separable": lambda: layers.SeparableConv2D(3, 3),
    "transposed": lambda: layers.Conv2DTranspose(3, 3, strides=2),
    "upsampling": lambda: layers.UpSampling2D(2),
    "dropout": lambda: layers.SpatialDropout2D(0.4),
    "noise": lambda: layers.GaussianNoise(0.3),
    "instance": lambda: kg.layers.InstanceNormalization(),
    "spectral": lambda: kg.layers.SpectralNormalization(layers.Conv2D(3, 3)),
    "unit": lambda: layers.UnitNormalization(),
    "rms": lambda: layers.RMSNormalization(),
}


@pytest.mark.parametrize("policy", slow_but(["float32"], ["float32", "mixed_float16"]))
def test_no_alarm_for_layers_of_images(policy):
    keras.config.set_dtype_policy(policy)
    for make in OF_IMAGES.values():
        x = keras.Input((8, 8, 2))
        h = make()(layers.Conv2D(4, 3, activation="leaky_relu")(x))
        network = keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))
        before = [ops.convert_to_numpy(v) for v in network.variables]
        check_second_order(network)
        for v, value in zip(network.variables, before, strict=True):
            np.testing.assert_array_equal(ops.convert_to_numpy(v), value)


@of_tensorflow
def test_a_kernel_that_begins_at_zero_hides_no_normalization_behind_it():
    """Near 0 a normalization by sqrt(variance + epsilon) is linear, until the kernel is trained."""

    def behind_zero(normalization):
        kernel = layers.Dense(4, kernel_initializer="zeros")
        last = [layers.Dense(4, "tanh"), layers.Dense(1)]
        return keras.Sequential(
            [keras.Input((2,)), layers.Dense(4, "tanh"), kernel, normalization, *last]
        )

    with pytest.raises(ValueError, match="LayerNormalization layer .* is wrong in TensorFlow"):
        check_second_order(behind_zero(layers.LayerNormalization()))
    check_second_order(behind_zero(kg.layers.LayerNormalization()))


class Rounded(layers.Layer):
    """To quarters, with the gradient of what it rounds."""

    def call(self, x):
        return x + ops.stop_gradient(ops.round(4 * x) / 4 - x)


def test_a_gradient_that_is_stopped_is_not_put_down_to_moments_alone():
    network = keras.Sequential(
        [keras.Input((2,)), layers.Dense(4, "tanh"), Rounded(), layers.Dense(4, "tanh")]
    )
    x = keras.Input((2,))
    with pytest.raises(ValueError, match="Rounded layer .*(stop_gradient|stop a gradient)"):
        check_second_order(keras.Model(x, layers.Dense(1)(network(x))))
