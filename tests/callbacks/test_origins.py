"""Where a NaN came from, by what the message says and what it does not say."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import keras_gan as kg
from keras_gan.callbacks import Health, NotFiniteError
from keras_gan.training.nan_origin import watching
from tests import toys

SGD = keras.optimizers.SGD
WORDS = ("the data", "the layer", "the precision", "a derivative", "learning rate")


@keras.saving.register_keras_serializable(package="tests.origins")
class Logarithm(keras.layers.Layer):
    """log x, which is NaN below 0."""

    def call(self, x):
        return ops.log(x)


@keras.saving.register_keras_serializable(package="tests.origins")
class Root(keras.layers.Layer):
    """√(x − x): finite, with a derivative that is not."""

    def call(self, x):
        return x + ops.sqrt(ops.abs(x - ops.stop_gradient(x)))


@keras.saving.register_keras_serializable(package="tests.origins")
class Thousands(keras.layers.Layer):
    """Around 10⁵, too large for float16."""

    def call(self, x):
        return 3e4 * ops.clip(x, 3.0, 4.0)


def networks(extra=None, **options):
    keras.utils.set_random_seed(0)
    generator = kg.networks.mlp_generator(width=16, depth=2)
    if extra is None:
        return generator, kg.networks.mlp_discriminator(width=16, depth=2)
    x = keras.Input((2,))
    hidden = keras.layers.Dense(8)(extra(x))
    return generator, keras.Model(x, keras.layers.Dense(1, dtype="float32")(hidden), name="critic")


def said(gan, data=None, **options):
    """What Health says of a run that it stops."""
    data = toys.points(640) if data is None else data
    with pytest.raises(NotFiniteError) as stopped:
        gan.fit(data, batch_size=64, verbose=0, callbacks=[Health()], **options)
    return str(stopped.value)


def compiled(pair, rate=1e-3, recipe=kg.GAN, **options):
    gan = recipe(*pair, seed=0, **options)
    gan.compile(generator_optimizer=SGD(rate), discriminator_optimizer=SGD(rate), value_range=None)
    return gan


def only(message, word):
    """Whether a message names this origin and no other one."""
    return word in message and not any(each in message for each in WORDS if each != word)


def test_a_layer_is_named_with_its_inputs():
    message = said(compiled(networks(Logarithm(name="log_of_x"))))
    assert only(message, "the layer")
    assert "the layer log_of_x (Logarithm) of critic: at the finite weights of step 0" in message


def test_a_derivative_is_named_where_every_loss_is_finite():
    message = said(compiled(networks(Root(name="root"))))
    assert only(message, "a derivative")
    assert "the generator's gradient is not, first at " in message


@pytest.mark.parametrize("rate", [1e30, 1e38])
def test_a_learning_rate_is_named_with_its_player(rate):
    gan = kg.GAN(*networks(), seed=0)
    gan.compile(discriminator_optimizer=SGD(rate), generator_optimizer=SGD(0.0))
    message = said(gan)
    assert only(message, "learning rate")
    assert "the discriminator's largest weight went from 0." in message
    assert f"at a learning rate of {rate:.2g}" in message


def test_losses_that_grow_until_they_overflow_tell_of_a_learning_rate():
    gan = compiled(networks(), rate=30.0, recipe=kg.WGANGP, discriminator_steps=1)
    message = said(gan, toys.points(64 * 100))
    assert only(message, "learning rate")


def test_precision_is_named_where_float16_ends():
    keras.config.set_dtype_policy("mixed_float16")
    message = said(compiled(networks(Thousands(name="thousands"))))
    assert "comes from the precision" in message
    assert "the layer thousands (Thousands) of critic computes in float16" in message
    assert "whose largest number is 65,504" in message


def test_data_far_too_large_are_named():
    data = 1e30 * toys.points(640)
    message = said(compiled(networks(), recipe=kg.WGANGP, discriminator_steps=1), data)
    assert only(message, "the data")


def test_the_search_leaves_the_game_as_it_is():
    gan = compiled(networks(Logarithm()))
    seen = []

    class Before(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            gan.settle()
            seen.append([ops.convert_to_numpy(v) for v in gan.variables])

    with pytest.raises(NotFiniteError):
        gan.fit(toys.points(64), batch_size=64, verbose=0, callbacks=[Before(), Health()])
    for value, variable in zip(seen[-1], gan.variables, strict=True):
        np.testing.assert_array_equal(value, ops.convert_to_numpy(variable))
    assert all("call" not in vars(layer) for layer in gan.discriminator.layers)


@pytest.mark.parametrize("as_data_set", [False, True])
def test_without_health_a_fit_that_ends_in_nan_says_so(as_data_set):
    gan = kg.GAN(*networks(), seed=0)
    gan.compile(discriminator_optimizer=SGD(1e38))
    data = toys.points(128)
    if as_data_set:
        data = tf.data.Dataset.from_tensor_slices(data).batch(64)
    with pytest.warns(RuntimeWarning, match=r"ended with NaN .* generator_loss is nan; the first"):
        gan.fit(data, verbose=0, **({} if as_data_set else {"batch_size": 64}))


def test_a_fit_that_is_well_says_nothing():
    gan = kg.GAN(*networks(), average=0.9, seed=0)
    gan.compile()
    gan.fit(toys.points(128), batch_size=64, verbose=0)  # warnings are errors


def test_a_look_leaves_a_layer_the_call_that_was_set_on_it():
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    layer = gan.discriminator.layers[-1]
    own = layer.call
    layer.call = own
    with watching(gan):
        assert layer.call is not own
    assert vars(layer)["call"] is own
