"""Run folders: held by one program, read by a schema, and left when they vanish."""

import json
import os
import pathlib
import shutil

import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.run_schema import timing_in
from keras_gan.files import locking
from keras_gan.files.locking import FolderLock
from tests.callbacks.test_vanishing import Remove

OLD = pathlib.Path(__file__).parent.parent / "files" / "version_1"
RING = "train --dataset ring --recipe dcgan --width 4 --latent-dim 4 --steps-per-epoch 3"
RING = [*RING.split(), "--batch-size", "16", "--score-samples", "50", "--epochs", "2"]


@pytest.fixture
def run(tmp_path):
    return pathlib.Path(shutil.copytree(OLD, tmp_path / "run"))


def error_of(capsys, *argv):
    capsys.readouterr()
    assert main([*map(str, argv)]) == 2
    return capsys.readouterr().err


def content_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_of_the_first_version_is_read(run):
    folder, settings = RunFolder.of_run(str(run))
    assert settings.dataset == "ring"
    assert timing_in(run)["backend"] == "tensorflow"
    folder.lock.release()


@pytest.mark.parametrize("options", [["--out"], ["--overwrite", "--out"], ["--resume"]])
def test_a_second_program_is_refused_and_changes_nothing(run, capsys, monkeypatch, options):
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    with FolderLock(run):
        before = content_of(run)
        argv = [*(RING if "--out" in options else ["train"]), *options, run]
        message = error_of(capsys, *argv)
        assert f"{run} is in use: this same process has been writing to it since" in message
        assert content_of(run) == before


def test_overwriting_does_not_touch_checkpoints_that_a_program_writes(run, capsys, monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    with FolderLock(run / "checkpoints", "checkpoints"):
        before = content_of(run)
        message = error_of(capsys, *RING, "--overwrite", "--out", run)
        assert "checkpoints is in use: this same process" in message
        assert content_of(run) == before


def test_publishing_waits_for_the_end_of_a_training(run, capsys, monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", 0.1)
    with FolderLock(run):
        message = error_of(capsys, "zoo", "publish", run, "--zoo", run.parent / "zoo")
    assert "is in use" in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not JSON"),
        (b"[1]", "must be an object, not a list"),
        (b'{"seconds": 1, "backend": "jax"}', "has no field 'machine'"),
        (b'{"seconds": -1, "backend": "jax", "machine": "x"}', "must be a number of at least 0"),
        (
            b'{"seconds": 1' + b"0" * 400 + b', "backend": "x", "machine": "x"}',
            "not 1000",
        ),
        (b'{"seconds": NaN, "backend": "jax", "machine": "x"}', "is not JSON"),
        (b'{"seconds": 1, "backend": "jax", "machine": "x", "y": 1}', "unknown field 'y'"),
        (b'{"version": 2, "seconds": 1}', "is from a later version of keras_gan"),
        ("pipe", "is a named pipe"),
        ("folder", "is a folder"),
    ],
)
def test_a_damaged_timing_is_refused_before_anything_is_loaded(run, capsys, content, problem):
    path = run / "timing.json"
    path.unlink()
    if content == "pipe":
        os.mkfifo(path)
    elif content == "folder":
        path.mkdir()
    else:
        path.write_bytes(content)
    before = content_of(run)
    message = error_of(capsys, "train", "--resume", run)
    assert f"{path} " in message
    assert problem in message
    assert content_of(run) == before


@pytest.mark.parametrize("name", ["checkpoints", "samples", "logs"])
def test_a_link_to_nothing_in_a_folder_s_place_is_refused_before_it_trains(run, capsys, name):
    shutil.rmtree(run / name, ignore_errors=True)
    (run / name).symlink_to(run / "nowhere")
    before = content_of(run)
    message = error_of(capsys, "train", "--resume", run)
    assert f"{run / name} cannot belong to a run of keras-gan train, since it is a link" in message
    assert content_of(run) == before


@pytest.mark.parametrize("name", ["metrics.json", "samples.gif", "history.csv", "checkpoints"])
def test_what_cannot_belong_to_a_run_is_refused_before_it_trains(run, capsys, name):
    shutil.rmtree(run / "checkpoints")
    if name == "checkpoints":
        os.mkfifo(run / name)
    else:
        (run / name).mkdir()
    message = error_of(capsys, "train", "--resume", run)
    assert f"{run / name} cannot belong to a run of keras-gan train, since it is" in message


@pytest.mark.parametrize("flag", ["--config", "--resume"])
def test_a_pipe_for_settings_does_not_hang(run, capsys, flag):
    path = run / "config.json"
    path.unlink()
    os.mkfifo(path)
    message = error_of(capsys, "train", flag, path if flag == "--config" else run)
    assert "config.json is not a JSON file, since it is a named pipe" in message or (
        "has no config.json" in message
    )


def test_settings_of_a_later_version_are_told_from_misspelt_ones(run, capsys):
    settings = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(settings | {"version": 2, "new": 1}))
    assert "cannot be used: it is from a later version" in error_of(
        capsys, "train", "--resume", run
    )


@pytest.mark.thorough
def test_a_run_folder_that_vanishes_goes_on_elsewhere(tmp_path, capsys, monkeypatch):
    """Amid training, and after it."""
    run, elsewhere = tmp_path / "run", tmp_path / "run.rescued"
    usual = kg.GAN.fit

    def fit(self, *args, callbacks, **options):
        return usual(self, *args, callbacks=[Remove(run, epoch=0), *callbacks], **options)

    monkeypatch.setattr(kg.DCGAN, "fit", fit)
    message = error_of(capsys, *RING, "--out", run)
    assert f"{run} is gone" in message
    assert f"{elsewhere}: keras-gan train --resume {elsewhere} continues from there." in message
    assert not run.exists()
    monkeypatch.undo()
    assert main(["train", "--resume", str(elsewhere)]) == 0
    table = (elsewhere / "history.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in table] == ["epoch", "1", "2"]
    assert (elsewhere / "metrics.json").exists()
    assert not list(elsewhere.rglob(".*.lock"))
