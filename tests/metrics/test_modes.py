"""Mode coverage of known mixtures."""

import numpy as np
import pytest

from keras_gan import data
from keras_gan.metrics import mode_coverage


def test_the_mixture_itself_covers_all_modes_at_the_share_of_three_sigma(rng):
    ring = data.mixture("ring")
    samples, _ = ring.sample(20_000, rng)
    found = mode_coverage(samples, ring.centers, ring.stddev)
    assert (found.modes, found.total) == (8, 8)
    # in the plane, P(|x| <= 3 sigma) = 1 - exp(-9/2)
    assert found.high_quality == pytest.approx(1 - np.exp(-4.5), abs=0.003)


def test_dropped_modes_are_not_counted(rng):
    grid = data.mixture("grid")
    samples, components = grid.sample(5_000, rng)
    found = mode_coverage(samples[components < 7], grid.centers, grid.stddev)
    assert (found.modes, found.total) == (7, 25)
    assert found.kl == pytest.approx(np.log(25 / 7), abs=0.01)


def test_evenness_is_that_of_all_samples_by_nearest_centre(rng):
    """Also of those too far off to cover a mode."""
    centers = np.eye(4)
    counts = np.array([50, 25, 25, 0])
    samples = np.repeat(centers, counts, axis=0)
    samples[:20] += 0.3
    found = mode_coverage(samples, centers, 0.01)
    q = np.array([0.5, 0.25, 0.25])
    assert found.kl == pytest.approx((q * np.log(4 * q)).sum(), rel=1e-12)
    assert (found.modes, found.high_quality) == (3, 0.8)
    ring = data.mixture("ring")
    even = mode_coverage(ring.sample(20_000, rng)[0], ring.centers, ring.stddev)
    assert 0 < even.kl < 0.002
    collapsed = mode_coverage(np.zeros((9, 4)) + centers[1], centers, 0.01)
    assert collapsed.kl == pytest.approx(np.log(4), rel=1e-12)


def test_samples_far_from_every_mode_cover_none():
    ring = data.mixture("ring")
    found = mode_coverage(np.zeros((10, 2)), ring.centers, ring.stddev)
    assert (found.modes, found.high_quality) == (0, 0.0)


@pytest.mark.parametrize("stddev", [0.0, -1.0, np.nan])
def test_a_mode_without_width_is_refused(stddev):
    with pytest.raises(ValueError, match="stddev must be a number greater than 0"):
        mode_coverage(np.zeros((4, 2)), np.zeros((2, 2)), stddev)


def test_different_dimensions_are_refused():
    with pytest.raises(ValueError, match="d = 3 and d = 2"):
        mode_coverage(np.zeros((4, 3)), np.zeros((2, 2)), 0.1)
