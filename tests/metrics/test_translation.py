"""Labels that survive a translation."""

import numpy as np
import pytest

from keras_gan.metrics import label_preservation, pixel_classifier


def shown(classes):
    """Images whose pixels are their class."""
    return np.asarray(classes, "float32")[:, None, None, None] / 10 * np.ones((1, 4, 4, 1))


def read(images):
    return np.round(10 * images[:, 0, 0, 0]).astype(int)


@pytest.mark.parametrize("shift", range(10))
def test_a_translator_that_permutes_classes_keeps_the_fixed_points_alone(shift):
    labels = np.arange(100) % 10
    translated = shown((labels + shift * (labels >= 4)) % 10)
    share = label_preservation(translated, labels, read)
    assert share == pytest.approx(1.0 if shift == 0 else 0.4)


def test_what_has_no_labels_is_refused():
    for images, labels in ((shown([1, 2]), [1]), (shown([1]), [[1]]), (shown([]), [])):
        with pytest.raises(
            ValueError, match="at least one translated image, and one label per image"
        ):
            label_preservation(images, labels, read)


def test_a_classifier_is_trained_on_as_many_images_as_allowed():
    images, labels = shown(np.arange(100) % 4), np.arange(100) % 4
    _, accuracy = pixel_classifier(images, labels)
    assert accuracy == 1.0
    few = [pixel_classifier(images, labels, seed, most=5)[1] for seed in range(5)]
    assert min(few) < 1.0  # some class is missing among five images


def test_classes_in_a_column_are_refused_and_not_compared_with_all_labels():
    images = np.zeros((4, 2, 2, 1))
    with pytest.raises(ValueError, match="one class per image"):
        label_preservation(images, [0, 1, 2, 3], lambda images: np.arange(4)[:, None])
