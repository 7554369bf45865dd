"""How the program ends: what it says of an error, in one sentence, and its exit code.

It is imported before Keras is, and imports next to nothing itself: a program that is interrupted
or fails while Keras loads ends as it does later.
"""

import os
import signal
import sys

from keras_gan.texts import one_line

OK, DIVERGED, FAILED, INTERRUPTED, CLOSED = 0, 1, 2, 130, 141
VARIABLE = "KERAS_GAN_TRACEBACK"
NO_MEMORY = ("OOM when allocating", "RESOURCE_EXHAUSTED", "bad_alloc", "Unable to allocate")
LONGEST = 300  # characters of what another library says


def ended(error: BaseException, traceback: bool = False) -> int:
    """Says what went wrong, where anything is to be said; returns the exit code.

    Args:
        error: Whatever was raised.
        traceback: Whether the user asked to see where; the environment can ask for it, too.
    """
    if isinstance(error, SystemExit):  # --help
        return error.code if isinstance(error.code, int) else FAILED if error.code else OK
    if isinstance(error, BrokenPipeError):  # | head
        let_go()
        return CLOSED
    if isinstance(error, KeyboardInterrupt):
        say("keras-gan: interrupted")
        return INTERRUPTED
    if traceback or os.environ.get(VARIABLE, "") not in ("", "0"):
        sys.__excepthook__(type(error), error, error.__traceback__)
    if isinstance(error, FloatingPointError):  # NotFiniteError, whose module loads TensorFlow
        say(f"keras-gan: {sentence(error)}")
        return DIVERGED
    say(f"keras-gan: error: {sentence(error)}")
    return FAILED


def sentence(error: BaseException) -> str:
    """An error's message as one line; the system's own name the file first, and no number.

    What no check of ours foresaw says so, and how to see where it happened.
    """
    if is_of_memory(error):
        return (
            f"There is not enough memory ({cut(said(error))}): take a smaller --count, --samples, "
            f"--batch-size, --width or --image-size, or a machine with more."
        )
    if isinstance(error, OSError):
        if error.filename is not None and error.strerror:
            return one_line(f"{error.filename} cannot be read or written: {error.strerror}.")
        return one_line(error.strerror or said(error))
    if isinstance(error, (ValueError, ImportError, FloatingPointError)) and str(error).strip():
        return said(error)
    return (
        f"{type(error).__name__}: {cut(said(error)).rstrip('.')}. This was not foreseen: with "
        f"--traceback, or {VARIABLE}=1, the same command shows where it happened."
    )


def is_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, of Python or of the backend."""
    if isinstance(error, MemoryError):
        return True
    is_ours = isinstance(error, (ValueError, OSError))
    return not is_ours and any(mark in str(error) for mark in NO_MEMORY)


def said(error: BaseException) -> str:
    """An error's message as one line without what a terminal would obey."""
    return one_line(error) or type(error).__name__


def cut(text: str) -> str:
    """The beginning of what another library says, which may be pages."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def say(line: str) -> None:
    """Writes a line to the user, if anybody is there to read it."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):
        return


def let_go() -> None:
    """Points a closed output elsewhere, so that Python finds nothing to complain of at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


class Loading:
    """What holds while modules load, which takes seconds: Ctrl-C and errors end the program."""

    def begin(self) -> None:
        """Takes the place of Python's own, which print tracebacks."""
        sys.excepthook = self.failed
        self.usual = signal.getsignal(signal.SIGINT)
        if self.usual is signal.default_int_handler:
            signal.signal(signal.SIGINT, self.interrupted)

    def end(self) -> None:
        """Gives it back: from now on `main` sees what is raised."""
        if signal.getsignal(signal.SIGINT) == self.interrupted:
            signal.signal(signal.SIGINT, self.usual)
        if sys.excepthook == self.failed:
            sys.excepthook = sys.__excepthook__

    def interrupted(self, *_) -> None:
        """Ends the program at once, for modules that load catch what is raised."""
        os._exit(ended(KeyboardInterrupt()))

    def failed(self, _, error: BaseException, traceback) -> None:
        """Ends the program after an error that nobody caught."""
        os._exit(ended(error.with_traceback(traceback), "--traceback" in sys.argv))


LOADING = Loading()
