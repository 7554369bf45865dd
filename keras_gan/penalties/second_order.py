"""Whether a discriminator's input gradient can be differentiated by its weights."""

import functools
import threading
from collections.abc import Callable

import keras
from keras import layers

from keras_gan.penalties.calls import Call, layers_of
from keras_gan.penalties.differences import Finding
from keras_gan.penalties.probe import Probe

BACKEND = {"tensorflow": "TensorFlow", "jax": "JAX"}[keras.backend.backend()]
REMEDIES = {
    layers.LayerNormalization: (
        "Use kg.layers.LayerNormalization, which takes the same arguments and weights"
    ),
    layers.GroupNormalization: (
        "Use kg.layers.GroupNormalization, which takes the same arguments and weights"
    ),
    layers.BatchNormalization: "Use kg.layers.LayerNormalization or no normalization",
}
OF_MOMENTS = (
    "A custom gradient or ops.stop_gradient does that, and so do TensorFlow's moments, and thereby "
    "keras.ops.moments, layer_normalization and batch_normalization, which hold the mean inside "
    "the variance constant: use kg.layers.LayerNormalization, or write "
    "ops.mean(ops.square(x - ops.mean(x, axis, keepdims=True)), axis, keepdims=True)"
)
_found_right = set()  # likenesses of calls, so that equal layers are looked at once a process
OF_RESIZING = (
    "keras.layers.UpSampling2D with interpolation='nearest', pooling, strided and transposed "
    "convolutions have one"
)
OF_OTHERS = (
    "Take another layer or activation, or write it in plain keras.ops, as softsign is "
    "x / (1 + ops.abs(x))"
)


_checking = threading.RLock()


def _one_at_a_time(function: Callable) -> Callable:
    """The function, for which other threads wait: it changes what layers do, for a while."""

    @functools.wraps(function)
    def alone(*args, **kwargs):
        with _checking:
            return function(*args, **kwargs)

    return alone


@_one_at_a_time
def check_second_order(discriminator: keras.Model) -> None:
    """Refuses a discriminator through which a gradient penalty's gradient would come out wrong.

    Decided by what layers do, on a minibatch of distinct random samples in training:

    - A layer that normalizes the minibatch, such as batch normalization, is refused: there is no
      gradient of one sample's score to penalise. Frozen, or called with `training=False`, it
      couples nothing and may stand.
    - Samples may be coupled otherwise, as by a deviation of the minibatch (Karras et al. 2017,
      arXiv 1710.10196): the penalty then sees, as in the authors' code, the gradient of the sum of
      the minibatch's scores. A discriminator that gives one score for several samples is refused.
    - The second derivatives of each layer and operation between samples and scores are compared
      with differences of first ones, in float64 where it computes in it. Wrong ones, such as those
      of `keras.layers.LayerNormalization` or `keras.ops.moments` on TensorFlow, missing ones, such
      as those of bilinear resizing there, and such as are not finite are refused, as long as the
      discriminator's own are so too.

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
            f"The discriminator gives {len(probe.scores)} scores for {probe.samples} samples, and "
            f"a gradient penalty is on the gradient of each sample's own score. Leave the penalty "
            f"out, or give one score a sample."
        )
    for layer in probe.normalizing() if probe.couples else ():
        raise ValueError(
            f"The {_described(layer)} cannot stand in a discriminator with a gradient penalty: it "
            f"couples the samples of a batch, so that there is no gradient of one sample's score "
            f"to penalise. Use kg.layers.LayerNormalization, kg.layers.SpectralNormalization or no "
            f"normalization, or freeze it by trainable=False."
        )
    for call in unlike(probe.calls):
        moving = probe.moved(call)
        if any(moving):
            _refuse(probe, call, moving, "a gradient penalty")


@_one_at_a_time
def check_mixed_derivatives(discriminator: keras.Model) -> None:
    """Refuses a discriminator through whose weights' gradient one differentiates wrongly.

    That is what an unrolled game does, by samples and by weights. Samples may be coupled in any
    way.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: Names the layer, the reason and what to use instead.
    """
    probe = Probe(discriminator)
    for call in unlike(probe.calls):
        moving = [True] * len(call.inputs)
        for of_weights in (False, True):
            _refuse(probe, call, moving, "an unrolled game", of_weights)


def unlike(calls: list[Call]) -> list[Call]:
    """The nodes' calls, one of those that differ in sizes alone: the first of the smallest."""
    found = {}
    for call in calls:
        if call.is_node and call.inputs:
            found.setdefault(call.likeness(), call)
    return list(found.values())


def _refuse(
    probe: Probe, call: Call, moving: list[bool], what: str, of_weights: bool = False
) -> None:
    """Refuses the discriminator where a call's second derivatives and its own are not right.

    Args:
        probe: The discriminator's.
        call: One of its calls.
        moving: Which inputs move.
        what: Who differentiates twice.
        of_weights: As `Probe.finding` takes it.

    Raises:
        ValueError: Then.
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
        f"{what[0].upper()}{what[1:]} needs second derivatives, and that of the "
        f"{_described(layer)} {reason(finding)}. {_remedy(layer, finding)}."
    )


def _innermost(probe: Probe, call: Call, finding: Finding, of_weights: bool):
    """The first operation within a call's that is not right by itself, and what is found of it."""
    inside = layers_of(call.operation)[1:]
    for inner in probe.calls:
        if any(inner.operation is each for each in inside) and inner.inputs:
            found = probe.finding(inner, [True] * len(inner.inputs), of_weights)
            if found.kind not in ("right", "unclear"):
                return inner.operation, found
    return call.operation, finding


def _described(operation: keras.Operation) -> str:
    """What and whose an operation is, such as "Dense layer 'scores'"."""
    kind = "layer" if isinstance(operation, keras.Layer) else "operation"
    detail = getattr(operation, "interpolation", None)
    activation = getattr(operation, "activation", None)
    if isinstance(operation, layers.Activation) and activation is not None:
        detail = getattr(activation, "__name__", None)
    detail = f" ({detail})" if isinstance(detail, str) else ""
    return f"{type(operation).__name__} {kind} {operation.name!r}{detail}"


def reason(finding: Finding) -> str:
    """How it is not right."""
    if finding.kind == "none":
        return f"does not exist in {BACKEND} ({finding.text})"
    return {
        "wrong": f"is wrong in {BACKEND}, compared with finite differences",
        "missing": f"is missing in {BACKEND}, which leaves it out silently",
        "not finite": "is not finite, as the check of it found",
    }[finding.kind]


def _remedy(operation: keras.Operation, finding: Finding) -> str:
    """What to use instead."""
    for kind, advice in REMEDIES.items():
        if isinstance(operation, kind):
            return advice
    if finding.kind == "not finite":
        return "Add a small constant inside its roots and divisions, such as ops.sqrt(x + 1e-8)"
    if finding.kind == "wrong":
        return OF_MOMENTS if BACKEND == "TensorFlow" else "Let nothing in it stop a gradient"
    return OF_RESIZING if hasattr(operation, "interpolation") else OF_OTHERS
