"""What the metrics cost: wall time and memory on features of the size that papers use.

    python benchmarks/metrics.py
    python benchmarks/metrics.py --only precision_recall frechet_distance

Features are standard normal, float32 as extractors give them, n samples on either side in 512
dimensions. Every metric runs in a process of its own; its memory is what the process at its peak
held beyond the library and the features, as `getrusage` counts it. A budget that is missed ends the
benchmark with an error. Where other work shares the cores, the CPU seconds of all threads tell a
slow metric from a busy machine: with two cores, wall time is at least half of them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

D = 512

# name: samples on either side, seconds and GiB allowed
BUDGETS = {
    "frechet_distance": (50_000, 5.0, 2.0),
    "precision_recall": (10_000, 20.0, 2.0),
    "density_coverage": (10_000, 20.0, 2.0),
    "kernel_distance": (10_000, None, None),
    "sliced_wasserstein": (10_000, None, None),
    "wasserstein": (2_000, None, None),
    "mmd_test": (2_000, None, None),
    "classifier_two_sample_test": (10_000, None, None),
}


def peak() -> float:
    """The most memory this process ever held, in GiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30


def measured(name: str, n: int) -> dict:
    """One call, in this process."""
    import numpy as np

    import keras_gan as kg

    rng = np.random.default_rng(0)
    real, fake = (rng.standard_normal((n, D), dtype="float32") for _ in range(2))
    fake += 0.1
    before, wall, cpu = peak(), time.perf_counter(), time.process_time()
    result = getattr(kg.metrics, name)(real, fake)
    return {
        "seconds": time.perf_counter() - wall,
        "cpu_seconds": time.process_time() - cpu,
        "gib": peak() - before,
        "result": str(result),
    }


def within(value: float, budget: float | None) -> str:
    """A measurement and its budget, as a cell of the table."""
    return f"{value:.2f}" + (f" (at most {budget:g})" if budget is not None else "")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=BUDGETS, default=list(BUDGETS))
    parser.add_argument("--samples", type=int, help="on either side; no budget is checked then")
    parser.add_argument("--measure", choices=BUDGETS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(arguments.measure, arguments.samples)))
        return
    print(f"{os.cpu_count()} cores, {D} dimensions")
    print("| metric | samples a side | seconds | CPU seconds | GiB beyond the features | result |")
    print("|---|---|---|---|---|---|")
    missed = []
    for name in arguments.only:
        n, seconds, gib = BUDGETS[name]
        if arguments.samples:
            n, seconds, gib = arguments.samples, None, None
        child = [sys.executable, __file__, "--measure", name, "--samples", str(n)]
        output = subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout
        found = json.loads(output.splitlines()[-1])
        cells = [
            name,
            f"{n:,}",
            within(found["seconds"], seconds),
            f"{found['cpu_seconds']:.2f}",
            within(found["gib"], gib),
            found["result"],
        ]
        print(f"| {' | '.join(cells)} |", flush=True)
        if seconds is not None and (found["seconds"] > seconds or found["gib"] > gib):
            missed.append(name)
    if missed:
        sys.exit(f"Over budget: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
