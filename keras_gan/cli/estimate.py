"""How long a run will take, said after its first steps."""

import sys
import time

import keras

SECONDS = 5.0  # of steps, on which an estimate rests
CALLS = 3  # of `train_function`, at least
UNITS = (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0))


class Estimate(keras.callbacks.Callback):
    """Says once, after some seconds of steps, how long the steps to the last epoch will take.

        seconds = (steps left) · (seconds so far) / (steps so far)

    The first steps of an epoch do not count, since they may compile, nor do pictures, scores and
    checkpoints. A run that ends sooner says nothing.
    """

    def on_train_begin(self, logs=None):
        """Starts from nothing."""
        self.seconds, self.steps, self.calls = 0.0, 0, 0

    def on_epoch_begin(self, epoch, logs=None):
        """Notes the epoch; pictures and scores come before it."""
        self.epoch, self.last = epoch, None

    def on_train_batch_end(self, batch, logs=None):
        """Counts the steps of a call, and says the estimate when it is time."""
        if self.is_said:
            return
        now = time.perf_counter()
        if self.last is not None:
            before, earlier = self.last
            self.seconds, self.steps = self.seconds + now - before, self.steps + batch - earlier
            self.calls += 1
        self.last = now, batch
        if self.is_said:
            each = self.seconds / self.steps
            left = (self.params["epochs"] - self.epoch) * self.params["steps"] - batch - 1
            if left > 0:
                self.say(f"{left:,} more steps of {1e3 * each:.3g} ms: {duration(left * each)}")

    @property
    def is_said(self) -> bool:
        """Whether there was enough to rest an estimate on."""
        return self.seconds >= SECONDS and self.calls >= CALLS

    @staticmethod
    def say(text: str) -> None:
        """Prints a line; on a terminal it takes the place of the progress bar, which comes anew."""
        line = f"{text}, beside pictures and scores"
        print(f"\r\x1b[K{line}" if sys.stdout.isatty() else line, flush=True)


def duration(seconds: float) -> str:
    """A time in words, with two digits.

    Example:

    >>> duration(41.3), duration(5000), duration(190000)
    ('41 seconds', '83 minutes', '2.2 days')
    """
    name, size = next((u for u in UNITS if seconds >= 1.5 * u[1]), UNITS[-1])
    return f"{float(f'{seconds / size:.2g}'):g} {name}"
