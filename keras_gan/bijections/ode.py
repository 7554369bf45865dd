"""The bijection of an ordinary differential equation."""

import itertools
import math
from collections.abc import Callable

import keras
from keras import ops

from keras_gan.arguments import amount, known_name, whole
from keras_gan.backend import autodiff
from keras_gan.backend.compiling import compiled
from keras_gan.backend.precision import at_least_float32
from keras_gan.bijections import trace as traces
from keras_gan.bijections.bijection import Bijection, register
from keras_gan.bijections.coupling import checked_condition
from keras_gan.bijections.field_network import check_network, with_time
from keras_gan.bijections.ode_gradient import Solutions, Solve, with_zero
from keras_gan.bijections.solvers import METHODS, by_equal_steps
from keras_gan.bijections.vector_field import SLOPES, VectorField

TRACES = ("auto", "exact", "hutchinson")
GRADIENTS = ("backprop", "adjoint")
MOST_EXACT = 256  # components, of which each takes a derivative of its own
PICTURED = 64  # steps of the way that `path` shows
FEW = 8  # components, of which the exact trace is taken unless it is to be estimated in training


@register
class ODE(Bijection):
    """z = x(T), where x(t) solves an ordinary differential equation from x(0) = x.

        dx/dt = f(x, t),   log |det ∂z/∂x| = ∫₀ᵀ tr ∂f/∂x (x(t), t) dt

    f is any smooth network; the inverse solves from T back to 0. Both are as exact as the solver.
    Its result does not depend on what else is in a batch.

    Args:
        network: f, a Keras layer from x, t and, if there is one, the condition, joined along the
            last axis, to the shape of x, of smooth activations and without random numbers; or a
            `VectorField`, which `None`, the default, makes of the next three.
        width: Units or channels of the hidden layers of f. Defaults to 64.
        depth: Number of hidden layers of f. Defaults to 2.
        activation: Of them, `"tanh"`, the default, or `"softplus"`.
        time: T. Defaults to 1.
        solver: `"rk4"`, the default, the classical method of order 4 with `steps` equal steps; or
            `"dopri5"`, Dormand and Prince's of order 5, with steps that keep to a tolerance.
        steps: How many, for `"rk4"`. Defaults to 8.
        rtol: Relative tolerance of `"dopri5"`. Defaults to 10⁻⁵.
        atol: Absolute tolerance of `"dopri5"`. Defaults to 10⁻⁵.
        max_steps: The most steps that `"dopri5"` tries; z of a sample that needs more is NaN.
            Defaults to 100.
        trace: `"exact"`; `"hutchinson"`, in training the unbiased estimate εᵀ (∂f/∂x) ε with noise
            ε that stays fixed during a solve, and else, too, where the exact one is dear; or
            `"auto"`, the default, which estimates only there. It is dear beyond 8 components,
            unless f is a `VectorField` of points with at most 2 hidden layers.
        noise: ε, `"rademacher"`, the default, or `"normal"`. A flow draws it anew at each step of
            training; else it is the same at each call.
        gradient: `"backprop"`, the default, through the steps of the solver; or `"adjoint"`, which
            needs memory for one step alone, and as many more evaluations of f.
        condition_dim: Length of the condition that f sees beside x and t; `None`, the default, for
            none.
        **options: As in `Bijection`.

    Raises:
        ValueError: For unknown names, sizes or tolerances out of range; at the first x, for a
            network that does not keep its shape, or an exact trace of more than 256 components,
            unless of a `VectorField` of points.

    Example:

    >>> import keras_gan as kg
    >>> z, log_det = kg.bijections.ODE(width=16).forward_and_log_det([[1.0, 2.0]])
    >>> tuple(z.shape), tuple(log_det.shape)
    ((1, 2), (1,))

    Reference: Chen et al. 2018, Neural Ordinary Differential Equations, arXiv 1806.07366;
    Grathwohl et al. 2019, FFJORD, arXiv 1810.01367.
    """

    def __init__(
        self,
        network: keras.layers.Layer | None = None,
        *,
        width: int = 64,
        depth: int = 2,
        activation: str = "tanh",
        time: float = 1.0,
        solver: str = "rk4",
        steps: int = 8,
        rtol: float = 1e-5,
        atol: float = 1e-5,
        max_steps: int = 100,
        trace: str = "auto",
        noise: str = "rademacher",
        gradient: str = "backprop",
        condition_dim: int | None = None,
        **options,
    ):
        super().__init__(**options)
        self.given_network, self.solutions = network, Solutions()
        self.width, self.depth = whole("width", width), whole("depth", depth, least=0)
        self.activation = known_name("activation of an ODE", activation, SLOPES)
        self.time = amount("time", time, above=0)
        self.solver = known_name("solver", solver, METHODS)
        self.steps, self.max_steps = whole("steps", steps), whole("max_steps", max_steps)
        self.rtol, self.atol = amount("rtol", rtol, above=0), amount("atol", atol, above=0)
        self.trace = known_name("trace", trace, TRACES)
        self.noise = known_name("noise", noise, traces.KINDS)
        self.gradient = known_name("gradient", gradient, GRADIENTS)
        self.condition_dim = (
            None if condition_dim is None else whole("condition_dim", condition_dim)
        )

    def build(self, input_shape):
        """Makes f.

        Raises:
            ValueError: For a network that does not keep the shape, or too many components.
        """
        shape = tuple(input_shape[1:])
        self.network = self.given_network
        if self.network is None:
            self.network = VectorField(
                self.width, self.depth, self.activation, dtype=self.dtype_policy
            )
        if self.is_field:
            condition = [] if self.condition_dim is None else [(None, self.condition_dim)]
            if not self.network.built:
                self.network.build((None, *shape), *condition)
        else:
            check_network(self.network, shape, self.condition_dim)
        if self.trace == "exact" and not (self._is_closed or math.prod(shape) <= MOST_EXACT):
            raise ValueError(
                f"An exact trace takes a derivative for each component, of at most {MOST_EXACT}; "
                f"received samples of shape {shape}: take trace='hutchinson'."
            )

    @property
    def is_field(self) -> bool:
        """Whether f says its trace itself."""
        return hasattr(self.network, "value_and_trace")

    @property
    def _is_closed(self) -> bool:
        """Whether f says its exact trace without derivatives."""
        return self.is_field and self.network.is_closed

    def is_exact(self, shape: tuple, training: bool) -> bool:
        """Whether the trace is exact, for samples of a shape."""
        if self.trace != "auto" and (self.trace == "exact" or training):
            return self.trace == "exact"
        is_cheap = self._is_closed and self.network.depth <= 2
        return is_cheap or math.prod(shape) <= FEW

    def transform(self, x, condition=None, training=False):
        """z, and the integral of the trace."""
        return self._solved(x, condition, training, 0.0, self.time)

    def invert(self, z, condition=None, training=False):
        """x, and minus the integral of the trace."""
        return self._solved(z, condition, training, self.time, 0.0)

    def _later_states(self, x, condition, inverse, frames):
        """The states at equal steps of time, by steps that are fine enough for a picture."""
        self._build_for(tuple(x.shape)[1:])
        condition = self._condition(condition, x)
        if self.condition_dim is not None:
            condition = checked_condition(self, condition)
        times = [self.time * i / frames for i in range(frames + 1)]
        times, states = times[::-1] if inverse else times, [x]

        def field(y, t):
            noise = None if self.is_exact(tuple(x.shape)[1:], False) else ops.zeros_like(x)
            return self._rate(y[0], t, condition, noise)

        for start, end in itertools.pairwise(times[:-1]):
            given = with_zero(states[-1]), start, end, max(PICTURED // frames, 1)
            states.append(by_equal_steps(METHODS["rk4"], field, *given)[0][0])
        end = (self.inverse if inverse else self.forward)(x, condition)
        return [*states[1:], end]

    def _solved(self, x, condition, training, start, end) -> tuple:
        """The state at the end, and the integral of the trace on the way."""
        if self.condition_dim is not None:
            condition = checked_condition(self, condition)
        is_exact = self.is_exact(tuple(x.shape)[1:], training)
        beside = {
            "condition": None if self.condition_dim is None else ops.cast(condition, x.dtype),
            "noise": None if is_exact else traces.noise_like(x, self.noise),
        }
        beside = {name: tensor for name, tensor in beside.items() if tensor is not None}
        settings = self.solver, self.steps, self.rtol, self.atol, self.max_steps, self.gradient
        key = (start, end, settings, *beside)
        if key not in self.solutions.by_key:
            self.solutions.by_key[key] = compiled(self._solution(start, end, *beside))
        given = [*beside.values(), *map(ops.convert_to_tensor, self._variables())]
        return self.solutions.by_key[key](x, *given)

    def _variables(self) -> list:
        """The weights of f."""
        return [v for v in self.network.variables if "float" in v.dtype]

    def _solution(self, start: float, end: float, *names: str) -> Callable:
        """A function of x, the condition and the noise if they are named, and the weights."""
        variables = self._variables()

        def rate(x, t, *given):
            named, values = given[: len(names)], given[len(names) :]
            with autodiff.valued(variables, values):
                return self._rate(x, t, **dict(zip(names, named, strict=True)))

        solve = Solve(rate, METHODS[self.solver], start, end, self.gradient == "adjoint")
        if self.solver == "rk4":
            return lambda x, *given: solve.with_steps(self.steps, x, given)
        return lambda x, *given: solve.within(self.rtol, self.atol, self.max_steps, x, given)

    def _rate(self, x, t, condition=None, noise=None) -> tuple:
        """f(x, t), and the trace of ∂f/∂x."""
        if self.is_field:
            return self.network.value_and_trace(x, t, condition, noise)

        def field(x):
            made = self.network(with_time(x, t, condition))
            return ops.cast(at_least_float32(made), x.dtype)

        return traces.value_and_trace(field, x, noise)

    def get_config(self) -> dict:
        """The arguments."""
        names = (
            *("width", "depth", "activation", "time", "solver", "steps", "rtol", "atol"),
            *("max_steps", "trace", "noise", "gradient", "condition_dim"),
        )
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "network": keras.saving.serialize_keras_object(self.given_network),
        }

    @classmethod
    def from_config(cls, config):
        """The bijection of a config."""
        network = keras.saving.deserialize_keras_object(config["network"])
        return cls(**{**config, "network": network})
