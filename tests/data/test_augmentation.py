import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import data
from tests.conftest import BACKEND


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
