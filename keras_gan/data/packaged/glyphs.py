"""Letters and digits in the styles of the open fonts that are installed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import PIL
from PIL import features

from keras_gan.data.packaged import cache, licences
from keras_gan.data.packaged.collection import Collection, Whole
from keras_gan.data.packaged.fonts import CHARACTERS, ENDINGS, STYLES, Face, faces_of, library
from keras_gan.data.packaged.glyph_pictures import drawn
from keras_gan.data.packaged.held_out import held_out
from keras_gan.data.packaged.letters import SIDE, alike, legible
from keras_gan.data.packaged.places import Place, owners, placed
from keras_gan.data.sides import Sides
from keras_gan.files.limits import check_memory

NATIVE = (32, 32)
LABEL = "character"
INSIDE = "usr/share/fonts"
PACKAGES = "fonts-dejavu fonts-liberation2 fonts-urw-base35"
PARTS = STYLES[:2]
OTHERS = ("fonts-noto-color-emoji",)  # packages of fonts without letters, and their files
OTHER_FILES = ("NotoColorEmoji.ttf",)


def collected(part: str, is_test: bool, sides: Sides, folder: str | Path | None) -> Collection:
    """The set, as `kg.data.collection` gives it; `part` is a style, or empty for all."""
    library()
    place = placed("glyphs", INSIDE, ENDINGS, PACKAGES, folder, OTHER_FILES)
    files, by_package = _files(place)
    facts = ["glyphs", PIL.__version__, features.version("freetype2")]
    kept = cache.fingerprint(facts, files, place.folder)
    whole = cache.cached(_name(NATIVE), kept, lambda: _judged(files, place.folder))
    if sides != NATIVE:
        judged = whole
        whole = cache.cached(_name(sides), kept, lambda: _again(judged, place.folder, sides))
    chosen = whole.held_out == is_test
    if part:
        chosen &= whole.labels["style"] == STYLES.index(part)
    return whole.taken(chosen, by_package)


def _name(sides: Sides) -> str:
    return f"glyphs-{sides[0]}x{sides[1]}"


def _files(place: Place) -> tuple[list[Path], dict[str, str]]:
    """The font files that are known to be free, and the licences of their packages."""
    files = place.files()
    if place.root is None:
        return files, licences.licences(None, ())
    owned = owners(place.root, INSIDE)
    if owned is None:  # unpacked by hand, so that the user chose the packages
        packages = [p for p in licences.documented(place.root) if p.startswith("fonts-")]
        packages = [package for package in packages if package not in OTHERS]
    else:
        inside = {path: f"/{path.relative_to(place.root).as_posix()}" for path in files}
        files = [path for path in files if inside[path] in owned]
        packages = {owned[inside[path]] for path in files} - set(OTHERS)
    return files, licences.licences(place.root, packages)


def _judged(files: list[Path], folder: Path) -> Whole:
    """Draws all faces of all files, and keeps those that can be read and are not there twice."""
    faces = [face for path in files for face in faces_of(path)]
    each = SIDE * SIDE * len(CHARACTERS)
    check_memory(f"The pictures of {len(faces)} faces", 2 * each * len(faces))
    pictures = [drawn(face, NATIVE) for face in faces]
    faces = [face for face, picture in zip(faces, pictures, strict=True) if picture is not None]
    if faces:
        images = np.stack([picture for picture in pictures if picture is not None])
        read = legible(images)
        faces, images = [face for face, ok in zip(faces, read, strict=True) if ok], images[read]
    if not faces:
        raise ValueError(
            f"The data set 'glyphs' found {len(files)} font files, of which none has the letters A "
            f"to Z and a to z and the digits: apt-get install {PACKAGES}."
        )
    kept, groups = alike(images, [face.family for face in faces])
    faces = [face for face, ok in zip(faces, kept, strict=True) if ok]
    tests = held_out(group for group, ok in zip(groups, kept, strict=True) if ok)
    return _labelled(images[kept], faces, tests, folder)


def _labelled(images: np.ndarray, faces: list[Face], tests: np.ndarray, folder: Path) -> Whole:
    count = len(CHARACTERS)
    families = sorted({face.family for face in faces})
    number = {family: i for i, family in enumerate(families)}
    labels = {
        "character": np.tile(np.arange(count), len(faces)),
        "family": np.repeat([number[face.family] for face in faces], count),
        "style": np.repeat([STYLES.index(face.style) for face in faces], count),
        "face": np.repeat(np.arange(len(faces)), count),
    }
    names = [f"{face.path.relative_to(folder).as_posix()}#{face.number}" for face in faces]
    classes = {
        "character": tuple(CHARACTERS),
        "family": tuple(families),
        "style": STYLES,
        "face": tuple(names),
    }
    return Whole(
        images.reshape(-1, *images.shape[2:], 1),
        np.arange(len(faces) * count, dtype=np.int32),
        {name: values.astype(np.int32) for name, values in labels.items()},
        classes,
        np.repeat(tests, count),
    )


def _again(judged: Whole, folder: Path, sides: Sides) -> Whole:
    """Draws the faces that were kept in another size."""
    count = len(judged.rows)
    check_memory(f"{count:,} glyphs of {sides[1]} x {sides[0]}", 2 * count * sides[0] * sides[1])
    images = np.empty((count, *sides, 1), np.uint8)
    for i, name in enumerate(judged.classes["face"]):
        path, _, number = name.rpartition("#")
        face = Face(folder / path, int(number), "", "")
        start = i * len(CHARACTERS)
        images[start : start + len(CHARACTERS), ..., 0] = drawn(face, sides)
    return dataclasses.replace(judged, images=images)
