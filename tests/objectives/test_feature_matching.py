"""Feature matching: its formula, and a step of the generator by hand."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.objectives import FeatureMatching
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients


def test_formula(rng):
    fake, real = rng.normal(size=(2, 6, 4)).astype("float32")
    scores = rng.normal(size=(2, 6, 1)).astype("float32")
    objective = FeatureMatching("hinge", weight=3.0, adversarial_weight=0.5)
    found = objective.generator_loss(*scores, fake, real)
    matched = np.sum((real.mean(axis=0) - fake.mean(axis=0)) ** 2)
    assert float(found) == pytest.approx(3.0 * matched - 0.5 * scores[0].mean(), rel=1e-5)
    hinge = kg.objectives.Hinge()
    assert float(objective.discriminator_loss(*scores)) == float(hinge.discriminator_loss(*scores))
    assert objective.threshold == hinge.threshold
    assert FeatureMatching().estimates(0.5) == kg.objectives.NonSaturating().estimates(0.5)


def discriminator():
    x = keras.Input((2,))
    h = layers.Dense(8, activation="tanh")(x)
    return keras.Model(x, [layers.Dense(1)(h), h])


def test_a_step_of_the_generator_by_hand():
    keras.utils.set_random_seed(0)
    networks = toys.generator(normalized=False), discriminator()
    gan = kg.GAN(*networks, objective=FeatureMatching(weight=2.0), seed=3, schedule="simultaneous")
    sgd = {f"{p}_optimizer": keras.optimizers.SGD(0.1) for p in ("generator", "discriminator")}
    gan.compile(run_eagerly=True, **sgd)
    x = toys.points(8)
    draws = Draws(3)
    draws.draw(gan.prior, (8, 3))  # of the discriminator's look
    z = draws.draw(gan.prior, (8, 3))
    generator, judge = networks
    before = [np.array(v) for v in generator.trainable_variables]

    def loss():
        real, fake = (ops.mean(judge(each)[1], axis=0) for each in (x, generator(z)))
        return 2.0 * ops.sum(ops.square(real - fake))

    found = gradients(loss, generator.trainable_variables)
    value = float(loss())
    logs = gan.train_on_batch(x, return_dict=True)
    assert logs["generator_loss"] == pytest.approx(value, rel=1e-5)
    for old, gradient, new in zip(before, found, generator.trainable_variables, strict=True):
        np.testing.assert_allclose(np.array(new), old - 0.1 * np.array(gradient), atol=1e-6)


def test_survives_saving(tmp_path):
    objective = FeatureMatching(kg.objectives.Variational("kl"), 2.0, 0.25)
    gan = kg.GAN(toys.generator(), discriminator(), objective=objective)
    gan.compile()
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras").objective
    assert (copy.weight, copy.adversarial_weight) == (2.0, 0.25)
    assert copy.objective.divergence.name == "kl"


def test_refusals():
    with pytest.raises(ValueError, match=r"must return \(scores, features\)"):
        kg.GAN(toys.generator(), toys.discriminator(), objective=FeatureMatching())
    with pytest.raises(ValueError, match="pass fake_features and real_features"):
        FeatureMatching().generator_loss(ops.ones((2, 1)), ops.ones((2, 1)))
    with pytest.raises(ValueError, match="weight must be a number of at least 0"):
        FeatureMatching(weight=-1.0)
    from tests.games.cases import GAMES

    for name in ("BiGAN", "CycleGAN"):
        with pytest.raises(ValueError, match=f"{name} hands scores alone.*kg.GAN"):
            GAMES[name].make(objective=FeatureMatching())
    with pytest.raises(ValueError, match="is no mean over fake samples"):
        kg.GAN(toys.generator(), discriminator(), objective=FeatureMatching(), top_k=0.5)
