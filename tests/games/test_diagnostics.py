"""What training shows besides the losses."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients


def make(objective, diagnostics=True, rate=0.0, **options):
    keras.utils.set_random_seed(11)
    generator, discriminator = toys.generator(normalized=False), toys.discriminator()
    gan = kg.GAN(generator, discriminator, objective=objective, seed=7, **options)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        diagnostics=diagnostics,
    )
    return gan


def test_the_standard_gan_shows_half_its_value_plus_log_2_as_jsd():
    x = toys.points(64)
    logs = make("non_saturating").train_on_batch(x, return_dict=True)
    value = -logs["discriminator_loss"]
    assert logs["jensen_shannon_estimate"] == pytest.approx(value / 2 + np.log(2), abs=1e-6)


def test_wasserstein_and_divergence_estimates_are_the_bounds():
    x = toys.points(64)
    logs = make("wasserstein").train_on_batch(x, return_dict=True)
    assert logs["wasserstein_estimate"] == pytest.approx(-logs["discriminator_loss"], abs=1e-7)
    logs = make(kg.objectives.Variational("kl")).train_on_batch(x, return_dict=True)
    assert logs["divergence_estimate"] == pytest.approx(-logs["discriminator_loss"], abs=1e-7)


def test_accuracies_are_taken_at_the_threshold():
    gan, x = make(kg.objectives.Variational("kl")), toys.points(64)
    logs = gan.train_on_batch(x, return_dict=True)
    fake_scores = gan.discriminator(gan.generator(Draws(7).normal((64, 3))))
    assert gan.objective.threshold == 1.0
    real = np.mean(np.asarray(gan.discriminator(x)) > 1)
    assert logs["real_accuracy"] == pytest.approx(real, abs=1e-6)
    assert logs["fake_accuracy"] == pytest.approx(np.mean(np.asarray(fake_scores) < 1), abs=1e-6)


def test_objectives_of_differences_have_no_accuracy():
    logs = make("relativistic").train_on_batch(toys.points(64), return_dict=True)
    assert not any(name.endswith("accuracy") for name in logs)
    assert "generator_gradient_norm" in logs


def test_gradient_norms_are_those_of_the_step():
    gan, x = make("least_squares"), toys.points(64)
    logs = gan.train_on_batch(x, return_dict=True)
    draws, G, D = Draws(7), gan.generator, gan.discriminator
    first, second = draws.normal((64, 3)), draws.normal((64, 3))

    def discriminator_loss():
        return ops.mean((D(x) - 1) ** 2 + D(G(first)) ** 2) / 2

    def generator_loss():
        return ops.mean((D(G(second)) - 1) ** 2) / 2

    discriminator_norm, generator_norm = (
        np.sqrt(sum(np.sum(g**2) for g in gradients(loss, network.trainable_variables)))
        for loss, network in ((discriminator_loss, D), (generator_loss, G))
    )
    assert logs["discriminator_gradient_norm"] == pytest.approx(float(discriminator_norm), rel=1e-5)
    assert logs["generator_gradient_norm"] == pytest.approx(float(generator_norm), rel=1e-5)


def test_a_loss_scale_does_not_show_in_the_norms():
    x = toys.points(64)
    plain = make("hinge").train_on_batch(x, return_dict=True)
    keras.config.set_dtype_policy("mixed_float16")
    scaled = make("hinge").train_on_batch(x, return_dict=True)
    for player in ("generator", "discriminator"):
        name = f"{player}_gradient_norm"
        assert scaled[name] == pytest.approx(plain[name], rel=0.05)


def test_diagnostics_are_off_by_default_survive_saving_and_show_in_evaluate(tmp_path):
    x = toys.points(64)
    assert set(make("hinge", diagnostics=False).train_on_batch(x, return_dict=True)) == {
        "discriminator_loss",
        "generator_loss",
    }
    gan = make("hinge", rate=0.1)
    gan.save(tmp_path / "gan.keras")
    logs = kg.load_model(tmp_path / "gan.keras").train_on_batch(x, return_dict=True)
    assert {"real_accuracy", "fake_accuracy", "generator_gradient_norm"} < set(logs)
    shown = gan.evaluate(x, return_dict=True, verbose=0)
    assert {"real_accuracy", "fake_accuracy"} < set(shown)
    assert "generator_gradient_norm" not in shown


def test_several_discriminator_steps_are_averaged():
    gan, x = make("wasserstein", schedule=2), toys.points(8)
    logs = gan.train_on_batch(x, return_dict=True)
    draws, G, D = Draws(7), gan.generator, gan.discriminator
    halves = [D(G(draws.normal((4, 3)))) - D(half) for half in (x[0::2], x[1::2])]
    assert logs["discriminator_loss"] == pytest.approx(float(ops.mean(ops.stack(halves))), abs=1e-6)
