"""Spectral normalization as a layer among layers: precision, config, fit, state, bad input."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gan.layers import SpectralNormalization


@pytest.mark.parametrize("inner", ["float32", "mixed_float16", "bfloat16"])
def test_the_wrapped_layers_precision_counts_inside_any_model(inner):
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = keras.Sequential([layers.Dense(4), SpectralNormalization(layers.Dense(2, dtype=inner))])
    y = model(np.ones((3, 2), "float32"), training=True)
    expected = keras.DTypePolicy(inner).compute_dtype
    assert keras.backend.standardize_dtype(y.dtype) == expected == model.outputs[0].dtype
    assert model.layers[1].vectors[0].dtype == "float32"
    raw = model.layers[1].layer.kernel.numpy().astype("float64")
    ratio = np.array(model.layers[1].normalized_kernels()["kernel"]).astype("float64") / raw
    np.testing.assert_allclose(ratio, ratio.flat[0], rtol=1e-6)  # no rounding to 8 or 11 bits


def test_config_round_trip():
    layer = SpectralNormalization(
        layers.Dense(3, dtype="mixed_bfloat16"), 4, name="critic", trainable=False
    )
    config = layer.get_config()
    twin = SpectralNormalization.from_config(layer.get_config())
    assert twin.get_config() == config
    assert (twin.power_iterations, twin.name, twin.trainable) == (4, "critic", False)
    assert twin.layer.compute_dtype == "bfloat16"


def test_an_already_built_layer_keeps_its_weights(rng):
    dense = layers.Dense(3)
    x = rng.normal(size=(2, 4)).astype("float32")
    dense(x)
    W = dense.kernel.numpy()
    y = SpectralNormalization(dense, power_iterations=100)(x, training=True)
    np.testing.assert_allclose(y, x @ W / np.linalg.norm(W, ord=2), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_fit_with_a_stock_optimizer_keeps_the_norm_at_one(jit_compile, rng):
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            SpectralNormalization(layers.Conv2D(4, 3, activation="relu")),
            layers.Flatten(),
            SpectralNormalization(layers.Dense(1)),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), loss="mse", jit_compile=jit_compile)
    x = rng.normal(size=(64, 6, 6, 1)).astype("float32")
    history = model.fit(x, x.mean(axis=(1, 2)), batch_size=16, epochs=8, verbose=0)
    assert history.history["loss"][-1] < 0.5 * history.history["loss"][0]
    for layer in (model.layers[0], model.layers[2]):
        kernel = np.array(layer.normalized_kernels()["kernel"])
        top = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]
        assert top == pytest.approx(1, abs=1e-2)


class NoisyDense(layers.Dense):
    """A layer with a state of its own and a loss of its own."""

    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        self.seed = keras.random.SeedGenerator(0)

    def call(self, inputs):
        self.add_loss(keras.ops.sum(self.kernel**2))
        return super().call(inputs) + keras.random.normal((self.units,), seed=self.seed)


def test_a_subclass_keeps_its_state_and_its_losses(rng):
    layer = SpectralNormalization(NoisyDense(3, activity_regularizer="l2"), power_iterations=50)
    x = rng.normal(size=(2, 4)).astype("float32")
    first = np.array(layer(x, training=True))
    second = np.array(layer(x))
    assert np.abs(first - second).max() > 1e-2
    frobenius = np.sum(np.array(layer.normalized_kernels()["kernel"]) ** 2)
    losses = [float(loss) for loss in layer.losses]
    assert losses[-1] == pytest.approx(0.01 * np.sum(second**2) / 2, rel=1e-5)
    assert losses[-2] == pytest.approx(frobenius, rel=1e-5)


def test_the_mask_of_an_embedding_passes_through():
    layer = SpectralNormalization(layers.Embedding(5, 2, mask_zero=True))
    words = np.array([[1, 0], [3, 0]])
    for mask in (layer(words)._keras_mask, layer.compute_mask(words)):
        np.testing.assert_array_equal(mask, [[True, False], [True, False]])


def test_input_of_a_wrong_shape_is_refused():
    layer = SpectralNormalization(layers.Dense(2))
    layer.build((None, 3))
    with pytest.raises(ValueError, match="expected axis -1 of input shape to have value 3"):
        layer(np.ones((2, 4), "float32"))


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (layers.ReLU(), "normalizes the kernels of Conv1D, .* but received <ReLU"),
        (layers.LSTM(2), "but received <LSTM"),
        ("dense", "but received 'dense'"),
        (SpectralNormalization(layers.Dense(2)), "already spectrally normalized"),
        (layers.SpectralNormalization(layers.Dense(2)), "already spectrally normalized"),
    ],
)
def test_a_layer_that_cannot_be_normalized_is_refused(layer, message):
    with pytest.raises(ValueError, match=message):
        SpectralNormalization(layer)


@pytest.mark.parametrize("power_iterations", [0, -1, 1.5, True, "one"])
def test_wrong_power_iterations_are_refused(power_iterations):
    with pytest.raises(ValueError, match="power_iterations .* at least 1"):
        SpectralNormalization(layers.Dense(2), power_iterations=power_iterations)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_lora_and_quantized_kernels_are_refused():
    with pytest.raises(ValueError, match="LoRA and quantized layers are not supported"):
        SpectralNormalization(layers.Dense(2, lora_rank=1)).build((None, 3))
    dense = layers.Dense(2)
    dense.build((None, 3))
    dense.quantize("int8")
    with pytest.raises(ValueError, match="LoRA and quantized layers are not supported"):
        SpectralNormalization(dense).build((None, 3))


def test_what_the_wrapped_layer_adds_to_the_losses_counts_once_in_a_scope_too():
    dense = keras.layers.Dense(3, activity_regularizer=keras.regularizers.L2(0.5))
    layer = SpectralNormalization(dense)
    x = keras.ops.ones((4, 2))
    y = keras.ops.convert_to_numpy(layer(x))
    expected = 0.5 * np.sum(y**2) / 4
    np.testing.assert_allclose([float(loss) for loss in layer.losses], [expected], rtol=1e-5)
    with keras.StatelessScope(collect_losses=True):
        layer(x)
        np.testing.assert_allclose([float(loss) for loss in layer.losses], [expected], rtol=1e-5)
