"""Images under random affine maps."""

import numpy as np
import pytest
from scipy import ndimage

from keras_gan.data import random_affine, with_copies

NONE = {"rotation": 0.0, "shear": 0.0, "stretch": (1.0, 1.0), "shift": 0.0}


@pytest.fixture
def images(rng):
    """Smooth pictures with a margin, of unlike height and width."""
    noise = rng.normal(size=(5, 21, 25, 2))
    smooth = ndimage.gaussian_filter(noise, (0, 2, 2, 0))
    smooth /= abs(smooth).max()
    smooth[:, :6], smooth[:, -6:], smooth[:, :, :7], smooth[:, :, -7:] = -1, -1, -1, -1
    return smooth.astype("float32")


def test_nothing_moves_by_maps_of_no_extent(images):
    np.testing.assert_allclose(random_affine(images, **NONE), images, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"rotation": 0.3},
        {"shear": 0.4},
        {"stretch": (0.7, 1.2)},
        {"shift": 0.1},
        dict(NONE, shear=0.2, rotation=0.4, stretch=(0.8, 1.3), shift=0.1),
    ],
)
def test_each_image_is_moved_by_the_map_of_the_formula(images, options):
    """Beside SciPy's interpolation, and the map written out with the same draws."""
    given = NONE | options
    moved = random_affine(images, **given, seed=3)
    rng, n = np.random.default_rng(3), len(images)
    angles = rng.uniform(-given["rotation"], given["rotation"], n)
    shears = rng.uniform(-given["shear"], given["shear"], n)
    widths = rng.uniform(*given["stretch"], n)
    heights = rng.uniform(*given["stretch"], n)
    shifts = rng.uniform(-given["shift"], given["shift"], (n, 2)) * (25, 21)
    middle = np.array([12.0, 10.0])  # x, y
    for i in range(n):
        c, s = np.cos(angles[i]), np.sin(angles[i])
        map_xy = (
            [[c, -s], [s, c]]
            @ np.array([[1, shears[i]], [0, 1]])
            @ np.diag([widths[i], heights[i]])
        )
        back = np.linalg.inv(map_xy)
        flipped, centre = back[::-1, ::-1], middle[::-1]  # in rows and columns
        offset = centre - flipped @ (centre + shifts[i][::-1])
        for channel in range(2):
            expected = (
                ndimage.affine_transform(images[i, ..., channel] + 1, flipped, offset, order=1) - 1
            )
            np.testing.assert_allclose(moved[i, ..., channel], expected, atol=1e-4)
    assert abs(moved - images).max() > 0.1


def test_shears_slant_upright_strokes_evenly_over_their_range():
    stroke = np.full((500, 17, 17, 1), -1.0)
    stroke[:, :, 8] = 1.0
    moved = random_affine(stroke, **(NONE | {"shear": 0.5}), seed=0)[..., 0] + 1
    columns = (moved * np.arange(17)).sum(2) / moved.sum(2)
    slants = (columns[:, 12] - columns[:, 4]) / 8
    assert slants.min() == pytest.approx(-0.5, abs=0.02)
    assert slants.max() == pytest.approx(0.5, abs=0.02)
    assert np.mean(slants < 0) == pytest.approx(0.5, abs=0.08)


def test_seeds_decide_and_the_range_of_pixels_stays(images):
    one, same, other = (random_affine(images, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert abs(one - other).max() > 0.1
    assert one.min() >= -1
    assert one.max() <= 1
    assert one.dtype == np.float32
    assert random_affine(images[:0]).shape == (0, 21, 25, 2)
    bytes_ = np.rint((images + 1) * 127.5).astype("uint8")
    np.testing.assert_allclose(random_affine(bytes_), one, atol=0.005)


def test_more_images_than_are_moved_at_once(monkeypatch, images):
    whole = random_affine(images)
    monkeypatch.setattr("keras_gan.data.affine.NUMBERS_AT_ONCE", 2 * images[0].size)
    np.testing.assert_allclose(random_affine(images), whole, atol=1e-6)


def test_copies_stand_behind_their_originals_each_round_under_maps_of_its_own(images):
    every = with_copies(images, 3, seed=[4, 1])
    assert every.shape == (4 * len(images), *images.shape[1:])
    np.testing.assert_array_equal(every[: len(images)], images)
    rounds = every.reshape(4, *images.shape)
    assert all(abs(rounds[i] - rounds[j]).max() > 0.1 for i in range(4) for j in range(i))
    np.testing.assert_array_equal(with_copies(images, 3, seed=[4, 1]), every)
    np.testing.assert_array_equal(with_copies(images, 0), images)
    with pytest.raises(ValueError, match="copies must be a whole number of at least 0.*-1"):
        with_copies(images, -1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"images": np.zeros((3, 8, 8))}, r"received \(3, 8, 8\)"),
        (
            {"images": np.full((3, 8, 8, 1), 200.0)},
            r"Images must lie in \[-1, 1\]; .* x / 127.5 - 1",
        ),
        ({"images": np.full((3, 8, 8, 1), np.nan)}, "192 values that are NaN"),
        ({"rotation": -1}, "rotation must be a number of at least 0; received -1"),
        ({"shear": np.nan}, "shear must be .* received nan"),
        ({"shift": np.inf}, "shift must be .* received inf"),
        ({"stretch": (1.2, 0.8)}, r"received \(1.2, 0.8\)"),
        ({"stretch": (0.0, 1.0)}, "stretch must be a number greater than 0"),
        ({"stretch": 1.2}, "two numbers, the least and the greatest; received 1.2"),
        ({"stretch": (1, 1, 1)}, "two numbers"),
        ({"seed": None}, "seed must be a whole number"),
    ],
)
def test_what_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        random_affine(**({"images": np.zeros((3, 8, 8, 1))} | given))
