"""Two replicas train every recipe as one does."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import toys
from tests.recipes.cases import CASES

STEPS = 3
OPTIONS = {  # two discriminator steps trace faster than five; a wide clip lets the critic move
    "WGAN": {"discriminator_steps": 2, "clip": 0.3},
    "WGANGP": {"discriminator_steps": 2},
}
DETERMINISTIC = [name for name in CASES if name != "CTGAN"]  # dropout draws per replica


def compiled(name, rate=0.05):
    gan = CASES[name].make(**OPTIONS.get(name, {}))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
    )
    return gan


def halves_of_one_spread(batch):
    """Batches whose second half is the first backwards: DRAGAN's σ is that of a replica's half."""
    return np.concatenate([batch[: len(batch) // 2], batch[: len(batch) // 2][::-1]])


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_two_replicas_take_the_steps_of_one(two_replicas, name):
    size = 16
    batches = np.split(toys.points(STEPS * size), STEPS)
    if name == "DRAGAN":
        batches = [halves_of_one_spread(batch) for batch in batches]
    data = tf.data.Dataset.from_tensor_slices(np.concatenate(batches)).batch(size)

    alone = compiled(name)
    start = [np.array(v) for v in alone.trainable_variables]
    history = alone.fit(data, verbose=0).history
    with two_replicas.scope():
        shared = compiled(name)
    shared_history = shared.fit(data, verbose=0).history
    for term in history:
        np.testing.assert_allclose(shared_history[term], history[term], rtol=2e-5, atol=1e-6)
    for one, other in zip(alone.variables, shared.variables, strict=True):
        if keras.backend.is_float_dtype(one.dtype):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=2e-6, err_msg=one.path)
    moved = [np.abs(v - s).max() for v, s in zip(alone.trainable_variables, start, strict=True)]
    assert np.median(moved) > 1e-3
