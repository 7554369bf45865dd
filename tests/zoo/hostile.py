"""Presets as an attacker makes them: what each mutant does to a good one."""

import io
import json
import os
import pickle
import random
import socket
import struct

import h5py
import numpy as np

ARRAY = "/layers/dense/vars/0"  # of shape (2, 8)
FILES = ("config.json", "model.weights.h5", "card.json", "card.md", "samples.png", "checksums")


class Payload:
    """What creates a file when it is unpickled."""

    def __init__(self, marker: str):
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def damages():
    """Files cut off, longer or with a flipped bit, under the old checksums: name and function."""
    for file in FILES:
        for part in (0.0, 0.1, 0.5, 0.9):
            yield f"{file} cut at {part}", file, lambda old, p=part: old[: int(p * len(old))]
        yield f"{file} without its last byte", file, lambda old: old[:-1]
        yield f"{file} with a byte more", file, lambda old: old + b"\n"
        for seed in range(8):
            yield f"{file} flipped {seed}", file, lambda old, s=seed: flipped(old, random.Random(s))


def flipped(content: bytes, draw: random.Random) -> bytes:
    """The bytes with one bit flipped."""
    place = draw.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :]


# Each of these stands in config.json, with checksums that the attacker made anew.
FOREIGN = {
    "class_name": "__lambda__",
    "config": {"value": "4wAAAAAAAAAA"},
    "module": "builtins",
}
REGISTERED = {
    "class_name": "function",
    "config": "hostile>touched",
    "module": "hostile",
    "registered_name": "hostile>touched",
}
LAYER = {"module": "keras.layers", "class_name": "ReLU", "config": {}, "registered_name": None}
DEEP = json.loads("[" * 60 + "]" * 60)
DCGAN = {"image_shape": [8, 8, 1], "latent_dim": 2, "width": 1}
CONFIGS = [
    *(
        {"network": name}
        for name in (
            *("os.system", "__import__", "eval", "keras_gan.zoo.trust.read", "__class__", "", "\0"),
            *("mlp_discriminator", "dcgan_discriminator", "resnet_discriminator", "Mlp_Generator"),
            *(
                "mlp_generator ",
                "mlp_generat\u043er",
                "../mlp_generator",
                "\x1b[2J",
                "\u202e",
                "\ud800",
            ),
            *(None, True, 1, 1.5, [], ["mlp_generator"], {}, {"mlp_generator": 1}, "x" * 50_000),
        )
    ),
    *(
        {"arguments": value}
        for value in (None, True, 3, "width", [], [["width", 8]], DEEP, {"__class__": "x"})
    ),
    *(
        {"arguments": {name: value}}
        for name in ("latent_dim", "width", "depth", "data_dim")
        for value in (
            *(0, -1, 10**6, 10**9, 10**400, 65_536, 8.0, 1e300, True, None, "8", [8], {"a": 8}),
            *("x" * 50_000, DEEP, []),
        )
    ),
    *(
        {"arguments": {"activation": value}}
        for value in (
            *("os.system", "eval", "Lambda", "__class__", "get", "deserialize", "\x1b[31m", "\n"),
            *(1, 0.5, True, [], ["relu"], {}, FOREIGN, REGISTERED, LAYER, "hostile>touched"),
            {"class_name": "function", "config": "system", "module": "os"},
            {"class_name": "function", "config": "get_file", "module": "keras.utils"},
            {"class_name": "Popen", "config": {"args": "id"}, "module": "subprocess"},
            {"class_name": "Generator", "config": {}, "module": "keras_gan.zoo.generator"},
            {"class_name": "TFSMLayer", "config": {"filepath": "/"}, "module": "keras.layers"},
        )
    ),
    *({"arguments": {"name": value}} for value in (5, True, [], {}, "a/b", DEEP, "x" * 50_000)),
    *(
        {"arguments": {name: 1}}
        for name in ("__class__", "self", "args", "kwargs", "function", "dtype", "Width", "\0")
    ),
    *(
        {"network": network, "arguments": {**DCGAN, "image_shape": shape}}
        for network in ("dcgan_generator", "resnet_generator")
        for shape in (
            *([8] * 10, [8, 8], [], [0, 0, 1], [-8, -8, 1], [8.0, 8.0, 1], [True, True, True]),
            *(["8", "8", "1"], "881", 8, None, {"0": 8}, [[8], [8], [1]], [8, 16, 1], [8, 8, 0]),
            *([65_536, 65_536, 1], [10**9, 10**9, 1], [8] * 8 + [10**9], DEEP),
        )
    ),
    *(
        {"prior": value}
        for value in (None, 1, True, [], {}, "Normal", "eval", "__class__", REGISTERED)
    ),
    *({"format": value} for value in (None, 0, 2, 10**400, 1.0, True, "1", [1], {}, DEEP)),
    *({name: 1} for name in ("code", "__class__", "networks", "module")),
]
TEXTS = [  # in the place of a JSON file
    *(b"", b"null", b"1", b'"x"', b"[]", b"{", b"{}", b"\xff\xfe{}", b"\x80\x04}.", b"{'a': 1}"),
    *(b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1, "a": 2}', b"{} {}"),
    *(b"[" * 99_000, b'{"a":' * 15_000, b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}"),
    *(b'{"a": ' + b"9" * 5_000 + b"}", b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", b"\0" * 99),
]


def configured(old: bytes, change: dict) -> bytes:
    """A config.json with this change: of arguments, the network, or what is above it."""
    config = json.loads(old)
    generator = config["networks"]["generator"]
    for name, value in change.items():
        if name == "arguments" and isinstance(value, dict) and "network" not in change:
            generator["arguments"].update(value)
        elif name in generator:
            generator[name] = value
        else:
            config[name] = value
    return json.dumps(config).encode()


def lines(good: bytes) -> list[bytes]:
    """What stands in checksums."""
    first, *others = good.splitlines(keepends=True)
    digest = first[:64]
    names = (
        "../x",
        "/etc/passwd",
        "a\\b",
        "",
        ".",
        "..",
        "con\0fig.json",
        "c\u043enfig.json",
        "x.pkl",
    )
    return [
        *(good + digest + b"  " + name.encode() + b"\n" for name in (*names, "checksums")),
        *(good + first, b"".join(others), first, b"", b"\n", good + b"\n", good[:-1]),
        *(good.upper(), good.replace(b"  ", b" *"), good.replace(b"\n", b"\r\n"), b"\xff" + good),
        *(
            good.replace(b"\n", b"\x0b"),
            good.replace(b"\n", "\u2028".encode()),
            b"\xef\xbb\xbf" + good,
        ),
        *(b"a" * 9_999, good.replace(digest, digest[:-1]), good.replace(digest, digest + b"0")),
    ]


def hdf5(edit):
    """A function from the bytes of an HDF5 file to those after an edit with h5py."""

    def mutate(old: bytes) -> bytes:
        buffer = io.BytesIO(old)
        with h5py.File(buffer, "r+") as file:
            edit(file)
        return buffer.getvalue()

    return mutate


def replaced(**dataset):
    """The edit that makes one array anew with other arguments of `create_dataset`."""

    def edit(file):
        numbers = {"shape": (2, 8), "dtype": "f4"} | dataset
        if "data" in numbers:
            numbers = {k: v for k, v in numbers.items() if k == "data" or k in dataset}
        del file[ARRAY]
        file.create_dataset(ARRAY, **numbers)

    return hdf5(edit)


def linked(target):
    """The edit that puts a link, or another object of the file, in the place of an array."""

    def edit(file):
        del file[ARRAY]
        file[ARRAY] = target(file)

    return hdf5(edit)


def virtual(file):
    layout = h5py.VirtualLayout((2, 8), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (2, 8))
    del file[ARRAY]
    file.create_virtual_dataset(ARRAY, layout)


def compact(file):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    space, kind = h5py.h5s.create_simple((2, 8)), h5py.h5t.py_create(np.dtype("f4"))
    del file[ARRAY]
    h5py.h5d.create(file.id, ARRAY.encode(), kind, space, plist)


def committed(file):
    file["kind"] = np.dtype("f4")
    del file[ARRAY]
    file.create_dataset(ARRAY, (2, 8), dtype=file["kind"])
    del file["kind"]


def numbers(value):
    """The edit that puts one number in an array."""

    def edit(file):
        file[ARRAY][0, 0] = value

    return hdf5(edit)


def groups(file):
    for place in range(60):
        file.create_group("/".join("g" * (place + 1)))


def rewritten(**options):
    """The same arrays in a file that h5py makes with other options."""

    def mutate(old: bytes) -> bytes:
        buffer = io.BytesIO()
        with h5py.File(io.BytesIO(old)) as source, h5py.File(buffer, "w", **options) as file:
            for name in source:
                source.copy(name, file)
        return buffer.getvalue()

    return mutate


def at(mark: bytes, offset: int, form: str, value):
    """The function that writes a number at an offset from the first of these bytes."""

    def mutate(old: bytes) -> bytes:
        content, place = bytearray(old), old.index(mark)
        struct.pack_into(form, content, place + offset, place if value is None else value)
        return bytes(content)

    return mutate


WEIGHTS = {
    "soft link": linked(lambda file: h5py.SoftLink("/layers/dense_1/vars/0")),
    "soft link to itself": linked(lambda file: h5py.SoftLink(ARRAY)),
    "external link": linked(lambda file: h5py.ExternalLink("/etc/passwd", "/")),
    "external link elsewhere": linked(lambda file: h5py.ExternalLink("x.h5", ARRAY)),
    "external storage": replaced(external=[("/etc/passwd", 0, 64)]),
    "virtual": hdf5(virtual),
    "compact": hdf5(compact),
    "committed type": hdf5(committed),
    "type beside": hdf5(lambda file: file.__setitem__("kind", np.dtype("f4"))),
    "chunked": replaced(chunks=(1, 8)),
    "resizable": replaced(maxshape=(None, 8)),
    "chunked and huge": replaced(shape=(2**40,), chunks=(1024,)),
    "declared and huge": replaced(shape=(2**40, 2**20)),
    "not allocated": replaced(),
    "bomb": replaced(data=np.zeros(2**22, "f4"), compression="gzip"),
    "compressed": replaced(data=np.zeros((2, 8), "f4"), compression="gzip"),
    "lzf": replaced(data=np.zeros((2, 8), "f4"), compression="lzf"),
    "shuffled": replaced(data=np.zeros((2, 8), "f4"), chunks=(2, 8), shuffle=True),
    "fletcher": replaced(data=np.zeros((2, 8), "f4"), chunks=(2, 8), fletcher32=True),
    "references": replaced(dtype=h5py.ref_dtype),
    "regions": replaced(dtype=h5py.regionref_dtype),
    "texts": replaced(dtype=h5py.string_dtype()),
    "texts of a length": replaced(data=np.full((2, 8), b"abcd")),
    "lists": replaced(dtype=h5py.vlen_dtype("f4")),
    "enumeration": replaced(data=np.zeros((2, 8), bool)),
    "records": replaced(data=np.zeros((2, 8), [("a", "f4")])),
    "opaque": replaced(data=np.zeros((2, 8), "V4")),
    **{
        f"type {name}": replaced(data=np.zeros((2, 8), name))
        for name in (">f4", "f8", "f2", "i4", "u4", "i8", "u1", "c8")
    },
    **{
        f"shape {shape}": replaced(data=np.zeros(shape, "f4"))
        for shape in ((8, 2), (16,), (2, 8, 1), (2, 9), (1, 8), (), (0, 8))
    },
    "empty": replaced(data=h5py.Empty("f4")),
    "a group": linked(lambda file: file.create_group("other")),
    "a group of nothing": hdf5(lambda file: file.create_group("a").create_dataset("b", (1,), "f4")),
    "missing": hdf5(lambda file: file.__delitem__(ARRAY)),
    "missing layer": hdf5(lambda file: file["layers"].__delitem__("dense")),
    "all missing": hdf5(lambda file: [file.__delitem__(name) for name in list(file)]),
    "one more": hdf5(lambda file: file.__setitem__("more", np.zeros(2, "f4"))),
    "one more of a name": hdf5(lambda file: file.__setitem__("\u202e\x1b[2J", np.zeros(2, "f4"))),
    "one more of a long name": hdf5(lambda file: file.__setitem__("x" * 3_000, np.zeros(2, "f4"))),
    "renamed": hdf5(lambda file: file.move(ARRAY, ARRAY + "\u043e")),
    "attribute": hdf5(lambda file: file[ARRAY].attrs.__setitem__("a", 1)),
    "circle": hdf5(lambda file: file.__setitem__("layers/circle", file["layers"])),
    "circle of the root": hdf5(lambda file: file.__setitem__("root", file["/"])),
    "one array twice": linked(lambda file: file["layers/dense_1/vars/0"]),
    "one array under a thousand names": hdf5(
        lambda file: [file.__setitem__(f"a{i}", file[ARRAY]) for i in range(1_000)]
    ),
    "deep groups": hdf5(groups),
    "user block": rewritten(userblock_size=512),
    "latest version": rewritten(libver="latest"),
    "version 108": rewritten(libver=("v108", "v108")),
    "tracked order": rewritten(track_order=True),
    "paged": rewritten(fs_strategy="page"),
    **{f"number {value}": numbers(value) for value in (np.nan, np.inf, -np.inf)},
    "tree in itself": at(b"TREE", 32, "<Q", None),
    "tree of another kind": at(b"TREE", 4, "<B", 1),
    "tree of a level": at(b"TREE", 5, "<B", 200),
    "tree of many": at(b"TREE", 6, "<H", 65_535),
    "tree beyond": at(b"TREE", 32, "<Q", 2**64 - 1),
    "node of many": at(b"SNOD", 6, "<H", 65_535),
    "node of links": at(b"SNOD", 24, "<I", 2),
    "node in itself": at(b"SNOD", 16, "<Q", None),
    "names beyond": at(b"HEAP", 24, "<Q", 2**63),
    "names of a length": at(b"HEAP", 8, "<Q", 2**64 - 1),
    "end beyond": at(b"\x89HDF", 40, "<Q", 2**63),
    "base elsewhere": at(b"\x89HDF", 24, "<Q", 8),
    "root beyond": at(b"\x89HDF", 64, "<Q", 2**64 - 8),
    "root in the signature": at(b"\x89HDF", 64, "<Q", 0),
    "narrow numbers": at(b"\x89HDF", 13, "<B", 4),
    "signature alone": lambda old: old[:8],
    "zip": lambda old: b"PK\x03\x04" + old,
    "picture": lambda old: b"\x89PNG\r\n\x1a\n" + old[8:],
    "zeros": lambda old: bytes(len(old)),
    "pickle": lambda old: pickle.dumps(Payload("/nonexistent/marker")),
}
# What has no meaning to Keras is allowed, once an attacker has made the checksums anew.
HARMLESS = {
    "a group more": hdf5(lambda file: file.create_group("more")),
    "an attribute of a group": hdf5(lambda file: file["layers"].attrs.__setitem__("a", "b" * 999)),
    "times": replaced(data=np.ones((2, 8), "f4"), track_times=True),
    "a fill value": replaced(data=np.ones((2, 8), "f4"), fillvalue=np.nan),
}


def fifo(path):
    os.mkfifo(path)


def directory(path):
    path.mkdir()


def bound_socket(path):
    place = os.getcwd()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(path.parent)  # the path of a socket has at most 107 bytes
        try:
            server.bind(path.name)
        finally:
            os.chdir(place)


def link_to(target):
    return lambda path: os.symlink(target, path)


KINDS = {
    "fifo": fifo,
    "directory": directory,
    "socket": bound_socket,
    "link to a device": link_to("/dev/zero"),
    "link to a file": link_to("/etc/passwd"),
    "link to nothing": link_to("nothing"),
    "link to itself": lambda path: os.symlink(path.name, path),
    "link to the same bytes": lambda path: os.symlink(
        path.parent.parent / f"same-{path.name}", path
    ),
}
EXTRA = (
    "model.keras",
    "weights.pkl",
    "__init__.py",
    "config.json~",
    ".config",
    "Config.json",
    "x\n",
)
