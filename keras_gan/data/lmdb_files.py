"""Pictures in LMDB, as LSUN is published and as programs around StyleGAN prepare data."""

from __future__ import annotations

import os
import re
import weakref
from pathlib import Path, PurePosixPath

from keras_gan.data.picture_files import HeldPicture
from keras_gan.data.picture_sets import PictureSet
from keras_gan.data.sides import Sides

_OPEN = weakref.WeakValueDictionary()  # LMDB allows a process to open each data base once


def is_lmdb(path: Path) -> bool:
    """Whether a path is that of a data base: a folder with `data.mdb`, or a file by its name."""
    return (path / "data.mdb").is_file() or (path.is_file() and path.suffix in (".lmdb", ".mdb"))


def state_of(path: Path) -> tuple:
    """What changes when a data base is written."""
    found = os.stat(path / "data.mdb" if path.is_dir() else path)
    return found.st_ino, found.st_size, found.st_mtime_ns


class DataBase:
    """An LMDB that is open for reading.

    Args:
        path: Its folder or file.

    Raises:
        ValueError: If it cannot be opened, or the package `lmdb` is missing.
    """

    def __init__(self, path: Path):
        try:
            import lmdb
        except ImportError as error:
            raise ValueError(
                f"{str(path)!r} is an LMDB, which the package lmdb reads: pip install lmdb."
            ) from error
        self.path, self.state = path, state_of(path)
        try:
            self.environment = lmdb.open(
                str(path), subdir=path.is_dir(), readonly=True, lock=False, readahead=False
            )
            with self.environment.begin() as transaction:
                self.keys = list(transaction.cursor().iternext(keys=True, values=False))
        except lmdb.Error as error:
            raise ValueError(f"Cannot read the LMDB {str(path)!r}: {error}.") from error

    def content(self, key: bytes) -> bytes:
        """The bytes of a value."""
        with self.environment.begin() as transaction:
            return transaction.get(key)

    def text_of(self, key: bytes) -> str:
        """A key as text."""
        return key.decode("utf-8", "backslashreplace")


def in_lmdb(path: Path, image_size: Sides | None) -> PictureSet:
    """Finds all pictures in a data base, in the order of their keys.

    Keys such as `256-00042` are those of pictures in several sizes, of which one is taken.

    Args:
        path: Its folder or file.
        image_size: As in `kg.data.load`, a pair; it decides among several sizes.

    Raises:
        ValueError: If it cannot be read, has no pictures, or several sizes, none of them asked for.
    """
    place = os.path.realpath(path)
    base = _OPEN.get(place)
    if base is None or base.state != state_of(path):
        base = None  # before it is opened again
        base = _OPEN[place] = DataBase(path)
    keys = [key for key in base.keys if key != b"length" and not key.startswith(b"__")]
    sizes = {}
    for key in keys:
        found = re.fullmatch(rb"(\d+)-\d+", key)
        sizes.setdefault(int(found[1]) if found else None, []).append(key)
    if len(sizes) > 1 and None not in sizes:
        wanted = image_size[0] if image_size and image_size[0] == image_size[1] else None
        if wanted not in sizes:
            listed = ", ".join(map(str, sorted(sizes)))
            raise ValueError(
                f"{str(path)!r} has its pictures in the sizes {listed}: pass one of them as "
                f"image_size (at the command line --image-size)."
            )
        keys = sizes[wanted]
    if not keys:
        raise ValueError(f"The LMDB {str(path)!r} holds no pictures.")
    pictures = {PurePosixPath(f"{i:09}"): HeldPicture(base, key) for i, key in enumerate(keys)}
    return PictureSet(repr(str(path)), pictures)
