"""FastGAN's images, its reconstruction and its draws on replicas."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from tests.backend import BACKEND
from tests.distribution.games import descending, distance, mirrored, unequal_replicas

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(BACKEND != "tensorflow", reason="of TensorFlow's MirroredStrategy"),
]
SHAPE = (16, 24, 1)


def played(replicas: int):
    """A few steps of SGD, with statistics of batch normalization that replicas share."""
    images = np.random.default_rng(0).uniform(-1, 1, (24, *SHAPE)).astype("float32")
    with mirrored(replicas).scope() if replicas > 1 else contextlib.nullcontext():
        keras.utils.set_random_seed(3)
        gan = kg.FastGAN(
            kg.networks.fastgan_generator(SHAPE, latent_dim=4, width=2),
            kg.networks.fastgan_discriminator(SHAPE, width=2, grids=True),
            reconstruction="l1",
            average=0.9,
            seed=5,
        )
        for network in (gan.generator, gan.discriminator):
            for layer in network.layers:
                if isinstance(layer, keras.layers.BatchNormalization):
                    layer.synchronized = True
        descending(gan, rate=1e-3)
    batches = tf.data.Dataset.from_tensor_slices(images).batch(8)
    return gan, gan.fit(batches, verbose=0).history


def test_replicas_take_the_steps_of_one():
    gan, history = played(1)
    shared, shared_history = played(2)
    for term, (value,) in history.items():
        assert shared_history[term][0] == pytest.approx(value, rel=1e-4, abs=1e-6), term
    path, furthest = distance(gan, shared)
    assert furthest < 1e-4, path
    assert unequal_replicas(shared) == []
