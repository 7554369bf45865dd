"""The Monge Inception Distance against its definition and known distances."""

import numpy as np
import pytest

from keras_gan.metrics import frechet_distance, mind
from keras_gan.metrics.transport import DIRECTIONS


def test_the_definition(rng):
    """By sorting along each direction: equal sizes, then one set twice the other."""
    a, b = rng.normal(size=(40, 5)), 1.3 * rng.normal(size=(40, 5)) + 0.2
    directions = np.random.default_rng([0, DIRECTIONS]).normal(size=(70, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    squares = [np.mean((np.sort(a @ θ) - np.sort(b @ θ)) ** 2) for θ in directions]
    expected = 3 * 5 * np.mean(squares)
    assert mind(a, b, projections=70) == pytest.approx(expected, rel=1e-10)
    assert mind(np.repeat(a, 2, axis=0), b, projections=70) == pytest.approx(expected, rel=1e-10)


def test_shifts_scales_symmetry_and_identity(rng):
    a, b = rng.normal(size=(2, 300, 4))
    assert mind(a, a[::-1]) == pytest.approx(0.0, abs=1e-25)
    assert mind(a, a + np.array([1.0, 2.0, 2.0, 4.0])) == pytest.approx(3 * 25, rel=0.1)
    assert mind(b, a) == pytest.approx(mind(a, b), rel=1e-12)
    assert mind(3 * a - 7, 3 * b - 7) == pytest.approx(9 * mind(a, b), rel=1e-9)


def test_gaussians_of_other_spread(rng):
    """Along every direction W₂ of N(0, 1) and N(0, 9) is 2: 3 d 4."""
    a, b = rng.normal(size=(20_000, 10)), 3 * rng.normal(size=(20_000, 10))
    assert mind(a, b, projections=50) == pytest.approx(3 * 10 * 4, rel=0.05)


def test_equal_moments_do_not_deceive_it(rng):
    """Two points and a Gaussian of the same mean and variance: the Fréchet distance is near 0."""
    gaussian = rng.normal(size=(4000, 1))
    gaussian = (gaussian - gaussian.mean()) / gaussian.std()
    points = np.repeat([[-1.0], [1.0]], 2000, axis=0)
    assert frechet_distance(gaussian, points) < 1e-6
    assert mind(gaussian, points) > 1.0


@pytest.mark.parametrize(
    ("b", "options", "message"),
    [
        (np.zeros((5, 3)), {}, "d = 2 in features_a and d = 3 in features_b"),
        (np.full((5, 2), np.nan), {}, "features_b has NaN"),
        (np.zeros((5, 2)), {"projections": 0}, "projections must .*received 0"),
    ],
)
def test_errors(b, options, message):
    with pytest.raises(ValueError, match=message):
        mind(np.zeros((5, 2)), b, **options)
