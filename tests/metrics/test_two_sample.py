"""Two-sample tests: the level under the null, the power against alternatives, the statistics."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import kstest, mannwhitneyu
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier

from keras_gan.metrics import TwoSampleTest, classifier_two_sample_test, mmd_test
from keras_gan.metrics.two_sample import median_distance
from tests.slow import slow_but


def quick_mmd_test(a, b, seed=0):
    return mmd_test(a, b, permutations=99, seed=seed)


TESTS = [quick_mmd_test, classifier_two_sample_test]


@pytest.mark.parametrize("test", TESTS)
def test_p_values_are_uniform_where_the_sets_do_not_differ(test):
    """200 repetitions of unequal sizes, with p in steps of a hundredth or finer."""
    p_values = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        p_values.append(test(rng.normal(size=(60, 3)), rng.normal(size=(40, 3)), seed=seed).p_value)
    assert kstest(p_values, "uniform").pvalue > 0.05
    assert 0 < min(p_values) < 0.05
    assert 0.95 < max(p_values) <= 1


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("kind", slow_but(["shift"], ["shift", "scale"]))
def test_power_grows_with_the_number_of_samples(test, kind):
    """The share of 30 repetitions in which a small difference is found."""
    power = []
    for n in (20, 80, 320):
        found = []
        for seed in range(30):
            rng = np.random.default_rng(seed)
            a, b = rng.normal(size=(2, n, 2))
            b = b + 0.35 if kind == "shift" else 1.5 * b
            found.append(test(a, b, seed=seed).differs())
        power.append(np.mean(found))
    assert power[0] < power[1] < power[2]
    assert power[0] < 0.5
    assert power[2] > 0.9


def naive_mmd(a, b, bandwidth):
    """Sums over pairs, one at a time."""

    def k(x, y):
        return np.exp(-np.sum((x - y) ** 2) / (2 * bandwidth**2))

    def within(z):
        return np.mean([k(x, y) for i, x in enumerate(z) for j, y in enumerate(z) if i != j])

    return within(a) + within(b) - 2 * np.mean([k(x, y) for x in a for y in b])


@pytest.mark.parametrize("bandwidth", [0.5, None])
def test_the_statistic_is_the_unbiased_mmd(rng, monkeypatch, bandwidth):
    monkeypatch.setattr("keras_gan.metrics.manifold.BLOCK", 7)
    a, b = rng.normal(size=(20, 3)) + 100, rng.normal(size=(30, 3)) + 100.5
    σ = bandwidth or median_distance(np.concatenate([a, b]))
    found = mmd_test(a, b, permutations=9, bandwidth=bandwidth)
    assert found.statistic == pytest.approx(naive_mmd(a, b, σ), rel=1e-9)


def test_p_counts_the_permutations_that_are_as_extreme(rng):
    a, b = rng.normal(size=(8, 2)), rng.normal(size=(12, 2)) + 0.3
    found = mmd_test(a, b, permutations=2000, bandwidth=1.0, seed=5)
    generator, pooled = np.random.default_rng(1), np.concatenate([a, b])
    as_extreme = []
    for _ in range(150):
        order = generator.permutation(20)
        as_extreme.append(naive_mmd(pooled[order[:8]], pooled[order[8:]], 1.0) >= found.statistic)
    assert 0.1 < found.p_value < 0.6
    assert found.p_value == pytest.approx(np.mean(as_extreme), abs=0.12)  # three standard errors


def test_the_smallest_p_is_one_over_one_more_than_the_permutations(rng):
    a, b = rng.normal(size=(2, 30, 2))
    for permutations in (19, 199):
        found = mmd_test(a, b + 5, permutations=permutations)
        assert found.p_value == pytest.approx(1 / (1 + permutations), rel=1e-12)


def test_sets_without_any_difference_to_see():
    """Ties count against a difference."""
    same = np.ones((20, 2))
    found = mmd_test(same, same)
    assert (found.statistic, found.p_value) == (pytest.approx(0.0, abs=1e-12), 1.0)
    found = classifier_two_sample_test(same, same)
    assert found.statistic == 0.5
    assert found.p_value >= 0.5
    two = np.repeat([[0.0], [1.0]], [10, 10], axis=0)
    assert mmd_test(two, two).p_value > 0.9


def test_the_units_do_not_matter(rng):
    a, b = rng.normal(size=(2, 50, 3))
    for test in TESTS:
        one, other = test(a, b + 0.3), test(1e6 * a, 1e6 * b + 3e5)
        assert dataclasses.astuple(one)[1:] == pytest.approx(dataclasses.astuple(other)[1:], 1e-6)


def test_an_exploded_sample_takes_the_power_of_the_others_not_along(rng):
    """From the mean of all, which it would shift, the others would all lie in one place."""
    a, b = rng.normal(size=(60, 2)), rng.normal(size=(60, 2)) + 2
    expected = mmd_test(a[1:], b, permutations=99)
    a[0] = 1e9
    found = mmd_test(a, b, permutations=99)
    assert found.p_value == expected.p_value == 0.01
    assert found.statistic == pytest.approx(expected.statistic, rel=0.1)


def test_disjoint_sets_are_told_apart_without_error(rng):
    a, b = rng.normal(size=(2, 50, 3))
    assert classifier_two_sample_test(a, b + 20).statistic == 1.0
    assert classifier_two_sample_test(a, b + 20).differs(1e-6)


@pytest.mark.parametrize("classifier", [KNeighborsClassifier(5), RandomForestClassifier(10)])
def test_any_classifier_judged_on_the_half_that_it_was_not_trained_on(rng, classifier):
    a, b = rng.normal(size=(100, 2)), rng.normal(size=(60, 2))
    b[:, 0] += 1.5
    found = classifier_two_sample_test(a, b, classifier=classifier, seed=1)
    generator = np.random.default_rng(1)
    (a1, a2), (b1, b2) = (np.array_split(generator.permutation(z), 2) for z in (a, b))
    assert not hasattr(classifier, "classes_")  # a clone was trained
    classifier.fit(np.concatenate([a1, b1]), np.repeat([0, 1], [50, 30]))
    scores = classifier.predict_proba(np.concatenate([a2, b2]))[:, 1]
    expected = roc_auc_score(np.repeat([0, 1], [50, 30]), scores)
    assert found.statistic == pytest.approx(expected, abs=0.06)  # forests draw anew
    assert 0.75 < found.statistic < 0.95


def test_what_a_classifier_learnt_by_heart_does_not_count(rng):
    """A nearest neighbour is right on everything it was trained on."""
    a, b = rng.normal(size=(2, 200, 3))
    found = classifier_two_sample_test(a, b, classifier=KNeighborsClassifier(1))
    assert found.statistic == pytest.approx(0.5, abs=0.1)
    assert not found.differs(0.01)


class FirstNumber(ClassifierMixin, BaseEstimator):
    """Needs no training."""

    def fit(self, x, y):
        return self

    def decision_function(self, x):
        return x[:, 0]


@pytest.mark.parametrize(("m", "method"), [(2500, "exact"), (2502, "asymptotic")])
def test_ranks_are_tested_exactly_only_where_that_is_fast(rng, m, method):
    """Eight held out against 10,000 took five seconds."""
    a, b = rng.normal(size=(16, 1)), rng.normal(size=(m, 1)) + 0.3
    found = classifier_two_sample_test(a, b, classifier=FirstNumber(), seed=1)
    generator = np.random.default_rng(1)
    a, b = (np.array_split(generator.permutation(z[:, 0]), 2)[1] for z in (a, b))
    expected, other = (
        mannwhitneyu(b, a, alternative="greater", method=each).pvalue
        for each in (method, {"exact": "asymptotic", "asymptotic": "exact"}[method])
    )
    assert found.p_value == expected != other


@pytest.mark.parametrize("test", TESTS)
def test_the_seed_decides(test, rng):
    a, b = rng.normal(size=(2, 60, 2))
    first, again, other = (test(a, b, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.p_value != other.p_value


def test_what_is_printed():
    found = TwoSampleTest("MMD test", statistic=0.01234567, p_value=0.03, n=50, m=40)
    expected = "MMD test: statistic 0.01235, p = 0.03, n = 50 and 40: the sets differ at level 0.05"
    assert str(found) == expected
    assert found.differs()
    assert not found.differs(0.01)
    assert found.verdict(0.01) == "no difference found at level 0.01"
    with pytest.raises(ValueError, match="level must .*received 1.5"):
        found.differs(1.5)


@pytest.mark.parametrize("test", [mmd_test, classifier_two_sample_test])
@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros(5), np.zeros((5, 1)), r"a must be an array \(n, d\)"),
        (np.zeros((5, 2)), np.zeros((5, 3)), "d = 2 in a and d = 3 in b"),
        (np.zeros((5, 2)), np.full((5, 2), np.nan), "b has NaN"),
        (np.zeros((1, 2)), np.zeros((5, 2)), "a must hold at least two"),
    ],
)
def test_errors(test, a, b, message):
    with pytest.raises(ValueError, match=message):
        test(a, b)


def test_errors_of_one_test_alone():
    few = np.zeros((3, 2))
    with pytest.raises(ValueError, match="at least 4 samples per set.*received 3 and 5"):
        classifier_two_sample_test(few, np.zeros((5, 2)))
    for options in ({"permutations": 0}, {"bandwidth": 0.0}, {"bandwidth": -1.0}):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must"):
            mmd_test(few, few, **options)
