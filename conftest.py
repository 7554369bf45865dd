"""What tests and the examples in docstrings share: quiet backends, a seed, the default precision.

It lies here and not in tests/, since pytest gives a fixture to what is beside or below it alone.

`KERAS_BACKEND=jax pytest` runs the same tests on JAX; those of a TensorFlow strategy, of which JAX
has none, are skipped there by name, as are those of JAX's devices and processes on TensorFlow.
"""

import gc
import os
import pathlib
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
if os.environ.get("KERAS_BACKEND") == "jax":
    # Four devices on one CPU, as TensorFlow gets them below. Tests compile many small functions,
    # again in every process and for every equal network: they share what is compiled.
    os.environ.setdefault("XLA_FLAGS", "--xla_force_host_platform_device_count=4")
    cache = os.path.join(tempfile.gettempdir(), f"keras_gan-xla-{os.getuid()}")
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", cache)
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.05")

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan  # noqa: F401  before doctests of single modules import them a second time
from tests.backend import BACKEND, OF_THE_OTHER
from tests.wide import float64

if BACKEND == "tensorflow":
    # Four logical devices on one CPU, for the tests of MirroredStrategy; before any computation.
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 4
    )


def pytest_ignore_collect(collection_path):
    """Passes over modules of the other backend, and the family that registers itself for a test."""
    if collection_path.name in (f"{OF_THE_OTHER}.py", "toy_family.py"):
        return True
    return None


THOROUGH = {  # with whether they run on JAX, too
    line.removesuffix(" both"): line.endswith(" both")
    for line in (pathlib.Path(__file__).parent / "tests/thorough.txt").read_text().splitlines()
    if not line.startswith("#")
}


def pytest_itemcollected(item):
    """Marks the tests that thorough.txt lists, by their own names or by that of their file."""
    for name in (item.nodeid, item.nodeid.partition("::")[0]):
        if name in THOROUGH:
            item.add_marker(pytest.mark.thorough)
            if THOROUGH[name]:
                item.add_marker(pytest.mark.both)


def pytest_collection_finish():
    """Lets garbage collection pass over what Keras, its backend and the tests are made of.

    Tracing a step makes it look at all of that again and again, a fifth of the time of the tests.
    """
    gc.collect()
    gc.freeze()


HELD = 3 * 2**30  # bytes of a process, above which it forgets what JAX compiled


@pytest.fixture(autouse=BACKEND == "jax", scope="module")
def forgotten():
    """Keeps the memory of a long run on JAX bounded: each compiled function stays until it ends."""
    yield
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    if pages * os.sysconf("SC_PAGE_SIZE") > HELD:
        import jax

        jax.clear_caches()
        gc.collect()


def pytest_runtest_setup(item):
    """Tests on real data are skipped where there are none, but in CI they fail."""
    if item.get_closest_marker("data") and "TFDS_DATA_DIR" not in os.environ:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("TFDS_DATA_DIR is not set, so there are no real data to test on")


@pytest.fixture(autouse=True)
def seeded(request):
    """Every test and every docstring's example starts from one random state and precision.

    JAX's default makes float32 of float64, except in tests that are marked `float64`.
    """
    keras.utils.set_random_seed(0)
    with float64(request.node.get_closest_marker("float64") is not None):
        yield
    keras.config.set_dtype_policy("float32")
    keras.config.set_floatx("float32")


@pytest.fixture
def rng():
    """A generator of a fixed seed."""
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def two_replicas():
    """A MirroredStrategy over two logical CPU devices."""
    if BACKEND != "tensorflow":
        pytest.skip("of TensorFlow's MirroredStrategy")
    from tests.distribution.games import mirrored

    return mirrored(2)
