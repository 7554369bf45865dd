"""Which classes appear among samples."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from keras_gan.metrics import class_coverage, pixel_classifier, stacked_classes


@pytest.mark.parametrize(("count", "appearing"), [(9, 9), (10, 10)])
def test_a_class_appears_from_a_tenth_of_the_uniform_share_on(count, appearing):
    classes = np.concatenate([np.arange(990) % 9, np.full(count, 9), np.zeros(10 - count, int)])
    found = class_coverage(classes, 10)
    assert (len(classes), found.least) == (1000, 10)
    assert found.appearing == appearing
    assert sum(found.counts) == 1000
    assert found.counts[9] == count


def test_evenness_of_the_classes(rng):
    assert class_coverage(np.arange(100) % 10, 10).kl == pytest.approx(0.0, abs=1e-12)
    assert class_coverage(np.arange(100) % 2, 10).kl == pytest.approx(np.log(5), rel=1e-12)
    uneven = class_coverage([0, 0, 0, 1], 2)
    expected = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert uneven.kl == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([0, 1, 3], r"lie in \[0, 3\).*0 to 3"),
        ([-1, 0], r"lie in \[0, 3\).*-1 to 0"),
        ([0.0, 1.0], "whole numbers.*float64"),
        (np.zeros((4, 3)), r"shape \(4, 3\).*argmax"),
        (np.zeros(0, int), r"shape \(0,\)"),
    ],
)
def test_what_is_no_class(classes, message):
    with pytest.raises(ValueError, match=message):
        class_coverage(classes, 3)


def test_stacked_digits_have_a_class_for_every_three_digits():
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1) / 8 - 1
    classify, _ = pixel_classifier(images, labels, seed=0)
    stacks = np.random.default_rng(0).permutation(1500).reshape(500, 3)
    stacked = np.concatenate([images[stacks[:, i]] for i in range(3)], axis=-1)
    found = stacked_classes(classify, stacked)
    expected = labels[stacks] @ [100, 10, 1]
    assert (found == expected).mean() > 0.97
    assert class_coverage(found, 1000).appearing == len(set(found))
    with pytest.raises(ValueError, match=r"received shape \(9, 8, 8, 1\)"):
        stacked_classes(classify, images[:9])
