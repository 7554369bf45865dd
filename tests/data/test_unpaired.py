"""Pairs of batches of two domains: both shuffled, each by itself."""

import itertools

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan import data


def numbers(count, dim=1):
    """The points 0, 1, …: a sample is its own index."""
    return np.arange(count, dtype=np.float32)[:, None] * np.ones(dim, np.float32)


def passes(pairs, count):
    """Reads `count` passes: for each domain the indices of every pass."""
    read = [list(pairs.as_numpy_iterator()) for _ in range(count)]
    return [[np.concatenate([p[i] for p in one])[:, 0].tolist() for one in read] for i in (0, 1)]


@pytest.mark.parametrize("swapped", [False, True])
def test_an_epoch_is_a_pass_of_the_larger_set_and_the_smaller_goes_round(swapped):
    sets = [numbers(62), numbers(20)]
    pairs = data.unpaired(*(reversed(sets) if swapped else sets), batch_size=6)
    large, small = reversed(passes(pairs, 3)) if swapped else passes(pairs, 3)
    assert len(pairs) == 10
    assert all(len(set(order)) == 60 for order in large)
    together = list(itertools.chain(*small))  # three epochs of ten batches: ten rounds of three
    rounds = [together[i : i + 18] for i in range(0, 180, 18)]
    assert all(len(set(each)) == 18 for each in rounds)
    orders = [*large, *rounds]
    assert all(one != other for one, other in itertools.combinations(orders, 2))


def test_equal_sets_are_not_in_the_same_order():
    xs, ys = passes(data.unpaired(numbers(60), numbers(60), 6), 2)
    assert all(sorted(order) == list(range(60)) for order in (*xs, *ys))
    same = np.mean(np.array(xs) == np.array(ys))
    assert same < 0.1  # 1 of 60 by chance


def test_the_seed_decides_both_orders():
    one, same, other = (
        passes(data.unpaired(numbers(30), numbers(50), 5, seed=seed), 2) for seed in (7, 7, 8)
    )
    assert one == same
    assert all(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("first", [0, 1, 2, 5])
def test_repeated_pairs_and_those_from_a_later_pass_are_the_passes_in_turn(first):
    pairs = data.unpaired(numbers(20), numbers(62), 6, seed=3)
    expected = [order[first:] for order in passes(pairs, first + 3)]
    again = data.unpaired(numbers(20), numbers(62), 6, seed=3)
    assert passes(again.passes_from(first), 3) == expected
    together = passes(again.passes_from(first).repeat().take(30), 1)
    assert together == [[list(itertools.chain(*order))] for order in expected]


def test_samples_keep_their_values_and_shapes(rng):
    x = rng.integers(0, 256, (30, 4, 4, 3)).astype("uint8")
    y = rng.uniform(-1, 1, (30, 6, 6, 1)).astype("float32")
    pairs = data.unpaired(x, y, batch_size=5, discriminator_steps=2)
    assert [tuple(part.shape) for part in pairs.element_spec] == [(10, 4, 4, 3), (10, 6, 6, 1)]
    xs, ys = (np.concatenate(part) for part in zip(*pairs.as_numpy_iterator(), strict=True))
    for seen, given in ((xs, np.float32(x) / np.float32(127.5) - 1), (ys, y)):
        assert seen.dtype == np.float32
        rows = {image.tobytes() for image in given}
        assert {image.tobytes() for image in seen} == rows


def test_both_domains_are_augmented():
    images = np.zeros((20, 4, 4, 1), "float32")
    pairs = data.unpaired(images, images, 5, augment=keras.layers.Rescaling(0.0, 0.5))
    for part in next(iter(pairs)):
        np.testing.assert_array_equal(part, np.full((5, 4, 4, 1), 0.5))


def test_augmented_pairs_start_anywhere_and_domains_draw_apart():
    images = np.zeros((20, 4, 4, 1), "float32")
    noise = keras.layers.GaussianNoise(1.0, seed=2)
    pairs = data.unpaired(images, images, 5, seed=1, augment=noise)
    whole = [part.numpy() for pair in pairs.repeat(2) for part in pair]
    assert len({part.tobytes() for part in whole}) == 16
    later = [part.numpy() for pair in pairs.passes_from(0, 3) for part in pair]
    np.testing.assert_array_equal(later, whole[6:8])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (numbers(9, 2), np.zeros((9, 4, 4, 1), "uint8"), r"received samples of shape \(2,\) in x"),
        ((numbers(9), np.arange(9)), numbers(9), "x must hold samples without labels"),
        (numbers(9), numbers(3), "In y: The data set has 3 samples, fewer than one batch of 4"),
        (numbers(9), numbers(9) * np.nan, "NaN"),
    ],
)
def test_what_makes_no_pairs_is_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        data.unpaired(x, y, 4)


def test_a_batch_size_that_is_none_is_refused():
    with pytest.raises(
        ValueError, match="batch_size must be a whole number of at least 1; received 0"
    ):
        data.unpaired(numbers(9), numbers(9), 0)


def test_points_of_other_dimensions_are_allowed():
    pairs = kg.data.unpaired(numbers(8, 2), numbers(8, 3), 4)
    assert [tuple(part.shape) for part in pairs.element_spec] == [(4, 2), (4, 3)]
