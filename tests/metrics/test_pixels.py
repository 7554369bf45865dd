"""Pixels as features."""

import numpy as np
import pytest

from keras_gan.metrics import pixel_features


def test_small_images_and_points_are_taken_as_they_are(rng):
    images, points = rng.normal(size=(5, 8, 8, 1)), rng.normal(size=(5, 2))
    features, space = pixel_features(images)
    np.testing.assert_array_equal(features, images.reshape(5, 64))
    assert space == "pixels, 64-d"
    features, space = pixel_features(points)
    np.testing.assert_array_equal(features, points)
    assert space == "coordinates, 2-d"


def test_large_images_are_averaged_over_blocks_and_the_description_says_so(rng):
    images = rng.normal(size=(3, 32, 32, 3))
    features, space = pixel_features(images)
    assert space == "pixels averaged over 2 x 2 blocks, 768-d"
    expected = images[1, 4:6, 10:12, 2].mean()
    assert features[1].reshape(16, 16, 3)[2, 5, 2] == pytest.approx(expected)


@pytest.mark.parametrize("shape", [(28, 28, 1), (33, 40, 3), (64, 64, 1), (129, 127, 3)])
def test_never_more_than_1024_numbers(shape):
    features, space = pixel_features(np.zeros((2, *shape)))
    assert features.shape[1] <= 1024
    assert f"{features.shape[1]}-d" in space


def test_other_ranks_are_refused():
    with pytest.raises(ValueError, match=r"received shape \(3, 8, 8\)"):
        pixel_features(np.zeros((3, 8, 8)))
