"""Every recipe in low precision: float32 where it counts, and losses near float32's."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests import toys
from tests.recipes.cases import CASES

LOW = ("mixed_bfloat16", "mixed_float16")
TOLERANCE = {"mixed_bfloat16": 0.05, "mixed_float16": 0.01}  # 8 and 11 bits of mantissa
eager = {"run_eagerly": True}


def make(name, policy, **options):
    keras.config.set_dtype_policy(policy)
    return CASES[name].make(**options)


def looked(name, policy, training):
    """A game and the named losses of one look of each player."""
    gan = make(name, policy)
    gan.compile(**eager)
    batch, losses = tuple(map(keras.ops.convert_to_tensor, CASES[name].data(64))), {}
    batch = batch if len(batch) > 1 else batch[0]
    for player in ("discriminator", "generator"):
        losses |= gan.losses_of(player, batch, gan.draws, training)[0]
    return gan, losses


@pytest.mark.parametrize("policy", LOW)
@pytest.mark.parametrize("name", CASES)
def test_objectives_and_penalties_are_float32_and_near_those_of_float32(name, policy):
    training = name != "CTGAN"  # dropout's masks depend on the precision
    _, expected = looked(name, "float32", training)
    gan, losses = looked(name, policy, training)
    assert {value.dtype.name for value in losses.values()} == {"float32"}
    for term in expected:
        scale = max(abs(float(expected[term])), 1.0)
        assert abs(float(losses[term]) - float(expected[term])) < TOLERANCE[policy] * scale, term
    assert {v.dtype for v in gan.trainable_variables} == {"float32"}
    assert any(layer.compute_dtype == policy[6:] for layer in gan._flatten_layers())


@pytest.mark.parametrize("policy", LOW)
def test_spectral_vectors_and_norms_are_float32(policy):
    keras.config.set_dtype_policy(policy)
    layer = kg.layers.SpectralNormalization(keras.layers.Dense(8), power_iterations=50)
    layer.build((None, 16))
    layer.layer.kernel.assign(3.0 * layer.layer.kernel)
    assert layer(keras.ops.ones((2, 16)), training=True).dtype.name == policy[6:]
    assert layer.vectors[0].dtype == "float32"
    kernel = layer.normalized_kernels()["kernel"]
    assert kernel.dtype.name == "float32"
    sigma = np.linalg.svd(np.asarray(kernel), compute_uv=False)[0]
    assert sigma == pytest.approx(1, abs=1e-5)  # in bfloat16 it would be 4e-3 off


@pytest.mark.parametrize("policy", LOW)
def test_the_norm_of_a_small_gradient_survives_its_square(policy):
    """(2⁻¹³)² underflows in float16; the penalty squares in float32."""
    dtype = policy[6:]
    slope = keras.ops.full((4, 1), 2.0**-13, dtype)
    penalty = kg.penalties.R1(weight=2.0)
    x = keras.ops.ones((8, 4))
    value = penalty(lambda x: keras.ops.cast(x, dtype) @ slope, x, x, draws=None)
    assert float(value) == pytest.approx(4 * 2.0**-26, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("policy", LOW)
@pytest.mark.parametrize("name", CASES)
def test_thirty_steps_stay_finite(name, policy):
    gan = make(name, policy)
    gan.compile()
    batch = 64 * CASES[name].steps
    history = gan.fit(*CASES[name].data(30 * batch), batch_size=batch, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert all(np.isfinite(np.asarray(v)).all() for v in gan.variables)


def test_a_networks_own_policy_decides_player_by_player():
    """The generator in float16, the discriminator in float32: one of them is loss-scaled."""
    keras.config.set_dtype_policy("mixed_float16")
    generator = toys.generator(normalized=False)
    keras.config.set_dtype_policy("float32")
    gan = kg.GAN(generator, toys.discriminator(), seed=1)
    gan.compile(**eager)
    scaled = {
        player: isinstance(gan.optimizer[player], keras.optimizers.LossScaleOptimizer)
        for player in gan.schedule.players
    }
    assert scaled == {"discriminator": False, "generator": True}
    logs = gan.train_on_batch(toys.points(16), return_dict=True)
    assert np.isfinite([float(value) for value in logs.values()]).all()


def scaled_game(scale=2.0**15, **options):
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy("mixed_float16")
    gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), seed=1)
    optimizers = {
        f"{player}_optimizer": keras.optimizers.LossScaleOptimizer(
            keras.optimizers.SGD(0.1), initial_scale=scale, dynamic_growth_steps=3
        )
        for player in gan.schedule.players
    }
    gan.compile(**optimizers, **eager, **options)
    return gan


def scales(gan):
    return [float(gan.optimizer[p].dynamic_scale) for p in ("discriminator", "generator")]


def test_the_loss_scale_doubles_after_steps_without_overflow():
    gan = scaled_game(scale=8.0)
    seen = []
    for _ in range(7):
        gan.train_on_batch(toys.points(16))
        seen.append(scales(gan)[0])
    assert seen == [8, 8, 16, 16, 16, 32, 32]


def test_an_overflow_leaves_the_weights_and_halves_the_scale_of_that_player():
    gan = scaled_game()
    x = toys.points(16)
    gan.train_on_batch(x)
    before = [np.array(v) for v in gan.discriminator.weights]
    generator = [np.array(v) for v in gan.generator.weights]
    x[3] = 1e8
    gan.train_on_batch(x)
    for old, new in zip(before, gan.discriminator.weights, strict=True):
        np.testing.assert_array_equal(old, new)
    assert scales(gan) == [2.0**14, 2.0**15]
    assert not np.array_equal(generator[0], gan.generator.weights[0])


def test_logged_gradient_norms_do_not_know_the_scale():
    norms = []
    for scale in (4.0, 1024.0):
        logs = scaled_game(scale, diagnostics=True).train_on_batch(
            toys.points(64), return_dict=True
        )
        norms.append([logs[f"{p}_gradient_norm"] for p in ("discriminator", "generator")])
    keras.config.set_dtype_policy("float32")
    keras.utils.set_random_seed(0)
    gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), seed=1)
    sgd = {f"{p}_optimizer": keras.optimizers.SGD(0.1) for p in ("discriminator", "generator")}
    gan.compile(**sgd, **eager, diagnostics=True)
    logs = gan.train_on_batch(toys.points(64), return_dict=True)
    expected = [logs[f"{p}_gradient_norm"] for p in ("discriminator", "generator")]
    np.testing.assert_allclose(norms, [expected] * 2, rtol=0.02)
