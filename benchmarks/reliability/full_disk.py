"""Fills a small disk and saves on it: what was there before must stay, and one sentence be said.

    python benchmarks/reliability/full_disk.py

It mounts a tmpfs, which asks for root. Each kind of file is written once with room and again, at
several amounts of free space, after the weights have moved; then either the old content is there to
the byte, with an `OSError` of one sentence, or the new one, and nothing half written lies about.
"""

import argparse
import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import keras_gan as kg
from keras_gan.checkpoints import CheckpointFolder, Progress
from keras_gan.cli.main import main as command

DISK = 3 * 2**19
FREE = (0, 16, 64, 160, 620)  # KiB


@contextlib.contextmanager
def small_disk():
    """A file system of `DISK` bytes."""
    folder = pathlib.Path(tempfile.mkdtemp())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        sys.exit("A small disk could not be mounted, which asks for root: nothing was measured.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def game(moved: bool) -> kg.GAN:
    """A small game, before or after a step."""
    gan = kg.GAN(
        kg.networks.mlp_generator(width=96, depth=2),
        kg.networks.mlp_discriminator(width=96, depth=2),
        seed=0,
    )
    gan.compile()
    gan.fit(np.zeros((8, 2), "float32"), batch_size=4, epochs=2 if moved else 1, verbose=0)
    return gan


def sampled(out: str):
    """The command that writes samples of a saved game, which lies on another disk."""

    def write(gan: kg.GAN, folder: pathlib.Path) -> None:
        with tempfile.TemporaryDirectory() as roomy:
            path = pathlib.Path(roomy) / "gan.keras"
            gan.save(path)
            said, target = io.StringIO(), str(folder / out)
            with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
                code = command(["generate", str(path), "--count", "8000", "--out", target])
        if code:
            raise OSError(said.getvalue().strip())

    return write


KINDS = {
    "game": lambda gan, folder: gan.save(folder / "gan.keras"),
    "weights": lambda gan, folder: gan.save_weights(folder / "gan.weights.h5"),
    "preset": lambda gan, folder: kg.Generator.from_gan(gan).save_to_preset(folder / "preset"),
    "samples as an array": sampled("samples.npz"),
    "samples as a picture": sampled("samples.png"),
    "checkpoint": lambda gan, folder: CheckpointFolder(folder / "checkpoints").save(
        gan, Progress(step=2 if gan.optimizer["generator"].iterations > 2 else 1)
    ),
}


def content(folder: pathlib.Path) -> dict[str, bytes]:
    """All files by their paths, but what fills the disk and the locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "filler" and not path.name.endswith(".lock")
    }


def tried(kind: str, free: int, games: tuple) -> str:
    """ "kept", "written", or a sentence on what is wrong."""
    old, new = games
    with small_disk() as folder:
        KINDS[kind](old, folder)
        before = content(folder)
        room = os.statvfs(folder)
        filler = max(0, room.f_bavail * room.f_frsize - 1024 * free)
        (folder / "filler").write_bytes(bytes(filler))
        try:
            KINDS[kind](new, folder)
        except OSError as error:
            said = str(error)
            if content(folder) != before:
                return f"the earlier files have changed, with {said!r}"
            return "kept" if said and "\n" not in said else f"not one sentence: {said!r}"
        except Exception as error:
            return f"{type(error).__name__} instead of an OSError: {error}"
        after = content(folder)
        partial = [name for name in after if ".partial" in name]
        if partial:
            return f"{partial[0]} is left"
        return "written" if after != before else "nothing was written, and nothing said"


def main(arguments: list[str] | None = None) -> int:
    """Prints a row a kind; returns 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    kinds = parser.parse_args(arguments).kinds
    games, wrong = (game(False), game(True)), []
    print("| what is saved | full disks | earlier kept, one sentence | there was room | other |")
    print("|---|---|---|---|---|")
    for kind in kinds:
        found = [tried(kind, free, games) for free in FREE]
        others = [each for each in found if each not in ("kept", "written")]
        wrong += [f"{kind}: {each}" for each in others]
        counts = found.count("kept"), found.count("written"), len(others)
        print(f"| {kind} | {len(FREE)} | {counts[0]} | {counts[1]} | {counts[2]} |", flush=True)
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
