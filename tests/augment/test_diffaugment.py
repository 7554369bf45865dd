"""DiffAugment against its definitions, computed in numpy."""

import itertools

import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests.augment.fixed import Fixed

SHAPES = [(28, 28, 1), (9, 6, 3), (5, 12, 2), (16, 3), (4, 5, 6, 2)]


def made(policy, x, draws, **options):
    return ops.convert_to_numpy(kg.augment.DiffAugment(policy, **options)(x, draws))


def test_color_is_brightness_saturation_contrast_by_the_numbers_drawn(rng):
    x = rng.uniform(-1, 1, (4, 5, 7, 3)).astype("float32")
    b, s, c = rng.uniform(size=(3, 4)).astype("float32")
    y = x + (b - 0.5)[:, None, None, None]
    mean = y.mean(axis=3, keepdims=True)
    y = (y - mean) * (2 * s)[:, None, None, None] + mean
    mean = y.mean(axis=(1, 2, 3), keepdims=True)
    y = (y - mean) * (c + 0.5)[:, None, None, None] + mean
    np.testing.assert_allclose(made("color", x, Fixed(b, s, c)), y, rtol=1e-5, atol=1e-6)
    assert np.abs(y).max() > 1  # and is not clipped


def test_the_ranges_of_color():
    grey = np.zeros((4000, 1, 1, 1), "float32")
    b = made("color", grey, Draws(0)).reshape(-1)
    assert -0.5 <= b.min() < -0.49
    assert 0.49 < b.max() <= 0.5
    assert b.mean() == pytest.approx(0, abs=0.015)


def shifted(x, shift):
    """x with zeros around, read from elsewhere: one sample."""
    wide = np.pad(x, [*((n, n) for n in x.shape[:-1]), (0, 0)])
    at = tuple(slice(n + t, 2 * n + t) for n, t in zip(x.shape[:-1], shift, strict=True))
    return wide[at]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_translation_moves_by_up_to_an_eighth_and_lets_zeros_in(shape, rng):
    x = rng.uniform(1, 2, (300, *shape)).astype("float32")
    y = made("translation", x, Draws(0))
    reach = [int(n * 0.125 + 0.5) for n in shape[:-1]]
    possible = list(itertools.product(*(range(-s, s + 1) for s in reach)))
    found = set()
    for one, moved in zip(x, y, strict=True):
        (shift,) = [t for t in possible if np.array_equal(shifted(one, t), moved)]
        found.add(shift)
    assert len(possible) == np.prod([2 * s + 1 for s in reach])
    assert found == set(possible) or len(possible) > 40  # of so many some may be missing
    assert len(found) > 0.9 * min(len(possible), 40)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cutout_blanks_a_box_of_half_of_every_axis_anywhere(shape, rng):
    x = rng.uniform(1, 2, (300, *shape)).astype("float32")
    y = made("cutout", x, Draws(0))
    kept = y != 0
    np.testing.assert_array_equal(y[kept], x[kept])
    firsts = [set() for _ in shape[:-1]]
    for mask in kept:
        blank = ~mask.any(axis=-1)
        assert blank.any()
        box = np.ix_(*(np.flatnonzero(blank.any(axis=a)) for a in _others(len(shape) - 1)))
        assert blank.sum() == blank[box].size == blank[box].sum()  # a box, all of it
        for axis, size in enumerate(shape[:-1]):
            length = int(size * 0.5 + 0.5)
            lines = np.flatnonzero(blank.any(axis=_others(len(shape) - 1)[axis]))
            # the middle lies on 0, …, size − length % 2, and the box is cut off at the edges
            middle_from_below = lines[-1] + 1 - length + length // 2
            middle_from_above = lines[0] + length // 2
            whole = len(lines) == length
            at_an_edge = lines[0] == 0 or lines[-1] == size - 1
            assert whole or at_an_edge
            firsts[axis].add(middle_from_below if lines[0] == 0 else middle_from_above)
    for axis, size in enumerate(shape[:-1]):
        length = int(size * 0.5 + 0.5)
        assert firsts[axis] == set(range(size - length % 2 + 1))


def _others(count):
    """For each axis the other ones."""
    return [tuple(b for b in range(count) if b != a) for a in range(count)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_flip_mirrors_half_of_the_samples(shape, rng):
    x = rng.uniform(1, 2, (400, *shape)).astype("float32")
    y = made("flip", x, Draws(0))
    mirrored = np.array([np.array_equal(b, a[..., ::-1, :]) for a, b in zip(x, y, strict=True)])
    as_it_was = np.array([np.array_equal(a, b) for a, b in zip(x, y, strict=True)])
    assert (mirrored ^ as_it_was).all()
    assert mirrored.mean() == pytest.approx(0.5, abs=0.1)


def test_the_order_is_that_of_the_names(rng):
    """Cutout before color leaves a box of another value than 0."""
    x = rng.uniform(1, 2, (8, 8, 8, 1)).astype("float32")
    assert (made("color,cutout", x, Draws(0)) == 0).any()
    assert not (made("cutout,color", x, Draws(0)) == 0).any()


@pytest.mark.parametrize("policy", ["color", "translation", "cutout", "flip"])
def test_without_strength_nothing_changes_to_the_bit(policy, rng):
    x = rng.uniform(-1, 1, (16, 9, 7, 3)).astype("float32")
    np.testing.assert_array_equal(made(policy, x, Draws(0), strength=0.0), x)
    np.testing.assert_array_equal(made(policy, x, Draws(0), probability=0.0), x)


def test_strength_narrows_the_ranges(rng):
    x = rng.uniform(1, 2, (200, 16, 16, 1)).astype("float32")
    y = made("translation", x, Draws(0), strength=0.5)  # by at most one pixel
    assert {tuple(map(int, t)) for t in map(_shift, x, y)} == set(
        itertools.product((-1, 0, 1), repeat=2)
    )


def _shift(one, moved):
    """By how much a sample was moved, of up to two pixels."""
    possible = itertools.product(range(-2, 3), repeat=2)
    return next(t for t in possible if np.array_equal(shifted(one, t), moved))


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("colour", "Unknown augmentation 'colour': did you mean 'color'"),
        (3, "policy must be names joined by commas.*received 3"),
    ],
)
def test_what_is_no_policy_is_refused(policy, message):
    with pytest.raises(ValueError, match=message):
        kg.augment.DiffAugment(policy)


def test_points_have_no_positions():
    with pytest.raises(ValueError, match=r"^Cutout transforms images, series or volumes.*\(2,\)"):
        kg.augment.DiffAugment("cutout").check((2,))
