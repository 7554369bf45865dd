"""The law of dropout: Bernoulli masks, the mean kept, shared along the axes that say so."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.layers import Dropout
from tests import toys


def dropped(rate, shape, **options):
    return np.asarray(Dropout(rate, seed=0, **options)(keras.ops.ones(shape), training=True))


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_a_share_is_dropped_and_the_rest_scaled(rate):
    y = dropped(rate, (100, 1000))
    values = np.unique(y)
    np.testing.assert_allclose(values, [0, 1 / (1 - rate)], rtol=1e-6)
    assert (y == 0).mean() == pytest.approx(rate, abs=5 * (rate * (1 - rate) / 1e5) ** 0.5)
    for axis in (0, 1):
        assert len(np.unique(y.mean(axis=axis))) > 1


def test_all_or_nothing():
    assert not dropped(1.0, (4, 5)).any()
    assert dropped(0.0, (4, 5)).all()
    x = keras.ops.ones((4, 5))
    assert np.asarray(Dropout(0.5)(x, training=False)).all()


@pytest.mark.parametrize("noise_shape", [(None, 1, None), (None, None, 1), (1, None, None)])
def test_axes_of_length_one_share_the_mask(noise_shape):
    y = dropped(0.5, (20, 30, 40), noise_shape=noise_shape)
    shared = noise_shape.index(1)
    np.testing.assert_array_equal(y, np.take(y, [0], axis=shared) * np.ones_like(y))
    for axis in {0, 1, 2} - {shared}:
        assert np.abs(np.diff(y, axis=axis)).max() > 0


def test_training_on_batches_of_unknown_length():
    """61 points in batches of 12: the last one has a single point."""
    discriminator = kg.networks.mlp_discriminator(width=8, depth=2, dropout=0.3)
    gan = kg.GAN(toys.generator(), discriminator, seed=0)
    gan.compile()
    history = gan.fit(toys.points(61), batch_size=12, verbose=0).history
    assert np.isfinite(history["discriminator_loss"]).all()
