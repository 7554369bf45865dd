"""Line charts."""

import numpy as np
import pytest

from keras_gan.plotting.charts import HEIGHT, RED, WIDTH, line_charts


def red(picture):
    """Rows and columns of the pixels of curves."""
    return np.argwhere((np.asarray(picture) == RED).all(axis=-1))


def height_at(picture, share):
    """The mean row of the curve near a share of the width between its first and last points."""
    rows, columns = red(picture).T
    at = columns.min() + share * (columns.max() - columns.min())
    return rows[np.abs(columns - at) < 4].mean()


def test_a_falling_curve_falls_and_every_curve_has_its_panel():
    picture = line_charts([1, 2, 3], {"down": [3.0, 2.0, 1.0], "up": [1.0, 2.0, 3.0]})
    assert picture.size == (WIDTH, 2 * HEIGHT)
    upper, lower = (picture.crop((0, i * HEIGHT, WIDTH, (i + 1) * HEIGHT)) for i in (0, 1))
    assert height_at(upper, 0) + 50 < height_at(upper, 0.5) < height_at(upper, 1) - 50
    assert height_at(lower, 0) - 50 > height_at(lower, 0.5) > height_at(lower, 1) + 50


def test_a_wide_range_is_drawn_by_logarithm_and_a_narrow_one_evenly():
    def place_of_the_middle(values):
        heights = [height_at(line_charts([1, 2, 3], {"c": values}), share) for share in (0, 0.5, 1)]
        return (heights[1] - heights[0]) / (heights[2] - heights[0])

    assert place_of_the_middle([100.0, 10.0, 1.0]) == pytest.approx(0.5, abs=0.03)
    assert place_of_the_middle([10.0, 2.0, 1.0]) == pytest.approx(8 / 9, abs=0.03)
    assert place_of_the_middle([100.0, 10.0, -1.0]) == pytest.approx(90 / 101, abs=0.03)


def test_a_value_that_is_none_leaves_a_gap():
    x = np.arange(5)
    whole = red(line_charts(x, {"c": np.ones(5)}))
    gap = red(line_charts(x, {"c": [1.0, 1.0, np.nan, 1.0, 1.0]}))
    columns = np.unique(whole[:, 1])
    missing = np.setdiff1d(columns, gap[:, 1])
    middle = (columns[0] + columns[-1]) / 2
    assert abs(missing.mean() - middle) < 2
    assert len(missing) == pytest.approx(len(columns) / 2, rel=0.05)


def test_a_level_and_a_mark_are_drawn():
    plain = line_charts([1, 2], {"c": [2.0, 3.0]})
    levelled = line_charts([1, 2], {"c": [2.0, 3.0]}, {"c": 2.5})
    grey = np.argwhere((np.asarray(levelled) == (130, 130, 130)).all(axis=-1))
    assert len(np.unique(grey[:, 0])) == 1
    assert len(np.unique(grey[:, 1])) > 100
    marked = line_charts([1, 2], {"c": [2.0, 3.0]}, marked=2)
    assert len(red(marked)) != len(red(plain))


def test_one_point_or_none_that_is_finite_can_be_drawn():
    assert len(red(line_charts([7], {"c": [0.0]}))) > 0
    assert len(red(line_charts([7, 8], {"c": [np.nan, np.nan]}))) == 0


@pytest.mark.parametrize("curves", [{}, {"c": [1.0]}, {"c": [1.0, 2.0, 3.0]}])
def test_curves_of_another_length_are_refused(curves):
    with pytest.raises(ValueError, match=r"each of the length of x, \(2,\)"):
        line_charts([1, 2], curves)
