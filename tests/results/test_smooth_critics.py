"""The benchmark of regularized critics: its measures, and that it runs, goes on and draws."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.test_benchmarks import benchmark


@pytest.fixture
def smooth(monkeypatch):
    module = benchmark("smooth_critics")
    monkeypatch.setattr(module, "WIDTH", 8)
    monkeypatch.setattr(module, "SAMPLES", 100)
    monkeypatch.setattr(module, "COMPARED", 50)
    monkeypatch.setattr(module, "EVERY", 5)
    return module


def test_agreement_is_the_cosine_whatever_the_lengths(smooth):
    east, angles = np.array([[1.0, 0.0]] * 4), np.array([0.0, np.pi / 3, np.pi / 2, np.pi])
    turned = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lengths = np.array([[1e-30], [1.0], [3.0], [7.0]])
    assert smooth.agreement(east, lengths * turned) == pytest.approx((1 + 0.5 + 0 - 1) / 4)
    assert smooth.agreement(east, 0 * turned) == 0


def test_only_a_learning_generator_moves(smooth):
    points = np.random.default_rng(0).normal(size=(512, 2)).astype("float32")
    moved = {}
    for generator in smooth.GENERATORS:
        gan = smooth.game("none", generator, seed=0)
        before = [gan.generator.get_weights(), gan.discriminator.get_weights()]
        gan.fit(points, batch_size=256, epochs=5, verbose=0)
        after = [gan.generator.get_weights(), gan.discriminator.get_weights()]
        moved[generator] = [
            not all(map(np.array_equal, *each)) for each in zip(before, after, strict=True)
        ]
    assert moved == {"rests": [False, True], "learns": [True, True]}


@pytest.mark.parametrize(("critic", "bound"), [("global_1", 1.0), ("global_20", 20.0)])
def test_a_normalized_critic_is_nowhere_steeper_than_its_bound(smooth, critic, bound):
    critics = benchmark("critics")
    gan = smooth.game(critic, "rests", seed=0)
    gan.fit(np.ones((512, 2), "float32"), batch_size=256, epochs=10, verbose=0)
    steepest = critics.slopes(gan.discriminator, critics.lattice(4.0, 20)).max()
    assert 0.01 * bound < steepest < 1.05 * bound


@pytest.mark.thorough
def test_it_runs_goes_on_and_draws(smooth, tmp_path, monkeypatch, capsys):
    flags = ["--critics", "none", "global_20", "--seeds", "0", "--steps", "20"]
    monkeypatch.setattr("sys.argv", ["smooth_critics.py", *flags, "--folder", str(tmp_path)])
    smooth.main()
    first = capsys.readouterr().out
    rows = [line.strip("| ").split(" | ") for line in first.splitlines() if "|" in line][2:]
    assert [row[:2] for row in rows] == [
        [critic, generator] for generator in smooth.GENERATORS for critic in ("none", "global 20")
    ]
    run = json.loads((tmp_path / "none_learns_0.json").read_text())["result"]
    assert len(run["modes"]) == 4
    assert -1 <= run["agreement"] <= 1
    with Image.open(tmp_path / "smooth_critics.png") as picture:
        columns = 2 * len(run["shown"])
        assert picture.size == (columns * 248 + 8, 2 * 260 + 8)
    monkeypatch.setattr(smooth, "measured", None)  # a finished benchmark trains nothing
    smooth.main()
    assert capsys.readouterr().out == first
