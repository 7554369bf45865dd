"""The transforms of adaptive augmentation against their definitions, computed in numpy."""

import keras
import numpy as np
import pytest
import scipy.ndimage
import scipy.spatial
from keras import ops

import keras_gan as kg
from keras_gan.augment.affine import Affine, AffineChain, fused, resampled
from keras_gan.augment.color import of_colors
from keras_gan.augment.geometry import geometric
from keras_gan.parallel.random_numbers import Draws
from tests.augment.fixed import Fixed

a = kg.augment


def by_scipy(x, matrices):
    """y(p) = x(M p), one channel of one image after the other."""
    _, height, width, channels = x.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    right, down = np.meshgrid(np.arange(width), np.arange(height))
    p = np.stack([right - middle[0], down - middle[1], np.ones_like(right)]).reshape(3, -1)
    images = []
    for image, m in zip(x, matrices, strict=True):
        q = (m @ p)[:2] + middle[:, None]
        at = [q[1], q[0]]
        found = [
            scipy.ndimage.map_coordinates(image[..., c], at, order=1, mode="mirror")
            for c in range(channels)
        ]
        images.append(np.stack(found, axis=-1).reshape(height, width, channels))
    return np.stack(images)


@pytest.mark.parametrize("shape", [(8, 8, 1), (5, 12, 3), (7, 4, 2)])
def test_resampling_is_linear_and_mirrored_at_the_edges(shape, rng):
    x = rng.normal(size=(6, *shape)).astype("float32")
    m = np.zeros((6, 3, 3), "float32")
    m[:, :2, :2] = np.eye(2) + rng.normal(0, 0.7, (6, 2, 2))
    m[:, :2, 2] = rng.normal(0, 4, (6, 2))
    m[:, 2, 2] = 1
    found = ops.convert_to_numpy(resampled(ops.convert_to_tensor(x), ops.convert_to_tensor(m)))
    np.testing.assert_allclose(found, by_scipy(x, m), atol=2e-4)


def test_an_axis_of_one_pixel_and_the_unit_matrix_change_nothing(rng):
    for shape in [(1, 6, 1), (6, 1, 1), (1, 1, 1), (5, 4, 3)]:
        x = rng.normal(size=(3, *shape)).astype("float32")
        unit = np.broadcast_to(np.eye(3, dtype="float32"), (3, 3, 3))
        found = resampled(ops.convert_to_tensor(x), ops.convert_to_tensor(unit))
        np.testing.assert_array_equal(ops.convert_to_numpy(found), x)


MATRICES = {  # the transform, the numbers drawn, and M by hand, of images of 8 rows and 16 columns
    "flip": (a.Flip(), [0.4], [[-1, 0, 0], [0, 1, 0]]),
    "no flip": (a.Flip(), [0.6], [[1, 0, 0], [0, 1, 0]]),
    "90": (a.QuarterTurn(), [0.1], [[0, -1, 0], [1, 0, 0]]),
    "180": (a.QuarterTurn(), [0.3], [[-1, 0, 0], [0, -1, 0]]),
    "270": (a.QuarterTurn(), [0.6], [[0, 1, 0], [-1, 0, 0]]),
    "no turn": (a.QuarterTurn(), [0.8], [[1, 0, 0], [0, 1, 0]]),
    "pixels": (a.IntegerTranslation(), [[1.0, 0.0]], [[1, 0, 2], [0, 1, -1]]),
    "scaling": (a.Scaling(), [1.5], [[2**-0.3, 0, 0], [0, 2**-0.3, 0]]),
    "stretching": (a.Stretching(), [1.5], [[2**-0.3, 0, 0], [0, 2**0.3, 0]]),
    "rotation": (
        a.Rotation(),
        [0.75],
        [[np.cos(np.pi / 2), -1, 0], [1, np.cos(np.pi / 2), 0]],
    ),
    "fractions": (a.FractionalTranslation(), [[0.5, -1.0]], [[1, 0, 1.0], [0, 1, -1.0]]),
}


@pytest.mark.parametrize("name", MATRICES)
def test_matrices_by_the_numbers_drawn(name):
    transform, numbers, expected = MATRICES[name]
    found = transform.draw((3, 8, 16, 1), Fixed(numbers[0]), 1.0)
    found = ops.convert_to_numpy(found)
    np.testing.assert_allclose(found[:, :2], np.broadcast_to(expected, (3, 2, 3)), atol=1e-6)
    np.testing.assert_array_equal(found[:, 2], np.broadcast_to([0.0, 0.0, 1.0], (3, 3)))


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0, 4 / 3, 2.0, 100.0])
def test_all_quarter_turns_stay_as_likely_where_all_images_are_turned(strength):
    transform, u = a.QuarterTurn(), (np.arange(1200) + 0.5) / 1200
    m = ops.convert_to_numpy(transform.draw((1200, 8, 8, 1), Fixed(u), strength))
    turns = np.round(np.arctan2(m[:, 1, 0], m[:, 0, 0]) / (np.pi / 2)).astype(int) % 4
    turned = min(0.75 * strength, 1.0)
    np.testing.assert_allclose(
        np.bincount(turns, minlength=4) / 1200, [1 - turned] + 3 * [turned / 3], atol=1e-6
    )


@pytest.mark.parametrize("strength", [2.0, 3.0])
def test_all_images_are_mirrored_from_twice_the_strength_on(strength):
    x = np.arange(64.0, dtype="float32").reshape(4, 4, 4, 1)
    for transform in (a.Flip(strength=strength), a.DiffAugment("flip", strength=strength)):
        np.testing.assert_array_equal(ops.convert_to_numpy(transform(x, Draws(0))), x[:, :, ::-1])
    negative = ops.convert_to_numpy(a.LumaFlip(strength=strength)(x, Draws(0)))
    np.testing.assert_array_equal(negative, -x)


def test_several_maps_in_a_row_are_one_done_in_their_order(rng):
    x = ops.convert_to_tensor(rng.normal(size=(2, 6, 6, 1)).astype("float32"))
    whole = [a.QuarterTurn(), a.Flip(strength=2.0), a.IntegerTranslation()]
    (chain,) = fused(whole)
    assert isinstance(chain, AffineChain)
    numbers = [0.1], [0.4], [[0.8, 0.3]]
    together = chain.transformed(x, chain.numbers((2, 6, 6, 1), Fixed(*numbers)))
    one_by_one = x
    for transform, own in zip(whole, numbers, strict=True):
        one_by_one = transform(one_by_one, Fixed(own))
    inner = np.s_[:, 1:-1, 1:-1]  # at the edges the second map sees what the first has mirrored
    np.testing.assert_allclose(
        ops.convert_to_numpy(together)[inner], ops.convert_to_numpy(one_by_one)[inner], atol=1e-6
    )
    others = fused([a.Flip(), a.Brightness(), a.Flip(), a.Scaling()])
    assert [len(getattr(each, "members", [1])) for each in others] == [1, 1, 2]


def rgb(rng):
    return rng.uniform(-1, 1, (3, 4, 5, 3)).astype("float32")


V = np.full(3, 3**-0.5)


def test_colors_by_the_numbers_drawn(rng):
    x, n = rgb(rng), np.array([0.5, -1.0, 2.0], "float32")
    wide = n[:, None, None, None]

    def found(transform, *numbers):
        return ops.convert_to_numpy(transform(x, Fixed(*numbers)))

    np.testing.assert_allclose(found(a.Brightness(), n), x + 0.2 * wide, atol=1e-6)
    np.testing.assert_allclose(found(a.Contrast(), n), x * 2 ** (0.5 * wide), rtol=1e-5)
    grey = x.mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(
        found(a.Saturation(), n), grey + 2.0**wide * (x - grey), rtol=1e-4, atol=1e-5
    )
    mirror = np.eye(3) - 2 * np.outer(V, V)
    flipped = found(a.LumaFlip(), [0.1, 0.9, 0.4])
    for i, matrix in enumerate([mirror, np.eye(3), mirror]):
        np.testing.assert_allclose(flipped[i], x[i] @ matrix.T, atol=1e-6)
    turned = found(a.Hue(), [0.1, 0.5, 0.9])
    for i, u in enumerate([0.1, 0.5, 0.9]):
        turn = scipy.spatial.transform.Rotation.from_rotvec(2 * np.pi * (u - 0.5) * V)
        np.testing.assert_allclose(turned[i], x[i] @ turn.as_matrix().T, atol=1e-5)


def test_the_negative_of_a_grey_image(rng):
    x = rgb(rng)[..., :1]
    found = a.LumaFlip(strength=2.0)(x, Draws(0))
    np.testing.assert_allclose(ops.convert_to_numpy(found), -x, atol=1e-6)


def test_noise_has_a_deviation_of_each_sample(rng):
    x = np.zeros((2000, 400), "float32")
    y = ops.convert_to_numpy(a.Noise()(x, Draws(0)))
    stddev = y.std(axis=1)
    assert stddev.mean() == pytest.approx(0.1 * np.sqrt(2 / np.pi), rel=0.06)
    assert np.sqrt(np.mean(stddev**2)) == pytest.approx(0.1, rel=0.06)


EVERY = [*geometric(), *of_colors(3), a.Noise()]


@pytest.mark.parametrize("transform", EVERY, ids=lambda t: type(t).__name__)
def test_without_strength_or_probability_nothing_changes_to_the_bit(transform, rng):
    x = rgb(rng)
    for options in ({"strength": 0.0}, {"probability": 0.0}):
        still = type(transform)(**options)
        np.testing.assert_array_equal(ops.convert_to_numpy(still(x, Draws(0))), x)


@pytest.mark.parametrize("transform", EVERY, ids=lambda t: type(t).__name__)
def test_a_config_makes_it_again(transform):
    fading = keras.optimizers.schedules.PolynomialDecay(1.0, 100)
    given = type(transform)(strength=fading, probability=0.25)
    config = keras.saving.serialize_keras_object(given)
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(transform)
    assert again.get_config() == given.get_config()
    assert again.probability == 0.25


def test_one_of_two_rotations_has_the_probability_of_both():
    chance = a.Rotation(one_of_two=True, probability=0.64).present_probability()
    assert float(1 - (1 - chance) ** 2) == pytest.approx(0.64, abs=1e-6)


def test_a_share_of_the_samples_is_transformed(rng):
    x = np.zeros((4000, 1, 1, 1), "float32")
    y = ops.convert_to_numpy(a.Brightness(probability=0.3)(x, Draws(0)))
    assert np.mean(y != 0) == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize("shape", [(2,), (16, 3), (4, 4, 4, 1), (None, None, 3)])
@pytest.mark.parametrize("transform", [t for t in EVERY if isinstance(t, Affine)][:2])
def test_geometry_is_for_images_of_one_size(transform, shape):
    with pytest.raises(ValueError, match=rf"{type(transform).__name__} transforms images"):
        transform.check(shape)


def test_colors_are_those_of_one_or_three_channels():
    with pytest.raises(ValueError, match="Hue transforms images of 3 channels.*have 1"):
        a.Hue().check((8, 8, 1))
    with pytest.raises(ValueError, match="1 or 3 channels.*have 2"):
        a.LumaFlip().check((8, 8, 2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strength": -1}, "strength must be a number of at least 0; received -1"),
        ({"probability": 1.5}, "probability must be.*at most 1; received 1.5"),
        ({"probability": abs}, "probability must be a number or a keras.optimizers.schedules"),
    ],
)
def test_amounts_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        a.Flip(**options)


def test_amounts_follow_their_schedules(rng):
    fading = keras.optimizers.schedules.PolynomialDecay(1.0, 100, end_learning_rate=0.0)
    x = np.zeros((1000, 1, 1, 1), "float32")
    spread = [
        ops.convert_to_numpy(a.Brightness(strength=fading)(x, Draws(0), step)).std()
        for step in (0, 50, 100)
    ]
    np.testing.assert_allclose(spread, [0.2, 0.1, 0.0], rtol=0.1, atol=1e-9)
    shares = [
        np.mean(ops.convert_to_numpy(a.Brightness(probability=fading)(x, Draws(0), step)) != 0)
        for step in (0, 50, 100)
    ]
    np.testing.assert_allclose(shares, [1.0, 0.5, 0.0], atol=0.06)
