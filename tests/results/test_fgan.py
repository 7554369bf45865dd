"""The f-GAN's benchmarks: the bound by quadrature, and runs on a tiny budget."""

import importlib
import json
import pathlib

import keras
import numpy as np
import pytest

import keras_gan as kg

FOLDER = pathlib.Path(__file__).parent.parent.parent / "benchmarks"
KNOWN = {"gan", "kl", "squared_hellinger"}


def script(name, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))  # as for a script that runs there
    return importlib.import_module(name)


@pytest.fixture
def variational(monkeypatch):
    return script("variational_bound", monkeypatch)


class Score:
    """A discriminator of any function of x, shifted."""

    def __init__(self, function, shift=0.0):
        self.function, self.shift = function, shift

    def __call__(self, x):
        return keras.ops.convert_to_tensor(self.function(np.asarray(x)) + self.shift, "float32")


def log_ratio(variational):
    """log p/q at the points of the grid, `(points, 1)`."""
    p, q = variational.densities()
    return np.log(p / q)[:, None]


BEST = {  # the score v at which g(v) = f'(r), from log r
    "gan": lambda log_r: log_r,
    "kl": lambda log_r: log_r + 1,
    "squared_hellinger": lambda log_r: log_r / 2,
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_bound_is_the_divergence_at_the_best_score_and_lower_at_others(variational, name):
    best = np.maximum(BEST[name](log_ratio(variational)), -60)  # where float32 holds e^60
    truth = variational.known(name)
    assert variational.bound(Score(lambda x: best), name) == pytest.approx(truth, abs=2e-5)
    for shift in (-0.3, 0.3):
        assert variational.bound(Score(lambda x: best, shift), name) < truth - 1e-3
    flat = kg.objectives.divergences.get(name).threshold_score
    at_nothing = variational.bound(Score(lambda x: 0 * x, flat), name)
    of_equals = float(kg.objectives.divergences.get(name).f(np.float64(1.0)))
    assert at_nothing == pytest.approx(of_equals, abs=1e-5)


def test_the_divergences_are_those_of_the_densities(variational):
    p, q = variational.densities()
    assert variational.integral(p) == pytest.approx(1.0, abs=1e-6)
    assert variational.integral(q) == pytest.approx(1.0, abs=1e-6)
    real, fake = variational.samples(200_000, seed=0)
    assert real.var() == pytest.approx(8 + 0.25, rel=0.01)
    assert fake.var() == pytest.approx(9.0, rel=0.02)
    kl = np.mean(np.interp(real, variational.GRID, np.log(p / q)))
    assert variational.known("kl") == pytest.approx(kl, abs=0.01)
    overlap = variational.integral(np.sqrt(p * q))
    assert variational.known("squared_hellinger") == pytest.approx(2 - 2 * overlap, abs=1e-6)


@pytest.mark.slow
def test_a_wider_discriminator_comes_nearer_and_none_passes_the_divergence(variational):
    truth = variational.known("gan")
    gaps = [
        truth - variational.bound(variational.trained("gan", width, seed=0, steps=1500), "gan")
        for width in (1, 4, 16)
    ]
    assert min(gaps) > -1e-5
    assert gaps[0] > 1.2 * gaps[1]
    assert gaps[1] > 1.4 * gaps[2]


@pytest.mark.slow
def test_the_bound_of_every_width_is_printed_and_drawn(variational, monkeypatch, capsys, tmp_path):
    budget = "--divergences kl gan --widths 1 2 --seeds 0 1 --steps 2 --folder"
    monkeypatch.setattr("sys.argv", ["x", *budget.split(), str(tmp_path)])
    variational.main()
    lines = capsys.readouterr().out.splitlines()[2:6]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [(row[0], row[2]) for row in rows] == [(d, w) for d in ("kl", "gan") for w in "12"]
    for row in rows:
        truth, found, gap, worst = (float(row[i]) for i in (1, 3, 4, 5))
        assert 0 < gap <= worst
        assert truth - found == pytest.approx(gap, abs=2e-4)
    assert (tmp_path / "variational_bound.png").exists()


@pytest.mark.slow
@pytest.mark.data
def test_runs_on_mnist_are_scored_kept_and_read_again(monkeypatch, capsys, tmp_path):
    mnist = script("fgan_mnist", monkeypatch)
    assert set(mnist.DIVERGENCES) == KNOWN
    budget = "--seeds 0 --epochs 1 --steps-per-epoch 2 --width 4 --samples 200 --folder"
    monkeypatch.setattr("sys.argv", ["x", *budget.split(), str(tmp_path)])
    mnist.main()
    first = capsys.readouterr().out
    rows = [line for line in first.splitlines() if line.startswith("|")][2:]
    assert [row.split("|")[1].strip() for row in rows] == ["GAN", "KL", "squared Hellinger"]
    run = json.loads((tmp_path / "kl_0.json").read_text())["result"]
    assert run["final"]["frechet_distance"] > run["real_to_real"]["frechet_distance"]
    assert {path.name for path in tmp_path.glob("*.png")} == {
        *(f"{name}_0.png" for name in KNOWN),
        "curves.png",
        "samples.png",
    }
    monkeypatch.setattr(mnist, "trained", None)  # finished runs train nothing
    mnist.main()
    assert capsys.readouterr().out == first
    other = [*budget.replace("--width 4", "--width 5").split(), str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["x", *other])
    with pytest.raises(SystemExit, match="other settings"):
        mnist.main()


def test_a_run_that_ends_in_nan_is_counted_and_not_scored(monkeypatch, capsys, tmp_path):
    mnist, real = script("fgan_mnist", monkeypatch), {"frechet_distance": 0.1}
    curve = [{"frechet_distance": 3.0, "precision": 0.5, "recall": 0.25}]
    scores = {"curve": curve, "final": curve[0], "best": curve[0], "real_to_real": real}
    scores |= {"classes": 10, "kl": 0.1, "confident": 0.5, "seconds": 1.0}

    def trained(divergence, seed, settings):
        if seed == 0:
            return {"diverged": True}, None
        return scores, np.zeros((30, 4, 4, 1), "float32")

    monkeypatch.setattr(mnist, "trained", trained)
    budget = f"--divergences kl --seeds 0 1 --epochs 1 --folder {tmp_path}"
    monkeypatch.setattr("sys.argv", ["x", *budget.split()])
    mnist.main()
    row = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| KL")]
    assert row[0].startswith("| KL, 1 of 2 runs ended in NaN | 3.00")
    monkeypatch.setattr("sys.argv", ["x", *budget.replace("0 1", "0").split()])
    with pytest.raises(SystemExit, match="All runs ended in NaN"):
        mnist.main()
