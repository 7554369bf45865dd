"""A preset's folder: written together, its size, its digest."""

import hashlib
import os
import pathlib

from keras_gan.files.atomic import remove_stale, write_together
from keras_gan.texts import one_line
from keras_gan.zoo import trust

KEPT = (".git", ".gitattributes")  # of a repository, when its preset is replaced


def write(folder: str | os.PathLike, content: dict[str, bytes]) -> None:
    """Writes a preset and its checksums; a partly written preset is refused when loaded.

    If the disk is full, an earlier preset stays.

    Args:
        folder: A folder that is empty, missing, or holds a preset.
        content: Its files by name.

    Raises:
        ValueError: If it is a file, or holds other files.
        OSError: If the disk is full or not writable.
    """
    folder = pathlib.Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{one_line(folder)} is a file: choose a folder.")
    if folder.exists():
        remove_stale(folder, "*")
    there = [entry.name for entry in folder.iterdir()] if folder.exists() else []
    foreign = sorted(set(there) - {*trust.LIMITS, *trust.BESIDE})
    if foreign:
        raise ValueError(
            f"The folder {one_line(folder)} holds {foreign[0]!r}, which is not a file of a preset: "
            f"choose another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_together(folder, {**content, "checksums": trust.checksums(content)})
    for name in set(there) - {*content, "checksums", *KEPT}:
        (folder / name).unlink()


def size(folder: str | os.PathLike) -> int:
    """The bytes of all files of a preset."""
    files = (pathlib.Path(folder) / name for name in trust.LIMITS)
    return sum(path.lstat().st_size for path in files if os.path.lexists(path))


def digest(folder: str | os.PathLike) -> str:
    """The SHA-256 of a preset's `checksums`, which identifies the whole preset."""
    return hashlib.sha256((pathlib.Path(folder) / "checksums").read_bytes()).hexdigest()
