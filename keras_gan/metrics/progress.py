"""Reports the progress of long computations to a function."""

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Sequence

TOLD: contextvars.ContextVar[Callable[[float], None] | None] = contextvars.ContextVar(
    "told", default=None
)


@contextlib.contextmanager
def telling(tell: Callable[[float], None] | None) -> Iterator[None]:
    """A scope in which computations report the fraction that is done, from 0 to 1.

    Args:
        tell: A function of that fraction; `None` for no reports.

    Example:

    >>> fractions = []
    >>> with telling(fractions.append):
    ...     with part(0.0, 0.5):
    ...         steps = list(each("ab"))
    >>> steps, fractions
    (['a', 'b'], [0.25, 0.5, 0.5])
    """
    before = TOLD.set(tell)
    try:
        yield
    finally:
        TOLD.reset(before)


@contextlib.contextmanager
def part(start: float, end: float) -> Iterator[None]:
    """A scope for a part of the work.

    Args:
        start: The fraction of the whole at its start, from 0 to 1.
        end: The fraction at its end.
    """
    tell = TOLD.get()
    if tell is None:
        yield
        return
    with telling(lambda fraction: tell(start + fraction * (end - start))):
        yield
    tell(end)


def each(steps: Sequence) -> Iterator:
    """Yields the steps of a computation; a step is done when the next one is requested.

    Args:
        steps: Anything with a length.
    """
    tell = TOLD.get()
    for done, step in enumerate(steps, start=1):
        yield step
        if tell is not None:
            tell(done / len(steps))


def parts(weights: Sequence[float]) -> list:
    """Consecutive scopes whose parts of the work are proportional to these weights."""
    total, start, scopes = sum(weights), 0.0, []
    for weight in weights:
        scopes.append(part(start / total, (start + weight) / total))
        start += weight
    return scopes
