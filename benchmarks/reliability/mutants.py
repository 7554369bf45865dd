"""Harmless files that are damaged or claim too much, made of good ones: names and contents."""

import io
import json
import random
import struct
import zipfile
import zlib

import h5py
import numpy as np
from PIL import Image

BLOCK = bytes(2**24)
WEIGHTS = "model.weights.h5"
ABSURD = (10**6, 10**9, 2**31, 2**62)


def flipped(content: bytes, seed: int, most: int | None = None) -> bytes:
    """One bit of the first ones flipped."""
    draw = random.Random(seed)
    place = draw.randrange(min(len(content), most or len(content)))
    return content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :]


def damages(content: bytes, flips: int, most: int | None = None):
    """A file cut off, lengthened, or with bits flipped."""
    for part in (0.0, 0.01, 0.3, 0.7, 0.99):
        yield f"cut at {part}", content[: int(part * len(content))]
    yield "zeros", bytes(len(content))
    yield "text", b"nothing that could be read\n" * 40
    for seed in range(flips):
        yield f"bit {seed}", flipped(content, seed, most)


class Zeros:
    """A member of an archive that is so many zeros behind a beginning, packed without unpacking.

    Args:
        size: All its bytes.
        beginning: The first ones.
    """

    def __init__(self, size: int, beginning: bytes = b""):
        self.size, self.beginning = size, beginning

    def packed(self) -> tuple[bytes, int]:
        """The packed bytes, and the checksum of the unpacked ones."""
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        start = packer.compress(self.beginning) + packer.flush(zlib.Z_FULL_FLUSH)
        block = packer.compress(BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)  # which can be repeated
        times, rest = divmod(self.size - len(self.beginning), len(BLOCK))
        end = packer.compress(BLOCK[:rest]) + packer.flush()
        sum_ = zlib.crc32(self.beginning)
        for _ in range(times):
            sum_ = zlib.crc32(BLOCK, sum_)
        return start + block * times + end, zlib.crc32(BLOCK[:rest], sum_)


def packed(members: dict, method: int = zipfile.ZIP_DEFLATED, **attributes) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive:
        for name, content in members.items():
            if not isinstance(content, Zeros):
                archive.writestr(name, content)
                continue
            stream, sum_ = content.packed()
            archive.writestr(name, stream, zipfile.ZIP_STORED)
            info = archive.getinfo(name)
            info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, content.size
            info.CRC = sum_
        for info in archive.infolist():
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
    return buffer.getvalue()


def keras_files(good: bytes):
    """`.keras` files."""
    yield from damages(good, 24)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}

    def with_(**changes):
        return {**members, **{name.replace("__", "."): each for name, each in changes.items()}}

    yield "the same, packed", packed(members)
    for size in (2**31, 3 * 2**30):
        for name in ("config__json", "metadata__json", "model__weights__h5", "assets/more"):
            yield f"{size} zeros of {name}", packed(with_(**{name: Zeros(size)}))
    yield "500 MB of weights", packed(with_(model__weights__h5=Zeros(500 * 2**20)))
    yield "encrypted", packed(members, flag_bits=1)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"packed by {method}", packed(members, method)
    yield "packed by 99", packed(members, compress_type=99)
    yield "sizes that lie", packed(members, file_size=2**40)
    yield "sizes that are small", packed(members, file_size=10)
    for name in list(members):
        yield f"no {name}", packed({key: each for key, each in members.items() if key != name})
    for depth in (150, 5_000, 200_000):
        yield f"{depth} deep", packed(with_(config__json=b"[" * depth + b"]" * depth))
    config = members["config.json"].decode()
    for number in (20_000, *ABSURD):
        wide = config.replace("[null, 8]", f"[null, {number}]").replace("[8, ", f"[{number}, ")
        for changed in (wide.replace('"units": 8', f'"units": {number}'), wide):
            yield f"a width of {number}", packed(with_(config__json=changed.encode()))
    moves = json.dumps([["discriminator"]] * 100_000)
    changed = config.replace('[["discriminator"], ["generator"]]', moves)
    yield "100,000 moves", packed(with_(config__json=changed.encode()))
    layers = json.dumps([{"class_name": "ReLU", "config": {}}] * 50_000)
    yield "50,000 layers", packed(with_(config__json=f'{{"layers": {layers}}}'.encode()))
    for old, new in (('"class_name"', '"class"'), ("DCGAN", "DCGAM"), ("null", "[]"), ("8", "-8")):
        yield f"{new} for {old}", packed(with_(config__json=config.replace(old, new).encode()))
    for name, edit in HDF5.items():
        yield name, packed(with_(model__weights__h5=edited(members[WEIGHTS], edit)))


def edited(content: bytes, edit) -> bytes:
    """An HDF5 file after an edit of its first array."""
    buffer = io.BytesIO(content)
    with h5py.File(buffer, "r+") as file:
        paths = []
        file.visititems(lambda path, each: paths.append(path) if hasattr(each, "shape") else None)
        edit(file, paths[0])
    return buffer.getvalue()


def in_place(**options):
    """The edit that puts another array in the place of one."""

    def edit(file, path):
        del file[path]
        file.create_dataset(path, **{"dtype": "f4", **options})

    return edit


def linked(link):
    """The edit that puts a link in the place of an array."""

    def edit(file, path):
        del file[path]
        file[path] = link

    return edit


HDF5 = {
    "an array of 2 TB": in_place(shape=(2**20, 2**19), chunks=(1, 1024)),
    "an array of 3 GB": in_place(shape=(3 * 2**20, 256), chunks=(1, 256)),
    "an array packed": in_place(data=np.zeros(2**28, "u1"), compression="gzip"),
    "another shape": in_place(shape=(7, 7)),
    "another type": in_place(shape=(2, 8), dtype="i4"),
    "a soft link": linked(h5py.SoftLink("/nowhere")),
    "a link elsewhere": linked(h5py.ExternalLink("nowhere.h5", "/")),
    "an array elsewhere": in_place(shape=(4, 4), external=[("nowhere.bin", 0, 64)]),
    "5,000 groups": lambda file, path: [file.create_group(f"g{i}") for i in range(5_000)],
    "groups in groups": lambda file, path: file.create_group("/".join("g" * 900)),
}


def header(shape, dtype="<f4", in_columns=False) -> bytes:
    """The beginning of a `.npy` file."""
    buffer = io.BytesIO()
    described = {"descr": dtype, "fortran_order": in_columns, "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, described)
    return buffer.getvalue()


def npy_files(good: bytes):
    """`.npy` files."""
    yield from damages(good, 20, most=128)
    shapes = [(n, 2) for n in ABSURD] + [(2,) * 40, (10**30,), (0, 2**62), (-1, 4), ()]
    for shape in shapes:
        yield f"shape {str(shape)[:30]}", header(shape) + bytes(400)
    for dtype in ("|O", "|V0", "<c16", "<U100000", "|S3", "<M8[s]"):
        yield f"type {dtype}", header((2, 2), dtype) + bytes(100)
    for version, form in ((1, "<H"), (2, "<I"), (3, "<I"), (9, "<I")):
        start = b"\x93NUMPY" + bytes([version, 0]) + struct.pack(form, 2 ** (8 * len(form) - 1))
        yield f"a header of any length, version {version}", start + b"{}" * 50
    for text in (b"(" * 9_000, b"-" * 9_000 + b"1", b"{'descr': " + b"[" * 4_000, b"1" * 9_000):
        yield f"a header {text[:3]}", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def npz_files(good: bytes):
    """`.npz` files."""
    yield from damages(good, 10)
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        array = archive.read("samples.npy")
    for size in (2**31, 3 * 2**30):
        yield f"{size} zeros", packed({"samples.npy": Zeros(size)})
    yield "900 MB", packed({"samples.npy": _zeros((225, 1000, 1000))})
    yield "200 MB", packed({"samples.npy": _zeros((50, 1000, 1000))})
    yield "more than there is", packed({"samples.npy": header((10**9, 1000)) + bytes(99)})
    yield "encrypted", packed({"samples.npy": array}, flag_bits=1)
    yield "packed by 12", packed({"samples.npy": array}, zipfile.ZIP_BZIP2)
    yield "packed by 99", packed({"samples.npy": array}, compress_type=99)
    yield "sizes that lie", packed({"samples.npy": array}, file_size=2**40)
    yield "no arrays", packed({})
    yield "other names", packed({"a.npy": array, "b.npy": array})
    yield "10,000 arrays", packed({f"{i}.npy": b"" for i in range(10_000)})


def _zeros(shape) -> Zeros:
    start = header(shape)
    return Zeros(len(start) + 4 * int(np.prod(shape)), start)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    sum_ = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", sum_)


def png(width: int, height: int, content: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG file of these packed rows."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def saved(format: str, size=(8, 8), **options) -> bytes:
    """A small picture in a format of Pillow."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(buffer, format, **options)
    return buffer.getvalue()


def rows(width: int, height: int) -> bytes:
    """The packed rows of a black picture."""
    packer, row = zlib.compressobj(1), bytes(1 + 3 * width)
    return b"".join(packer.compress(row) for _ in range(height)) + packer.flush()


def pictures(good: bytes):
    """Pictures, as `a.png`."""
    yield from damages(good, 14)
    for width, height in ((2**31 - 1, 2**31 - 1), (10**6, 10**6), (13_000, 13_000), (1, 2**31 - 1)):
        yield f"{width} x {height}", png(width, height, zlib.compress(b"0"))
    yield "13,000 x 13,000 in full", png(13_000, 13_000, rows(13_000, 13_000))
    yield "8,000 x 8,000 in full", png(8_000, 8_000, rows(8_000, 8_000))
    yield "no pixels", png(0, 0, b"")
    yield "16 bits", png(8, 8, zlib.compress(bytes(8 * 17)), 16, 0)
    yield "text of 300 MB", good[:33] + chunk(b"zTXt", b"a\0\0" + _packed_zeros()) + good[33:]
    for format in ("JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM"):
        content = saved(format)
        yield f"a {format}", content
        for seed in range(2):
            yield f"a {format}, bit {seed}", flipped(content, seed, 64)
    yield "a BMP of 65,000 x 65,000", _patched(saved("BMP"), 18, "<ii", 65_000, 65_000)
    yield "a PPM of a million squared", b"P6 1000000 1000000 255\n" + bytes(99)
    yield "two pages", saved("TIFF", save_all=True, append_images=[Image.new("RGB", (8, 8))])


def _packed_zeros() -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(BLOCK) for _ in range(18)) + packer.flush()


def _patched(content: bytes, place: int, form: str, *numbers) -> bytes:
    changed = bytearray(content)
    struct.pack_into(form, changed, place, *numbers)
    return bytes(changed)
