"""Value surfaces: shades and contour lines of a score over the plane, with samples on top."""

import numpy as np
import pytest

from keras_gan import plotting
from keras_gan.plotting.surfaces import FAKE, LINE, REAL


def are(picture, colour):
    """Where a picture has a colour."""
    return (np.asarray(picture) == colour).all(axis=-1)


def test_contour_lines_lie_at_equal_steps_of_the_score():
    picture = plotting.surface_image(lambda x: 3.0 * x[:, 0] + 7.0, limit=2.0, side=80, lines=3)
    lines = are(picture, LINE)
    assert np.array_equal(lines, np.tile(lines[:1], (80, 1)))  # upright, as the score is
    places = (lines[0].nonzero()[0] + 1) / 80 * 4 - 2  # right edges of the pixels
    assert places == pytest.approx([-1, 0, 1], abs=0.051)  # a pixel


def test_lines_are_dense_where_the_score_is_steep():
    picture = plotting.surface_image(lambda x: np.tanh(3 * x[:, 1]), limit=4.0, side=200, lines=19)
    rows = are(picture, LINE)[:, 0].nonzero()[0]
    y = 4 - (rows + 1) / 200 * 8
    levels = np.linspace(-1, 1, 21)[1:-1]
    assert len(np.unique(np.round(y, 2))) == len(rows)
    assert np.abs(y[:, None] - np.arctanh(levels) / 3).min(axis=1).max() <= 0.041
    assert len(rows) > 10


def test_high_is_darker_and_bounds_are_shared():
    def shades(scale, bounds=None):
        return np.asarray(
            plotting.surface_image(lambda x: scale * x[:, :1], side=40, lines=0, bounds=bounds)
        )

    sums = shades(1.0)[0].astype(int).sum(axis=-1)
    assert (np.diff(sums) <= 0).all()
    assert sums[0] > sums[-1] + 200
    assert np.array_equal(shades(1.0), shades(5.0))  # each on its own scale
    shared = shades(1.0, (-4.0, 4.0)), shades(5.0, (-4.0, 4.0))
    assert not np.array_equal(*shared)
    assert len(np.unique(shared[1][0, 30:], axis=0)) == 1  # beyond the high end


def test_a_flat_critic_has_no_lines():
    picture = plotting.surface_image(lambda x: np.full(len(x), 3.0), side=20)
    assert (np.asarray(picture) == 255).all()


def test_samples_are_drawn_over_the_surface():
    real, fake = np.array([[-1.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 1.0], [9.0, 0.0]])
    picture = plotting.surface_image(lambda x: x[:, 0], real, fake, limit=2.0, side=80)
    assert are(picture, REAL)[20, 20]
    assert are(picture, FAKE)[20, 60]  # over the data, and none for what lies outside
    assert are(picture, FAKE).sum() == are(picture, REAL).sum()


REFUSED = {
    "one number for each of 16": lambda: plotting.surface_image(lambda x: x, side=4),
    "NaN or infinities": lambda: plotting.surface_image(lambda x: x[:, 0] / 0, side=4),
    "needs \\(n, 2\\)": lambda: plotting.surface_image(lambda x: x[:, 0], np.zeros((4, 3))),
    "two scores": lambda: plotting.surface_image(lambda x: x[:, 0], bounds=3.0),
    "greater than 1": lambda: plotting.surface_image(lambda x: x[:, 0], bounds=(1.0, 1.0)),
    "lines must be": lambda: plotting.surface_image(lambda x: x[:, 0], lines=-1),
    "limit must": lambda: plotting.surface_image(lambda x: x[:, 0], limit=0),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_drawn_is_refused(message):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        REFUSED[message]()
