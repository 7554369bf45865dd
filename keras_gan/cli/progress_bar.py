"""A bar of progress on stderr, so that what is printed can go elsewhere."""

import contextlib
import sys
import time
from collections.abc import Iterator

WIDTH = 40  # characters of the bar
SHORT = 5.0  # seconds within which a terminal alone is told anything
TENTHS = 10  # lines a computation, where there is no terminal


@contextlib.contextmanager
def progress_bar(name: str) -> Iterator[None]:
    """A scope whose progress is shown: a bar on a terminal, else a line for every tenth.

    Args:
        name: What is computed.
    """
    from keras_gan.metrics import progress

    bar = Bar(name)
    try:
        with progress.telling(bar.show):
            yield
    finally:
        bar.close()


class Bar:
    """What has been shown of a computation.

    Args:
        name: What is computed.
    """

    def __init__(self, name: str):
        self.name, self.start, self.shown = name, time.monotonic(), -1
        self.on_terminal = sys.stderr.isatty()

    def show(self, share: float) -> None:
        """Shows a share from 0 to 1, where it has changed by enough."""
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
        """Takes the bar away."""
        if self.on_terminal and self.shown >= 0:
            print(f"\r{' ' * (WIDTH + 40)}\r", end="", file=sys.stderr, flush=True)
