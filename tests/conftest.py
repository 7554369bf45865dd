"""What every test shares: a quiet TensorFlow, a seed, and a clean Keras session."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan  # noqa: F401  before doctests of single modules import them a second time

# Four logical devices on one CPU, for the tests of MirroredStrategy; must precede any computation.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 4
)


def pytest_runtest_setup(item):
    """Tests on real data are skipped where there are none, but in CI they fail."""
    if item.get_closest_marker("data") and "TFDS_DATA_DIR" not in os.environ:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("TFDS_DATA_DIR is not set, so there are no real data to test on")


@pytest.fixture(autouse=True)
def seeded():
    """Every test starts from the same random state and the default precision."""
    keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")
    keras.config.set_floatx("float32")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def two_replicas():
    """A MirroredStrategy over two logical CPU devices."""
    from tests.distribution.games import mirrored

    return mirrored(2)
