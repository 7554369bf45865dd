"""The lines that TensorFlow logs while it is imported, without those that nobody asked for.

TensorFlow leaves out lines below the level in `TF_CPP_MIN_LOG_LEVEL`, but reads it only after the
first lines. Here they are held back in a file until the import ends, and then the same rule applies
to them. Everything else that was written to stderr appears then, and after an error all of it. If
the program dies, for example since the processor lacks an instruction, a second one writes it.
"""

import contextlib
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from keras_gan.cli.exit_codes import LOADING

VARIABLE = "TF_CPP_MIN_LOG_LEVEL"
USUAL = "3"  # fatal errors alone: the command line speaks for itself
SEVERITIES = "IWEF"  # of the levels 0 to 3: information, warning, error, fatal
LINE = re.compile(rb"(?:([IWEF])\d{4} [\d:.]+ +\d+ \S+\] |\d{4}-\d\d-\d\d [\d:.]+: ([IWEF]) )")
HEADING = b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR"
# reads a byte if the import ended, or nothing if the program did
WATCHING = "import os, sys; os.read(0, 1) or os.write(1, os.pread(2, 2**24, 0))"


def keep_to_level() -> None:
    """Applies the level of the user, or else the usual one, to the import of TensorFlow."""
    os.environ.setdefault(VARIABLE, USUAL)
    if "tensorflow" not in sys.modules and _level() > 0:
        sys.meta_path.insert(0, _Finder())


def _level() -> int:
    """The least severity of lines that appear; as for TensorFlow, 0 if it is not a number."""
    given = os.environ.get(VARIABLE, "")
    return int(given) if given.isdecimal() else 0


class _Finder:
    """Finds TensorFlow as Python does, and holds back what it writes while it is imported."""

    def find_spec(self, name, path=None, target=None) -> importlib.machinery.ModuleSpec | None:
        """Python calls this for every module that is imported; all but one are not its own."""
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_quietly(module):
                with _held_back():
                    run(module)

            spec.loader.exec_module = run_quietly
        return spec


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """A scope in which stderr goes to a file."""
    try:
        held = _Held()
    except OSError:  # there is no stderr, no room for a file, or no second program
        yield
        return
    LOADING.at_interruption = held.end
    try:
        yield
    except Exception:
        held.end(all_lines=True)
        raise
    finally:
        held.end()
        LOADING.at_interruption = None


class _Held:
    """Stderr in a file, from now on until `end`."""

    def __init__(self):
        with contextlib.ExitStack() as opened:
            self.stderr = os.dup(2)
            opened.callback(os.close, self.stderr)
            self.file = opened.enter_context(tempfile.TemporaryFile())
            self.watch = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", WATCHING],
                stdin=subprocess.PIPE,
                stdout=self.stderr,
                stderr=self.file,
                start_new_session=True,  # which Ctrl-C does not end
            )
            os.dup2(self.file.fileno(), 2)
            self.opened = opened.pop_all()

    def end(self, all_lines: bool = False) -> None:
        """Gives stderr back and writes what was held back; later calls do nothing.

        Args:
            all_lines: Whether to write lines below the level, too. Defaults to `False`.
        """
        if self.opened is None:
            return
        os.dup2(self.stderr, 2)
        with self.opened, contextlib.suppress(OSError):
            self.opened = None
            self.watch.communicate(b".")
            text = os.pread(self.file.fileno(), os.fstat(self.file.fileno()).st_size, 0)
            os.write(2, text if all_lines else asked_for(text, _level()))


def asked_for(text: bytes, level: int) -> bytes:
    """Leaves out the lines of a log that are below a level; any other text stays.

    Args:
        text: What was written to stderr.
        level: From 0, which leaves out nothing.

    Example:

    >>> asked_for(b"I0000 00:00:1.5   18 port.cc:153] oneDNN\\nlibcuda is missing\\n", 1)
    b'libcuda is missing\\n'
    """
    return b"".join(line for line in text.splitlines(True) if _appears(line, level))


def _appears(line: bytes, level: int) -> bool:
    """Whether a line is at the level, or is no line of TensorFlow's log."""
    if line.startswith(HEADING):
        return level == 0
    found = LINE.match(line)
    return found is None or SEVERITIES.index((found[1] or found[2]).decode()) >= level
