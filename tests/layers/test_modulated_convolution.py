"""The modulated convolution against its definition, a kernel for each sample."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from tests.layers.test_low_pass import F, correlated, spread
from tests.wide import float64


def convolved(x, kernel):
    """x (height, width, channels) by kernel (k, k, channels, filters), same size, by sums."""
    k = kernel.shape[0]
    around = np.pad(x, ((k // 2, k // 2), (k // 2, k // 2), (0, 0)))
    height, width = x.shape[:2]
    return sum(around[a : a + height, b : b + width] @ kernel[a, b] for a, b in np.ndindex(k, k))


def kernels(layer, styles):
    """w″ of every sample."""
    v = np.array(layer.kernel, "float64")
    w = v / np.sqrt(np.prod(v.shape[:-1]))
    for style in np.asarray(styles, "float64"):
        own = style[None, None, :, None] * w
        norm = np.sqrt(np.square(own).sum(axis=(0, 1, 2)) + 1e-8)
        yield own / norm if layer.demodulate else own


def given(rng, **options):
    x, styles = rng.normal(size=(3, 5, 6, 4)), 1 + rng.normal(size=(3, 4))
    layer = kg.layers.ModulatedConv2D(7, **options)
    y = layer([ops.convert_to_tensor(each, "float32") for each in (x, styles)])
    layer.bias.assign(rng.normal(size=7))
    return layer, x, styles, y


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_it_equals_its_definition(rng, demodulate, size):
    layer, x, styles, y = given(rng, kernel_size=size, demodulate=demodulate)
    each = zip(x, kernels(layer, styles), strict=True)
    expected = np.stack([convolved(own, kernel) for own, kernel in each])
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)
    y = layer([ops.convert_to_tensor(each, "float32") for each in (x, styles)])
    np.testing.assert_allclose(y, expected + np.array(layer.bias), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("size", [3, 5])
def test_doubling_is_a_transposed_convolution_and_the_low_pass_filter(rng, size):
    """As all pixels between zeros by the turned kernel, and then by 4 f."""
    layer, x, styles, y = given(rng, kernel_size=size, upsample=True)
    expected = []
    for own, kernel in zip(x, kernels(layer, styles), strict=True):
        around = np.pad(spread(own[None])[0], ((size, size), (size, size), (0, 0)))
        whole = convolved(around, kernel[::-1, ::-1])
        first = size - size // 2  # from where on the kernel meets pixels
        whole = whole[first : first + 2 * 5 + size - 2, first : first + 2 * 6 + size - 2]
        expected.append(4 * correlated(whole[None], F, (5 - size) // 2)[0])
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-5)
    assert y.shape == (3, 10, 12, 7) == layer.compute_output_shape([x.shape, styles.shape])


def test_outputs_of_unit_variance_whatever_the_styles(rng):
    layer = kg.layers.ModulatedConv2D(16)
    x = rng.normal(size=(4, 32, 32, 16)).astype("float32")
    y = np.array(layer([x, (100 * rng.normal(size=(4, 16))).astype("float32")]))
    np.testing.assert_allclose(y[:, 1:-1, 1:-1].std(axis=(1, 2)), 1.0, atol=0.1)


@pytest.mark.float64
@pytest.mark.parametrize("options", [{}, {"upsample": True}, {"demodulate": False}])
def test_derivatives_of_derivatives_are_those_of_finite_differences(rng, options):
    """Along one direction of kernel and style, of the squared gradient by x."""
    keras.config.set_floatx("float64")
    with float64():
        x, style = (ops.convert_to_tensor(rng.normal(size=s)) for s in ((2, 4, 4, 3), (2, 3)))
        layer = kg.layers.ModulatedConv2D(4, dtype="float64", **options)
        layer([x, style])
        start = np.array(layer.kernel)
        along = rng.normal(size=start.shape), rng.normal(size=(2, 3))

        def loss(kernel, style):
            def score(x):
                with autodiff.valued([layer.kernel], [kernel]):
                    return ops.sum(ops.sin(layer([x, style])), axis=(1, 2, 3))

            return ops.sum(ops.square(autodiff.input_gradient(score, x)))

        def at(h):
            moved = start + h * along[0], np.array(style) + h * along[1]
            return float(loss(*map(ops.convert_to_tensor, moved)))

        inputs = [ops.convert_to_tensor(start), style]
        _, pull = autodiff.pullback(lambda *each: (loss(*each),), inputs)
        slopes = pull((ops.ones((), "float64"),))
        found = sum(float(np.vdot(s, d)) for s, d in zip(slopes, along, strict=True))
    assert abs(found) > 1e-2
    assert found == pytest.approx((at(1e-5) - at(-1e-5)) / 2e-5, rel=1e-4)


def test_in_half_precision_a_large_style_does_not_leave_the_range(rng):
    x, style = rng.normal(size=(2, 8, 8, 4)), 3e4 * np.ones((2, 4))
    layer = kg.layers.ModulatedConv2D(4, dtype="mixed_float16")
    y = layer([ops.convert_to_tensor(each, "float16") for each in (x, style)])
    wide = kg.layers.ModulatedConv2D(4)
    wide.build([(None, 8, 8, 4), (None, 4)])
    wide.set_weights(layer.get_weights())
    expected = wide([ops.convert_to_tensor(each, "float32") for each in (x, style)])
    np.testing.assert_allclose(np.array(y, "float32"), expected, atol=0.03)
    none = ops.zeros((2, 4), "float16")
    np.testing.assert_array_equal(layer([ops.convert_to_tensor(x, "float16"), none]), 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kg.layers.ModulatedConv2D(0), "filters must be .* received 0"),
        (lambda: kg.layers.ModulatedConv2D(4, 2), "odd, such as 1 or 3; received 2"),
        (lambda: kg.layers.ModulatedConv2D(4, 7, upsample=True), "3 or 5 to upsample; received 7"),
        (
            lambda: kg.layers.ModulatedConv2D(4)([np.ones((2, 4, 4, 3)), np.ones((2, 4))]),
            "one number for each channel .* received images \\(2, 4, 4, 3\\) and styles \\(2, 4\\)",
        ),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_equalized_layers_scale_their_kernels_when_used(rng):
    x = rng.normal(size=(5, 12)).astype("float32")
    dense = kg.layers.EqualizedDense(4, rate=0.01, bias_initializer="ones")
    y = dense(x)
    kernel = np.array(dense.kernel)
    np.testing.assert_allclose(y, x @ kernel * (0.01 / np.sqrt(12)) + 0.01, rtol=1e-4, atol=1e-6)
    assert kernel.std() == pytest.approx(100, rel=0.3)

    x = rng.normal(size=(2, 5, 5, 3)).astype("float32")
    ours = kg.layers.EqualizedConv2D(4, 3, data_format="channels_last")
    theirs = keras.layers.Conv2D(4, 3, data_format="channels_last")
    ours.build(x.shape)
    theirs.build(x.shape)
    theirs.set_weights([np.array(ours.kernel) / np.sqrt(27), np.array(ours.bias)])
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-4, atol=1e-5)


def test_noise_is_new_in_training_and_fixed_in_inference(rng):
    layer, x = kg.layers.NoiseInjection(seed=1), np.zeros((64, 8, 8, 3), "float32")
    assert not np.array(layer(x, training=True)).any()
    layer.strength.assign(2.0)
    first, second = (np.array(layer(x, training=True)) for _ in range(2))
    np.testing.assert_array_equal(first[..., 0], first[..., 2])
    assert np.abs(np.corrcoef(first[..., 0].ravel(), second[..., 0].ravel())[0, 1]) < 0.06
    assert first[..., 0].std() == pytest.approx(2.0, rel=0.05)
    fixed = np.array(layer(x))
    np.testing.assert_array_equal(fixed, np.array(layer(x)))
    np.testing.assert_array_equal(fixed[0], fixed[1])
    assert fixed[0, ..., 0].std() == pytest.approx(2.0, rel=0.4)
    again = kg.layers.NoiseInjection.from_config(layer.get_config())
    again.build(x.shape)
    np.testing.assert_array_equal(again.fixed, layer.fixed)
