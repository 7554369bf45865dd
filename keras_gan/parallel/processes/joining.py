"""How processes come together."""

import atexit
import queue
import random
import threading
from collections.abc import Callable

import keras

from keras_gan.arguments import whole
from keras_gan.parallel.processes.communication import of_first
from keras_gan.parallel.processes.watchdog import part


def join(
    coordinator: str,
    processes: int,
    process: int,
    *,
    timeout: float = 60.0,
    seed: int | None = None,
) -> None:
    """Joins a training of several processes; call it before anything else of Keras or JAX.

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
        ValueError: For `processes` below 1, a `process` that is not among them, or an address that
            is not `host:port`.
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
    processes = whole("processes", processes)
    if not 0 <= process < processes:
        raise ValueError(
            f"process must be a whole number from 0 to processes - 1 = {processes - 1}; "
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
        _within(timeout, connect)
    except queue.Empty:
        raise TimeoutError(
            f"Process {process} of {processes} waited {timeout:g} s for the others at "
            f"{coordinator}: start all of them within that time, with the same coordinator and "
            f"number of processes, which must be reachable from every host."
        ) from None
    atexit.register(part)  # before JAX's own farewell, which was registered by now
    keras.utils.set_random_seed(int(of_first(lambda: _random_seed(seed))))
    if jax.device_count() > 1:  # on one, Keras would only compile every step a second time
        everywhere = keras.distribution.DataParallel(auto_shard_dataset=False)  # x comes as a shard
        keras.distribution.set_distribution(everywhere)


def _random_seed(seed: int | None) -> bytes:
    """The seed, or a random one, in digits."""
    return str(random.SystemRandom().randrange(2**31) if seed is None else seed).encode()


def _within(seconds: float, function: Callable[[], None]) -> None:
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
