"""R1 and R2 by differences of scores: their limit, their order, bias and variance."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties import R1, R2, FiniteDifferenceR1, FiniteDifferenceR2
from tests import toys

SIDES = {"real": (FiniteDifferenceR1, R1), "fake": (FiniteDifferenceR2, R2)}
sides = pytest.mark.parametrize("side", SIDES)


class Nodes:
    """Instead of draws: points of equal weight with the moments of N(0, I) up to degree 5."""

    def __init__(self):
        line = np.array([3**0.5, -(3**0.5), 0.0, 0.0, 0.0, 0.0])
        self.points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)

    def normal(self, shape, dtype=None):
        times = shape[0] // len(self.points)
        return ops.convert_to_tensor(np.tile(self.points, (times, 1)), dtype)


def polynomial(x):
    """D(x, y) = x³ y + 2 x² − x y²."""
    x, y = x[:, :1], x[:, 1:]
    return x**3 * y + 2.0 * x**2 - x * y**2


def bias(x, y):
    """¼ (ΔD)² + ½ ‖H‖² + ⟨∇D, ∇ΔD⟩ of the polynomial, by hand."""
    gradient = np.array([3 * x**2 * y + 4 * x - y**2, x**3 - 2 * x * y])
    hessian = np.array([[6 * x * y + 4, 3 * x**2 - 2 * y], [3 * x**2 - 2 * y, -2 * x]])
    of_laplacian = np.array([6 * y - 2.0, 6 * x])  # of ΔD = 6xy + 4 − 2x
    return (
        0.25 * np.trace(hessian) ** 2 + 0.5 * np.sum(hessian**2) + gradient @ of_laplacian,
        gradient @ gradient,
    )


@pytest.mark.float64
@sides
def test_the_mean_over_directions_tends_to_the_exact_penalty_at_the_second_order(side):
    keras.config.set_floatx("float64")
    x, y = 0.7, -0.4
    points = ops.convert_to_tensor(np.tile([[x, y]], (36, 1)), "float64")
    found, exact = SIDES[side]
    given = {"real": (points, 0.0 * points), "fake": (0.0 * points, points)}[side]
    limit = float(exact(1.0)(polynomial, *given, Draws(0)))
    of_second_order, squares = bias(x, y)
    assert limit == pytest.approx(0.5 * squares, rel=1e-12)
    steps = np.array([0.04, 0.02, 0.01])
    errors = [float(found(1.0, h)(polynomial, *given, Nodes())) - limit for h in steps]
    slopes = np.diff(np.log(np.abs(errors))) / np.diff(np.log(steps))
    np.testing.assert_allclose(slopes, 2.0, atol=0.05)
    assert errors[-1] == pytest.approx(0.5 * of_second_order * steps[-1] ** 2, rel=0.02)


@pytest.mark.float64
def test_one_draw_tends_to_its_limit_at_the_first_order():
    keras.config.set_floatx("float64")
    x = ops.convert_to_tensor(np.random.default_rng(0).normal(size=(8, 2)))

    def drawn(h):
        return float(FiniteDifferenceR1(1.0, h)(polynomial, x, x, Draws(3)))

    limit, steps = drawn(1e-6), np.array([1e-2, 5e-3, 2.5e-3])
    errors = [drawn(h) - limit for h in steps]
    slopes = np.diff(np.log(np.abs(errors))) / np.diff(np.log(steps))
    np.testing.assert_allclose(slopes, 1.0, atol=0.05)


def test_the_variance_of_a_draw_is_twice_the_square_of_its_mean():
    """Of a linear D, whose differences are exact: ½ γ (g·v)², with g = (3, 4) and γ = 2."""
    slope, draws = ops.convert_to_tensor([[3.0], [4.0]]), Draws(0)
    one = ops.zeros((1, 2))
    penalty = FiniteDifferenceR1(2.0, step=1.0)
    found = [float(penalty(lambda x: x @ slope, one, one, draws)) for _ in range(2000)]
    assert np.mean(found) == pytest.approx(25.0, rel=0.1)
    assert np.var(found) == pytest.approx(2 * 25.0**2, rel=0.2)
    many = ops.zeros((64, 2))
    found = [float(penalty(lambda x: x @ slope, many, many, draws)) for _ in range(500)]
    assert np.var(found) == pytest.approx(2 * 25.0**2 / 64, rel=0.25)


@pytest.mark.float64
def test_its_gradient_tends_to_that_of_the_exact_penalty():
    """Both are averaged over the 36 nodes, at the same point and the same weights."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    dense = [layers.Dense(4, activation="tanh"), layers.Dense(1)]
    network = keras.Sequential([keras.Input((2,)), *dense])
    x = ops.convert_to_tensor(np.tile([[0.3, -0.8]], (36, 1)))
    weights = network.trainable_variables

    def gradient(penalty, draws):
        found, _ = autodiff.gradients(lambda: (penalty(network, x, x, draws), None), weights)
        return np.concatenate([np.ravel(g) for g in found if g is not None])

    exact = gradient(R1(1.0), None)
    assert np.linalg.norm(exact) > 0.01
    steps = np.array([0.1, 0.05])
    errors = []
    for h in steps:
        found = gradient(FiniteDifferenceR1(1.0, h), Nodes())
        found = found[: len(exact)]  # the last bias has no part in either
        errors.append(np.linalg.norm(found - exact))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.15)


def test_layers_without_a_second_derivative_may_stand():
    x = keras.Input((4, 4, 1))
    h = layers.UpSampling2D(interpolation="bilinear")(layers.Conv2D(3, 3, padding="same")(x))
    h = layers.LayerNormalization()(layers.BatchNormalization()(h))
    network = keras.Model(x, layers.Dense(1)(layers.Flatten()(layers.LeakyReLU(0.2)(h))))
    z = keras.Input((2,))
    maker = keras.Model(z, layers.Reshape((4, 4, 1))(layers.Dense(16, activation="tanh")(z)))
    penalties = [FiniteDifferenceR1(0.1), FiniteDifferenceR2(0.1)]
    gan = kg.GAN(maker, network, penalties=penalties, seed=0)
    gan.compile(run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (16, 4, 4, 1)).astype("float32")
    logs = gan.train_on_batch(images, return_dict=True)
    assert 0 < logs["finite_difference_r1"] < 100
    assert 0 < logs["finite_difference_r2"] < 100
    with pytest.raises(ValueError, match="derivative|couples"):
        kg.GAN(maker, network, penalties=[R1()])


@sides
def test_a_game_logs_it_pays_it_lazily_and_keeps_it_in_its_file(side, tmp_path):
    kind, exact = SIDES[side]
    keras.utils.set_random_seed(0)
    sgd = {"discriminator_optimizer": keras.optimizers.SGD(0.0), "run_eagerly": True}
    gan = kg.GAN(toys.generator(), toys.discriminator(), penalties=[kind(2.0, 0.01, 2)], seed=0)
    gan.compile(**sgd)
    found = []
    for _ in range(4):
        gan.reset_metrics()
        found.append(gan.train_on_batch(toys.points(64), return_dict=True)[kind().name])
    assert found[1] == found[3] == 0
    gan.reset_metrics()
    gan.penalties = [exact(2.0, name=kind().name)]
    value = gan.test_on_batch(toys.points(64), return_dict=True)[kind().name]
    assert found[0] / 2 == pytest.approx(value, rel=0.5)  # one draw a sample
    gan.penalties = [kind(2.0, 0.02, 2)]
    gan.save(tmp_path / "gan.keras")
    (penalty,) = kg.load_model(tmp_path / "gan.keras").penalties
    assert (penalty.weight, penalty.step, penalty.every) == (2.0, 0.02, 2)


@pytest.mark.parametrize("step", [0, -1.0, "a"])
def test_refuses_steps_that_are_none(step):
    with pytest.raises(ValueError, match="step must be a number greater than 0"):
        FiniteDifferenceR1(step=step)


def test_refuses_a_discriminator_that_draws_random_numbers():
    with pytest.raises(ValueError, match=r"draws random numbers .*kg\.penalties\.R2"):
        kg.GAN(toys.generator(), toys.discriminator(dropout=0.3), penalties=FiniteDifferenceR2())
