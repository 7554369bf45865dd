"""The pool of earlier fakes against the loop over images that it stands for, and its laws."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.games.cyclegan.image_pool import ImagePool
from keras_gan.parallel.random_numbers import Draws, uniform


def looped(images, size, batches):
    """The pool as it is written in the authors' code, an image at a time."""
    pool, shown = [], []
    for batch, numbers in zip(images, batches, strict=True):
        for image, (coin, place) in zip(batch, numbers, strict=True):
            place = int(place * size)
            if len(pool) < size:
                pool.append(image)
                shown.append(image)
            elif coin < 0.5:
                shown.append(pool[place])
                pool[place] = image
            else:
                shown.append(image)
    return np.array(shown), np.array(pool)


def numbered(n, shape=(2, 1, 3), first=0):
    """Images that all differ."""
    size = int(np.prod(shape))
    return np.arange(first * size, (first + n) * size, dtype="float32").reshape(n, *shape)


@pytest.mark.parametrize(("size", "batch"), [(5, 1), (5, 3), (4, 9), (1, 6)])
def test_it_is_the_loop_over_images(size, batch):
    pool, draws, same = ImagePool(size, (2, 1, 3)), Draws(3), Draws(3)
    batches = [numbered(batch, first=batch * i) for i in range(20)]
    shown = np.concatenate([np.array(pool.shown(ops.array(each), draws)) for each in batches])
    drawn = [np.array(uniform((batch, 2), seed=same)) for _ in batches]
    expected, kept = looped(batches, size, drawn)
    np.testing.assert_array_equal(shown, expected)
    np.testing.assert_array_equal(pool.images, kept)
    assert int(pool.count) == size
    assert not np.array_equal(shown, np.concatenate(batches))


def test_what_comes_first_fills_it_and_passes_through():
    pool, draws = ImagePool(7, (2, 1, 3)), Draws(0)
    for i in (0, 3):
        batch = numbered(3, first=i)
        np.testing.assert_array_equal(pool.shown(ops.array(batch), draws), batch)
        assert int(pool.count) == i + 3
    np.testing.assert_array_equal(pool.images[:6], numbered(6))
    np.testing.assert_array_equal(pool.images[6], 0)


def test_then_half_of_what_is_shown_is_old_and_every_place_is_as_likely():
    size, n = 10, 4000
    pool, draws = ImagePool(size, (1,)), Draws(1)
    pool.shown(ops.array(numbered(size, (1,))), draws)
    before = np.array(pool.images)
    new = numbered(n, (1,), first=size)
    shown = np.array(pool.shown(ops.array(new), draws))
    replaced = (shown != new).mean()
    assert replaced == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / n))
    assert set(shown.ravel()) <= set(before.ravel()) | set(new.ravel())
    # all that ever went in is either shown or still there, and nothing is there twice
    everything = np.concatenate(
        [shown[shown != new], shown[shown == new], np.array(pool.images)[:, 0]]
    )
    assert sorted(everything) == sorted(np.concatenate([before, new]).ravel())

    place_of = {int(image): place for place, image in enumerate(before.ravel())}
    for image, given_out in zip(new[:, 0].astype(int), shown[:, 0].astype(int), strict=True):
        if image != given_out:
            place_of[image] = place_of[given_out]
    places = [place_of[image] for image in new[:, 0].astype(int) if image in place_of]
    counts, mean = np.bincount(places, minlength=size), len(places) / size
    assert np.all(abs(counts - mean) < 4 * np.sqrt(mean))


def test_no_gradient_flows_through_it_and_it_keeps_the_precision_of_the_fakes():
    pool = ImagePool(2, (1,))
    shown = pool.shown(ops.cast(ops.array([[1.0], [2.0], [3.0]]), "bfloat16"), Draws(0))
    assert keras.backend.standardize_dtype(shown.dtype) == "bfloat16"
    assert pool.images.dtype == "float32"


def test_images_of_no_one_size_are_refused():
    with pytest.raises(ValueError, match="images of one size.*pool_size=0"):
        ImagePool(50, (None, None, 3))
