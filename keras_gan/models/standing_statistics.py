"""Statistics of batch normalization, computed anew over many batches of latent vectors."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import checked_seed
from keras_gan.labels.values import in_turn
from keras_gan.networks.class_labels import with_labels


def standing_statistics(
    model,
    batches: int,
    batch_size: int,
    seed: int,
    average: bool,
    labels=None,
    truncation: float | None = None,
) -> None:
    """Replaces the moving statistics of a model's batch normalization by those of many batches.

    Args:
        model: A model or a preset that makes samples of latent vectors.
        batches: As in `Sampling.standing_statistics`, like all others.
        batch_size: Likewise.
        seed: Likewise.
        average: Likewise.
        labels: Likewise.
        truncation: Likewise.

    Raises:
        ValueError: For a network without batch normalization, or a number out of its range.
    """
    batches, seed = whole("batches", batches), checked_seed(seed)
    batch_size, network = whole("batch_size", batch_size, least=2), model.sample_network()
    layers = [layer for layer in network._flatten_layers() if _has_statistics(layer)]
    if not layers:
        raise ValueError(
            f"The network {network.name!r} has no batch normalization whose statistics move: there "
            f"is nothing to compute anew."
        )
    n = batches * batch_size
    z, *labels = model.drawn_inputs(n, seed, in_turn(labels, n), truncation)
    if labels:
        labels = [np.random.default_rng(seed).permutation(labels[0])]  # all classes in a batch
    statistics = [s for layer in layers for s in (layer.moving_mean, layer.moving_variance)]
    totals = [np.zeros(tuple(each.shape)) for each in statistics]
    with model.holding(average), _kept(network), _one_batch(layers):
        for start in range(0, len(z), batch_size):
            part = [each[start : start + batch_size] for each in (z, *labels)]
            given = [ops.convert_to_tensor(each) for each in part]
            network(with_labels(given[0], given[1] if labels else None), training=True)
            for total, each in zip(totals, statistics, strict=True):
                total += ops.convert_to_numpy(each).astype("float64")
    for target, total in zip(_targets(model, statistics, average), totals, strict=True):
        target.assign(ops.cast(ops.convert_to_tensor(total / batches), target.dtype))


def _has_statistics(layer: keras.layers.Layer) -> bool:
    """Whether a layer normalises by statistics of the batch, which it moves in training."""
    names = ("moving_mean", "moving_variance", "momentum")
    return layer.trainable and all(hasattr(layer, name) for name in names)


def _targets(model, statistics: list, average: bool) -> list[keras.Variable]:
    """The variables that hold the statistics: those of the network, or their averages."""
    kept = model.average if average else None
    if kept is None or not int(ops.convert_to_numpy(kept.updates)):
        return statistics
    averages = {id(s): a for s, a in zip(kept.sources(), kept.averages, strict=True)}
    return [averages[id(each)] for each in statistics]


@contextlib.contextmanager
def _one_batch(layers: list) -> Iterator[None]:
    """A scope in which moving statistics are those of the last batch."""
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        for each in (layer.moving_mean, layer.moving_variance):
            each.assign(np.zeros(tuple(each.shape)))  # 0 · NaN would stay NaN
        layer.momentum = 0.0
    try:
        yield
    finally:
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum


@contextlib.contextmanager
def _kept(network: keras.Model) -> Iterator[None]:
    """A scope that leaves a network's state as it was, also of layers that draw random numbers."""
    trained = {id(variable) for variable in network.trainable_variables}
    state = [variable for variable in network.variables if id(variable) not in trained]
    before = [np.array(ops.convert_to_numpy(ops.convert_to_tensor(each))) for each in state]
    try:
        yield
    finally:
        for variable, value in zip(state, before, strict=True):
            variable.assign(value)
