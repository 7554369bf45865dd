"""The pictures of many files as columns of samples; all broken files are named at once."""

from __future__ import annotations

import hashlib
import warnings
import weakref

from keras_gan.data.pictures import Pictures
from keras_gan.data.reading import Reading
from keras_gan.data.sides import Sides

LISTED = 100  # broken files that a message names
_KNOWN = weakref.WeakValueDictionary()  # columns in use, by what they were decoded from


def column_of(pictures: list, image_size: Sides | None, crop: Sides | None, reading: Reading):
    """Returns the pictures as a `Column` of bytes, or as `Pictures` where memory is too small.

    Either way every file is decoded here once, so that broken ones are found before training. While
    the result is in use, the same files are not decoded again.

    Args:
        pictures: `PictureFile`s, or others with the same methods.
        image_size: As in `kg.data.load`, a pair.
        crop: Likewise.
        reading: The user's choices.

    Returns:
        The column, and the numbers of the pictures that are in it, all but broken ones.

    Raises:
        ValueError: For files that cannot be read, of which it names all, for too many pixels, or
            for different sizes.

    Warns:
        UserWarning: Where memory is too small for all pictures, where some have 16 bits per
            channel, and for those that are left out.
    """
    found = [picture.state() for picture in pictures]
    key = hashlib.sha256(repr((found, image_size, crop, reading)).encode()).digest()
    column = _KNOWN.get(key)
    if column is None or (isinstance(column, Pictures) and column.fit()):
        column = _KNOWN[key] = _decoded(pictures, image_size, crop, reading)
    return column, column.kept


def _decoded(pictures: list, image_size: Sides | None, crop: Sides | None, reading: Reading):
    kept, broken = range(len(pictures)), {}
    while True:
        left = Pictures([pictures[i] for i in kept], image_size, crop, reading)
        column = left.column() if left.files else None
        broken |= {kept[i]: reason for i, reason in left.broken.items()}
        if not left.broken and column is not None:
            break
        if not reading.skip_broken or len(broken) == len(pictures):
            raise ValueError(_listed(broken, len(pictures), reading))
        kept = [i for i in range(len(pictures)) if i not in broken]
    if broken:
        warnings.warn(_listed(broken, len(pictures), reading), stacklevel=2)
    left.tell()
    column.kept = list(kept)
    return column


def _listed(broken: dict[int, str], count: int, reading: Reading) -> str:
    """A message with all broken pictures."""
    reasons = [broken[i] for i in sorted(broken)]
    reasons = [*reasons[:LISTED], *(["…"] if len(reasons) > LISTED else [])]
    if not reading.skip_broken:
        return "\n".join(
            [
                *reasons,
                f"{len(broken):,} of {count:,} images cannot be read: repair or remove them, or "
                f"pass skip_broken=True (at the command line --skip-broken) to go on with the "
                f"others.",
            ]
        )
    if len(broken) == count:
        return "\n".join([*reasons, f"None of {count:,} images can be read."])
    first = f"{len(broken):,} of {count:,} images cannot be read and are left out:"
    return "\n".join([first, *reasons])
