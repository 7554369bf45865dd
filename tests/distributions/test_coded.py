"""Latent vectors with codes: what is drawn, how likely it is, what may be put in its place."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.distributions import Coded, Normal
from keras_gan.distributions.truncation import truncated
from keras_gan.parallel.random_numbers import Draws

CODES = {"digit": 3, "slant": "uniform", "side": 2}
PRIOR = Coded(CODES, noise="uniform")


def drawn(n=6000, seed=3, prior=PRIOR):
    return ops.convert_to_numpy(prior.sample((n, 9), seed))


@pytest.mark.parametrize("seed", [3, Draws(3)], ids=["integer", "stream"])
def test_all_parts_are_independent_and_equally_likely(seed):
    z = drawn(seed=seed)
    assert z.dtype == "float32"
    parts = {"noise": z[:, :3], **PRIOR.split(z)}
    assert [part.shape[1] for part in parts.values()] == [3, 3, 1, 2]
    for name, classes in (("digit", 3), ("side", 2)):
        np.testing.assert_array_equal(np.sort(parts[name], axis=1)[:, :-1], 0)
        np.testing.assert_array_equal(parts[name].sum(axis=1), 1)
        np.testing.assert_allclose(parts[name].mean(axis=0), 1 / classes, atol=0.025)
    for name in ("noise", "slant"):
        assert -1 <= parts[name].min() < -0.99
        assert 0.99 < parts[name].max() < 1
        np.testing.assert_allclose(parts[name].mean(axis=0), 0, atol=0.03)
    numbers = np.concatenate([parts["noise"], parts["slant"], parts["digit"][:, :2]], axis=1)
    numbers = np.concatenate([numbers, parts["side"][:, :1]], axis=1)
    others = np.corrcoef(numbers.T)[np.triu_indices(7, k=1)]
    assert np.abs(np.delete(others, -3)).max() < 0.05  # all but two classes of one code


def test_an_integer_repeats_itself_and_a_stream_goes_on():
    np.testing.assert_array_equal(drawn(seed=1), drawn(seed=1))
    stream = Draws(1)
    assert (drawn(seed=stream) != drawn(seed=stream)).any()


def test_the_density_is_that_of_all_parts():
    z = drawn(4)
    expected = -3 * np.log(2) - np.log(3) - np.log(2) - np.log(2)
    np.testing.assert_allclose(PRIOR.log_prob(z), np.full(4, expected), rtol=1e-6)
    for place, value in ((3, 0.5), (6, 1.5), (7, 2.0), (0, -1.1)):
        other = z.copy()
        other[:, place] = value
        np.testing.assert_array_equal(PRIOR.log_prob(other), np.full(4, -np.inf))
    none = z.copy()
    none[:, 3:6] = 0
    np.testing.assert_array_equal(PRIOR.log_prob(none), np.full(4, -np.inf))


def test_entropies_are_in_nats():
    found = [PRIOR.entropy(name) for name in CODES]
    np.testing.assert_allclose(found, [np.log(3), np.log(2), np.log(2)])


def test_given_codes_take_their_places_and_leave_the_rest():
    z = drawn(4)
    kept = z.copy()
    placed = PRIOR.placed(z, {"side": [0, 1, 1, 0], "slant": 2.5})
    np.testing.assert_array_equal(z, kept)
    np.testing.assert_array_equal(placed[:, :6], z[:, :6])
    np.testing.assert_array_equal(placed[:, 6], np.full(4, 2.5))
    np.testing.assert_array_equal(placed[:, 7:], [[1, 0], [0, 1], [0, 1], [1, 0]])


def test_the_nearest_latent_vector_has_whole_categories():
    z = np.array([[2.0, -3.0, 0.5, 0.2, 0.9, 0.4, -1.2, 0.1, 0.0]])
    np.testing.assert_array_equal(PRIOR.within(z), [[1, -1, 0.5, 0, 1, 0, -1, 1, 0]])
    free = Coded(CODES).within(z)
    np.testing.assert_array_equal(free[:, :3], z[:, :3])


def test_truncation_is_of_the_noise():
    prior = Coded(CODES)
    z = drawn(prior=prior, n=500)
    found = truncated(prior, z, 0.5, seed=0)
    np.testing.assert_array_equal(found[:, 3:], z[:, 3:])
    assert np.abs(found[:, :3]).max() <= 0.5 < np.abs(z[:, :3]).max()


@pytest.mark.parametrize("noise", ["normal", Normal(1.0, 2.0)], ids=str)
def test_a_config_holds_it(noise):
    prior = Coded(CODES, noise)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(prior))
    assert again.codes == CODES
    assert again.get_config() == prior.get_config()
    np.testing.assert_array_equal(drawn(prior=again), drawn(prior=prior))


def test_codes_may_fill_latent_vectors():
    prior = Coded({"side": 2})
    np.testing.assert_array_equal(ops.sum(prior.sample((5, 2), 0), axis=1), np.ones(5))
    with pytest.raises(ValueError, match="take 2 components of z, which has 1"):
        prior.sample((5, 1), 0)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({}, "codes must be a dict of at least one.*received {}"),
        (10, "codes must be a dict of at least one.*received 10"),
        ({"a digit": 10}, "by names that could be variables'"),
        ({"digit": 1}, "code 'digit' must be the number of its classes, at least 2.*received 1"),
        ({"digit": True}, "code 'digit' must be.*received True"),
        ({"slant": "normal"}, "or 'uniform' for a number on .-1, 1.; received 'normal'"),
    ],
    ids=str,
)
def test_what_is_no_code_is_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        kg.distributions.Coded(codes)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ({"digits": 1}, "Unknown code 'digits': did you mean 'digit'"),
        ([1, 2], "Codes are given by their names, as in {'digit': 0}; received"),
        ({"digit": 3}, "'digit' takes whole numbers from 0 to 2, one for all or an array"),
        ({"digit": 0.5}, "'digit' takes whole numbers from 0 to 2.*received 0.5"),
        ({"digit": [0, 1]}, r"an array \(4,\); received \[0, 1\]"),
        ({"slant": np.nan}, "'slant' takes finite numbers, one for all.*received nan"),
        ({"slant": [[0.0], [1.0, 2.0]]}, "'slant' takes finite numbers"),
    ],
    ids=str,
)
def test_values_that_a_code_does_not_have_are_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        PRIOR.placed(drawn(4), codes)
