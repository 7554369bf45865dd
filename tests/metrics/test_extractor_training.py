"""The script that trains the shipped extractors: it resumes, and what it writes can be read."""

import dataclasses

import numpy as np
import pytest

from keras_gan.metrics import extractors
from tests.test_benchmarks import benchmark


@pytest.fixture
def script(monkeypatch):
    script = benchmark("train_features")
    monkeypatch.setattr(script, "BATCH_SIZE", 8)
    return script


def setting(script):
    cycles = ((2, 0.1), (1, 0.05))
    return dataclasses.replace(script.SETTINGS["mnist"], widths=(4, 4, 8), cycles=cycles)


class StoppedError(Exception):
    pass


@pytest.mark.slow
def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(
    script, tmp_path, rng, monkeypatch, capsys
):
    images = rng.uniform(-1, 1, size=(24, 8, 8, 1)).astype("float32")
    labels = rng.integers(10, size=24)
    for name in ("whole", "halves"):
        (tmp_path / name).mkdir()
    whole, _ = script.trained(images, labels, setting(script), 0, tmp_path / "whole")

    shift, moves = script.augmented, []

    def stopping(*args):
        moves.append(1)
        if len(moves) > 4:
            raise StoppedError  # in the middle of the second epoch
        return shift(*args)

    with monkeypatch.context() as patch:
        patch.setattr(script, "augmented", stopping)
        with pytest.raises(StoppedError):
            script.trained(images, labels, setting(script), 0, tmp_path / "halves")
    resumed, seconds = script.trained(images, labels, setting(script), 0, tmp_path / "halves")
    assert seconds > 0
    for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    assert capsys.readouterr().out.count("epoch 3 of 3") == 2


@pytest.mark.parametrize("sides", ["one_side", "both_sides"])
def test_what_is_exported_is_read_and_tested_as_it_is_shipped(script, sides, tmp_path, rng):
    images = rng.uniform(-1, 1, size=(64, 8, 8, 1)).astype("float32")
    labels = rng.integers(10, size=64)
    model = script.classifier((8, 8, 1), (4, 4, 8))
    extractor = getattr(script, sides)(model)
    card = script.export(extractor, tmp_path / "tiny", {"name": "tiny"}, images, labels)
    assert card == extractors.card("tiny", tmp_path)
    features, logits = extractors.load("tiny", tmp_path).predict_on_batch(images)
    assert features.shape == (64, card["dim"]) == (64, 8)
    assert card["test_accuracy"] == round(float(np.mean(logits.argmax(axis=1) == labels)), 4)
    expected = model.predict_on_batch(images)
    if sides == "both_sides":  # logits are linear in the features
        expected = (expected + model.predict_on_batch(images[:, :, ::-1])) / 2
    np.testing.assert_allclose(logits, expected, atol=1e-2)


def test_augmentation_shifts_by_whole_pixels_and_mirrors_half(script, rng):
    mnist, cifar = (script.SETTINGS[name] for name in ("mnist", "cifar10"))
    dot = np.full((400, 9, 9, 1), -1.0, "float32")
    dot[:, 4, 4] = 1.0
    shifted = script.augmented(dot, mnist, rng)
    rows, columns = np.argwhere(shifted[..., 0] == 1.0)[:, 1:].T
    assert set(rows) == set(columns) == {2, 3, 4, 5, 6}
    assert (shifted == 1.0).sum() == 400
    ramp = np.tile(np.linspace(-1, 1, 9, dtype="float32")[:, None], (400, 9, 1, 1))
    mirrored = script.augmented(ramp, cifar, rng)
    assert 0.4 < np.mean(mirrored[:, 4, 3, 0] > mirrored[:, 4, 5, 0]) < 0.6
    assert (np.diff(script.augmented(ramp, mnist, rng)[:, 4, 2:7, 0]) > 0).all()
