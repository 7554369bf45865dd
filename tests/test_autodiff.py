import keras
import numpy as np
import pytest
from keras import ops

from keras_gan import autodiff


def test_gradients_of_a_quadratic():
    w = keras.Variable(np.array([[1.0, -2.0]]))
    unused = keras.Variable([1.0])
    gradients, auxiliary = autodiff.gradients(lambda: (ops.sum(w * w * w), "kept"), [w, unused])
    np.testing.assert_allclose(gradients[0], [[3.0, 12.0]], rtol=1e-6)
    assert gradients[1] is None
    assert auxiliary == "kept"


def test_updates_made_by_the_function_are_kept():
    w, count = keras.Variable(2.0), keras.Variable(0.0)

    def function():
        count.assign_add(1.0)
        return w * count, None

    (gradient,), _ = autodiff.gradients(function, [w])
    assert float(count) == 1.0
    assert float(gradient) == 1.0


def test_input_gradient_is_per_sample(rng):
    x = ops.convert_to_tensor(rng.normal(size=(5, 3)))
    gradient = autodiff.input_gradient(lambda x: ops.sum(x**3, axis=1, keepdims=True), x)
    np.testing.assert_allclose(gradient, 3 * np.asarray(x) ** 2, rtol=1e-12)


def test_input_gradient_can_be_differentiated_again():
    w = keras.Variable(3.0)
    x = ops.convert_to_tensor([[2.0]])

    def penalty():
        return ops.sum(autodiff.input_gradient(lambda x: w * x**2, x) ** 2), None

    (gradient,), _ = autodiff.gradients(penalty, [w])  # (2wx)² = 4w²x², derivative 8wx²
    assert float(gradient) == pytest.approx(96.0)
