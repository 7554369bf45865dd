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


def test_samples_far_from_every_mode_cover_none():
    ring = data.mixture("ring")
    found = mode_coverage(np.zeros((10, 2)), ring.centers, ring.stddev)
    assert (found.modes, found.high_quality) == (0, 0.0)


def test_different_dimensions_are_refused():
    with pytest.raises(ValueError, match="d = 3 and d = 2"):
        mode_coverage(np.zeros((4, 3)), np.zeros((2, 2)), 0.1)
