"""What layers add to the losses: all calls of a move count, and each weight once."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from keras.regularizers import L2

import keras_gan as kg
from tests.games.cases import GAMES


@keras.saving.register_keras_serializable(package="tests")
class CountsCalls(layers.Layer):
    """Adds 1 to the losses in each call in training mode, 100 in another."""

    def call(self, x, training=False):
        self.add_loss(ops.mean(x) * 0.0 + (1.0 if training else 100.0))
        return x

    def compute_output_shape(self, input_shape):
        return input_shape


def line(activity=1.0, weight=None, **dense):
    """D(x) = w x at w = 1."""
    options = {"kernel_regularizer": weight and L2(weight), "activity_regularizer": L2(activity)}
    dense = layers.Dense(1, use_bias=False, kernel_initializer="ones", **options, **dense)
    return keras.Sequential([keras.Input((1,)), dense])


def constant(value=0.0):
    """G(z) = value, one trainable bias."""
    bias = keras.initializers.Constant(value)
    dense = layers.Dense(1, kernel_initializer="zeros", bias_initializer=bias)
    network = keras.Sequential([keras.Input((1,)), dense])
    dense.kernel.trainable = False
    return network


def game(discriminator, kind=kg.GAN, fake=0.0, compiled=None, **options):
    gan = kind(constant(fake), discriminator, objective="wasserstein", seed=0, **options)
    sgd = {f"{p}_optimizer": keras.optimizers.SGD(0.1) for p in ("discriminator", "generator")}
    gan.compile(**{**sgd, **(compiled or {})})
    return gan


def threes(n=4):
    return np.full((n, 1), 3.0, "float32")


def slope(gan, player="discriminator"):
    (gradient,), logs = gan.look(player, ops.convert_to_tensor(threes()))
    return float(ops.sum(gradient)), {name: float(value) for name, value in logs.items()}


def test_the_activities_of_both_calls_of_the_discriminator_count():
    """d/dw of 0 − 3w + (3w)² + 0² at w = 1."""
    gan = game(line())
    assert gan.means.names == [
        "discriminator_loss",
        "discriminator_regularization",
        "generator_loss",
    ]
    gradient, logs = slope(gan)
    assert gradient == pytest.approx(-3.0 + 18.0, rel=1e-6)
    assert logs["discriminator_regularization"] == pytest.approx(9.0, rel=1e-6)
    assert slope(gan, "generator")[1] == {"generator_loss": 0.0}


@keras.saving.register_keras_serializable(package="tests")
class Again(kg.penalties.Penalty):
    """A penalty that calls the discriminator at the real samples once more."""

    def __init__(self, weight=0.0, name="again", every=1):
        super().__init__(weight, name, every)

    def value(self, discriminator, points):
        """The mean score."""
        return ops.mean(discriminator(points))


def test_a_slope_at_scored_samples_is_of_the_call_that_counts():
    """R1 differentiates the scores of the loss: the activity is (3w)², once."""
    _, logs = slope(game(line(), penalties=[kg.penalties.R1(0.0)]))
    assert logs["discriminator_regularization"] == pytest.approx(9.0, rel=1e-6)


@pytest.mark.parametrize("every", [1, 2])
def test_the_activities_under_a_penalty_count(every):
    """Another call at the real samples makes it 2 (3w)², beside a weight's regularizer, once."""
    gan = game(line(weight=0.5), penalties=[Again(every=every)])
    gradient, logs = slope(gan)
    assert gradient == pytest.approx(-3.0 + 36.0 + 1.0, rel=1e-6)
    assert logs["discriminator_regularization"] == pytest.approx(18.5, rel=1e-6)


@pytest.mark.parametrize("fused", [1, 3])
def test_a_training_logs_them_from_the_first_epoch(fused):
    """Three steps at w = 1, two of them without the lazy penalty, by a rate of 0."""
    rest = {f"{p}_optimizer": keras.optimizers.SGD(0.0) for p in ("discriminator", "generator")}
    options = {**rest, "steps_per_execution": fused}
    gan = game(line(), compiled=options, penalties=[Again(every=3)])
    history = gan.fit(threes(12), batch_size=4, verbose=0, validation_data=(threes(),)).history
    assert history["discriminator_regularization"] == pytest.approx([(18.0 + 9.0 + 9.0) / 3])
    assert history["val_discriminator_regularization"] == pytest.approx([18.0])
    assert len(gan.discriminator.losses) == 0  # no tensor of a graph is left behind


@pytest.mark.slow
def test_a_step_compiled_by_xla_counts_them():
    gan = game(line(), compiled={"jit_compile": True})
    gan.fit(threes(), verbose=0)
    weight = float(gan.discriminator.get_weights()[0][0, 0])
    assert weight == pytest.approx(1.0 - 0.1 * 15.0, rel=1e-5)


def test_hypothetical_updates_take_them_in():
    """w₁ = w − 0.1 (b − 3 + 2w (9 + b²)) = −0.6 at b = ½, w = 1; d(−w₁ b)/db = 0.75."""
    gan = game(line(), kg.UnrolledGAN, fake=0.5, unroll=1)
    gradient, logs = slope(gan, "generator")
    assert logs == {"generator_loss": pytest.approx(0.3, rel=1e-5)}
    assert gradient == pytest.approx(0.75, rel=1e-5)


def test_they_are_added_up_in_float32():
    """bfloat16 would make 256 + 1 of it 256."""
    discriminator = line(activity=1.0, dtype="mixed_bfloat16")
    gan = game(discriminator, fake=1.0)
    sixteens = ops.full((4, 1), 16.0)
    _, logs = gan.look("discriminator", sixteens)
    assert float(logs["discriminator_regularization"]) == 257.0


def test_a_normalized_layer_adds_its_own_once():
    dense = layers.Dense(1, use_bias=False, activity_regularizer=L2(1.0))
    wrapped = kg.layers.SpectralNormalization(dense)  # of one weight: ±1
    _, logs = slope(game(keras.Sequential([keras.Input((1,)), wrapped])))
    assert logs["discriminator_regularization"] == pytest.approx(9.0, rel=1e-5)


CALLS = {
    "GAN": {"discriminator": 2, "generator": 1},
    "UnrolledGAN": {"discriminator": 2, "generator": 1},
    "BiGAN": {"discriminator": 2, "generator": 2},
    "CycleGAN": {"discriminator": 4, "generator": 6},  # there, back and unchanged, each way
    "Pix2Pix": {"discriminator": 2, "generator": 1},
    "AVB": {"discriminator": 2, "generator": 3},  # the encoder's moments are a call more
}


@pytest.mark.parametrize("name", CALLS)
def test_every_call_of_a_move_counts_in_every_game(name):
    made = GAMES[name].make()
    counted = {each: counting(getattr(made, each)) for each in made.network_names}
    again = type(made)(**counted, seed=0)
    again.compile()
    for player in CALLS[name]:
        assert f"{player}_regularization" in again.means.names
    parts = [ops.convert_to_tensor(part) for part in GAMES[name].data(8)]
    batch = again.unpack(tuple(parts) if len(parts) > 1 else parts[0])
    for player, calls in CALLS[name].items():
        _, logs = again.look(player, batch)
        assert float(logs[f"{player}_regularization"]) == pytest.approx(calls), player


def counting(network):
    outputs = network(network.inputs if len(network.inputs) > 1 else network.inputs[0])
    return keras.Model(network.inputs, CountsCalls()(outputs))
