"""Classifiers made of labelled images."""

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits

from keras_gan.data import random_affine
from keras_gan.metrics import convolutional_classifier, pixel_classifier


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits(return_X_y=True)
    return images.reshape(-1, 8, 8, 1) / 8 - 1, labels


def test_one_of_pixels_is_right_on_digits_it_has_not_seen(digits):
    images, labels = digits
    classify, accuracy = pixel_classifier(images[:1200], labels[:1200], seed=0)
    assert 0.96 < accuracy < 1.0
    unseen = (classify(images[1200:]) == labels[1200:]).mean()
    assert accuracy == pytest.approx(unseen, abs=0.05)


def test_the_accuracy_is_that_on_held_out_images_not_on_those_trained_on(rng):
    noise, labels = rng.normal(size=(400, 4, 4, 1)), rng.integers(2, size=400)
    _, accuracy = pixel_classifier(noise, labels)
    assert accuracy == pytest.approx(0.5, abs=0.15)


@pytest.mark.thorough
def test_one_of_convolutions_knows_digits_that_are_turned_and_slanted(digits):
    """It is right on far more of them than the machine on pixels, and on upright ones too."""
    images, labels = digits
    moved = random_affine(images[1200:], seed=9)
    kept, labels_of_all = {}, labels + 3
    for make, options in ((pixel_classifier, {}), (convolutional_classifier, {"steps": 300})):
        classify, accuracy = make(images[:1200], labels_of_all[:1200], **options)
        assert accuracy > 0.9
        kept[make] = np.mean(classify(moved) == labels_of_all[1200:])
    assert kept[convolutional_classifier] > kept[pixel_classifier] + 0.05
    assert kept[convolutional_classifier] > 0.8


@pytest.mark.thorough
def test_seeds_decide_what_a_network_learns_and_leave_other_draws_alone(digits):
    images, labels = digits[0][:300], digits[1][:300]
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    made = [convolutional_classifier(images, labels, s, steps=5)[0](images) for s in (0, 0, 1)]
    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).any()
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.thorough
def test_a_network_is_trained_on_as_many_images_as_allowed(digits):
    images, labels = digits
    _, all_of_them = convolutional_classifier(images, labels, steps=60)
    _, three = convolutional_classifier(images, labels, steps=60, most=3)
    assert three < 0.5 < all_of_them


@pytest.mark.thorough
@pytest.mark.parametrize("shape", [(12, 9, 3), (32, 32, 1), (4, 4, 1)])
def test_images_of_any_size(shape, rng):
    images, labels = rng.uniform(-1, 1, (20, *shape)), np.arange(20) % 2
    classify, _ = convolutional_classifier(images, labels, steps=2)
    assert set(classify(images)) <= {0, 1}
    with pytest.raises(ValueError, match=r"an array of shape \(0, "):
        classify(images[:0])
    with pytest.raises(ValueError, match="takes at least one image of shape"):
        classify(images[:, 1:])
    with pytest.raises(ValueError, match="NaN"):
        classify(images * np.nan)


@pytest.mark.thorough
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_the_policy_of_precision_is_not_the_networks(policy, digits):
    images, labels = digits[0][:200], digits[1][:200]
    expected, _ = convolutional_classifier(images, labels, steps=10)
    keras.config.set_dtype_policy(policy)
    found, _ = convolutional_classifier(images, labels, steps=10)
    np.testing.assert_array_equal(found(images), expected(images))


@pytest.mark.thorough
def test_bytes_are_images_too(digits):
    images, labels = digits[0][:200], digits[1][:200]
    bytes_ = np.rint((images + 1) * 127.5).astype("uint8")
    floats = bytes_.astype("float32") / np.float32(127.5) - 1
    classify, accuracy = convolutional_classifier(bytes_, labels, steps=20)
    same, equal = convolutional_classifier(floats, labels, steps=20)
    np.testing.assert_array_equal(classify(bytes_), same(floats))
    assert accuracy == equal


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((5, 8, 8)), np.arange(5), r"received \(5, 8, 8\)"),
        (np.zeros((5, 8, 8, 1)), np.zeros((5, 1), int), r"labels of shape \(5, 1\)"),
        (np.zeros((3, 8, 8, 1)), np.ones(3, int), "at least two classes; .* 1 classes"),
        (np.full((5, 8, 8, 1), np.nan), np.arange(5), "320 values that are NaN"),
        (
            np.full((5, 8, 8, 1), 16.0),
            np.arange(5),
            r"in \[-1, 1\]; received values from 16",
        ),
    ],
)
def test_what_a_network_cannot_learn_from(images, labels, message):
    with pytest.raises(ValueError, match=message):
        convolutional_classifier(images, labels)
