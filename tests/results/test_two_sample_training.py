"""Two-sample tests along trainings: p is uniform on data, and small on a collapsed model."""

import importlib
import pathlib

import numpy as np
import pytest

import keras_gan as kg

FOLDER = pathlib.Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("two_sample_training")


@pytest.mark.thorough
def test_other_points_of_the_ring_pass_at_the_level_of_the_tests(script):
    found = [
        script.tested(script.points(60, seed), script.points(60, 5_000 + seed), seed)["p"]
        for seed in range(40)
    ]
    for name in script.TESTS:
        p = np.array([each[name] for each in found])
        assert (p <= 0.05).mean() <= 0.15  # of 40, more than 6 at a chance below 1%
        assert 0.3 < p.mean() < 0.7


def test_points_of_half_of_the_modes_are_found_out(script):
    points = script.points(400, 0)
    found = script.tested(points[points[:, 0] > 0.1], script.points(200, 1), seed=0)
    assert found["modes"] == 3
    assert max(found["p"].values()) < 0.01


def test_neither_test_sees_modes_that_are_ten_times_too_wide(script):
    """Whose distance from each other is what both kernels are as wide as: p proves no quality."""
    wide = script.points(500, 0) + np.random.default_rng(0).normal(0, 0.1, (500, 2))
    found = script.tested(wide, script.points(500, 1), seed=0)
    assert min(found["p"].values()) > 0.05
    assert found["high_quality"] < 0.2


def test_the_games_differ_in_their_penalties_alone(script):
    penalised, plain = (script.game_of(weight, 0, 8) for weight in script.GAMES.values())
    assert [type(p) for p in penalised.penalties] == [kg.penalties.R1, kg.penalties.R2]
    assert plain.penalties == []
    for ours, theirs in zip(penalised.weights, plain.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.slow
def test_runs_are_kept_and_read_again(script, monkeypatch, capsys, tmp_path):
    budget = "--seeds 0 1 --steps 100 --every 50 --n 20 --width 8 --folder"
    monkeypatch.setattr(script, "SIZES", (20, 40))
    monkeypatch.setattr("sys.argv", ["x", *budget.split(), str(tmp_path)])
    script.main()
    first = capsys.readouterr().out
    rows = [line for line in first.splitlines() if line.startswith("|")]
    assert len(rows) == 2 + 5 + 2 + 10
    assert rows[6].startswith("| data |")
    assert (tmp_path / "two_sample_training.png").exists()
    monkeypatch.setattr(script, "measured", None)  # finished runs train nothing
    script.main()
    assert capsys.readouterr().out == first
