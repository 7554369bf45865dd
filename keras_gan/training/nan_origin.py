"""Where a NaN in training came from: the data, a layer, the precision, or a learning rate."""

import contextlib
import dataclasses
import functools
import math
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.backend.finite import in_float32
from keras_gan.networks.analysis.overriding import overridden
from keras_gan.texts import one_line
from keras_gan.training.optimizers import is_scaled

LARGEST_DATA = 1e6  # beyond which squares, penalties and norms leave float32 soon
GROWN = 10.0  # times as large: a blow-up
MOST_KEPT = 50_000_000  # numbers of a state


@dataclasses.dataclass(frozen=True)
class _GoodState:
    """All variables of a game when they were last known to be finite.

    Args:
        step: After which step.
        values: Arrays in the order of `game.variables`.
    """

    step: int
    values: list[np.ndarray]


def good_state(game: keras.Model, step: int) -> _GoodState | None:
    """The present state of a game; `None` for one that is not finite, or too large to keep."""
    if sum(math.prod(v.shape) for v in game.variables) > MOST_KEPT or not is_finite(game.variables):
        return None
    return _GoodState(step, [np.array(keras.ops.convert_to_numpy(v)) for v in game.variables])


def origin(game: keras.Model, real, good: _GoodState | None, growth: float = 1.0) -> str:
    """Where the NaN came from, as far as that can be found out, and what helps, in a sentence.

    The data come first; then the last finite state is tried again on samples of theirs, layer by
    layer and derivative by derivative; then weights and losses are compared with those before.
    Whatever is tried leaves the game as it is.

    Args:
        game: A compiled game in training.
        real: Some samples as `fit` has looked at them; `None` where it could not.
        good: The last state that was finite; `None` where none is known.
        growth: How many times as large as at first the losses were before they were not finite.
    """
    found = _of_data(real)
    if found is None and good is not None and real is not None:
        with contextlib.suppress(Exception), holding(game, good.values):  # a look must not hide it
            found = _of_layers(game, real, good.step) or _of_derivatives(game, real, good.step)
    return found or _of_rates(game, good, growth) or _unknown(game, real)


def _of_data(real) -> str | None:
    """A sentence on samples that are not finite or far too large."""
    for array in [] if real is None else map(np.asarray, keras.tree.flatten(real)):
        if array.dtype.kind != "f":
            continue
        if not np.isfinite(array).all():
            return "It comes from the data, which hold NaN or infinities: clean them."
        if np.abs(array).max(initial=0.0) > LARGEST_DATA:
            return (
                f"It comes from the data, which reach {np.abs(array).max():.2g}: bring them to the "
                f"order of 1 first, images into [-1, 1]."
            )
    return None


def _of_layers(game: keras.Model, real, step: int) -> str | None:
    """A sentence on the first layer, or else the first loss, that is not finite."""
    minibatch = game.unpack(keras.tree.map_structure(keras.ops.convert_to_tensor, real))
    with watching(game) as found:
        for player in game.schedule.players:
            draws = game.evaluation_draws
            losses, _ = game.all_losses_of(player, minibatch, draws, training=True)
            bad = [name for name, loss in losses.items() if not is_finite(loss)]
            if found:
                return _of_layer(*found[0], step)
            if bad:
                return (
                    f"It comes from {bad[0]}, which is not finite at the weights of step {step}, "
                    f"where all layers are: give it a smaller weight, or its network an output of "
                    f"the order of 1."
                )
    return None


def _of_layer(layer, network, inputs: list[np.ndarray], step: int) -> str:
    """The sentence on a layer whose outputs are not finite though its inputs are."""
    low = min((float(each.min()) for each in inputs), default=0.0)
    high = max((float(each.max()) for each in inputs), default=0.0)
    what = f"the layer {one_line(layer.name)} ({type(layer).__name__}) of {one_line(network.name)}"
    if layer.compute_dtype == "float16":
        return (
            f"It comes from the precision: {what} computes in float16, which ends at 65,504, and "
            f"leaves it at inputs from {low:.2g} to {high:.2g}: take mixed_bfloat16 or float32, "
            f"such as dtype='float32' for this layer."
        )
    return (
        f"It comes from {what}: at the finite weights of step {step} its outputs are not finite, "
        f"and its inputs are, from {low:.2g} to {high:.2g}: mend it, for example by an epsilon in "
        f"a logarithm, a root or a quotient."
    )


def _of_derivatives(game: keras.Model, real, step: int) -> str | None:
    """A sentence on the first weight whose gradient is not finite though all losses are."""
    minibatch = game.unpack(keras.tree.map_structure(keras.ops.convert_to_tensor, real))
    for player in game.schedule.players:
        if is_scaled(game.optimizer_of(player)):
            continue  # which skips such steps
        gradients, _ = game.look(player, minibatch)
        for gradient, weight in zip(gradients, game.variables_of(player), strict=True):
            if gradient is not None and not is_finite(gradient):
                return (
                    f"It comes from a derivative: at the weights of step {step} all losses are "
                    f"finite, and the {player}'s gradient is not, first at "
                    f"{one_line(weight.path)}: look there for a root, a norm or a logarithm at 0, "
                    f"which wants an epsilon."
                )
    return None


def _of_rates(game: keras.Model, good: _GoodState | None, growth: float) -> str | None:
    """A sentence on the player whose weights have grown most, or whose losses have."""
    before = {} if good is None else dict(zip(map(id, game.variables), good.values, strict=True))
    grown = {}
    for player in game.schedule.players:
        weights = [v for v in game.variables_of(player) if id(v) in before]
        was = max((float(np.abs(before[id(v)]).max()) for v in weights), default=0.0)
        values = [np.abs(in_float32(v).astype("float64")) for v in weights]
        now = max((float(v[~np.isnan(v)].max(initial=0.0)) for v in values), default=0.0)
        grown[player] = (now / was if was else 1.0, was, now)
    player = max(grown, key=lambda name: grown[name][0])
    times, was, now = grown[player]
    if times < GROWN and growth < GROWN:
        return None
    rate = f"a learning rate of {_rate_of(game, player):.2g}"
    if times >= GROWN:
        told = f"the {player}'s largest weight went from {was:.2g} to {now:.2g} at {rate}"
        return (
            f"It comes from the learning rate: since step {good.step} {told}: take a smaller one "
            f"for the {player}_optimizer, or clipnorm=1.0."
        )
    return (
        f"It comes from a learning rate: the losses grew {growth:.2g} times as large before: take "
        f"smaller ones, or optimizers with clipnorm=1.0."
    )


def _unknown(game: keras.Model, real) -> str:
    """The sentence where nothing was found."""
    classes = getattr(game, "classes", None)
    labels = "" if classes is None else f", and labels that are not in [0, {classes})"
    if real is None:
        return f"The data could not be looked at: look in them for NaN or infinities{labels}."
    return (
        f"The first batch, the layers and the derivatives are finite, and nothing had grown: look "
        f"in later batches for values far from the others{labels}; then try smaller learning rates."
    )


def _rate_of(game: keras.Model, player: str) -> float:
    """The present learning rate of a player; NaN where it has none that is a number."""
    optimizer = game.optimizer_of(player)
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    with contextlib.suppress(Exception):  # of a user's own optimizer
        return float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    return math.nan


@contextlib.contextmanager
def holding(game: keras.Model, values: list[np.ndarray]) -> Iterator[None]:
    """A scope in which a game has another state; afterwards it has its own, to the bit."""
    own = [np.array(keras.ops.convert_to_numpy(v)) for v in game.variables]
    try:
        assign(game, values)
        yield
    finally:
        assign(game, own)


def assign(game: keras.Model, values: list[np.ndarray]) -> None:
    """Gives the variables of a game these values."""
    for variable, value in zip(game.variables, values, strict=True):
        variable.assign(value)


@contextlib.contextmanager
def watching(game: keras.Model) -> Iterator[list]:
    """A scope that notes the first layer, its network and its inputs, where outputs are not finite.

    Args:
        game: A game whose networks run outside of any compiled function.
    """
    found = []

    def watched(layer, network, call):
        def looking(*inputs, **options):
            outputs = call(*inputs, **options)
            if not found and not is_finite(outputs):
                given = [in_float32(each) for each in keras.tree.flatten(inputs) if is_tensor(each)]
                if all(np.isfinite(each).all() for each in given):
                    found.append((layer, network, [each for each in given if each.size]))
            return outputs

        return looking

    with contextlib.ExitStack() as stack:
        for network in (getattr(game, name) for name in game.network_names):
            for layer in network._flatten_layers():
                if not isinstance(layer, (keras.Model, keras.layers.InputLayer)):
                    looking = functools.partial(watched, layer, network)
                    stack.enter_context(overridden(layer, looking))
        yield found


def is_tensor(value) -> bool:
    """Whether a value is a tensor or a variable of floating-point numbers."""
    return (
        keras.ops.is_tensor(value) or isinstance(value, keras.Variable)
    ) and keras.backend.is_float_dtype(value.dtype)


def is_finite(outputs) -> bool:
    """Whether all numbers of some tensors are finite; those of a trace have no numbers yet."""
    try:
        arrays = [in_float32(each) for each in keras.tree.flatten(outputs) if is_tensor(each)]
    except Exception:  # JAX's and TensorFlow's several words for a trace
        return True
    return all(np.isfinite(each).all() for each in arrays)
