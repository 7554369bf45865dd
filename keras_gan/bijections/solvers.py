"""Explicit Runge–Kutta methods: one step, steps of one length, steps of a length that fits."""

import dataclasses

from keras import ops

from keras_gan.backend import autodiff

SAFETY, LEAST, GREATEST = 0.9, 0.2, 5.0  # of the factor from one step's length to the next
FIRST = 0.1  # the first length that is tried, as a part of the interval
TINY = 1e-10  # below which an error counts as this


@dataclasses.dataclass(frozen=True)
class Method:
    """An explicit Runge–Kutta method for dy/dt = f(y, t), by its Butcher tableau.

        Kᵢ = h f(y + Σ_{j<i} aᵢⱼ Kⱼ, t + cᵢ h),   y(t + h) = y + Σᵢ bᵢ Kᵢ + O(h^{order + 1})

    Args:
        order: That of the error of a whole solve.
        a: The rows of a, as long as there are numbers before the diagonal.
        b: The weights, as many as stages.
        c: The times of the stages.
        error: bᵢ − b̂ᵢ, for the difference from another method's result, which estimates the error;
            one stage more than b, at the result. `None` for none.
    """

    order: int
    a: tuple[tuple[float, ...], ...]
    b: tuple[float, ...]
    c: tuple[float, ...]
    error: tuple[float, ...] | None = None


RK4 = Method(
    order=4,
    a=((), (1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)),
    b=(1 / 6, 1 / 3, 1 / 3, 1 / 6),
    c=(0.0, 1 / 2, 1 / 2, 1.0),
)
DORMAND_PRINCE = Method(
    order=5,
    a=(
        (),
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    ),
    b=(35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
    c=(0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0),
    error=(
        71 / 57600,
        0.0,
        -71 / 16695,
        71 / 1920,
        -17253 / 339200,
        22 / 525,
        -1 / 40,
    ),
)
METHODS = {"rk4": RK4, "dopri5": DORMAND_PRINCE}


def increments(method: Method, f, y: tuple, t, h, first=None) -> list:
    """K₁, …, Kₛ of one step, each a tuple of tensors like y.

    Args:
        method: The method.
        f: From y and t to dy/dt, all tuples of tensors but t.
        y: Tuple of tensors `(batch, ...)`.
        t: Tensor `(1, 1)` or `(batch, 1)`.
        h: The length of the step, of the same shape.
        first: f at y and t, if it is known.
    """
    found = []
    for row, c in zip(method.a, method.c, strict=True):
        is_known = first is not None and not found
        rates = first if is_known else f(moved(y, row, found), t + c * h)
        found.append(tuple(along(h, rate) * rate for rate in rates))
    return found


def moved(y: tuple, weights, found: list) -> tuple:
    """y + Σⱼ weightsⱼ Kⱼ."""
    pairs = [(weight, each) for weight, each in zip(weights, found, strict=True) if weight]
    return tuple(sum((w * k[i] for w, k in pairs), part) for i, part in enumerate(y))


def along(h, values):
    """Numbers `(1, 1)` or `(batch, 1)`, in a shape that broadcasts with values `(batch, ...)`."""
    return ops.reshape(h, (-1, *(1 for _ in values.shape[1:])))


def stepped(method: Method, f, y: tuple, t, h) -> tuple:
    """y(t + h), by one step; the arguments are those of `increments`."""
    return moved(y, method.b, increments(method, f, y, t, h))


def by_equal_steps(method: Method, f, y: tuple, start: float, end: float, steps: int) -> tuple:
    """y(end) of y(start), by steps of one length.

    Args:
        method: The method.
        f: As in `increments`.
        y: Likewise.
        start: The time at which y is given.
        end: The time at which it is sought, before or after.
        steps: How many.

    Returns:
        y(end), and the first part of y before each step, `(steps, batch, ...)`.
    """
    h, dtype = (end - start) / steps, y[0].dtype
    length = ops.full((1, 1), h, dtype)

    def turn(i, state):
        *y, seen = state
        t = start + h * ops.reshape(ops.cast(i, dtype), (1, 1))
        return *stepped(method, f, tuple(y), t, length), with_row(seen, i, y[0])

    *y, seen = autodiff.loop(steps, turn, (*y, rows_like(steps, y[0])), steps)
    return tuple(y), seen


def by_fitting_steps(
    method: Method, f, y: tuple, start: float, end: float, rtol: float, atol: float, most: int
) -> tuple:
    """y(end) of y(start), by steps whose estimated error each sample keeps within a tolerance.

        √(meanᵢ (eᵢ / (atol + rtol max(|yᵢ(t)|, |yᵢ(t + h)|)))²) ≤ 1

    A longer or shorter step follows, h ← h min(5, max(0.2, 0.9 ‖e‖^(−1/order))). Each sample has
    steps of its own, so that its result does not depend on what else is in the batch.

    Args:
        method: A method that estimates its error.
        f: As in `increments`.
        y: Likewise.
        start: As in `by_equal_steps`.
        end: Likewise.
        rtol: The relative tolerance.
        atol: The absolute one.
        most: The number of steps that may be tried; y of a sample that needs more is NaN.

    Returns:
        y(end); the first part of y before each trial, `(most, batch, ...)`; the lengths of the
        steps, `(most, batch, 1)`, 0 of those that were not taken; and how many were tried.
    """
    sign = 1.0 if end > start else -1.0
    zero = ops.zeros_like(ops.reshape(y[0], (ops.shape(y[0])[0], -1))[:, :1])
    left = abs(end - start) + zero
    lengths, seen = rows_like(most, zero), rows_like(most, y[0])

    def goes_on(i, y, rate, t, left, tried, lengths, seen):
        return ops.any(left > 0)

    def turn(i, y, rate, t, left, tried, lengths, seen):
        is_last = tried >= left
        h = ops.where(is_last, left, tried)
        found = increments(method, f, y, t, sign * h, rate)
        new = moved(y, method.b, found)
        new_rate = f(new, t + sign * h)
        found.append(tuple(along(sign * h, each) * each for each in new_rate))
        nothing = tuple(ops.zeros_like(each) for each in y)
        error = relative(moved(nothing, method.error, found), y, new, rtol, atol)
        fits = (error <= 1.0) & (left > 0)
        step = ops.where(fits, sign * h, ops.zeros_like(h))
        factor = SAFETY * ops.maximum(error, TINY) ** (-1.0 / method.order)
        factor = ops.clip(factor, LEAST, GREATEST)
        factor = ops.where(ops.isnan(error), ops.full_like(error, LEAST), factor)
        return (
            i + 1,
            chosen(fits, new, y),
            chosen(fits, new_rate, rate),
            t + step,
            ops.where(fits, ops.where(is_last, ops.zeros_like(left), left - h), left),
            h * factor,
            with_row(lengths, i, step),
            with_row(seen, i, y[0]),
        )

    state = (0, y, f(y, start + zero), start + zero, left, FIRST * left, lengths, seen)
    count, y, _, _, left, _, lengths, seen = ops.while_loop(
        goes_on, turn, state, maximum_iterations=most
    )
    lost = tuple(ops.full_like(each, float("nan")) for each in y)
    return chosen(left > 0, lost, y), seen, lengths, count


def rows_like(count: int, row):
    """Zeros for so many tensors like this one, `(count, ...)`."""
    return ops.zeros((count, *(1 for _ in row.shape)), row.dtype) + ops.zeros_like(row)[None]


def with_row(rows, i, row):
    """The rows, the one at i replaced."""
    return ops.slice_update(rows, (i, *(0 for _ in row.shape)), row[None])


def relative(error: tuple, y: tuple, new: tuple, rtol: float, atol: float):
    """The root of the mean squared error of a step, in units of the tolerance, `(batch, 1)`."""
    squares = []
    for e, a, b in zip(error, y, new, strict=True):
        ratio = e / (atol + rtol * ops.maximum(ops.abs(a), ops.abs(b)))
        squares.append(ops.reshape(ratio**2, (ops.shape(ratio)[0], -1)))
    return ops.sqrt(ops.mean(ops.concatenate(squares, axis=1), axis=1, keepdims=True))


def chosen(is_first, one: tuple, other: tuple) -> tuple:
    """The parts of one where `is_first` `(batch, 1)`, of the other elsewhere."""
    pairs = zip(one, other, strict=True)
    return tuple(ops.where(along(is_first, a), a, b) for a, b in pairs)
