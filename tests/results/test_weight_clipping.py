"""The benchmark of weight clipping: its norms are derivatives, and it runs, goes on and draws."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from tests.test_benchmarks import benchmark


@pytest.fixture
def clipping(monkeypatch):
    module = benchmark("weight_clipping")
    monkeypatch.setattr(module, "DEPTH", 3)
    monkeypatch.setattr(module, "WIDTH", 8)
    monkeypatch.setattr(module, "SAMPLES", 50)
    return module


def test_norms_are_those_of_derivatives_by_layer(clipping):
    keras.utils.set_random_seed(0)
    network = clipping.deep(2, 1, "critic")
    x = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    norms = clipping.gradient_norms(network, x)
    assert norms.shape == (4,)
    h = x
    for i, layer in enumerate([None, *network.layers[:-1]]):
        h = h if layer is None else layer(h)

        def rest(h, i=i):
            for layer in network.layers[i:]:
                h = layer(h)
            return h

        slope = keras.ops.convert_to_numpy(
            kg.autodiff.input_gradient(rest, keras.ops.convert_to_tensor(h))
        )
        assert norms[i] == pytest.approx(np.linalg.norm(slope, axis=1).mean(), rel=1e-4)


def test_small_clips_do_not_underflow(clipping, monkeypatch):
    monkeypatch.setattr(clipping, "DEPTH", 24)
    keras.utils.set_random_seed(0)
    norms = clipping.gradient_norms(clipping.deep(2, 1, "critic", clip=1e-3), np.ones((4, 2)))
    assert 0 < norms[1] < 1e-45  # less than float32 holds


@pytest.mark.parametrize("factor", [0.1, 1.0, 1.6])
def test_the_factor_is_that_of_a_geometric_sequence(clipping, factor):
    hidden = 3.0 * factor ** np.arange(12)[::-1]  # most at the first layer if above 1
    assert clipping.factor_a_layer([7.0, *hidden]) == pytest.approx(factor)


def test_a_random_layer_multiplies_by_the_clip_and_the_root_of_its_width(clipping, monkeypatch):
    """Entries uniform on [-c, c] have variance c²/3, and half of the units are on."""
    monkeypatch.setattr(clipping, "WIDTH", 256)
    monkeypatch.setattr(clipping, "DEPTH", 6)
    keras.utils.set_random_seed(0)
    critic = clipping.deep(2, 1, "critic", clip=0.05)
    x = np.random.default_rng(0).normal(size=(64, 2))
    factor = clipping.factor_a_layer(clipping.gradient_norms(critic, x))
    assert factor == pytest.approx(0.05 * np.sqrt(256 / 2 / 3), rel=0.15)


@pytest.mark.thorough
def test_it_runs_goes_on_and_draws(clipping, tmp_path, monkeypatch, capsys):
    flags = ["--settings", "clip_0.1", "penalty", "--seeds", "0", "1", "--steps", "10"]
    monkeypatch.setattr("sys.argv", ["weight_clipping.py", *flags, "--folder", str(tmp_path)])
    clipping.main()
    first = capsys.readouterr().out
    rows = [line.strip("| ").split(" | ") for line in first.splitlines() if "|" in line][2:]
    assert [row[:2] for row in rows] == [["clip 0.1", "2"], ["penalty", "2"]]
    assert [row[5] == "none" for row in rows] == [False, True]
    run = json.loads((tmp_path / "clip_0.1_0.json").read_text())["result"]
    assert len(run["norms"]) == len(run["distances"]) == 10
    assert run["centres"][-1] == pytest.approx(0.1, abs=0.002)
    assert sum(run["density"]) * 0.2 / len(run["density"]) == pytest.approx(1.0)
    with Image.open(tmp_path / "weight_clipping.png") as picture:
        assert picture.width > 1000
    monkeypatch.setattr(clipping, "measured", None)  # a finished benchmark trains nothing
    clipping.main()
    assert capsys.readouterr().out == first
    monkeypatch.setattr("sys.argv", ["w", "--steps", "20", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit, match="other settings"):
        clipping.main()
