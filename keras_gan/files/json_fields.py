"""JSON objects with known fields: the check of each field, and its error."""

import dataclasses
import json
from collections.abc import Callable

from keras_gan.arguments import is_finite
from keras_gan.texts import in_short as cut

DEEPEST = 100  # levels of nested values


class SchemaError(ValueError):
    """Content that does not fit its format; the message starts with "its …"."""


class NewerVersionError(ValueError):
    """Content in the format of a later version of this library."""


@dataclasses.dataclass(frozen=True)
class Field:
    """The values that a field may hold.

    Args:
        fits: A function that says whether a value is allowed.
        wanted: The allowed values, in words.
        needed: Whether the field is required. Defaults to `True`.
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
        return real and is_finite(value) and (least is None or value >= least)

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
    """Returns an object if it has all required fields, no unknown ones, and only allowed values.

    Args:
        given: What was read.
        fields: The known fields by name.
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
    """The version of an object's format; 1 if it does not name one.

    Args:
        given: The object, with or without a field `version`.
        newest: The newest known version.

    Raises:
        NewerVersionError: For a newer one.
        SchemaError: If it is not a whole number of at least 1.
    """
    version = given.get("version", 1)
    if not integer(least=1).fits(version):
        raise SchemaError(f"its version must be a whole number of at least 1, not {cut(version)}")
    if version > newest:
        raise NewerVersionError(
            f"it is from a later version of keras_gan (format {cut(version)}; this one reads up to "
            f"{newest}): install a later one, by pip install . in its clone"
        )
    return version


def parsed(content: bytes | str, what: str, finite: bool = True) -> dict:
    """Parses a JSON object.

    Args:
        content: The text.
        what: What it is called in errors.
        finite: Whether to refuse NaN and infinities, which are not JSON. Defaults to `True`.

    Raises:
        SchemaError: For anything else, repeated names, or values nested too deep.
    """

    try:
        given = value_of(content, finite)
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            f"its {what} is not JSON ({' '.join(str(error).split())[:120]})"
        ) from error
    if deeper(given, DEEPEST):
        raise SchemaError(f"its {what} has values nested more than {DEEPEST} deep")
    if not isinstance(given, dict):
        raise SchemaError(f"its {what} must be an object, not a {type(given).__name__}")
    return given


def value_of(content: bytes | str, finite: bool = True):
    """Parses JSON.

    Args:
        content: The text.
        finite: Whether to refuse NaN and infinities, which are not JSON. Defaults to `True`.

    Raises:
        ValueError: For anything else, or a repeated name in an object.
        RecursionError: For values nested too deep for Python.
    """

    def constant(name):
        if finite:
            raise ValueError(f"it contains {name}")
        return float(name)

    def pairs(items):
        if len({key for key, _ in items}) != len(items):
            raise ValueError("it repeats a name in an object")
        return dict(items)

    return json.loads(content, parse_constant=constant, object_pairs_hook=pairs)


def deeper(value, depth: int) -> bool:
    """Whether a JSON value has values nested more than `depth` deep."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(deeper(each, depth - 1) for each in inner)


def without_nan(content):
    """The content with `None` for NaN and infinities, which JSON does not have.

    >>> without_nan({"scores": [0.5, float("nan")]})
    {'scores': [0.5, None]}
    """
    if isinstance(content, dict):
        return {key: without_nan(value) for key, value in content.items()}
    if isinstance(content, list):
        return [without_nan(value) for value in content]
    return None if isinstance(content, float) and not is_finite(content) else content
