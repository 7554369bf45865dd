"""One setting of a training run: its type, what it may be, what the help says of it."""

import dataclasses
import math
from collections.abc import Container

from keras_gan.arguments import unknown_name


@dataclasses.dataclass(frozen=True)
class Setting:
    """A setting, from which its flag, its place in `config.json` and its check follow.

    Args:
        kind: `str`, `int`, `float` or `bool`.
        default: The value; `None` where it is chosen later, by data or recipe.
        text: What the help says.
        least: The smallest allowed number.
        below: Numbers must be smaller than this.
        above: Numbers must be greater than this.
        names: The allowed names; `None` for any.
        chosen: What a default of `None` is chosen by, for the help.
        decides: What of a training it decides, one of `OVERRIDES` of
            `keras_gan.checkpoints.comparing`, so that a run does not go on with another value
            unasked; `None` where it may differ.
        names_data: Whether its value is the name or the path of a data set.
    """

    kind: type
    default: object
    text: str
    least: float | None = None
    below: float | None = None
    above: float | None = None
    names: Container[str] | None = None
    chosen: str | None = None
    decides: str | None = None
    names_data: bool = False

    def checked(self, name: str, value):
        """The value, once it is known to be allowed.

        Args:
            name: The setting's.
            value: What was received.

        Raises:
            ValueError: If it is not.
        """
        if value is None and self.default is None:
            return None
        if self.kind is bool:
            if not isinstance(value, bool):
                raise ValueError(f"{flag_of(name)} must be true or false; received {value!r}.")
            return value
        if self.kind is str:
            if not isinstance(value, str):
                raise ValueError(f"{flag_of(name)} must be a name; received {value!r}.")
            if self.names is not None and value not in self.names:
                raise unknown_name(name, value, self.names)
            return value
        return self._number(name, value)

    def _number(self, name: str, value) -> float | int:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        whole = self.kind is int
        fits = number and math.isfinite(value) and (isinstance(value, int) or not whole)
        bounds = {
            "at least {}": (self.least, lambda bound: value >= bound),
            "greater than {}": (self.above, lambda bound: value > bound),
            "less than {}": (self.below, lambda bound: value < bound),
        }
        bounds = {
            text.format(bound): (bound, holds)
            for text, (bound, holds) in bounds.items()
            if bound is not None
        }
        if not fits or not all(holds(bound) for bound, holds in bounds.values()):
            kind = "a whole number" if whole else "a number"
            raise ValueError(
                f"{flag_of(name)} must be {kind}, {' and '.join(bounds)}; received {value!r}."
            )
        return self.kind(value)


def flag_of(name: str) -> str:
    """The flag of a setting.

    >>> flag_of("batch_size")
    '--batch-size'
    """
    return f"--{name.replace('_', '-')}"
