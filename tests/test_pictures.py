"""Grids and scatters, pixel by pixel."""

import numpy as np
import pytest

from keras_gan.plotting.samples import image_grid, picture_of, rows_of_images, scatter


def test_images_are_whole_and_separated_by_a_white_border():
    images = np.linspace(-1, 0.5, 6)[:, None, None, None] * np.ones((6, 3, 4, 1))
    pixels = np.asarray(image_grid(images, columns=3, border=2, scale=5))
    assert pixels.shape == (2 * 17 + 2, 3 * 22 + 2)
    inside = np.zeros(pixels.shape, bool)
    for i in range(6):
        top, left = 2 + i // 3 * 17, 2 + i % 3 * 22
        level = round((images[i, 0, 0, 0] + 1) * 127.5)
        assert (pixels[top : top + 15, left : left + 20] == level).all()
        inside[top : top + 15, left : left + 20] = True
    assert (pixels[~inside] == 255).all()


def test_small_images_are_enlarged_in_place_and_large_ones_left_as_they_are(rng):
    ramp = np.linspace(-1, 1, 8)[None, None, :, None] * np.ones((1, 8, 8, 3))
    enlarged = np.asarray(image_grid(ramp, border=0)).astype(float)
    assert enlarged.shape == (64, 64, 3)
    middles = enlarged.reshape(8, 8, 8, 8, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(middles, (ramp[0] + 1) * 127.5, atol=6)
    image = rng.uniform(-1, 1, (1, 40, 40, 3))
    same = np.asarray(image_grid(image, border=0))
    np.testing.assert_array_equal(same, np.round((image[0] + 1) * 127.5))


def test_values_beyond_the_range_are_clipped_and_grey_stays_grey():
    picture = image_grid(np.array([-3.0, 3.0])[:, None, None, None] * np.ones((2, 8, 8, 1)))
    assert picture.mode == "L"
    assert set(np.unique(picture)) == {0, 255}


def test_missing_places_of_the_last_row_stay_empty():
    pixels = np.asarray(image_grid(-np.ones((3, 8, 8, 1)), columns=2, border=1, scale=1))
    assert pixels.shape == (19, 19)
    assert (pixels[10:18, 1:9] == 0).all()
    assert (pixels[10:, 9:] == 255).all()


def test_scatter_puts_points_where_they_belong_with_axes_from_the_data():
    picture = scatter([[1.0, 0.5]], real=[[-2.0, 0.0], [0.0, 1.0]])
    limit = 1.2 * 2
    place = (round(240 * (1 + 1.0 / limit)), round(240 * (1 - 0.5 / limit)))
    assert picture.getpixel(place) == (200, 30, 30)
    assert picture.getpixel((round(240 * (1 - 2 / limit)), 240)) == (185, 185, 185)


@pytest.mark.parametrize("shape", [(4, 8, 8, 2), (0, 8, 8, 1), (4, 3)])
def test_what_is_neither_an_image_nor_a_point_of_the_plane_is_refused(shape):
    with pytest.raises(ValueError, match="received shape"):
        picture_of(np.zeros(shape))


def test_rows_of_images_are_grids_of_one_row_with_one_border_between(rng):
    rows = [rng.uniform(-1, 1, (n, 32, 32, 1)) for n in (3, 2)]
    pixels = np.asarray(rows_of_images(rows, border=2))
    assert pixels.shape == (2 * 66 + 2, 3 * 66 + 2)
    for i, row in enumerate(rows):
        strip = np.asarray(image_grid(row, columns=len(row), border=2))
        np.testing.assert_array_equal(pixels[66 * i : 66 * i + 68, : strip.shape[1]], strip)
        assert (pixels[66 * i : 66 * i + 66, strip.shape[1] :] == 255).all()


def test_rows_of_grey_images_beside_coloured_ones_become_coloured(rng):
    grey, coloured = rng.uniform(-1, 1, (2, 8, 8, 1)), rng.uniform(-1, 1, (2, 16, 16, 3))
    picture = rows_of_images([grey, coloured])
    assert (picture.mode, picture.size) == ("RGB", (2 * 66 + 2, 2 * 66 + 2))
    pixels = np.asarray(picture)
    expected = np.asarray(image_grid(grey, columns=2))
    np.testing.assert_array_equal(pixels[:68], np.repeat(expected[..., None], 3, axis=-1))


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        rows_of_images([])
