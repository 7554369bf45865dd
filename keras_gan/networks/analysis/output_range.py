"""The range of a network's outputs, found by trying its last layers on numbers."""

import dataclasses
import math
import warnings

import keras
import numpy as np
from keras import layers, ops

from keras_gan.layers.spectral_normalization import SpectralNormalization
from keras_gan.networks.analysis.last_layers import Place, Tail, is_graph
from keras_gan.networks.analysis.layer_trials import LayerTrial, bends, grid


@dataclasses.dataclass(frozen=True)
class Reach:
    """The interval that holds a network's outputs for all weights and inputs.

    Args:
        low: The lower end. Defaults to −∞.
        high: The upper end. Defaults to ∞.
        culprit: What comes after the last trainable weights and is not affine, in words for a
            message; `None` if all of it is affine.
    """

    low: float = -math.inf
    high: float = math.inf
    culprit: str | None = None


FREE = Reach()


def reach_of(network: keras.Model) -> Reach:
    """The range of a network's first output.

    A layer's output is free if the layer's own weights move it up and down without bound, or if it
    is affine in a free output of another layer. What follows the last such layers, such as Flatten,
    pooling, casts, sums or activations, is tried on numbers from −10⁴ to 10⁴: if it is affine in
    one of these layers' outputs, the network's output is free, too. A network that cannot be tried
    counts as free.

    Args:
        network: A built `keras.Model`.

    Returns:
        A `Reach`.

    Example:

    >>> squashed = keras.Sequential([keras.Input((2,)), layers.Dense(1), layers.ReLU(name="end")])
    >>> reach_of(squashed)
    Reach(low=0.0, high=inf, culprit="its layer 'end', a ReLU, bends it")
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about numbers that layers meet only in a trial
        try:
            if not is_graph(network):
                return _of_layer(network, LayerTrial.of_network(network))
            return _of_tail(Tail.of_network(network))
        except Exception:  # a layer that cannot be tried may be right
            return FREE


def _of_layer(layer, trial: LayerTrial) -> Reach:
    """The range of a layer with trainable weights."""
    inner = layer.layer if isinstance(layer, SpectralNormalization) else layer
    activation = getattr(inner, "activation", None)
    if type(inner).__module__.startswith("keras.") and callable(activation):  # applied last
        values = grid(trial.top)
        results = ops.convert_to_numpy(activation(ops.convert_to_tensor(values, "float32")))
        ends = _ends(values, results)
        return Reach(*ends, _applies(activation)) if bends(values, results) else FREE
    if trial.is_moved_by_weights():
        return FREE
    values, results, others = trial.under_weights()
    return _checked(Reach(*_ends(values, results), _bends(layer)), others)


def _of_source(source: Place) -> Reach:
    """The range of a layer with trainable weights in its place in the network, after others."""
    trial = source.trial()
    reach = _of_layer(source.operation, trial)
    if reach.culprit is None:
        return reach
    for tensor in filter(trial.passes_on, trial.inputs):
        before = _of_tail(Tail(Place(tensor, source.outer)))
        if before.culprit is None:  # scaled by a gate, for example
            return FREE
        if before.low < 0 < before.high and not trial.is_bounded(*trial.base()):
            return FREE  # the weights have one sign, as in a monotone layer
        reach = dataclasses.replace(reach, culprit=before.culprit)
    return reach


def _of_tail(tail: Tail) -> Reach:
    """The range of what a network computes from its last layers with weights."""
    before = [FREE if source.operation is None else _of_source(source) for source in tail.sources]
    if all(source.operation is None for source in tail.sources):
        return FREE  # a fixed function of the inputs, without weights
    if not tail.operations:
        return before[0]
    passed_on = [
        reach for reach, source in zip(before, tail.sources, strict=True) if tail.passes_on(source)
    ]
    if any(each.culprit is None for each in passed_on):
        return FREE
    culprit = passed_on[0].culprit if passed_on else _bends(tail.bending())
    try:
        ends = _ends_of_tail(tail, before)
        drawn = [_drawn(reach, tail.top, seed) for seed, reach in enumerate(before)]
        others = tail.on_all(np.stack(drawn, axis=-1), pattern=True)
    except FloatingPointError:  # in a logarithm, for example
        return Reach(culprit=culprit)
    return _checked(Reach(*ends, culprit), others)


def _ends_of_tail(tail: Tail, before: list[Reach]) -> tuple[float, float]:
    """The least and greatest results over all that the sources can be."""
    if len(before) > 1:
        return _ends_of_corners(tail, before)
    values = np.unique(np.clip(grid(tail.top), before[0].low, before[0].high))
    return _ends(values, tail.on(tail.sources[0], values), before[0])


def _checked(reach: Reach, others: np.ndarray) -> Reach:
    """The reach, made infinite if other results lie outside it, such as those of a softmax."""
    slack = 1e-2 * (others.max() - others.min()) + 1e-6
    holds = reach.low - slack <= others.min() and others.max() <= reach.high + slack
    return reach if holds else Reach(culprit=reach.culprit)


def _drawn(reach: Reach, top: float, seed: int) -> np.ndarray:
    """Numbers of many magnitudes within a reach, `(8,)`."""
    low, high = np.clip([reach.low, reach.high], -top, top)
    return np.clip(np.random.default_rng(seed).choice(grid(top), 8), low, high)


def _ends_of_corners(tail: Tail, before: list[Reach]) -> tuple[float, float]:
    """The least and greatest results over the corners of the sources' ranges."""
    if len(before) > 4:
        return -math.inf, math.inf
    found = []
    for top in (tail.top, tail.top / 2):
        ends = [np.clip([each.low, each.high], -top, top) for each in before]
        found.append(tail.on_all(np.stack(np.meshgrid(*ends), axis=-1).reshape(-1, len(before))))
    return _limits(*found)


def _ends(values: np.ndarray, results: np.ndarray, before: Reach = FREE) -> tuple[float, float]:
    """The least and greatest results for values within an interval."""
    if math.isfinite(before.low) and math.isfinite(before.high):
        return float(results.min()), float(results.max())
    return _limits(results, results[np.abs(values) <= np.abs(values).max() / 2])


def _limits(far: np.ndarray, near: np.ndarray) -> tuple[float, float]:
    """The least and greatest results; infinite if they still grow from near to far."""
    low, high = float(far.min()), float(far.max())
    least, most = (0.01 * max(abs(each), 1e-6) for each in (low, high))
    return (
        -math.inf if near.min() - low > least else low,
        math.inf if high - near.max() > most else high,
    )


def _applies(activation) -> str:
    return f"its last layer applies {getattr(activation, '__name__', str(activation))!r}"


def _bends(operation) -> str:
    kind = type(operation).__name__
    if isinstance(operation, layers.Activation):
        return _applies(operation.activation)
    if isinstance(operation, layers.Layer):
        article = "an" if kind[0] in "AEIO" else "a"
        return f"its layer {operation.name!r}, {article} {kind}, bends it"
    return f"its last operation applies {kind.lower()!r}"


def check_reach(role: str, network: keras.Model, samples) -> None:
    """Warns about a network whose range does not cover the data.

    Args:
        role: What it is called, such as `"generator"`.
        network: A built `keras.Model`.
        samples: Some of the data, or `None`.

    Warns:
        UserWarning: If the data exceed the network's range by more than 1 % of their own width.
    """
    if samples is None or not np.size(samples):
        return
    samples = np.asarray(samples)
    low, high = float(samples.min()), float(samples.max())
    reach, slack = reach_of(network), 0.01 * (high - low) + 1e-6
    if low < reach.low - slack or high > reach.high + slack:
        as_images = low >= -1.001 and high <= 1.001
        end = "activation='tanh'" if as_images else "a layer without activation"
        warnings.warn(
            f"The {role} makes only numbers {_interval(reach)}, but the data seen so far range "
            f"from {low:g} to {high:g}: end it with {end}, or rescale the data.",
            stacklevel=4,
        )


def _interval(reach: Reach) -> str:
    low, high = (f"{round(each, 3):g}" for each in (reach.low, reach.high))
    if math.isinf(reach.high):
        return f"of {low} and above"
    return f"of {high} and below" if math.isinf(reach.low) else f"from {low} to {high}"
