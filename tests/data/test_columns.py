import gc
import weakref

import numpy as np
import pytest
import tensorflow as tf

from keras_gan import data
from keras_gan.data.columns import ALIGNED, Column, Stored, empty
from keras_gan.data.in_memory import checked, stored
from keras_gan.data.levels import Levels


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float16", "float32", "float64"])
def test_tensorflow_reads_an_array_in_place(dtype):
    array = empty((5, 3), dtype)
    assert array.ctypes.data % ALIGNED == 0
    array[...] = np.arange(15).reshape(5, 3)
    column = Column(array)
    assert column.array is array
    array[4, 0] = 99  # which a copy would not see
    np.testing.assert_array_equal(column.gathered(tf.constant([4, 1])), array[[4, 1]])
    np.testing.assert_array_equal(column.taken([4, 1]), array[[4, 1]])
    assert column.gathered(tf.constant([0])).dtype == dtype


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).reshape(3, 4).T,
        empty((9,), "uint8")[1:].view() * 0 + 1,
        np.array([b"a", b"b"]),
        np.array([True, False]),
        np.zeros((0, 2), "float32"),
        np.broadcast_to(np.float32(1), (3, 2)),
    ],
    ids=["turned", "shifted", "text", "truth", "none", "read-only"],
)
def test_other_arrays_are_read_as_well(array):
    column = Column(array)
    rows = np.arange(len(array))[::-1].copy()
    np.testing.assert_array_equal(column.gathered(tf.constant(rows)), array[rows])


def test_the_memory_is_free_once_nobody_needs_it():
    array = empty((1000,), "uint8")
    array[:] = 7
    column = Column(array)
    owner = weakref.ref(array.base if array.base is not None else array)
    tensor = column.tensor
    del array, column
    gc.collect()
    assert int(tensor[999]) == 7  # the tensor alone keeps it
    del tensor
    gc.collect()
    assert owner() is None


def test_an_array_may_be_changed_after_it_was_loaded(read):
    x = np.zeros((4, 2, 2, 1), "uint8")
    dataset = data.load(x)
    x[:] = 255
    np.testing.assert_array_equal(read(dataset), -np.ones((4, 2, 2, 1)))
    (batch,) = data.batches(dataset, 4)
    np.testing.assert_array_equal(batch, -np.ones((4, 2, 2, 1)))


def test_bytes_are_not_read_a_second_time(rng, monkeypatch):
    """`load` holds them already: neither floats nor chunks are made of them."""
    dataset = data.load(
        (rng.integers(256, size=(9, 4, 4, 3), dtype=np.uint8), np.arange(9)), labels=True
    )
    monkeypatch.setattr("keras_gan.data.in_memory.chunks", None)
    samples = stored(checked(dataset))
    assert samples.columns is dataset.held.columns
    x, y = samples.gathered(tf.constant([3, 5]))
    whole = next(dataset.batch(9).as_numpy_iterator())
    np.testing.assert_array_equal(x, whole[0][[3, 5]])
    np.testing.assert_array_equal(y, whole[1][[3, 5]])


def test_bytes_on_another_scale_than_the_one_asked_for_are_refused():
    x = np.arange(32, dtype="uint8").reshape(2, 4, 4, 1)
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]; received values from -1 to -0.75"):
        data.batches(data.load(x), 2, value_range=(0, 1))


def test_extremes_of_bytes_are_those_of_the_floats(rng, read):
    x = rng.integers(20, 200, size=(9, 4, 4, 3), dtype=np.uint8)
    dataset = data.load(x)
    floats = read(dataset)
    assert data.batches(dataset, 3).extremes == (floats.min(), floats.max())


def test_chunks_of_unknown_number_are_joined(rng):
    x = rng.normal(size=(50, 3)).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices(x).filter(lambda _: True)
    assert int(dataset.cardinality()) < 0
    np.testing.assert_array_equal(stored(dataset).columns[0].array, x)


def test_no_iterator_copies_what_it_reads():
    """As tf.data does when it rewrites a graph: all arrays in it, for each iterator."""
    options = data.batches(np.zeros((8, 2), "float32"), 4).options()
    assert options.experimental_optimization.apply_default_optimizations is False


def test_levels_read_as_floats(rng):
    pixels = rng.integers(10, 250, size=(7, 4, 4, 3), dtype=np.uint8)
    x, floats = Levels(pixels), np.float32(pixels) / np.float32(127.5) - np.float32(1)
    assert (x.dtype, x.shape, len(x), x.ndim, x.size) == (np.float32, pixels.shape, 7, 4, 336)
    np.testing.assert_array_equal(x, floats)
    np.testing.assert_array_equal(x[2:5], floats[2:5])
    assert (x.min(), np.max(x)) == (floats.min(), floats.max())
    np.testing.assert_array_equal(np.mean(x, axis=0), floats.mean(axis=0))
    np.testing.assert_array_equal(x.max(axis=0), floats.max(axis=0))
    assert np.asarray(x, "float64").dtype == np.float64


def test_samples_are_taken_by_their_numbers_as_the_data_set_has_them(rng, read):
    dataset = data.load(rng.integers(256, size=(9, 4, 4, 3), dtype=np.uint8))
    assert isinstance(dataset.held, Stored)
    np.testing.assert_array_equal(dataset.held.taken(np.array([8, 0])), read(dataset)[[8, 0]])
