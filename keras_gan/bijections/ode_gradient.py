"""Derivatives of the solution of an ODE: back-propagation through its steps, and the adjoint."""

from collections.abc import Callable, Sequence

from keras import ops

from keras_gan.backend import autodiff
from keras_gan.bijections.solvers import (
    Method,
    along,
    by_equal_steps,
    by_fitting_steps,
    moved,
    stepped,
)


class Solve:
    """The solution x(end) of dx/dt = f(x, t; θ), with the integral of the trace of ∂f/∂x.

        x(end) = x(start) + ∫ f(x(t), t) dt,   log |det| = ∫ tr ∂f/∂x (x(t), t) dt

    Its derivatives are, with `by_adjoint=False`, those of the steps that were taken, by
    back-propagation, where the lengths of steps count as constants; or else, in memory that does
    not grow with the number of steps, from the adjoint a = ∂L/∂x(t) of a loss L, solved back from
    `end` by the same steps, together with x:

        da/dt = −aᵀ ∂f/∂x − b ∂(tr ∂f/∂x)/∂x,   ∂L/∂θ = ∫ aᵀ ∂f/∂θ + b ∂(tr ∂f/∂x)/∂θ dt

    where b = ∂L/∂ log |det| is constant.

    Args:
        rate: From x, t and the tensors `given` to f and the trace, tensors `(batch, ...)` and
            `(batch,)`. It assigns no variable, and reads none that is not among `given`.
        method: The Runge–Kutta method.
        start: The time of x.
        end: The time at which it is sought.
        by_adjoint: See above.

    Reference: Chen et al. 2018, Neural Ordinary Differential Equations, arXiv 1806.07366,
    appendix B.
    """

    def __init__(self, rate: Callable, method: Method, start: float, end: float, by_adjoint: bool):
        self.rate, self.method = rate, method
        self.start, self.end, self.by_adjoint = start, end, by_adjoint

    def with_steps(self, steps: int, x, given: Sequence) -> tuple:
        """x(end) and log |det|, by steps of one length.

        Args:
            steps: How many.
            x: Tensor `(batch, ...)`.
            given: What else `rate` takes, a list of floating tensors.
        """

        def forward(x, *given):
            ends = self.start, self.end
            y, seen = by_equal_steps(self.method, self.field(given), with_zero(x), *ends, steps)
            return y if self.by_adjoint else (*y, seen)

        def backward(inputs, outputs, cotangents):
            length = (self.end - self.start) / steps
            lengths = ops.full((steps, 1, 1), length, inputs[0].dtype)
            return self.pulled(inputs, outputs, cotangents, lengths, steps)

        return autodiff.with_gradient(forward, backward, [x, *given])[:2]

    def within(self, rtol: float, atol: float, most: int, x, given: Sequence) -> tuple:
        """x(end) and log |det|, by steps that keep to a tolerance.

        Args:
            rtol: As in `by_fitting_steps`.
            atol: Likewise.
            most: Likewise.
            x: As in `with_steps`.
            given: Likewise.
        """

        def forward(x, *given):
            y, seen, lengths, count = by_fitting_steps(
                *(self.method, self.field(given), with_zero(x), self.start, self.end),
                *(rtol, atol, most),
            )
            told = lengths, ops.cast(count, x.dtype)
            return (*y, *told) if self.by_adjoint else (*y, seen, *told)

        def backward(inputs, outputs, cotangents):
            *outputs, lengths, count = outputs
            count = ops.cast(ops.stop_gradient(count), "int32")
            lengths = ops.stop_gradient(lengths)
            return self.pulled(inputs, outputs, cotangents[:-2], lengths, count)

        return autodiff.with_gradient(forward, backward, [x, *given])[:2]

    def field(self, given) -> Callable:
        """The derivative of x and log |det|, for the solvers."""
        return lambda y, t: self.rate(y[0], t, *given)

    def pulled(self, inputs, outputs, cotangents, lengths, count) -> list:
        """∂L/∂x(start) and the derivatives of L by what is given.

        Args:
            inputs: x(start), and what is given.
            outputs: x(end), log |det| and, for back-propagation, x before each step.
            cotangents: The derivatives of L by each of them.
            lengths: Those of the steps, `(most, batch, 1)` or `(most, 1, 1)`.
            count: How many there are.
        """
        given = inputs[1:]
        a, b, *by_seen = cotangents
        back = self.back_by_adjoint if self.by_adjoint else self.back_through_step

        def turn(i, state):
            x, a, t, *sums = state
            i = count - 1 - i
            h = lengths[i]
            seen = x if self.by_adjoint else outputs[2][i]
            x, a, by_given = back(seen, a, b, t, h, given)
            a = a if self.by_adjoint else a + by_seen[0][i]
            return x, a, t - h, *(s + each for s, each in zip(sums, by_given, strict=True))

        t = ops.full_like(lengths[0], self.end)
        state = outputs[0], a, t, *(ops.zeros_like(each) for each in given)
        _, a, _, *sums = autodiff.loop(count, turn, state, lengths.shape[0])
        return [a, *sums]

    def back_through_step(self, x, a, b, t, h, given) -> tuple:
        """∂L/∂x before a step from t − h to t, from x before it and ∂L/∂x after it."""

        def step(x, *given):
            return stepped(self.method, self.field(given), with_zero(x), t - h, h)

        _, pull = autodiff.pullback(step, [x, *given])
        a, *by_given = pull((a, b))
        return x, a, by_given

    def back_by_adjoint(self, x, a, b, t, h, given) -> tuple:
        """x and the adjoint at t − h, from both at t, by a step of the same method."""
        found, sums, method = [], [0.0 for _ in given], self.method
        for row, weight, c in zip(method.a, method.b, method.c, strict=True):
            x_here, a_here = moved((x, a), row, found)
            time = t - c * h

            def rate(x, *given, time=time):
                return self.rate(x, time, *given)

            (value, _), pull = autodiff.pullback(rate, [x_here, *given])
            step = along(h, a)
            by_x, *by_given = pull((step * a_here, along(h, b) * b))
            found.append((-step * value, by_x))
            sums = [s + weight * each for s, each in zip(sums, by_given, strict=True)]
        return *moved((x, a), method.b, found), sums


def with_zero(x) -> tuple:
    """x, and 0 as the log-determinant of each sample."""
    return x, ops.sum(ops.zeros_like(x), axis=tuple(range(1, len(x.shape))))


class Solutions:
    """The compiled functions of a bijection, out of the sight of what saves it."""

    def __init__(self):
        self.by_key = {}
