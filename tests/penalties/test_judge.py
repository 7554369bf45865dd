"""What a discriminator says is computed once: scores, and slopes at the scored samples."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties.judge import Judge, beside, scores_at, slope_of
from tests.toys import points


@keras.saving.register_keras_serializable(package="tests")
class Counted(layers.Layer):
    """Passes on what it gets, and counts its calls."""

    calls = 0

    def call(self, inputs):
        """The inputs."""
        type(self).calls += 1
        return inputs


def counted(network: keras.Model) -> keras.Model:
    """A network that counts its calls."""
    return keras.Model(network.inputs, Counted()(network.output))


def calls_of(game, batch) -> int:
    """How often the discriminator is called in its move."""
    game.compile()
    minibatch = game.unpack(batch)
    game.look("discriminator", minibatch)  # which also looks at what the loss depends on
    before = Counted.calls
    game.look("discriminator", minibatch)
    return Counted.calls - before


PENALTIES = [
    kg.penalties.R1(),
    kg.penalties.R2(),
    kg.penalties.R1(2.0, every=4),
    kg.penalties.LeCam(),
]


def test_no_sample_is_scored_twice_by_a_gan():
    networks = kg.networks.mlp_generator(width=8), counted(kg.networks.mlp_discriminator(width=8))
    game = kg.GAN(*networks, penalties=PENALTIES, seed=0)
    assert calls_of(game, ops.convert_to_tensor(points(16))) == 2


def test_no_sample_is_scored_twice_by_a_bigan():
    sizes = {"sample_shape": (2,), "latent_dim": 3, "width": 8}
    game = kg.BiGAN(
        kg.networks.bigan_generator(**sizes),
        kg.networks.bigan_encoder(**sizes),
        counted(kg.networks.bigan_discriminator(**sizes)),
        penalties=PENALTIES,
        seed=0,
    )
    assert calls_of(game, ops.convert_to_tensor(points(16))) == 2


def test_no_sample_is_scored_twice_by_a_cyclegan():
    def discriminator():
        return counted(kg.networks.patch_discriminator((8, 8, 1), width=4, depth=1))

    def generator():
        return kg.networks.translation_generator((8, 8, 1), width=4, blocks=1)

    players = generator(), generator(), discriminator(), discriminator()
    game = kg.CycleGAN(*players, penalties=PENALTIES, pool_size=0, seed=0)
    x = np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")
    assert calls_of(game, (ops.convert_to_tensor(x), ops.convert_to_tensor(x))) == 4


def test_other_points_are_scored_for_the_penalty():
    networks = kg.networks.mlp_generator(width=8), counted(kg.networks.mlp_discriminator(width=8))
    game = kg.GAN(*networks, penalties=[kg.penalties.GradientPenalty()], seed=0)
    assert calls_of(game, ops.convert_to_tensor(points(16))) == 3


@pytest.mark.parametrize("side", ["R1", "R2"])
def test_a_difference_costs_one_more_pass(side):
    networks = kg.networks.mlp_generator(width=8), counted(kg.networks.mlp_discriminator(width=8))
    penalty = getattr(kg.penalties, f"FiniteDifference{side}")()
    game = kg.GAN(*networks, penalties=[penalty], seed=0)
    assert calls_of(game, ops.convert_to_tensor(points(16))) == 3


@pytest.mark.parametrize("step", [None, 0, 1])
@pytest.mark.parametrize("penalty", [*PENALTIES, kg.penalties.FiniteDifferenceR1()], ids=repr)
def test_equal_to_a_pass_of_its_own(penalty, step, rng):
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=4)
    real, fake = (ops.convert_to_tensor(rng.normal(size=(4, 8, 8, 1)), "float32") for _ in "rf")

    def paid(shared):
        def loss():
            judge = Judge(lambda x: discriminator(x, training=True), real, fake, [penalty])
            scores = ops.sum(judge.real_scores) - ops.sum(judge.fake_scores)
            given = judge if shared else lambda x: discriminator(x, training=True)
            value = penalty(given, judge.real, judge.fake, Draws(0), step)
            return scores + value, value

        return autodiff.gradients(loss, discriminator.trainable_variables)

    (shared, value), (apart, other) = paid(True), paid(False)
    assert float(value) == pytest.approx(float(other), rel=1e-5)
    assert (float(value) == 0) == (penalty.every == 4 and step == 1)
    for a, b in zip(shared, apart, strict=True):
        np.testing.assert_allclose(
            ops.convert_to_numpy(a), ops.convert_to_numpy(b), rtol=1e-4, atol=1e-5
        )


def test_a_penalty_of_ones_own_asks_by_the_same_name():
    judge = Judge(lambda x: x**2, ops.ones((3, 1)), ops.zeros((3, 1)))
    assert ops.convert_to_numpy(slope_of(judge, ops.full((3, 1), 2.0))).tolist() == [[4.0]] * 3


def test_what_augments_the_samples_augments_points_beside_them():
    """D(x) = x²: real samples are doubled, fakes tripled, and other points are like real ones."""
    penalties = [kg.penalties.R1()]  # so that one slope is known, and the others are not
    judge = Judge(
        lambda x: x**2,
        ops.ones((2, 1)),
        ops.full((2, 1), 5.0),
        penalties,
        augmented=(lambda x: 2.0 * x, lambda x: 3.0 * x),
    )
    assert ops.convert_to_numpy(judge.real_scores).tolist() == [[4.0]] * 2
    assert ops.convert_to_numpy(judge.fake_scores).tolist() == [[225.0]] * 2
    other = ops.full((2, 1), 7.0)
    for at, factor in ((judge.real, 2.0), (judge.fake, 3.0), (other, 2.0)):
        x = float(at[0, 0])
        slope = ops.convert_to_numpy(slope_of(judge, at))
        np.testing.assert_allclose(slope, 2.0 * factor**2 * x, rtol=1e-6)
        near = ops.convert_to_numpy(beside(judge, at)(at + 1.0))
        np.testing.assert_allclose(near, (factor * (x + 1.0)) ** 2, rtol=1e-6)
        np.testing.assert_allclose(
            ops.convert_to_numpy(scores_at(judge, at)), (factor * x) ** 2, rtol=1e-6
        )
