import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import data
from keras_gan.data.pipeline import order_of_epoch

both_ways = pytest.mark.parametrize("cache", [True, False])


def numbers(count):
    """The points 0, 1, …: a sample is its own index."""
    return np.arange(count, dtype=np.float32)[:, None]


def passes(batches, count):
    """Reads `count` passes, each as one list of indices."""
    return [np.concatenate(list(batches.as_numpy_iterator()))[:, 0].tolist() for _ in range(count)]


@both_ways
def test_a_pass_visits_every_sample_once(cache):
    for order in passes(data.batches(numbers(60), 12, cache=cache), 3):
        assert sorted(order) == list(range(60))


@both_ways
def test_every_pass_has_a_new_order(cache):
    orders = passes(data.batches(numbers(60), 12, cache=cache), 5)
    assert all(one != other for one, other in itertools.combinations([*orders, [*range(60)]], 2))


@both_ways
def test_the_seed_decides_all_orders_and_the_global_seed_none(cache):
    tf.random.set_seed(1)
    one = passes(data.batches(numbers(60), 12, seed=7, cache=cache), 3)
    tf.random.set_seed(2)
    same = passes(data.batches(numbers(60), 12, seed=7, cache=cache), 3)
    other = passes(data.batches(numbers(60), 12, seed=8, cache=cache), 3)
    assert one == same
    assert not any(order in one for order in other)


@both_ways
def test_making_batches_leaves_the_global_seed_alone(cache):
    tf.random.set_seed(5)
    expected = tf.random.normal((3,)).numpy()
    tf.random.set_seed(5)
    passes(data.batches(numbers(60), 12, seed=7, cache=cache), 1)
    np.testing.assert_array_equal(tf.random.normal((3,)), expected)


@both_ways
def test_repeat_reshuffles_and_gives_the_passes_in_turn(cache):
    in_turn = passes(data.batches(numbers(60), 12, seed=3, cache=cache), 4)
    repeated = data.batches(numbers(60), 12, seed=3, cache=cache).repeat()
    (together,) = passes(repeated.take(20), 1)
    assert together == list(itertools.chain(*in_turn))


@both_ways
def test_the_tuner_of_tf_data_is_off(cache):
    # with it letting go of an endless iterator sleeps, now and then, for as long as training took
    assert data.batches(numbers(60), 12, cache=cache).repeat().options().autotune.enabled is False


def test_the_order_of_an_epoch_is_a_pure_function():
    batches = data.batches(numbers(61), 6, seed=5)
    for epoch, order in enumerate(passes(batches, 3)):
        assert order == order_of_epoch(61, 5, epoch)[:60].tolist()


def test_every_position_is_equally_likely():
    rounds = 3_000
    orders = np.array([order_of_epoch(6, 0, epoch) for epoch in range(rounds)])
    for position in range(6):
        counts = np.bincount(orders[:, position], minlength=6)
        assert np.abs(counts - rounds / 6).max() < 4 * np.sqrt(rounds / 6)


@both_ways
def test_first_samples_come_from_the_whole_set(cache):
    (orders,) = passes(data.batches(numbers(60), 12, cache=cache).repeat(100), 1)
    first = np.reshape(orders, (100, 60))[:, 0]
    assert abs(first.mean() - 29.5) < 4 * np.sqrt((60**2 - 1) / 12 / 100)


@both_ways
def test_epochs_of_fit_see_the_passes_in_turn(cache):
    seen = []

    class Recorder(keras.Model):
        def _symbolic_build(self, iterator=None, data_batch=None):
            pass  # as in our games: on JAX Keras would begin a pass to look at a batch

        def train_step(self, *state_and_batch):  # on JAX a state goes in and out
            *state, batch = state_and_batch
            seen.extend(np.asarray(batch)[:, 0].tolist())
            return ({"loss": 0.0}, *state) if state else {"loss": 0.0}

    model = Recorder()
    model.compile(run_eagerly=True)
    batches = data.batches(numbers(60), 12, seed=4, cache=cache)
    model.fit(batches, epochs=3, shuffle=False, verbose=0)
    expected = passes(data.batches(numbers(60), 12, seed=4, cache=cache), 3)
    assert seen == list(itertools.chain(*expected))


@both_ways
def test_batches_feed_all_discriminator_steps(cache):
    batches = data.batches("digits", 64, discriminator_steps=5, cache=cache)
    assert len(batches) == 1_797 // 320
    shapes = [x.shape for x in batches]
    assert shapes == [(320, 8, 8, 1)] * 5


def test_shapes_of_cached_batches_are_static():
    assert data.batches("digits", 64, discriminator_steps=2).element_spec.shape == (128, 8, 8, 1)


@both_ways
def test_an_incomplete_batch_is_left_out_of_another_samples_each_pass(cache):
    batches = data.batches(numbers(10), 4, cache=cache)
    assert len(batches) == 2
    (orders,) = passes(batches.repeat(100), 1)
    left_out = {frozenset(range(10)) - {*order} for order in np.reshape(orders, (100, 8))}
    assert all(len(samples) == 2 for samples in left_out)
    assert frozenset.union(*left_out) == frozenset(range(10))


@both_ways
def test_labels_stay_with_their_samples(cache):
    source = data.load((numbers(60), 3 * np.arange(60)), labels=True)
    for x, y in data.batches(source, 12, cache=cache):
        assert y.dtype == tf.int32
        np.testing.assert_array_equal(3 * x[:, 0], y)


def test_arrays_are_taken_as_load_takes_them(rng):
    pixels = rng.integers(256, size=(8, 4, 4), dtype=np.uint8)
    (x,) = data.batches(pixels, 8)
    assert x.shape == (8, 4, 4, 1)
    expected = np.sort(pixels, axis=None) / 127.5 - 1
    np.testing.assert_allclose(np.sort(x, axis=None), expected, atol=1e-6)
    ((_, y),) = data.batches((pixels, np.arange(8)), 8)
    assert sorted(y.numpy()) == list(range(8))


@both_ways
def test_byte_and_double_samples_become_float32(cache):
    pixels = tf.data.Dataset.from_tensors(tf.constant([[[0], [255]]], tf.uint8))
    (x,) = data.batches(pixels, 1, cache=cache)
    np.testing.assert_array_equal(x, [[[[-1], [1]]]])
    (x,) = data.batches(tf.data.Dataset.from_tensors(np.ones(2)), 1, cache=cache)
    assert x.dtype == tf.float32


def test_images_kept_as_bytes_come_back_exactly(rng):
    pixels = rng.integers(256, size=(40, 4, 4, 3), dtype=np.uint8)
    x = next(data.load(pixels).batch(40).as_numpy_iterator())
    (batch,) = data.batches(x, 40)
    assert sorted(i.tobytes() for i in batch.numpy()) == sorted(i.tobytes() for i in x)


def test_bytes_in_one_chunk_and_floats_in_another_come_back_exactly(rng):
    x = np.ones((1_500, 2, 2, 1), np.float32)
    x[1_200:] = rng.uniform(-1, 1, (300, 2, 2, 1))
    (batch,) = data.batches(x, 1_500)
    assert sorted(i.tobytes() for i in batch.numpy()) == sorted(i.tobytes() for i in x)


@both_ways
def test_unknown_cardinality_is_counted(cache):
    even = tf.data.Dataset.from_tensor_slices(numbers(60)).filter(lambda x: x[0] % 2 == 0)
    batches = data.batches(even, 7, cache=cache)
    assert len(batches) == 4
    assert len(passes(batches, 1)[0]) == 28


def test_data_that_change_are_read_again_only_without_a_cache():
    reads = itertools.count()
    source = tf.data.Dataset.from_generator(
        lambda: [[float(next(reads))]], output_signature=tf.TensorSpec((1,))
    )
    assert passes(data.batches(source, 1), 3) == [[0], [0], [0]]
    assert passes(data.batches(source, 1, cache=False), 3) == [[2], [3], [4]]


@both_ways
@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (1, r"has 10 samples, fewer than one batch of 16 .*; use batch_size=10 or less"),
        (
            3,
            r"one batch of 48 \(batch_size 16 x discriminator_steps 3\); use batch_size=3",
        ),
        (11, "use at most 10 discriminator_steps"),
    ],
)
def test_too_little_data_is_told_the_batch_size_to_use(cache, steps, message):
    with pytest.raises(ValueError, match=message):
        data.batches(numbers(10), 16, discriminator_steps=steps, cache=cache)


def slices(x):
    return tf.data.Dataset.from_tensor_slices(x)


@both_ways
@pytest.mark.parametrize(
    ("source", "message"),
    [
        (slices(np.zeros((0, 2), np.float32)), "The data set is empty"),
        (slices(numbers(9)).filter(lambda x: False), "The data set is empty"),
        (slices(numbers(9)).repeat(), "endless"),
        (slices(numbers(9)).batch(3), r"elements of shape \(None, 1\). Pass .*unbatch"),
        (slices(np.zeros(9, np.float32)), r"elements of shape \(\)"),
        (slices({"image": np.zeros((9, 4, 4, 1))}), "received a dict of image"),
        (slices(np.full((9, 4, 4, 1), np.nan)), "144 values that are NaN"),
        (
            slices(np.full((9, 4, 4, 1), 255.0)),
            r"lie in \[-1, 1\]; received values from 255 to 255",
        ),
        (slices([[1.0, 2.0], [3.0, np.inf]]), "1 values that are NaN or infinite"),
        (
            slices([2, 3]).map(lambda n: tf.zeros((n, 4, 1))),
            r"Samples of different shapes .* image_size",
        ),
    ],
)
def test_data_that_cannot_be_trained_on_are_refused(source, message, cache):
    with pytest.raises(ValueError, match=message):
        data.batches(source, 2, cache=cache)


@pytest.mark.parametrize("value", [0, -1, 2.0, None])
def test_sizes_must_be_positive_integers(value):
    with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
        data.batches("digits", value)
    with pytest.raises(
        ValueError, match="discriminator_steps must be a whole number of at least 1"
    ):
        data.batches("digits", 8, discriminator_steps=value)
