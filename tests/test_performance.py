"""The trainings that are timed are the same here and by hand."""

import importlib
import math
import pathlib
import sys

import numpy as np
import pytest

from tests.backend import BACKEND

FOLDER = pathlib.Path(__file__).parent.parent / "benchmarks"
if str(FOLDER) not in sys.path:
    sys.path.append(str(FOLDER))  # as for a script that runs there

ours = importlib.import_module("peers.ours")
TASKS = importlib.import_module("peers.tasks").TASKS
NAMES = list(TASKS)


def loop_of(name):
    """The loop by hand on this backend, and its data."""
    task = TASKS[name]
    data = np.random.default_rng(0).uniform(-1, 1, (task.batch * 50, *task.shape))
    hand = importlib.import_module(f"peers.{BACKEND}_step")
    return hand.Loop(task, data.astype("float32"))


def sizes(weights):
    return sorted(math.prod(w.shape) for w in weights)


@pytest.mark.parametrize("name", NAMES)
def test_both_train_weights_of_the_same_sizes(name):
    game, loop = ours.game(TASKS[name]), loop_of(name)
    if BACKEND == "jax":
        generator, discriminator = loop.state[0], loop.state[1]
    else:
        generator, discriminator = loop.generator.weights, loop.discriminator.weights
    assert sizes(game.generator.trainable_variables) == sizes(generator)
    assert sizes(game.discriminator.trainable_variables) == sizes(discriminator)


@pytest.mark.parametrize("name", ["mlp_gan", "dcgan"])
def test_both_discriminators_compute_the_same(name):
    task, game, loop = TASKS[name], ours.game(TASKS[name]), loop_of(name)
    weights = [np.array(w) for w in game.discriminator.trainable_variables]
    x = np.random.default_rng(1).uniform(-1, 1, (5, *task.shape)).astype("float32")
    if BACKEND == "jax":
        scores = loop.score(weights, x, None)
    else:
        for own, weight in zip(loop.discriminator.weights, weights, strict=True):
            own.assign(weight)
        scores = loop.discriminator(x)
    np.testing.assert_allclose(scores, game.discriminator(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["mlp_gan", "mlp_wgangp"])
def test_a_step_by_hand_moves_all_weights(name):
    loop = loop_of(name)
    if BACKEND == "jax":
        before = [np.array(w) for w in (*loop.state[0], *loop.state[1])]
        task = TASKS[name]
        batch = loop.data[: task.batch * task.discriminator_steps]
        loop.state, _ = loop.step(loop.state, batch)
        after = [np.array(w) for w in (*loop.state[0], *loop.state[1])]
    else:
        weights = [*loop.generator.weights, *loop.discriminator.weights]
        before = [w.numpy() for w in weights]
        loop.step(next(loop.batches))
        after = [w.numpy() for w in weights]
    moved = [np.abs(b - a).max() for a, b in zip(before, after, strict=True)]
    most = 2.1 * TASKS[name].rate * TASKS[name].discriminator_steps  # Adam's first steps are short
    assert max(moved) < most
    assert min(moved[:-1]) > 0  # the last is the bias of scores, which a difference does not see


@pytest.mark.thorough
def test_the_table_has_a_row_a_training(monkeypatch, capsys):
    performance = importlib.import_module("performance")
    monkeypatch.setitem(performance.STEPS, "mlp_gan", 50)
    monkeypatch.setattr(sys, "argv", ["x", "--tasks", "mlp_gan", "--rounds", "1"])
    performance.main()
    _, _, row = capsys.readouterr().out.splitlines()
    name, own, hand, ratio, peer, _, arithmetic, rate = map(str.strip, row.strip("|").split("|"))
    assert name == "mlp_gan"
    assert (peer == "—") == (performance.torch is None)
    assert float(hand) / float(own) == pytest.approx(float(ratio.split()[0]), rel=0.05)
    if BACKEND == "tensorflow":  # 12 passes through 2 x 128 x 128, near enough, of 256 points
        assert float(arithmetic) == pytest.approx(12 * 2 * 256 * 2 * 128**2 / 1e9, rel=0.05)
        assert float(rate) == pytest.approx(1e3 * float(arithmetic) / float(own), rel=0.05)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "name"), [("points", "SNGAN"), ("points", "AVB"), ("images", "BiGAN")]
)
def test_steps_a_second_of_recipes_and_games(kind, name, monkeypatch, capsys):
    steps = importlib.import_module("steps")
    monkeypatch.setattr(sys, "argv", ["x", "--kinds", kind, "--names", name, "--epochs", "1"])
    steps.main()
    (row,) = capsys.readouterr().out.splitlines()[2:]
    assert row.startswith(f"| {name} | {kind} |")
    assert float(row.split("|")[4]) > 0
