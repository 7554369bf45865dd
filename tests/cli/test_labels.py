"""`keras-gan train --labels`: a run whose networks take the data's classes."""

import json

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.registry import ENTRIES

BUDGET = "--width 4 --latent-dim 4 --epochs 2 --steps-per-epoch 2 --batch-size 16"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "labels"
    options = [*BUDGET.split(), "--score-samples", "100", "--evaluate-epochs", "1"]
    assert main(["train", "--dataset", "digits", "--labels", "--out", str(folder), *options]) == 0
    return folder


def test_the_model_knows_the_classes_and_scores_tell_how_often_they_are_seen(run):
    gan = kg.load_model(run / "model.keras")
    assert gan.classes == 10
    assert gan.generate(3, labels=7).shape == (3, 8, 8, 1)
    coverage = json.loads((run / "metrics.json").read_text())["coverage"]
    assert 0 <= coverage["label_accuracy"] <= 1


def test_label_accuracy_is_the_share_of_samples_in_the_class_asked_for():
    from keras_gan.families.sampling.run_scores import coverage_scores, table
    from keras_gan.metrics.reference import draw_reference

    reference = draw_reference(kg.data.load("digits", labels=True), 500, 0, labelled=True)
    first = [np.flatnonzero(reference.labels == digit)[0] for digit in range(10)]
    samples = np.tile(reference.samples[first], (5, 1, 1, 1))  # all classes in turn
    found = coverage_scores("digits", reference, samples, 0, classes=10)
    assert found["label_accuracy"] >= 0.9
    turned = coverage_scores("digits", reference, np.roll(samples, 1, axis=0), 0, classes=10)
    assert turned["label_accuracy"] <= 0.1
    assert "label_accuracy" not in coverage_scores("digits", reference, samples, 0)
    frechet = dict.fromkeys(("model_to_real", "real_to_real", "untrained_to_real"), 1.0)
    told = {"feature_space": "", "features": "", "features_version": "", "features_resize": ""}
    rest = {"samples_on_either_side": 50, "notes": []}
    assert "show the class asked for" in table(
        {"frechet": frechet | told | rest, "coverage": found}
    )


@pytest.mark.thorough
def test_modern_networks_take_labels_in_a_run(tmp_path):
    folder = tmp_path / "run"
    line = f"train --dataset digits --labels --recipe r3gan --network r3gan {BUDGET}"
    options = ["--score-samples", "100", "--steps-per-epoch", "1", "--out", str(folder)]
    assert main([*line.split(), *options]) == 0
    gan = kg.load_model(folder / "model.keras")
    assert (type(gan), gan.classes) == (kg.R3GAN, 10)
    assert gan.generate(2, labels=3).shape == (2, 8, 8, 1)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("recipe", "given"),
    [
        ("stylegan2", {}),
        ("fastgan", {"reconstruction": "l1"}),
        ("projectedgan", {"network": "fastgan"}),
        ("reacgan", {"network": "r3gan", "discriminator_normalization": "none"}),
    ],
)
def test_modern_networks_take_labels(recipe, given):
    shape = (16, 16, 1)
    settings = Settings("digits", recipe=recipe, labels=True, width=4, latent_dim=4, **given)
    gan = ENTRIES[recipe].game(resolve(settings, shape), shape, 10)
    assert gan.conditional
    assert gan.generate(2, labels=3).shape == (2, *shape)


@pytest.mark.thorough
def test_the_configuration_remembers_labels_and_a_flag_overrides_it(run, tmp_path):
    config = run / "config.json"
    assert json.loads(config.read_text())["labels"] is True
    again = ["train", "--config", str(config), "--no-labels", "--out", str(tmp_path / "plain")]
    assert main(again) == 0
    assert kg.load_model(tmp_path / "plain" / "model.keras").classes is None


def test_a_data_set_without_labels_is_refused(tmp_path, capsys):
    np.save(tmp_path / "points.npy", np.random.default_rng(0).normal(size=(64, 2)))
    options = ["train", "--dataset", str(tmp_path / "points.npy"), "--labels"]
    assert main([*options, "--out", str(tmp_path / "run")]) != 0
    assert "labels" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_labels_must_be_true_or_false():
    with pytest.raises(ValueError, match="--labels must be true or false; received 1"):
        Settings(labels=1)
