"""The same mathematics on both backends: equal steps, and files that each can read."""

import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.parallel import random_numbers
from tests.backend import BACKEND, OF_THE_OTHER
from tests.backends import steps
from tests.slow import slow_but

pytestmark = pytest.mark.skipif(BACKEND != "tensorflow", reason="runs both, from TensorFlow's side")
ROOT = pathlib.Path(__file__).parent.parent.parent


def on_the_other(*arguments) -> str:
    """What a Python program prints under the other backend."""
    environment = {**os.environ, "KERAS_BACKEND": OF_THE_OTHER, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("name", slow_but(["SNGAN"], steps.GAMES))
def test_a_step_is_the_same_on_both_backends(tmp_path, name):
    """Gradients, weights and slots after two steps, and losses, to 1e-4 of the largest."""
    on_the_other("-m", "tests.backends.steps", name, tmp_path / "steps.npz")
    here = steps.step(name)
    with np.load(tmp_path / "steps.npz") as there:
        assert set(there.files) == set(here)
        for key, value in here.items():
            scale = np.abs(value).max()
            np.testing.assert_allclose(there[key], value, rtol=1e-4, atol=1e-4 * scale, err_msg=key)
    groups = {key.rsplit("/", 1)[0] for key in here}
    assert groups > {"weight", "loss"}  # and the gradients of each player
    for group in groups:
        assert any(np.any(value) for key, value in here.items() if key.startswith(group))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["integers", "uniform", "normal"])
def test_latents_of_an_integer_seed_are_the_same_on_both_backends(name):

    call = {"integers": "integers((3, 2), 20, seed=9)"}.get(name, f"{name}((3, 2), seed=9)")
    printed = f"print(ops.convert_to_numpy({call}).tolist())"
    program = f"from keras_gan.parallel.random_numbers import *\n{printed}"
    expected = eval(f"random_numbers.{call}", {"random_numbers": random_numbers})
    here = keras.ops.convert_to_numpy(expected)
    np.testing.assert_allclose(eval(on_the_other("-c", program)), here, rtol=1e-6)


LOAD = """
import sys
import numpy as np
import keras_gan as kg

gan = kg.load_model(sys.argv[1])
z = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
np.savez(
    sys.argv[2],
    images=gan.generate(5, seed=3),
    own=gan.generate(5, seed=3, average=False),
    predicted=gan.predict(z, verbose=0),
    scores=gan.discriminate(gan.generate(5, seed=3)),
    slots=np.concatenate([np.ravel(np.asarray(v)) for v in gan.optimizer.variables]),
)
x = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
gan.fit(x, batch_size=16, verbose=0)
gan.save(sys.argv[1])
"""


@pytest.mark.thorough
def test_a_file_of_one_backend_loads_and_trains_on_the_other(tmp_path):
    """Images to 1e-5, averaged and not; optimizer slots too; trained on there it comes back."""
    gan = steps.digits_gan()
    file, found = tmp_path / "game.keras", tmp_path / "found.npz"
    gan.save(file)
    on_the_other("-c", LOAD, file, found)
    z = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    images = gan.generate(5, seed=3)
    with np.load(found) as there:
        np.testing.assert_allclose(there["images"], images, atol=1e-5)
        np.testing.assert_allclose(there["own"], gan.generate(5, seed=3, average=False), atol=1e-5)
        np.testing.assert_allclose(there["predicted"], gan.predict(z, verbose=0), atol=1e-5)
        np.testing.assert_allclose(there["scores"], gan.discriminate(images), atol=1e-5)
        slots = [np.ravel(keras.ops.convert_to_numpy(v)) for v in gan.optimizer.variables]
        np.testing.assert_allclose(there["slots"], np.concatenate(slots), atol=1e-7)
    back = kg.load_model(file)
    assert int(back.optimizer.iterations) == 4
