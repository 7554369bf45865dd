"""Faces of the PyPI package python-avatars, each of attributes drawn at random."""

from __future__ import annotations

import concurrent.futures
import functools
import importlib.metadata
import io
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gan.data.packaged import cache
from keras_gan.data.packaged.collection import Collection, Whole
from keras_gan.data.packaged.parts import unknown
from keras_gan.data.packaged.white import on_white
from keras_gan.data.sides import Sides
from keras_gan.files.limits import check_memory

NATIVE = (64, 64)
LABEL = "top"
TRAIN, TEST = 10_000, 2_000
NONE = "none"  # the class of what is not drawn, such as the colour of a bald head's hair
LICENCES = {"python-avatars": "MIT, as the package states; drawn by Pablo Stanley"}
_ENUMS = {  # the classes of python-avatars that list the values of an attribute
    "top": ("HairType", "HatType"),
    "hair_color": ("HairColor",),
    "hat_color": ("ClothingColor",),
    "skin_color": ("SkinColor",),
    "eyebrows": ("EyebrowType",),
    "eyes": ("EyeType",),
    "nose": ("NoseType",),
    "mouth": ("MouthType",),
    "facial_hair": ("FacialHairType",),
    "facial_hair_color": ("HairColor",),
    "accessory": ("AccessoryType",),
    "clothing": ("ClothingType",),
    "clothing_color": ("ClothingColor",),
}
RARE = ("facial_hair", "accessory")  # which every other face has not
DECIDED_BY = {  # whether an attribute is drawn depends on these others
    "hair_color": ("top",),
    "hat_color": ("top",),
    "facial_hair": ("top",),
    "accessory": ("top",),
    "facial_hair_color": ("top", "facial_hair"),
    "clothing_color": ("clothing",),
}
HIDDEN = 0.5  # of the difference between eyes that a pair of glasses must let through


def collected(part: str, is_test: bool, sides: Sides, folder: str | Path | None) -> Collection:
    """The set, as `kg.data.collection` gives it; `part` is the attribute that is the label."""
    if folder is not None:
        raise ValueError(
            f"'avatars' reads a package of Python, and no folder; received folder={folder!r}: "
            f"leave it out."
        )
    if part and part not in _ENUMS:
        raise unknown("avatars", part, list(_ENUMS))
    _libraries()
    versions = [importlib.metadata.version(name) for name in ("python-avatars", "resvg-py")]
    key = cache.fingerprint(["avatars", TRAIN, TEST, *versions], [], Path())
    whole = cache.cached(f"avatars-{sides[0]}x{sides[1]}", key, lambda: _rendered(sides))
    return whole.taken(whole.held_out == is_test, LICENCES)


def _libraries() -> tuple[Any, Any]:
    """Returns python_avatars and resvg_py.

    Raises:
        ValueError: If one is not installed.
    """
    try:
        import python_avatars
        import resvg_py
    except ModuleNotFoundError as error:
        raise ValueError(
            f"The data set 'avatars' needs {error.name}, which is not installed: pip install "
            f"'keras-gan[pictures]'."
        ) from error
    return python_avatars, resvg_py


def values() -> dict[str, list[Any]]:
    """The values of each attribute, as python-avatars lists them."""
    library, _ = _libraries()
    return {
        name: [value for each in enums for value in getattr(library, each)]
        for name, enums in _ENUMS.items()
    }


def drawn_attributes(count: int) -> list[dict[str, Any]]:
    """Different faces by their attributes, the same ones at every call."""
    generator, known, found = random.Random(0), values(), {}
    while len(found) < count:
        face = {}
        for name, allowed in known.items():
            is_missing = name in RARE and generator.random() < 0.5
            face[name] = allowed[0] if is_missing else generator.choice(allowed)
        found.setdefault(tuple(face.values()), face)
    return list(found.values())


def svg_of(face: dict[str, Any]) -> str:
    """The drawing of a face, without a background or a print on its shirt."""
    library, _ = _libraries()
    style, plain = library.AvatarStyle.TRANSPARENT, library.ClothingGraphic.NONE
    return library.Avatar(style=style, shirt_graphic=plain, **face).render()


def picture_of(svg: str, sides: Sides) -> np.ndarray:
    """The pixels of a drawing, `(height, width, 3)`, on white."""
    _, renderer = _libraries()
    finer = 2 * max(sides)
    png = renderer.svg_to_bytes(svg_string=svg, height=finer, skip_system_fonts=True)
    return on_white(Image.open(io.BytesIO(bytes(png))), sides)


def _rendered(sides: Sides) -> Whole:
    count = TRAIN + TEST
    check_memory(f"{count:,} avatars", 3 * 3 * count * sides[0] * sides[1])
    faces = drawn_attributes(count)
    images = np.empty((count, *sides, 3), np.uint8)

    def draw(i):
        images[i] = picture_of(svg_of(faces[i]), sides)

    with concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(draw, range(count)))
    labels, classes = {}, {}
    seen = _Seen()
    for name, allowed in values().items():
        names = [NONE, *(_name(name, each) for each in allowed if _name(name, each) != NONE)]
        numbers = {each: names.index(_name(name, each)) for each in allowed}
        labels[name] = np.array(
            [numbers[face[name]] if seen.is_drawn(name, face) else 0 for face in faces], np.int32
        )
        classes[name] = tuple(names)
    return Whole(
        images, np.arange(count, dtype=np.int32), labels, classes, np.arange(count) >= TRAIN
    )


def _name(attribute: str, value: Any) -> str:
    kind = type(value).__name__
    is_hat = attribute == "top" and kind == "HatType"  # both have one that is called a hat
    return f"hat_{value.name.lower()}" if is_hat else value.name.lower()


class _Seen:
    """Which attributes of a face can be seen: those with which its drawing changes."""

    def __init__(self):
        self.values = values()
        self.drawn = functools.cache(self._changes)
        self.through = functools.cache(self._shows_eyes)

    def is_drawn(self, name: str, face: dict[str, Any]) -> bool:
        """Whether an attribute of a face is drawn, and is not behind dark glasses."""
        if name == "eyes":
            behind = face["accessory"]
            return not self.is_drawn("accessory", face) or self.through(behind)
        if name not in DECIDED_BY:
            return True
        return self.drawn(name, tuple(face[other] for other in DECIDED_BY[name]))

    def _changes(self, name: str, others: tuple) -> bool:
        face = {each: allowed[0] for each, allowed in self.values.items()}
        face |= dict(zip(DECIDED_BY[name], others, strict=True))
        first, last = (svg_of({**face, name: self.values[name][i]}) for i in (0, -1))
        return first != last

    def _shows_eyes(self, accessory: Any) -> bool:
        return self._difference(accessory) > HIDDEN * self._difference(self.values["accessory"][0])

    def _difference(self, accessory: Any) -> float:
        """How much the pictures of a face with all kinds of eyes differ."""
        face = {each: allowed[0] for each, allowed in self.values.items()}
        face["accessory"] = accessory
        pictures = [
            picture_of(svg_of({**face, "eyes": eyes}), NATIVE) for eyes in self.values["eyes"]
        ]
        return float(np.std(np.array(pictures, np.float32), axis=0).mean())
