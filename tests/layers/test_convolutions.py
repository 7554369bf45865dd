"""Convolutions: Keras's values and derivatives, in order for JAX's processor backend."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff, patches
from keras_gan.backend.convolution import Window

BACKEND = keras.backend.backend()
CASES = [
    ("Conv1D", 7, {"kernel_size": 4, "strides": 3, "padding": "same"}),
    ("Conv1D", 9, {"kernel_size": 3, "padding": "causal", "dilation_rate": 2}),
    ("Conv2D", 7, {"kernel_size": 4, "strides": 2, "padding": "same"}),
    ("Conv2D", 7, {"kernel_size": (3, 2), "strides": (2, 1), "padding": "valid"}),
    ("Conv2D", 8, {"kernel_size": 3, "dilation_rate": 2, "padding": "same"}),
    ("Conv2D", 6, {"kernel_size": 3, "groups": 2, "padding": "same"}),
    ("Conv2D", 7, {"kernel_size": (3, 2), "groups": 2, "strides": 2}),
    ("Conv1D", 7, {"kernel_size": 3, "groups": 2, "padding": "same"}),
    ("Conv3D", 4, {"kernel_size": 3, "groups": 2, "strides": 2, "padding": "same"}),
    ("Conv2D", 5, {"kernel_size": 1, "strides": 2}),
    ("Conv3D", 5, {"kernel_size": 3, "strides": 2, "padding": "same"}),
    ("Conv1DTranspose", 5, {"kernel_size": 5, "strides": 2, "padding": "same"}),
    ("Conv2DTranspose", 5, {"kernel_size": 4, "strides": 2, "padding": "same"}),
    ("Conv2DTranspose", 5, {"kernel_size": 3, "strides": 2, "output_padding": 1}),
    ("Conv2DTranspose", 4, {"kernel_size": 2, "strides": 3, "padding": "valid"}),
    ("Conv2DTranspose", 5, {"kernel_size": 3, "dilation_rate": 2, "padding": "same"}),
    ("Conv3DTranspose", 3, {"kernel_size": 4, "strides": 2, "padding": "same"}),
]


def pair(name: str, size: int, options: dict) -> tuple:
    """Our layer, Keras's with the same weights, and inputs."""
    rng = np.random.default_rng(0)
    ours, theirs = (
        getattr(of, name)(4, activation="tanh", **options) for of in (kg.layers, keras.layers)
    )
    rank = int(name[4])
    x = rng.normal(size=(2, *(size,) * rank, 2)).astype("float32")
    ours.build(x.shape)
    theirs.build(x.shape)
    weights = [0.5 * rng.normal(size=v.shape) for v in ours.weights]
    ours.set_weights(weights)
    theirs.set_weights(weights)
    return ours, theirs, x


def derivatives(layer, x) -> list[np.ndarray]:
    """The outputs, the derivatives by inputs and kernel, and the derivatives of these."""
    kernel, cotangents = ops.convert_to_tensor(layer.kernel), {}

    def applied(x, kernel):
        with autodiff.valued([layer.kernel], [kernel]):
            return (layer(x),)

    def cotangent(key, like):
        seed = np.random.default_rng(key).normal(size=like.shape)
        return cotangents.setdefault(key, ops.convert_to_tensor(seed, "float32"))

    def first(x, kernel):
        (y,), pull = autodiff.pullback(applied, [x, kernel])
        return tuple(pull((cotangent(1, y),)))

    given = [ops.convert_to_tensor(x), kernel]
    slopes, pull = autodiff.pullback(first, given)
    second = pull(tuple(cotangent(i + 2, slope) for i, slope in enumerate(slopes)))
    return [ops.convert_to_numpy(each) for each in (*applied(*given), *slopes, *second)]


@pytest.mark.parametrize(("name", "size", "options"), CASES)
def test_values_and_two_derivatives_are_those_of_keras(name, size, options):
    ours, theirs, x = pair(name, size, options)
    for a, b in zip(derivatives(ours, x), derivatives(theirs, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4 * np.abs(b).max())


@pytest.mark.parametrize(("name", "size", "options"), CASES)
def test_products_of_matrices_give_the_same(name, size, options, monkeypatch):
    if options.get("padding") == "causal" or "groups" in options:
        pytest.skip("is left to Keras, or split by groups")
    used = []
    monkeypatch.setattr(patches, "pay", lambda *_: used.append(1) or True)
    ours, theirs, x = pair(name, size, options)
    for a, b in zip(derivatives(ours, x), derivatives(theirs, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-4 * np.abs(b).max())
    assert used


def test_products_are_for_few_pixels_and_large_kernels():
    def pays(size, strides, kernel_size, channels, filters):
        given = (kernel_size,) * 2, (strides,) * 2, "same", (1, 1)
        window = Window.of_convolution((size, size), *given)
        return patches.pay(window, (kernel_size, kernel_size, channels, filters))

    assert pays(4, 2, 5, 256, 512)  # the last of the critic of WGAN-GP's example
    assert pays(4, 2, 4, 64, 128)
    assert not pays(4, 2, 4, 32, 64)
    assert pays(8, 2, 4, 256, 512)
    assert not pays(8, 2, 5, 128, 256)
    assert pays(4, 1, 3, 512, 512)
    assert not pays(4, 1, 3, 128, 128)
    assert not pays(32, 2, 5, 512, 512)


def test_what_is_too_small_for_a_kernel_is_refused_by_keras():
    with pytest.raises(ValueError, match="(?i)negative|output"):
        kg.layers.Conv2D(512, 5, strides=2)(keras.Input((4, 4, 256)))


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
def test_products_in_low_precision_and_compiled_give_the_same(name):
    layer = getattr(kg.layers, name)(128, 4, strides=2, padding="same", dtype="mixed_bfloat16")
    x = np.random.default_rng(0).normal(size=(3, 2, 2, 64)).astype("float32")
    y = layer(x)
    plain = getattr(keras.layers, name)(128, 4, strides=2, padding="same")
    plain.build(x.shape)
    plain.set_weights(layer.get_weights())
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    model = keras.Sequential([keras.Input(x.shape[1:]), layer])
    for each in (y, model.predict(x, verbose=0)):
        np.testing.assert_allclose(ops.cast(each, "float32"), plain(x), rtol=0.1, atol=0.02)


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
def test_unknown_sizes(name):
    ours = getattr(kg.layers, name)(3, 3, strides=2, padding="same")
    inputs = keras.Input((None, None, 2))
    model = keras.Model(inputs, ours(inputs))
    assert model.output_shape == (None, None, None, 3)
    assert model(np.ones((1, 6, 8, 2), "float32")).shape[1:3] in ((3, 4), (12, 16))


def test_saved_and_loaded(tmp_path):
    x = keras.Input((8, 8, 1))
    h = kg.layers.Conv2D(2, 3, strides=2, padding="same")(x)
    model = keras.Model(x, kg.layers.Conv2DTranspose(1, 4, strides=2, padding="same")(h))
    model.save(tmp_path / "model.keras")
    images = np.random.default_rng(0).normal(size=(2, 8, 8, 1)).astype("float32")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert [type(layer) for layer in loaded.layers] == [type(layer) for layer in model.layers]
    np.testing.assert_array_equal(loaded.predict(images), model.predict(images))


@pytest.mark.skipif(BACKEND != "jax", reason="of JAX's processor backend")
def test_all_convolutions_of_a_fused_step_are_in_order_on_jax():
    import jax

    ours = [
        kg.layers.Conv2D(4, 4, strides=2, padding="same"),
        kg.layers.Conv2DTranspose(3, 4, strides=2, padding="same"),
    ]
    x = jax.numpy.ones((2, 8, 8, 3))
    network = keras.Sequential([keras.Input((8, 8, 3)), *ours])
    weights = [v.value for v in network.trainable_variables]

    def loss(weights):
        y, _ = network.stateless_call(weights, [], x)
        return jax.numpy.mean((y - x) ** 2)

    def step(weights, _):
        slopes = jax.grad(lambda weights: loss(weights))(weights)
        return [w - 0.1 * slope for w, slope in zip(weights, slopes, strict=True)], 0.0

    fused = jax.jit(lambda weights: jax.lax.scan(step, weights, None, length=3))
    text = fused.lower(weights).compile().as_text()
    orders = {part.split()[0].rstrip(",") for part in text.split("dim_labels=")[1:]}
    assert orders == {"b01f_01io->b01f"}
