"""The format of a checkpoint: the fields of its header.

A payload is a `.npz` file of uncompressed files: `header.npy`, JSON with the fields of `HEADER`,
and `variable_0.npy`, `variable_1.npy`, …, one for each entry of the header's `variables`. A type
that NumPy cannot name in a file, such as bfloat16, is stored as whole numbers with the same bits.
"""

from keras_gan.checkpoints.arrays import array_in
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

VERSION = 2  # of the format; a checkpoint without a version is of the first
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
    """A field that holds a list of allowed values."""
    return Field(lambda value: isinstance(value, list) and all(map(fits, value)), wanted)


HEADER = {
    "version": integer(least=1, needed=False),
    "game": text(),
    "losses": _list_of(lambda each: isinstance(each, str), "a list of names"),
    "settings": kind(dict, wanted="an object"),
    "variables": _list_of(_describes_variable, "a list of [group, name, shape, dtype]"),
    "seed": optional(integer(most=2**32 - 1)),
    "progress": kind(dict, wanted="an object"),
    "keras_gan": text(),
}
HEADER_2 = {  # further fields since the second version
    "networks": kind(dict, wanted="an object"),
    "optimizers": kind(dict, wanted="an object"),
    "rates": Field(
        lambda value: isinstance(value, dict) and all(map(number().fits, value.values())),
        "an object of numbers",
    ),
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


def header_in(members: dict[str, bytes]) -> dict:
    """Checks the header in a payload, and returns it.

    Args:
        members: The files in the payload.

    Raises:
        SchemaError: If the header is missing, or has other fields or values than it should have.
        NewerVersionError: If a later version of this library wrote it.
    """
    if "header" not in members:
        raise SchemaError("it has no header")
    content = array_in(members["header"], "header")
    if content.dtype.kind != "U" or content.shape:
        raise SchemaError("its header is not text")
    header = parsed(str(content), "header", finite=False)  # logged losses may be NaN
    is_first = check_version(header, VERSION) == 1
    check_fields(header, HEADER if is_first else HEADER | HEADER_2, "header")
    fields = PROGRESS if is_first else PROGRESS | PROGRESS_2
    _check_progress(check_fields(header["progress"], fields, "progress"))
    return header


def _check_progress(progress: dict) -> None:
    """Refuses numbers of steps and epochs that contradict each other.

    Raises:
        SchemaError: Names the numbers.
    """
    epoch, done, step = (progress[name] for name in ("epoch", "step_in_epoch", "step"))
    length = progress["steps_per_epoch"]
    too_many = step > epoch * (length or 0) + done and not progress.get("recut")
    if length is not None and (done > length or too_many):
        raise SchemaError(
            f"its progress contradicts itself: step {step}, {done} of {length} in epoch {epoch + 1}"
        )
    noted = progress["epochs"]
    if noted != sorted(set(noted)) or (noted and noted[-1] > epoch):
        raise SchemaError(
            f"its progress contradicts itself: losses of the epochs {cut([n + 1 for n in noted])} "
            f"in epoch {epoch + 1}"
        )
    for name, losses in progress["history"].items():
        if len(losses) > len(noted):
            raise SchemaError(
                f"its progress contradicts itself: {cut(name)} of {len(losses)} epochs, but only "
                f"{len(noted)} are completed"
            )
