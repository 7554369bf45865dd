"""Pictures of the plane: densities, points and their shades, rows with captions."""

import numpy as np
import pytest

import keras_gan as kg
from keras_gan import plotting


def test_a_density_is_dark_where_it_is_large():
    def log_prob(x):  # of a square above the middle, to the right
        inside = (np.abs(x - [1.0, 2.0]) < 0.5).all(axis=1)
        return np.where(inside, 0.0, -np.inf)

    picture = np.array(plotting.density_image(log_prob, limit=4.0, side=80))
    dark = (picture.sum(axis=-1) < 200).nonzero()
    assert (dark[0].min(), dark[0].max()) == (15, 24)  # rows from y = 2.5 down to 1.5
    assert (dark[1].min(), dark[1].max()) == (45, 54)
    assert (picture[40:] == 255).all()


def test_two_densities_share_a_scale():
    ring = kg.data.density("ring").log_prob
    half = plotting.density_image(lambda x: ring(x) - np.log(2.0), side=40, darkest=0.5)
    same = plotting.density_image(ring, side=40, darkest=1.0)
    assert np.array_equal(half, same)


def test_points_have_the_shades_of_their_order():
    x = np.array([[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]])
    picture = np.array(plotting.points_image(x, shades=[0.0, 1.0, 100.0], side=80))
    left, middle, right = (picture[40, column].astype(int) for column in (20, 40, 60))
    assert left[2] > left[0]
    assert right[0] > right[2]
    assert np.ptp(middle) == 0


def test_rows_have_the_length_of_the_longest():
    picture = plotting.points_image(np.zeros((1, 2)), side=50)
    figure = plotting.captioned([[("a", picture)], [("b", picture), ("c", picture)]], gap=4)
    assert figure.size == (2 * 54 + 4, 2 * 66 + 4)


REFUSED = {
    "one number for each of 16": lambda: plotting.density_image(lambda x: x, side=4),
    "needs \\(n, 2\\)": lambda: plotting.points_image(np.zeros((4, 3))),
    "no picture shows them": lambda: plotting.points_image(np.full((4, 2), np.nan)),
    "4 finite numbers": lambda: plotting.points_image(np.zeros((4, 2)), shades=np.zeros(3)),
    "limit must": lambda: plotting.points_image(np.zeros((4, 2)), limit=0),
    "at least one picture": lambda: plotting.captioned([[]]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_drawn_is_refused(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()
