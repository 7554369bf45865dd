"""Which numbers a network can give, by what its last layers do to numbers that they are shown."""

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
    """The interval in which a network's numbers lie, whatever its weights and inputs are.

    Args:
        low: The lower end, −∞ for none.
        high: The upper end, ∞ for none.
        culprit: What stands behind the last trainable weights and is not affine, in words for a
            message; `None` where nothing does.
    """

    low: float = -math.inf
    high: float = math.inf
    culprit: str | None = None


FREE = Reach()


def reach_of(network: keras.Model) -> Reach:
    """What the first output of a network can be.

    A layer whose own weights move its numbers up and down without end can give any, and so can one
    that is affine in the numbers of another that can. What follows the last such layers, such as
    Flatten, pooling, casts, sums or activations, is tried on numbers from −10⁴ to 10⁴: where it is
    affine in one of these layers' numbers, the network can give any, too. What cannot be tried
    passes for free.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> squashed = keras.Sequential([keras.Input((2,)), layers.Dense(1), layers.ReLU(name="end")])
    >>> reach_of(squashed)
    Reach(low=0.0, high=inf, culprit="its layer 'end', a ReLU, bends it")
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of numbers that only a trial shows to layers
        try:
            if not is_graph(network):
                return _of_layer(network, LayerTrial.of_network(network))
            return _of_tail(Tail.of_network(network))
        except Exception:  # of layers that no trial fits, which may be right
            return FREE


def _of_layer(layer, trial: LayerTrial) -> Reach:
    """What a layer with trainable weights can give."""
    inner = layer.layer if isinstance(layer, SpectralNormalization) else layer
    activation = getattr(inner, "activation", None)
    if type(inner).__module__.startswith("keras.") and callable(activation):  # is applied last
        values = grid(trial.top)
        results = ops.convert_to_numpy(activation(ops.convert_to_tensor(values, "float32")))
        ends = _ends(values, results)
        return Reach(*ends, _applies(activation)) if bends(values, results) else FREE
    if trial.is_moved_by_weights():
        return FREE
    values, results, others = trial.under_weights()
    return _checked(Reach(*_ends(values, results), _bends(layer)), others)


def _of_source(source: Place) -> Reach:
    """What a layer with trainable weights can give where it stands, behind others."""
    trial = source.trial()
    reach = _of_layer(source.operation, trial)
    if reach.culprit is None:
        return reach
    for tensor in filter(trial.passes_on, trial.inputs):
        before = _of_tail(Tail(Place(tensor, source.outer)))
        if before.culprit is None:  # which a gate, for one, scales
            return FREE
        if before.low < 0 < before.high and not trial.is_bounded(*trial.base()):
            return FREE  # by weights of one sign, as of a monotone layer
        reach = dataclasses.replace(reach, culprit=before.culprit)
    return reach


def _of_tail(tail: Tail) -> Reach:
    """What a network's last layers make of the numbers of its last layers with weights."""
    before = [FREE if source.operation is None else _of_source(source) for source in tail.sources]
    if all(source.operation is None for source in tail.sources):
        return FREE  # a given function of the inputs, without weights
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
    except FloatingPointError:  # of a logarithm, say
        return Reach(culprit=culprit)
    return _checked(Reach(*ends, culprit), others)


def _ends_of_tail(tail: Tail, before: list[Reach]) -> tuple[float, float]:
    """The least and greatest results of all that the sources can give."""
    if len(before) > 1:
        return _ends_of_corners(tail, before)
    values = np.unique(np.clip(grid(tail.top), before[0].low, before[0].high))
    return _ends(values, tail.on(tail.sources[0], values), before[0])


def _checked(reach: Reach, others: np.ndarray) -> Reach:
    """The reach, without ends where other results leave it: those of a softmax, say."""
    slack = 1e-2 * (others.max() - others.min()) + 1e-6
    holds = reach.low - slack <= others.min() and others.max() <= reach.high + slack
    return reach if holds else Reach(culprit=reach.culprit)


def _drawn(reach: Reach, top: float, seed: int) -> np.ndarray:
    """Numbers within a reach, `(8,)`, of many sizes."""
    low, high = np.clip([reach.low, reach.high], -top, top)
    return np.clip(np.random.default_rng(seed).choice(grid(top), 8), low, high)


def _ends_of_corners(tail: Tail, before: list[Reach]) -> tuple[float, float]:
    """The least and greatest results where the numbers of all sources are at their ends."""
    if len(before) > 4:
        return -math.inf, math.inf
    found = []
    for top in (tail.top, tail.top / 2):
        ends = [np.clip([each.low, each.high], -top, top) for each in before]
        found.append(tail.on_all(np.stack(np.meshgrid(*ends), axis=-1).reshape(-1, len(before))))
    return _limits(*found)


def _ends(values: np.ndarray, results: np.ndarray, before: Reach = FREE) -> tuple[float, float]:
    """The least and greatest results, by values within an interval."""
    if math.isfinite(before.low) and math.isfinite(before.high):
        return float(results.min()), float(results.max())
    return _limits(results, results[np.abs(values) <= np.abs(values).max() / 2])


def _limits(far: np.ndarray, near: np.ndarray) -> tuple[float, float]:
    """The least and greatest results; infinite where they still grow from near to far."""
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
    """Warns of a network whose numbers cannot be those of the data.

    Args:
        role: What it is called, such as `"generator"`.
        network: A built `keras.Model`.
        samples: The data that were looked at, or `None`.

    Warns:
        UserWarning: Where the data leave its reach by more than a hundredth of their width.
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
            f"The {role} makes numbers {_interval(reach)} alone, and the data looked at go from "
            f"{low:g} to {high:g}: end it with {end}, or rescale the data.",
            stacklevel=4,
        )


def _interval(reach: Reach) -> str:
    low, high = (f"{round(each, 3):g}" for each in (reach.low, reach.high))
    if math.isinf(reach.high):
        return f"of {low} and above"
    return f"of {high} and below" if math.isinf(reach.low) else f"from {low} to {high}"
