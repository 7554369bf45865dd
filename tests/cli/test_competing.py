"""Two programs that want one run folder: one trains, the other is refused, and nothing mixes."""

import json
import pathlib
import subprocess
import sys
import time

import pytest

import keras_gan as kg
from keras_gan.checkpoints import CheckpointFolder, unpack
from keras_gan.checkpoints.sealed import unsealed_file

COMMAND = [sys.executable, "-m", "keras_gan.cli.main", "train", "--dataset", "ring"]
COMMAND += [
    "--recipe",
    "dcgan",
    "--latent-dim",
    "4",
    "--batch-size",
    "16",
    "--steps-per-epoch",
    "100",
]
COMMAND += ["--epochs", "2", "--checkpoint-steps", "20", "--score-samples", "50"]


def compete(folder: pathlib.Path, delay: float, overwrite: bool = True) -> dict:
    """Starts two programs of other widths on one folder, the second some seconds after the first.

    Args:
        folder: Where both want to write.
        delay: Seconds between the two.
        overwrite: Whether the second may replace what is there.

    Returns:
        `codes`, both exit codes; `errors`, what both wrote to stderr; `mixed`, a sentence on what
        is of both in the folder, or `None`.
    """
    programs = []
    for width, extra in ((4, []), (8, ["--overwrite"] if overwrite else [])):
        programs.append(
            subprocess.Popen(
                [*COMMAND, "--width", str(width), "--out", str(folder), *extra],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        time.sleep(0 if width == 8 else delay)
    errors = [program.communicate()[1] for program in programs]
    return {
        "codes": [program.returncode for program in programs],
        "errors": [error.strip().splitlines()[-1:] for error in errors],
        "mixed": mixture(folder),
    }


def mixture(folder: pathlib.Path) -> str | None:
    """What a run folder has of another width than its configuration; `None` for nothing."""
    width = json.loads((folder / "config.json").read_text())["width"]
    gan = kg.load_model(folder / "model.keras")
    if gan.generator.layers[1].units != width:
        return f"model.keras is not of width {width}"
    for path in CheckpointFolder(folder / "checkpoints").files():
        header, _ = unpack(unsealed_file(path))
        if not any(shape[-1:] == [width] for _, _, shape, _ in header["variables"]):
            return f"{path.name} is not of width {width}"
    left = [path.name for path in folder.rglob("*") if ".partial" in path.name]
    return f"{left[0]} is left" if left else None


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 3.0, 6.0])
def test_one_trains_and_the_other_is_refused_by_name(tmp_path, delay):
    found = compete(tmp_path / "run", delay)
    assert found["mixed"] is None
    if delay < 6:  # neither has come to its end before the other began
        assert sorted(found["codes"]) == [0, 2]
        (error,) = found["errors"][found["codes"].index(2)]
        assert "is in use: process" in error
        assert "train --dataset ring" in error
