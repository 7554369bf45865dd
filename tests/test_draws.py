import tracemalloc

import numpy as np
import pytest
import scipy.special
import tensorflow as tf

from keras_gan.distributions import priors
from keras_gan.parallel import random_numbers
from keras_gan.parallel.random_numbers import Draws


def test_a_seed_fixes_the_stream_and_the_stream_moves_on():
    a, b = Draws(3), Draws(3)
    first, second = np.asarray(a.normal((4, 2))), np.asarray(a.normal((4, 2)))
    np.testing.assert_array_equal(first, b.normal((4, 2)))
    assert not np.array_equal(first, second)


def test_restart_rewinds():
    draws = Draws(3)
    first = np.asarray(draws.uniform((4, 2)))
    draws.restart()
    np.testing.assert_array_equal(first, draws.uniform((4, 2)))


def test_moments(rng):
    normal = np.asarray(Draws(0).normal((20000, 2)))
    uniform = np.asarray(Draws(0).uniform((20000, 2)))
    np.testing.assert_allclose([normal.mean(), normal.std()], [0, 1], atol=0.02)
    np.testing.assert_allclose([uniform.mean(), uniform.std()], [0.5, 12**-0.5], atol=0.01)
    assert 0 <= uniform.min() < uniform.max() <= 1


@pytest.mark.parametrize(
    ("name", "low", "high", "stddev"), [("uniform", -1, 1, 3**-0.5), ("normal", -6, 6, 1.0)]
)
def test_priors(name, low, high, stddev):
    z = np.asarray(priors.get(name)((20000, 2), seed=1))
    assert low <= z.min() < z.max() <= high
    np.testing.assert_allclose([z.mean(), z.std()], [0, stddev], atol=0.02)


def test_an_unknown_prior_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'uniform'"):
        priors.get("unifrom")


def test_replicas_take_slices_of_the_draw_of_the_global_batch(two_replicas):
    """Two replicas together see what one would, and never the same numbers."""
    with two_replicas.scope():
        shared = Draws(5)
    alone = Draws(5)

    @tf.function
    def step():
        return two_replicas.run(lambda: shared.normal((3, 2)))

    for _ in range(2):
        parts = two_replicas.experimental_local_results(step())
        assert not np.array_equal(parts[0], parts[1])
        np.testing.assert_array_equal(np.concatenate(parts), alone.normal((6, 2)))


@pytest.mark.parametrize("kind", ["normal", "uniform"])
def test_compiled_draws_are_the_same_numbers(kind):
    """Keras's own float draws differ under XLA: `keras_gan.parallel.random_numbers`."""
    draws = Draws(7)
    plain, compiled = (
        tf.function(lambda: getattr(draws, kind)((500, 4)), jit_compile=jit)
        for jit in (False, True)
    )
    first = [np.asarray(plain()) for _ in range(3)]
    draws.restart()
    for expected in first:
        np.testing.assert_allclose(compiled(), expected, rtol=1e-5, atol=1e-6)


def test_normal_numbers_follow_the_normal_distribution():
    """Kolmogorov and Smirnov: the greatest distance of the distribution functions."""
    z = np.sort(np.asarray(Draws(1).normal((100_000,))).astype("float64"))
    expected = 0.5 * (1 + np.asarray(tf.math.erf(z / 2**0.5)))
    observed = (np.arange(len(z)) + 0.5) / len(z)
    assert np.abs(observed - expected).max() < 1.95 / len(z) ** 0.5  # p = 0.001
    assert 4 < np.abs(z).max() < 5.3


@pytest.mark.parametrize("shape", [(), (0, 3), (5,), (7, 11)])
def test_numbers_of_a_seed_are_the_same_however_many_are_made_at_a_time(shape, monkeypatch):
    makers = [random_numbers.normal, random_numbers.uniform, random_numbers.inside]
    whole = [np.asarray(make(shape, seed=3)) for make in makers]
    monkeypatch.setattr(random_numbers, "AT_ONCE", 4)
    for make, expected in zip(makers, whole, strict=True):
        np.testing.assert_array_equal(make(shape, seed=3), expected)
    raw = np.random.PCG64([3, 23]).random_raw(int(np.prod(shape))) >> np.uint64(41)
    z = scipy.special.ndtri((raw.astype("int32") + 0.5) * 2.0**-23).astype("float32")
    np.testing.assert_array_equal(whole[0], z.reshape(shape))


def test_numbers_of_a_seed_take_little_more_memory_than_their_own():
    """At once, integers of 8 bytes and floats of 8 bytes took five times as much."""
    random_numbers.normal((10,), seed=0)
    tracemalloc.start()
    z = random_numbers.normal((1_000_000,), seed=0)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 4e6 <= most < 12e6
    assert tuple(z.shape) == (1_000_000,)
