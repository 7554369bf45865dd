"""Long runs: what was flat stays flat, and a large evaluation fits into time and memory.

    python benchmarks/reliability/long_runs.py
    python benchmarks/reliability/long_runs.py --only fits generate

Every part runs in a process of its own:

- `fits`: 60 fits of one game, two epochs each; the resident memory from the fifth to the last.
- `generate`: 2,000 calls of `generate`; the resident memory from the 200th to the last.
- `evaluate`: what `keras-gan evaluate` does with all scores on 50,000 images of 28 x 28 against
  50,000 of either half of the others, in their 784 pixels; its memory is what the process held at
  its peak beyond the library and the features (three sets of them, float64), the images included.

A target that is missed ends the benchmark with an error. Where other work shares the cores, the CPU
seconds of all threads tell a slow part from a busy machine: with two cores, wall time is at least
half of them.
"""

import argparse
import gc
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

FITS, FIRST_FIT = 60, 5
CALLS, FIRST_CALL = 2_000, 200
SAMPLES, SIDE = 50_000, 28
GROWTH = 0.05  # of the resident memory, at most
SECONDS, MIB = 600.0, 2048.0  # of the evaluation, at most


def peak() -> float:
    """The most memory this process ever held, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def resident() -> float:
    """The memory that this process holds, in MiB, once what was discarded has left it."""
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def game():
    """A small game, as it is trained in lectures."""
    import keras_gan as kg

    discriminator = kg.networks.mlp_discriminator(width=32, normalization="spectral")
    gan = kg.SNGAN(kg.networks.mlp_generator(width=32), discriminator, average=0.9, seed=0)
    gan.compile()
    return gan


def growing(once, times: int, first: int) -> dict:
    """The resident memory after some calls and at the most of all later ones."""
    sizes, every = [], max(1, times // FITS)  # for a look takes longer than a call
    for done in range(1, times + 1):
        once()
        if done % every == 0:
            sizes.append(resident())
    warm = max(first // every, 1)
    start, most = sizes[warm - 1], max(sizes[warm:])
    return {"result": f"{start:.0f} to {most:.0f} MiB", "missed": most > (1 + GROWTH) * start}


def fits(count: int) -> dict:
    """One game, fitted again and again."""
    import numpy as np

    import keras_gan as kg

    gan, x = game(), np.random.default_rng(0).normal(size=(512, 2)).astype("float32")

    def once():
        gan.fit(x, batch_size=64, epochs=2, verbose=0, callbacks=[kg.callbacks.Health()])

    return growing(once, count, min(FIRST_FIT, count - 1))


def generate(count: int) -> dict:
    """One game, sampled again and again, every time another number of samples of another seed."""
    gan = game()
    seeds = iter(range(count))

    def once():
        seed = next(seeds)
        gan.generate(1 + seed % 64, seed=seed)

    return growing(once, count, min(FIRST_CALL, count - 1))


def evaluate(count: int) -> dict:
    """All scores of as many images as other ones."""
    import numpy as np

    from keras_gan.cli.progress_bar import progress_bar
    from keras_gan.cli.sources import open_source
    from keras_gan.metrics.comparison import evaluated

    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        names = [str(pathlib.Path(folder) / name) for name in ("a.npy", "b.npy")]
        for name, times in zip(names, (1, 2), strict=True):
            images = np.lib.format.open_memmap(name, "w+", "uint8", (times * count, SIDE, SIDE, 1))
            for i in range(0, len(images), 1000):
                images[i : i + 1000] = rng.integers(0, 256, images[i : i + 1000].shape)
            del images
        before, wall, cpu = peak(), time.perf_counter(), time.process_time()
        with progress_bar("scores"):
            report = evaluated(*map(open_source, names), most=count)
    seconds, cpu = time.perf_counter() - wall, time.process_time() - cpu
    features = 3 * count * report["protocol"]["features_dim"] * 8 / 2**20
    mib = peak() - before - features
    scores = len(report["scores"])
    used = f"{seconds:.0f} s ({cpu:.0f} s CPU), {mib:.0f} MiB beyond {features:.0f} of features"
    return {
        "result": f"{scores} scores in {used} (at most {SECONDS:.0f} s, {MIB:.0f} MiB)",
        "missed": seconds > SECONDS or mib > MIB,
    }


PARTS = {"fits": (fits, FITS), "generate": (generate, CALLS), "evaluate": (evaluate, SAMPLES)}


def measured(name: str, count: int) -> dict:
    """One part, in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = PARTS[name][0](count)
    return {
        **found,
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--count", type=int, help="of fits, calls or samples; for trying it out")
    parser.add_argument("--measure", choices=PARTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(arguments.measure, arguments.count)))
        return
    print(f"{os.cpu_count()} cores")
    print("| part | times | wall seconds | CPU seconds | result |")
    print("|---|---|---|---|---|")
    missed = []
    for name in arguments.only:
        count = arguments.count or PARTS[name][1]
        child = [sys.executable, __file__, "--measure", name, "--count", str(count)]
        output = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout
        found = json.loads(output.splitlines()[-1])
        figures = f"{found['seconds']:.1f} | {found['cpu_seconds']:.1f}"
        print(f"| {name} | {count:,} | {figures} | {found['result']} |", flush=True)
        if found["missed"]:
            missed.append(name)
    if missed:
        sys.exit(f"Targets missed: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
