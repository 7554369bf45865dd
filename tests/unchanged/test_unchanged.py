"""What the house of before made, the house of today makes: see `record`."""

import json
import pathlib

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests.unchanged import record

RECORDED = pathlib.Path(__file__).parent / "recorded"
BACKEND = keras.backend.backend()
NEAR = {"rtol": 1e-4, "atol": 2e-5}  # a tenth of what a weight moves by in one step of Adam


@pytest.fixture(scope="module")
def stored():
    """The recorded weights and samples of this backend."""
    arrays = {}
    for kind in ("weights", "samples"):
        with np.load(RECORDED / f"{kind}_{BACKEND}.npz") as file:
            arrays[kind] = {name: file[name] for name in file.files}
    return arrays


@pytest.mark.parametrize("name", record.names())
@pytest.mark.thorough
def test_three_steps_end_at_the_same_weights(name, stored):
    if name not in stored["samples"]:
        pytest.skip("came after the record")
    gan = record.trained(name)
    found = record.weights_of(gan)
    expected = {k: v for k, v in stored["weights"].items() if k.startswith(f"{name}/")}
    assert len(found) == len(expected)
    for place, value in found.items():
        np.testing.assert_allclose(value, expected[f"{name}/{place}"], **NEAR, err_msg=place)
    np.testing.assert_allclose(record.samples_of(gan), stored["samples"][name], **NEAR)


@pytest.mark.thorough
@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.keras")), ids=lambda path: path.stem)
def test_files_of_old_load_and_go_on(path, stored):
    """Saved on TensorFlow by the house of before; loaded on either backend."""
    gan = kg.load_model(path)
    with np.load(RECORDED / "samples_tensorflow.npz") as file:
        np.testing.assert_allclose(record.samples_of(gan), file[path.stem], **NEAR)
    with np.load(RECORDED / "weights_tensorflow.npz") as file:
        of_game = [file[name] for name in file.files if name.startswith(f"{path.stem}/")]
    count = sum(value.size for value in of_game if value.dtype.kind == "f")
    mine = [np.asarray(v) for v in record.weights_of(gan).values()]
    assert sum(value.size for value in mine if value.dtype.kind == "f") == count
    data = record.data_of(path.stem, gan)
    before = int(gan.optimizer["generator"].iterations)
    gan.fit(*data, batch_size=record.batch_of(gan), verbose=0)
    assert before == record.STEPS
    assert int(gan.optimizer["generator"].iterations) == 2 * before


@pytest.mark.thorough
def test_presets_make_the_same_samples():
    stored = json.loads((RECORDED / f"presets_{BACKEND}.json").read_text())
    assert set(stored) <= {*kg.Generator.presets, *kg.Translator.presets}
    for name, expected in stored.items():
        found = record.summary(record.preset_samples(name))
        assert found["shape"] == expected["shape"], name
        for figure in ("mean", "mean_square", "some"):
            np.testing.assert_allclose(found[figure], expected[figure], atol=2e-4, err_msg=name)


def test_the_command_line_has_every_option_of_old():
    stored = json.loads((RECORDED / "options.json").read_text())
    found = record.options(stored)
    for command, options in stored.items():
        assert set(options) <= set(found[command]), command
