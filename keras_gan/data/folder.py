"""Data sets from a folder of image files."""

from __future__ import annotations

import warnings
from pathlib import Path, PurePosixPath

from keras_gan.data.picture_files import PictureFile
from keras_gan.data.picture_sets import LISTING, SUFFIXES, PictureSet, is_picture
from keras_gan.files.limits import present
from keras_gan.files.regular_files import NoPlainFileError, content_of


def in_folder(folder: str | Path) -> PictureSet:
    """Finds all images under a folder, in the order of their paths.

    Hidden files are ignored, and so are, with a warning, files with other endings.

    Args:
        folder: The folder; its sub-folders are searched too.

    Raises:
        ValueError: For a folder without images.

    Warns:
        UserWarning: For files that are ignored.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{str(folder)!r} is not a folder.")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {PurePosixPath(path.relative_to(folder).as_posix()): path for path in paths}
    pictures = {name: PictureFile(path) for name, path in names.items() if is_picture(name)}
    if not pictures:
        raise ValueError(
            f"The folder {str(folder)!r} holds no images; looked, in its sub-folders too, for "
            f"{' '.join(sorted(SUFFIXES))}."
        )
    _tell_of_others(folder, [name for name in names if name not in pictures])
    return PictureSet(repr(str(folder)), pictures, _listing(folder / LISTING))


def _listing(path: Path) -> bytes | None:
    if not path.exists():
        return None
    try:
        return content_of(path, present().of_text)
    except (NoPlainFileError, OSError) as error:
        raise ValueError(f"Cannot read {str(path)!r}: {error}.") from error


def _tell_of_others(folder: Path, names: list[PurePosixPath]) -> None:
    """Warns of files that are ignored because of their names."""
    others = [
        name
        for name in names
        if not any(part.startswith(".") for part in name.parts) and str(name) != LISTING
    ]
    if others:
        listed = ", ".join(map(str, others[:3])) + (", …" if len(others) > 3 else "")
        warnings.warn(
            f"In the folder {str(folder)!r}, {len(others)} files are ignored, because their names "
            f"do not end like those of images ({' '.join(sorted(SUFFIXES))}): {listed}",
            stacklevel=2,
        )
