"""The inception score against its definition and its bounds."""

import math

import numpy as np
import pytest

from keras_gan.metrics import inception_score


def naive(p):
    """exp of the mean divergence from the mean, one number at a time."""
    marginal = [sum(row[k] for row in p) / len(p) for k in range(p.shape[1])]
    divergences = [
        sum(q * math.log(q / m) for q, m in zip(row, marginal, strict=True) if q > 0) for row in p
    ]
    return math.exp(sum(divergences) / len(p))


def test_the_definition_split_by_split(rng):
    p = rng.dirichlet(0.3 * np.ones(5), size=103)
    p[0] = [0, 1, 0, 0, 0]
    found = inception_score(p, splits=4, seed=3)
    parts = np.array_split(p[np.random.default_rng(3).permutation(103)], 4)
    expected = [naive(part) for part in parts]
    assert found.mean == pytest.approx(np.mean(expected), rel=1e-12)
    assert found.standard_deviation == pytest.approx(np.std(expected), rel=1e-10)
    assert (found.splits, found.samples) == (4, 103)
    assert float(found) == found.mean
    assert "4 splits of 103 samples" in str(found)


def test_its_bounds(rng):
    """Every class for sure: k. All alike: 1."""
    sure = np.eye(10)[rng.permutation(np.arange(1000) % 10)]
    assert float(inception_score(sure, splits=1)) == pytest.approx(10.0, rel=1e-12)
    alike = np.tile(rng.dirichlet(np.ones(10)), (50, 1))
    assert float(inception_score(alike)) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("classes", [np.arange(2000) // 200, np.arange(2000) % 10])
def test_samples_in_an_order_of_their_classes_score_as_well(classes):
    """By halves or by turns: 10, but for the classes' chance shares of a part."""
    assert float(inception_score(np.eye(10)[classes])) == pytest.approx(10.0, rel=0.05)


def test_lost_classes_and_doubt_lower_it_repetition_does_not(rng):
    classes = rng.permutation(np.arange(5000) % 10)
    p = 0.9 * np.eye(10)[classes] + 0.01

    def entropy(q):
        return -(q * np.log(q)).sum()

    found = []
    for k in (10, 5, 1):
        marginal = np.where(np.arange(10) < k, 0.9 / k, 0.0) + 0.01
        found.append(float(inception_score(p[classes < k])))
        assert found[-1] == pytest.approx(np.exp(entropy(marginal) - entropy(p[0])), rel=0.01)
    full = found[0]
    assert full > found[1] > found[2]
    doubtful = 0.5 * np.eye(10)[classes] + 0.05
    assert float(inception_score(doubtful)) < full / 2
    repeated = p[[int(np.argmax(classes == k)) for k in range(10)] * 100]
    assert float(inception_score(repeated)) == pytest.approx(full, rel=0.05)


def test_probabilities_of_low_precision_are_scaled_to_sum_to_one(rng):
    p = rng.dirichlet(np.ones(10), size=100)
    rough = inception_score(p.astype("float16"))
    assert float(rough) == pytest.approx(float(inception_score(p)), rel=1e-3)
    assert float(inception_score(1.005 * p)) == pytest.approx(float(inception_score(p)), rel=1e-12)


@pytest.mark.parametrize(
    ("p", "splits", "message"),
    [
        (np.ones(5), 1, r"probabilities must be an array \(n, d\)"),
        (np.full((5, 2), np.nan), 1, "probabilities has NaN"),
        (np.array([[2.0, -1.0], [0.5, 0.5]]), 1, "at least 0.*values from -1"),
        (np.array([[0.5, 0.5], [0.9, 0.4]]), 1, "sums to 1.3.*softmax"),
        (np.full((5, 2), 0.5), 6, "splits=6 for 5 samples"),
        (np.full((5, 2), 0.5), 0, "splits must .*received 0"),
    ],
)
def test_errors(p, splits, message):
    with pytest.raises(ValueError, match=message):
        inception_score(p, splits=splits)
