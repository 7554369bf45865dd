"""The kernel distance against its definition, and what it does not depend on."""

import numpy as np
import pytest

from keras_gan.metrics import kernel_distance


def naive(a, b, degree):
    """Sums over pairs, one at a time."""

    def k(x, y):
        return (float(np.dot(x, y)) / len(x) + 1.0) ** degree

    def within(z):
        pairs = [k(x, y) for i, x in enumerate(z) for j, y in enumerate(z) if i != j]
        return np.mean(pairs)

    return within(a) + within(b) - 2 * np.mean([k(x, y) for x in a for y in b])


def whole_sets(a, b, **options):
    """The estimate from all samples of equally large sets."""
    return float(kernel_distance(a, b, subsets=1, subset_size=len(a), **options))


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_sums_over_pairs(rng, degree):
    a, b = rng.normal(size=(2, 25, 6)) + np.array([[[0.0]], [[0.7]]])
    assert whole_sets(a, b, degree=degree) == pytest.approx(naive(a, b, degree), rel=1e-11)


def test_at_degree_one_it_is_the_squared_distance_of_means_less_its_bias(rng):
    a, b = rng.normal(size=(2, 50, 8))
    bias = (a.var(axis=0, ddof=1) + b.var(axis=0, ddof=1)).sum() / 50
    expected = (np.square(a.mean(axis=0) - b.mean(axis=0)).sum() - bias) / 8
    assert whole_sets(a, b, degree=1) == pytest.approx(expected, rel=1e-10)


def test_the_expectation_does_not_depend_on_the_subsets_size(rng):
    a, b = rng.normal(size=(2, 100, 3)) + np.array([[[0.0]], [[0.3]]])
    expected = whole_sets(a, b)
    for size in (2, 10, 50):
        found = kernel_distance(a, b, subsets=2000, subset_size=size)
        standard_error = found.standard_deviation / np.sqrt(2000)
        assert abs(found.mean - expected) < 4 * standard_error
        assert standard_error < 0.3


def test_equal_distributions_average_to_zero_also_with_few_samples():
    """Where the Fréchet distance would have a bias of about d² / n."""
    values = []
    for seed in range(400):
        a, b = np.random.default_rng(seed).normal(size=(2, 10, 20))
        values.append(whole_sets(a, b))
    assert abs(np.mean(values)) < 4 * np.std(values) / 20
    assert min(values) < 0 < max(values)


def test_mean_and_spread_are_those_of_the_subsets(rng):
    a, b = rng.normal(size=(2, 60, 3))
    found = kernel_distance(a, b, subsets=30, subset_size=20, seed=3)
    generator = np.random.default_rng(3)
    values = []
    for _ in range(30):
        x, y = (z[generator.choice(60, 20, replace=False)] for z in (a, b))
        values.append(naive(x, y, 3))
    assert found.mean == pytest.approx(np.mean(values), rel=1e-10)
    assert found.standard_deviation == pytest.approx(np.std(values), rel=1e-10)


def test_seed_symmetry_and_what_is_printed(rng):
    a, b = rng.normal(size=(300, 4)), rng.normal(size=(200, 4)) + 1
    first, again, other = (
        kernel_distance(a, b, subsets=5, subset_size=50, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again != other
    assert whole_sets(a[:200], b) == pytest.approx(whole_sets(b, a[:200]), rel=1e-12)
    assert (first.n, first.m, first.subsets, first.subset_size) == (300, 200, 5, 50)
    assert type(float(first)) is float
    assert float(first) == first.mean
    assert f"{first.mean:.4g} ±" in str(first)
    assert "5 subsets of 50 from 300 and 200 samples" in str(first)


def test_all_samples_are_one_subset_without_a_spread(rng):
    """A hundred times the same, but for rounding, would be a spread of nothing."""
    a, b = rng.normal(size=(2, 60, 3))
    found = kernel_distance(a, b)
    assert (found.subsets, found.subset_size) == (1, 60)
    assert np.isnan(found.standard_deviation)
    assert found.mean == pytest.approx(naive(a, b, 3), rel=1e-10)
    assert str(found) == f"kernel distance {found.mean:.4g} (of all 60 and 60 samples at once)"
    assert found == kernel_distance(a, b, subsets=7, subset_size=60)


@pytest.mark.parametrize(("n", "m", "size"), [(60, 90, 60), (90, 60, 60), (1001, 2, 2)])
def test_a_subset_has_by_itself_no_more_samples_than_a_set(rng, n, m, size):
    a, b = rng.normal(size=(n, 3)), rng.normal(size=(m, 3))
    found = kernel_distance(a, b, subsets=5)
    assert found == kernel_distance(a, b, subsets=5, subset_size=size)
    assert (found.subsets, found.subset_size) == (5, size)
    assert found.standard_deviation > 0


def test_a_subset_has_by_itself_a_thousand_samples(rng):
    a, b = rng.normal(size=(2, 1001, 3))
    found = kernel_distance(a, b, subsets=2)
    assert (found.subset_size, found) == (1000, kernel_distance(a, b, subsets=2, subset_size=1000))


def test_what_makes_samples_worse_makes_the_distance_larger(rng):
    """Shift, scale, noise, duplication and the loss of modes, each farther than before."""
    centers = rng.normal(size=(8, 4))
    labels = rng.integers(8, size=(2, 2000))
    real, fake = centers[labels] + 0.5 * rng.normal(size=(2, 2000, 4))
    noise = rng.normal(size=fake.shape)
    for worse in (
        [fake, fake + 0.5, fake + 1.0],
        [fake, 1.3 * fake, 1.6 * fake],
        [fake, fake + noise, fake + 2 * noise],
        [fake, fake[np.arange(2000) % 20], fake[np.arange(2000) % 5]],
        [fake, fake[labels[1] < 5], fake[labels[1] < 2]],
    ):
        found = [float(kernel_distance(real, x, subsets=10, subset_size=400)) for x in worse]
        assert found == sorted(found)
        assert found[1] > 5 * abs(found[0])


@pytest.mark.parametrize(
    ("a", "b", "options", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), {}, r"features_a must be an array \(n, d\)"),
        (np.zeros((5, 2)), np.zeros((5, 3)), {}, "d = 2 in features_a and d = 3 in features_b"),
        (np.zeros((5, 2)), np.full((5, 2), np.nan), {}, "features_b has NaN"),
        (np.zeros((1, 2)), np.zeros((5, 2)), {}, "features_a must hold at least two"),
        (
            np.zeros((999, 2)),
            np.zeros((2000, 2)),
            {"subset_size": 1000},
            "subset_size=1000 for sets of 999 and 2000.*smaller subset_size",
        ),
        (np.zeros((5, 2)), np.zeros((5, 2)), {"subset_size": 1}, "subset_size must .* least 2"),
        (np.zeros((5, 2)), np.zeros((5, 2)), {"subsets": 0}, "subsets must .*received 0"),
        (np.zeros((5, 2)), np.zeros((5, 2)), {"degree": 2.5}, "degree must .*received 2.5"),
    ],
)
def test_errors(a, b, options, message):
    with pytest.raises(ValueError, match=message):
        kernel_distance(a, b, **options)
