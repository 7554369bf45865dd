import keras
import numpy as np
import pytest

from keras_gan.training import schedules
from keras_gan.training.schedules import Schedule, alternating, simultaneous
from tests.backend import BACKEND


def test_every_discriminator_step_gets_a_fresh_minibatch():
    moves = alternating(3).deal(np.arange(12))
    assert [players for players, _ in moves] == [("discriminator",)] * 3 + [("generator",)]
    dealt = [minibatch.tolist() for _, minibatch in moves[:3]]
    assert dealt == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]


def test_a_single_step_gets_the_whole_batch():
    batch = np.arange(7)
    for schedule in (alternating(), simultaneous()):
        assert all(minibatch is batch for _, minibatch in schedule.deal(batch))


def test_structures_are_cut_together():
    x, y = np.arange(4), np.arange(4) * 10
    (_, first), (_, second), _ = alternating(2).deal((x, y))
    assert [part.tolist() for part in first + second] == [[0, 2], [0, 20], [1, 3], [10, 30]]


@pytest.mark.parametrize(("batch", "sizes"), [(7, "6 or 9"), (2, "of 3,"), (10, "9 or 12")])
def test_a_batch_that_does_not_divide_names_the_sizes_to_use(batch, sizes):
    with pytest.raises(ValueError, match="does not divide into 3") as error:
        alternating(3).deal(np.zeros(batch))
    assert sizes in str(error.value)


@pytest.mark.skipif(BACKEND != "tensorflow", reason="JAX traces no batch of unknown size")
@pytest.mark.parametrize("batch", [6, 7, 8, 2, 1])
def test_a_batch_of_unknown_size_is_cut_without_an_empty_part(batch):
    """A short last batch has no static size; the mean over an empty minibatch would be NaN."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
    def deal(x):
        return [minibatch for _, minibatch in alternating(3).deal(x)]

    parts = [part.numpy().tolist() for part in deal(tf.range(batch))]
    assert all(parts)
    assert {i for part in parts for i in part} == set(range(batch))


def test_replicas_together_cut_what_one_cuts():
    whole = [minibatch for _, minibatch in alternating(2).deal(np.arange(8))]
    halves = [alternating(2).deal(half) for half in (np.arange(4), np.arange(4, 8))]
    for i, part in enumerate(whole):
        np.testing.assert_array_equal(part, np.concatenate([half[i][1] for half in halves]))


def test_config_round_trip():
    for schedule in (alternating(4), simultaneous(), Schedule([("a", "b"), ("c",)])):
        config = keras.saving.serialize_keras_object(schedule)
        assert keras.saving.deserialize_keras_object(config) == schedule


def test_get():
    assert schedules.get("alternating") == alternating(1)
    assert schedules.get("simultaneous") == simultaneous()
    assert schedules.get(5) == alternating(5)
    assert schedules.get(np.int64(5)) == alternating(5)
    with pytest.raises(ValueError, match="did you mean 'simultaneous'"):
        schedules.get("simultanous")


@pytest.mark.parametrize("steps", [0, -1, 1.5, "2"])
def test_discriminator_steps_are_checked(steps):
    with pytest.raises(ValueError, match="whole number of at least 1"):
        alternating(steps)


@pytest.mark.parametrize("moves", [[], [()], [("generator",), ()]])
def test_empty_schedules_are_refused(moves):
    with pytest.raises(ValueError, match="at least one move"):
        Schedule(moves)


@pytest.mark.parametrize("moves", [3, [1], [["generator"], [2]], [[["generator"]]]])
def test_moves_that_are_no_names_are_refused(moves):
    with pytest.raises(ValueError, match="a list of moves, each a tuple of names of players"):
        Schedule(moves)
    with pytest.raises(ValueError, match="Unknown schedule|discriminator_steps|list of moves"):
        schedules.get([moves])
