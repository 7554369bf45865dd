"""Starts two programs on one run folder, ten times, and looks for what is of both.

    python benchmarks/reliability/competing_programs.py

Each pair trains networks of other widths; the second begins some seconds after the first, with
`--overwrite` or without. One must train, the other be refused by name of the first, or, where the
first has ended, train in its turn; configuration, checkpoints and game must be of one program.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import keras_gan as kg
from keras_gan.checkpoints import CheckpointFolder, unpack
from keras_gan.files.checksums import unsealed_file

OPTIONS = """--dataset ring --recipe dcgan --latent-dim 4 --batch-size 16 --steps-per-epoch 100
--epochs 2 --checkpoint-steps 20 --score-samples 50"""
COMMAND = [sys.executable, "-m", "keras_gan", "train", *OPTIONS.split()]
DELAYS = (0.0, 1.0, 3.0, 6.0, 9.0)


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


def judged(found: dict) -> str:
    """ "refused", "in turn", or a sentence on what is wrong."""
    if found["mixed"] is not None:
        return found["mixed"]
    if sorted(found["codes"]) == [0, 0]:
        return "in turn"
    if sorted(found["codes"]) != [0, 2]:
        return f"exit codes {found['codes']}, {found['errors']}"
    said = " ".join(found["errors"][found["codes"].index(2)])
    known = "is in use: process" in said or "or replace the run with --overwrite" in said
    return "refused" if known else f"the second said {said!r}"


def main(arguments: list[str] | None = None) -> int:
    """Prints a line a pair and the counts; returns 1 where anything is mixed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delays", nargs="+", type=float, default=list(DELAYS), metavar="SECONDS")
    delays = parser.parse_args(arguments).delays
    found = []
    for delay, overwrite in itertools.product(delays, (True, False)):
        with tempfile.TemporaryDirectory() as folder:
            found.append(judged(compete(pathlib.Path(folder) / "run", delay, overwrite)))
        flag = "--overwrite" if overwrite else "no flag"
        print(f"{delay:g} s later, {flag}: {found[-1]}", flush=True)
    good = {each: found.count(each) for each in ("refused", "in turn")}
    others = len(found) - sum(good.values())
    print(
        f"{len(found)} pairs: {good['refused']} times one was refused, {good['in turn']} times one "
        f"trained after the other, {others} others"
    )
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
