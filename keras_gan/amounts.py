"""Numbers handed in by a user, looked at before anything rests on them."""

import math
import numbers


def amount(name: str, value, *, above=None, least=None, below=None) -> float:
    """The value, once it is known to be a finite number within its bounds.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        above: The number must be greater than this.
        least: The number must be at least this.
        below: The number must be smaller than this.

    Raises:
        ValueError: For anything else; the message says what is allowed.

    Example:

    >>> amount("clip", 0.01, above=0)
    0.01
    >>> amount("clip", "a", above=0)
    Traceback (most recent call last):
    ...
    ValueError: clip must be a number greater than 0; received 'a'.
    """
    bounds = {"greater than": above, "at least": least, "less than": below}
    wanted = " and ".join(f"{text} {bound}" for text, bound in bounds.items() if bound is not None)
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    fits = (
        is_number
        and math.isfinite(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
    )
    if not fits:
        raise ValueError(f"{name} must be a number {wanted}; received {value!r}.")
    return float(value)


def whole(name: str, value, *, least: int = 1) -> int:
    """The value, once it is known to be a whole number.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        least: The smallest number allowed. Defaults to 1.

    Raises:
        ValueError: For anything else; the message says what is allowed.

    Example:

    >>> import numpy as np
    >>> whole("every", np.int64(3))
    3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; received {value!r}.")
    return int(value)
