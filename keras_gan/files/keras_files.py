"""Checks of what a `.keras` file claims, before Keras builds anything from it."""

from __future__ import annotations

import itertools
import json
import math
import os
from collections.abc import Iterator
from typing import BinaryIO

from keras_gan.files.archives import members_of, opened_member
from keras_gan.files.json_fields import deeper
from keras_gan.files.limits import WHILE_HELD, check_memory, check_size, check_text
from keras_gan.texts import one_line

TEXTS = ("config.json", "metadata.json")
WEIGHTS = "model.weights.h5"
DEEPEST = 200  # levels of nested values in a configuration, and of nested groups
MOST_OBJECTS = 20_000  # layers, initializers, types, … in a configuration; a millisecond each
MOST_ARRAYS = 200_000
COPIES = 4  # the most copies of a weight in the file that a model may make
ALLOWED = 2**26  # bytes of further weights, which need not be in the file


def weights_allowed(path: str | os.PathLike) -> int:
    """Checks a `.keras` file, and returns the most bytes of weights that its model may have.

    The sizes in the archive's directory are compared with the limits before anything is unpacked,
    and the shapes of weights before any is read. Keras finds other damage.

    Args:
        path: The file.

    Raises:
        ValueError: For files or arrays beyond the limits, or a configuration that is nested too
            deep. The message completes "it could not be loaded:".
        OSError: If the file cannot be read.
    """
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        members = members_of(file)
        for name in TEXTS:
            if name in members:
                check_text(f"{name} in it", members[name].file_size)
        if "config.json" in members:
            _check_configuration(opened_member(file, members["config.json"]))
        stored = 0
        if WEIGHTS in members:
            check_memory(f"{WEIGHTS} in it", members[WEIGHTS].file_size)
            stored = sum(arrays_in(opened_member(file, members[WEIGHTS])))
            check_size("the weights in it", stored, size)
            check_memory("the model in it", WHILE_HELD * stored)
    return COPIES * stored + ALLOWED


def _check_configuration(file: BinaryIO) -> None:
    """Refuses a configuration that is nested deeper, or longer, than that of any network.

    Raises:
        ValueError: For such a configuration.
    """
    with file:
        text = file.read()
    objects = text.count(b'"class_name"')
    if objects > MOST_OBJECTS:
        raise ValueError(
            f"config.json in it describes {objects:,} objects, but at most {MOST_OBJECTS:,} are "
            f"allowed, enough for thousands of layers"
        )
    try:
        too_deep = deeper(json.loads(text), DEEPEST)
    except ValueError:  # damaged: Keras will fail, and the user is told then
        return
    except RecursionError:
        too_deep = True
    if too_deep:
        raise ValueError(f"config.json in it has values nested more than {DEEPEST} deep")


def arrays_in(file: BinaryIO, what: str = f"{WEIGHTS} in it") -> Iterator[int]:
    """The bytes that each array of an HDF5 file takes in memory.

    Args:
        file: The open file, such as `opened_member` returns. Another than an HDF5 file has no
            arrays.
        what: The name of the file, for messages.

    Raises:
        ValueError: For links, arrays outside the file, arrays that claim more memory than their
            stored size allows, and too many or too deeply nested groups.
    """
    import h5py

    try:
        opened = h5py.File(file, "r")
    except (OSError, ValueError):  # damaged: Keras will fail, and the user is told then
        return
    with opened:
        found, left = [(opened, 0)], MOST_ARRAYS
        while found:
            group, depth = found.pop()
            names = _names_in(group, left, what)
            left -= len(names)
            if depth > DEEPEST or left < 0:
                raise ValueError(f"{what} has more, or more deeply nested, groups than any network")
            for name in names:
                member = _member(group, name, what)
                if isinstance(member, h5py.Group):
                    found.append((member, depth + 1))
                else:
                    yield _bytes_of(name, member, what)


def _names_in(group, most: int, what: str) -> list[str]:
    """The names in a group, at most one more than `most`."""
    try:
        return list(itertools.islice(group, most + 1))
    except Exception as error:  # the HDF5 library may raise anything on a damaged file
        raise ValueError(f"{what} is damaged (a group cannot be read)") from error


def _member(group, name: str, what: str):
    """A group or an array in a group, if it is in this file."""
    import h5py

    shown = one_line(name[:80])
    try:
        link = group.get(name, getlink=True)
        member = group[name] if isinstance(link, h5py.HardLink) else None
    except Exception as error:  # see above
        raise ValueError(f"{what} is damaged ({shown!r} cannot be opened)") from error
    if member is None:
        raise ValueError(f"{what} has the link {shown!r}, but links are not allowed")
    if not isinstance(member, (h5py.Group, h5py.Dataset)):
        raise ValueError(f"{what} has {shown!r}, which is neither a group nor an array")
    return member


def _bytes_of(name: str, array, what: str) -> int:
    """The bytes of an array in memory, if it lies in this file."""
    shown = one_line(name[:80])
    try:
        is_elsewhere = bool(array.external) or array.is_virtual
        size = math.prod(array.shape or ()) * array.dtype.itemsize
        stored = array.id.get_storage_size()
    except Exception as error:  # see above
        raise ValueError(f"{what} is damaged ({shown!r} cannot be read)") from error
    if is_elsewhere:
        raise ValueError(f"{what} has the array {shown!r}, whose numbers are in another file")
    check_size(f"the array {shown!r} in it", size, stored)
    return size
