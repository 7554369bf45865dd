"""The Fréchet distance against closed forms and against scipy."""

import numpy as np
import pytest
import scipy.linalg

from keras_gan.metrics import frechet_distance


def whitened(rng, n, d):
    """Samples of mean exactly 0 and covariance exactly the identity."""
    x = rng.normal(size=(n, d))
    x -= x.mean(axis=0)
    return x @ np.linalg.inv(np.linalg.cholesky(x.T @ x / (n - 1))).T


def test_shift_of_the_mean_counts_its_squared_length(rng):
    x = whitened(rng, 500, 4)
    assert frechet_distance(x, x + np.array([1.0, -2.0, 0.0, 2.0])) == pytest.approx(9.0, abs=1e-9)


def test_commuting_covariances_count_the_squared_differences_of_the_deviations(rng):
    x, y = whitened(rng, 500, 3), whitened(rng, 700, 3)
    a, b = np.array([1.0, 2.0, 5.0]), np.array([3.0, 0.5, 5.0])
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    distance = frechet_distance(x * a @ rotation, y * b @ rotation)
    assert distance == pytest.approx(((a - b) ** 2).sum(), rel=1e-10)


def test_one_dimension(rng):
    x = whitened(rng, 100, 1)
    assert frechet_distance(2 * x, 5 * x + 1) == pytest.approx(9.0 + 1.0, rel=1e-10)


def test_agrees_with_scipy_sqrtm(rng):
    mixing = rng.normal(size=(2, 12, 12))
    x, y = (rng.normal(size=(300, 12)) @ m + rng.normal(size=12) for m in mixing)
    A, B = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = scipy.linalg.sqrtm(A @ B).real
    expected = np.square(x.mean(0) - y.mean(0)).sum() + np.trace(A + B - 2 * root)
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-8)


def test_identical_sets_are_at_distance_zero_also_where_covariances_are_singular(rng):
    full, singular = rng.normal(size=(200, 10)), rng.normal(size=(6, 30))
    for x in (full, singular):
        assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-6)


def test_symmetric_non_negative_and_a_float(rng):
    for n, d in ((50, 3), (8, 20)):
        x, y = rng.normal(size=(n, d)), 2 * rng.normal(size=(n + 1, d))
        there, back = frechet_distance(x, y), frechet_distance(y, x)
        assert type(there) is float
        assert there == pytest.approx(back, rel=1e-6)
        assert there >= 0


def test_float32_features_are_computed_in_float64(rng):
    x, y = rng.normal(size=(2, 100, 5)).astype("float32") + 1000
    expected = frechet_distance(x.astype("float64"), y.astype("float64"))
    assert frechet_distance(x, y) == expected


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), r"features_a must be an array \(n, d\).*shape \(5,\)"),
        (np.zeros((5, 2)), np.zeros((5, 8, 8)), "features_b.*Flatten images first"),
        (np.zeros((5, 2)), np.zeros((5, 3)), "d = 2 in features_a and d = 3 in features_b"),
        (np.zeros((1, 2)), np.zeros((5, 2)), "features_a must hold at least two"),
        (np.zeros((5, 2)), np.full((5, 2), np.nan), "features_b has NaN or infinite.*row 0"),
        (np.zeros((5, 2)), np.full((5, 2), np.inf), "features_b has NaN or infinite"),
    ],
)
def test_errors(a, b, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)
