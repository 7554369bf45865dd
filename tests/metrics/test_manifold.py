"""Precision, recall, density and coverage against their definitions, and which way they move."""

import numpy as np
import pytest

from keras_gan.metrics import density_coverage, manifold, precision_recall


def distance(x, y):
    return float(np.sqrt(sum((p - q) ** 2 for p, q in zip(x, y, strict=True))))


def radius(samples, i, k):
    return sorted(distance(samples[i], y) for j, y in enumerate(samples) if j != i)[k - 1]


def naive_precision_recall(real, fake, k):
    """By the definition, one pair at a time."""

    def share_within(samples, centers):
        radii = [radius(centers, i, k) for i in range(len(centers))]
        return np.mean(
            [any(distance(x, c) <= r for c, r in zip(centers, radii, strict=True)) for x in samples]
        )

    return share_within(fake, real), share_within(real, fake)


def naive_density_coverage(real, fake, k):
    inside = [[distance(y, x) < radius(real, i, k) for y in fake] for i, x in enumerate(real)]
    return np.sum(inside) / (k * len(fake)), np.mean([any(row) for row in inside])


@pytest.mark.parametrize("k", [1, 3, 7])
@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_the_definitions(rng, monkeypatch, k, offset):
    """In blocks that do not divide the sets, and far from the origin."""
    monkeypatch.setattr(manifold, "BLOCK", 9)
    real = rng.normal(size=(40, 3)) + offset
    fake = 0.8 * rng.normal(size=(25, 3)) + 0.5 + offset
    found = precision_recall(real, fake, neighbors=k)
    assert (found.precision, found.recall) == naive_precision_recall(real, fake, k)
    found = density_coverage(real, fake, neighbors=k)
    density, coverage = naive_density_coverage(real, fake, k)
    assert found.density == pytest.approx(density, rel=1e-12)
    assert found.coverage == coverage


def test_density_and_coverage_of_equal_distributions_have_known_expectations():
    """1, and 1 − Π (n − i) / (n + m − i) for i = 1 … k: no fake among the k nearest of a real."""
    n, m, k = 30, 20, 3
    found = []
    for seed in range(500):
        rng = np.random.default_rng(seed)
        result = density_coverage(rng.normal(size=(n, 2)), rng.normal(size=(m, 2)), neighbors=k)
        found.append((result.density, result.coverage))
    i = np.arange(1, k + 1)
    expected = 1.0, 1 - np.prod((n - i) / (n + m - i))
    error = np.std(found, axis=0) / np.sqrt(500)
    assert (np.abs(np.mean(found, axis=0) - expected) < 4 * error).all()
    assert (error < 0.02).all()


def test_identical_sets(rng):
    """Open balls hold their centre and k − 1 more: density 1, as the authors' code has it."""
    x = rng.normal(size=(200, 5))
    found = precision_recall(x, x)
    assert (found.precision, found.recall) == (1.0, 1.0)
    found = density_coverage(x, x, neighbors=5)
    assert (found.density, found.coverage) == (1.0, 1.0)
    centers = rng.integers(5, size=(1200, 64)) * 2.0
    clusters = centers[rng.integers(9, size=1200)] + 1e-3 * rng.normal(size=(1200, 64))
    found = density_coverage(clusters, clusters[::-1])  # rounding falls otherwise in other blocks
    assert (found.density, found.coverage) == (1.0, 1.0)


def test_disjoint_sets(rng):
    x, y = rng.normal(size=(2, 100, 5))
    found = precision_recall(x, y + 100)
    assert (found.precision, found.recall) == (0.0, 0.0)
    found = density_coverage(x, y + 100)
    assert (found.density, found.coverage) == (0.0, 0.0)


def mixture(rng, n, modes=range(8), noise=0.1):
    """Samples of the corners of a cube."""
    corners = np.array(list(np.ndindex(2, 2, 2)), "float64")
    return corners[rng.choice(list(modes), n)] + noise * rng.normal(size=(n, 3))


def scores(real, fake):
    quality, spread = precision_recall(real, fake), density_coverage(real, fake)
    return np.array([quality.precision, quality.recall, spread.density, spread.coverage])


def test_which_way_each_moves(rng):
    real, fake = mixture(rng, 1000), mixture(rng, 1000)
    precision, recall, density, coverage = scores(real, fake)
    assert min(precision, recall, coverage) > 0.9
    assert density == pytest.approx(1.0, abs=0.1)

    dropped = scores(real, mixture(rng, 1000, modes=range(4)))
    assert dropped[[0, 2]] == pytest.approx([precision, density], abs=0.1)
    assert dropped[[1, 3]] == pytest.approx([recall / 2, coverage / 2], abs=0.05)

    invented = scores(mixture(rng, 1000, modes=range(4)), fake)  # half of the fakes are unreal
    assert invented[[0, 2]] == pytest.approx([precision / 2, density / 2], abs=0.05)
    assert invented[1] == pytest.approx(recall, abs=0.1)

    repeated = scores(real, fake[np.arange(1000) % 50])
    assert repeated[0] == pytest.approx(precision, abs=0.1)
    assert repeated[1] < 0.2
    assert repeated[3] < 0.4

    noisy = scores(real, mixture(rng, 1000, noise=0.3))
    assert noisy[0] < precision - 0.3
    assert noisy[2] < 0.5

    narrow = scores(real, mixture(rng, 1000, noise=0.02))
    assert narrow[0] > 0.99
    assert narrow[1] < 0.1
    assert narrow[2] > 1.15

    for shift in (0.2, 0.4):
        shifted = scores(real, fake + shift)
        assert (shifted < [precision, recall, density, coverage]).all()
        precision, recall, density, coverage = shifted


def test_an_outlier_makes_a_large_ball_that_density_hardly_notices(rng):
    real, fake = rng.normal(size=(200, 2)), rng.normal(size=(200, 2)) + 8
    real[0] = 12.0
    assert precision_recall(real, fake).precision > 0.9
    assert density_coverage(real, fake).density < 0.3


@pytest.mark.parametrize("where", [0, 1])
def test_an_exploded_sample_takes_the_digits_of_the_others_not_along(rng, where):
    """From the mean of all, which it would shift, the others would all lie in one place."""
    real, fake = sets = rng.normal(size=(40, 2)), rng.normal(size=(40, 2)) + 2
    sets[where][0] = 1e9
    expected = *naive_precision_recall(real, fake, 3), *naive_density_coverage(real, fake, 5)
    assert max(expected[1:]) < 0.8
    assert scores(real, fake) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_repeated_samples_have_balls_of_no_size_which_hold_their_centre(rng, offset):
    x = np.repeat(rng.normal(size=(10, 64)), 6, axis=0) + offset
    found = precision_recall(x, x[::2], neighbors=2)
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert density_coverage(x, x + 1e-3).coverage == 0.0


@pytest.mark.parametrize("offset", [0.0, 1e3])
def test_open_balls_of_no_size_hold_nothing(rng, offset):
    x = np.repeat(rng.normal(size=(10, 64)), 6, axis=0) + offset
    found = density_coverage(x, x, neighbors=5)
    assert (found.density, found.coverage) == (0.0, 0.0)
    assert density_coverage(x, x, neighbors=6).coverage == 1.0


def test_a_sample_on_the_sphere_is_in_a_closed_ball_and_not_in_an_open_one():
    line = np.arange(8.0)[:, None] / 3 + 5
    found = precision_recall(line[:4], line[4:], neighbors=1)
    assert (found.precision, found.recall) == (0.25, 0.25)
    assert density_coverage(line[:4], line[4:], neighbors=1).density == 0.0


def test_what_is_printed(rng):
    real, fake = rng.normal(size=(30, 2)), rng.normal(size=(20, 2))
    for found in (precision_recall(real, fake), density_coverage(real, fake)):
        assert (found.real_samples, found.fake_samples) == (30, 20)
        assert f"({found.neighbors} neighbours, 30 real and 20 fake samples)" in str(found)


@pytest.mark.parametrize("score", [precision_recall, density_coverage])
@pytest.mark.parametrize(
    ("real", "fake", "neighbors", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), 3, r"real must be an array \(n, d\)"),
        (np.zeros((5, 2)), np.zeros((5, 8, 8)), 3, "fake must .*Flatten images first"),
        (np.zeros((5, 2)), np.zeros((5, 3)), 3, "d = 2 in real and d = 3 in fake"),
        (np.zeros((5, 2)), np.full((5, 2), np.inf), 3, "fake has NaN or infinite"),
        (np.zeros((5, 2)), np.zeros((9, 2)), 5, "neighbors=5 needs at least 6 .* set of 5"),
        (np.zeros((5, 2)), np.zeros((9, 2)), 0, "neighbors must .*received 0"),
    ],
)
def test_errors(score, real, fake, neighbors, message):
    with pytest.raises(ValueError, match=message):
        score(real, fake, neighbors=neighbors)


def test_only_precision_and_recall_need_neighbors_among_the_fakes():
    few, many = np.zeros((3, 2)), np.ones((9, 2)).cumsum(axis=0)
    assert density_coverage(many, few + 5.0, neighbors=5).coverage == 1.0
    with pytest.raises(ValueError, match="neighbors=5 .*set of 3"):
        precision_recall(many, few, neighbors=5)
