"""The results of metrics; NaN stands for a value that does not exist."""

import dataclasses
import math


class Result:
    """The base class of results: equal if all values are equal, where NaN equals NaN.

    A subclass is a `@dataclasses.dataclass(frozen=True, eq=False)`. (From Python 3.13 on, a
    dataclass's own comparison says that a result with NaN does not equal itself.)

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
        return _values(self) == _values(other)

    def __hash__(self):
        return hash(_values(self))


def _values(result) -> tuple:
    """The values of a result, with an object that equals itself in place of each NaN."""
    values = (getattr(result, field.name) for field in dataclasses.fields(result))
    return tuple(("NaN",) if _is_nan(value) else value for value in values)


def _is_nan(value) -> bool:
    """Whether a value is a number that is NaN."""
    try:
        return math.isnan(value)
    except TypeError:
        return False
