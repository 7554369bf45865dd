"""Keeps rendered sets in the user's cache, each under the fingerprint of what it was made of."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from keras_gan.data.packaged.collection import Whole
from keras_gan.files.atomic import write_atomically
from keras_gan.files.limits import check_memory

KEPT = 6  # files of one set, of which each has another size or other inputs


def folder() -> Path:
    """The folder of the cache, `keras_gan/data` in `$KERAS_HOME` or `~/.keras`."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "keras_gan" / "data"


def fingerprint(facts: object, files: Iterable[Path], root: Path) -> str:
    """A digest of the inputs of a rendering, and of the code that renders.

    Of files it takes the path below `root`, the size and the time of the last change; of the code,
    every line, so that a later version of this library renders anew.
    """
    found = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode())
    for path in files:
        stat = path.stat()
        line = f"\n{path.relative_to(root).as_posix()} {stat.st_size} {stat.st_mtime_ns}"
        found.update(line.encode("utf-8", "surrogateescape"))
    for path in sorted(Path(__file__).parent.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:24]


def cached(name: str, key: str, render: Callable[[], Whole]) -> Whole:
    """Reads a rendered set from the cache, or renders it and stores it there.

    A file is written whole or not at all, under a name that its inputs decide: programs that render
    the same set at the same time write the same. One that cannot be read is replaced.

    Args:
        name: The set and the size, for the file's name.
        key: The fingerprint.
        render: Makes the set.
    """
    path = folder() / f"{name}-{key}.npz"
    found = _read(path)
    if found is None:
        found = render()
        _write(path, found)
        _tidy(name, path)
    return found


def _read(path: Path) -> Whole | None:
    try:
        size = path.stat().st_size
    except OSError:
        return None
    check_memory(f"The data set in {str(path)!r}", size)
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            names = json.loads(str(file["classes"]))
            labels = {label: file[f"label_{i}"] for i, label in enumerate(names)}
            classes = {label: tuple(each) for label, each in names.items()}
            found = Whole(file["images"], file["rows"], labels, classes, file["held_out"])
        with contextlib.suppress(OSError):
            os.utime(path)  # it was used last
    except Exception:  # of a damaged file NumPy, zlib and json raise many types
        return None
    return found


def _write(path: Path, found: Whole) -> None:
    names = json.dumps({label: list(each) for label, each in found.classes.items()})
    columns = {f"label_{i}": found.labels[label] for i, label in enumerate(found.classes)}
    content = io.BytesIO()
    np.savez(
        content,
        images=found.images,
        rows=found.rows,
        held_out=found.held_out,
        classes=np.array(names),
        **columns,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content.getvalue())
    except OSError as error:
        warnings.warn(
            f"The rendered data set could not be kept in the cache, and is rendered anew in every "
            f"program ({error}); KERAS_HOME names another folder.",
            stacklevel=2,
        )


def _tidy(name: str, newest: Path) -> None:
    """Removes the files of a set that were not used for longest."""
    start = name.partition("-")[0]
    with contextlib.suppress(OSError):
        files = sorted(newest.parent.glob(f"{start}-*.npz"), key=lambda path: -path.stat().st_mtime)
        for path in files[KEPT:]:
            path.unlink(missing_ok=True)
