"""The laws of every bijection: inverse, log-determinants, derivatives, files, refusals."""

import re

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from tests.slow import thorough_but

b = kg.bijections
POINTS, IMAGES = (3,), (4, 4, 2)
SMALL = {"width": 6}


def inside(x):
    """Values in (0, 1)."""
    return 1.0 / (1.0 + np.exp(-x))


def precise():
    """Tolerances of a solver that leave less than those of the laws."""
    tolerance = 1e-11 if keras.config.floatx() == "float64" else 1e-6
    return {"solver": "dopri5", "rtol": tolerance, "atol": tolerance}


CASES = {  # a function that makes one, the shape of a sample, where samples lie
    "ElementwiseAffine": (lambda: b.ElementwiseAffine(), POINTS, None),
    "without a shift": (lambda: b.ElementwiseAffine(shift=False), IMAGES, None),
    "ActNorm": (lambda: b.ActNorm(), IMAGES, None),
    "ActNorm of points": (lambda: b.ActNorm(), POINTS, None),
    "Affine": (lambda: b.Affine(), POINTS, None),
    "InvertibleConvolution": (lambda: b.InvertibleConvolution(seed=3), IMAGES, None),
    "rotation of points": (lambda: b.InvertibleConvolution(), POINTS, None),
    "AdditiveCoupling": (lambda: b.AdditiveCoupling(**SMALL), POINTS, None),
    "AffineCoupling": (lambda: b.AffineCoupling(**SMALL), POINTS, None),
    "the other half": (lambda: b.AffineCoupling(swap=True, **SMALL), POINTS, None),
    "channels": (lambda: b.AffineCoupling("channels", **SMALL), IMAGES, None),
    "checkerboard": (lambda: b.AffineCoupling("checkerboard", **SMALL), IMAGES, None),
    "other colour": (lambda: b.AdditiveCoupling("checkerboard", swap=True), IMAGES, None),
    "series": (lambda: b.AffineCoupling("checkerboard", **SMALL), (5, 2), None),
    "own network": (lambda: b.AffineCoupling(network=keras.layers.Dense(2)), POINTS, None),
    "splines": (lambda: b.RationalQuadraticCoupling(bins=4, **SMALL), POINTS, None),
    "splines of images": (
        lambda: b.RationalQuadraticCoupling("checkerboard", bins=3, **SMALL),
        (2, 2, 2),
        None,
    ),
    "BatchNormalization": (lambda: b.BatchNormalization(), IMAGES, None),
    "MixtureCDF": (lambda: b.MixtureCDF(components=3), POINTS, None),
    "Probit": (lambda: b.Probit(), POINTS, inside),
    "Logit": (lambda: b.Logit(), IMAGES, np.tanh),
    "Dequantize": (
        lambda: b.Dequantize(b.AffineCoupling("checkerboard", **SMALL)),
        IMAGES,
        inside,
    ),
    "Inverse": (lambda: b.Inverse(b.AffineCoupling(**SMALL)), POINTS, None),
    "ODE": (lambda: b.ODE(**precise(), **SMALL), POINTS, None),
    "adjoint": (lambda: b.ODE(gradient="adjoint", **precise(), **SMALL), POINTS, None),
    "equal steps": (lambda: b.ODE(activation="softplus", steps=120, **SMALL), POINTS, None),
    "own field": (
        lambda: b.ODE(keras.layers.Dense(3, activation="sigmoid"), **precise()),
        POINTS,
        None,
    ),
    "Permutation": (lambda: b.Permutation(), (5,), None),
    "reverse": (lambda: b.Permutation("reverse"), IMAGES, None),
    "Squeeze": (lambda: b.Squeeze(), IMAGES, None),
    "Squeeze of series": (lambda: b.Squeeze(3), (6, 2), None),
    "Flatten": (lambda: b.Flatten(), IMAGES, None),
    "Split": (lambda: b.Split(b.ActNorm()), IMAGES, None),
    "Split of three": (lambda: b.Split(b.Flatten(), learned=False), (2, 2, 3), None),
    "Chain": (
        lambda: b.Chain(
            [
                b.Squeeze(),
                b.ActNorm(),
                b.InvertibleConvolution(),
                b.Split(b.AffineCoupling("channels", **SMALL)),
            ]
        ),
        IMAGES,
        None,
    ),
}
WIDE = pytest.param("float64", marks=pytest.mark.float64)
TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
FEW = ["ActNorm of points", "AffineCoupling", "splines", "Split of three"]
every = pytest.mark.parametrize("name", thorough_but([*FEW, "MixtureCDF", "checkerboard"], CASES))
few = pytest.mark.parametrize("name", thorough_but(FEW, CASES))
in_both = pytest.mark.parametrize("dtype", ["float32", WIDE])


def samples(shape, within, n=6, seed=1):
    """Samples where a bijection takes them."""
    x = np.random.default_rng(seed).normal(size=(n, *shape))
    return (x if within is None else within(x)).astype(keras.config.floatx())


def moved(bijection, x, seed=0):
    """The bijection, built for samples, every weight of which has moved from its start."""
    bijection.forward(x)
    rng = np.random.default_rng(seed)
    for v in bijection.trainable_variables:
        v.assign(v + 0.3 * rng.normal(size=v.shape))
    if isinstance(bijection, b.BatchNormalization):
        bijection.forward(x, training=True)
    return bijection


def case(name, dtype="float32"):
    """One that has moved, and samples."""
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    make, shape, within = CASES[name]
    x = samples(shape, within)
    return moved(make(), x), x


def log_prob(bijection, x):
    """log N(f(x); 0, I) + log |det ∂f/∂x|, but for a constant."""
    z, log_det = bijection.forward_and_log_det(x)
    return log_det - 0.5 * ops.sum(ops.reshape(z, (len(x), -1)) ** 2, axis=1)


@in_both
@every
def test_the_inverse_undoes_it_and_the_log_determinant_is_that_of_its_jacobian(name, dtype):
    bijection, x = case(name, dtype)
    b.check(bijection, x, tolerance=TOLERANCE[dtype])
    z, log_det = bijection.forward_and_log_det(x)
    assert keras.backend.standardize_dtype(z.dtype) == dtype
    assert keras.backend.standardize_dtype(log_det.dtype) == dtype


@pytest.mark.float64
@few
def test_the_derivatives_of_the_log_density_are_those_of_finite_differences(name):
    bijection, x = case(name, "float64")
    x = x[:2]
    gradient = autodiff.input_gradient(
        lambda x: log_prob(bijection, x)[:, None], ops.convert_to_tensor(x)
    )
    direction = np.random.default_rng(2).normal(size=x.shape)
    step = 1e-6
    above, below = (log_prob(bijection, x + s * step * direction) for s in (1, -1))
    found = ops.convert_to_numpy(above - below) / (2 * step)
    expected = (ops.convert_to_numpy(gradient) * direction).reshape(len(x), -1).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@few
def test_it_survives_a_file_to_the_bit(name, tmp_path):
    bijection, x = case(name)
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, bijection(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(model(x), again(x))
    loaded = again.layers[-1]
    for one, other in zip(
        bijection.forward_and_log_det(x), loaded.forward_and_log_det(x), strict=True
    ):
        assert np.array_equal(one, other)
    assert np.array_equal(bijection.inverse(model(x)), loaded.inverse(model(x)))


@few
def test_it_keeps_float32_in_mixed_precision(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    make, shape, within = CASES[name]
    bijection = make()
    z, log_det = bijection.forward_and_log_det(samples(shape, within))
    assert {keras.backend.standardize_dtype(t.dtype) for t in (z, log_det)} == {"float32"}


@pytest.mark.parametrize("dim", [3, (4, 4, 1)])
def test_a_condition_is_part_of_the_map(dim, rng):
    shape = (dim,) if isinstance(dim, int) else dim
    coupling = b.AffineCoupling("checkerboard", condition_dim=dim, **SMALL)
    x, condition = samples(IMAGES, inside), rng.normal(size=(6, *shape)).astype("float32")
    noise = b.Dequantize(coupling)
    noise.forward(x, condition)
    for v in noise.trainable_variables:
        v.assign(v + 0.3 * rng.normal(size=v.shape))
    again = b.Dequantize.from_config(noise.get_config())
    again.forward(x, condition)
    again.set_weights(noise.get_weights())
    b.check(again, x, condition)
    changed = condition.copy()
    changed[..., -1] += 1.0
    assert np.abs(again.forward(x, condition) - noise.forward(x, changed)).max() > 0.01


BROKEN = {
    "f⁻¹(f(x)) and x": lambda self, z, *rest, **options: (z, 0.0),
    "minus that of f": lambda self, z, *rest, **options: (
        z * ops.exp(-self.log_scale),
        ops.sum(self.log_scale),
    ),
}


@pytest.mark.parametrize("law", BROKEN)
def test_a_wrong_inverse_is_found(law):
    class Broken(b.ElementwiseAffine):
        invert = BROKEN[law]

    x = samples(POINTS, None)
    with pytest.raises(ValueError, match=re.escape(law)):
        b.check(moved(Broken(shift=False), x), x)


def test_a_wrong_log_determinant_is_found():
    class Broken(b.ElementwiseAffine):
        def log_det(self, shape):
            return 1.1 * super().log_det(shape)

    x = samples(POINTS, None)
    with pytest.raises(ValueError, match="that of the Jacobian by differentiation"):
        b.check(moved(Broken(), x), x)


def test_a_wrong_shape_is_found():
    class Broken(b.Flatten):
        def latent_shape(self, shape):
            return shape

    with pytest.raises(ValueError, match=r"Broken.latent_shape says \(4, 4, 2\), but"):
        b.check(Broken(), samples(IMAGES, None))


REFUSED = {
    "at least one bijection": lambda: b.Chain([]),
    "made of bijections": lambda: b.Chain([keras.layers.Dense(2)]),
    "mask": lambda: b.AffineCoupling("halfs"),
    "bound must": lambda: b.AffineCoupling(bound=0),
    "bins must be": lambda: b.RationalQuadraticCoupling(bins=1),
    "interval must": lambda: b.RationalQuadraticCoupling(interval=-1.0),
    "width must be": lambda: b.AdditiveCoupling(width=0),
    "momentum must": lambda: b.BatchNormalization(momentum=1.0),
    "alpha must": lambda: b.Logit(alpha=0.5),
    "high must": lambda: b.Logit(low=1.0, high=0.0),
    "factor must be": lambda: b.Squeeze(1),
    "order must be 'random'": lambda: b.Permutation("sorted"),
    "permutation of 0, …, 2": lambda: b.Permutation([0, 0, 1]).forward(np.ones((1, 3))),
    "multiples of 2": lambda: b.Squeeze().forward(np.ones((1, 3, 4, 1))),
    "at least 2 components": lambda: b.AffineCoupling().forward(np.ones((1, 1))),
    "checkerboard needs images": lambda: b.AffineCoupling("checkerboard").forward(np.ones((1, 4))),
    "at least 2 channels": lambda: b.Split(b.ActNorm()).forward(np.ones((1, 2, 2, 1))),
    "Affine takes points": lambda: b.Affine().forward(np.ones((1, 2, 2, 1))),
    "does not know the shape of x": lambda: b.Flatten().inverse(np.ones((1, 4))),
    "components must be": lambda: b.MixtureCDF(components=0),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_is_refused(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()


def test_another_shape_than_the_first_is_refused():
    bijection = b.ActNorm()
    bijection.forward(np.ones((2, 4, 4, 1)))
    with pytest.raises(ValueError, match=r"shape \(4, 4, 1\); received \(8, 8, 1\)"):
        bijection.forward(np.ones((2, 8, 8, 1)))


def test_a_derivative_that_is_not_a_number_is_found():
    class Broken(b.Bijection):
        def transform(self, x, condition=None, training=False):
            return x + ops.sqrt(ops.square(x - x)), ops.zeros(()) + 7.0

        def invert(self, z, condition=None, training=False):
            return z, ops.zeros(()) - 7.0

    with pytest.raises(ValueError, match="that of the Jacobian by differentiation"):
        b.check(Broken(), samples(POINTS, None))


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_batch_normalization_is_that_of_the_running_statistics_in_both_modes(momentum, rng):
    """μ̃ ← ρ μ̃ + (1 − ρ) μ̂ before the batch is normalized by it; inference takes it as it is."""
    layer = b.BatchNormalization(momentum=momentum, epsilon=1e-3)
    first, second = rng.normal(2.0, 3.0, size=(2, 50, 4)).astype("float32")
    layer.forward(first, training=True)
    z, log_det = layer.forward_and_log_det(second, training=True)
    mean = momentum * first.mean(0) + (1 - momentum) * second.mean(0)
    variance = momentum * first.var(0) + (1 - momentum) * second.var(0)
    np.testing.assert_allclose(z, (second - mean) / np.sqrt(variance + 1e-3), rtol=1e-3, atol=1e-4)
    expected = -0.5 * np.log(variance + 1e-3).sum()
    np.testing.assert_allclose(log_det, np.full(50, expected), rtol=1e-4)
    again, same = layer.forward_and_log_det(second)
    np.testing.assert_allclose(again, z, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(same, log_det, rtol=1e-5)
    back, minus = layer.inverse_and_log_det(z)
    np.testing.assert_allclose(back, second, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(minus, -np.array(log_det), rtol=1e-5)


@pytest.mark.float64
def test_the_inverse_of_a_mixture_has_second_derivatives():
    bijection, x = case("MixtureCDF", "float64")
    z = bijection.forward(x[:1])

    def slope(z):
        return autodiff.input_gradient(lambda z: bijection.inverse(z)[:, :1], z)

    second = autodiff.input_gradient(lambda z: slope(z)[:, :1], z)
    step = np.zeros((1, 3))
    step[0, 0] = 1e-6
    numbers = [ops.convert_to_numpy(slope(z + sign * step))[0, 0] for sign in (1, -1)]
    found = ops.convert_to_numpy(second)[0, 0]
    assert found == pytest.approx((numbers[0] - numbers[1]) / 2e-6, rel=1e-4)


OUTSIDE = {
    "Probit": (lambda: b.Probit(), [[0.5, -0.5], [0.5, 1.5]]),
    "Logit": (lambda: b.Logit(), [[0.0, 1.2], [-1.2, 0.0]]),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_there_is_no_density_where_a_bijection_is_not_defined(name):
    make, x = OUTSIDE[name]
    z, log_det = make().forward_and_log_det(x)
    assert np.isneginf(log_det).all()
    assert np.isfinite(z).all()


def test_a_coupling_keeps_the_precision_of_its_network():
    keras.config.set_dtype_policy("mixed_bfloat16")
    coupling = b.AffineCoupling(**SMALL)
    keras.config.set_dtype_policy("float32")
    again = b.AffineCoupling.from_config(coupling.get_config())
    again.forward(samples(POINTS, None))
    assert again.network.compute_dtype == "bfloat16"
    assert again.compute_dtype == "float32"


UNFIT = {
    "must make 3 channels": lambda: b.AdditiveCoupling(network=keras.layers.Dense(2)).forward(
        np.ones((2, 6))
    ),
    "must make 2 channels, 2 for each of 1": lambda: b.AffineCoupling(
        network=keras.layers.Dense(4)
    ).forward(np.ones((2, 3))),
    r"needs a condition of shape \('batch', 2\) .* received none": lambda: b.AffineCoupling(
        condition_dim=2, **SMALL
    ).forward(np.ones((2, 3))),
    r"received \('batch', 3\)": lambda: b.ODE(condition_dim=2, **SMALL).forward(
        np.ones((2, 3)), np.ones((2, 3))
    ),
    "takes a batch of samples": lambda: b.AffineCoupling(**SMALL).forward(np.ones(3)),
    "points, series, images or volumes": lambda: b.ODE(**SMALL).forward(
        np.ones((1, 2, 2, 2, 2, 1))
    ),
    "order must be": lambda: b.Permutation([0.9, 1.9]),
    "order must be 'random', 'reverse' or integers": lambda: b.Permutation(None),
    "float32 or float64": lambda: b.AffineCoupling(dtype="bfloat16"),
}


@pytest.mark.parametrize("message", UNFIT)
def test_what_does_not_fit_is_refused_in_a_sentence(message):
    with pytest.raises(ValueError, match=message):
        UNFIT[message]()


def test_latent_vectors_of_another_length_are_refused():
    flat = b.Flatten()
    flat.forward(np.ones((1, 2, 2)))
    with pytest.raises(ValueError, match=r"makes z of shape \(4,\) of one x; received .* \(6,\)"):
        flat.inverse_and_log_det(np.ones((2, 6)))
