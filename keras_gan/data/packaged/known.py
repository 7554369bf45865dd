"""The packaged sets by name."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from keras_gan.arguments import as_question, height_and_width, near_path
from keras_gan.data.names import PACKAGED
from keras_gan.data.packaged.collection import Collection
from keras_gan.data.sides import Sides

SPLITS = ("train", "test")


def collection(
    name: str,
    split: str = "train",
    image_size: int | tuple[int, int] | None = None,
    folder: str | Path | None = None,
) -> Collection:
    """Loads a packaged set as arrays, with all its labels and licences.

    `kg.data.load` gives the same pictures as a data set, with one of the labels.

    - `glyphs`: A to Z, a to z and 0 to 9 of each open font that is installed, black on white.
      Labels `character`, `family`, `style`, `face`. Parts `glyphs/serif`, `glyphs/sans-serif`.
    - `emoji`: the colour glyphs of `fonts-noto-color-emoji`, each once. Labels `group` and
      `subgroup` where `unicode-data` is. Parts such as `emoji/food-drink`.
    - `clipart`: the pictures of `openclipart-png`, each once, without the white around them. Labels
      `subject` and `folder`. Parts such as `clipart/fruit` or `clipart/flags,mammals`.
    - `avatars`: 12,000 faces by `python-avatars`. Labels are its attributes, `"none"` where one is
      not to be seen. A part is the attribute that `load` takes as its label, such as
      `avatars/mouth`; it is `top` where none is named.

    A tenth of each is held out as `"test"`: of the glyphs whole families, together with all that
    have a face in common with them; of emoji all tones and sexes of one; of clip art whole series;
    of avatars 2,000 of other attributes.

    What is rendered is kept in `keras_gan/data` in `$KERAS_HOME` or `~/.keras`, under a digest of
    what it was rendered from.

    Args:
        name: A name in the table.
        split: `"train"` or `"test"`. Defaults to "train".
        image_size: Height and width in pixels, or one number of both, at which glyphs are drawn and
            into which pictures are fitted; nothing is cut off. Defaults to None: 32 x 32 for
            glyphs, 128 x 136 for emoji, 64 x 64 for clip art and avatars.
        folder: Where to look instead of `$KERAS_GAN_PACKAGES` and the system: a folder into which
            packages were unpacked, or one that holds the files. Defaults to None.

    Returns:
        `images`, uint8 `(n, height, width, 1)` of glyphs and `(n, height, width, 3)` of others,
        `labels`, `classes` and `licences`.

    Raises:
        ValueError: For an unknown name, part or split, and where a package is missing; the message
            names it, and the command that installs it.

    Example:

    >>> from keras_gan import data
    >>> faces = data.collection("avatars", split="test")      # doctest: +SKIP
    >>> faces.images.shape, faces.named("mouth")[0]           # doctest: +SKIP
    ((2000, 64, 64, 3), 'smile')
    >>> conditions = faces.indicators("skin_color", "mouth")  # doctest: +SKIP
    """
    module, part = found(name)
    sides = height_and_width("image_size", image_size) if image_size is not None else None
    check_split(name, split)
    return module.collected(part, split == "test", sides or module.NATIVE, folder)


def check_split(name: str, split: str) -> None:
    """Refuses anything but `SPLITS`.

    Raises:
        ValueError: For such a split.
    """
    if split not in SPLITS:
        raise ValueError(f"{name!r} has no split {split!r}; allowed: {', '.join(SPLITS)}.")


def found(name: str) -> tuple[ModuleType, str]:
    """The module of a set, and the part of its name.

    Raises:
        ValueError: For an unknown name.
    """
    base, _, part = str(name).partition("/")
    if base not in PACKAGED:
        hint = as_question(near_path(str(name), list(PACKAGED))) or "."
        raise ValueError(f"There is no packaged set {name!r}{hint} Known: {', '.join(PACKAGED)}.")
    module = importlib.import_module(f"keras_gan.data.packaged.{base}")
    parts = getattr(module, "PARTS", None)
    if part and parts is not None and part not in parts:
        raise ValueError(f"{base!r} has no part {part!r}; allowed: {', '.join(parts)}.")
    return module, part


def pairs(name: str, split: str, sides: Sides | None, label: str | None, folder=None) -> tuple:
    """The pictures of a set, and one of its labels or `None`, as arrays.

    Args:
        name: As in `collection`.
        split: Likewise.
        sides: Height and width; `None` for those of the set.
        label: The name of a label; an empty one for the first, `None` for none.
        folder: As in `collection`.

    Raises:
        ValueError: As `collection`, and for an unknown label.
    """
    module, part = found(name)
    check_split(name, split)
    taken = module.collected(part, split == "test", sides or module.NATIVE, folder)
    if label is None:
        return taken.images, None
    if not label:
        label = part if part in taken.labels else module.LABEL
    if not taken.labels and hasattr(module, "NAMES"):
        from keras_gan.data.packaged.parts import unlabelled

        raise unlabelled(name, module.NAMES)
    taken.named(label)
    return taken.images, taken.labels[label]


def licence(name: str, folder=None) -> str:
    """The licences of what a set reads, in a line.

    Raises:
        ValueError: As `collection`.
    """
    return collection(name, folder=folder).licence
