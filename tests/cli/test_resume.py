"""Runs that are killed, over and over, and end as if they had not been."""

import json
import pathlib
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.checkpoint import RunCheckpoint
from keras_gan.cli.main import main
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings

SLOW_DISK = """
import os, signal, sys, time
from keras_gan.files import atomic

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background

def slow(descriptor, call=os.fsync):
    print("writing", flush=True)
    time.sleep(0.05)
    call(descriptor)

atomic.os.fsync = slow
from keras_gan.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
BUDGET = "--width 4 --latent-dim 4 --steps-per-epoch 12 --batch-size 16 --score-samples 50"
BUDGET = BUDGET.split()
RING = ["--dataset", "ring", "--recipe", "dcgan", *BUDGET, "--epochs", "4"]
RING += ["--checkpoint-steps", "3"]
DIGITS = ["--dataset", "digits", *BUDGET, "--epochs", "8", "--checkpoint-steps", "2"]


def train(*options):
    """Starts the program on a disk on which every write takes a tenth of a second."""
    command = [sys.executable, "-c", SLOW_DISK, "train", *map(str, options)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def await_writes(process, count):
    """Waits until a program has begun to flush a file so many times; returns whether it has."""
    for line in process.stdout:
        count -= line == "writing\n"
        if not count:
            return True
    return False


def ended(process):
    """Waits for the end of a program, closes its pipes and returns its exit code."""
    process.communicate()
    return process.returncode


def outcome(folder: pathlib.Path) -> dict:
    """All that a run leaves behind but its TensorBoard files and the settings."""
    names = ["metrics.json", "history.csv", "samples.png", "samples.gif"]
    names += sorted(f"samples/{path.name}" for path in (folder / "samples").glob("*.png"))
    found = {name: (folder / name).read_bytes() for name in names}
    gan = kg.load_model(folder / "model.keras")
    variables = [*gan.variables, *gan.optimizer.variables]
    return found | {f"variable {i}": np.array(v).tobytes() for i, v in enumerate(variables)}


def assert_same(folder, other):
    one, two = outcome(folder), outcome(other)
    assert list(one) == list(two)
    assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.slow
def test_killed_terminated_interrupted_and_resumed_a_run_ends_the_same(tmp_path, capsys):
    run, whole = tmp_path / "run", tmp_path / "whole"
    process = train(*RING, "--out", run)
    assert await_writes(process, 2 * 6 + 1)  # the settings, four checkpoints, history: the sixth
    process.kill()
    process.communicate()
    assert list((run / "checkpoints").glob("*.partial"))  # amid writing
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        process = train("--resume", run)
        assert await_writes(process, 4)
        process.send_signal(number)
        out, err = process.communicate()
        assert process.returncode == code
        assert f"keras-gan train --resume {run} continues" in out + err
        assert "Traceback" not in err
    assert not (run / "metrics.json").exists()
    assert main(["train", "--resume", str(run)]) == 0
    assert main(["train", *RING, "--out", str(whole)]) == 0
    assert_same(run, whole)
    table = (run / "history.csv").read_text().splitlines()
    assert table[0] == "epoch,discriminator_loss,generator_loss,jensen_shannon_estimate"
    assert [line.split(",")[0] for line in table[1:]] == ["1", "2", "3", "4"]
    capsys.readouterr()
    before = outcome(run)
    assert main(["train", "--resume", str(run)]) == 0  # a finished run is scored again
    assert outcome(run) == before


def error_of(capsys, *argv):
    capsys.readouterr()
    assert main([*map(str, argv)]) == 2
    return capsys.readouterr().err


@pytest.mark.thorough
def test_flags_change_a_run_that_goes_on(tmp_path, capsys):
    run = tmp_path / "run"
    assert main(["train", *RING, "--epochs", "1", "--out", str(run)]) == 0
    before = (run / "config.json").read_bytes()
    line = error_of(capsys, "train", "--resume", run, "--generator-learning-rate", 0.5)
    assert "generator_learning_rate" in line
    assert "--override optimizer" in line
    assert (run / "config.json").read_bytes() == before
    assert main(["train", "--resume", str(run), "--epochs", "2"]) == 0
    assert json.loads((run / "config.json").read_text())["epochs"] == 2
    assert len((run / "history.csv").read_text().splitlines()) == 3
    (run / "model.keras").unlink()
    line = error_of(capsys, "generate", run)
    assert f"keras-gan train --resume {run} continues it" in line


def test_resume_takes_a_run_and_nothing_else(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "nowhere", tmp_path / "empty"):
        message = f"{path} is not a run folder, since it has no config.json: start a run there"
        assert message in error_of(capsys, "train", "--resume", path)
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.json").write_text(json.dumps({"dataset": "ring"}))
    line = error_of(capsys, "train", "--resume", run, "--epochs", 3, "--overwrite")
    assert "but also received --overwrite: leave that out" in line
    line = error_of(capsys, "train", "--dataset", "ring", "--out", run)
    assert f"continue the run in it with keras-gan train --resume {run}" in line
    assert [path.name for path in run.iterdir()] == ["config.json"]


@pytest.mark.thorough
def test_a_run_killed_before_its_first_checkpoint_begins_anew(tmp_path):
    options = [*RING, "--epochs", "1", "--checkpoint-steps", "100"]
    assert main(["train", *options, "--out", str(tmp_path / "whole")]) == 0
    killed = tmp_path / "killed"
    killed.mkdir()
    config = (tmp_path / "whole" / "config.json").read_bytes()
    (killed / "config.json").write_bytes(config)
    assert main(["train", "--resume", str(killed)]) == 0
    assert_same(killed, tmp_path / "whole")
    assert (killed / "config.json").read_bytes() == config


@pytest.mark.slow
def test_twenty_kills_at_random_moments_leave_no_trace(tmp_path):
    """Kills of a run with convolutions, during start-up, steps, pictures and the disk's writes."""
    run, whole = tmp_path / "run", tmp_path / "whole"
    assert ended(train(*DIGITS, "--out", whole)) == 0
    chance = random.Random(0)
    kills = amid_writing = 0
    while kills < 20:
        begun = (run / "config.json").exists()
        process = train(*(["--resume", run] if begun else [*DIGITS, "--out", run]))
        if kills % 7 == 3:
            time.sleep(chance.uniform(0, 5))
        elif not await_writes(process, chance.randint(1, 8)):
            break  # it ended
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        process.communicate()
        kills += 1
        amid_writing += bool(list(run.rglob("*.partial")))
    assert ended(train("--resume", run)) == 0
    assert_same(run, whole)
    print(f"{kills} kills, {amid_writing} of them amid the writing of a file")
    assert kills == 20
    assert amid_writing >= 3


def test_epochs_count_with_a_schedule_over_all_of_them_and_new_settings_never_do(tmp_path):
    settings = Settings(epochs=4, learning_rate_schedule="cosine")
    checkpoint = RunCheckpoint(RunFolder(str(tmp_path / "run"), overwrite=False), settings)
    (difference,) = checkpoint.differences_of_run(checkpoint.run | {"epochs": 2})
    assert difference.kind == "optimizer"
    assert difference.name + difference.there == "config.json epochs=2 of a cosine schedule"
    earlier = {name: checkpoint.run[name] for name in checkpoint.run if name != "beta_1"}
    assert list(checkpoint.differences_of_run(earlier)) == []
    checkpoint.run["learning_rate_schedule"] = "constant"
    (difference,) = checkpoint.differences_of_run(checkpoint.run | {"seed": 9, "epochs": 2})
    assert difference.kind == "seed"


@pytest.mark.thorough
def test_an_edited_config_is_refused_unless_it_is_meant(tmp_path, capsys):
    run = tmp_path / "run"
    options = [*RING, "--epochs", "1", "--checkpoint-steps", "100"]
    assert main(["train", *options, "--out", str(run)]) == 0
    whole = (run / "config.json").read_text()
    config = json.loads(whole)
    files = {path.name: path.read_bytes() for path in (run / "checkpoints").iterdir()}
    edits = {"generator_learning_rate": 1e-3, "batch_size": 8, "epochs": 2}
    (run / "config.json").write_text(json.dumps(config | edits))
    line = error_of(capsys, "train", "--resume", run)
    there = [f"config.json {name}={config[name]!r}" for name in edits if name != "epochs"]
    here = [f"config.json {name}={edits[name]!r}" for name in edits if name != "epochs"]
    for each in (*there, *here, "permit the change with --override data optimizer."):
        assert each in line
    assert "epochs" not in line
    assert {path.name: path.read_bytes() for path in (run / "checkpoints").iterdir()} == files
    edits = {"generator_learning_rate": 1e-3, "epochs": 2}
    (run / "config.json").write_text(json.dumps(config | edits))
    assert main(["train", "--resume", str(run), "--override", "optimizer"]) == 0
    gan = kg.load_model(run / "model.keras")
    assert float(gan.optimizer["generator"].learning_rate) == pytest.approx(1e-3)
    assert int(gan.optimizer.iterations) == 24
    assert "--override works only with --resume" in error_of(
        capsys, "train", *options, "--override", "data"
    )
