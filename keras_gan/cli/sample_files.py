"""Files of samples, written a part at a time: as many as the disk holds, in the memory of a few."""

import math
import pathlib
import shutil
import zipfile
from collections.abc import Iterator

import numpy as np

from keras_gan.files.limits import check_memory, in_words, present

PACKED = 20  # times smaller than their numbers are files of samples, at best
PIXEL = 8  # bytes of a picture for each number of a sample: in levels, in the grid, in Pillow


def write_array(path: pathlib.Path, parts: Iterator[np.ndarray], shape: tuple[int, ...]) -> None:
    """Writes a `.npz` file with the float32 array `samples`.

    Args:
        path: The file.
        parts: Arrays `(m, ...)`, one after the other.
        shape: That of all of them together.
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
    """The picture of samples.

    Args:
        parts: Arrays `(m, ...)`, one after the other.
        shape: That of all of them together.
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
    """Refuses a picture that is larger than a file may be in memory, before it is drawn.

    Args:
        shape: That of the samples, `(n, ...)`.

    Raises:
        ValueError: With how many samples a picture holds.
    """
    each, most = PIXEL * math.prod(shape[1:]), present().max_bytes
    what = f"a picture of {shape[0]:,} samples of shape {tuple(shape[1:])}"
    remedy = f"pass --count {max(1, most // each)} or less, or --out samples.npz for an array"
    if shape[0] * each > most:
        raise ValueError(
            f"{what} would take {in_words(shape[0] * each)}, more than {in_words(most)}: {remedy}, "
            f"or --max-bytes {shape[0] * each}."
        )
    check_memory(what, shape[0] * each, remedy)


def check_disk(folder: pathlib.Path, shape: tuple[int, ...]) -> None:
    """Refuses an array that the disk cannot hold however small it is packed.

    Args:
        folder: Where it goes; it need not be there yet.
        shape: That of the samples.

    Raises:
        ValueError: With what there is room for.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    needed, free = 4 * math.prod(shape), shutil.disk_usage(there).free
    if needed > PACKED * free:
        raise ValueError(
            f"{shape[0]:,} samples of shape {tuple(shape[1:])} are {in_words(needed)}, and {there} "
            f"has {in_words(free)} free: pass a smaller --count, or another --out."
        )
