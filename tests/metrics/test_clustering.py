"""The accuracy of clusters against every assignment in turn."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose

from keras_gan.metrics import cluster_accuracy


def by_hand(labels, clusters):
    """The best of all maps that give every cluster a class of its own, or none."""
    names = list(np.unique(clusters))
    classes = list(np.unique(labels)) + [None] * len(names)
    best = 0.0
    for chosen in set(itertools.permutations(classes, len(names))):
        meant = dict(zip(names, chosen, strict=True))
        right = [meant[c] == y for y, c in zip(labels, clusters, strict=True)]
        best = max(best, np.mean(right))
    return best


@pytest.mark.parametrize("classes", [1, 2, 3, 4])
@pytest.mark.parametrize("found", [1, 3, 4])
def test_it_is_the_best_of_all_assignments(classes, found):
    rng = np.random.default_rng(10 * classes + found)
    for _ in range(10):
        labels = rng.integers(-1, classes - 1, size=17)
        clusters = np.where(
            rng.random(17) < 0.5, (labels + 2) % found, rng.integers(found, size=17)
        )
        assert_allclose(cluster_accuracy(labels, 5 * clusters - 3), by_hand(labels, clusters))


def test_the_greedy_assignment_is_not_always_the_best():
    """Cluster 0 has most of class 0, yet 0 ↦ 1 and 1 ↦ 0 name more of all."""
    counts = np.array([[5, 4], [4, 0]])  # classes by clusters
    labels, clusters = (np.repeat(each.ravel(), counts.ravel()) for each in np.indices((2, 2)))
    assert cluster_accuracy(labels, clusters) == 8 / 13


def test_names_of_clusters_do_not_matter(rng):
    labels = rng.integers(10, size=1000)
    names = rng.permutation(10)
    assert cluster_accuracy(labels, names[labels].astype("int32")) == 1.0
    assert cluster_accuracy(names[labels], labels) == 1.0


def test_clusters_at_random_are_a_little_above_chance(rng):
    labels, clusters = rng.integers(10, size=(2, 10_000))
    assert 0.1 < cluster_accuracy(labels, clusters) < 0.125


def test_samples_of_clusters_beyond_the_classes_are_wrong():
    assert cluster_accuracy([0, 0, 0, 1], [0, 1, 2, 3]) == 0.5
    assert cluster_accuracy([0, 1, 2, 3], [0, 0, 0, 1]) == 0.5


ERRORS = {
    "lengths": ([0, 1], [0, 1, 1], r"clusters of shape \(3,\).*and labels of shape \(2,\)"),
    "none": (np.zeros(0, int), np.zeros(0, int), r"labels of shape \(0,\)"),
    "one-hot": (np.eye(3, dtype=int), [0, 1, 2], r"labels of shape \(3, 3\)"),
    "scalar": (0, 0, r"labels of shape \(\)"),
    "floats": ([0, 1], [0.0, 1.0], "clusters .* float64"),
}


@pytest.mark.parametrize(("labels", "clusters", "message"), ERRORS.values(), ids=ERRORS)
def test_what_is_no_class_and_cluster_a_sample_is_refused(labels, clusters, message):
    with pytest.raises(ValueError, match=message):
        cluster_accuracy(labels, clusters)
