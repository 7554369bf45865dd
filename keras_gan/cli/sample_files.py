"""Files of samples, written in parts, so that a few samples are in memory at a time."""

import math
import pathlib
import shutil
import zipfile
from collections.abc import Iterator

import numpy as np

from keras_gan.files.limits import check_memory, in_words, present

PACKED = 20  # the best compression factor of files of samples
PIXEL = 8  # bytes of memory for a picture, per number in the samples


def write_array(path: pathlib.Path, parts: Iterator[np.ndarray], shape: tuple[int, ...]) -> None:
    """Writes a `.npz` file with the float32 array `samples`.

    Args:
        path: The file.
        parts: Arrays `(m, ...)`.
        shape: The shape of all samples together.
    """
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("samples.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(member, header)
        for part in parts:
            member.write(np.ascontiguousarray(part, "<f4").data.cast("B"))


def drawn(parts: Iterator[np.ndarray], shape: tuple[int, ...], classes: int | None):
    """Draws samples as one picture.

    Args:
        parts: Arrays `(m, ...)`.
        shape: The shape of all samples together.
        classes: As in `kg.pictures.picture_of`.
    """
    from keras_gan.plotting.samples import levels_of, picture_of

    is_image = len(shape) == 4
    samples = np.empty(shape, "uint8" if is_image else "float32")
    start = 0
    for part in parts:
        samples[start : start + len(part)] = levels_of(part) if is_image else part
        start += len(part)
    return picture_of(samples, classes=classes)


def check_picture(shape: tuple[int, ...]) -> None:
    """Refuses a picture that would exceed the limit of memory, before it is drawn.

    Args:
        shape: The shape of the samples, `(n, ...)`.

    Raises:
        ValueError: Says how many samples fit into a picture.
    """
    each, most = PIXEL * math.prod(shape[1:]), present().max_bytes
    what = f"a picture of {shape[0]:,} samples of shape {tuple(shape[1:])}"
    remedy = f"pass --count {max(1, most // each)} or less, --out samples.npz for an array"
    if shape[0] * each > most:
        raise ValueError(
            f"{what} would take {in_words(shape[0] * each)}, more than {in_words(most)}: {remedy}, "
            f"or --max-bytes {shape[0] * each}."
        )
    check_memory(what, shape[0] * each, remedy)


def check_disk(folder: pathlib.Path, shape: tuple[int, ...]) -> None:
    """Refuses an array that does not fit on the disk even when compressed.

    Args:
        folder: The folder of the file; it need not exist yet.
        shape: The shape of the samples.

    Raises:
        ValueError: Says how much space is free.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    needed, free = 4 * math.prod(shape), shutil.disk_usage(there).free
    if needed > PACKED * free:
        raise ValueError(
            f"{shape[0]:,} samples of shape {tuple(shape[1:])} are {in_words(needed)}, but {there} "
            f"has only {in_words(free)} free: pass a smaller --count, or another --out."
        )
