"""How long a run has trained so far, and on which machine."""

import os
import pathlib
import platform
import time

import keras

from keras_gan.cli.run_schema import VERSION, timing_in
from keras_gan.files.atomic import write_json
from keras_gan.parallel.replicas import accelerators

INTERVAL = 10.0  # seconds between two writes


class Timing(keras.callbacks.Callback):
    """Adds up the wall time of all parts of a run, on all machines, in `timing.json`.

    The last seconds of a killed run do not count. Steps after its last checkpoint count, although
    they are repeated.

    Args:
        path: The file.
    """

    def __init__(self, path: pathlib.Path):
        super().__init__()
        self.path = path

    def on_train_begin(self, logs=None):
        """Starts the clock, which includes the compilation in the first epoch."""
        self.earlier = timing_in(self.path.parent)
        self.start = self.written = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        """Writes the time so far, every few seconds."""
        if time.perf_counter() - self.written > INTERVAL:
            self.write()

    def on_epoch_end(self, epoch, logs=None):
        """Writes the time so far."""
        self.write()

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the run."""
        return [self.path.parent]

    def write(self) -> None:
        """Writes the time so far and the machine; another callback reports a vanished folder."""
        if not self.path.parent.is_dir():
            return
        self.written = time.perf_counter()
        seconds = self.earlier.get("seconds", 0.0) + self.written - self.start
        here = machine()
        for name, value in here.items():
            earlier = self.earlier.get(name, value)
            here[name] = earlier if value in earlier.split(" and ") else f"{earlier} and {value}"
        write_json(self.path, {"seconds": round(seconds, 1), **here, "version": VERSION})


def machine() -> dict[str, str]:
    """The backend, and the processor or accelerator that it uses."""
    return {"backend": keras.backend.backend(), "machine": _accelerator() or _processor()}


def _accelerator() -> str | None:
    """The accelerators in use, such as `1 NVIDIA H200`; `None` without any."""
    kinds = accelerators()
    return f"{len(kinds)} {kinds[0]}" if kinds else None


def _processor() -> str:
    """The processor, such as `2 cores of an Intel(R) Xeon(R) Processor @ 2.50GHz`."""
    lines = pathlib.Path("/proc/cpuinfo")
    names = [
        line.split(":", 1)[1].strip()
        for line in (lines.read_text().splitlines() if lines.exists() else ())
        if line.startswith("model name")
    ]
    return f"{os.cpu_count()} cores, {names[0] if names else platform.machine()}"
