"""The way of samples through a bijection: it starts at x, ends at z, and stops at every part."""

import numpy as np
import pytest
from keras import ops

import keras_gan as kg

b = kg.bijections


@pytest.fixture
def chain(rng):
    scales = [b.ElementwiseAffine(shift=False) for _ in range(3)]
    made = b.Chain([b.Chain(scales[:2]), scales[2]])
    made.forward(np.ones((1, 2)))
    for v in made.trainable_variables:
        v.assign(rng.normal(size=v.shape))
    return made


def test_a_chain_has_a_state_behind_each_part_of_its_parts(chain, rng):
    x = rng.normal(size=(5, 2)).astype("float32")
    states = [ops.convert_to_numpy(state) for state in chain.path(x)]
    assert len(states) == 4
    assert np.array_equal(states[0], x)
    expected = x
    for each, state in zip(
        [*chain.bijections[0].bijections, chain.bijections[1]], states[1:], strict=True
    ):
        expected = expected * np.exp(np.array(ops.convert_to_numpy(each.log_scale)))
        np.testing.assert_allclose(state, expected, rtol=1e-5)


def test_the_way_back_goes_through_the_same_states(chain, rng):
    x = rng.normal(size=(5, 2)).astype("float32")
    there = chain.path(x)
    back = chain.path(there[-1], inverse=True)
    for one, other in zip(there, back[::-1], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    for one, other in zip(b.Inverse(chain).path(there[-1]), back, strict=True):
        assert np.array_equal(one, other)


def test_an_ode_has_states_at_equal_times(rng):
    from keras import layers

    network = layers.Dense(2, use_bias=False)
    network.build((None, 3))
    network.kernel.assign([[-1.0, 0.0], [0.0, 0.5], [0.0, 0.0]])  # dx/dt = (−x₁, x₂ / 2)
    ode = b.ODE(network, solver="rk4", steps=4, time=2.0)
    x = rng.normal(size=(5, 2)).astype("float32")
    times = np.linspace(0.0, 2.0, 5)
    known = [x * np.exp(np.array([-1.0, 0.5]) * t) for t in times]
    np.testing.assert_allclose(np.stack(ode.path(x, frames=4)), known, rtol=2e-3, atol=1e-4)
    back = np.stack(ode.path(known[-1], frames=4, inverse=True))
    np.testing.assert_allclose(back, known[::-1], rtol=1e-3, atol=1e-5)
    with pytest.raises(ValueError, match="frames must be"):
        ode.path(x, frames=0)
