"""The laws of the gradient penalties: where they look, what norm they take, what they aim at."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.objectives import OBJECTIVES
from keras_gan.parallel.random_numbers import Draws
from keras_gan.penalties import R1, R2, GradientPenalty
from keras_gan.penalties.listed import by_name
from tests import toys

PLACES = ("between", "around_real", "real", "fake")


def half_square(x):
    """D(x) = ½‖x‖², whose gradient is x."""
    return 0.5 * ops.sum(ops.square(x), axis=tuple(range(1, len(x.shape))))[:, None]


def test_norm_is_taken_per_sample_over_all_other_axes(rng):
    x = rng.normal(size=(5, 3, 3, 2)).astype("float32")
    norms = np.sqrt(np.sum(x.reshape(5, -1) ** 2, axis=1))
    found = GradientPenalty(7.0, at="real", target=2.0)(half_square, x, x, Draws(0))
    assert float(found) == pytest.approx(7.0 * np.mean((norms - 2.0) ** 2), rel=1e-5)


def test_penalty_of_a_batch_is_the_mean_of_its_parts(rng):
    x = rng.normal(size=(6, 4)).astype("float32")
    penalty = GradientPenalty(1.0, at="real")
    whole, *parts = (float(penalty(half_square, p, p, None)) for p in (x, x[:2], x[2:4], x[4:]))
    assert whole == pytest.approx(np.mean(parts), rel=1e-5)


def test_between_has_one_uniform_weight_a_sample():
    ones = ops.ones((2000, 2, 2, 3))
    points = GradientPenalty().points(ones, ops.zeros_like(ones), Draws(0))
    shares = ops.convert_to_numpy(points).reshape(2000, -1)
    assert np.ptp(shares, axis=1).max() == 0
    # Uniform on [0, 1): the largest distance from its distribution function is 1.36/√n at 95%.
    ordered = np.sort(shares[:, 0])
    assert np.abs(ordered - np.arange(2000) / 2000).max() < 1.6 / np.sqrt(2000)
    assert 0 <= ordered[0] < ordered[-1] < 1


def test_between_lies_on_the_segment_from_fake_to_real(rng):
    real, fake = rng.normal(size=(2, 50, 7)).astype("float32")
    points = ops.convert_to_numpy(GradientPenalty().points(real, fake, Draws(0)))
    shares = (points - fake) / (real - fake)
    np.testing.assert_allclose(shares, shares[:, :1].repeat(7, 1), atol=1e-3)


def test_around_real_moves_by_half_a_deviation_of_the_whole_minibatch(rng):
    real = rng.normal(size=(500, 20, 20, 1)).astype("float32") * rng.uniform(0, 5, (500, 1, 1, 1))
    real = real.astype("float32")
    points = GradientPenalty(at="around_real").points(real, real, Draws(0))
    steps = (ops.convert_to_numpy(points) - real).reshape(500, -1) / (0.5 * real.std())
    assert steps.min() >= -1e-5
    assert steps.max() <= 1 + 1e-5
    shares = steps.max(axis=1)  # of 400 uniform numbers the largest is nearly 1
    assert shares.mean() == pytest.approx(0.5, abs=0.05)
    assert shares.std() == pytest.approx(12**-0.5, abs=0.03)
    assert (steps / shares[:, None]).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("at", "index"), [("real", 0), ("fake", 1)])
def test_at_real_and_at_fake(rng, at, index):
    samples = rng.normal(size=(2, 4, 3)).astype("float32")
    points = GradientPenalty(at=at).points(*samples, Draws(0))
    np.testing.assert_array_equal(points, samples[index])


def test_two_sided_pulls_small_gradients_up_and_one_sided_lets_them_go():
    small, large = 0.5 * np.eye(3, dtype="float32"), 2.0 * np.eye(3, dtype="float32")
    two, one = (GradientPenalty(1.0, at="real", one_sided=sided) for sided in (False, True))
    assert float(two(half_square, small, small, None)) == pytest.approx(0.25, rel=1e-5)
    assert float(one(half_square, small, small, None)) == 0.0
    assert float(two(half_square, large, large, None)) == pytest.approx(1.0, rel=1e-5)
    assert float(one(half_square, large, large, None)) == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize(("penalty", "index"), [(R1(3.0), 0), (R2(3.0), 1)])
def test_r1_and_r2_of_a_quadratic_discriminator_in_closed_form(rng, penalty, index):
    """D = ½ xᵀAx + bᵀx, so γ/2 E‖Ax + b‖², whose gradient with b is γ E(Ax + b)."""
    A = rng.normal(size=(4, 4)).astype("float32")
    A, b = A + A.T, keras.Variable(rng.normal(size=4).astype("float32"))
    samples = rng.normal(size=(2, 6, 4)).astype("float32")

    def discriminator(x):
        return ops.sum(0.5 * x * (x @ A) + x * b.value, axis=1, keepdims=True)

    (gradient,), value = autodiff.gradients(
        lambda: 2 * (penalty(discriminator, *samples, None),), [b]
    )
    slopes = samples[index] @ A + b.numpy()
    assert float(value) == pytest.approx(1.5 * np.mean(np.sum(slopes**2, 1)), rel=1e-5)
    np.testing.assert_allclose(gradient, 3.0 * slopes.mean(0), rtol=1e-4)


@pytest.mark.parametrize("target", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("one_sided", [False, True])
def test_finite_where_the_gradient_vanishes(target, one_sided):
    dense = layers.Dense(1, kernel_initializer="zeros")
    x = ops.ones((3, 2))
    dense(x)
    penalty = GradientPenalty(1.0, at="real", target=target, one_sided=one_sided)
    (gradient,), value = autodiff.gradients(
        lambda: 2 * (penalty(dense, x, x, None),), [dense.kernel]
    )
    assert float(value) == pytest.approx(0.0 if one_sided else target**2, abs=1e-5)
    assert np.isfinite(gradient).all()


def test_target_zero_takes_no_root():
    """Squares of 1e-16 come through as they are, where an epsilon in a root would drown them."""
    x = 1e-8 * ops.ones((3, 1))
    assert float(R1(1.0)(half_square, x, x, None)) == pytest.approx(0.5e-16, rel=1e-4, abs=0)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_computed_in_float32_under_mixed_precision(policy):
    """Slopes of 300 in 64 components: the square of the norm, 5.8e6, is beyond float16."""
    keras.config.set_dtype_policy(policy)
    dense = layers.Dense(1, kernel_initializer=keras.initializers.Constant(300.0))
    single = ops.ones((4, 64))
    half = ops.cast(single, dense.compute_dtype)
    dense(single)
    for at in PLACES:
        for real in (single, half):
            value = GradientPenalty(1.0, at=at)(dense, real, half, Draws(0))
            assert keras.backend.standardize_dtype(value.dtype) == "float32"
            assert float(value) == pytest.approx((300.0 * 8 - 1) ** 2, rel=0.01)


@pytest.mark.parametrize(
    ("objective", "at"),
    [
        *((objective, "between") for objective in OBJECTIVES),
        *(("wasserstein", at) for at in PLACES),
    ],
)
def test_composes_with_every_objective(objective, at):
    gan = kg.GAN(
        toys.generator(),
        toys.discriminator(),
        objective=objective,
        penalties=[GradientPenalty(1.0, at=at)],
        seed=0,
    )
    gan.compile(run_eagerly=True)
    logs = gan.train_on_batch(toys.points(8), return_dict=True)
    name = {"real": "r1_penalty", "fake": "r2_penalty"}.get(at, "gradient_penalty")
    assert set(logs) >= {"discriminator_loss", "generator_loss", name}
    assert np.isfinite(list(logs.values())).all()
    assert logs[name] > 0


def test_several_penalties_are_logged_under_names_of_their_own():
    penalties = [R1(1.0), R2(1.0), R1(3.0), GradientPenalty(name="lipschitz")]
    names = ["r1_penalty", "r2_penalty", "r1_penalty_2", "lipschitz"]
    assert list(by_name(penalties)) == names
    gan = kg.GAN(toys.generator(), toys.discriminator(), penalties=penalties, seed=0)
    gan.compile(discriminator_optimizer=keras.optimizers.SGD(0.0), run_eagerly=True)
    history = gan.fit(toys.points(64), batch_size=32, verbose=0).history
    assert set(history) >= {"discriminator_loss", "generator_loss", *names}
    assert history["r1_penalty_2"][0] == pytest.approx(3 * history["r1_penalty"][0], rel=1e-5)


@pytest.mark.parametrize(
    "penalty",
    [
        GradientPenalty(3.0, at="around_real", target=0.5, one_sided=True, every=4, name="mine"),
        GradientPenalty(),
        R1(2.0, every=16),
        R2(0.5),
    ],
)
def test_config_round_trip(penalty):
    config = keras.saving.serialize_keras_object(penalty)
    assert config["registered_name"] == f"keras_gan>{type(penalty).__name__}"
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(penalty)
    assert vars(again) == vars(penalty)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at": "betwen"}, "gradient penalty 'betwen': did you mean 'between'"),
        ({"weight": -1.0}, "at least 0; received -1.0"),
        ({"target": -1.0}, "target.* at least 0; received -1.0"),
        ({"every": 0}, "at least 1; received 0"),
        ({"every": 2.0}, "whole number of at least 1; received 2.0"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        GradientPenalty(**arguments)
