"""What happens when a process hangs or is lost: the others end with a sentence."""

import contextlib
import os
import sys
import threading
import time

import keras

from keras_gan.parallel.processes.communication import process_count, process_index

exit_code = 0  # to which an exception in `fit` leads


def part() -> None:
    """Ends a program whose training was lost, at once and with its own exit code.

    JAX's farewell would wait for all processes, and then abort.
    """
    code = 1 if getattr(sys, "last_value", None) is not None else exit_code
    if code != 0:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Watch(keras.callbacks.Callback):
    """Ends the program when steps no longer end because another process hangs.

    The collective operation that waits for it cannot be interrupted; checkpoints are whole at all
    times.

    Args:
        seconds: How long the longest step may take, with compilation and evaluation. Defaults to
            `kg.hosts.STALLED_AFTER`.
    """

    def __init__(self, seconds: float | None = None):
        super().__init__()
        from keras_gan.parallel import processes

        self.seconds = processes.STALLED_AFTER if seconds is None else seconds
        self.last, self.ended = time.monotonic(), threading.Event()

    def start(self) -> None:
        """Begins the watch."""
        threading.Thread(target=self.look_on, daemon=True).start()

    def look_on(self) -> None:
        """Gives up when nothing has ended for too long."""
        while not self.ended.wait(min(self.seconds / 10, 5.0)):
            if time.monotonic() - self.last > self.seconds:
                self.give_up()

    def stop(self) -> None:
        """Ends the watch."""
        self.ended.set()

    def on_train_batch_end(self, batch, logs=None):
        """Grants the next step its time."""
        self.last = time.monotonic()

    def on_test_batch_end(self, batch, logs=None):
        """Grants the next step its time."""
        self.last = time.monotonic()

    def give_up(self) -> None:
        """Says why, and ends the program with the exit code 1."""
        print(
            f"Process {process_index()} of {process_count()} has waited {self.seconds:g} s for a "
            f"step to end: another process hangs or is lost. Start all of them again; with a "
            f"Checkpoint they go on from the last one.",
            file=sys.stderr,
            flush=True,
        )
        os._exit(1)


@contextlib.contextmanager
def watched():
    """A scope in which a lost or hanging process ends the training with a sentence.

    Yields:
        The `Watch`, to be told of every step; `None` where there is one process.

    Raises:
        RuntimeError: If another process is lost.
    """
    if process_count() == 1:
        yield None
        return
    global exit_code
    exit_code = 0
    watch = Watch()
    watch.start()
    try:
        yield watch
    except BaseException as error:
        code = error.code if isinstance(error, SystemExit) else 1
        exit_code = code if isinstance(code, int) else int(code is not None)
        if not any(name in str(error) for name in ("Gloo", "NCCL")):
            raise
        raise RuntimeError(
            f"Process {process_index()} of {process_count()} has lost another one: start all of "
            f"them again; with a Checkpoint they go on from the last one. "
            f"({str(error).splitlines()[0][:200]})"
        ) from error
    finally:
        watch.stop()
