"""The Fréchet distance against closed forms and against scipy."""

import numpy as np
import pytest
import scipy.linalg

from keras_gan.metrics import frechet_distance, gaussian_frechet_distance


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
    full, low_rank = (
        rng.normal(size=(200, 10)),
        rng.normal(size=(200, 5)) @ rng.normal(size=(5, 30)),
    )
    for x in (full, low_rank):
        assert frechet_distance(x, x) == pytest.approx(0.0, abs=1e-5)


def test_symmetric_non_negative_and_a_float(rng):
    for n, d in ((50, 3), (21, 20)):
        x, y = rng.normal(size=(n, d)), 2 * rng.normal(size=(n + 1, d))
        there, back = frechet_distance(x, y), frechet_distance(y, x)
        assert type(there) is float
        assert there == pytest.approx(back, rel=1e-6)
        assert there >= 0


def test_float32_features_are_computed_in_float64(rng):
    x, y = rng.normal(size=(2, 100, 5)).astype("float32") + 1000
    expected = frechet_distance(x.astype("float64"), y.astype("float64"))
    assert frechet_distance(x, y) == expected


@pytest.mark.parametrize(("n", "m"), [(5, 100), (100, 5)])
def test_no_more_samples_than_dimensions_is_warned_of(rng, n, m):
    x, y = rng.normal(size=(n, 5)), rng.normal(size=(m, 5))
    with pytest.warns(UserWarning, match="of 5 samples in 5 dimensions.*kernel distance"):
        biased = frechet_distance(x, y)
    assert biased > 1.0  # the truth is 0


def test_one_sample_more_than_dimensions_is_not_warned_of(rng):
    frechet_distance(rng.normal(size=(6, 5)), rng.normal(size=(100, 5)))  # warnings are errors


def test_gaussians_known_exactly_against_scipy_sqrtm(rng):
    """Also where eigenvalues spread over eight orders of magnitude, as those of features do."""
    for d, orders in ((3, 0), (20, 2), (64, 8)):
        A, B = (
            (q * np.logspace(0, -orders, d)) @ q.T
            for q in np.linalg.qr(rng.normal(size=(2, d, d)))[0]
        )
        μ, ν = rng.normal(size=(2, d))
        root = scipy.linalg.sqrtm(A @ B).real
        expected = np.square(μ - ν).sum() + np.trace(A + B - 2 * root)
        assert gaussian_frechet_distance(μ, A, ν, B) == pytest.approx(expected, rel=1e-8)


def of_centred_data(x, y):
    """The cross term as the nuclear norm of X Yᵀ, without any covariance."""
    μ, ν = x.mean(axis=0), y.mean(axis=0)
    x, y = ((z - z.mean(axis=0)) / np.sqrt(len(z) - 1) for z in (x, y))
    cross = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    return np.square(μ - ν).sum() + np.square(x).sum() + np.square(y).sum() - 2 * cross


@pytest.mark.parametrize("near", [0.0, 1.0])
def test_covariances_of_low_rank_against_the_data_themselves(rng, near):
    """Roots of the 112 eigenvalues that are rounding would add up: √1e-16 is not small."""
    x, y = rng.normal(size=(300, 16)), rng.normal(size=(200, 16))
    mixing = rng.normal(size=(2, 16, 128))
    x, y = x @ mixing[0], y @ (near * mixing[0] + (1 - 0.999 * near) * mixing[1])
    found, expected = frechet_distance(x, y), of_centred_data(x, y)
    assert found == pytest.approx(expected, rel=1e-9)
    assert frechet_distance(y, x) == pytest.approx(found, rel=1e-9)


def test_fewer_samples_than_dimensions_against_the_data_themselves(rng):
    scale = 1 / np.arange(1, 65)
    x, other = scale * rng.normal(size=(2, 40, 64))
    for y in (other, x + 1e-2 * other):
        with pytest.warns(UserWarning, match="of 40 samples in 64 dimensions"):
            found = frechet_distance(x, y)
        assert found == pytest.approx(of_centred_data(x, y), rel=1e-6)


def test_a_gaussian_without_spread(rng):
    assert gaussian_frechet_distance([1, 1], np.zeros((2, 2)), [0, 0], np.eye(2)) == 4.0


def test_samples_and_their_own_moments_give_the_same(rng):
    x, y = rng.normal(size=(50, 4)), 1 + 3 * rng.normal(size=(60, 4))
    moments = [f(z) for z in (x, y) for f in (lambda z: z.mean(0), lambda z: np.cov(z.T))]
    assert frechet_distance(x, y) == pytest.approx(gaussian_frechet_distance(*moments), rel=1e-12)


def test_what_makes_samples_worse_makes_the_distance_larger(rng):
    """Shift, scale, noise and the loss of modes, each twice as far as before."""
    centers = 4 * rng.normal(size=(8, 6))
    labels = rng.integers(8, size=(2, 4000))
    real, fake = centers[labels] + rng.normal(size=(2, 4000, 6))
    assert frechet_distance(real, real) == pytest.approx(0.0, abs=1e-6)
    noise = rng.normal(size=fake.shape)
    for worse in (
        [fake, fake + 0.5, fake + 1.0],
        [fake, 1.5 * fake, 2.0 * fake],
        [fake, fake + noise, fake + 2 * noise],
        [fake, fake[labels[1] < 6], fake[labels[1] < 4], fake[labels[1] < 2]],
    ):
        distances = [frechet_distance(real, each) for each in worse]
        assert distances == sorted(distances)
        assert distances[1] > 3 * distances[0]


@pytest.mark.parametrize(
    ("mean", "matrix", "message"),
    [
        ([0.0], np.eye(2), r"mean_b .*\(d,\).*shapes \(1,\) and \(2, 2\)"),
        (np.zeros((2, 1)), np.eye(2), r"covariance_b .*\(d, d\)"),
        ([0.0, np.nan], np.eye(2), "mean_b or covariance_b has NaN"),
        ([0.0, 0.0], [[1.0, 0.5], [0.0, 1.0]], "covariance_b must be symmetric"),
        (np.zeros(3), np.eye(3), "d = 2 and d = 3"),
        (
            np.zeros(2),
            [[1.0, 2.0], [2.0, 1.0]],
            "covariance_b must be positive.*values from -1 to 3",
        ),
        (np.zeros(2), -np.eye(2), "covariance_b must be positive.*values from -1 to -1"),
    ],
)
def test_gaussians_that_are_refused(mean, matrix, message):
    with pytest.raises(ValueError, match=message):
        gaussian_frechet_distance(np.zeros(2), np.eye(2), mean, matrix)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), r"features_a must be an array \(n, d\).*shape \(5,\)"),
        (np.zeros((5, 2)), np.zeros((5, 8, 8)), "features_b.*Flatten images first"),
        (np.zeros((5, 2)), np.zeros((5, 3)), "d = 2 in features_a and d = 3 in features_b"),
        (np.zeros((1, 2)), np.zeros((5, 2)), "features_a must hold at least two"),
        (np.zeros((5, 2)), np.full((5, 2), np.nan), "features_b has NaN or infinite.*row 0"),
        (np.zeros((5, 2)), np.full((5, 2), np.inf), "features_b has NaN or infinite"),
        (np.zeros((5, 2)), np.full((5, 2), -1e60), "features_b has values up to 1e[+]60.*overflow"),
        (np.zeros((5, 2)), np.zeros((5, 2), complex), "features_b must hold real.*complex128"),
        (np.full((5, 2), "a"), np.zeros((5, 2)), "features_a must hold real numbers; received"),
    ],
)
def test_errors(a, b, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(a, b)
