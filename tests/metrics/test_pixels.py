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


def test_series_and_volumes_are_flattened_or_averaged():
    series = np.arange(24.0).reshape(2, 4, 3)
    np.testing.assert_array_equal(pixel_features(series)[0], series.reshape(2, 12))
    long = np.repeat(series, 128, axis=1)  # 512 steps of 3 channels are averaged over pairs
    np.testing.assert_array_equal(pixel_features(long)[0], np.repeat(series, 64, 1).reshape(2, -1))
    volumes = np.random.default_rng(0).normal(size=(2, 16, 16, 16, 1))
    features, space = pixel_features(volumes)
    assert space == "values averaged over blocks of 2 x 2 x 2, 512-d"
    assert features[1, 3] == pytest.approx(volumes[1, :2, :2, 6:8].mean())


def test_a_single_number_is_no_sample():
    with pytest.raises(ValueError, match=r"received shape \(3,\)"):
        pixel_features(np.zeros(3))
