"""What metrics return: figures; NaN stands for one that does not exist."""

import dataclasses
import math


class Result:
    """The base of dataclasses of figures: equal if all figures are, and NaN is equal to NaN.

    A subclass is made with `@dataclasses.dataclass(frozen=True, eq=False)`. (A dataclass's own
    comparison takes a result with NaN for another one than itself from Python 3.13 on.)

    Example:

    >>> @dataclasses.dataclass(frozen=True, eq=False)
    ... class Mean(Result):
    ...     value: float
    ...     error: float
    >>> Mean(1.0, float("nan")) == Mean(1.0, float("nan")), Mean(1.0, 0.1) == Mean(1.0, 0.2)
    (True, False)
    """

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return _figures(self) == _figures(other)

    def __hash__(self):
        return hash(_figures(self))


def _figures(result) -> tuple:
    """The values of a result, with an object that is equal to itself for every NaN."""
    values = (getattr(result, field.name) for field in dataclasses.fields(result))
    return tuple(("NaN",) if _is_nan(value) else value for value in values)


def _is_nan(value) -> bool:
    """Whether a value is a number that is NaN."""
    try:
        return math.isnan(value)
    except TypeError:
        return False
