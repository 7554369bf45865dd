"""Probes of features against a neighbour search by hand, known classes and scikit-learn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import keras_gan as kg
from keras_gan.metrics import linear_probe_accuracy, nearest_neighbour_accuracy, probes


def blobs(rng, n=120, d=4, spread=1.0):
    """Vectors around one centre a class, and their classes."""
    labels = rng.integers(0, 3, size=n)
    return 3.0 * np.eye(3, d)[labels] + spread * rng.normal(size=(n, d)), labels


def by_hand(features, labels, tests, test_labels):
    right = 0
    for x, label in zip(tests, test_labels, strict=True):
        distances = [np.sqrt(np.sum((x - other) ** 2)) for other in features]
        right += labels[int(np.argmin(distances))] == label
    return right / len(tests)


@pytest.mark.parametrize("shift", [0.0, 1e8])
@pytest.mark.parametrize("at_a_time", [2**24, 500, 1])
def test_the_nearest_neighbour_is_that_of_a_search_by_hand(rng, monkeypatch, shift, at_a_time):
    monkeypatch.setattr(probes, "MOST_DISTANCES", at_a_time)
    x, y = blobs(rng)
    tests, test_labels = blobs(rng, n=50)
    expected = by_hand(x, y, tests, test_labels)
    assert 0.5 < expected < 1  # some are wrong, so that it tells something
    assert nearest_neighbour_accuracy(x + shift, y, tests + shift, test_labels) == expected


def test_each_sample_is_its_own_nearest_neighbour(rng):
    x, y = blobs(rng, spread=5.0)
    assert nearest_neighbour_accuracy(x, y, x, y) == 1.0
    assert nearest_neighbour_accuracy(x, y, x, (y + 1) % 3) == 0.0


def test_float32_images_as_features(rng):
    x, y = blobs(rng, d=16)
    images = x.astype("float32").reshape(-1, 4, 4, 1)
    features, _ = kg.metrics.pixel_features(images)
    assert nearest_neighbour_accuracy(features, y, features, y) == 1.0


def test_a_linear_probe_finds_what_a_line_tells_apart_and_nothing_else(rng):
    x = rng.normal(size=(400, 2))
    halves = (x @ [1.0, -2.0] > 0.3).astype(int)
    assert linear_probe_accuracy(x[:200], halves[:200], x[200:], halves[200:]) >= 0.97
    crossed = (x[:, 0] * x[:, 1] > 0).astype(int)  # exclusive or
    assert linear_probe_accuracy(x[:200], crossed[:200], x[200:], crossed[200:]) < 0.65


def test_a_linear_probe_does_not_depend_on_the_scale_of_components(rng):
    x, y = blobs(rng)
    tests, test_labels = blobs(rng, n=50)
    plain = linear_probe_accuracy(x, y, tests, test_labels)
    scale, shift = np.array([1e-3, 1.0, 50.0, 1e4]), np.array([5.0, 0.0, -3.0, 1e3])
    scaled = linear_probe_accuracy(scale * x + shift, y, scale * tests + shift, test_labels)
    assert scaled == plain
    assert linear_probe_accuracy(x, y, tests, test_labels, seed=5) == plain


def test_a_linear_probe_on_classes_at_random_is_at_chance(rng):
    x, y = rng.normal(size=(2000, 5)), rng.integers(0, 4, size=2000)
    assert_allclose(linear_probe_accuracy(x[:1000], y[:1000], x[1000:], y[1000:]), 0.25, atol=0.06)


def test_a_linear_probe_that_has_not_converged_says_so(rng, monkeypatch):
    monkeypatch.setattr(probes, "MOST_ITERATIONS", 2)
    x, y = blobs(rng)
    with pytest.warns(UserWarning, match="not converged after 2 iterations"):
        accuracy = linear_probe_accuracy(x, y, x, y)
    assert 0.5 < accuracy <= 1


ERRORS = {
    "images": ({"features": np.zeros((4, 2, 2))}, "features must be an array .n, d."),
    "lengths": ({"test_features": np.zeros((3, 5))}, "d = 2 in features and d = 5 in test_feat"),
    "nan": ({"test_features": np.full((3, 2), np.nan)}, "test_features has NaN"),
    "too few labels": ({"labels": [0, 1, 0]}, r"labels must be .* of the 4 rows of features; .*3,"),
    "one-hot": ({"test_labels": np.eye(3, dtype=int)}, r"test_labels must .* shape \(3, 3\)"),
    "floats": ({"labels": [0.0, 1.0, 0.0, 1.0]}, "labels must be whole numbers.*float64"),
}


@pytest.mark.parametrize("probe", [nearest_neighbour_accuracy, linear_probe_accuracy])
@pytest.mark.parametrize(("wrong", "message"), ERRORS.values(), ids=ERRORS)
def test_what_does_not_fit_is_refused(probe, wrong, message):
    given = {
        "features": np.zeros((4, 2)),
        "labels": [0, 1, 0, 1],
        "test_features": np.zeros((3, 2)),
        "test_labels": [0, 1, 0],
    }
    with pytest.raises(ValueError, match=message):
        probe(**{**given, **wrong})


def test_a_linear_probe_needs_two_classes():
    with pytest.raises(ValueError, match="at least two different values; all 4 are 7"):
        linear_probe_accuracy(np.eye(4), [7] * 4, np.eye(4), [7] * 4)
