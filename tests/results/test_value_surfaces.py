"""The benchmark of value surfaces: its measures are those of known critics, and it runs."""

import keras
import numpy as np
import pytest
from PIL import Image

from tests.test_benchmarks import benchmark


@pytest.fixture
def critics():
    return benchmark("critics")


def linear(weights) -> keras.Model:
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    network.set_weights([np.array(weights, "float32")[:, None], np.array([5.0])])
    return network


def test_slopes_are_those_of_a_linear_critic(critics):
    points = critics.lattice(2.0, 3)
    assert points[[0, 4, 8]].tolist() == [[-2, -2], [0, 0], [2, 2]]
    assert critics.slopes(linear([3.0, 4.0]), points) == pytest.approx(np.full(9, 5.0))


def test_the_share_of_the_distance_is_1_for_the_best_critic_and_the_cosine_for_a_turned_one(
    critics,
):
    fake = np.random.default_rng(0).normal(size=(60, 2)).astype("float32")
    real = fake + np.array([1.5, 2.0], "float32")  # W₁ = 2.5, along (3, 4) / 5
    best, turned = linear([3.0, 4.0]), linear([4.0, 3.0])
    assert critics.share_of_distance(best, real, fake, 5.0) == pytest.approx(1.0, abs=1e-4)
    assert critics.share_of_distance(turned, real, fake, 5.0) == pytest.approx(0.96, abs=1e-4)


def test_the_still_generator_draws_data_and_noise(critics):
    points = np.array([[-8.0, 0.0], [0.0, 8.0], [8.0, 0.0], [0.0, -8.0]], "float32")
    z = np.random.default_rng(0).normal(size=(4000, 3)).astype("float32")
    samples = keras.ops.convert_to_numpy(critics.noised(points)(z))
    nearest = np.linalg.norm(samples[:, None] - points, axis=-1).argmin(axis=1)
    assert np.bincount(nearest) / 4000 == pytest.approx(0.25, abs=0.03)
    noise = samples - points[nearest]
    assert noise == pytest.approx(z[:, :2], abs=1e-5)
    assert abs(np.corrcoef(z[:, 0], nearest)[0, 1]) < 0.05


@pytest.fixture
def surfaces(monkeypatch):
    module = benchmark("value_surfaces")
    monkeypatch.setattr(module, "WIDTH", 8)
    monkeypatch.setattr(module, "TESTED", 50)
    return module


def test_clipped_weights_start_within_the_clip_and_differ(surfaces):
    first, *kernels = (w for w in surfaces.network("clipped").get_weights() if w.ndim > 1)
    assert max(np.abs(w).max() for w in (first, *kernels)) <= surfaces.CLIP
    assert not np.array_equal(*kernels[:2])


@pytest.mark.thorough
def test_it_runs_goes_on_and_draws(surfaces, tmp_path, monkeypatch, capsys):
    flags = ["--data", "ring", "--seeds", "0", "--steps", "100", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["value_surfaces.py", *flags])
    surfaces.main()
    first = capsys.readouterr().out
    rows = [line.strip("| ").split(" | ") for line in first.splitlines() if "| ring" in line]
    assert [row[1] for row in rows] == ["clipped", "penalised", "spectral"]
    assert all(float(row[5].split("%")[0]) <= 100 for row in rows)  # duality
    with Image.open(tmp_path / "value_surfaces.png") as picture:
        assert picture.size == (3 * 248 + 8, 260 + 8)
    monkeypatch.setattr(surfaces, "measured", None)  # a finished benchmark trains nothing
    surfaces.main()
    assert capsys.readouterr().out == first
