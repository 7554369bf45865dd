"""Replicas get slices of the global batch's data and random numbers, and never share any."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.parallel.global_batch import (
    ReplicaPart,
    holding,
    part_of_replica,
    standard_deviation,
)
from keras_gan.parallel.random_numbers import Draws
from keras_gan.training.schedules import alternating
from tests.backend import BACKEND
from tests.distribution.games import mirrored

of_tensorflow = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="of TensorFlow's MirroredStrategy; JAX's: tests/backends"
)

LASTS = [13, 3, 30, 32]  # of 32: slices of 4 4 4 1, of 1 1 1 0, of 8 8 8 6, of 8 8 8 8


def on_replicas(strategy, n, function):
    """`function(x)` on every replica's slice of one batch of n numbers 0, 1, 2, …"""
    x = np.arange(n, dtype="float32")[:, None]
    dataset = tf.data.Dataset.from_tensor_slices(x).batch(32)
    step = tf.function(lambda batch: strategy.run(function, (batch,)))
    parts = step(next(iter(strategy.experimental_distribute_dataset(dataset))))
    return [np.asarray(part) for part in strategy.experimental_local_results(parts)]


@of_tensorflow
@pytest.mark.parametrize("n", LASTS)
def test_replicas_never_see_the_same_z(n):
    """Together they see the z of one device, each row once, however the batch is cut."""
    strategy = mirrored(4)
    with strategy.scope():
        draws = Draws(5)

    def latent(x):
        part = part_of_replica(tf.shape(x)[0])
        with holding(part):
            return draws.normal((part.rows, 3))[: part.size]

    z = np.concatenate(on_replicas(strategy, n, latent))
    np.testing.assert_array_equal(z, Draws(5).normal((n, 3)))
    assert len(np.unique(z, axis=0)) == n


@of_tensorflow
def test_a_layer_that_sees_real_and_fake_rows_together_draws_rows_of_its_own():
    strategy = mirrored(4)
    with strategy.scope():
        draws = Draws(5)

    def latent(x):
        with holding(part_of_replica(tf.shape(x)[0])):
            return draws.normal((2 * tf.shape(x)[0], 3))

    z = np.concatenate(on_replicas(strategy, 13, latent))
    assert len(np.unique(z, axis=0)) == len(z) == 26


@pytest.mark.parametrize("n", LASTS)
@pytest.mark.parametrize("k", [2, 5])
def test_replicas_deal_together_what_one_deals(n, k):
    x, schedule = np.arange(n), alternating(k)
    minibatches = [part for _, part in schedule.deal(tf.constant(x), ReplicaPart(0, n, n))]
    ends = np.minimum(np.arange(5) * -(-n // 4), n)
    slices = [ReplicaPart(a, b - a, n) for a, b in itertools.pairwise(ends)]
    dealt = [schedule.deal(tf.constant(x[s.start :][: s.size]), s) for s in slices]
    of_replicas = [schedule.replica_parts(s) for s in slices]
    for move, minibatch in enumerate(minibatches):
        parts = [np.asarray(replica[move][1]) for replica in dealt]
        np.testing.assert_array_equal(np.concatenate(parts), minibatch)
        np.testing.assert_array_equal(minibatch, x[min(move % k, n - 1) :: k])
        for replica, part in zip(of_replicas, parts, strict=True):
            assert int(replica[move].size) == len(part)
            assert int(replica[move].total) == len(minibatch)
        starts = np.cumsum([0, *map(len, parts)])[:-1]
        assert [int(replica[move].start) for replica in of_replicas] == starts.tolist()


@of_tensorflow
@pytest.mark.parametrize("n", [13, 3])
def test_the_standard_deviation_is_that_of_the_global_batch(n):
    strategy = mirrored(4)

    def spread(x):
        part = part_of_replica(tf.shape(x)[0])
        with holding(part):
            return standard_deviation(part.filled(1000.0 + x))

    parts = on_replicas(strategy, n, spread)
    np.testing.assert_allclose(parts, [np.arange(n).std()] * 4, rtol=1e-5)


@of_tensorflow
@pytest.mark.parametrize("n", [13, 32])
def test_our_dropout_drops_what_one_device_drops(n):
    strategy = mirrored(4)
    with strategy.scope():
        layer = kg.layers.Dropout(0.5, seed=2)

    def kept(x):
        with holding(part_of_replica(tf.shape(x)[0])):
            return layer(tf.ones((tf.shape(x)[0], 6)), training=True)

    masks = np.concatenate(on_replicas(strategy, n, kept))
    np.testing.assert_array_equal(
        masks, kg.layers.Dropout(0.5, seed=2)(tf.ones((n, 6)), training=True)
    )
    assert len(np.unique(masks[:8:4], axis=0)) == 2  # a mask of its own on each replica
