"""Reads what PyTorch writes with Python's `pickle`, and executes nothing of it.

A pickle is a program: it may name any function and call it. Here a name stays a name, and a call is
noted and not made.
"""

from __future__ import annotations

import dataclasses
import pickletools
from collections.abc import Iterator
from typing import Any, BinaryIO

from keras_gan.texts import one_line

MOST = 2**20  # operations: the weights of a network take some ten for each array


@dataclasses.dataclass(frozen=True)
class Name:
    """A class or function that a pickle names.

    Args:
        text: Its module and name, such as `"collections.OrderedDict"`.
    """

    text: str


@dataclasses.dataclass
class Call:
    """A call that a pickle asks for.

    Args:
        function: What it would call: a `Name`, or whatever the pickle has in its place.
        arguments: What it would call it with.
        items: The pairs that it would set in the result.
    """

    function: Any
    arguments: tuple
    items: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Stored:
    """Something that a pickle leaves to the file around it, such as the numbers of an array.

    Args:
        key: What it says of it.
    """

    key: Any


_CONSTANTS = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
}
_VALUES = {  # whose argument is the value
    *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "BINFLOAT", "FLOAT"),
    *("BINUNICODE", "SHORT_BINUNICODE", "UNICODE", "STRING", "SHORT_BINSTRING", "BINSTRING"),
}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_MARK = object()


def read(file: BinaryIO):
    """Reads one pickle, and leaves the file after it.

    Args:
        file: Open for reading, at the start of the pickle.

    Returns:
        Numbers, texts, tuples, lists and dictionaries as they are; `Name`, `Call` and `Stored` for
        what is executed or looked up elsewhere.

    Raises:
        ValueError: For damage, or for operations that PyTorch does not write. The message starts
            with "it …".

    Example:

    >>> import io, pickle
    >>> read(io.BytesIO(pickle.dumps({"sizes": (2, 3)}, protocol=2)))
    {'sizes': (2, 3)}
    >>> read(io.BytesIO(pickle.dumps(print, protocol=2)))
    Name(text='__builtin__.print')
    """
    machine = _Machine()
    try:
        for count, (name, argument) in enumerate(_operations(file)):
            if count == MOST:
                raise ValueError(f"it has more than {MOST:,} operations")
            if name == "STOP":
                return machine.popped(1)[0]
            machine.do(name, argument)
    except (IndexError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("it is damaged (its pickle does not add up)") from error
    raise ValueError("it is damaged (its pickle has no end)")


def _operations(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    """The names and arguments of a pickle's operations."""
    try:
        for operation, argument, _ in pickletools.genops(file):
            yield operation.name, argument
    except ValueError as error:  # those of text that is no text, too
        raise ValueError(f"it is damaged ({one_line(error).rstrip('.')})") from error


class _Machine:
    """The stack and the memo of a pickle."""

    def __init__(self):
        self.stack, self.memo = [], {}

    def do(self, name: str, argument) -> None:
        """Does one operation."""
        if name in _VALUES:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name]())
        elif name in _TUPLES:
            self.stack.append(tuple(self.popped(_TUPLES[name])))
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[argument] = self.stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            self.stack.append(self.memo[argument])
        elif hasattr(self, f"_{name.lower()}"):
            getattr(self, f"_{name.lower()}")(argument)
        else:
            raise ValueError(f"it has the operation {name} of a pickle, which no weights need")

    def popped(self, count: int) -> list:
        """Takes the last items off the stack."""
        if count > len(self.stack):
            raise IndexError(count)
        found = self.stack[len(self.stack) - count :]
        del self.stack[len(self.stack) - count :]
        return found

    def _since_mark(self) -> list:
        found = []
        while (each := self.stack.pop()) is not _MARK:
            found.append(each)
        return found[::-1]

    def _proto(self, _):
        pass

    def _mark(self, _):
        self.stack.append(_MARK)

    def _memoize(self, _):
        self.memo[len(self.memo)] = self.stack[-1]

    def _tuple(self, _):
        self.stack.append(tuple(self._since_mark()))

    def _global(self, text):
        self.stack.append(Name(text.replace(" ", ".")))

    def _binpersid(self, _):
        self.stack.append(Stored(self.stack.pop()))

    def _reduce(self, _):
        function, arguments = self.popped(2)
        self.stack.append(Call(function, arguments))

    def _build(self, _):
        self.stack.pop()  # the state of an object that is not made

    def _append(self, _):
        (item,) = self.popped(1)
        self.stack[-1].append(item)

    def _appends(self, _):
        items = self._since_mark()
        self.stack[-1].extend(items)

    def _setitem(self, _):
        key, value = self.popped(2)
        self._set([key, value])

    def _setitems(self, _):
        self._set(self._since_mark())

    def _set(self, pairs: list) -> None:
        target = self.stack[-1]
        target = target.items if isinstance(target, Call) else target
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            target[key] = value
