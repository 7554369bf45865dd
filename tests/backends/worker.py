"""One of several processes that train a game together; see `test_processes.py`."""

import argparse
import os
import signal

import keras
import numpy as np

import keras_gan as kg
from tests.backends.steps import data
from tests.recipes.cases import CASES


class End(keras.callbacks.Callback):
    """Ends or stops this process after some steps, as a crash would."""

    def __init__(self, kill_after, hang_after):
        super().__init__()
        self.kill_after, self.hang_after, self.steps = kill_after, hang_after, 0

    def on_train_batch_end(self, batch, logs=None):
        """Counts steps."""
        float(logs["generator_loss"])  # waits for the step to end
        self.steps += 1
        if self.steps == self.kill_after:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.steps == self.hang_after:
            os.kill(os.getpid(), signal.SIGSTOP)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--process", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--recipe", default="SNGAN")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--folder", help="of checkpoints")
    parser.add_argument(
        "--ordered-for", type=int, default=1, help="batches as so many processes see them together"
    )
    parser.add_argument("--weights", help="the file to write them to")
    parser.add_argument("--leave-out", type=int, default=0, help="samples of the shard")
    parser.add_argument("--kill-after", type=int, help="steps, after which this process is killed")
    parser.add_argument("--stalled-after", type=float, default=300)
    parser.add_argument("--hang-after", type=int, help="steps, after which it hangs")
    arguments = parser.parse_args()
    kg.hosts.STALLED_AFTER = arguments.stalled_after
    kg.hosts.join(
        f"127.0.0.1:{arguments.port}",
        arguments.processes,
        arguments.process,
        timeout=arguments.timeout,
        seed=0,
    )
    case = CASES[arguments.recipe]
    gan = case.make(seed=arguments.seed)
    gan.compile()
    callbacks = [End(arguments.kill_after, arguments.hang_after)]
    if arguments.folder:
        callbacks.append(kg.callbacks.Checkpoint(f"{arguments.folder}/checkpoints", every=3))
        callbacks.append(kg.callbacks.Evaluation(data(), folder=f"{arguments.folder}/scores"))
        callbacks.append(kg.callbacks.Health())
    x, size = kg.hosts.shard(data()), 2 * case.steps
    x = x[: len(x) - arguments.leave_out]
    if arguments.ordered_for > 1:
        n = arguments.ordered_for
        shards = [x[i::n].reshape(-1, size, 2) for i in range(n)]
        x, size = np.concatenate(shards, axis=1).reshape(-1, 2), n * size
    gan.fit(
        x,
        batch_size=size,
        epochs=2,
        verbose=0,
        shuffle=bool(arguments.folder),
        callbacks=callbacks,
    )
    gan.evaluate(x, batch_size=10, verbose=0)
    if arguments.folder:
        gan.save(f"{arguments.folder}/gan.keras")
    np.savez(
        arguments.weights,
        *[keras.ops.convert_to_numpy(v) for v in [*gan.weights, *gan.optimizer.variables]],
        samples=gan.generate(4, seed=0),
    )


if __name__ == "__main__":
    main()
