"""Several processes, on one host or many, that train one game together under JAX.

Every process runs the same program: it joins, hands its own shard of the data to `fit`, and holds
the same weights as all others at every step. The first process writes the files.

>>> process_count(), process_index()
(1, 0)
"""

import atexit
import contextlib
import json
import os
import queue
import random
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import keras
import numpy as np

exit_code = 0  # which an exception in `fit` leads to
STALLED_AFTER = 600.0  # seconds without a step, compilation and evaluation included


def join(
    coordinator: str,
    processes: int,
    process: int,
    *,
    timeout: float = 60.0,
    seed: int | None = None,
) -> None:
    """Joins a training of several processes; to be called before anything else of Keras or JAX.

    It connects the processes, seeds all of them alike, and sets `keras.distribution.DataParallel`
    over the devices of all of them, so that networks made afterwards belong to all.

    Args:
        coordinator: `"host:port"` of the first process, reachable from all hosts.
        processes: How many take part.
        process: The number of this one, from 0.
        timeout: Seconds to wait for the others. Defaults to 60.
        seed: Of all random numbers, as `keras.utils.set_random_seed` takes it, initial weights
            included; `None` lets the first process draw one.

    Raises:
        RuntimeError: Under another backend than JAX.
        ValueError: For a number of processes or an address that cannot be.
        TimeoutError: If not all have joined in time.
    """
    if keras.backend.backend() != "jax":
        raise RuntimeError(
            f"Several processes train together under JAX; the backend is "
            f"{keras.backend.backend()!r}: set KERAS_BACKEND=jax before Keras is imported."
        )
    host, _, port = coordinator.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"coordinator must read host:port; received {coordinator!r}.")
    if not 0 <= process < processes:
        raise ValueError(
            f"process must be a number from 0 to processes - 1 = {processes - 1}; "
            f"received {process!r}."
        )
    import jax

    jax.config.update("jax_cpu_collectives_implementation", "gloo")  # has no part in GPUs'
    # Two computations at a time would mix up their messages on a CPU, which has one connection.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    jax.config.update("jax_enable_preemption_service", False)  # it would swallow SIGTERM

    def connect():
        jax.distributed.initialize(
            coordinator,
            processes,
            process,
            initialization_timeout=10**6,  # JAX's own timeout would abort the program
            shutdown_timeout_seconds=3600,  # of which the first one may make use to score
        )

    try:
        within(timeout, connect)
    except queue.Empty:
        raise TimeoutError(
            f"Process {process} of {processes} waited {timeout:g} s for the others at "
            f"{coordinator}: start all of them within that time, with the same coordinator and "
            f"number of processes, which must be reachable from every host."
        ) from None
    atexit.register(part)  # before JAX's own farewell, which was registered by now
    keras.utils.set_random_seed(int(of_first(lambda: random_seed(seed))))
    if jax.device_count() > 1:  # on one, Keras would only compile every step a second time
        everywhere = keras.distribution.DataParallel(auto_shard_dataset=False)  # x comes as a shard
        keras.distribution.set_distribution(everywhere)


def part() -> None:
    """Ends a program whose training was lost, at once and with the exit code that it has earned.

    JAX's farewell would wait for all processes, and then abort.
    """
    code = 1 if getattr(sys, "last_value", None) is not None else exit_code
    if code != 0:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def random_seed(seed: int | None) -> bytes:
    """The seed, or one that nobody chose, in digits."""
    return str(random.SystemRandom().randrange(2**31) if seed is None else seed).encode()


def within(seconds: float, function: Callable[[], None]) -> None:
    """Calls a function in a thread of its own, and gives it up after some time.

    Raises:
        queue.Empty: If it has not returned by then.
        Exception: What it raised.
    """
    outcome = queue.Queue()

    def run():
        try:
            outcome.put((function(), None))
        except Exception as error:
            outcome.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    _, error = outcome.get(timeout=seconds)
    if error is not None:
        raise error


def process_count() -> int:
    """How many processes train together; 1 under TensorFlow."""
    if keras.backend.backend() != "jax":
        return 1
    import jax

    return jax.process_count()


def process_index() -> int:
    """The number of this process, from 0; the one with 0 writes the files."""
    if keras.backend.backend() != "jax":
        return 0
    import jax

    return jax.process_index()


def is_first() -> bool:
    """Whether this process writes the files."""
    return process_index() == 0


def shard(arrays):
    """This process's part of arrays that all processes have read: every n-th sample.

    Parts are equally long: up to n − 1 samples at the end belong to nobody.

    Args:
        arrays: An array or any structure of arrays, samples along the first axis.

    Example, of one process:

    >>> shard(np.arange(3))
    array([0, 1, 2])
    """
    n, i = process_count(), process_index()
    return keras.tree.map_structure(lambda x: x[i : len(x) // n * n : n], arrays)


def of_first(function: Callable[[], bytes]) -> bytes:
    """What a function gives in the first process, in all of them; the others do not call it.

    Args:
        function: Takes nothing and returns bytes.

    Raises:
        Exception: In the first process, what it raises there; a `ValueError` in the others.

    Example, of one process:

    >>> of_first(lambda: b"whole")
    b'whole'
    """
    if process_count() == 1:
        return function()
    content, error = b"", None
    if is_first():
        try:
            content = b"+" + function()
        except Exception as raised:
            error, content = raised, b"-" + str(raised).encode()
    from jax.experimental.multihost_utils import broadcast_one_to_all

    size = int(broadcast_one_to_all(np.int32(len(content))))
    buffer = np.frombuffer(content, "uint8") if is_first() else np.zeros(size, "uint8")
    received = np.asarray(broadcast_one_to_all(buffer)).tobytes()
    if error is not None:
        raise error
    if received[:1] == b"-":
        raise ValueError(received[1:].decode())
    return received[1:]


def check_agreement(facts: dict) -> None:
    """Makes sure that all processes are about to do the same.

    Args:
        facts: What must be equal in all of them, by names to read in an error.

    Raises:
        ValueError: In all processes, if something differs.
    """
    if process_count() == 1:
        return
    from jax.experimental.multihost_utils import process_allgather

    digests = [zlib.crc32(json.dumps(fact, default=str).encode()) for fact in facts.values()]
    everywhere = np.asarray(process_allgather(np.array(digests, "uint32")))
    for (name, fact), column in zip(facts.items(), everywhere.T, strict=True):
        if len(set(column.tolist())) > 1:
            raise ValueError(
                f"All processes must train the same game in equal steps, but they differ in the "
                f"{name}; here, in process {process_index()}: {fact}. Give all the same seed, "
                f"settings and batch size, and shards of equal length (kg.hosts.shard)."
            )


def digest(variables) -> int:
    """A checksum of the values of variables."""
    total = 0
    for variable in variables:
        total = zlib.crc32(np.ascontiguousarray(keras.ops.convert_to_numpy(variable)), total)
    return total


def locally(variables) -> keras.StatelessScope:
    """A scope in which variables have their values on this process alone.

    What is computed from them within needs no other process.

    Args:
        variables: Of a model; all their values are the same in every process.
    """
    if process_count() == 1:
        return keras.StatelessScope()
    pairs = [(v, keras.ops.convert_to_tensor(keras.ops.convert_to_numpy(v))) for v in variables]
    return keras.StatelessScope(state_mapping=pairs)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """A scope in which new variables are this process's own, also in one that trains with others.

    Keras makes an optimizer when it saves, whose variables all processes would have to agree on.
    """
    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)


class Watch(keras.callbacks.Callback):
    """Ends the program when no step ends any more, because another process hangs.

    The collective operation that waits for it cannot be interrupted; checkpoints are whole at all
    times.

    Args:
        seconds: How long the longest step may take, with compilation and evaluation. Defaults to
            `STALLED_AFTER`.
    """

    def __init__(self, seconds: float | None = None):
        super().__init__()
        self.seconds = STALLED_AFTER if seconds is None else seconds
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
