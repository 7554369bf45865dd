"""The memory of a training on a folder, of sampling and of scoring, each in a process of its own.

    python benchmarks/memory.py
    python benchmarks/memory.py --images 200 --samples 50000 --only train generate

Each figure is the most memory that a process ever held (VmHWM of Linux), less what the framework
takes without the data: for a training that of the same command on 64 images of 64 x 64, for
`generate` that of the process once the preset is loaded, and its result. The figures of another
checkout: `PYTHONPATH=<its folder> python benchmarks/memory.py`, those of JAX: `KERAS_BACKEND=jax`.
"""

import argparse
import atexit
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

MB = 1e6
RUN = ("--image-size", "64", "--epochs", "1", "--steps-per-epoch", "3")


def status(field):
    """A number of bytes in /proc/self/status, such as VmHWM, the most that was ever held."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(f"{field}:")).split()[1])


def write_photographs(folder, count, side):
    """Writes smooth random pictures, each another one, as JPEG."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for i in range(count):
        coarse = Image.fromarray(rng.integers(256, size=(8, 8, 3), dtype=np.uint8))
        smooth = coarse.resize((side, side), Image.Resampling.BICUBIC)
        smooth.save(folder / f"{i:06d}.jpg", quality=90)


def command(*arguments):
    """A command of keras-gan, in this process."""
    from keras_gan.cli.main import main

    with contextlib.redirect_stdout(sys.stderr):
        if main(list(arguments)):
            raise SystemExit("the command failed")


def generate(preset, count):
    """`generate`, in this process; returns what it took beyond the loaded preset and the result."""
    import keras_gan as kg

    generator = kg.Generator.from_preset(preset)
    held = status("VmRSS")
    samples = generator.generate(int(count), seed=0)
    return {"beyond": status("VmHWM") - held - samples.nbytes}


def child(name, *arguments):
    """The figures of a function above in a new process: what it returned, peak and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "figures.json"
        call = [sys.executable, __file__, "--child", str(file), name, *map(str, arguments)]
        subprocess.run(call, check=True, stdout=sys.stderr, env={**os.environ, "CI": "1"})
        return json.loads(file.read_text())


def be_child(file, name, *arguments):
    """What `child` starts."""
    figures, begun = {}, time.monotonic()

    def write():
        found = {**figures, "peak": status("VmHWM"), "seconds": time.monotonic() - begun}
        pathlib.Path(file).write_text(json.dumps(found))

    atexit.register(write)
    figures |= {"command": command, "generate": generate}[name](*arguments) or {}


def print_row(what, figures, beyond):
    """A line of the table."""
    print(
        f"| {what} | {figures['peak'] / MB:,.0f} | {beyond / MB:,.0f} | {figures['seconds']:.0f} |",
        flush=True,
    )


def train(folder, images, side):
    """The rows of a training on a folder of images."""
    write_photographs(folder / "few", 64, 64)
    write_photographs(folder / "many", images, side)
    few, many = (
        child("command", "train", "--dataset", folder / name, *RUN, "--out", folder / f"run_{name}")
        for name in ("few", "many")
    )
    print_row("keras-gan train, 64 images of 64 x 64: the framework", few, 0)
    what = f"keras-gan train, {images:,} images of {side} x {side} at 64 x 64"
    print_row(what, many, many["peak"] - few["peak"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--samples", type=int, default=200_000)
    parser.add_argument("--scored", type=int, default=10_000)
    parser.add_argument("--preset", default="sngan_mnist")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=("train", "generate", "evaluate"),
        default=("train", "generate", "evaluate"),
    )
    options = parser.parse_args()
    print("| process | peak, MB | beyond framework and result, MB | seconds |")
    print("|---|---|---|---|")
    if "train" in options.only:
        with tempfile.TemporaryDirectory() as folder:
            train(pathlib.Path(folder), options.images, options.side)
    if "generate" in options.only:
        made = child("generate", options.preset, options.samples)
        print_row(f"generate({options.samples:,}) of {options.preset}", made, made["beyond"])
    if "evaluate" in options.only:
        against = ("evaluate", options.preset, "--against", "mnist", "--metrics")
        rule = ("frechet_distance", "--features", "mnist", "--samples")
        few, many = (child("command", *against, *rule, n) for n in (512, options.scored))
        print_row("keras-gan evaluate, 512 samples: the framework", few, 0)
        beyond = many["peak"] - few["peak"]
        print_row(f"keras-gan evaluate, {options.scored:,} samples", many, beyond)


if __name__ == "__main__":
    be_child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main()
