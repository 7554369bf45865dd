"""Looks, before training, at what transforms do to samples and to gradients."""

import numpy as np
from keras import ops

from keras_gan.augment.transform import UNKNOWN, Transform
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws

SAMPLES = 4  # that are tried


def check_transforms(transforms: list[Transform], sample_shape: tuple, second_order: bool) -> None:
    """Refuses transforms that change shapes or pass no gradient.

    All are tried in a row; if that fails, each by itself, to name the one.

    Args:
        transforms: In their order.
        sample_shape: As in `Transform.check`.
        second_order: As in `Augmentation.prepare`.

    Raises:
        ValueError: Names the transform, and says what to do.
    """
    error = None
    try:
        if _trouble(transforms, sample_shape, second_order) is None:
            return
    except Exception as failed:  # such as one that takes no whole numbers from the one before it
        error = failed
    for each in transforms:
        trouble = _trouble([each], sample_shape, second_order)
        if trouble is not None:
            raise ValueError(f"The transform {_name_of(each)} {trouble}")
    if error is not None:
        raise error


def _name_of(transform: Transform) -> str:
    """The name of a transform's layer, or that of its class."""
    layer = getattr(transform, "layer", None)
    return type(transform).__name__ if layer is None else f"by the layer {layer.name!r}"


def _trouble(transforms: list[Transform], sample_shape: tuple, second_order: bool) -> str | None:
    """What is wrong with transforms in a row; `None` if nothing is."""
    rng = np.random.default_rng(0)
    shape = (SAMPLES, *(size or UNKNOWN for size in sample_shape))
    x, other, weights, direction = rng.uniform(-1, 1, (4, *shape)).astype("float32")
    draws = Draws(0, "augmentation check")
    drawn = [t.draw(shape, draws, 1.0) for t in transforms]

    def function(x):
        for transform, own in zip(transforms, drawn, strict=True):
            x = transform.apply(x, own)
        return x

    y = function(ops.convert_to_tensor(x))
    if tuple(y.shape) != shape:
        return (
            f"turns samples of shape {shape[1:]} into {tuple(y.shape[1:])}: it must keep their "
            f"shape."
        )
    moved = ops.convert_to_numpy(function(ops.convert_to_tensor(other)))
    moved = np.abs(moved - ops.convert_to_numpy(y)).reshape(SAMPLES, -1).max(axis=1)

    def score(x):
        return ops.sum(ops.cast(function(x), "float32") * weights)

    slope = _array(autodiff.input_gradient(score, ops.convert_to_tensor(x)), shape)
    if not np.isfinite(slope).all():
        return (
            "has a gradient that is not finite: look for a root or a division without a small "
            "constant inside."
        )
    lost = np.abs(slope).reshape(SAMPLES, -1).max(axis=1) == 0
    if (lost & (moved > 1e-6)).any():
        return (
            "passes no gradient to its input, from which the generator learns: leave out what "
            "rounds, compares or casts to integers, or augment the data by "
            "kg.data.batches(augment=…)."
        )
    if second_order and not _has_second_order(score, x, direction, slope):
        return (
            "has a gradient that cannot be differentiated again, as penalties on gradients do: "
            "leave it or these out, or take kg.penalties.FiniteDifferenceR1."
        )
    return None


def _has_second_order(score, x, direction, slope) -> bool:
    """Whether ∂/∂c of ⟨v, c ∇score(x)⟩ is ⟨v, ∇score(x)⟩, as it must be."""
    expected = float(np.sum(slope * direction))

    def along(c):
        gradient = autodiff.input_gradient(
            lambda x: ops.sum(c) * score(x), ops.convert_to_tensor(x)
        )
        return ops.sum(gradient * direction)

    try:
        found = autodiff.input_gradient(along, ops.ones((1, 1)))
    except (LookupError, ValueError, TypeError):  # TensorFlow's, where there is none
        return False
    found = float(_array(found, (1, 1))[0, 0])
    return abs(found - expected) <= 1e-3 * (np.abs(slope * direction).sum() + 1e-12)


def _array(gradient, shape: tuple) -> np.ndarray:
    """The gradient, or zeros where a backend has `None`."""
    return np.zeros(shape) if gradient is None else ops.convert_to_numpy(gradient)
