"""Limits how many pictures are decoded at a time, by their bytes."""

import contextlib
import threading
from collections.abc import Iterator

from PIL import Image

AT_ONCE = 2**28  # bytes of pictures that are being decoded
A_PIXEL = 12  # bytes: as decoded, with transparency or resized, as red, green and blue


class Room:
    """A budget of bytes for pictures that several threads decode.

    Args:
        size: The number of bytes. Defaults to 256 MiB.

    Example:

    >>> room = Room(100)
    >>> with room.of(60), room.of(40):
    ...     room.taken
    100
    """

    def __init__(self, size: int = AT_ONCE):
        self.size, self.taken, self.changed = size, 0, threading.Condition()

    @contextlib.contextmanager
    def of(self, needed: int) -> Iterator[None]:
        """A scope that reserves bytes, and waits until they are free.

        A request for more bytes than the whole budget waits until it is alone.

        Args:
            needed: The number of bytes.
        """
        with self.changed:
            self.changed.wait_for(lambda: not self.taken or self.taken + needed <= self.size)
            self.taken += needed
        try:
            yield
        finally:
            with self.changed:
                self.taken -= needed
                self.changed.notify_all()


class _OwnBound:
    """A scope in which Pillow's own limit on pixels is off, because we apply another limit."""

    def __init__(self):
        self.lock, self.within, self.before = threading.Lock(), 0, None

    def __enter__(self):
        with self.lock:
            if not self.within:
                self.before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
            self.within += 1

    def __exit__(self, *_):
        with self.lock:
            self.within -= 1
            if not self.within:
                Image.MAX_IMAGE_PIXELS = self.before


OWN_BOUND = _OwnBound()
