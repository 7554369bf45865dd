"""What a checkpoint holds: the fields of its header, and an array for each variable.

A payload is a `.npz` file of uncompressed members: `header.npy`, a text of JSON with the fields of
`HEADER`, and `variable_0.npy`, `variable_1.npy`, …, one for each entry of the header's `variables`.
Types that NumPy cannot name in a file, such as bfloat16, are stored as whole numbers of their bits.
"""

import io
import math
import re
import zipfile

import ml_dtypes
import numpy as np

from keras_gan.files.json_fields import (
    Field,
    SchemaError,
    check_fields,
    check_version,
    cut,
    integer,
    kind,
    number,
    optional,
    parsed,
    text,
)

VERSION = 2  # of the format; a checkpoint that names none is of the first
MOST_STEPS = 10**10
GROUPS = ("model", "optimizer", "metrics")


def _describes_variable(entry) -> bool:
    """Whether an entry is `[group, name, shape, dtype]`."""
    if not isinstance(entry, list) or len(entry) != 4:
        return False
    group, name, shape, dtype = entry
    return (
        group in GROUPS
        and isinstance(name, str)
        and isinstance(dtype, str)
        and isinstance(shape, list)
        and all(integer().fits(size) for size in shape)
    )


def _list_of(fits, wanted: str) -> Field:
    """A field that holds a list of such values."""
    return Field(lambda value: isinstance(value, list) and all(map(fits, value)), wanted)


HEADER = {
    "version": integer(least=1, needed=False),
    "game": text(),
    "losses": _list_of(lambda each: isinstance(each, str), "a list of names"),
    "settings": kind(dict, wanted="an object"),
    "variables": _list_of(_describes_variable, "a list of [group, name, shape, dtype]"),
    "seed": optional(kind(int, wanted="a whole number")),
    "progress": kind(dict, wanted="an object"),
    "keras_gan": text(),
}
HEADER_2 = {  # what else it has since the second version
    "networks": kind(dict, wanted="an object"),
    "optimizers": kind(dict, wanted="an object"),
    "rates": kind(dict, wanted="an object"),
    "versions": kind(dict, wanted="an object"),
}
PROGRESS_2 = {
    "data": optional(kind(dict, wanted="an object")),
    "run": optional(kind(dict, wanted="an object")),
    "recut": kind(bool, wanted="true or false"),
}
PROGRESS = {  # the fields of `Progress`
    "epoch": integer(most=MOST_STEPS),
    "step_in_epoch": integer(most=MOST_STEPS),
    "step": integer(most=MOST_STEPS),
    "steps_per_epoch": optional(integer(least=1, most=MOST_STEPS)),
    "batch_size": optional(integer(least=1)),
    "elements": optional(text()),
    "history": Field(
        lambda value: (
            isinstance(value, dict) and all(isinstance(each, list) for each in value.values())
        ),
        "an object of lists",
    ),
    "epochs": _list_of(integer(most=MOST_STEPS).fits, "a list of whole numbers"),
    "best": optional(number()),
    "stopped": kind(bool, wanted="true or false"),
    "planned": integer(),
}


def members_of(payload: bytes) -> dict[str, bytes]:
    """The files in a payload by name, without their ending, none of them larger than its bytes.

    Raises:
        SchemaError: For anything but an archive of uncompressed files.
    """
    found = {}
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            if sum(info.file_size for info in archive.infolist()) > len(payload):
                raise SchemaError("its arrays claim to be larger than it is")
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
                    raise SchemaError(f"its {cut(name)} is compressed or encrypted")
                if name in found:
                    raise SchemaError(f"it has two arrays {cut(name)}")
                found[name] = archive.read(info)
    except SchemaError:
        raise
    except Exception as error:  # what an archive can do to a parser is not known
        raise SchemaError(f"it is not an archive of arrays ({error})") from error
    return found


def header_in(members: dict[str, bytes]) -> dict:
    """The header.

    Args:
        members: The files in a payload.

    Raises:
        SchemaError: For one that is missing, or has not the fields that it should have.
        NewerVersionError: For one of a later version of this library.
    """
    if "header" not in members:
        raise SchemaError("it has no header")
    content = array_in(members["header"], "header")
    if content.dtype.kind != "U" or content.shape:
        raise SchemaError("its header is not text")
    header = parsed(str(content), "header", finite=False)  # losses of the history may be NaN
    is_first = check_version(header, VERSION) == 1
    check_fields(header, HEADER if is_first else HEADER | HEADER_2, "header")
    fields = PROGRESS if is_first else PROGRESS | PROGRESS_2
    _check_progress(check_fields(header["progress"], fields, "progress"))
    return header


def _check_progress(progress: dict) -> None:
    """Refuses numbers of steps and epochs that no run can have come to.

    Raises:
        SchemaError: With the numbers.
    """
    epoch, done, step = (progress[name] for name in ("epoch", "step_in_epoch", "step"))
    length = progress["steps_per_epoch"]
    too_many = step > epoch * (length or 0) + done and not progress.get("recut")
    if length is not None and (done > length or too_many):
        raise SchemaError(
            f"its progress contradicts itself: step {step}, {done} of {length} in epoch {epoch + 1}"
        )
    if len(progress["epochs"]) > epoch + 1:
        raise SchemaError(
            f"its progress contradicts itself: losses of {len(progress['epochs'])} epochs in epoch "
            f"{epoch + 1}"
        )


def values_in(members: dict[str, bytes], header: dict) -> list[np.ndarray]:
    """The values of the variables that the header lists.

    Args:
        members: The files in a payload.
        header: What `header_in` returned.

    Raises:
        SchemaError: For an array too many or too few, of another shape or type, or not finite.
    """
    listed = [f"variable_{i}" for i in range(len(header["variables"]))]
    missing = [name for name in listed if name not in members]
    foreign = sorted(set(members) - {"header", *listed})
    if missing or foreign:
        wrong = (
            f"has no {missing[0]}" if missing else f"has {cut(foreign[0])}, which it does not list"
        )
        raise SchemaError(f"its header lists {len(listed)} variables, and it {wrong}")
    values = []
    for name, (_, called, shape, dtype) in zip(listed, header["variables"], strict=True):
        value, type_ = array_in(members[name], name), _dtype_of(dtype)
        stored = np.dtype(f"uint{8 * type_.itemsize}") if type_.kind == "V" else type_
        if list(value.shape) != shape or value.dtype != stored:
            raise SchemaError(
                f"{name}, {cut(called)}, must be {tuple(shape)} {stored}, and is {value.shape} "
                f"{value.dtype}"
            )
        if is_broken(value.view(type_) if type_.kind == "V" else value):
            raise SchemaError(f"{name}, {cut(called)}, holds NaN or an infinity")
        values.append(value)
    return values


def _dtype_of(name: str) -> np.dtype:
    """A type by its name, those of `ml_dtypes` included.

    Raises:
        SchemaError: If it is not a type of plain numbers.
    """
    try:
        if re.fullmatch(r"b?float\d\w*|u?int\d+|bool|complex\d+", name):
            return np.dtype(getattr(ml_dtypes, name, name))
    except TypeError:
        pass
    raise SchemaError(f"it has variables of the unknown type {cut(name)}")


def is_broken(value: np.ndarray) -> bool:
    """Whether an array of a floating-point type has NaN or infinite entries."""
    if value.dtype.kind == "V":
        value = value.astype("float32")
    return value.dtype.kind == "f" and not np.isfinite(value).all()


def array_in(content: bytes, name: str) -> np.ndarray:
    """The array in a `.npy` file, of which nothing is believed but what its bytes bear out.

    Args:
        content: All bytes of the file.
        name: What it is called in errors.

    Raises:
        SchemaError: For a header that cannot be read, Python objects, or another number of bytes
            than it says.
    """
    file = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("its version is unknown")
        shape, in_columns, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=10_000)
    except Exception as error:  # what a header can do to a parser is not known
        raise SchemaError(f"its array {cut(name)} has no header that can be read") from error
    size, there = math.prod(shape) * dtype.itemsize, len(content) - file.tell()
    if dtype.hasobject or size != there or any(length < 0 for length in shape):
        raise SchemaError(f"its array {cut(name)} has {there} bytes, and should have {size}")
    if not size:
        return np.zeros(shape, dtype)
    flat = np.frombuffer(content, dtype, offset=file.tell())
    return flat.reshape(shape, order="F" if in_columns else "C")
