"""A progress bar on stderr, so that stdout can go elsewhere."""

import contextlib
import sys
import time
from collections.abc import Iterator

WIDTH = 40  # characters of the bar
SHORT = 5.0  # seconds before anything is printed outside a terminal
TENTHS = 10  # lines per computation outside a terminal


@contextlib.contextmanager
def progress_bar(name: str) -> Iterator[None]:
    """A scope whose progress is shown: as a bar on a terminal, else as a line for every tenth.

    Args:
        name: What is computed, for the bar.
    """
    from keras_gan.metrics import progress

    bar = Bar(name)
    try:
        with progress.telling(bar.show):
            yield
    finally:
        bar.close()


class Bar:
    """The progress of a computation as shown so far.

    Args:
        name: What is computed.
    """

    def __init__(self, name: str):
        self.name, self.start, self.shown = name, time.monotonic(), -1
        self.on_terminal = sys.stderr.isatty()

    def show(self, share: float) -> None:
        """Shows the fraction that is done, from 0 to 1, if it has changed by enough."""
        seconds = time.monotonic() - self.start
        steps = int(share * (100 if self.on_terminal else TENTHS))
        if steps <= self.shown or (seconds < SHORT and not self.on_terminal):
            return
        self.shown = steps
        text = f"{self.name}: {share:4.0%} after {seconds:.0f} s"
        if self.on_terminal:
            done = round(WIDTH * share)
            text = f"\r[{'=' * done}{' ' * (WIDTH - done)}] {text}"
        print(text, end="" if self.on_terminal else "\n", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Removes the bar."""
        if self.on_terminal and self.shown >= 0:
            print(f"\r{' ' * (WIDTH + 40)}\r", end="", file=sys.stderr, flush=True)
