"""Runs made to fail in every known way, and runs that do not."""

import dataclasses
import re
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import keras_gan as kg
from keras_gan.callbacks import (
    Checkpoint,
    Health,
    HealthWarning,
    NotFiniteError,
    failure_modes,
)
from keras_gan.callbacks.diagnosis import Findings, examine
from tests import toys
from tests.slow import slow_but

Adam, SGD = keras.optimizers.Adam, keras.optimizers.SGD


def make(recipe=kg.GAN, generator=None, discriminator=None, compiled=None, **options):
    keras.utils.set_random_seed(0)
    generator = generator or kg.networks.mlp_generator(width=32, depth=2)
    discriminator = discriminator or kg.networks.mlp_discriminator(width=32, depth=2)
    gan = recipe(generator, discriminator, seed=0, **options)
    gan.compile(**(compiled or {}))
    return gan


class Blind(Health):
    """One that sees no data, as of sets that are distributed to replicas."""

    def on_data(self, samples):
        super().on_data(None)


def trained(gan, steps, every=10, data=None, batch_size=64, beside=(), health=Health):
    """The messages that a run's health gave, by their first words."""
    data = toys.points(steps * batch_size) if data is None else data
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gan.fit(data, None, batch_size, verbose=0, callbacks=[health(every=every), *beside])
    messages = [str(w.message) for w in caught if issubclass(w.category, HealthWarning)]
    return {message.split(":")[0]: message for message in messages}


def test_a_huge_rate_stops_with_term_weight_and_step():
    gan = make(compiled={"discriminator_optimizer": SGD(1e30), "generator_optimizer": SGD(0.0)})
    with pytest.raises(NotFiniteError) as stopped:
        gan.fit(toys.points(640), batch_size=64, verbose=0, callbacks=[Health()])
    message = str(stopped.value)
    assert "Training diverged at step 1 (epoch 1): generator_loss is nan; " in message
    assert re.search(r"the first bad weight is .*kernel of generator \(64 of 64 numbers\)", message)
    assert int(gan.optimizer.iterations) == 1
    assert isinstance(stopped.value, ArithmeticError)


def test_the_penalty_is_named_when_it_alone_is_infinite():
    gan = make(kg.WGANGP, discriminator_steps=1, penalty_weight=3e38)
    expected = r"\(epoch 1\): gradient_penalty is inf[;,]"
    with pytest.raises(NotFiniteError, match=expected):
        gan.fit(toys.points(640), batch_size=64, verbose=0, callbacks=[Health()])


@pytest.mark.parametrize("fused", [1, 5])
def test_a_divergence_stops_the_execution_that_sees_it(fused):
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([11], [0.0, 1e38])  # in step 13
    gan = make(compiled={"steps_per_execution": fused, "discriminator_optimizer": SGD(rate)})
    with pytest.raises(NotFiniteError, match=f"at step {13 if fused == 1 else 15} "):
        gan.fit(toys.points(64 * 20), batch_size=64, verbose=0, callbacks=[Health()])


@pytest.mark.thorough
@pytest.mark.parametrize("fused", [1, 5])
def test_a_poisoned_sample_in_a_later_batch_is_named(fused):
    gan = make(compiled={"steps_per_execution": fused})
    x = toys.points(64 * 20)
    x[64 * 12 + 3] = np.nan

    def batches():
        yield from np.split(x, 20)

    data = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((64, 2)))
    with pytest.raises(ValueError, match="the first in sample 3 of batch 13"):
        gan.fit(data, verbose=0, callbacks=[Health()])


def test_a_weight_that_spoils_no_loss_is_found_at_the_end_of_the_epoch():
    gan = make(average=0.9)
    gan.average.averages[1].assign(np.full(gan.average.averages[1].shape, np.inf))
    with pytest.raises(NotFiniteError, match="every loss is finite; the first bad weight is .*av"):
        gan.fit(toys.points(64), verbose=0, callbacks=[Health()])


@pytest.mark.thorough
def test_a_training_that_goes_on_counts_on(tmp_path):
    """Cut off in step 16, the second epoch's sixth; the checkpoint is of step 15."""

    class Spoil(keras.callbacks.Callback):
        def __init__(self, after):
            super().__init__()
            self.after = after

        def on_train_batch_begin(self, batch, logs=None):
            if self.model.optimizer.iterations == self.after:
                weight = self.model.generator.weights[-1]
                weight.assign(weight * np.nan)

    class Looks(Health):
        def look_out(self, logs):
            looked.append(self.step)

    messages, looked = [], []
    for after in (15, 18):
        with pytest.raises(NotFiniteError) as stopped:
            make().fit(
                toys.points(640),
                batch_size=64,
                epochs=3,
                verbose=0,
                callbacks=[Spoil(after), Looks(every=4), Checkpoint(tmp_path, every=5)],
            )
        messages.append(str(stopped.value))
    assert "diverged at step 16 (epoch 2)" in messages[0]
    assert "diverged at step 19 (epoch 2)" in messages[1]
    assert looked == [0, 4, 8, 12, 15, 16]


def test_steps_that_a_loss_scale_skips_are_no_divergence():
    keras.config.set_dtype_policy("mixed_float16")
    gan = make(compiled={"diagnostics": True})
    for optimizer in gan.optimizer.of_player.values():
        optimizer.dynamic_scale.assign(2.0**40)  # overflows in float16
    history = gan.fit(toys.points(640), batch_size=64, verbose=0, callbacks=[Health()]).history
    assert np.isnan(history["generator_gradient_norm"]).all()  # every step was skipped
    assert np.isfinite(history["generator_loss"]).all()


def test_norms_pass_over_the_steps_that_a_loss_scale_skips():
    keras.config.set_dtype_policy("mixed_float16")
    gan = make(compiled={"diagnostics": True})
    gan.optimizer["generator"].dynamic_scale.assign(2.0**24)  # overflows a few times, then not
    norms = gan.fit(toys.points(1280), batch_size=64, verbose=0).history["generator_gradient_norm"]
    assert 0 < gan.optimizer["generator"].iterations.numpy() < 20
    assert 0 < norms[0] < 100


def test_an_examination_that_overflows_is_no_finding(monkeypatch):
    norms = iter([1.0, np.inf, *[0.5] * 50])
    findings = Findings(spread=1.0, gradient_norm=1.0, told_apart=0.99, slope=1.0)
    monkeypatch.setattr(
        failure_modes,
        "examine",
        lambda *_: dataclasses.replace(findings, gradient_norm=next(norms)),
    )
    assert trained(make(), 80) == {}


@pytest.mark.thorough
def test_minimax_against_a_far_stronger_discriminator():
    gan = make(
        objective="minimax",
        schedule=5,
        compiled={"discriminator_optimizer": Adam(1e-2), "generator_optimizer": SGD(1e-5)},
    )
    found = trained(gan, 90, data=5.0 + toys.points(90 * 320), batch_size=320)
    assert set(found) == {"Discriminator saturation", "Vanishing generator gradient"}
    figure = float(found["Discriminator saturation"].split("only ")[1].split(" times")[0])
    assert 0 <= figure < 0.01
    assert "(step " in found["Vanishing generator gradient"]


def test_a_generator_that_does_not_see_z():
    z = keras.Input((2,))
    generator = keras.Model(z, keras.layers.Dense(2)(keras.layers.Rescaling(0.0)(z)))
    found = trained(make(generator=generator), 60)
    assert set(found) == {"Generator diversity collapse"}
    message = found["Generator diversity collapse"]
    figure = re.search("spread only (.*) times as far as the data", message)[1]
    assert float(figure) < 1e-6


@pytest.mark.parametrize(
    ("health", "with_what"),
    [(Blind, "as far as at their widest so far"), (Health, "as far as the data")],
)
def test_without_a_look_at_the_data_a_generator_is_compared_with_itself(health, with_what):
    gan = make(compiled={"generator_optimizer": SGD(0.0)})

    class Shrink(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 20:
                gan.settle()
                kernel = gan.generator.weights[0]
                kernel.assign(1e-3 * kernel)

    batches = ((toys.points(64, seed=i),) for i in range(80))
    found = trained(gan, 80, data=batches, batch_size=None, beside=[Shrink()], health=health)
    assert set(found) == {"Generator diversity collapse"}
    assert with_what in found["Generator diversity collapse"]


def test_a_penalty_that_drowns_the_objective():
    found = trained(make(kg.WGANGP, discriminator_steps=1, penalty_weight=1e5), 60)
    assert set(found) == {"Penalty out of balance"}
    assert "gradient_penalty is " in found["Penalty out of balance"]


def test_each_warning_comes_once_also_over_several_fits():
    gan = make(kg.WGANGP, discriminator_steps=1, penalty_weight=1e5)
    options = {"batch_size": 64, "verbose": 0, "callbacks": [Health(every=5)]}
    x = toys.points(64 * 30)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gan.fit(x, **options)
        gan.fit(x, **options)
    assert [w.category for w in caught].count(HealthWarning) == 1


def weights_after(callbacks, average=0.9):
    spectral = kg.networks.mlp_discriminator(width=16, normalization="spectral")
    gan = make(kg.SNGAN, toys.generator(latent_dim=2), spectral, average=average)
    gan.fit(toys.points(640), batch_size=64, verbose=0, callbacks=callbacks)
    return [v.numpy() for v in [*gan.variables, *gan.optimizer.variables]]


@pytest.mark.thorough
def test_looking_changes_nothing():
    for one, other in zip(weights_after([]), weights_after([Health(every=2)]), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.thorough
def test_it_examines_under_a_strategy(two_replicas):
    with two_replicas.scope():
        gan = make()
    gan.fit(toys.points(640), batch_size=64, verbose=0, callbacks=[Health(every=2)])


def test_a_tie_and_a_perfect_discriminator_are_the_ends_of_the_slope():
    x = toys.points(64)
    blind = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    for objective in ("non_saturating", "least_squares", "hinge", "relativistic", "wasserstein"):
        found = examine(make(discriminator=blind, objective=objective), x)
        assert found.slope == pytest.approx(1.0, abs=1e-6)
        assert (found.told_apart, found.gradient_norm) == (0.0, 0.0)
    constant = keras.initializers.Constant
    sharp = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer=constant(100.0))]
    )
    left = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2, "tanh", bias_initializer=constant(-9.0))]
    )
    found = examine(make(kg.GAN, left, sharp, objective="hinge"), np.abs(x))
    assert (found.slope, found.told_apart) == (0.0, 1.0)


def test_packs_are_examined_as_the_discriminator_sees_them():
    """64 samples, which do not divide by 3, and scores that are those of the packs' first ones."""
    first = np.eye(6, 1, dtype="float32")
    judge = keras.Sequential([keras.Input((6,)), keras.layers.Dense(1, use_bias=False)])
    judge.layers[0].kernel.assign(first)
    gan = make(discriminator=judge, packing=3)
    x = toys.points(96)
    gan.fit(x, batch_size=48, verbose=0, callbacks=[Health(every=1)])
    judge.layers[0].kernel.assign(first)
    fakes = ops.convert_to_numpy(
        gan.generator(gan.prior((63, gan.latent_dim), seed=0), training=False)
    )
    expected = np.mean(x[0:63:3, :1] > fakes[0::3, :1].T)
    assert 0 < expected < 1
    assert examine(gan, x[:63]).told_apart == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("name", ["every", "patience"])
def test_numbers_below_one_are_refused(name):
    with pytest.raises(
        ValueError, match=f"{name} must be a whole number of at least 1; received 0"
    ):
        Health(**{name: 0})


RING = {
    "DCGAN": (kg.DCGAN, {}, 1),
    "WGANGP": (kg.WGANGP, {"discriminator_steps": 2}, 2),
    "R3GAN": (kg.R3GAN, {}, 1),
    "SNGAN": (kg.SNGAN, {}, 1),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", slow_but(["WGANGP", "SNGAN"], RING))
def test_healthy_runs_on_the_ring_give_no_warning(name):
    recipe, options, k = RING[name]
    normalization = "spectral" if name == "SNGAN" else None
    discriminator = kg.networks.mlp_discriminator(width=64, depth=2, normalization=normalization)
    generator = kg.networks.mlp_generator(width=64, depth=2)
    gan = make(recipe, generator, discriminator, **options)
    batches = kg.data.batches(kg.data.load("ring"), 64, k).repeat()
    gan.fit(batches, steps_per_epoch=300, verbose=0, callbacks=[Health(every=25)])


@pytest.mark.slow
def test_the_sngan_of_the_digits_gives_no_warning():
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=32, width=16)
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=16, normalization="spectral")
    gan = make(kg.SNGAN, generator, discriminator)
    batches = kg.data.batches(kg.data.load("digits"), 64).repeat()
    gan.fit(batches, epochs=3, steps_per_epoch=400, verbose=0, callbacks=[Health(every=100)])
