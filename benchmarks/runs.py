"""Runs of the command line that benchmarks measure: trained where they are not there yet."""

import json
import pathlib
import subprocess
import sys


def trained(run: pathlib.Path, *arguments: str) -> pathlib.Path:
    """A run folder: one that ended is taken as it is, one that was cut off goes on.

    Args:
        run: The folder.
        *arguments: Those of `keras-gan train` for a new run.
    """
    if (run / "metrics.json").exists():
        return run
    anew = (*arguments, "--out", str(run))
    arguments = ("--resume", str(run)) if (run / "checkpoints").exists() else anew
    command = [sys.executable, "-m", "keras_gan", "train", *arguments]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return run


def minutes(run: pathlib.Path) -> float:
    """How long a run was trained, pictures included."""
    return json.loads((run / "timing.json").read_text())["seconds"] / 60


def settings(run: pathlib.Path) -> dict:
    """The settings of a run."""
    return json.loads((run / "config.json").read_text())


def scores(run: pathlib.Path) -> dict:
    """The final scores of a run."""
    return json.loads((run / "metrics.json").read_text())
