"""Two replicas take the steps of one, game by game."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.backend import BACKEND
from tests.distribution.games import distance, mirrored, unequal_replicas
from tests.games.cases import GAMES, NEW
from tests.slow import thorough_but

pytestmark = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="of TensorFlow's MirroredStrategy; JAX's: tests/backends"
)

STEPS, BATCH, LAST = 8, 16, 5


def data(name):
    last = LAST - LAST % (2 * GAMES[name].multiple) if GAMES[name].multiple > 1 else LAST
    parts = GAMES[name].data((STEPS - 1) * BATCH + last)
    return tf.data.Dataset.from_tensor_slices(parts if len(parts) > 1 else parts[0]).batch(BATCH)


def descending(name):
    game = unnormalized(GAMES[name].make(average=0.9))
    game.compile(**GAMES[name].optimizers(lambda: keras.optimizers.SGD(0.02)))
    return game


def unnormalized(game):
    """Batch normalization sees what a replica has: here it normalizes nothing."""
    for layer in game._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    return game


@pytest.mark.parametrize("name", thorough_but(["BiGAN"], NEW))
def test_replicas_take_the_steps_of_one(name):
    alone = descending(name)
    trained = [v for player in alone.schedule.players for v in alone.variables_of(player)]
    start = [np.array(v) for v in trained]
    history = alone.fit(data(name), verbose=0).history
    with mirrored(2).scope():
        shared = descending(name)
    shared_history = shared.fit(data(name), verbose=0).history
    assert shared_history.keys() == history.keys()
    for term, (value,) in history.items():
        assert shared_history[term][0] == pytest.approx(value, rel=2e-5, abs=1e-6), term
    path, furthest = distance(alone, shared)
    assert furthest < 2e-5, path
    assert unequal_replicas(shared) == []
    moved = [np.abs(v - s).max() for v, s in zip(trained, start, strict=True)]
    assert np.median(moved) > 1e-3
