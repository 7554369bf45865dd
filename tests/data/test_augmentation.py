import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import data
from keras_gan.data.streams import stream_of
from tests.backend import BACKEND
from tests.slow import slow_but


@pytest.fixture
def source(rng):
    """Forty images whose label is written into the middle of the picture."""
    x = rng.uniform(-1, 1, (40, 9, 9, 3)).astype(np.float32)
    x[:, 4, 4] = np.linspace(-1, 1, 40)[:, None]
    return data.load((x, np.arange(40)), labels=True)


def augmented(source, augment, passes=1):
    """Returns x, labels and, in the same order, the untouched x."""
    changed = data.batches(source, 8, seed=1, augment=augment).repeat(passes)
    plain = data.batches(source, 8, seed=1).repeat(passes)
    x, y = (np.concatenate(parts) for parts in zip(*changed.as_numpy_iterator(), strict=True))
    original, classes = (np.concatenate(parts) for parts in zip(*plain, strict=True))
    np.testing.assert_array_equal(y, classes)
    assert x.dtype == np.float32
    assert x.shape == original.shape
    return x, original


def keras_cv_layer(name, *args, **kwargs):
    return getattr(pytest.importorskip("keras_cv").layers, name)(*args, seed=3, **kwargs)


SHIFT = {"height_factor": 0.2, "width_factor": 0.2, "fill_mode": "constant", "fill_value": -1.0}
LAYERS = {
    "keras flip": lambda: keras.layers.RandomFlip("horizontal", seed=3),
    "keras translation": lambda: keras.layers.RandomTranslation(**SHIFT, seed=3),
    "keras chain": lambda: keras.Sequential(
        [keras.layers.RandomFlip(seed=3), keras.layers.RandomRotation(0.1, seed=4)]
    ),
    "keras pipeline": lambda: keras.layers.Pipeline(
        [keras.layers.RandomFlip(seed=3), keras.layers.RandomRotation(0.1, seed=4)]
    ),
    "keras_cv flip": lambda: keras_cv_layer("RandomFlip", "horizontal"),
    "keras_cv translation": lambda: keras_cv_layer("RandomTranslation", **SHIFT),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_change_images_within_range_and_leave_labels(source, name):
    x, original = augmented(source, LAYERS[name](), passes=2)
    assert (x != original).any()
    assert np.abs(x).max() <= 1 + 1e-5
    assert np.isfinite(x).all()
    assert (x[:40] != x[40:]).any()  # another draw in another pass


@pytest.mark.parametrize("name", LAYERS)
def test_the_layers_seed_decides_its_draws(source, name):
    one, _ = augmented(source, LAYERS[name](), passes=2)
    same, _ = augmented(source, LAYERS[name](), passes=2)
    np.testing.assert_array_equal(one, same)


class OwnStream(keras.layers.Layer):
    """A user's layer with a stream of its own, without a seed, in a sublayer."""

    def __init__(self):
        super().__init__()
        self.inner = keras.layers.GaussianNoise(0.1)

    def call(self, images):
        return self.inner(images, training=True)


FLIP = keras.layers.RandomFlip("horizontal")


def by_a_function(images):  # of keras.random where tf.data can trace that
    if BACKEND == "tensorflow":
        return images + keras.random.normal(keras.ops.shape(images))
    return FLIP(images)


REPEATABLE = {
    **LAYERS,
    "noise": lambda: keras.layers.GaussianNoise(0.1, seed=0),
    "a user's layer": OwnStream,
    "a function": lambda: by_a_function,
}


@pytest.mark.parametrize("name", slow_but(["keras chain", "a user's layer"], REPEATABLE))
def test_a_batch_depends_on_seed_pass_and_position_alone(source, name):
    """Whatever was looked at before, by whoever at the same time, and from wherever one starts."""
    if name.startswith("keras_cv"):
        pytest.importorskip("keras_cv")
    make = REPEATABLE[name]
    whole = images_of(data.batches(source, 8, seed=1, augment=make()).repeat(3))
    assert len({batch.tobytes() for batch in whole}) == 15
    looked_at = data.batches(source, 8, seed=1, augment=make())
    stream = stream_of(looked_at)
    for count in (1, 2):
        open_iterator = iter(looked_at)
        for _ in range(count):
            next(open_iterator)
    for first in (0, 1, 7):
        again = images_of(itertools.islice(iter(stream.start(first)), 15 - first))
        np.testing.assert_array_equal(again, whole[first:])
    other = images_of(data.batches(source, 8, seed=2, augment=make()))
    assert not np.array_equal(other, whole[:5])


def images_of(batches):
    return np.stack([np.asarray(batch[0]) for batch in batches])


def test_data_through_the_buffer_are_augmented_alike_from_anywhere(source):
    flip = keras.layers.RandomFlip(seed=3)
    options = {"seed": 1, "augment": flip, "cache": False}
    whole = images_of(data.batches(source, 8, **options).repeat(2))
    again = images_of(itertools.islice(stream_of(data.batches(source, 8, **options)).start(3), 7))
    np.testing.assert_array_equal(again, whole[3:])


def test_another_seed_of_the_layer_draws_otherwise(source):
    draws = [
        augmented(source, keras.layers.GaussianNoise(0.1, seed=seed))[0].tobytes()
        for seed in (0, 1)
    ]
    assert draws[0] != draws[1]


def test_weights_and_counts_of_a_layer_stay_its_own(source):
    """Only random streams are set; a layer's own weights are used and changed as ever."""

    class Counts(keras.layers.Layer):
        def build(self, shape):
            self.scale = self.add_weight(initializer="ones")
            self.calls = self.add_weight(initializer="zeros", trainable=False)

        def call(self, images):
            if BACKEND == "tensorflow":
                self.calls.assign_add(1.0)
            return images * self.scale

    layer = Counts()
    batches = data.batches(source, 8, augment=layer)
    layer.scale.assign(0.0)
    assert not images_of(batches).any()
    if BACKEND == "tensorflow":
        assert float(layer.calls) == 5


@pytest.mark.slow  # keras-cv takes 15 s to trace it
def test_rand_augment_works_in_signed_range(source):
    x, original = augmented(source, keras_cv_layer("RandAugment", (-1, 1)))
    assert (x != original).any()
    assert np.abs(x).max() <= 1 + 1e-5


@pytest.mark.parametrize("name", ["keras flip", "keras_cv flip"])
def test_a_random_flip_flips_about_half(source, name):
    x, original = augmented(source, LAYERS[name](), passes=5)
    kept = np.isclose(x, original, atol=1e-6).all((1, 2, 3))
    flipped = np.isclose(x, original[:, :, ::-1], atol=1e-6).all((1, 2, 3))
    assert (kept ^ flipped).all()
    assert 60 < flipped.sum() < 140  # of 200


def test_a_layer_that_takes_training_is_told_it_trains(source):
    x, original = augmented(source, keras.layers.GaussianNoise(0.1, seed=0))
    assert (x - original).std() == pytest.approx(0.1, rel=0.05)


def test_a_layer_without_training_and_a_function_work(source):
    @keras.saving.register_keras_serializable(package="test")
    class Negate(keras.layers.Layer):
        def call(self, images):
            return -images

    for negate in (Negate(), lambda images: -images):
        x, original = augmented(source, negate)
        np.testing.assert_array_equal(x, -original)


def test_images_alone_are_augmented_too():
    (x,) = data.batches(np.ones((8, 4, 4, 1)), 8, augment=lambda images: -images)
    np.testing.assert_array_equal(x, -np.ones((8, 4, 4, 1)))


def test_the_images_of_a_dict_are_taken_and_float32_comes_out(source):
    def half_in_a_dict(images):
        return {"images": tf.cast(images, tf.float16)}

    x, original = augmented(source, half_in_a_dict)
    np.testing.assert_allclose(x, original, atol=1e-3)


def test_a_changed_shape_is_refused(source):
    with pytest.raises(ValueError, match=r"turned \(8, 9, 9, 3\) into \(8, 5, 9, 3\)"):
        data.batches(source, 8, augment=lambda images: images[:, :5])


@pytest.mark.skipif(BACKEND == "tensorflow", reason="of operations that tf.data cannot trace")
def test_a_function_of_keras_operations_is_refused_where_tf_data_cannot_trace_it(source):
    with pytest.raises(ValueError, match="of TensorFlow's operations, not of keras.ops"):
        data.batches(source, 8, augment=keras.ops.tanh)


def test_shapes_a_function_hides_are_static_again(source):
    def hide(images):
        return tf.py_function(lambda x: x, [images], tf.float32)

    assert data.batches(source, 8, augment=hide).element_spec[0].shape == (8, 9, 9, 3)
