"""Objects of JSON with known fields: what each may hold, and what is wrong with one."""

import dataclasses
import json
import math
from collections.abc import Callable

from keras_gan.texts import one_line, shortened

DEEPEST = 100  # of values in values


class SchemaError(ValueError):
    """Content that is not what its format says; the message completes "it is no …, for …"."""


class NewerVersionError(ValueError):
    """Content in a format that a later version of this library has introduced."""


@dataclasses.dataclass(frozen=True)
class Field:
    """What a field may hold.

    Args:
        fits: Whether a value is allowed.
        wanted: What is, in a few words.
        needed: Whether the field must be there.
    """

    fits: Callable[[object], bool]
    wanted: str
    needed: bool = True


def integer(least: int = 0, most: int | None = None, needed: bool = True) -> Field:
    """A field that holds a whole number within bounds."""
    bound = f"at least {least}" if most is None else f"from {least} to {most}"

    def fits(value):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and value >= least and (most is None or value <= most)

    return Field(fits, f"a whole number {bound}", needed)


def number(least: float | None = None, needed: bool = True) -> Field:
    """A field that holds a finite number."""

    def fits(value):
        real = isinstance(value, (int, float)) and not isinstance(value, bool)
        return real and math.isfinite(value) and (least is None or value >= least)

    return Field(fits, f"a number{'' if least is None else f' of at least {least:g}'}", needed)


def kind(*types: type, wanted: str, needed: bool = True) -> Field:
    """A field that holds a value of one of these types."""
    return Field(lambda value: isinstance(value, types), wanted, needed)


def text(needed: bool = True) -> Field:
    """A field that holds text."""
    return kind(str, wanted="text", needed=needed)


def optional(field: Field) -> Field:
    """A field that may hold `null`, too."""
    return dataclasses.replace(
        field, fits=lambda value: value is None or field.fits(value), wanted=f"{field.wanted}, null"
    )


def check_fields(given, fields: dict[str, Field], what: str) -> dict:
    """The object, once it has all fields that it needs and no others.

    Args:
        given: What was read.
        fields: Those that are known, by name.
        what: What the object is called in errors.

    Raises:
        SchemaError: For anything else.

    Example:

    >>> check_fields({"seconds": 2.5}, {"seconds": number(least=0)}, "timing")
    {'seconds': 2.5}
    >>> check_fields({"seconds": -1}, {"seconds": number(least=0)}, "timing")
    Traceback (most recent call last):
    ...
    keras_gan.files.json_fields.SchemaError: seconds of its timing must be a number of at least...
    """
    if not isinstance(given, dict):
        raise SchemaError(f"its {what} must be an object, not a {type(given).__name__}")
    for name in fields:
        if fields[name].needed and name not in given:
            raise SchemaError(f"its {what} has no field {name!r}")
    for name, value in given.items():
        if name not in fields:
            raise SchemaError(f"its {what} has an unknown field {name[:80]!r}")
        if not fields[name].fits(value):
            raise SchemaError(
                f"{name} of its {what} must be {fields[name].wanted}, not {cut(value)}"
            )
    return given


def check_version(given: dict, newest: int) -> int:
    """The version of a format that an object is in; 1 where it does not say.

    Args:
        given: The object, with a field `version` or without.
        newest: The last version that is known.

    Raises:
        NewerVersionError: For a later one.
        SchemaError: For anything else than a version.
    """
    version = given.get("version", 1)
    if not integer(least=1).fits(version):
        raise SchemaError(f"its version must be a whole number of at least 1, not {cut(version)}")
    if version > newest:
        raise NewerVersionError(
            f"it is of a later version of keras_gan (format {cut(version)}; this one reads up to "
            f"{newest}): pip install -U keras-gan"
        )
    return version


def parsed(content: bytes | str, what: str, finite: bool = True) -> dict:
    """An object of JSON.

    Args:
        content: The text.
        what: What it is called in errors.
        finite: Whether NaN and infinities, which JSON has not, are refused.

    Raises:
        SchemaError: For anything else, with a name twice, or too deep.
    """

    try:
        given = value_of(content, finite)
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            f"its {what} is not JSON ({' '.join(str(error).split())[:120]})"
        ) from error
    if deeper(given, DEEPEST):
        raise SchemaError(f"its {what} has values in values more than {DEEPEST} deep")
    if not isinstance(given, dict):
        raise SchemaError(f"its {what} must be an object, not a {type(given).__name__}")
    return given


def value_of(content: bytes | str, finite: bool = True):
    """The value of a text in JSON.

    Args:
        content: The text.
        finite: Whether NaN and infinities, which JSON has not, are refused.

    Raises:
        ValueError: For anything else, or with a name twice in an object.
        RecursionError: For one that is too deep for Python.
    """

    def constant(name):
        if finite:
            raise ValueError(f"it has {name}")
        return float(name)

    def pairs(items):
        if len({key for key, _ in items}) != len(items):
            raise ValueError("it has a name twice")
        return dict(items)

    return json.loads(content, parse_constant=constant, object_pairs_hook=pairs)


def deeper(value, depth: int) -> bool:
    """Whether a value of JSON has values in values more than so deep."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(deeper(each, depth - 1) for each in inner)


def cut(value) -> str:
    """A value for a message, in at most 80 characters."""
    try:
        shown = repr(value)
    except ValueError:  # thousands of digits
        shown = "a number of thousands of digits"
    return shortened(one_line(shown), 80)
