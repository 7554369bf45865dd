"""How the program ends: one sentence about an error, and the exit code.

This module is imported first and imports almost nothing, so that an interruption or an error while
others load ends the program in the same way as later.
"""

import contextlib
import os
import signal
import sys

OK, DIVERGED, FAILED, INTERRUPTED, CLOSED = 0, 1, 2, 130, 141
VARIABLE = "KERAS_GAN_TRACEBACK"
NO_MEMORY = ("OOM when allocating", "RESOURCE_EXHAUSTED", "bad_alloc", "Unable to allocate")
LONGEST = 300  # characters of another library's message
MOST_SAID = 3_000  # of a sentence of ours, which may hold names from outside


def ended(error: BaseException, traceback: bool = False) -> int:
    """Prints what went wrong, if anything did, and returns the exit code.

    Args:
        error: Whatever was raised.
        traceback: Whether to print the traceback, too; an environment variable also asks for it.
    """
    if isinstance(error, SystemExit):  # --help
        return error.code if isinstance(error.code, int) else FAILED if error.code else OK
    if isinstance(error, BrokenPipeError):  # | head
        let_go()
        return CLOSED
    if isinstance(error, KeyboardInterrupt):
        _say(f"{_line_begins()}keras-gan: interrupted")
        return INTERRUPTED
    if traceback or os.environ.get(VARIABLE, "") not in ("", "0"):
        sys.__excepthook__(type(error), error, error.__traceback__)
    if isinstance(error, FloatingPointError):  # NotFiniteError, whose module loads TensorFlow
        _say(f"keras-gan: {sentence(error)}")
        return DIVERGED
    _say(f"keras-gan: error: {sentence(error)}")
    return FAILED


def sentence(error: BaseException) -> str:
    """An error's message as one line; an error of the system names the file first.

    The message of an unexpected error says so, and how to see where it happened.

    Args:
        error: Whatever was raised.
    """
    from keras_gan.texts import one_line

    if _is_of_memory(error):
        return (
            f"There is not enough memory ({_cut(_said(error))}): use a smaller --count, --samples, "
            f"--batch-size, --width or --image-size, or a machine with more memory."
        )
    if isinstance(error, OSError):
        if error.filename is not None and error.strerror:
            return _abridged(
                one_line(f"{error.filename} cannot be read or written: {error.strerror}.")
            )
        return _abridged(one_line(error.strerror or _said(error)))
    if isinstance(error, ValueError) and str(error).strip():
        from keras_gan.cli.flag_names import in_flags

        return _abridged(in_flags(_said(error)))
    if isinstance(error, (ImportError, FloatingPointError)) and str(error).strip():
        return _abridged(_said(error))
    return (
        f"{type(error).__name__}: {_cut(_said(error)).rstrip('.')}. This error is unexpected: run "
        f"the same command with --traceback, or {VARIABLE}=1, to see where it happened."
    )


def _is_of_memory(error: BaseException) -> bool:
    """Whether an error says that Python or the backend ran out of memory."""
    if isinstance(error, MemoryError):
        return True
    is_ours = isinstance(error, (ValueError, OSError))
    return not is_ours and any(mark in str(error) for mark in NO_MEMORY)


def _said(error: BaseException) -> str:
    """An error's message as one line, without control characters."""
    from keras_gan.texts import one_line

    return one_line(error) or type(error).__name__


def _abridged(text: str) -> str:
    """A sentence whose middle is left out where that is pages, for what to do stands at its end."""
    if len(text) <= MOST_SAID:
        return text
    return f"{text[: 2 * MOST_SAID // 3]} … {text[-MOST_SAID // 3 :]}"


def _cut(text: str) -> str:
    """The start of another library's message, which may be pages long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _say(line: str) -> None:
    """Prints a line to stderr, if it is still open."""
    try:
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):
        return


def _line_begins() -> str:
    """What makes the line of a terminal empty, in which ^C stands, or a progress bar."""
    try:
        return "\r\x1b[K" if os.name == "posix" and sys.stderr.isatty() else ""
    except (ValueError, AttributeError):  # it is closed, or there is none
        return ""


def end_undisturbed() -> None:
    """Lets no further Ctrl-C print a traceback while the program, which is done, ends."""
    with contextlib.suppress(ValueError):  # outside the main thread
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def let_go() -> None:
    """Redirects a closed output, so that Python does not complain about it at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


class Loading:
    """Handlers for the seconds in which modules load: Ctrl-C and errors end the program."""

    at_interruption = None  # called first, as by an import that has redirected stderr

    def begin(self) -> None:
        """Replaces Python's own handlers, which print tracebacks."""
        sys.excepthook = self.failed
        self.usual = signal.getsignal(signal.SIGINT)
        if self.usual is signal.default_int_handler:
            signal.signal(signal.SIGINT, self.interrupted)
        from keras_gan import texts  # noqa: F401  not after an error, which may be of this package

    def end(self) -> None:
        """Restores Python's own handlers: from now on `main` catches what is raised."""
        if signal.getsignal(signal.SIGINT) == self.interrupted:
            signal.signal(signal.SIGINT, self.usual)
        if sys.excepthook == self.failed:
            sys.excepthook = sys.__excepthook__

    def interrupted(self, *_) -> None:
        """Ends the program at once, since loading modules would catch an exception."""
        if self.at_interruption is not None:
            self.at_interruption()
        os._exit(ended(KeyboardInterrupt()))

    def failed(self, _, error: BaseException, traceback) -> None:
        """Ends the program after an uncaught error."""
        os._exit(ended(error.with_traceback(traceback), "--traceback" in sys.argv))


LOADING = Loading()
