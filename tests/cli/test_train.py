"""A whole run on a tiny budget: what it leaves behind, and that it can be had again."""

import json
import pathlib
import signal

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import keras_gan as kg
from keras_gan.callbacks import Samples
from keras_gan.cli.main import main
from keras_gan.cli.run_folder import CONTENTS, RunFolder
from keras_gan.plotting.samples import image_grid
from tests.backend import BACKEND

BUDGET = "--width 4 --latent-dim 4 --epochs 2 --steps-per-epoch 3 --batch-size 16"
BUDGET = [*BUDGET.split(), "--score-samples", "100"]


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory):
    """A run of the default recipe on digits, and what it printed."""
    folder = tmp_path_factory.mktemp("runs") / "digits"
    with pytest.MonkeyPatch.context() as patch:
        lines = []
        patch.setattr("builtins.print", lambda *values, **_: lines.extend(map(str, values)))
        assert main(["train", "--dataset", "digits", "--out", str(folder), *BUDGET]) == 0
    return folder, "\n".join(lines)


def read(path: pathlib.Path) -> dict:
    return json.loads(path.read_text())


def pixels(path: pathlib.Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_the_folder_holds_what_help_promises(digits_run):
    folder, _ = digits_run
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "checkpoints",
        "config.json",
        "history.csv",
        "logs",
        "metrics.json",
        "model.keras",
        "samples",
        "samples.gif",
        "samples.png",
        "timing.json",
    ]
    pictures = sorted(path.name for path in (folder / "samples").iterdir())
    assert pictures == ["epoch_0001.png", "epoch_0002.png"]
    with Image.open(folder / "samples.gif") as gif:
        assert gif.n_frames == 2
    last = pixels(folder / "samples" / "epoch_0002.png")
    np.testing.assert_array_equal(pixels(folder / "samples.png"), last)
    assert (last[:2] == 255).all()
    assert (last[:, 66:68] == 255).all()


def test_a_run_says_what_it_is_before_its_first_epoch_and_where_to_look_after_it(digits_run):
    folder, printed = digits_run
    before, after = printed.split("Fréchet distance", 1)
    said = dict(line.split(": ", 1) for line in before.splitlines() if ": " in line)
    model = kg.load_model(folder / "model.keras")
    assert before.splitlines()[0] == "SNGAN of images (8, 8, 1)"
    assert said["data"] == "digits, 1,797 images (8, 8, 1)"
    for role in ("generator", "discriminator"):
        parameters = sum(weight.numpy().size for weight in getattr(model, role).weights)
        assert said[role].startswith(f"{parameters:,} parameters, ")
    assert said["objective"] == repr(model.objective)
    assert said["steps"] == "6: 2 epochs of 3, batches of 16, seed 0"
    assert said["computed"].startswith(f"by {BACKEND} in float32, on ")
    assert said["run folder"] == str(folder)
    assert after.splitlines()[-4:] == [
        "To look further:",
        f"  tensorboard --logdir {folder}/logs",
        f"  keras-gan generate {folder} --count 64 --out grid.png",
        f"  keras-gan evaluate {folder} --against digits",
    ]


def test_config_holds_all_settings_and_versions(digits_run):
    config = read(digits_run[0] / "config.json")
    assert set(config.pop("versions")) == {"keras_gan", "keras", BACKEND, "numpy", "python"}
    assert (config["recipe"], config["network"], config["width"]) == ("sngan", "dcgan", 4)
    assert (config["average"], config["generator_learning_rate"]) == (0.999, 4e-4)


def test_tensorboard_has_every_loss_and_the_pictures(digits_run):
    logs = digits_run[0] / "logs"
    tags = EventAccumulator(str(logs / "train")).Reload().Tags()["tensors"]
    assert {"epoch_discriminator_loss", "epoch_generator_loss"} <= set(tags)
    assert len(EventAccumulator(str(logs / "samples")).Reload().Images("samples")) == 2


def test_metrics_say_what_was_measured_and_how(digits_run):
    folder, printed = digits_run
    metrics = read(folder / "metrics.json")
    frechet, coverage = metrics["frechet"], metrics["coverage"]
    assert frechet["feature_space"] == "pixels, 64-d"
    assert frechet["samples_on_either_side"] == 100
    assert frechet["real_to_real"] < frechet["model_to_real"]
    # six steps hardly move the averaged generator
    assert frechet["model_to_real"] == pytest.approx(frechet["untrained_to_real"], rel=0.2)
    assert (coverage["total"], len(coverage["counts"]), sum(coverage["counts"])) == (10, 10, 100)
    assert coverage["appearing"] == sum(c >= coverage["least"] for c in coverage["counts"])
    assert 0.8 < coverage["classifier_accuracy"] <= 1
    assert metrics["protocol"]["generator"] == "averaged"
    assert f"model to real     {frechet['model_to_real']:>10.4g}" in printed
    assert f"Classes: {coverage['appearing']} of 10 appear among 100 samples" in printed


def test_the_model_loads_with_its_optimizers_and_draws_the_last_picture(digits_run):
    folder, _ = digits_run
    gan = kg.load_model(folder / "model.keras")
    assert isinstance(gan, kg.SNGAN)
    assert int(gan.optimizer.iterations) == 6
    expected = np.asarray(image_grid(gan.generate(64, seed=0)))
    np.testing.assert_array_equal(pixels(folder / "samples.png"), expected)


def test_config_reproduces_the_run_bit_for_bit(digits_run, tmp_path):
    folder, _ = digits_run
    again = tmp_path / "again"
    assert main(["train", "--config", str(folder / "config.json"), "--out", str(again)]) == 0
    for name in (
        "config.json",
        "history.csv",
        "metrics.json",
        "samples.png",
        "samples/epoch_0001.png",
    ):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    models = [kg.load_model(run / "model.keras") for run in (folder, again)]
    for one, other in zip(*(model.variables for model in models), strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


@pytest.mark.thorough
def test_points_get_modes_a_scatter_and_the_other_recipe(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--dataset", "ring", "--recipe", "dcgan", *BUDGET]) == 0
    folder = tmp_path / "runs" / "dcgan_ring"
    coverage = read(folder / "metrics.json")["coverage"]
    assert (coverage["kind"], coverage["total"]) == ("modes", 8)
    assert read(folder / "metrics.json")["frechet"]["feature_space"] == "coordinates, 2-d"
    assert f"Modes: {coverage['modes']} of 8 covered" in capsys.readouterr().out
    assert pixels(folder / "samples.png").shape == (480, 480, 3)


@pytest.mark.thorough
def test_scores_in_training_keep_the_best_game(tmp_path):
    options = [*BUDGET, "--evaluate-epochs", "1", "--dataset", "ring", "--out", str(tmp_path)]
    assert main(["train", *options, "--steps-per-execution", "1"]) == 0
    report = read(tmp_path / "evaluation" / "evaluation.json")
    assert [row["epoch"] for row in report["curve"]] == [1, 2]
    final = read(tmp_path / "metrics.json")["frechet"]
    assert final["model_to_real"] == report["final"]["frechet_distance"]
    assert kg.load_model(tmp_path / "evaluation" / "best.keras").built
    timing = read(tmp_path / "timing.json")
    assert timing["backend"] == BACKEND
    assert timing["seconds"] > 0


def test_overwriting_removes_the_earlier_run_and_nothing_else(tmp_path):
    for name in (*CONTENTS, "mine.txt"):
        if "." in name:
            (tmp_path / name).write_text("old")
        else:
            (tmp_path / name).mkdir()
    RunFolder(str(tmp_path), overwrite=True).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:The Fréchet distance of 10 samples in 192 dimensions")
def test_a_folder_of_images_has_no_classes(tmp_path, rng, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    for i in range(20):
        noise = rng.integers(0, 256, (12, 10, 3)).astype("uint8")
        Image.fromarray(noise).save(tmp_path / "pictures" / f"{i}.png")
    options = ["--dataset", "pictures", "--image-size", "8", "--recipe", "dcgan", "--epochs", "1"]
    assert main(["train", *BUDGET, *options, "--out", "run"]) == 0
    metrics = read(tmp_path / "run" / "metrics.json")
    assert metrics["coverage"] is None
    assert metrics["frechet"]["samples_on_either_side"] == 10
    assert read(tmp_path / "run" / "config.json")["dataset"] == str(tmp_path / "pictures")
    assert pixels(tmp_path / "run" / "samples.png").shape[-1] == 3


def test_an_interrupted_run_is_saved_and_says_so(tmp_path, monkeypatch, capsys, rng):
    np.save(tmp_path / "points.npy", rng.normal(size=(64, 2)).astype("float32"))
    draw = Samples.on_epoch_end

    def interrupt_after_the_first(self, epoch, logs=None):
        draw(self, epoch, logs)
        raise KeyboardInterrupt

    monkeypatch.setattr(Samples, "on_epoch_end", interrupt_after_the_first)
    options = ["--dataset", str(tmp_path / "points.npy"), "--out", str(tmp_path / "run")]
    assert main(["train", *BUDGET, *options]) == 130
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names >= {"config.json", "model.keras", "samples.png", "samples.gif"}
    assert "metrics.json" not in names
    assert int(kg.load_model(tmp_path / "run" / "model.keras").optimizer.iterations) == 3
    assert f"keras-gan train --resume {tmp_path / 'run'} continues" in capsys.readouterr().out


def test_a_run_interrupted_twice_saves_nothing_more(tmp_path, monkeypatch, capsys, rng):
    np.save(tmp_path / "points.npy", rng.normal(size=(64, 2)).astype("float32"))
    draw = Samples.on_epoch_end

    def interrupt_twice(self, epoch, logs=None):
        draw(self, epoch, logs)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Samples, "on_epoch_end", interrupt_twice)
    options = ["--dataset", str(tmp_path / "points.npy"), "--out", str(tmp_path / "run")]
    assert main(["train", *BUDGET, *options]) == 130
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert not names & {"model.keras", "samples.png", "metrics.json"}
    said = capsys.readouterr().out
    assert f"keras-gan train --resume {tmp_path / 'run'} continues" in said
    assert "present model" not in said
