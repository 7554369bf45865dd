"""The benchmark of theorem 3.3: the bound of every pair, and while noise fades."""

import pathlib

import numpy as np
import pytest

import keras_gan as kg
from tests.results.programs import loaded, printed_by, tables_in

noise_bound = loaded("noise_bound")


@pytest.mark.thorough
@pytest.mark.parametrize("pair", noise_bound.PAIRS)
def test_every_pair_of_the_benchmark_is_within_its_bound(pair):
    distance, sigmas, bounds = noise_bound.bounds_of(pair, seed=3, samples=40)
    assert all(distance == bound.wasserstein <= float(bound) for bound in bounds)
    np.testing.assert_allclose(np.square(sigmas) * dimension(pair), [b.variance for b in bounds])


def dimension(pair):
    return noise_bound.PAIRS[pair](40, np.random.default_rng(0))[0].shape[1]


def test_the_segments_are_at_distance_1_and_the_collapsed_ring_at_that_of_its_modes():
    def distance(pair, n, seed):
        return kg.metrics.wasserstein(*noise_bound.PAIRS[pair](n, np.random.default_rng(seed)))

    assert distance("parallel segments", 200, 0) == pytest.approx(1.0)
    chords = 2 * np.sin(np.arange(8) * np.pi / 8)  # from a mode of the unit circle to all
    found = [distance("ring and one mode", 300, seed) for seed in (0, 1)]
    np.testing.assert_allclose(found, chords.mean(), rtol=0.08)


@pytest.mark.thorough
def test_the_script_prints_a_row_a_pair_and_a_row_a_moment(tmp_path, monkeypatch, capsys):
    options = "--samples 30 --steps 100 --seeds 0 1"
    script = "benchmarks/noise_bound.py"
    pairs, moments = tables_in(printed_by(script, options, tmp_path, monkeypatch, capsys))
    assert [row[0] for row in pairs[1:]] == list(noise_bound.PAIRS)
    assert all(1 <= float(row[4]) <= float(row[5]) for row in pairs[1:])
    sigmas = [float(row[1]) for row in moments[1:]]
    np.testing.assert_allclose(sigmas, 0.5 - 0.05 * np.arange(10), atol=1e-6)
    for row in moments[1:]:
        w, first, second, bound = (float(row[i]) for i in (2, 3, 6, 7))
        assert w <= bound
        assert bound == pytest.approx(first + second, rel=0.1)  # medians, each of its own
    assert (tmp_path / "noise_bound/noise_bound.png").exists()


def test_the_page_has_every_pair():
    page = (pathlib.Path(__file__).parents[2] / "docs/results/noise_bound.md").read_text("utf-8")
    for pair in noise_bound.PAIRS:
        assert f"\n| {pair} |" in page
