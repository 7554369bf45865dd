"""Constants in TensorFlow's frozen graphs, read without TensorFlow and without running the graph.

A graph is a message of protocol buffers: fields, each a number and a value. Of those of `GraphDef`,
`NodeDef`, `AttrValue` and `TensorProto` only the few that constants need are read.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import numpy as np

from keras_gan.files.limits import check_size
from keras_gan.files.regular_files import NoPlainFileError, content_of

NODE = 1  # of GraphDef
NAME, OP, ATTRIBUTE = 1, 2, 5  # of NodeDef
KEY, VALUE = 1, 2  # of an entry of a map
TENSOR = 8  # of AttrValue
TYPE, SHAPE, CONTENT, FLOATS = 1, 2, 4, 5  # of TensorProto
DIMENSION, SIZE = 2, 1  # of TensorShapeProto and its Dim
FLOAT = 1  # of DataType


def constants_in_graph(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """The constants of floating-point numbers in a frozen graph (`.pb`), by name.

    Args:
        path: The file.

    Raises:
        ValueError: If it is no graph, or damaged. The message starts with "it …".
        OSError: If it cannot be read.
    """
    try:
        content = memoryview(content_of(path))
    except NoPlainFileError as error:
        raise ValueError(str(error)) from error
    found = {}
    for field, node in fields(content):
        if field != NODE or isinstance(node, int):
            continue
        name = op = b""
        tensor = None
        for inner, value in fields(node):
            if inner == NAME:
                name = bytes(value)
            elif inner == OP:
                op = bytes(value)
            elif inner == ATTRIBUTE:
                entry = dict(fields(value))
                if bytes(entry.get(KEY, b"")) == b"value":
                    tensor = dict(fields(entry.get(VALUE, b""))).get(TENSOR)
        if op == b"Const" and tensor is not None:
            array = _array(tensor)
            if array is not None:
                found[name.decode("utf-8", "replace")] = array
    if not found:
        raise ValueError("it is no frozen graph of TensorFlow with constants in it")
    return found


def fields(message) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a message of protocol buffers: their numbers and their values.

    Args:
        message: Its bytes.

    Raises:
        ValueError: If it is damaged.

    Example, the text "ab" in the field 1 and the number 300 in the field 2:

    >>> (one, text), (two, number) = fields(bytes.fromhex("0a02616210ac02"))
    >>> one, bytes(text), two, number
    (1, b'ab', 2, 300)
    """
    message, place = memoryview(message), 0
    while place < len(message):
        key, place = _varint(message, place)
        kind = key & 7
        if kind == 0:
            value, place = _varint(message, place)
        elif kind in (1, 2, 5):
            length, place = _varint(message, place) if kind == 2 else (8 if kind == 1 else 4, place)
            if length > len(message) - place:
                raise ValueError("it is damaged (it ends early)")
            value = message[place : place + length]
            place += length
        else:
            raise ValueError("it is damaged (no message of protocol buffers)")
        yield key >> 3, value


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message) and shift < 70:
        byte = message[place]
        value, place, shift = value | (byte & 127) << shift, place + 1, shift + 7
        if byte < 128:
            return value, place
    raise ValueError("it is damaged (it ends early)")


def _array(tensor: memoryview) -> np.ndarray | None:
    kind, shape, content, floats = 0, [], None, []
    for field, value in fields(tensor):
        if field == TYPE:
            kind = value
        elif field == SHAPE:
            sizes = [dict(fields(each)).get(SIZE, 0) for n, each in fields(value) if n == DIMENSION]
            shape = [size for size in sizes if isinstance(size, int)]
        elif field == CONTENT:
            content = value
        elif field == FLOATS and not isinstance(value, int):  # packed, or one at a time
            floats.append(value)
    if kind != FLOAT:
        return None
    if content is None:
        content = b"".join(floats)
    numbers = np.frombuffer(content, "<f4") if len(content) % 4 == 0 else np.empty(0, "f4")
    count = math.prod(shape)
    if len(numbers) == 1 and count > 1:  # one number for all
        check_size("a constant in it", 4 * count, len(tensor))
        numbers = np.repeat(numbers, count)
    if len(numbers) != count:
        raise ValueError("it is damaged (a constant in it is not as large as its shape)")
    return np.array(numbers, "f4").reshape(shape)
