"""The ODE as a bijection: known solutions, traces, gradients, orders of the solvers."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy.linalg import expm

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.bijections import solvers
from keras_gan.bijections.trace import noise_from, noise_like, rademacher, value_and_trace
from keras_gan.parallel.random_numbers import Draws

b = kg.bijections
TIGHT = {"solver": "dopri5", "rtol": 1e-9, "atol": 1e-9}
wide = pytest.mark.float64


def in_float64():
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


def moved(bijection, x, condition=None, size=0.3):
    """The bijection with weights away from 0, where f would vanish."""
    bijection.forward(x, condition)
    rng = np.random.default_rng(0)
    for v in bijection.trainable_variables:
        v.assign(size * rng.normal(size=v.shape))
    return bijection


def linear(matrix, **options):
    """dx/dt = A x + b t, by a user's own network."""
    d = len(matrix)
    network = layers.Dense(d, use_bias=False)
    network.build((None, d + 1))
    network.kernel.assign(np.concatenate((matrix.T, np.zeros((1, d)))))
    return b.ODE(network, **options)


def gradients(bijection, x, condition=None):
    """Those of a scalar of z and the log-determinant, by the weights and by x."""
    weights = np.random.default_rng(4).normal(size=x.shape)

    def scores(x):
        z, log_det = bijection.forward_and_log_det(x, condition, training=True)
        each = ops.sum(ops.reshape(z**2 * weights, (len(weights), -1)), axis=1) + log_det
        return each[:, None]

    def loss():
        return ops.sum(scores(ops.convert_to_tensor(x))), None

    by_weights, _ = autodiff.gradients(loss, bijection.trainable_variables)
    by_x = autodiff.input_gradient(scores, ops.convert_to_tensor(x))
    return [ops.convert_to_numpy(each) for each in (*by_weights, by_x)]


@wide
@pytest.mark.parametrize("options", [TIGHT, {"steps": 64}], ids=["dopri5", "rk4"])
def test_a_linear_one_is_the_matrix_exponential_and_the_trace_its_log_determinant(options, rng):
    in_float64()
    matrix, x = rng.normal(size=(3, 3)), rng.normal(size=(5, 3))
    bijection = linear(matrix, time=0.7, **options)
    z, log_det = bijection.forward_and_log_det(x)
    np.testing.assert_allclose(z, x @ expm(0.7 * matrix).T, atol=1e-6)
    np.testing.assert_allclose(log_det, np.full(5, 0.7 * np.trace(matrix)), atol=1e-9)
    back, _ = bijection.inverse_and_log_det(z)
    np.testing.assert_allclose(back, x, atol=1e-6)


@wide
@pytest.mark.parametrize("depth", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("activation", ["tanh", "softplus"])
def test_the_closed_trace_of_a_field_is_that_by_differentiation(depth, activation, rng):
    in_float64()
    x, c = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    field = b.VectorField(5, depth, activation, dtype="float64")
    field.build((None, 3), (None, 2))
    for v in field.variables:
        v.assign(v + 0.4 * rng.normal(size=v.shape))
    t, x = ops.convert_to_tensor(np.array([[0.3]])), ops.convert_to_tensor(x)
    for noise in (None, ops.convert_to_tensor(rng.normal(size=(4, 3)))):
        value, trace = field.value_and_trace(x, t, c, noise)
        expected = value_and_trace(lambda x: field(x, t, c), x, noise)
        for found, known in zip((value, trace), expected, strict=True):
            np.testing.assert_allclose(found, known, atol=1e-12)


def test_hutchinsons_estimate_is_unbiased_with_the_variance_of_the_theory(rng):
    matrix = rng.normal(size=(4, 4)).astype("float32")
    symmetric = (matrix + matrix.T) / 2
    everything, off = np.sum(symmetric**2), np.sum((symmetric - np.diag(np.diag(symmetric))) ** 2)
    n = 200_000
    x = ops.zeros((n, 4))
    for kind, variance in (("rademacher", 2 * off), ("normal", 2 * everything)):
        with noise_from(Draws(3, kind)):
            noise = noise_like(x, kind)
        _, found = value_and_trace(lambda x: x @ matrix.T, x, noise)
        found = ops.convert_to_numpy(found).astype("float64")
        error = np.sqrt(variance / n)
        assert found.mean() == pytest.approx(float(np.trace(matrix)), abs=4 * float(error))
        assert found.var() == pytest.approx(float(variance), rel=0.03)
    signs = ops.convert_to_numpy(rademacher((n,), 0, "float32"))
    assert set(np.unique(signs)) == {-1.0, 1.0}


@wide
@pytest.mark.parametrize("method", ["rk4", "dopri5"])
def test_a_solver_has_its_order(method, rng):
    in_float64()
    x = rng.normal(size=(3, 2))
    exact = moved(b.ODE(width=6, **TIGHT | {"rtol": 1e-12, "atol": 1e-12}), x, size=0.8)
    expected, chosen = exact.forward_and_log_det(x), solvers.METHODS[method]

    def field(y, t):
        return exact.network.value_and_trace(y[0], t)

    counts, errors = np.array([16, 32, 64]), []
    for steps in counts:
        y = ops.convert_to_tensor(x), ops.zeros((3,), "float64")
        found, _ = solvers.by_equal_steps(chosen, field, y, 0.0, 1.0, int(steps))
        pairs = zip(found, expected, strict=True)
        errors.append([np.abs(np.array(f) - np.array(e)).max() for f, e in pairs])
    slopes = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    np.testing.assert_allclose(slopes, chosen.order, atol=0.5)


@wide
def test_the_error_of_fitting_steps_follows_the_tolerance(rng):
    in_float64()
    x = rng.normal(size=(3, 2))
    exact = moved(b.ODE(width=6, **TIGHT | {"rtol": 1e-12, "atol": 1e-12}), x, size=0.8)
    expected = np.array(exact.forward(x))
    for tolerance in (1e-4, 1e-6, 1e-8):
        one = b.ODE(exact.network, solver="dopri5", rtol=tolerance, atol=tolerance)
        error = np.abs(np.array(one.forward(x)) - expected).max()
        assert 1e-3 * tolerance < error < 10 * tolerance


def test_the_result_of_a_sample_does_not_depend_on_the_batch(rng):
    x = rng.normal(size=(6, 2)).astype("float32")
    one = moved(b.ODE(width=8, solver="dopri5"), x)
    together = one.forward_and_log_det(np.concatenate((x, 50 * x)))
    alone = one.forward_and_log_det(x)
    for a, c in zip(together, alone, strict=True):
        np.testing.assert_allclose(a[:6], c, rtol=1e-5, atol=1e-6)


def test_a_sample_that_needs_too_many_steps_is_nan(rng):
    x = rng.normal(size=(4, 2)).astype("float32")
    one = moved(b.ODE(width=8, solver="dopri5", rtol=1e-6, atol=1e-6, max_steps=2), x)
    z, log_det = one.forward_and_log_det(x)
    assert np.isnan(np.array(z)).all()
    assert np.isnan(np.array(log_det)).all()


@wide
@pytest.mark.parametrize("options", [TIGHT, {"steps": 32}], ids=["dopri5", "rk4"])
@pytest.mark.parametrize("condition", [None, 2])
def test_the_adjoint_and_back_propagation_agree(options, condition, rng):
    in_float64()
    x = rng.normal(size=(3, 2))
    c = None if condition is None else rng.normal(size=(3, condition))
    one = moved(b.ODE(width=6, condition_dim=condition, **options), x, c)
    other = b.ODE(one.network, gradient="adjoint", condition_dim=condition, **options)
    other.forward(x, c)
    for found, expected in zip(gradients(other, x, c), gradients(one, x, c), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
        assert np.abs(expected).max() > 1e-3


@wide
@pytest.mark.parametrize("gradient", ["backprop", "adjoint"])
@pytest.mark.parametrize("solver", ["rk4", "dopri5"])
def test_gradients_are_those_of_finite_differences(solver, gradient, rng):
    in_float64()
    x = rng.normal(size=(3, 2))
    tight = {"rtol": 1e-9, "atol": 1e-9, "steps": 32}
    one = moved(b.ODE(width=5, solver=solver, gradient=gradient, **tight), x)
    found = gradients(one, x)[0]
    kernel, weights = one.trainable_variables[0], np.random.default_rng(4).normal(size=x.shape)
    direction, values = rng.normal(size=kernel.shape), []
    for step in (1e-5, -1e-5):
        kernel.assign(kernel + step * direction)
        z, log_det = one.forward_and_log_det(x)
        values.append(np.sum(np.array(z) ** 2 * weights) + np.sum(np.array(log_det)))
        kernel.assign(kernel - step * direction)
    expected = (values[0] - values[1]) / 2e-5
    assert np.sum(found * direction) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@wide
@pytest.mark.parametrize("gradient", ["backprop", "adjoint"])
@pytest.mark.parametrize("solver", ["rk4", "dopri5"])
def test_second_derivatives_of_the_log_density_are_those_of_finite_differences(
    solver, gradient, rng
):
    in_float64()
    x = rng.normal(size=(3, 2))
    tight = {"rtol": 1e-7, "atol": 1e-7, "steps": 10}
    one = moved(b.ODE(width=4, solver=solver, gradient=gradient, **tight), x, size=0.6)
    w, direction = rng.normal(size=x.shape), rng.normal(size=x.shape)

    def slope(x):
        def log_density(x):
            z, log_det = one.forward_and_log_det(x)
            return (log_det - 0.5 * ops.sum(z**2, axis=1))[:, None]

        return autodiff.input_gradient(log_density, x)

    def along_w(x):
        return ops.sum(slope(x) * w, axis=1, keepdims=True)

    found = np.sum(np.array(autodiff.input_gradient(along_w, ops.convert_to_tensor(x))) * direction)
    above, below = (ops.convert_to_tensor(x + s * 1e-4 * direction) for s in (1, -1))
    expected = float(ops.sum(along_w(above) - along_w(below))) / 2e-4
    assert found == pytest.approx(expected, rel=1e-3)
    assert abs(expected) > 0.01


def test_estimates_are_made_in_training_alone_where_the_exact_trace_is_cheap(rng):
    x = rng.normal(size=(4, 2)).astype("float32")
    one = moved(b.ODE(width=8, trace="hutchinson"), x)
    exact = b.ODE(one.network, trace="exact").forward_and_log_det(x, training=True)[1]
    np.testing.assert_allclose(one.forward_and_log_det(x)[1], exact, rtol=1e-6)
    with noise_from(Draws(0)):
        first, second = (np.array(one.forward_and_log_det(x, training=True)[1]) for _ in range(2))
    assert np.abs(first - exact).max() > 1e-3
    assert np.abs(first - second).max() > 1e-3
    repeated = [np.array(one.forward_and_log_det(x, training=True)[1]) for _ in range(2)]
    assert np.array_equal(*repeated)
    dear = b.ODE(width=4, depth=3)
    dear.forward(np.zeros((1, 9)))
    assert not dear.is_exact((9,), training=False)
    assert dear.is_exact((8,), training=True)
    assert not one.is_exact((2,), training=True)


def test_a_condition_changes_the_field(rng):
    x = rng.normal(size=(4, 2)).astype("float32")
    units = np.eye(2, dtype="float32")
    one = moved(b.ODE(width=8, condition_dim=2), x, units[[0, 0, 0, 0]])
    first, mixed = one.forward(x, units[[0, 0, 0, 0]]), one.forward(x, units[[0, 1, 0, 1]])
    same = np.isclose(first, mixed, atol=1e-4).all(axis=1)
    assert same.tolist() == [True, False, True, False]
    b.check(one, x, units[[0, 1, 0, 1]])


@wide
def test_images_flow_through_convolutions(rng):
    in_float64()
    x = rng.normal(size=(2, 2, 2, 1))
    b.check(moved(b.ODE(width=3, steps=16), x), x, tolerance=1e-6)
    network = keras.Sequential([layers.Conv2D(4, 3, padding="same", activation="tanh")])
    network.add(layers.Conv2D(1, 3, padding="same"))
    b.check(moved(b.ODE(network, steps=16), x), x, tolerance=1e-6)


REFUSED = {
    "Unknown solver 'rk5': did you mean 'rk4'": lambda: b.ODE(solver="rk5"),
    "Unknown trace": lambda: b.ODE(trace="approximate"),
    "Unknown noise": lambda: b.ODE(noise="gauss"),
    "Unknown gradient": lambda: b.ODE(gradient="direct"),
    "Unknown activation of an ODE 'relu'": lambda: b.ODE(activation="relu"),
    "width must": lambda: b.ODE(width=0),
    "depth must": lambda: b.ODE(depth=-1),
    "time must": lambda: b.ODE(time=0.0),
    "steps must": lambda: b.ODE(steps=0),
    "max_steps must": lambda: b.ODE(max_steps=0),
    "rtol must": lambda: b.ODE(rtol=0.0),
    "atol must": lambda: b.ODE(atol=-1.0),
    "condition_dim must": lambda: b.ODE(condition_dim=0),
    "to the shape of x": lambda: b.ODE(layers.Dense(3)).forward(np.ones((1, 2))),
    "at most 256; received": lambda: b.ODE(layers.Dense(257), trace="exact").forward(
        np.ones((1, 257))
    ),
    "needs a condition of shape": lambda: b.ODE(condition_dim=2).forward(np.ones((1, 2))),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_is_refused(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()


@pytest.mark.parametrize("shape", [(2,), (4, 4, 1)])
def test_a_network_of_ones_own_sees_the_condition(shape, rng):
    layer = layers.Dense if len(shape) == 1 else lambda n: layers.Conv2D(n, 3, padding="same")
    ode = b.ODE(layer(shape[-1]), solver="rk4", steps=4, trace="exact", condition_dim=3)
    x, condition = rng.normal(size=(5, *shape)), rng.normal(size=(5, 3))
    ode.forward(x, condition)
    for v in ode.trainable_variables:
        v.assign(0.3 * rng.normal(size=v.shape))
    b.check(ode, x, condition, tolerance=1e-3)
    other = np.roll(condition, 1, axis=0)
    assert np.abs(ode.forward(x, condition) - ode.forward(x, other)).max() > 0.01


def test_another_number_of_steps_counts_at_once(rng):
    ode = b.ODE(solver="rk4", steps=1, width=6)
    x = rng.normal(size=(4, 2))
    moved(ode, x, size=1.0)
    coarse = ops.convert_to_numpy(ode.forward(x))
    ode.steps = 64
    assert np.abs(ops.convert_to_numpy(ode.forward(x)) - coarse).max() > 1e-4
