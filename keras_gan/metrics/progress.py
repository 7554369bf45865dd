"""How far a long computation has come, for whoever asked to be told."""

import contextlib
import contextvars
from collections.abc import Callable, Iterator, Sequence

TOLD: contextvars.ContextVar[Callable[[float], None] | None] = contextvars.ContextVar(
    "told", default=None
)


@contextlib.contextmanager
def telling(tell: Callable[[float], None] | None) -> Iterator[None]:
    """A scope in which a function is told which share, from 0 to 1, is done.

    Args:
        tell: The function; `None` for none.

    Example:

    >>> shares = []
    >>> with telling(shares.append):
    ...     with part(0.0, 0.5):
    ...         steps = list(each("ab"))
    >>> steps, shares
    (['a', 'b'], [0.25, 0.5, 0.5])
    """
    before = TOLD.set(tell)
    try:
        yield
    finally:
        TOLD.reset(before)


@contextlib.contextmanager
def part(start: float, end: float) -> Iterator[None]:
    """A scope whose work is that from one share of the whole to another.

    Args:
        start: Where it begins, from 0 to 1.
        end: Where it ends.
    """
    tell = TOLD.get()
    if tell is None:
        yield
        return
    with telling(lambda share: tell(start + share * (end - start))):
        yield
    tell(end)


def each(steps: Sequence) -> Iterator:
    """The steps of a computation, one by one; each is done when the next is asked for.

    Args:
        steps: Anything with a length.
    """
    tell = TOLD.get()
    for done, step in enumerate(steps, start=1):
        yield step
        if tell is not None:
            tell(done / len(steps))


def parts(weights: Sequence[float]) -> list:
    """Scopes, one after the other, whose shares of the work are as these weights."""
    total, start, scopes = sum(weights), 0.0, []
    for weight in weights:
        scopes.append(part(start / total, (start + weight) / total))
        start += weight
    return scopes
