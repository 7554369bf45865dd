"""The colour glyphs of Debian's font of emoji."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from keras_gan.data.packaged import cache, licences
from keras_gan.data.packaged.collection import Collection, Whole, each_once
from keras_gan.data.packaged.fonts import library
from keras_gan.data.packaged.held_out import held_out
from keras_gan.data.packaged.parts import chosen, unlabelled
from keras_gan.data.packaged.places import Place, placed
from keras_gan.data.packaged.white import on_white
from keras_gan.data.sides import Sides
from keras_gan.files.limits import check_memory

NATIVE = (128, 136)
LABEL = "group"
FONT, INSIDE = "NotoColorEmoji.ttf", "usr/share/fonts"
TABLE, UNICODE = "emoji-test.txt", "usr/share/unicode"
PACKAGE, NAMES = "fonts-noto-color-emoji", "unicode-data"
NONE = "none"  # the group of glyphs that are no emoji by themselves
_TAGS = range(0xE0000, 0xE0080)  # that name the region of a flag
_TONES, _JOINERS = range(0x1F3FB, 0x1F400), (0xFE0F, 0x200D, 0x2640, 0x2642)
_PERSONS = {0x1F468: 0x1F9D1, 0x1F469: 0x1F9D1}  # man and woman, as an adult


def collected(part: str, is_test: bool, sides: Sides, folder: str | Path | None) -> Collection:
    """The set, as `kg.data.collection` gives it; `part` is a group, or empty for all."""
    library()
    place = placed("emoji", INSIDE, (FONT.lower(),), PACKAGE, folder)
    font = place.files()[0]
    table = _table(folder)
    files, packages = [font], [PACKAGE]
    key = cache.fingerprint(["emoji", _groups_text(table)], files, place.folder)
    name = f"emoji-{sides[0]}x{sides[1]}"
    whole = cache.cached(name, key, lambda: _rendered(font, _groups_text(table), sides))
    by_package = licences.licences(place.root, packages)
    if table is not None:
        by_package |= licences.licences(table.root, [NAMES])
    wanted = whole.held_out == is_test
    if part:
        if not whole.labels:
            raise unlabelled("emoji", NAMES)
        wanted &= chosen("emoji", part, whole.classes[LABEL])[whole.labels[LABEL]]
    return whole.taken(wanted, by_package)


def _table(folder: str | Path | None) -> Place | None:
    """The folder of Unicode's list of groups, if its package is there."""
    try:
        return placed("emoji", UNICODE, (TABLE,), NAMES, folder)
    except ValueError:
        return None


def _groups_text(table: Place | None) -> str:
    if table is None:
        return ""
    return table.files()[0].read_text(encoding="utf-8")


def _rendered(font_file: Path, text: str, sides: Sides) -> Whole:
    fonts = library()
    with fonts.TTFont(font_file, lazy=True) as font:
        sequences = _sequences(font)
        pictures = {name: bytes(glyph.imageData) for name, glyph in _strike(font).items()}
    check_memory(f"{len(pictures):,} emoji", 4 * 3 * sides[0] * sides[1] * len(pictures))
    images = [on_white(Image.open(io.BytesIO(each)), sides) for each in pictures.values()]
    images, rows = each_once(np.stack(images))
    found = [sequences.get(name, ()) for name in pictures]
    labels, classes = _labels(found, text) if text else ({}, {})
    return Whole(images, rows, labels, classes, held_out(map(_without_variants, found)))


def _strike(font: Any) -> dict[str, Any]:
    """The bitmaps of a font by glyph, from its largest size."""
    sizes = font["CBLC"].strikes
    largest = max(range(len(sizes)), key=lambda i: sizes[i].bitmapSizeTable.ppemY)
    return font["CBDT"].strikeData[largest]


def _sequences(font: Any) -> dict[str, tuple[int, ...]]:
    """The characters of each glyph: one, or several that the font joins."""
    found = {}
    for code, name in sorted(font.getBestCmap().items()):
        found.setdefault(name, (code,))
    joined = []
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            for first, ligatures in getattr(table, "ligatures", {}).items():
                joined += [((first, *each.Component), each.LigGlyph) for each in ligatures]
    before = -1
    while len(found) > before:  # some are joined from glyphs that are joined themselves
        before = len(found)
        for parts, name in joined:
            if name not in found and all(part in found for part in parts):
                found[name] = sum((found[part] for part in parts), ())
    return found


def _labels(found: list[tuple[int, ...]], text: str) -> tuple[dict, dict]:
    """Group and subgroup of each glyph, by Unicode's list."""
    places, group, subgroup = {}, NONE, NONE
    for line in text.splitlines():
        heading = re.match(r"# (group|subgroup): (.*)", line)
        if heading:
            name = _plain(heading[2])
            group, subgroup = (name, NONE) if heading[1] == "group" else (group, name)
        elif line and not line.startswith("#"):
            codes = [int(code, 16) for code in line.partition(";")[0].split()]
            places.setdefault(_parts(codes), (group, subgroup))
    pairs = [
        places.get(_parts(codes)) or places.get(_parts(codes, _TAGS), (NONE, NONE))
        for codes in found
    ]
    labels, classes = {}, {}
    for i, name in enumerate(("group", "subgroup")):
        known = list(dict.fromkeys([*(pair[i] for pair in places.values()), NONE]))
        labels[name] = np.array([known.index(pair[i]) for pair in pairs], np.int32)
        classes[name] = tuple(known)
    return labels, classes


def _plain(heading: str) -> str:
    """A heading as a name: `Smileys & Emotion` is `smileys-emotion`."""
    return re.sub(r"[^a-z]+", "-", heading.lower()).strip("-")


def _parts(codes: Iterable[int], without: range = range(0)) -> tuple[int, ...]:
    """The characters of an emoji in one order: the font joins some of them from behind."""
    return tuple(sorted(code for code in codes if code != 0xFE0F and code not in without))


def _without_variants(codes: tuple[int, ...]) -> str:
    """A name that is the same for all tones of skin and sexes of an emoji."""
    kept = [_PERSONS.get(c, c) for c in codes if c not in _TONES and c not in _JOINERS]
    return "-".join(f"{code:x}" for code in sorted(kept))
