"""The cause of a NaN in training: the data, a layer, the precision, or a learning rate."""

import contextlib
import functools
import math
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.backend.finite import in_float32, is_finite, is_tensor
from keras_gan.networks.analysis.overriding import overridden
from keras_gan.texts import one_line
from keras_gan.training.optimizers import is_scaled
from keras_gan.training.snapshots import GoodState, holding

LARGEST_DATA = 1e6  # above it squares, penalties and norms soon overflow float32
GROWN = 10.0  # growth by this factor is a blow-up


def origin(model: keras.Model, real, good: GoodState | None, growth: float = 1.0) -> str:
    """The likely cause of a NaN and a remedy, in one sentence.

    It checks the data first. Then it runs the last finite state on some samples, layer by layer and
    gradient by gradient. Then it compares weights and losses with earlier ones. The model itself
    does not change.

    Args:
        model: A compiled model in training.
        real: Some samples that `fit` has read; `None` if it could not read any.
        good: The last finite state; `None` if unknown.
        growth: By which factor the losses had grown since the start, while they were finite.
            Defaults to 1.
    """
    found = _of_data(real)
    if found is None and good is not None and real is not None:
        with contextlib.suppress(Exception), holding(model, good.values):  # must not hide the NaN
            found = _of_layers(model, real, good.step) or _of_derivatives(model, real, good.step)
    return found or _of_rates(model, good, growth) or _unknown(model, real)


def _of_data(real) -> str | None:
    """A sentence about samples that are not finite or far too large."""
    for array in [] if real is None else map(np.asarray, keras.tree.flatten(real)):
        if array.dtype.kind != "f":
            continue
        if not np.isfinite(array).all():
            return "It comes from the data, which contain NaN or infinities: clean them."
        if np.abs(array).max(initial=0.0) > LARGEST_DATA:
            return (
                f"It comes from the data, which reach {np.abs(array).max():.2g}: scale them to the "
                f"order of 1, images to [-1, 1]."
            )
    return None


def _of_layers(model: keras.Model, real, step: int) -> str | None:
    """A sentence about the first layer, or else the first loss, that is not finite."""
    minibatch = model.unpack(keras.tree.map_structure(keras.ops.convert_to_tensor, real))
    with watching(model) as found:
        for player in model.schedule.players:
            draws = model.evaluation_draws
            losses, _ = model.all_losses_of(player, minibatch, draws, training=True)
            bad = [name for name, loss in losses.items() if not is_finite(loss)]
            if found:
                return _of_layer(*found[0], step)
            if bad:
                return (
                    f"It comes from {bad[0]}, which is not finite at the weights of step {step}, "
                    f"although all layers are: give it a smaller weight, or scale its network's "
                    f"output to the order of 1."
                )
    return None


def _of_layer(layer, network, inputs: list[np.ndarray], step: int) -> str:
    """A sentence about a layer whose outputs are not finite although its inputs are."""
    low = min((float(each.min()) for each in inputs), default=0.0)
    high = max((float(each.max()) for each in inputs), default=0.0)
    what = f"the layer {one_line(layer.name)} ({type(layer).__name__}) of {one_line(network.name)}"
    if layer.compute_dtype == "float16":
        return (
            f"It comes from the precision: {what} computes in float16, whose largest number is "
            f"65,504, and overflows at inputs from {low:.2g} to {high:.2g}: use mixed_bfloat16 or "
            f"float32, for example dtype='float32' for this layer."
        )
    return (
        f"It comes from {what}: at the finite weights of step {step} its outputs are not finite, "
        f"although its inputs are, from {low:.2g} to {high:.2g}: fix it, for example with an "
        f"epsilon in a logarithm, a root or a quotient."
    )


def _of_derivatives(model: keras.Model, real, step: int) -> str | None:
    """A sentence about the first weight whose gradient is not finite although all losses are."""
    minibatch = model.unpack(keras.tree.map_structure(keras.ops.convert_to_tensor, real))
    for player in model.schedule.players:
        if is_scaled(model.optimizer_of(player)):
            continue  # a loss-scaling optimizer skips such steps
        gradients, _ = model.look(player, minibatch)
        for gradient, weight in zip(gradients, model.variables_of(player), strict=True):
            if gradient is not None and not is_finite(gradient):
                return (
                    f"It comes from a derivative: at the weights of step {step} all losses are "
                    f"finite, but the {player}'s gradient is not, first at "
                    f"{one_line(weight.path)}: look there for a root, a norm or a logarithm at 0, "
                    f"which needs an epsilon."
                )
    return None


def _of_rates(model: keras.Model, good: GoodState | None, growth: float) -> str | None:
    """A sentence about the player whose weights grew most, or about losses that grew."""
    before = {} if good is None else dict(zip(map(id, model.variables), good.values, strict=True))
    grown = {}
    for player in model.schedule.players:
        weights = [v for v in model.variables_of(player) if id(v) in before]
        was = max((float(np.abs(before[id(v)]).max()) for v in weights), default=0.0)
        values = [np.abs(in_float32(v).astype("float64")) for v in weights]
        now = max((float(v[~np.isnan(v)].max(initial=0.0)) for v in values), default=0.0)
        grown[player] = (now / was if was else 1.0, was, now)
    player = max(grown, key=lambda name: grown[name][0])
    times, was, now = grown[player]
    if times < GROWN and growth < GROWN:
        return None
    rate = f"a learning rate of {_rate_of(model, player):.2g}"
    if times >= GROWN:
        told = f"the {player}'s largest weight went from {was:.2g} to {now:.2g} at {rate}"
        return (
            f"It comes from the learning rate: since step {good.step} {told}: use a smaller one "
            f"for the {model.optimizer_argument(player)}, or clipnorm=1.0."
        )
    return (
        f"It comes from a learning rate: the losses had already grown by a factor of {growth:.2g}. "
        f"Use smaller rates, or optimizers with clipnorm=1.0."
    )


def _unknown(model: keras.Model, real) -> str:
    """The sentence if no cause was found."""
    classes = getattr(model, "classes", None)
    labels = "" if classes is None else f", and labels that are not in [0, {classes})"
    if real is None:
        return f"The data could not be checked: check them for NaN or infinities{labels}."
    return (
        f"The first batch, the layers and the gradients are finite, and nothing had grown: check "
        f"later batches for outliers{labels}; then try smaller learning rates."
    )


def _rate_of(model: keras.Model, player: str) -> float:
    """The present learning rate of a player; NaN if it is unknown."""
    optimizer = model.optimizer_of(player)
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    with contextlib.suppress(Exception):  # a user's own optimizer may have none
        return float(keras.ops.convert_to_numpy(optimizer.learning_rate))
    return math.nan


@contextlib.contextmanager
def watching(model: keras.Model) -> Iterator[list]:
    """A scope that records the first layer whose outputs are not finite although its inputs are.

    Args:
        model: A model whose networks run eagerly.

    Yields:
        A list that then holds one tuple: the layer, its network and its inputs.
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
        for network in (getattr(model, name) for name in model.network_names):
            for layer in network._flatten_layers():
                if not isinstance(layer, (keras.Model, keras.layers.InputLayer)):
                    looking = functools.partial(watched, layer, network)
                    stack.enter_context(overridden(layer, looking))
        yield found
