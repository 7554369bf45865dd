"""Debian's copy of the Open Clip Art Library, by subject."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os
import re
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

from keras_gan.data.decoding import A_PIXEL, OWN_BOUND, Room
from keras_gan.data.packaged import cache, licences
from keras_gan.data.packaged.collection import Collection, Whole, each_once
from keras_gan.data.packaged.held_out import held_out
from keras_gan.data.packaged.parts import unknown
from keras_gan.data.packaged.places import placed
from keras_gan.data.packaged.white import on_white
from keras_gan.data.picture_files import PictureFile, pixels_of
from keras_gan.data.sides import Sides
from keras_gan.files.limits import check_memory

NATIVE = (64, 64)
LABEL = "subject"
INSIDE, PACKAGE = "usr/share/openclipart/png", "openclipart-png"
ANY = 2**62  # pixels: which are too large is decided below
LARGEST = 2**24  # pixels; of two that have more, one would take 3 GB to decode
FAINTEST = 32  # of 255: by how much the darkest value must differ from white


def collected(part: str, is_test: bool, sides: Sides, folder: str | Path | None) -> Collection:
    """The set, as `kg.data.collection` gives it; `part` is one or more subjects, or empty."""
    place = placed("clipart", INSIDE, (".png",), PACKAGE, folder)
    files = place.files()
    key = cache.fingerprint(["clipart", PIL.__version__], files, place.folder)
    name = f"clipart-{sides[0]}x{sides[1]}"
    whole = cache.cached(name, key, lambda: _rendered(files, place.folder, sides))
    subjects, classes = _subjects(part, whole.classes["folder"])
    of_entry = subjects[whole.labels["folder"]]
    whole = dataclasses.replace(
        whole,
        labels={LABEL: of_entry, **whole.labels},
        classes={LABEL: classes, **whole.classes},
    )
    by_package = licences.licences(place.root, [PACKAGE])
    return whole.taken((whole.held_out == is_test) & (of_entry >= 0), by_package)


def _rendered(files: list[Path], folder: Path, sides: Sides) -> Whole:
    """Draws each picture once; a link to one is another entry of it."""
    with OWN_BOUND:
        size = {path: pixels_of(PictureFile(path), ANY) for path in files}
    files = [path for path in files if size[path] <= LARGEST]
    targets = [os.path.realpath(path) for path in files]
    number = {target: i for i, target in enumerate(dict.fromkeys(targets))}
    check_memory(f"{len(number):,} pictures", 3 * 3 * len(number) * sides[0] * sides[1])
    images = np.empty((len(number), *sides, 3), np.uint8)

    needed = {target: A_PIXEL * size[path] for target, path in zip(targets, files, strict=True)}
    room = Room()

    def draw(each):
        target, i = each
        with room.of(needed[target]), Image.open(target, formats=("PNG",)) as file:
            images[i] = on_white(file, sides, trimmed=True)

    with OWN_BOUND, concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(draw, number.items()))
    flat = images.reshape(len(images), -1)
    seen = 255 - flat.min(1) >= FAINTEST  # not white alone
    images, once = each_once(images)
    entries = [i for i, target in enumerate(targets) if seen[number[target]]]
    rows = once[[number[targets[i]] for i in entries]]
    folders = [files[i].parent.relative_to(folder).as_posix() for i in entries]
    names = sorted(set(folders))
    labels = {"folder": np.array([names.index(each) for each in folders], np.int32)}
    tests = held_out(_series(Path(targets[i])) for i in entries)
    tests = tests[np.unique(rows, return_index=True)[1]][np.unique(rows, return_inverse=True)[1]]
    return Whole(images, rows, labels, {"folder": tuple(names)}, tests)


def _series(path: Path) -> str:
    """The name of a picture without its number: those of one series are alike."""
    return re.sub(r"[-_. \d]+$", "", path.stem)


def _subjects(part: str, folders: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The subject of each folder, or -1 for one that was not chosen, and the subjects' names.

    A part is the name of a folder at any depth, such as `fruit` or `food/fruit`, or several with
    commas in between. Of several, each is a subject; of one, the folders in it are; of none, those
    at the top.
    """
    parts = [tuple(each.split("/")) for each in part.split(",")] if part else [()]
    found = []
    for path in (tuple(each.split("/")) for each in folders):
        ends = [(name, _end(path, name)) for name in parts]
        name, end = next(((n, e) for n, e in ends if e is not None), (None, None))
        if name is None:
            found.append(None)
        elif len(parts) > 1:
            found.append("/".join(name))
        else:
            found.append(path[end] if end < len(path) else "/".join(name) or ".")
    for name in parts:
        if not any(_end(tuple(each.split("/")), name) is not None for each in folders):
            known = {name for each in folders for name in each.split("/")}
            raise unknown("clipart", "/".join(name), sorted(known))
    names = ["/".join(name) for name in parts] if len(parts) > 1 else sorted({*found} - {None})
    return np.array([-1 if n is None else names.index(n) for n in found], np.int32), tuple(names)


def _end(path: tuple[str, ...], name: tuple[str, ...]) -> int | None:
    """Where in a path the folder of a name ends."""
    for start in range(len(path) - len(name) + 1):
        if path[start : start + len(name)] == name:
            return start + len(name)
    return None
