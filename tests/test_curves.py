"""Several curves on one pair of axes."""

import itertools

import numpy as np
import pytest

from keras_gan.plotting.curves import BOTTOM, COLOURS, GREY, LEFT, RIGHT, _Axis, curves_image

FIRST, SECOND = COLOURS[:2]


def rows_of(picture, colour, columns):
    """The mean row of a curve at each of some columns; NaN where it is not.

    The key above the axes is left out. Edges are mixed with white: a pixel has a share of ink."""
    ink = 255.0 - np.asarray(picture)[29:-BOTTOM]
    full = 255.0 - np.array(colour)
    shares = ink @ full / (full @ full)
    is_other = np.abs(ink - shares[..., None] * full).max(axis=-1) > 25
    shares = np.where(is_other | (shares < 0.45), 0.0, shares)
    rows = np.arange(len(shares))
    return [shares[:, c] @ rows / s if (s := shares[:, c].sum()) else np.nan for c in columns]


def inner(*places, width=480):
    """Columns at shares of the horizontal axis, but two pixels from its ends."""
    at = LEFT + np.array(places) * (width - RIGHT - LEFT)
    return np.clip(np.round(at).astype(int), LEFT + 2, width - RIGHT - 2)


def test_curves_share_their_axes():
    picture = curves_image({"up": ([0, 1, 2], [0, 1, 2]), "flat": ([0, 2], [1, 1])})
    low, middle, high = rows_of(picture, FIRST, inner(0.25, 0.501, 0.75))
    (flat,) = rows_of(picture, SECOND, [LEFT + 4])  # within the first dash
    assert low - high > 100
    assert (low - flat) / (low - high) == pytest.approx(0.5, abs=0.02)
    assert np.isnan(middle) or middle == pytest.approx(flat, abs=2)  # where the second lies above


@pytest.mark.parametrize(
    ("x", "y", "axes", "height"),
    [
        ([1, 2, 3], [1, 10, 100], {}, 9 / 99),
        ([1, 2, 3], [1, 10, 100], {"log_y": True}, 1 / 2),
        ([1, 10, 100], [1, 2, 3], {"log_x": True}, 1 / 2),
        ([1, 10, 100], [1, 100, 10000], {"log_x": True, "log_y": True}, 1 / 2),
    ],
)
def test_a_logarithmic_axis_has_equal_ratios_at_equal_distances(x, y, axes, height):
    low, half, high = rows_of(curves_image({"c": (x, y)}, **axes), FIRST, inner(0, 0.5, 1))
    assert (low - half) / (low - high) == pytest.approx(height, abs=0.02)


def test_runs_are_a_median_in_a_band_from_the_least_to_the_greatest():
    x, runs = [0, 1], np.array([[0.0, 0.0], [1.0, 1.0], [4.0, 4.0]])
    picture = np.asarray(curves_image({"c": (x, runs)})).astype(int)
    column = picture[29:-BOTTOM, 240]
    pale = np.flatnonzero(np.abs(column - np.round(0.82 * 255 + 0.18 * np.array(FIRST))).sum(1) < 6)
    line = rows_of(curves_image({"c": (x, runs)}), FIRST, [240])[0]
    assert (pale.max() - line) / (pale.max() - pale.min()) == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(("bad", "axes"), [(np.nan, {}), (np.inf, {}), (0.0, {"log_y": True})])
def test_what_no_axis_has_leaves_a_gap(bad, axes):
    x, y = np.arange(5), np.ones(5)
    y[2] = bad
    columns = inner(0, 0.2, 0.24, 0.26, 0.5, 0.74, 0.76, 1)
    rows = rows_of(curves_image({"c": (x, y)}, **axes), FIRST, columns)
    assert np.isnan(rows).tolist() == [False] * 3 + [True] * 3 + [False] * 2


def test_a_level_is_dashed_at_its_height_and_within_the_axes():
    picture = curves_image({"c": ([0, 1], [1.0, 2.0])}, levels={"three": 3.0})
    low, high = rows_of(picture, FIRST, inner(0, 1))
    dashes = rows_of(picture, GREY, range(LEFT + 2, 460))
    assert 0.4 < np.isfinite(dashes).mean() < 0.8
    assert (low - np.nanmean(dashes)) / (low - high) == pytest.approx(2, abs=0.03)


def test_one_point_is_seen_and_none_that_is_finite_is_no_error():
    point = rows_of(curves_image({"c": ([7], [3.0])}), FIRST, range(LEFT, 480))
    assert np.isfinite(point).sum() >= 4
    assert not np.isfinite(
        rows_of(curves_image({"c": ([7], [np.nan])}), FIRST, range(LEFT, 480))
    ).any()


def test_colours_differ_for_red_green_blind_eyes_too():
    """By Viénot's matrices for linear light of protanopes and deuteranopes."""
    light = np.where(np.array(COLOURS) / 255 <= 0.04045, 0, (np.array(COLOURS) / 255) ** 2.2)
    protan = np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]])
    deutan = np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]])
    for seen in (light, light @ protan.T, light @ deutan.T):
        for one, other in itertools.combinations(np.clip(seen, 0, 1) ** (1 / 2.2), 2):
            assert np.abs(one - other).max() > 0.1


@pytest.mark.parametrize(
    ("ends", "by_log", "ticks"),
    [
        ((0, 10), False, [0, 2, 4, 6, 8, 10]),
        ((-0.32, 0.42), False, [-0.2, 0, 0.2, 0.4]),
        ((1, 1000), True, [1, 10, 100, 1000]),
        ((3, 70), True, [5, 10, 20, 50]),
        ((2.1, 4.9), True, [2.5, 3, 3.5, 4, 4.5]),
        ((1e-12, 1), True, [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]),
    ],
)
def test_ticks_are_round_numbers(ends, by_log, ticks):
    found = _Axis([np.array(ends, "float64")], by_log, 0.0, 100.0).ticks()
    assert found == pytest.approx(ticks, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("pair", [([1], [1.0, 2.0]), ([], []), ([1, 2], np.zeros((3, 1)))])
def test_curves_of_other_lengths_are_refused(pair):
    with pytest.raises(ValueError, match=r"Curve 'c' must be a pair \(x, y\)"):
        curves_image({"c": pair})


def test_no_curve_is_refused():
    with pytest.raises(ValueError, match="at least one curve"):
        curves_image({})


def test_accents_are_left_out_since_the_font_has_none():
    curve = {"Fréchet": ([0, 1], [0, 1])}
    texts = {"title": "Fréchet", "x_label": "é", "y_label": "è"}
    plain = curves_image({"Frechet": ([0, 1], [0, 1])}, title="Frechet", x_label="e", y_label="e")
    np.testing.assert_array_equal(curves_image(curve, **texts), plain)
