"""Where packing, augmentation and penalties meet: in which order they see samples."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.games.gan.packing import packs_of, samples_in
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge


def networks(channels):
    keras.utils.set_random_seed(1)
    generator = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(16), keras.layers.Reshape((4, 4, 1))]
    )
    x = keras.Input((4, 4, channels))
    h = keras.layers.LeakyReLU(0.2)(keras.layers.Conv2D(3, 2, 2)(x))
    return generator, keras.Model(x, keras.layers.Dense(1)(keras.layers.Flatten()(h)))


class Weighted:
    """Multiplies the i-th sample of a minibatch by i + 1, and fakes by twice that."""

    def pair(self, shape, draws, step=None, paired=False):
        def by(factor):
            weights = factor * (1.0 + np.arange(shape[0], dtype="float32"))
            return lambda x: x * weights.reshape(-1, 1, 1, 1)

        return by(1.0), by(2.0)

    def observe(self, *given):
        pass

    def present(self):
        return {}


def test_samples_leave_their_packs_as_they_entered(rng):
    x = rng.normal(size=(6, 4, 5, 2)).astype("float32")
    packs = packs_of(ops.convert_to_tensor(x), 3)
    assert packs.shape == (2, 4, 5, 6)
    np.testing.assert_array_equal(samples_in(packs, 3), x)


def test_samples_are_augmented_before_they_are_packed(rng):
    generator, discriminator = networks(2)
    gan = kg.GAN(generator, discriminator, packing=2, penalties=[kg.penalties.R1(2.0)], seed=3)
    gan.compile(run_eagerly=True)
    gan.augment, gan.augment_draws = Weighted(), None
    x = rng.uniform(-1, 1, (8, 4, 4, 1)).astype("float32")
    z = Draws(3).normal((8, 3))
    weights = ops.reshape(1.0 + ops.arange(8, dtype="float32"), (8, 1, 1, 1))
    real = packs_of(weights * x, 2)
    fake = packs_of(2.0 * weights * generator(z), 2)
    loss = ops.mean(ops.softplus(-discriminator(real)) + ops.softplus(discriminator(fake)))

    def seen(packs):
        return discriminator(packs_of(weights * samples_in(packs, 2), 2))

    slope = kg.autodiff.input_gradient(seen, packs_of(ops.convert_to_tensor(x), 2))
    penalty = float(ops.mean(ops.sum(ops.square(slope), axis=(1, 2, 3))))
    logs = gan.train_on_batch(x, return_dict=True)
    assert float(logs["discriminator_loss"]) == pytest.approx(float(loss), rel=1e-5)
    assert float(logs["r1_penalty"]) == pytest.approx(penalty, rel=1e-5)


@pytest.mark.parametrize("place", ["R1", "R2"])
def test_both_points_of_a_difference_are_augmented_alike(place, rng):
    """With the fakes' transform at x + h v alone, the difference would be that of transforms."""
    _, discriminator = networks(1)
    real, fake = (rng.normal(size=(64, 4, 4, 1)).astype("float32") for _ in range(2))
    pair = Weighted().pair(real.shape, None)
    penalty = getattr(kg.penalties, f"FiniteDifference{place}")(1.0, step=1e-2)
    exact = getattr(kg.penalties, place)(1.0)
    judge = Judge(
        discriminator,
        ops.convert_to_tensor(real),
        ops.convert_to_tensor(fake),
        [exact],
        augmented=pair,
    )
    found = [float(penalty(judge, judge.real, judge.fake, Draws(seed))) for seed in range(40)]
    expected = float(exact(judge, judge.real, judge.fake, None))
    error = np.std(found) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(expected, abs=5 * error + 0.02 * expected)
    assert 5 * error < 0.5 * expected


def test_top_k_takes_the_mean_score_of_patches(rng):
    generator, _ = networks(1)
    x = keras.Input((4, 4, 1))
    patches = keras.Model(x, keras.layers.Conv2D(1, 2, 2)(x))
    gan = kg.GAN(generator, patches, objective="hinge", top_k=0.5, seed=2)
    gan.compile(run_eagerly=True)
    fakes = patches(rng.normal(size=(8, 4, 4, 1)).astype("float32"))
    found = float(gan.generator_loss(fakes, None, True))
    means = np.sort(np.array(fakes).mean(axis=(1, 2, 3)))[::-1]
    assert found == pytest.approx(-means[:4].mean(), rel=1e-5)
