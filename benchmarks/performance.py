"""Steps a second, beside PyTorch and beside the same mathematics by hand, and the machine's peak.

Each training of `peers/tasks.py` runs in this library by `fit` and, in the same process and by
turns, as the loops of `peers/`: PyTorch with one and with two threads, of which the faster counts,
and TensorFlow or JAX by hand, whichever is the backend. The table has medians over the rounds; the
ratios are medians of those within a round, above 1 where this library is faster. The last columns
are the arithmetic of a step, as TensorFlow's profiler counts it in the step by hand, and that by
our time; `--peak` says what the machine computes at most.

    pip install torch
    python benchmarks/performance.py                                # TensorFlow, all trainings
    KERAS_BACKEND=jax python benchmarks/performance.py
    python benchmarks/performance.py --precision mixed_bfloat16 --tasks wgangp
    python benchmarks/performance.py --peak                         # products and convolutions
"""

import argparse
import contextlib
import io
import os
import time

try:
    import torch  # these two first: they do not load beside a TensorFlow that is there
    import torch._dynamo
except ImportError:
    torch = None

# isort: split
import keras
import numpy as np

import keras_gan as kg
from peak import peaks
from peers import ours
from peers.tasks import TASKS
from turns import Turns

STEPS = {"mlp_gan": 500, "mlp_wgangp": 150, "dcgan": 40, "r1": 40, "r3gan": 40, "wgangp": 3}


def by_hand(task, data, bfloat16: bool):
    """The loop by hand on this backend."""
    if keras.backend.backend() == "jax":
        from peers import jax_step as hand
    else:
        from peers import tensorflow_step as hand
    return hand.Loop(task, data, bfloat16)


def billions(loop, task) -> float | None:
    """10⁹ operations of a step by hand; `None` on JAX."""
    if keras.backend.backend() == "jax":
        return None
    import tensorflow as tf

    size = task.batch * task.discriminator_steps
    batch = tf.TensorSpec((size, *task.shape))
    graph = tf.function(loop.step).get_concrete_function(batch).graph
    with contextlib.redirect_stdout(io.StringIO()):
        options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        options["output"] = "none"
        return tf.compat.v1.profiler.profile(graph, options=options).total_float_ops / 1e9


def measured(name: str, policy: str, rounds: int, threads: list[int], in_full: bool) -> dict:
    """Milliseconds a step by system, round by round."""
    task, steps, bfloat16 = TASKS[name], STEPS[name], policy == "mixed_bfloat16"
    rng = np.random.default_rng(0)
    samples = 2**17 if len(task.shape) == 1 else 4096
    data = rng.uniform(-1, 1, (samples, *task.shape)).astype("float32")
    others = {"by hand": by_hand(task, data, bfloat16)}
    if torch is not None:
        from peers import torch_loop

        for count in threads:
            others[f"PyTorch, {count}"] = torch_loop.Loop(task, data, count, bfloat16)
            if in_full and task.game == "gan":  # compiled code has no second derivative
                others[f"compiled PyTorch, {count}"] = torch_loop.Loop(
                    task, data, count, bfloat16, compiled=True
                )
    times = {system: [] for system in others}

    def between():
        for system, loop in others.items():
            start = time.perf_counter()
            loop.run(steps)
            times[system].append(1e3 * (time.perf_counter() - start) / steps)

    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(0)
    game, turns = ours.game(task), Turns(between)
    batches = kg.data.batches(
        data, task.batch, discriminator_steps=task.discriminator_steps, seed=0
    )
    options = {"steps_per_epoch": steps, "epochs": rounds + 1, "verbose": 0}
    game.fit(batches.repeat(), callbacks=[turns], **options)
    times["ours"] = [1e3 * seconds / steps for seconds in turns.seconds]
    times = {system: np.array(each[1:]) for system, each in times.items()}  # the first traces
    return {**times, "billions": billions(others["by hand"], task)}


def row(name: str, times: dict) -> str:
    """A row of the table."""
    own, counted = times["ours"], times["billions"]

    def ratio(systems):
        if not systems:
            return "—", "—"
        best = min(systems, key=lambda system: np.median(times[system]))
        low, middle, high = np.percentile(times[best] / own, [25, 50, 75])
        label = best.partition(", ")[2]
        label = f"{np.median(times[best]):.2f}" + (f" ({label})" if label else "")
        return label, f"{middle:.2f} ({low:.2f}–{high:.2f})"

    peers = [system for system in times if "PyTorch" in system]
    hand, hand_ratio = ratio(["by hand"])
    peer, peer_ratio = ratio(peers)
    rate = "— | —" if counted is None else f"{counted:.2f} | {1e3 * counted / np.median(own):.0f}"
    cells = f"{np.median(own):.2f} | {hand} | {hand_ratio} | {peer} | {peer_ratio} | {rate}"
    return f"| {name} | {cells} |"


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, os.cpu_count() or 1])
    parser.add_argument("--precision", choices=("float32", "mixed_bfloat16"), default="float32")
    parser.add_argument("--in-full", action="store_true", help="torch.compile, too, of gan")
    parser.add_argument("--peak", action="store_true", help="of the machine, and nothing else")
    given = parser.parse_args()
    if given.peak:
        print("| operation | numbers | GFLOP/s |", "|---|---|--:|", *peaks(), sep="\n")
        return
    heads = "training | ours, ms a step | by hand | ratio | PyTorch (threads) | ratio"
    print(f"| {heads} | GFLOP a step | GFLOP/s |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for name in given.tasks:
        options = (given.precision, given.rounds, sorted(set(given.threads)), given.in_full)
        print(row(name, measured(name, *options)), flush=True)


if __name__ == "__main__":
    main()
