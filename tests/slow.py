"""Which values of a parametrised law every run tests, and which `pytest -m slow` alone."""

import pytest


def slow_but(always: list, values) -> list:
    """The values; those that are not in `always` are marked `slow`."""
    values = list(values)
    assert all(value in values for value in always)
    return [
        value if value in always else pytest.param(*in_tuple(value), marks=pytest.mark.slow)
        for value in values
    ]


def in_tuple(value) -> tuple:
    """The value, or one for each parameter where there are several."""
    return value if isinstance(value, tuple) else (value,)
