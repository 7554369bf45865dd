"""Samples of another kind get advice that, followed, makes an array of them."""

import re
from collections import OrderedDict

import keras
import numpy as np
import pytest
import scipy.sparse

import keras_gan as kg
from keras_gan.data.checks import check_data
from keras_gan.models.prediction import as_samples
from tests import toys

X = toys.points(6)


class Table:
    """What a DataFrame has: columns by name, and values as one array."""

    def __init__(self, **columns):
        self.data = columns
        self.columns = list(columns)
        self.shape = (6, len(columns))

    def __getitem__(self, name):
        return self.data[name]

    def drop(self, columns):
        return Table(**{name: self.data[name] for name in self.columns if name not in columns})

    def to_numpy(self):
        return np.stack([np.asarray(self.data[name], object) for name in self.columns], axis=1)

    def __array__(self, dtype=None, copy=None):
        return self.to_numpy().astype(dtype or object)


NUMBERS = Table(a=X[:, 0], b=X[:, 1])
MIXED = Table(a=X[:, 0], b=X[:, 1], kind=np.array(["u", "v"] * 3))


def advice(given, shape=(2,)):
    with pytest.raises(ValueError, match="received") as refusal:
        check_data(given, shape)
    return str(refusal.value)


@pytest.mark.parametrize(
    "given",
    [
        X.tolist(),
        tuple(map(tuple, X)),
        list(X),
        NUMBERS,
        MIXED,
        OrderedDict(image=X, label=X),
        {"a": X},
        scipy.sparse.csr_matrix(X),
        np.round(4 * X).astype(int),
        np.round(40 * np.abs(X)).astype("uint8"),
        X > 1,
        X.astype(object),
        X.astype(str),
        np.ma.masked_array(X, X > 1.5),
    ],
)
def test_the_advice_for_points_makes_samples(given):
    text = advice(given)
    assert "127.5" not in text
    code = re.search(r"(?:take one|take|leave them out|such as),? (.*?)(?:, in a|, or|\.$)", text)
    samples = eval(code.group(1), {"np": np, "x": given})
    assert check_data(np.asarray(samples, "float32"), (2,)).shape == (6, 2)
    assert samples.dtype.kind == "f"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (MIXED, r"columns \['kind'\] are not numbers.*get_dummies"),
        ([[1.0, 2.0], [3.0]], "rows differ in length"),
        ([X], r"take x\[0\]"),
        (np.array([["u", "v"]] * 6), "strings that are not numbers"),
        (X + 1j, "both parts"),
        (np.full((6, 2), np.datetime64("2026-01-01")), "timedelta64"),
        (np.zeros(6, [("a", "f4"), ("b", "f4")]), "structured_to_unstructured"),
    ],
)
def test_what_no_cast_mends_is_told_so(given, sentence):
    assert re.search(sentence, advice(given))


@pytest.mark.parametrize(
    ("given", "top"),
    [
        (np.array([0, 255], "uint8"), 255),
        (np.array([0, 255], "int64"), 255),
        (np.array([0, 4095], "uint16"), 4095),
        (np.array([False, True]), 1),
    ],
)
def test_the_formula_for_images_maps_them_onto_their_interval(given, top):
    images = np.broadcast_to(given[:, None, None, None], (2, 4, 4, 1)).copy()
    code = re.search(r"take (.*?)(?:, or|\.$)", advice(images, (4, 4, 1))).group(1)
    scaled = eval(code, {"x": images})
    np.testing.assert_allclose([scaled.min(), scaled.max()], [-1, 1], atol=1e-6)
    if given.dtype == "uint8":
        batches = kg.data.batches(images, batch_size=2)
        assert batches.element_spec.shape == (2, 4, 4, 1)


def test_lists_and_tables_of_numbers_are_taken_where_they_were():
    D = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    gan = kg.GAN(toys.generator(), D)
    expected = gan.discriminate(X)
    np.testing.assert_allclose(gan.discriminate(X.tolist()), expected, rtol=1e-6)
    for given, sentence in (({"a": X}, "dict with the keys"), (MIXED, "kind")):
        with pytest.raises(ValueError, match=sentence):
            gan.discriminate(given)


def test_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b"])
    assert "np.asarray(x, 'float32')" in advice(frame)
    mixed = frame.assign(kind=pandas.Categorical(["u", "v"] * 3))
    assert re.search(r"columns \['kind'\]", advice(mixed))
    np.testing.assert_allclose(as_samples(frame), X)


def test_tensors_of_tensorflow_are_cast_by_tensorflow():
    tf = pytest.importorskip("tensorflow")
    assert "tf.cast(x, 'float32')" in advice(tf.ones((6, 2), "int32"))
    assert "x.to_tensor()" in advice(tf.RaggedTensor.from_tensor(X))
    assert "tf.sparse.to_dense(x)" in advice(tf.sparse.from_dense(X))
