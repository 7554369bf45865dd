"""On JAX the package needs no TensorFlow: a program from which it is hidden trains on arrays."""

import os
import pathlib
import subprocess
import sys

import pytest

from tests.backend import BACKEND

pytestmark = pytest.mark.skipif(BACKEND != "jax", reason="of JAX without TensorFlow")
ROOT = pathlib.Path(__file__).parent.parent.parent

HIDDEN = """
import sys

sys.modules.update(dict.fromkeys(("tensorflow", "tensorflow_datasets", "tensorboard")))
import keras
import numpy as np

import keras_gan as kg

keras.utils.set_random_seed(0)
"""

TRAIN = (
    HIDDEN
    + """
class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return np.random.default_rng(i).normal(size=(10, 2)).astype("float32")


def compiled():
    keras.utils.set_random_seed(0)
    generator, discriminator = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    gan = kg.R3GAN(generator, discriminator, seed=0)
    gan.compile(steps_per_execution=2)
    return gan


x = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")
images = np.zeros((40, 8, 8, 1), "uint8")
for name, data, size in (("arrays", x, 10), ("batches", Batches(), None)):
    found = []
    for folder, epochs in (("whole", 3), ("parts", 1), ("parts", 3)):
        gan = compiled()
        gan.fit(
            data, batch_size=size, epochs=epochs, verbose=0, validation_data=x,
            callbacks=[
                kg.callbacks.Checkpoint(f"{name}/{folder}", every=2, monitor="val_generator_loss"),
                kg.callbacks.Evaluation(x, folder=f"{name}/scores"),
                kg.callbacks.Health(every=4),
                kg.callbacks.Samples(f"{name}/samples"),
                kg.callbacks.SwapAverage(),
            ],
        )
        variables = [*gan.weights, *gan.optimizer.variables]
        found.append([keras.ops.convert_to_numpy(v) for v in variables])
    for a, b in zip(found[0], found[2], strict=True):
        np.testing.assert_array_equal(a, b)
    gan.save(f"{name}/gan.keras")
    again = kg.load_model(f"{name}/gan.keras")
    np.testing.assert_array_equal(again.generate(5, seed=0), gan.generate(5, seed=0))
    print(name, sorted(gan.evaluate(x, return_dict=True, verbose=0)))
assert not any(name.startswith("tensorflow.") for name in sys.modules)
"""
)

SENTENCES = (
    HIDDEN
    + """
from keras_gan.cli.main import main

gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
gan.compile()
x = np.zeros((8, 2), "float32")
board = keras.callbacks.TensorBoard("logs")
for attempt in (
    lambda: kg.data.load("digits"),
    lambda: gan.fit(x, verbose=0, callbacks=[board]),
    lambda: kg.callbacks.Samples("samples", log_dir="logs"),
):
    try:
        attempt()
    except (ModuleNotFoundError, ValueError) as error:
        print(error)
print(main(["train", "--dataset", "digits"]))
"""
)

FORGOTTEN = """
import sys

sys.modules["tensorflow"] = None
try:
    import keras_gan
except ModuleNotFoundError as error:
    print(error)
"""


def run(program, folder, backend="jax"):
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_arrays_and_py_datasets_train_with_all_callbacks_and_go_on_exactly(tmp_path):
    printed = run(TRAIN, tmp_path).splitlines()
    assert [line.split()[0] for line in printed] == ["arrays", "batches"]
    assert "generator_loss" in printed[0]


def test_what_needs_tensorflow_says_so(tmp_path):
    data, board, pictures, code = run(SENTENCES, tmp_path).splitlines()
    assert "make tf.data sets, which need TensorFlow: pip install tensorflow" in data
    assert "TensorBoard writes its files with TensorFlow, which is not installed" in board
    assert "with tensorboard, which is not installed: pip install tensorboard" in pictures
    assert code == "2"


def test_a_forgotten_backend_is_named(tmp_path):
    assert "set KERAS_BACKEND=jax before Keras is" in run(FORGOTTEN, tmp_path, "tensorflow")
