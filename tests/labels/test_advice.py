"""Labels of another kind get advice that, followed, makes labels of them."""

import re

import numpy as np
import pytest

from keras_gan.labels import checked_labels, chosen_labels, label_advice
from keras_gan.labels.checks import labels_of

NUMBERS = np.array([0, 2, 1, 2])
NAMES = np.array(["ant", "cat", "bee", "cat"])


class Column:
    """What pandas and its like have: a dtype that is none of NumPy's, and values."""

    dtype = "category"

    def __init__(self, values):
        self.values, self.shape = np.asarray(values), (len(values),)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)

    def astype(self, dtype):
        return self.values.astype(dtype)


class Table:
    """A table of one column."""

    columns = ("kind",)

    def __init__(self, values):
        self.column = Column(values)
        self.shape = (len(values), 1)

    def __getitem__(self, name):
        return self.column

    def __array__(self, dtype=None, copy=None):
        return self.column.values[:, None]

    def to_numpy(self):
        return self.column.values[:, None]


@pytest.mark.parametrize(
    "labels",
    [
        NUMBERS.tolist(),
        tuple(NUMBERS),
        NUMBERS.astype("float32"),
        NUMBERS.astype(object),
        np.eye(3)[NUMBERS],
        np.eye(3, dtype="int64")[NUMBERS],
        NAMES,
        NAMES.tolist(),
        NAMES.astype(object),
        NAMES[:, None],
        Column(NAMES),
        Column(NUMBERS),
        Table(NAMES),
        {"kind": NUMBERS, "size": NUMBERS},
        np.array(["2026-01-01", "2026-01-03", "2026-01-02", "2026-01-03"], "datetime64[D]"),
    ],
)
def test_the_advice_makes_the_labels(labels):
    with pytest.raises(ValueError, match="received") as refusal:
        labels_of((np.zeros((4, 2)), labels))
    code = re.search(r".*(?:take|such as) (.*?)(?:, which|\.$)", str(refusal.value)).group(1)
    made = eval(code, {"np": np, "labels": labels})
    np.testing.assert_array_equal(
        checked_labels(labels_of((np.zeros((4, 2)), made)), 3).ravel(), NUMBERS
    )


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (NUMBERS + 0.5, "not measurements.*np.digitize"),
        (np.zeros((4, 2), "int32"), "give every sample one label"),
        ([[0], [1, 2]], "a list whose rows differ in length"),
        (np.ma.masked_array(NUMBERS, NUMBERS > 1), "received 2 masked ones"),
        ("cat", "'cat'"),
    ],
)
def test_what_cannot_be_mended_by_a_cast_is_told_so(labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        chosen_labels(labels, 4, classes=3)


def test_tensors_of_tensorflow_get_advice_that_a_data_set_can_follow():
    tf = pytest.importorskip("tensorflow")
    assert "tf.cast(labels, 'int32')" in label_advice(tf.zeros((4,)))
    assert "tf.argmax(labels, -1)" in label_advice(tf.eye(4))
    assert "StringLookup" in label_advice(tf.constant(["ant", "bee"]))


def test_labels_in_a_column_are_labels():
    np.testing.assert_array_equal(chosen_labels(NUMBERS[:, None], 4, classes=3), NUMBERS)


def test_a_data_frame_and_its_columns():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"kind": NAMES, "number": NUMBERS})
    assert "columns ['kind', 'number']" in label_advice(frame)
    np.testing.assert_array_equal(checked_labels(frame["number"], 3), NUMBERS)
    assert "np.unique" in label_advice(frame["kind"].astype("category"))
