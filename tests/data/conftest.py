import os

import pytest


@pytest.fixture
def real_data():
    """Real data sets, prepared for TensorFlow Datasets where TFDS_DATA_DIR points."""
    if "TFDS_DATA_DIR" not in os.environ:
        pytest.skip("TFDS_DATA_DIR is not set")


@pytest.fixture
def read():
    """Reads a data set into NumPy arrays, one for x or one each for x and labels."""

    def read_all(dataset):
        return next(dataset.batch(100_000).as_numpy_iterator())

    return read_all
