"""The interface of every f-divergence: a convex function, its conjugate, an output activation."""

import functools
import math

from keras import ops

from keras_gan.backend.configured import Configured


class Divergence(Configured):
    """A convex function f, with all that a variational estimate of its divergence needs.

        D_f(P‖Q) = E_Q f(p/q)  ≥  E_P T − E_Q f*(T)      for every function T into dom f*,

    where f*(t) = sup_u ut − f(u) is the conjugate, with equality at T = f'(p/q). The activation g,
    an increasing map into dom f*, turns a network's unbounded score v into T = g(v).

    A subclass defines `f`, `derivative`, `conjugate` and `activation`, elementwise and in
    `keras.ops`; the thresholds and `fake_score` follow. It overrides `fake_score` if composing f*
    with g overflows.

    Attributes:
        name: The name by which `divergences.get` finds it.
        domain: The interval `(low, high)`; outside its closure f* is infinite or not used.

    Example, a divergence of your own, E_q (p/q)⁴ − 1 scaled to f''(1) = 1:

    >>> import keras
    >>> from keras import ops
    >>> @keras.saving.register_keras_serializable(package="mine")
    ... class Quartic(Divergence):
    ...     def f(self, u):
    ...         return (u**4 - 1) / 12
    ...     def derivative(self, u):
    ...         return u**3 / 3
    ...     def conjugate(self, t):
    ...         return 0.25 * ops.relu(3 * t) ** (4 / 3) + 1 / 12
    ...     def activation(self, v):
    ...         return v
    >>> quartic = Quartic()
    >>> round(quartic.threshold, 4), round(float(quartic.fake_score(quartic.threshold)), 4)
    (0.3333, 0.3333)

    Reference:
        Nowozin, Cseke and Tomioka 2016, f-GAN: Training Generative Neural Samplers using
        Variational Divergence Minimization, arXiv 1606.00709.
    """

    name = "divergence"
    domain = (-math.inf, math.inf)

    def f(self, u):
        """f(u), convex, for a density ratio u > 0."""
        raise NotImplementedError(f"{type(self).__name__} must define f.")

    def derivative(self, u):
        """f'(u): the optimal T at the density ratio u."""
        raise NotImplementedError(f"{type(self).__name__} must define derivative.")

    def conjugate(self, t):
        """f*(t) for t in the domain."""
        raise NotImplementedError(f"{type(self).__name__} must define conjugate.")

    def activation(self, v):
        """g(v): the score v mapped into the domain of f*, increasing."""
        raise NotImplementedError(f"{type(self).__name__} must define activation.")

    def fake_score(self, v):
        """f*(g(v)): the term that the bound subtracts for a sample of the second distribution."""
        return self.conjugate(self.activation(v))

    def check(self) -> None:
        """Refuses functions that do not fit together, by f*(f'(u)) = u f'(u) − f(u).

        Raises:
            ValueError: If the two sides differ by more than a twentieth at u = ½ or u = 2.
        """
        for ratio in (0.5, 2.0):
            u = ops.convert_to_tensor(ratio, "float32")
            slope = self.derivative(u)
            left, right = float(self.conjugate(slope)), float(u * slope - self.f(u))
            if not abs(left - right) <= 0.05 * (1 + abs(right)):
                raise ValueError(
                    f"The functions of {self!r} do not fit together: at u = {ratio:g}, "
                    f"f*(f'(u)) is {left:.4g} and u f'(u) − f(u) is {right:.4g}; correct f, "
                    f"derivative or conjugate."
                )

    @functools.cached_property
    def threshold(self) -> float:
        """f'(1): the optimal T where both densities are equal."""
        return float(self.derivative(ops.convert_to_tensor(1.0, "float32")))

    @functools.cached_property
    def threshold_score(self) -> float:
        """The score v with g(v) = f'(1), to six decimals."""

        def below(v):
            return float(self.activation(ops.convert_to_tensor(v, "float32"))) < self.threshold

        high = next((2.0**i for i in range(11) if not below(2.0**i)), None)
        low = next((-(2.0**i) for i in range(11) if below(-(2.0**i))), None)
        if low is None or high is None:
            raise ValueError(
                f"The activation of {self!r} does not pass f'(1) = {self.threshold:g} for any "
                f"score in [-1024, 1024]: it must increase through that value."
            )
        while high - low > 1e-7 * max(1.0, high):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
        return round(high, 6) + 0.0  # −0.0 becomes 0.0


def xlogx(u):
    """u log u, 0 at u = 0."""
    return u * ops.log(ops.where(u > 0, u, 1.0))


def bounded(v):
    """min(v, 30): beyond 30, functions like log softplus(−v) are straight lines to 1e-13.

    Their second derivatives would overflow there in float32. So they are evaluated at the bounded
    score and continued by the line: h(v) = h(min(v, 30)) + slope · (v − min(v, 30)). `where` drops
    infinite values beyond the bound; JAX's `minimum` would multiply them by zero.
    """
    return ops.where(v < 30.0, v, ops.full_like(v, 30.0))
