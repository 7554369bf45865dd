import numpy as np
import pytest
import tensorflow as tf

from keras_gan.data import images


def test_bytes_map_linearly_onto_minus_one_to_one():
    values = images.to_signed(tf.range(256)).numpy()
    assert values.dtype == np.float32
    assert values[0] == -1
    assert values[255] == 1
    np.testing.assert_allclose(np.diff(values), 2 / 255, atol=1e-6)


def test_values_of_bytes_are_the_same_inside_tf_data():
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(256, dtype=np.uint8)).batch(256)
    inside = next(dataset.map(images.to_signed).as_numpy_iterator())
    np.testing.assert_array_equal(inside, images._VALUE_OF_BYTE)


def test_packing_loses_nothing(rng):
    pixels = rng.integers(256, size=(5, 4, 3, 2), dtype=np.uint8)
    x = images.to_signed(tf.constant(pixels)).numpy()
    np.testing.assert_array_equal(images.packed(x), pixels)
    assert images.packed(x).dtype == np.uint8


def test_what_is_not_bytes_is_not_packed(rng):
    x = images.to_signed(tf.zeros((5, 4, 3, 2), tf.uint8)).numpy()
    x[3, 1, 2, 0] += 1e-6
    assert images.packed(x) is x
    points = np.ones((7, 2), np.float32)
    assert images.packed(points) is points


def test_resizing_keeps_the_middle_square():
    wide = np.zeros((4, 10, 1), np.uint8)
    wide[:, 3:7] = 200
    np.testing.assert_array_equal(images.fit(tf.constant(wide), (4, 4)), np.full((4, 4, 1), 200))
    tall = np.swapaxes(wide, 0, 1)
    np.testing.assert_array_equal(images.fit(tf.constant(tall), (2, 2)), np.full((2, 2, 1), 200))


def test_shrinking_is_antialiased():
    stripes = np.zeros((32, 32, 1), np.uint8)
    stripes[:, 1::4] = stripes[:, 2::4] = 200  # the very pixels that plain bilinear would look at
    small = images.fit(tf.constant(stripes), (8, 8)).numpy()
    assert small.dtype == np.uint8
    assert np.abs(small[:, 1:-1].astype(int) - 100).max() <= 2


@pytest.mark.parametrize("size", [2, 4, 7, 8, 40])
def test_resized_floats_stay_in_range(size):
    x = np.ones((8, 8, 3), np.float32)
    resized = images.fit(tf.constant(x), (size, size)).numpy()
    assert resized.shape == (size, size, 3)
    assert resized.dtype == np.float32
    assert np.abs(resized).max() <= 1
