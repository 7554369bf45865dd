"""The dynamics of examples/minimax_dynamics.py: runs beside theorems, and what eigenvalues say."""

import math
import pathlib
import runpy
import sys

import numpy as np
import pytest

EXAMPLES = pathlib.Path(__file__).parent.parent.parent / "examples"
RATES = 0.2, 0.1


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(EXAMPLES / "minimax_dynamics.py"))


def step_of(script, game, method, start):
    """Where one training step takes a point."""
    return script["path_of"](script["gan_of"](game, method, RATES, start), steps=1)[-1]


@pytest.mark.thorough
@pytest.mark.parametrize("game", range(4))
@pytest.mark.parametrize("method", range(6))
def test_a_training_step_is_the_predicted_matrix(script, game, method):
    game, method = script["GAMES"][game], script["METHODS"][method]
    columns = [step_of(script, game, method, start) for start in ((1.0, 0.0), (0.0, 1.0))]
    expected = script["step_matrix"](game, method, RATES)
    np.testing.assert_allclose(np.transpose(columns), expected, atol=2e-6)


def test_on_xy_simultaneous_steps_grow_and_alternating_steps_turn(script):
    """|λ|² is 1 + αβ for the one, 1 for the other, of determinant 1 at any number of D's steps."""
    xy, (simultaneous, alternating, five, *_) = script["GAMES"][0], script["METHODS"]
    alpha, beta = RATES
    found = script["leading"](script["step_matrix"](xy, simultaneous, RATES))
    assert found[0] == pytest.approx(math.sqrt(1 + alpha * beta), rel=1e-12)
    assert found[1] == pytest.approx(math.degrees(math.atan(math.sqrt(alpha * beta))), rel=1e-12)
    for method, k in ((alternating, 1), (five, 5)):
        modulus, angle = script["leading"](script["step_matrix"](xy, method, RATES))
        assert modulus == pytest.approx(1.0, abs=1e-12)
        assert angle == pytest.approx(math.degrees(math.acos(1 - k * alpha * beta / 2)), rel=1e-9)


@pytest.mark.parametrize(("method", "k"), [(1, 1), (2, 5)])
def test_alternating_steps_on_xy_leave_the_circle_at_twice_the_root_of_one_over_k(
    script, method, k
):
    xy, method = script["GAMES"][0], script["METHODS"][method]
    edge = 2 / math.sqrt(k)
    for rate, course in ((0.99 * edge, "rotates"), (1.01 * edge, "diverges")):
        modulus, _ = script["leading"](script["step_matrix"](xy, method, (rate, rate)))
        assert script["course"](modulus) == course


def test_r1_on_xy_is_the_curvature_of_y(script):
    Game, Method = script["Game"], script["Method"]
    penalised = step_of(script, Game("xy"), Method("r1", "alternating", r1=0.7), (0.4, -0.9))
    curved = step_of(script, Game("b", b=0.7), Method("plain", "alternating"), (0.4, -0.9))
    np.testing.assert_allclose(penalised, curved, atol=1e-6)


def test_a_run_has_the_eigenvalues_that_were_predicted(script):
    game, method = script["GAMES"][2], script["METHODS"][4]  # two real ones
    path = script["path_of"](script["gan_of"](game, method, RATES), steps=15)
    found = np.sort(np.linalg.eigvals(script["fitted_matrix"](path)))
    expected = np.sort(np.linalg.eigvals(script["step_matrix"](game, method, RATES)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_min_max_and_max_min_meet_where_there_is_a_saddle_point_alone(script):
    expected = [(0, 0), (0, 0), (0, -0.25), (1, 0)]
    for game, pair in zip(script["GAMES"], expected, strict=True):
        np.testing.assert_allclose(script["values"](game), pair, atol=1e-9)


def test_clipped_weights_stay_in_the_square(script):
    game, method = script["GAMES"][3], script["METHODS"][0]
    gan = script["gan_of"](game, method, (0.1, 0.1), clip=1.0)
    path = script["path_of"](gan, steps=60)
    assert np.abs(path).max() == pytest.approx(1.0, abs=1e-6)
    assert np.abs(path[-1]).min() > 0.9  # x follows y into a corner, where L is neither value


@pytest.mark.slow
def test_the_script_prints_both_tables_and_draws(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["x", "--steps", "25", "--folder", str(tmp_path)])
    runpy.run_path(str(EXAMPLES / "minimax_dynamics.py"), run_name="__main__")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("|")
    ]
    runs, squares = rows[2:20], rows[22:]
    assert len(runs) == 18
    assert len(squares) == 4
    for _, _, predicted, measured, *_ in runs:
        numbers = [[float(n.strip(" °")) for n in c.split(",")] for c in (predicted, measured)]
        np.testing.assert_allclose(*numbers, atol=2e-3)
    assert [row[3] for row in squares] == ["(0, 0)", "(0, 0)", "none", "none"]
    assert (tmp_path / "minimax_dynamics.png").stat().st_size > 10_000
