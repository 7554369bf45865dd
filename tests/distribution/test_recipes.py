"""1, 2 and 4 replicas take the same steps, recipe by recipe."""

import contextlib
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests import toys
from tests.backend import BACKEND
from tests.distribution.games import descending, distance, make, mirrored, state, unequal_replicas
from tests.recipes.cases import CASES
from tests.slow import thorough_but

pytestmark = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="of TensorFlow's MirroredStrategy; JAX's: tests/backends"
)

STEPS, BATCH = 20, 32
LAST = 13  # four replicas get 4, 4, 4 and 1 of the last batch; the two discriminator steps 7 and 6


def data(name):
    x, *labels = CASES[name].data((STEPS - 1) * BATCH + LAST)
    return tf.data.Dataset.from_tensor_slices((x, *labels) if labels else x).batch(BATCH)


@functools.cache
def alone(name):
    gan = descending(make(name))
    start = [np.array(v) for v in gan.trainable_variables]
    history = gan.fit(data(name), verbose=0).history
    return gan, history, start


def check(name, replicas):
    gan, history, start = alone(name)
    with mirrored(replicas).scope():
        shared = descending(make(name))
    shared_history = shared.fit(data(name), verbose=0).history
    assert shared_history.keys() == history.keys()
    for term, (value,) in history.items():
        assert shared_history[term][0] == pytest.approx(value, rel=1e-5, abs=1e-6), term
    path, furthest = distance(gan, shared)
    assert furthest < 1e-5, path
    assert unequal_replicas(shared) == []
    moved = [np.abs(v - s).max() for v, s in zip(gan.trainable_variables, start, strict=True)]
    assert np.median(moved) > 1e-3
    assert shared.optimizer["generator"].iterations.numpy() == STEPS


ALWAYS = [  # dropout, the minibatch's σ, spectral vectors. The rest is slow.
    ("CTGAN", 2),
    ("DRAGAN", 2),
    ("SNGAN", 2),
    ("ReACGAN", 2),  # embeddings of all replicas
]


@pytest.mark.parametrize(("name", "replicas"), thorough_but([("SNGAN", 2)], ALWAYS))
def test_replicas_take_the_steps_of_one(name, replicas):
    check(name, replicas)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_any_number_of_replicas_takes_the_steps_of_one(name):
    for replicas in (2, 4):
        if (name, replicas) not in ALWAYS:
            check(name, replicas)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "clipping", [{"clipnorm": 0.05}, pytest.param({"clipvalue": 0.01}, marks=pytest.mark.slow)]
)
def test_clipping_and_gradient_norms_are_those_of_the_global_batch(clipping):
    """Keras clips what each replica has, before it sums."""
    games = []
    for replicas in (1, 2):
        with mirrored(replicas).scope() if replicas > 1 else contextlib.nullcontext():
            gan = make("R3GAN")
            players = ("generator", "discriminator")
            sgd = {f"{p}_optimizer": keras.optimizers.SGD(0.5, **clipping) for p in players}
            gan.compile(**sgd, diagnostics=True)
        games.append((gan, gan.fit(data("R3GAN"), verbose=0).history))
    (one, history), (two, history_of_two) = games
    assert distance(one, two)[1] < 1e-5
    for term, (value,) in history.items():
        assert history_of_two[term][0] == pytest.approx(value, rel=1e-5, abs=1e-6), term


@pytest.mark.thorough
def test_replicas_stay_equal_to_the_bit_with_adam_and_a_replica_without_samples():
    """Batch norm in the generator, an empty slice in each pass, Adam's moments: all stay equal."""
    x = toys.points(2 * 16 + 2)  # of the last batch, two of four replicas get none
    batches = tf.data.Dataset.from_tensor_slices(x).batch(16)
    with mirrored(4).scope():
        keras.utils.set_random_seed(3)
        gan = CASES["R3GAN"].recipe(toys.generator(), toys.discriminator(), seed=1)
        gan.compile()
    history = gan.fit(batches, epochs=3, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert unequal_replicas(gan) == []
    assert all(np.isfinite(np.asarray(v)).all() for v in state(gan))
