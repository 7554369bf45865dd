"""Fused and compiled steps end where single ones end, recipe by recipe."""

import functools

import keras
import numpy as np
import pytest

from tests import toys
from tests.distribution.games import descending, distance, make
from tests.recipes.cases import CASES
from tests.slow import thorough_but

STEPS, BATCH = 20, 16
WAYS = {"fused": {"steps_per_execution": 5}, "compiled": {"jit_compile": True}}
ALWAYS = [  # the rest of the product is slow; dropout and spectral vectors are here
    ("SNGAN", "fused"),
    ("CTGAN", "compiled"),
]


def trained(name, **options):
    gan = descending(make(name), **options)
    data = CASES[name].data(STEPS * BATCH)
    history = gan.fit(*data, batch_size=BATCH, shuffle=False, verbose=0)
    return gan, history.history


single = functools.cache(trained)


def check(name, way):
    plain, history = single(name)
    gan, own_history = trained(name, **WAYS[way])
    for term, values in history.items():
        assert own_history[term] == pytest.approx(values, rel=1e-5, abs=1e-6), term
    path, furthest = distance(plain, gan)
    assert furthest < 1e-5, path
    assert int(gan.optimizer["generator"].iterations) == STEPS


@pytest.mark.thorough
@pytest.mark.parametrize(("name", "way"), thorough_but([("SNGAN", "fused")], ALWAYS))
def test_the_weights_and_losses_of_single_steps(name, way):
    check(name, way)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CASES)
def test_every_recipe(name, way):
    if (name, way) not in ALWAYS:
        check(name, way)


@pytest.mark.thorough
def test_fused_steps_end_an_epoch_that_they_do_not_divide():
    """7 steps in executions of 5 are 5 and 2, and the next epoch begins anew."""
    games = [descending(make("DCGAN"), steps_per_execution=steps) for steps in (1, 5)]
    for gan in games:
        gan.fit(toys.points(7 * BATCH), batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    assert distance(*games)[1] < 1e-5
    assert [int(gan.optimizer["generator"].iterations) for gan in games] == [14, 14]


@pytest.mark.slow
def test_fused_steps_in_low_precision():
    keras.config.set_dtype_policy("mixed_float16")
    games = [make("R3GAN") for _ in range(2)]
    for gan, steps in zip(games, (1, 5), strict=True):
        gan.compile(steps_per_execution=steps)
        gan.fit(toys.points(STEPS * BATCH), batch_size=BATCH, shuffle=False, verbose=0)
    assert distance(*games)[1] < 1e-3
    scales = [float(np.asarray(gan.optimizer["generator"].dynamic_scale)) for gan in games]
    assert scales[0] == scales[1]
