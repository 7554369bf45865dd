"""The laws of spectral normalization, for every kind of layer, and Keras's own breach of them."""

import threading

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gan.backend import autodiff
from keras_gan.layers import SpectralNormalization
from keras_gan.layers.spectral_normalization import KERNELS, one_kernel
from tests.backend import BACKEND
from tests.derivatives import gradients


def outputs_last(kernel):
    return kernel.reshape(-1, kernel.shape[-1])


def outputs_before_inputs(kernel):
    return np.moveaxis(kernel, -2, -1).reshape(-1, kernel.shape[-2])


def outputs_last_two(kernel):
    return kernel.reshape(-1, kernel.shape[-2] * kernel.shape[-1])


# kind -> (a maker of the layer, shape of its input, its kernels and how each becomes a matrix)
KINDS = {
    "Dense": (lambda **k: layers.Dense(5, **k), (4, 3), {"kernel": outputs_last}),
    "Conv1D": (lambda **k: layers.Conv1D(5, 3, **k), (2, 6, 3), {"kernel": outputs_last}),
    "Conv2D": (lambda **k: layers.Conv2D(5, 3, 2, **k), (2, 6, 6, 3), {"kernel": outputs_last}),
    "Conv3D": (lambda **k: layers.Conv3D(4, 2, **k), (2, 3, 3, 3, 3), {"kernel": outputs_last}),
    "Conv1DTranspose": (
        lambda **k: layers.Conv1DTranspose(5, 3, **k),
        (2, 4, 3),
        {"kernel": outputs_before_inputs},
    ),
    "Conv2DTranspose": (
        lambda **k: layers.Conv2DTranspose(5, 3, 2, **k),
        (2, 4, 4, 3),
        {"kernel": outputs_before_inputs},
    ),
    "Conv3DTranspose": (
        lambda **k: layers.Conv3DTranspose(4, 2, **k),
        (2, 2, 2, 2, 3),
        {"kernel": outputs_before_inputs},
    ),
    "DepthwiseConv1D": (
        lambda **k: layers.DepthwiseConv1D(3, depth_multiplier=2, **k),
        (2, 6, 3),
        {"kernel": outputs_last_two},
    ),
    "DepthwiseConv2D": (
        lambda **k: layers.DepthwiseConv2D(3, depth_multiplier=2, **k),
        (2, 6, 6, 3),
        {"kernel": outputs_last_two},
    ),
    "SeparableConv1D": (
        lambda **k: layers.SeparableConv1D(5, 3, depth_multiplier=2, **k),
        (2, 6, 3),
        {"depthwise_kernel": outputs_last_two, "pointwise_kernel": outputs_last},
    ),
    "SeparableConv2D": (
        lambda **k: layers.SeparableConv2D(5, 3, depth_multiplier=2, **k),
        (2, 6, 6, 3),
        {"depthwise_kernel": outputs_last_two, "pointwise_kernel": outputs_last},
    ),
    "Embedding": (lambda **k: layers.Embedding(7, 4, **k), (2, 3), {"embeddings": outputs_last}),
}
# Keras 3.15.1 hands its variables to NumPy 2 in a deprecated way.
keras_saving_warns = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)
every_kind = pytest.mark.parametrize("kind", KINDS)


def compiled(function, layer, jit_compile=False):
    """`function(x)` as the backend's trainer compiles it; what it assigns to the layer is kept."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        return tf.function(function, jit_compile=jit_compile)
    import jax

    variables = layer.non_trainable_variables

    @jax.jit
    def pure(values, x):
        mapping = list(zip(variables, values, strict=True))
        with keras.StatelessScope(state_mapping=mapping) as scope:
            y = function(x)
        return y, [scope.get_current_value(v) for v in variables]

    def step(x):
        y, values = pure([v.value for v in variables], x)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        return y

    return step


class Case:
    """A wrapped layer of one kind, built, with non-zero biases, and an input for it."""

    def __init__(self, kind, rng, power_iterations=1, wrapper=SpectralNormalization, **options):
        make, shape, self.matrices = KINDS[kind]
        self.layer = wrapper(make(**options), power_iterations=power_iterations)
        if kind == "Embedding":
            self.x = rng.integers(0, 7, size=shape).astype("int32")
        else:
            self.x = rng.normal(size=shape).astype("float64" if options else "float32")
        self.layer.build(shape)
        for variable in self.layer.layer.trainable_variables:
            variable.assign(rng.normal(size=variable.shape))

    def kernels(self):
        return {name: getattr(self.layer.layer, name) for name in self.matrices}

    def raw(self):
        return {name: np.array(kernel) for name, kernel in self.kernels().items()}

    def vectors(self):
        return [np.array(vector) for vector in self.layer.vectors]

    def train(self, calls=1):
        for _ in range(calls):
            self.layer(self.x, training=True)

    def train_compiled(self, calls):
        """As `train`, compiled once."""
        step = compiled(lambda x: self.layer(x, training=True), self.layer)
        for _ in range(calls):
            step(self.x)

    def top_singular_values(self):
        effective = self.layer.normalized_kernels()
        return [
            np.linalg.svd(as_matrix(np.array(effective[name])), compute_uv=False)[0]
            for name, as_matrix in self.matrices.items()
        ]

    def gradients(self, training=False):
        def loss():
            y = self.layer(self.x, training=training)
            weights = np.random.default_rng(1).normal(size=y.shape)
            return ops.sum(ops.cast(weights, y.dtype) * ops.softplus(y))

        return gradients(loss, list(self.kernels().values()))

    def loss(self):
        y = np.array(self.layer(self.x, training=False))
        return np.sum(np.random.default_rng(1).normal(size=y.shape) * np.logaddexp(0, y))


def test_all_kinds_are_tested():
    assert {cls.__name__ for cls in KERNELS} == set(KINDS)


@every_kind
def test_top_singular_value_is_one_and_recovers_after_the_weight_moved(kind, rng):
    case = Case(kind, rng, power_iterations=3)
    for scale in (1, 7):
        for kernel in case.kernels().values():
            kernel.assign(scale * rng.normal(size=kernel.shape))
        assert max(abs(np.array(case.top_singular_values()) - 1)) > 1e-3
        case.train_compiled(80)
        np.testing.assert_allclose(case.top_singular_values(), 1, atol=1e-4)


@every_kind
def test_output_is_the_layers_own_with_the_kernel_divided_by_sigma(kind, rng):
    case = Case(kind, rng)
    twin = KINDS[kind][0]()
    twin.build(KINDS[kind][1])
    case.train()
    y = np.array(case.layer(case.x))
    twin.set_weights(case.layer.layer.get_weights())
    for (name, as_matrix), u in zip(case.matrices.items(), case.vectors(), strict=True):
        W = case.raw()[name]
        getattr(twin, name).assign(W / np.linalg.norm(as_matrix(W) @ u))
    np.testing.assert_allclose(y, twin(case.x), rtol=1e-5, atol=1e-5)


@every_kind
def test_a_training_call_makes_the_stated_rounds_of_the_power_method(kind, rng):
    case = Case(kind, rng, power_iterations=2)
    expected = case.vectors()
    case.train()
    for i, (name, as_matrix) in enumerate(case.matrices.items()):
        W = as_matrix(case.raw()[name].astype("float64")).T
        for _ in range(2):
            v = W.T @ expected[i]
            expected[i] = W @ v / np.linalg.norm(W @ v)
        np.testing.assert_allclose(case.vectors()[i], expected[i], atol=1e-5)


@every_kind
def test_gradient_is_orthogonal_to_the_weight(kind, rng):
    case = Case(kind, rng)
    for training in (True, False):
        for g, W in zip(case.gradients(training), case.raw().values(), strict=True):
            assert np.linalg.norm(g) > 1e-3
            cosine = np.sum(g * W) / np.linalg.norm(g) / np.linalg.norm(W)
            assert abs(cosine) < 1e-5


@pytest.mark.float64
@every_kind
def test_gradient_equals_finite_differences_for_fixed_u(kind, rng):
    case = Case(kind, rng, dtype="float64")
    case.train()
    for kernel, gradient in zip(case.kernels().values(), case.gradients(), strict=True):
        W, direction, step = np.array(kernel), rng.normal(size=kernel.shape), 1e-5
        losses = []
        for sign in (1, -1):
            kernel.assign(W + sign * step * direction)
            losses.append(case.loss())
        kernel.assign(W)
        slope = (losses[0] - losses[1]) / (2 * step)
        assert np.sum(gradient * direction) == pytest.approx(slope, rel=1e-7, abs=1e-8)


@every_kind
def test_gradient_of_a_training_call_holds_the_u_it_arrived_at(kind, rng):
    case = Case(kind, rng)
    in_training = case.gradients(training=True)
    for a, b in zip(in_training, case.gradients(training=False), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


@pytest.mark.float64
def test_second_derivative_equals_finite_differences_for_fixed_u(rng):
    case = Case("Dense", rng, dtype="float64")
    kernel = case.layer.layer.kernel
    W, direction, step = np.array(kernel), rng.normal(size=kernel.shape), 1e-5

    def loss():
        return ops.sum(ops.softplus(case.layer(case.x)) ** 2)

    def slope():
        (gradient,), _ = autodiff.gradients(lambda: (loss(), None), [kernel])
        return ops.sum(gradient * direction)

    (curvature,) = gradients(slope, [kernel])
    ends = []
    for sign in (1, -1):
        kernel.assign(W + sign * step * direction)
        ends += gradients(loss, [kernel])
    difference = (ends[0] - ends[1]) / (2 * step)
    np.testing.assert_allclose(curvature, difference, rtol=1e-6, atol=1e-7)


@every_kind
def test_forward_passes_leave_the_weight_unchanged_to_the_bit(kind, rng):
    case = Case(kind, rng)
    before = [np.array(variable) for variable in case.layer.layer.variables]
    case.train(calls=3)
    case.layer(case.x)
    case.layer.trainable = False
    case.train()
    for old, variable in zip(before, case.layer.layer.variables, strict=True):
        np.testing.assert_array_equal(old, np.array(variable))


@every_kind
def test_u_moves_in_training_only(kind, rng):
    case = Case(kind, rng)
    start = case.vectors()
    case.layer(case.x)
    case.layer(case.x, training=False)
    case.layer.trainable = False
    case.train()
    np.testing.assert_array_equal(np.concatenate(start), np.concatenate(case.vectors()))
    case.layer.trainable = True
    case.train()
    for old, new in zip(start, case.vectors(), strict=True):
        assert np.linalg.norm(new - old) > 1e-3
        assert np.linalg.norm(new) == pytest.approx(1, abs=1e-6)


@every_kind
def test_within_one_kernel_all_calls_see_the_same_kernel_and_u_moves_once(kind, rng):
    case, twin = Case(kind, rng), Case(kind, rng)
    twin.layer.set_weights(case.layer.get_weights())
    with one_kernel():
        first = np.array(case.layer(case.x, training=True))
        with one_kernel():
            second = np.array(case.layer(case.x, training=True))
        third = np.array(case.layer(case.x, training=True))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)
    twin.train()
    np.testing.assert_array_equal(np.concatenate(case.vectors()), np.concatenate(twin.vectors()))
    case.train()
    assert np.linalg.norm(np.concatenate(case.vectors()) - np.concatenate(twin.vectors())) > 1e-4


def test_one_kernel_holds_in_its_own_thread_only(rng):
    case = Case("Dense", rng)
    case.train()
    with one_kernel():
        case.train()
        held = case.vectors()[0]
        other = threading.Thread(target=case.train)
        other.start()
        other.join()
        moved = case.vectors()[0]
        case.train()
        np.testing.assert_array_equal(case.vectors()[0], moved)
    assert np.linalg.norm(moved - held) > 1e-5


def test_one_kernel_ends_when_its_block_fails(rng):
    case = Case("Dense", rng)
    with pytest.raises(ValueError, match="incompatible"), one_kernel():
        case.layer(case.x, training=True) + case.layer(np.ones((2, 9), "float32"))
    held = case.vectors()[0]
    case.train()
    assert np.linalg.norm(case.vectors()[0] - held) > 1e-5


@every_kind
@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_u_and_sigma_stay_float32_under_mixed_precision(kind, precision, rng):
    exact = Case(kind, rng)
    keras.config.set_dtype_policy(f"mixed_{precision}")
    mixed = Case(kind, rng)
    mixed.layer.set_weights(exact.layer.get_weights())
    y = mixed.layer(mixed.x, training=True)
    exact.train()
    assert keras.backend.standardize_dtype(y.dtype) == precision
    for a, b in zip(mixed.layer.vectors, exact.layer.vectors, strict=True):
        assert a.dtype == "float32"
        np.testing.assert_array_equal(np.array(a), np.array(b))
    for name, kernel in mixed.layer.normalized_kernels().items():
        np.testing.assert_array_equal(kernel, exact.layer.normalized_kernels()[name])


@every_kind
@keras_saving_warns
def test_model_round_trip_keeps_u_and_outputs(kind, rng, tmp_path):
    case = Case(kind, rng, power_iterations=3)
    case.train()
    inputs = keras.Input(case.x.shape[1:], dtype=str(case.x.dtype))
    model = keras.Model(inputs, case.layer(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[1].power_iterations == 3
    np.testing.assert_array_equal(model(case.x), loaded(case.x))
    np.testing.assert_array_equal(
        np.concatenate(case.vectors()),
        np.concatenate([np.array(u) for u in loaded.layers[1].vectors]),
    )
    assert model.output_shape == tuple(case.layer.compute_output_shape((None, *case.x.shape[1:])))
    assert model(case.x).shape[1:] == model.output_shape[1:]


@pytest.mark.parametrize("jit_compile", [False, True])
def test_one_kernel_inside_a_traced_step(jit_compile, rng):
    case, twin = Case("Dense", rng), Case("Dense", rng)
    twin.layer.set_weights(case.layer.get_weights())

    def two_calls(x):
        with one_kernel():
            return case.layer(x, training=True), case.layer(x, training=True)

    step = compiled(two_calls, case.layer, jit_compile)
    for _ in range(3):
        first, second = step(case.x)
        twin.train()
        np.testing.assert_array_equal(first, second)
        np.testing.assert_allclose(case.vectors()[0], twin.vectors()[0], atol=1e-6)


def test_inside_an_outer_stateless_scope(rng):
    """What the JAX trainer does: values come from the scope, updates go to it, nothing else."""
    case, expected = Case("Dense", rng), Case("Dense", rng)
    stored = case.layer.get_weights()
    variables = case.layer.variables
    given = [keras.ops.convert_to_tensor(v) for v in expected.layer.get_weights()]
    mapping = list(zip(variables, given, strict=True))
    with keras.StatelessScope(state_mapping=mapping) as scope:
        y = case.layer(case.x, training=True)
    np.testing.assert_array_equal(y, expected.layer(case.x, training=True))
    for variable, twin in zip(variables, expected.layer.variables, strict=True):
        np.testing.assert_array_equal(scope.get_current_value(variable), np.array(twin))
    for old, new in zip(stored, case.layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_kernel_of_zeros_stays_zero_and_can_leave_it(rng):
    case = Case("Dense", rng)
    case.layer.layer.kernel.assign(np.zeros((3, 5)))
    u = case.vectors()[0]
    (gradient,) = case.gradients(training=True)
    np.testing.assert_array_equal(case.layer.normalized_kernels()["kernel"], np.zeros((3, 5)))
    np.testing.assert_array_equal(case.vectors()[0], u)
    assert 0 < np.linalg.norm(gradient) < 100


def test_loss_is_independent_of_the_weights_scale(rng):
    case = Case("Conv2D", rng)
    before = case.loss()
    case.layer.layer.kernel.assign(case.layer.layer.kernel * 1e4)
    assert case.loss() == pytest.approx(before, rel=1e-5)


# Keras's own wrapper breaks these laws: the reason for having ours (seen with Keras 3.15.1).


def keras_case(kind, rng):
    return Case(kind, rng, wrapper=layers.SpectralNormalization, power_iterations=20)


keras_kinds = pytest.mark.parametrize("kind", [k for k in KINDS if not k.startswith("Separable")])


@pytest.mark.parametrize("kind", [k for k in KINDS if k[:9] not in ("Separable", "Embedding")])
def test_keras_gradient_is_not_orthogonal_to_the_weight_on_tensorflow(kind, rng):
    """A tape begins behind the assignment of the normalized weight; JAX differentiates it."""
    case = keras_case(kind, rng)
    (W,), (g,) = case.raw().values(), case.gradients(training=True)
    cosine = abs(np.sum(g * W)) / np.linalg.norm(g) / np.linalg.norm(W)
    assert cosine > 1e-2 if BACKEND == "tensorflow" else cosine < 1e-5


@keras_kinds
def test_keras_overwrites_the_weight_even_when_frozen(kind, rng):
    case = keras_case(kind, rng)
    case.layer.trainable = False
    (before,) = case.raw().values()
    case.train()
    (after,) = case.raw().values()
    assert np.linalg.norm(after - before) > 0.1 * np.linalg.norm(before)


@pytest.mark.parametrize("kind", [k for k in KINDS if "Transpose" in k or "Depthwise" in k])
def test_keras_normalizes_the_wrong_matrix(kind, rng):
    case = keras_case(kind, rng)
    case.train(calls=2)
    (W,), (as_matrix,) = case.raw().values(), case.matrices.values()
    assert abs(np.linalg.svd(as_matrix(W), compute_uv=False)[0] - 1) > 1e-2


def test_keras_shows_real_and_fake_two_different_kernels(rng):
    case = Case("Dense", rng, wrapper=layers.SpectralNormalization)
    first = np.array(case.layer(case.x, training=True))
    second = np.array(case.layer(case.x, training=True))
    assert np.abs(first - second).max() > 1e-2


def test_keras_rounds_an_embedding_to_whole_numbers(rng):
    case = keras_case("Embedding", rng)
    assert keras.backend.standardize_dtype(case.layer(case.x).dtype) == "int32"
