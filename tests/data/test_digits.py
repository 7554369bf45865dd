import numpy as np
import pytest

from keras_gan import data


def test_digits_are_scikit_learns_scaled(read):
    x, label = read(data.load("digits", labels=True))
    assert x.shape == (1797, 8, 8, 1)
    assert x.dtype == np.float32
    assert label.dtype == np.int32
    np.testing.assert_array_equal(np.unique(x), np.arange(17) / 8 - 1)
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    np.testing.assert_array_equal(np.bincount(label), counts)
    np.testing.assert_array_equal(x[0, 0, :, 0] * 8 + 8, [0, 0, 5, 13, 9, 1, 0, 0])


def test_digits_without_labels_are_the_same_images(read):
    x, _ = read(data.load("digits", labels=True))
    np.testing.assert_array_equal(x, read(data.load("digits")))


def test_digits_have_one_split():
    with pytest.raises(ValueError, match="'digits' has no split 'test'; allowed: train"):
        data.load("digits", split="test")


def test_each_channel_of_a_stack_is_a_digit_of_its_figure(read):
    bank, classes = read(data.load("digits", labels=True))
    x, label = read(data.load("stacked_digits", labels=True, seed=5).take(200))
    assert x.shape == (200, 8, 8, 3)
    for channel, weight in enumerate((100, 10, 1)):
        same = (x[:, None, :, :, channel] == bank[None, ..., 0]).all((2, 3))
        assert same.any(1).all()
        np.testing.assert_array_equal(classes[same.argmax(1)], label // weight % 10)


def test_stacks_cover_a_thousand_modes_nearly_evenly(read):
    _, label = read(data.load("stacked_digits", labels=True))
    counts = np.bincount(label)
    assert counts.shape == (1000,)
    assert counts.sum() == 50_000
    assert 0.85 < ((counts - 50) ** 2 / 50).sum() / 999 < 1.25
