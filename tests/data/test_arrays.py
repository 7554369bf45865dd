import numpy as np
import pytest

from keras_gan import data


@pytest.mark.parametrize("shape", [(6, 5, 4), (6, 5, 4, 1), (6, 5, 4, 3)])
def test_uint8_images_become_signed_floats(rng, read, shape):
    pixels = rng.integers(256, size=shape, dtype=np.uint8)
    dataset = data.load(pixels)
    x = read(dataset)
    assert len(dataset) == 6
    assert x.dtype == np.float32
    assert x.shape == (*shape, 1)[:4]
    np.testing.assert_allclose(x.reshape(shape), pixels / 127.5 - 1, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_float_images_in_range_pass_as_they_are(rng, read, dtype):
    images = rng.uniform(-1, 1, (3, 4, 4, 1)).astype(dtype)
    x = read(data.load(images))
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x, images.astype("float32"))


def test_points_may_lie_anywhere(rng, read):
    points = 100 * rng.standard_normal((9, 5))
    np.testing.assert_array_equal(read(data.load(points)), points.astype("float32"))


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_labels_come_along_when_asked_for(rng, read, shape):
    points, classes = rng.standard_normal((4, 2)), np.array([3, 1, 2, 3], np.uint8)
    x, y = read(data.load((points, classes.reshape(shape)), labels=True))
    assert y.dtype == np.int32
    np.testing.assert_array_equal(y, classes)
    np.testing.assert_array_equal(x, read(data.load((points, classes))))


def test_images_in_0_255_are_told_the_formula():
    with pytest.raises(ValueError, match=r"\[-1, 1\]; received values from 0 to 255.* / 127.5 - 1"):
        data.load(np.linspace(0, 255, 32, dtype=np.float32).reshape(2, 4, 4, 1))


def test_images_out_of_range_are_refused():
    with pytest.raises(
        ValueError, match=r"received values from -3 to 1. .* example \(x \+ 1\) / 2"
    ):
        data.load(np.array([-3.0, 1.0]).reshape(2, 1, 1))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("shape", [(5, 2), (5, 4, 4, 1)])
def test_values_that_are_not_finite_are_refused(bad, shape):
    x = np.zeros(shape, np.float32)
    x[3, 1] = bad
    with pytest.raises(ValueError, match="values that are NaN or infinite"):
        data.load(x)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (np.zeros((0, 8, 8, 1)), r"empty: received an array of shape \(0, 8, 8, 1\)"),
        (np.zeros(7), r"float64 array of shape \(7,\)"),
        (np.zeros((7, 2), np.uint8), r"uint8 array of shape \(7, 2\)"),
        (np.zeros((7, 4, 4), np.int64), "array of int64; allowed are uint8 images"),
        (3, "Received int as a data set; allowed are a name"),
    ],
)
def test_bad_sources_are_described(source, message):
    with pytest.raises(ValueError, match=message):
        data.load(source)


@pytest.mark.parametrize("labels", [np.zeros(4, int), np.zeros(5), np.zeros((5, 2), int)])
def test_labels_must_be_one_integer_a_sample(labels):
    with pytest.raises(ValueError, match="must be 5 integers, one per sample; received"):
        data.load((np.zeros((5, 2)), labels), labels=True)


def test_labels_cannot_be_conjured():
    with pytest.raises(ValueError, match="needs a pair of arrays"):
        data.load(np.zeros((5, 2)), labels=True)


def test_an_array_has_one_split():
    with pytest.raises(ValueError, match="An array has no split 'test'"):
        data.load(np.zeros((5, 2)), split="test")
