"""BiGAN's step against the algorithm written by hand, its losses, averages and files."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from numpy.testing import assert_allclose, assert_array_equal

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients
from tests.games.pairs import discriminator, make, sgd


def descend(networks, loss, rate=0.1):
    """One step of gradient descent, by hand."""
    variables = [v for network in networks for v in network.trainable_variables]
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def softplus(x):
    return ops.logaddexp(0.0, x)


LOSSES = {  # discriminator's loss of (real, fake) scores, generator's and encoder's of the same
    "minimax": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda r, f: -ops.mean(softplus(-r) + softplus(f)),
    ),
    "non_saturating": (
        lambda r, f: ops.mean(softplus(-r) + softplus(f)),
        lambda r, f: ops.mean(softplus(r) + softplus(-f)),
    ),
    "wasserstein": (lambda r, f: ops.mean(f - r), lambda r, f: ops.mean(r - f)),
    "hinge": (
        lambda r, f: ops.mean(ops.maximum(0.0, 1 - r) + ops.maximum(0.0, 1 + f)),
        lambda r, f: ops.mean(r - f),
    ),
    "least_squares": (
        lambda r, f: ops.mean((r - 1) ** 2 + f**2) / 2,
        lambda r, f: ops.mean(r**2 + (f - 1) ** 2) / 2,
    ),
    "relativistic": (
        lambda r, f: ops.mean(softplus(f - r)),
        lambda r, f: ops.mean(softplus(r - f)),
    ),
}


@pytest.mark.parametrize("objective", LOSSES)
def test_a_step_is_the_algorithm_of_the_paper(objective):
    """Two discriminator steps on fresh minibatches, then one of G and E that sees the new D.

    Of real samples it sees those of the first discriminator step.
    """
    gan = sgd(make(objective=objective, schedule=2))
    twin = make()
    x = toys.points(8)
    gan.train_on_batch(x)

    discriminator_loss, generator_loss = LOSSES[objective]
    G, E, D, draws = twin.generator, twin.encoder, twin.discriminator, Draws(7)
    x = ops.convert_to_tensor(x)
    for half in (x[0::2], x[1::2]):
        z = draws.normal((4, 3))
        descend([D], lambda x=half, z=z: discriminator_loss(r=D([x, E(x)]), f=D([G(z), z])))
    z, first = draws.normal((4, 3)), x[0::2]
    descend([G, E], lambda: generator_loss(r=D([first, E(first)]), f=D([G(z), z])))

    for a, b in zip(gan.get_weights(), twin.get_weights(), strict=True):
        assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_history_shows_the_losses_and_the_estimate():
    gan = sgd(make(), rate=0.0, diagnostics=True)
    x = toys.points(16)
    history = gan.fit(x, batch_size=16, shuffle=False, verbose=0).history

    draws, G, E, D = Draws(7), gan.generator, gan.encoder, gan.discriminator
    x = ops.convert_to_tensor(x)
    real, z = D([x, E(x)]), draws.normal((16, 3))
    fake = D([G(z), z])
    expected = {
        "discriminator_loss": LOSSES["non_saturating"][0](real, fake),
        "jensen_shannon_estimate": np.log(2) - LOSSES["non_saturating"][0](real, fake) / 2,
        "real_accuracy": np.mean(ops.convert_to_numpy(real) > 0),
        "fake_accuracy": np.mean(ops.convert_to_numpy(fake) < 0),
    }
    z = draws.normal((16, 3))
    expected["generator_loss"] = LOSSES["non_saturating"][1](real, D([G(z), z]))
    for name, value in expected.items():
        assert_allclose(history[name][0], float(value), rtol=1e-5, err_msg=name)
    assert {"generator_gradient_norm", "discriminator_gradient_norm"} < set(history)


@pytest.mark.parametrize(
    ("name", "at_tie"), [("minimax", -np.log(4)), ("non_saturating", np.log(4)), ("hinge", 0.0)]
)
def test_generator_and_encoder_that_are_inverse_leave_the_losses_at_a_tie(name, at_tie):
    """x = A z of normal z, and E = A⁻¹: both pairs are of one distribution, on one hyperplane.

    A linear D that is right about E's pairs is wrong about as many of G's: no D does better than
    a constant score, and the hand-made G and E have nothing to gain.
    """
    A = np.array([[2.0, 1.0], [0.0, 0.5]], "float32")
    G = keras.Sequential([keras.Input((2,)), layers.Dense(2, use_bias=False)])
    E = keras.Sequential([keras.Input((2,)), layers.Dense(2, use_bias=False)])
    G.set_weights([A])
    E.set_weights([np.linalg.inv(A)])
    gan = kg.BiGAN(G, E, discriminator(2, 2), objective=name, seed=0)
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(1e-2), generator_optimizer="sgd")
    z = ops.convert_to_numpy(gan.prior((4096, 2), seed=1))
    x = z @ A
    assert_allclose(gan.encode(x), z, atol=1e-5)
    assert_allclose(gan.reconstruct(x), x, atol=1e-5)
    for _ in range(20):  # D alone learns
        gradients, _ = gan.look("discriminator", ops.convert_to_tensor(x))
        gan.optimizer.move("discriminator", gradients, gan.variables_of("discriminator"))
    losses = gan.evaluate(x, batch_size=4096, return_dict=True, verbose=0)
    of_tie = float(gan.objective.discriminator_loss(ops.zeros((1, 1)), ops.zeros((1, 1))))
    assert losses["discriminator_loss"] == pytest.approx(of_tie, abs=0.05)
    assert losses["generator_loss"] == pytest.approx(at_tie, abs=0.05)


def test_the_average_covers_generator_and_encoder():
    gan = make(normalized=True, average=0.3)
    gan.compile()
    x = toys.points(32)
    expected = None
    for t in range(4):
        gan.train_on_batch(x)
        weights = [*gan.generator.get_weights(), *gan.encoder.get_weights()]
        decay = min(0.3, t / (t + 10))
        expected = weights if t == 0 else expected
        expected = [decay * a + (1 - decay) * w for a, w in zip(expected, weights, strict=True)]
    for average, value in zip(gan.average.averages, expected, strict=True):
        assert_allclose(average, value, rtol=1e-5, atol=1e-7)
    G, E = keras.models.clone_model(gan.generator), keras.models.clone_model(gan.encoder)
    G.set_weights(expected[: len(G.weights)])
    E.set_weights(expected[len(G.weights) :])
    assert_allclose(gan.encode(x), E(x), rtol=1e-4, atol=1e-6)
    assert_allclose(gan.reconstruct(x), G(E(x)), rtol=1e-4, atol=1e-6)
    assert_allclose(gan.encode(x, average=False), gan.encoder(x), rtol=1e-6)
    own = gan.generator(gan.encoder(x))
    assert_allclose(gan.reconstruct(x, average=False), own, rtol=1e-5, atol=1e-6)


OPTIONS = {
    "plain": {},
    "penalized": {
        "schedule": 2,
        "objective": "wasserstein",
        "prior": "uniform",
        "penalties": [kg.penalties.GradientPenalty(1.0)],
    },
}


@pytest.mark.thorough
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path, options):
    gan = make(dropout=0.3, normalized=True, average=0.99, **options)
    gan.compile(steps_per_execution=2)
    x = toys.points(64)
    gan.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.BiGAN
    assert copy.settings() == gan.settings()
    for game in (gan, copy):
        game.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)
    for a, b in zip(gan.optimizer.variables, copy.optimizer.variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)
    assert_array_equal(gan.encode(x), copy.encode(x))


@pytest.mark.thorough
def test_a_checkpoint_resumes_to_the_bit(tmp_path):
    x = toys.points(64)
    games = [make(average=0.9) for _ in range(2)]
    for game, epochs in zip(games, ([4], [2, 4]), strict=True):
        for last in epochs:
            game = make(average=0.9) if last == 4 else game
            game.compile()
            folder = tmp_path / str(len(epochs))
            checkpoint = [kg.callbacks.Checkpoint(folder)]
            game.fit(x, batch_size=16, epochs=last, shuffle=False, verbose=0, callbacks=checkpoint)
        games[len(epochs) - 1] = game
    for a, b in zip(games[0].variables, games[1].variables, strict=True):
        assert_array_equal(a, b, err_msg=a.path)


@pytest.mark.thorough
def test_replicas_take_the_step_of_one(two_replicas):
    import tensorflow as tf

    x = toys.points(32)
    data = tf.data.Dataset.from_tensor_slices(x).batch(16)
    alone = sgd(make(average=0.9, penalties=[kg.penalties.GradientPenalty(10.0)]))
    alone.fit(data, epochs=2, verbose=0)
    with two_replicas.scope():
        shared = sgd(make(average=0.9, penalties=[kg.penalties.GradientPenalty(10.0)]))
    shared.fit(data, epochs=2, verbose=0)
    for a, b in zip(alone.get_weights(), shared.get_weights(), strict=True):
        assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_labels_are_refused():
    gan = make()
    gan.compile()
    with pytest.raises(ValueError, match=r"samples alone; received y beside them.*model.fit\(x\)"):
        gan.fit(toys.points(8), np.arange(8), verbose=0)
