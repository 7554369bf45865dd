"""Which values of a parametrised law the default run tests.

The others are `slow`, which only `pytest -m slow` runs, or `thorough`, which CI runs, too.
"""

import pytest


def slow_but(always: list, values, thorough: tuple | list = ()) -> list:
    """The values; those in neither list are marked `slow`, those in `thorough` as such."""
    marked = _marked(pytest.mark.slow, [*always, *thorough], values)
    return [
        pytest.param(*in_tuple(value), marks=pytest.mark.thorough) if value in thorough else value
        for value in marked
    ]


def thorough_but(always: list, values) -> list:
    """The values; those that are not in `always` are marked `thorough`."""
    return _marked(pytest.mark.thorough, always, values)


def _marked(mark, always: list, values) -> list:
    values = list(values)
    assert all(value in values for value in always)
    return [
        value if value in always else pytest.param(*in_tuple(value), marks=mark) for value in values
    ]


def in_tuple(value) -> tuple:
    """The value, or one for each parameter where there are several."""
    return value if isinstance(value, tuple) else (value,)
