import keras
import numpy as np
import pytest
from keras import ops

from keras_gan.backend import autodiff
from tests.backend import BACKEND


def test_gradients_of_a_quadratic():
    w = keras.Variable(np.array([[1.0, -2.0]]))
    unused = keras.Variable([1.0])
    gradients, auxiliary = autodiff.gradients(lambda: (ops.sum(w * w * w), "kept"), [w, unused])
    np.testing.assert_allclose(gradients[0], [[3.0, 12.0]], rtol=1e-6)
    if BACKEND == "tensorflow":
        assert gradients[1] is None
    else:
        np.testing.assert_array_equal(gradients[1], [0.0])
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
    x = ops.convert_to_tensor(rng.normal(size=(5, 3)).astype("float32"))
    gradient = autodiff.input_gradient(lambda x: ops.sum(x**3, axis=1, keepdims=True), x)
    np.testing.assert_allclose(gradient, 3 * np.asarray(x) ** 2, rtol=1e-6)


def test_input_gradient_can_be_differentiated_again():
    w = keras.Variable(3.0)
    x = ops.convert_to_tensor([[2.0]])

    def penalty():
        return ops.sum(autodiff.input_gradient(lambda x: w * x**2, x) ** 2), None

    (gradient,), _ = autodiff.gradients(penalty, [w])  # (2wx)² = 4w²x², derivative 8wx²
    assert float(gradient) == pytest.approx(96.0)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("flag", [True, False])
def test_when_computes_one_branch_and_keeps_what_it_assigns(compiled, flag):
    """Also beneath a derivative, as lazy penalties need it."""
    w, taken = keras.Variable(3.0), keras.Variable([0.0, 0.0])

    def square():
        taken.assign(taken + ops.convert_to_tensor([1.0, 0.0]))
        return w * w

    def zero():
        taken.assign(taken + ops.convert_to_tensor([0.0, 1.0]))
        return 0.0 * w

    def differentiated():
        condition = ops.convert_to_tensor(flag)
        return autodiff.gradients(lambda: (autodiff.when(condition, square, zero), None), [w])

    if not compiled:
        (gradient,), _ = differentiated()
        counts = ops.convert_to_numpy(taken)
    elif BACKEND == "tensorflow":
        import tensorflow as tf

        (gradient,), _ = tf.function(differentiated)()
        counts = ops.convert_to_numpy(taken)
    else:
        import jax

        @jax.jit
        def pure(value):
            with keras.StatelessScope([(w, value)]) as scope:
                (gradient,), _ = differentiated()
            return gradient, scope.get_current_value(taken)

        gradient, counts = pure(w.value)
    if not compiled:  # and again
        differentiated()
        np.testing.assert_array_equal(taken, [2 * flag, 2 * (not flag)])
    assert float(gradient) == (6.0 if flag else 0.0)
    np.testing.assert_array_equal(counts, [flag, not flag])


def test_a_row_that_is_looked_up_twice_has_one_gradient_for_adam():
    """Its moments are of the sum, not sums of each look-up's."""
    table = keras.Variable(np.zeros((3, 1), "float32"))
    optimizer = keras.optimizers.Adam(0.1)
    optimizer.build([table])

    def loss():
        rows = ops.take(table.value, ops.convert_to_tensor([0, 0, 0, 0, 1]), axis=0)
        return ops.sum(rows), None

    for _ in range(3):
        gradients, _ = autodiff.gradients(loss, [table])
        np.testing.assert_array_equal(gradients[0], [[4.0], [1.0], [0.0]])
        optimizer.apply(gradients, [table])
    np.testing.assert_allclose(table.numpy(), [[-0.3], [-0.3], [0.0]], rtol=1e-4)
