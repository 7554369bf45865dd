"""The Vendi score against its definition, at known spectra, and what it does not notice."""

import math

import numpy as np
import pytest

from keras_gan.metrics import vendi, vendi_score


def by_definition(x, similarity, order):
    """From the whole matrix of similarities, one pair at a time."""
    matrix = np.array([[similarity(a, b) for b in x] for a in x]) / len(x)
    shares = np.linalg.eigvalsh(matrix)
    shares = shares[shares > vendi.LEAST]
    if order == 1:
        return math.exp(-np.sum(shares * np.log(shares)))
    if order == math.inf:
        return 1 / shares.max()
    return np.sum(shares**order) ** (1 / (1 - order))


def cosine(a, b):
    return a @ b / np.sqrt((a @ a) * (b @ b))


def gaussian(a, b):
    squares = np.sum(a**2, axis=1)[:, None] + np.sum(b**2, axis=1) - 2 * a @ b.T
    return np.exp(-np.maximum(squares, 0) / 2)


@pytest.mark.parametrize("order", [0.5, 1.0, 2.0, math.inf])
@pytest.mark.parametrize(("n", "d"), [(23, 4), (6, 9)])
def test_the_definition(rng, monkeypatch, order, n, d):
    """By the smaller matrix, in blocks that do not divide the set."""
    monkeypatch.setattr(vendi, "BLOCK", 7)
    x = rng.normal(size=(n, d)) + 0.3
    assert vendi_score(x, order=order) == pytest.approx(by_definition(x, cosine, order), rel=1e-9)
    found = vendi_score(x, order=order, kernel=gaussian)
    one = by_definition(x, lambda a, b: np.exp(-np.sum((a - b) ** 2) / 2), order)
    assert found == pytest.approx(one, rel=1e-6)


def test_the_number_of_kinds(rng):
    """m orthogonal kinds, equally frequent, count m; others by the entropy of their shares."""
    kinds = np.eye(6)[rng.permutation(np.repeat(np.arange(4), 25))]
    assert vendi_score(kinds * rng.uniform(1, 2, size=(100, 1))) == pytest.approx(4.0, rel=1e-9)
    shares = np.array([0.7, 0.2, 0.1])
    uneven = np.eye(3)[np.repeat(np.arange(3), (shares * 100).astype(int))]
    entropy = -np.sum(shares * np.log(shares))
    assert vendi_score(uneven) == pytest.approx(np.exp(entropy), rel=1e-9)
    orders = [vendi_score(uneven, order=q) for q in (0.1, 0.5, 1, 2, 10, math.inf)]
    assert orders == sorted(orders, reverse=True)
    assert vendi_score(uneven, order=1 + 1e-5) == pytest.approx(vendi_score(uneven), rel=1e-4)


def test_copies_count_nothing_and_order_and_lengths_do_not_matter(rng):
    x = rng.normal(size=(40, 5))
    score = vendi_score(x)
    assert 1 < score < 5
    again = np.repeat(x, 3, axis=0)[rng.permutation(120)] * 7
    assert vendi_score(again) == pytest.approx(score, rel=1e-9)
    assert vendi_score(np.ones((9, 3))) == pytest.approx(1.0, rel=1e-9)
    assert vendi_score(np.eye(8)) == pytest.approx(8.0, rel=1e-9)


def test_memory_does_not_grow_with_the_square_of_the_samples(rng, monkeypatch):
    shapes, usual = [], np.linalg.eigvalsh
    monkeypatch.setattr(np.linalg, "eigvalsh", lambda m: shapes.append(m.shape) or usual(m))
    vendi_score(rng.normal(size=(5000, 3)))
    assert shapes == [(4, 4)]


def test_zeros_are_alike_and_unlike_all_others():
    """Black images, or features behind a ReLU that are all inactive."""
    zeros = np.zeros((4, 2))
    assert vendi_score(np.concatenate([zeros, np.eye(2)[[0, 0, 0, 0]]])) == pytest.approx(2.0)
    assert vendi_score(np.eye(3)[[0, 1]] * [[1.0], [0.0]]) == pytest.approx(2.0)
    assert vendi_score(zeros) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("features", "options", "message"),
    [
        (np.zeros(5), {}, r"features must be an array \(n, d\)"),
        (np.eye(3), {"order": 0}, "order must be a number greater than 0; received 0"),
        (np.eye(3), {"kernel": "linear"}, "kernel must be \"cosine\" or a function.*'linear'"),
        (np.eye(3), {"kernel": lambda a, b: a @ b.T * 2}, "1 of equal samples"),
        (np.eye(3), {"kernel": lambda a, b: a.sum(axis=1)}, r"similarities \(3, 3\)"),
        (np.eye(3), {"kernel": lambda a, b: 2 * a @ b.T - 1}, "no negative eigenvalues"),
    ],
)
def test_errors(features, options, message):
    with pytest.raises(ValueError, match=message):
        vendi_score(features, **options)
