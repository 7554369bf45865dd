"""Handles Ctrl-C and SIGTERM at the end of the running step."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

from keras_gan.texts import one_line

AT_ONCE = "Interrupted a second time: left at once, without saving."
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class LeftAtOnceError(KeyboardInterrupt):
    """A second Ctrl-C: nothing is to be saved any more."""


class Interruption:
    """A context that records the first SIGINT or SIGTERM, and leaves the program at the second.

    Outside the main thread, where Python does not allow handlers, it does nothing. At its end it
    restores the earlier handlers.

    Example:

    >>> import os
    >>> with Interruption() as interruption:
    ...     os.kill(os.getpid(), signal.SIGTERM)
    ...     interruption.received == signal.SIGTERM
    True
    """

    def __init__(self):
        self.received = None
        self.earlier = {}

    def __enter__(self) -> "Interruption":
        if threading.current_thread() is threading.main_thread():
            for each in SIGNALS:
                self.earlier[each] = signal.signal(each, self.note)
        return self

    def __exit__(self, *_) -> None:
        for each, handler in self.earlier.items():
            _put_back(each, handler)
        self.earlier = {}

    def note(self, number: int, frame) -> None:
        """Handles a signal: records the first, leaves the program at the second."""
        if self.received is not None:
            leave(number, AT_ONCE, LeftAtOnceError)
        self.received = number


@contextlib.contextmanager
def deferred_interrupt() -> Iterator[None]:
    """A scope that delays a Ctrl-C until its end; a second Ctrl-C takes effect at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual, received = signal.getsignal(signal.SIGINT), []

    def note(number, frame):
        if received:
            signal.default_int_handler(number, frame)
        received.append((number, frame))

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        _put_back(signal.SIGINT, usual)
    if received and callable(usual):
        usual(*received[0])


def _put_back(number: int, handler) -> None:
    """Restores a signal's earlier handler; `None` stands for one that was not set from Python."""
    signal.signal(number, signal.SIG_DFL if handler is None else handler)


def leave(number: int, message: str, kind: type[KeyboardInterrupt] = KeyboardInterrupt) -> None:
    """Ends the program as the signal would have done, with a message.

    Args:
        number: `signal.SIGINT` or `signal.SIGTERM`.
        message: What has been saved, and how to continue.
        kind: What SIGINT raises. Defaults to `KeyboardInterrupt`.

    Raises:
        KeyboardInterrupt: For SIGINT, with the message: one of `kind`.
        SystemExit: For SIGTERM, with the exit code 143; the message goes to stderr.
    """
    if number == signal.SIGINT:
        raise kind(message)
    print(one_line(message), file=sys.stderr, flush=True)
    raise SystemExit(128 + number)
