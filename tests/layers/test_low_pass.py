"""Bilinear resampling: its definition by sums, its transpose, and derivatives of derivatives."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff

F = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64


def images(rng, height=6, width=8):
    return rng.normal(size=(2, height, width, 3)).astype("float32")


def correlated(x, kernel, padding):
    """Σ x[i + a, j + b] kernel[a, b] of x with zeros around it, by its definition."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width = (n - k + 1 for n, k in zip(x.shape[1:3], kernel.shape, strict=True))
    return sum(
        kernel[a, b] * x[:, a : a + height, b : b + width] for a, b in np.ndindex(kernel.shape)
    )


def spread(x):
    """x with a zero after each pixel."""
    n, h, w, c = x.shape
    made = np.zeros((n, 2 * h, 2 * w, c))
    made[:, ::2, ::2] = x
    return made


@pytest.mark.parametrize("padding", [0, 1, 2, 4])
def test_the_filter_is_a_convolution_by_1_3_3_1(rng, padding):
    x = images(rng)
    y = kg.layers.LowPassFilter2D(padding)(x)
    np.testing.assert_allclose(y, correlated(x, F, padding), rtol=1e-5, atol=1e-6)
    assert kg.layers.LowPassFilter2D(padding).compute_output_shape(x.shape) == y.shape


def test_halving_leaves_out_every_other_pixel_of_the_filtered(rng):
    x = images(rng)
    y = kg.layers.LowPassDownSampling2D()(x)
    np.testing.assert_allclose(y, correlated(x, F, 1)[:, ::2, ::2], rtol=1e-5, atol=1e-6)


def test_doubling_filters_pixels_between_zeros(rng):
    x = images(rng)
    around = np.pad(spread(x), ((0, 0), (1, 1), (1, 1), (0, 0)))
    expected = 4 * correlated(around, F, 1)[:, :-1, :-1]  # 2 zeros before, and one after
    y = kg.layers.LowPassUpSampling2D()(x)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


def test_inside_doubling_is_bilinear_interpolation(rng):
    x = images(rng)
    y = np.array(kg.layers.LowPassUpSampling2D()(x))
    theirs = keras.layers.UpSampling2D(interpolation="bilinear", data_format="channels_last")(x)
    np.testing.assert_allclose(y[:, 1:-1, 1:-1], np.array(theirs)[:, 1:-1, 1:-1], atol=1e-6)


def test_doubling_is_four_times_the_transpose_of_halving(rng):
    x, y = images(rng), images(rng, 12, 16)
    up, down = kg.layers.LowPassUpSampling2D()(x), kg.layers.LowPassDownSampling2D()(y)
    assert np.vdot(up, y) == pytest.approx(4 * np.vdot(x, down), rel=1e-5)


LAYERS = [
    kg.layers.LowPassFilter2D,
    kg.layers.LowPassUpSampling2D,
    kg.layers.LowPassDownSampling2D,
]


@pytest.mark.parametrize("make", LAYERS)
def test_the_derivative_of_a_derivative_is_there(rng, make):
    """Of ½ ‖∇ ½ ‖L x‖²‖² = ½ ‖Lᵀ L x‖² the gradient is (Lᵀ L)³ x... here by both ways."""
    layer, x = make(), ops.convert_to_tensor(images(rng))

    def slope(x):
        return autodiff.input_gradient(
            lambda x: 0.5 * ops.sum(ops.square(layer(x)), axis=(1, 2, 3)), x
        )

    found = autodiff.input_gradient(lambda x: 0.5 * ops.sum(ops.square(slope(x))), x)
    np.testing.assert_allclose(found, slope(slope(x)), rtol=1e-4, atol=1e-5)
    assert np.abs(found).max() > 1e-3


@pytest.mark.parametrize("make", LAYERS)
def test_images_of_unknown_size_and_config(rng, make):
    x = keras.Input((None, None, 3))
    model = keras.Model(x, make()(x))
    given = images(rng)
    np.testing.assert_allclose(model(given), make()(given), rtol=1e-6)
    assert type(make()).from_config(make().get_config()).get_config().keys()


def test_wrong_arguments_are_refused(rng):
    with pytest.raises(ValueError, match="even sizes; received one of 7 pixels"):
        kg.layers.LowPassDownSampling2D()(images(rng, 6, 7))
    with pytest.raises(ValueError, match="padding must be .* received -1"):
        kg.layers.LowPassFilter2D(-1)
