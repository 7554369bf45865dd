"""Which classes appear among samples."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from keras_gan.metrics import class_coverage, pixel_classifier


@pytest.mark.parametrize(("count", "appearing"), [(9, 9), (10, 10)])
def test_a_class_appears_from_a_tenth_of_the_uniform_share_on(count, appearing):
    classes = np.concatenate([np.arange(990) % 9, np.full(count, 9), np.zeros(10 - count, int)])
    found = class_coverage(classes, 10)
    assert (len(classes), found.least) == (1000, 10)
    assert found.appearing == appearing
    assert sum(found.counts) == 1000
    assert found.counts[9] == count


def test_a_classifier_of_digits_is_right_on_images_it_has_not_seen():
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8, 1) / 8 - 1
    classify, accuracy = pixel_classifier(images[:1200], labels[:1200], seed=0)
    assert 0.96 < accuracy < 1.0
    unseen = (classify(images[1200:]) == labels[1200:]).mean()
    assert accuracy == pytest.approx(unseen, abs=0.05)


def test_the_accuracy_is_that_on_held_out_images_not_on_those_trained_on(rng):
    noise, labels = rng.normal(size=(400, 4, 4, 1)), rng.integers(2, size=400)
    _, accuracy = pixel_classifier(noise, labels)
    assert accuracy == pytest.approx(0.5, abs=0.15)
