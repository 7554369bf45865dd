"""The record in a lock's file: which process holds the lock, and whether it still runs."""

import contextlib
import datetime
import json
import os
import pathlib
import platform
import shlex
import sys

from keras_gan.texts import one_line, shortened

LONGEST = 65536  # bytes of a record that are read


def write_record(descriptor: int) -> None:
    """Records this process in its lock's file, from the second byte: Windows locks the first."""
    content = {
        "process": os.getpid(),
        "host": platform.node(),
        "command": _command(),
        "since": datetime.datetime.now().astimezone().isoformat(" ", timespec="seconds"),
    }
    with contextlib.suppress(OSError):  # on a full disk the lock works without a record
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, b"\n" + json.dumps(content).encode() + b"\n")


def record(path: pathlib.Path) -> dict:
    """The holder of a lock, as recorded in its file; `{}` if that cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            file.seek(1)
            found = json.loads(file.read(LONGEST))
        texts = {name: _printable(str(found[name])) for name in ("host", "command", "since")}
        return {"process": int(found["process"]), **texts}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _command() -> str:
    """The command line of this process, shortened."""
    words = [*sys.orig_argv] or [*sys.argv]
    words[:2] = [word if "\n" in word else os.path.basename(word) for word in words[:2]]
    return _printable(shlex.join(words))


def _printable(text: str) -> str:
    """A text as one short line, without control characters."""
    return shortened(one_line(text), 200)


def is_alive(process: int | None) -> bool:
    """Whether a process of this host is known to run."""
    if os.name == "nt" or not isinstance(process, int) or process <= 0:  # 0 would mean a group
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
