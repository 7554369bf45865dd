"""One setting of a training run: its type, its allowed values, its help text."""

import dataclasses
from collections.abc import Callable, Container

from keras_gan.arguments import amount, height_and_width, unknown_name, whole
from keras_gan.texts import in_short


def image_size(value) -> int | tuple[int, int]:
    """The size of images: N of squares, (height, width) of others; a kind of setting.

    Args:
        value: Such a size, or its text in a flag.

    Raises:
        ValueError: For anything else.

    Example:

    >>> image_size("32"), image_size("27x45"), image_size([32, 32])
    (32, (27, 45), 32)
    """
    try:
        given = value
        if isinstance(value, str):
            sides = [int(side) for side in value.split("x")]
            given = sides[0] if len(sides) == 1 else sides
        height, width = height_and_width("--image-size", given)
    except ValueError as error:
        raise ValueError(
            f"--image-size must be N, for N x N pixels, or HEIGHTxWIDTH, in whole numbers of at "
            f"least 1; received {in_short(value)}."
        ) from error
    return height if height == width else (height, width)


@dataclasses.dataclass(frozen=True)
class Setting:
    """A setting, which defines a flag, an entry in `config.json` and a check.

    Args:
        kind: `str`, `int`, `float`, `bool` or `image_size`.
        default: The default value; `None` if data or recipe choose it later.
        text: The help text.
        least: The smallest allowed number. Defaults to `None`: no such limit.
        below: Numbers must be smaller than this. Defaults to `None`.
        above: Numbers must be greater than this. Defaults to `None`.
        names: The allowed names, or numbers. Defaults to `None`: any.
        chosen: What chooses a default of `None`, for the help.
        decides: What the setting affects in a training, one of `OVERRIDES` in
            `keras_gan.checkpoints.comparing`; a resumed run refuses another value. Defaults to
            `None`: the value may differ.
        names_data: Whether its value is the name or path of a data set. Defaults to `False`.
        names_run: Whether its value is a run, a model's file or a preset, from which this run
            starts and whose data it takes over. Defaults to `False`.
        names_file: Whether its value is the path of a file beside the data, which no card may name.
            Defaults to `False`.
        other_flag: A second flag that means the same, such as `"--model"`. Defaults to `None`.
    """

    kind: Callable
    default: object
    text: str
    least: float | None = None
    below: float | None = None
    above: float | None = None
    names: Container[str] | None = None
    chosen: str | None = None
    decides: str | None = None
    names_data: bool = False
    names_run: bool = False
    names_file: bool = False
    other_flag: str | None = None

    def checked(self, name: str, value):
        """Returns a value if it is allowed.

        Args:
            name: The setting's name.
            value: What was received.

        Raises:
            ValueError: If it is not allowed.
        """
        if value is None and self.default is None:
            return None
        if self.kind is image_size:
            return image_size(value)
        if self.kind is bool:
            if not isinstance(value, bool):
                raise ValueError(
                    f"{flag_of(name)} must be true or false; received {in_short(value)}."
                )
            return value
        if self.kind is str:
            if not isinstance(value, str):
                raise ValueError(f"{flag_of(name)} must be a name; received {in_short(value)}.")
            if self.names is not None and value not in self.names:
                raise unknown_name(name, value, self.names)
            return value
        if self.kind is int and self.names is not None:
            if type(value) is not int or value not in self.names:
                *others, last = self.names
                raise ValueError(
                    f"{flag_of(name)} must be {', '.join(map(str, others))} or {last}; received "
                    f"{in_short(value)}."
                )
            return value
        if self.kind is int:
            least = self.least if self.above is None else self.above + 1
            return whole(flag_of(name), value, least=least, below=self.below)
        bounds = {"above": self.above, "least": self.least, "below": self.below}
        return amount(flag_of(name), value, **bounds)


def flag_of(name: str) -> str:
    """The flag of a setting.

    >>> flag_of("batch_size")
    '--batch-size'
    """
    return f"--{name.replace('_', '-')}"


def in_flag(value) -> str:
    """A setting's value as its flag takes it.

    >>> in_flag((27, 45)), in_flag(32), in_flag("digits")
    ('27x45', '32', 'digits')
    """
    return "x".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
