"""The formula that brings values into an interval, as advice in messages."""

import numpy as np


def looks_like_bytes(low: float, high: float) -> bool:
    """Whether values lie in [0, 255] and reach its upper half."""
    return low >= 0 and 127.5 < high <= 255


def rescaling(low: float, high: float, to: tuple = (-1.0, 1.0), samples=None) -> str:
    """Returns a formula, in Python, that maps [low, high] to another interval.

    Args:
        low: The lowest value.
        high: The highest.
        to: The interval.
        samples: The samples, to see whether they are whole numbers. Defaults to `None`.

    >>> rescaling(-1024, 3071), rescaling(0, 255), rescaling(-4, 4), rescaling(3, 3)
    ('(x - 1023.5) / 2047.5', 'x / 127.5 - 1', 'x / 4', 'x - 3')
    >>> rescaling(-3, 1, (0, 1))
    '(x + 3) / 4'
    """
    symmetric = to[0] == -to[1]
    whole = samples is not None and 2 < high <= 255 and bool((samples == np.round(samples)).all())
    if to == (-1.0, 1.0) and low >= 0 and (whole or looks_like_bytes(low, high)):
        return "x / 127.5 - 1"
    zero, span = ((low + high) / 2, to[1]) if symmetric else (low, to[1] - to[0])
    shift, unit, digits = _rounded(zero, (high - zero) / span or 1.0, low, high, span)
    x = f"x {'-' if shift > 0 else '+'} {abs(shift):.{digits}g}" if shift else "x"
    if unit != 1:
        x = f"({x}) / {unit:.{digits}g}" if shift else f"x / {unit:.{digits}g}"
    return x if symmetric or to[0] == 0 else f"{x} {'+' if to[0] > 0 else '-'} {abs(to[0]):g}"


def _rounded(zero: float, unit: float, low: float, high: float, span: float) -> tuple:
    """Returns the constants of (x - zero) / unit with as few digits as the ends allow."""
    for digits in range(5, 18):
        shift, factor = float(f"{zero:.{digits}g}"), float(f"{unit:.{digits}g}")
        errors = [((end - shift) / factor - (end - zero) / unit) / span for end in (low, high)]
        outside = max(abs((high - shift) / factor) - span, abs((low - shift) / factor) - span)
        if max(map(abs, errors)) < 1e-4 and outside < 1e-6 * span:
            break
    return shift, factor, digits
