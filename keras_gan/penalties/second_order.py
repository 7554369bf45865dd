"""Whether a discriminator's input gradient can be differentiated by its weights."""

import functools
import threading
from collections.abc import Callable

import keras
from keras import layers

from keras_gan.penalties.differences import Finding
from keras_gan.penalties.network_calls import Call, layers_of
from keras_gan.penalties.probe import Probe

BACKEND = {"tensorflow": "TensorFlow", "jax": "JAX"}[keras.backend.backend()]
REMEDIES = {
    layers.LayerNormalization: (
        "Use kg.layers.LayerNormalization, which takes the same arguments and weights"
    ),
    layers.GroupNormalization: (
        "Use kg.layers.GroupNormalization, which takes the same arguments and weights"
    ),
    layers.BatchNormalization: "Use kg.layers.LayerNormalization, or leave it out",
}
OF_MOMENTS = (
    "The cause is a custom gradient, ops.stop_gradient, or TensorFlow's moments, which treat the "
    "mean inside the variance as a constant and are behind keras.ops.moments, layer_normalization "
    "and batch_normalization: use kg.layers.LayerNormalization, or write "
    "ops.mean(ops.square(x - ops.mean(x, axis, keepdims=True)), axis, keepdims=True)"
)
_found_right = set()  # likenesses of calls: equal layers are checked once per process
OF_RESIZING = (
    "keras.layers.UpSampling2D with interpolation='nearest', pooling, strided and transposed "
    "convolutions have one"
)
OF_OTHERS = (
    "Use another layer or activation, or write it in plain keras.ops, such as softsign as "
    "x / (1 + ops.abs(x))"
)


_checking = threading.RLock()


def _one_at_a_time(function: Callable) -> Callable:
    """Lets one thread at a time call the function, which changes what layers do for a while."""

    @functools.wraps(function)
    def alone(*args, **kwargs):
        with _checking:
            return function(*args, **kwargs)

    return alone


@_one_at_a_time
def check_second_order(discriminator: keras.Model) -> None:
    """Refuses a discriminator for which the gradient of a gradient penalty would be wrong.

    The check looks at what the layers do with a minibatch of distinct random samples in training:

    - A layer that normalizes the minibatch, such as batch normalization, is refused, because one
      sample's score then has no gradient of its own to penalise. A layer that is frozen, or called
      with `training=False`, does not couple samples and is allowed.
    - Samples may depend on each other otherwise, as by a standard deviation of the minibatch
      (Karras et al. 2017, arXiv 1710.10196): the penalty then takes, as in the authors' code, the
      gradient of the sum of the minibatch's scores. A discriminator that gives one score for
      several samples is refused.
    - The second derivatives of each layer and operation between samples and scores are compared
      with differences of first derivatives, in float64 if the layer computes in it. The
      discriminator is refused if they are wrong, as those of `keras.layers.LayerNormalization` or
      `keras.ops.moments` on TensorFlow, missing, as those of bilinear resizing there, or not
      finite, provided that the same is true of the whole discriminator's derivatives.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: Names the layer, the reason and what to use instead.

    Example:

    >>> x = keras.Input((4,))
    >>> h = keras.ops.layer_normalization(layers.Dense(8)(x))
    >>> try:
    ...     check_second_order(keras.Model(x, layers.Dense(1)(h)))
    ...     refused = False
    ... except ValueError as error:
    ...     refused = "second derivative" in str(error)
    >>> refused == (keras.backend.backend() == "tensorflow")
    True
    """
    probe = Probe(discriminator)
    if probe.packs:
        raise ValueError(
            f"The discriminator gives {len(probe.scores)} scores for {probe.samples} samples, but "
            f"a gradient penalty needs the gradient of each sample's own score. Leave the penalty "
            f"out, or give one score per sample."
        )
    for layer in probe.normalizing() if probe.couples else ():
        raise ValueError(
            f"The {_described(layer)} is not allowed in a discriminator with a gradient penalty: "
            f"it couples the samples of a batch, so that one sample's score has no gradient of its "
            f"own to penalise. Use kg.layers.LayerNormalization or "
            f"kg.layers.SpectralNormalization, leave the layer out, or freeze it by "
            f"trainable=False."
        )
    for call in _unlike(probe.calls):
        moving = probe.moved(call)
        if any(moving):
            _refuse(probe, call, moving, "a gradient penalty")


@_one_at_a_time
def check_mixed_derivatives(discriminator: keras.Model) -> None:
    """Refuses a discriminator for which the gradient of an unrolled game would be wrong.

    An unrolled game differentiates the gradient of the discriminator's weights once more, by
    samples and by weights. Samples may depend on each other in any way.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: Names the layer, the reason and what to use instead.
    """
    probe = Probe(discriminator)
    for call in _unlike(probe.calls):
        moving = [True] * len(call.inputs)
        for of_weights in (False, True):
            _refuse(probe, call, moving, "an unrolled game", of_weights)


def _unlike(calls: list[Call]) -> list[Call]:
    """Returns the calls of nodes; of those that differ in sizes alone, only the first."""
    found = {}
    for call in calls:
        if call.is_node and call.inputs:
            found.setdefault(call.likeness(), call)
    return list(found.values())


def _refuse(
    probe: Probe, call: Call, moving: list[bool], what: str, of_weights: bool = False
) -> None:
    """Refuses the discriminator if a call's second derivatives, and the whole network's, are wrong.

    Args:
        probe: The probe of the discriminator.
        call: One of its calls.
        moving: Which inputs move.
        what: What needs second derivatives, for the message.
        of_weights: As in `Probe.finding`.

    Raises:
        ValueError: If they are wrong, missing or not finite.
    """
    likeness = (call.likeness(), tuple(moving), of_weights)
    if likeness in _found_right:
        return
    finding = probe.finding(call, moving, of_weights)
    if finding.kind == "right" and isinstance(likeness[0], tuple):
        _found_right.add(likeness)
    if finding.kind in ("right", "unclear"):
        return
    if probe.whole(of_weights).kind == "right":
        return
    layer, finding = _innermost(probe, call, finding, of_weights)
    raise ValueError(
        f"{what[0].upper()}{what[1:]} needs second derivatives, but that of the "
        f"{_described(layer)} {_reason(finding)}. {_remedy(layer, finding)}."
    )


def _innermost(probe: Probe, call: Call, finding: Finding, of_weights: bool):
    """Returns the first inner operation of a call that is wrong by itself, and its finding."""
    inside = layers_of(call.operation)[1:]
    for inner in probe.calls:
        if any(inner.operation is each for each in inside) and inner.inputs:
            found = probe.finding(inner, [True] * len(inner.inputs), of_weights)
            if found.kind not in ("right", "unclear"):
                return inner.operation, found
    return call.operation, finding


def _described(operation: keras.Operation) -> str:
    """Returns the kind and the name of an operation, such as "Dense layer 'scores'"."""
    kind = "layer" if isinstance(operation, keras.Layer) else "operation"
    detail = getattr(operation, "interpolation", None)
    activation = getattr(operation, "activation", None)
    if isinstance(operation, layers.Activation) and activation is not None:
        detail = getattr(activation, "__name__", None)
    detail = f" ({detail})" if isinstance(detail, str) else ""
    return f"{type(operation).__name__} {kind} {operation.name!r}{detail}"


def _reason(finding: Finding) -> str:
    """Returns what is wrong, for the message."""
    if finding.kind == "none":
        return f"does not exist in {BACKEND} ({finding.text})"
    return {
        "wrong": f"is wrong in {BACKEND}, compared with finite differences",
        "missing": f"is missing in {BACKEND}, which omits it silently",
        "not finite": "is not finite",
    }[finding.kind]


def _remedy(operation: keras.Operation, finding: Finding) -> str:
    """Returns what to use instead, for the message."""
    for kind, advice in REMEDIES.items():
        if isinstance(operation, kind):
            return advice
    if finding.kind == "not finite":
        return "Add a small constant inside its roots and divisions, such as ops.sqrt(x + 1e-8)"
    if finding.kind == "wrong":
        return OF_MOMENTS if BACKEND == "TensorFlow" else "Let nothing in it stop a gradient"
    return OF_RESIZING if hasattr(operation, "interpolation") else OF_OTHERS
