"""Self-attention: SAGAN's formula by loops, derivatives, kernels, precision, refusals."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.layers import SelfAttention, SpectralNormalization, self_attention
from keras_gan.penalties import R1, GradientPenalty
from keras_gan.penalties.second_order import check_mixed_derivatives, check_second_order
from tests.penalties.test_finite_differences import derivatives, float64  # noqa: F401
from tests.slow import thorough_but

SHAPES = {"series": (7, 8), "images": (5, 4, 8), "volumes": (2, 3, 3, 8)}
SIZES = [(1, 8), (2, 2), (3, 4)]  # pool and value_reduction: the paper's, the code's, another


def block_maxima(x, pool):
    """The maxima of blocks of positions a side, by slices; (positions, channels)."""
    sides = x.shape[:-1]
    found = []
    for place in np.ndindex(*(-(-n // pool) for n in sides)):
        block = x[tuple(slice(i * pool, (i + 1) * pool) for i in place)]
        found.append(block.reshape(-1, x.shape[-1]).max(axis=0))
    return np.array(found)


def by_definition(layer, x):
    """y_j = x_j + γ v(Σ_i β_ji h(x_i)), one position after the other, in float64."""
    f, g, h, v = (
        each.kernel.numpy().astype("float64")
        for each in (layer.key, layer.query, layer.value, layer.projection)
    )
    y = x.astype("float64")
    for sample in y:
        keys, values = block_maxima(sample @ f, layer.pool), block_maxima(sample @ h, layer.pool)
        before = sample.copy()
        for j in np.ndindex(*sample.shape[:-1]):
            scores = np.array([key @ (before[j] @ g) for key in keys])
            weights = np.exp(scores) / np.exp(scores).sum()
            found = sum(w * value for w, value in zip(weights, values, strict=True))
            sample[j] += float(layer.gamma) * (found @ v)
    return y


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("pool", "value_reduction"), SIZES)
def test_it_computes_its_formula(shape, pool, value_reduction, rng):
    layer = SelfAttention(reduction=4, value_reduction=value_reduction, pool=pool)
    x = rng.normal(size=(2, *shape)).astype("float32")
    layer.build(x.shape)
    for variable in layer.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    expected = by_definition(layer, x)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-4, atol=1e-4)
    assert np.abs(expected - x).max() > 0.5


def test_it_begins_as_the_identity_and_learns_gamma_first(rng):
    layer = SelfAttention()
    x = rng.normal(size=(2, 6, 6, 16)).astype("float32")
    np.testing.assert_array_equal(layer(x), x)
    from tests.derivatives import gradients

    slopes = gradients(lambda: ops.sum(layer(x) ** 2), layer.trainable_variables)
    moving = [v.name for v, g in zip(layer.trainable_variables, slopes, strict=True) if g.any()]
    assert moving == ["gamma"]


@pytest.mark.parametrize("normalization", [None, "spectral"])
def test_parameters_are_those_of_the_authors_code_and_of_the_paper(normalization):
    """At 256 channels, where SAGAN's generator has it: four kernels without biases, and γ."""
    of_code = SelfAttention(normalization=normalization)
    of_code.build((None, 32, 32, 256))
    trainable = sum(v.numpy().size for v in of_code.trainable_variables)
    assert trainable == 2 * 256 * 32 + 2 * 256 * 128 + 1 == 81_921
    of_paper = SelfAttention(pool=1, value_reduction=8, normalization=normalization)
    of_paper.build((None, 32, 32, 256))
    trainable = sum(v.numpy().size for v in of_paper.trainable_variables)
    assert trainable == 4 * 256 * 32 + 1 == 32_769


@pytest.mark.thorough
def test_all_four_kernels_are_normalized_spectrally(rng):
    layer = SelfAttention(normalization="spectral")
    x = rng.normal(size=(2, 4, 4, 16)).astype("float32")
    for _ in range(60):
        layer(x, training=True)
    kernels = [layer.query, layer.key, layer.value, layer.projection]
    assert all(isinstance(each, SpectralNormalization) for each in kernels)
    for each in kernels:
        largest = np.linalg.svd(each.normalized_kernels()["kernel"], compute_uv=False)[0]
        assert largest == pytest.approx(1, abs=1e-2)
    layer.gamma.assign(1.0)
    before = np.array(layer(x))
    for each in kernels:
        each.layer.kernel.assign(100 * each.layer.kernel)
    np.testing.assert_allclose(layer(x), before, rtol=1e-4, atol=1e-5)


def discriminator(shape, normalization):
    """Attention between two layers, with a γ that lets it count."""
    x = keras.Input(shape)
    h = layers.Activation("tanh")(layers.Dense(8)(x))
    attention = SelfAttention(reduction=4, normalization=normalization, name="attention")
    h = layers.Activation("tanh")(attention(h))
    attention.gamma.assign(0.7)
    return keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))


OF_BOTH = [(kind, n) for kind in SHAPES for n in (None, "spectral")]


@pytest.mark.float64
@pytest.mark.parametrize(("kind", "normalization"), thorough_but([("images", None)], OF_BOTH))
def test_gradient_penalties_are_right_through_it(float64, kind, normalization):  # noqa: F811
    shape = (*SHAPES[kind][:-1], 2)
    for penalty in (GradientPenalty(10.0), R1(1.0)):
        found, expected = derivatives(penalty, discriminator(shape, normalization), shape)
        assert abs(expected) > 1e-4
        assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("normalization", [None, "spectral"])
def test_checks_of_second_derivatives_accept_it(normalization):
    network = discriminator((5, 4, 2), normalization)
    check_second_order(network)
    check_mixed_derivatives(network)


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", [kg.WGANGP, kg.R3GAN])
def test_penalised_recipes_train_with_it(recipe, rng):
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=2, width=2)
    gan = recipe(generator, discriminator((8, 8, 1), None), seed=0)
    gan.compile()
    before = float(gan.discriminator.get_layer("attention").gamma)
    x = rng.uniform(-1, 1, size=(50, 8, 8, 1)).astype("float32")
    history = gan.fit(x, batch_size=10, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert float(gan.discriminator.get_layer("attention").gamma) != before


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_weights_are_float32_under_mixed_precision(policy, rng, monkeypatch):
    seen, softmax = [], ops.softmax

    def watched(x, axis=-1):
        seen.append(keras.backend.standardize_dtype(x.dtype))
        return softmax(x, axis=axis)

    monkeypatch.setattr(self_attention.ops, "softmax", watched)
    keras.config.set_dtype_policy(policy)
    for normalization in (None, "spectral"):
        layer = SelfAttention(normalization=normalization)
        y = layer(rng.normal(size=(2, 5, 4, 16)).astype("float32"))
        assert keras.backend.standardize_dtype(y.dtype) == policy.removeprefix("mixed_")
        assert layer.gamma.dtype == "float32"
        layer.gamma.assign(1.0)
        wide = SelfAttention(normalization=normalization, dtype="float32")
        x = rng.normal(size=(2, 5, 4, 16)).astype("float32")
        wide.build(x.shape)
        wide.set_weights(layer.get_weights())
        np.testing.assert_allclose(ops.cast(layer(x), "float32"), wide(x), atol=0.1)
    assert set(seen) == {"float32"}


def test_config_and_file_hold_everything(rng, tmp_path):
    x = keras.Input((5, 4, 8))
    layer = SelfAttention(4, 4, 3, "spectral", name="attention")
    model = keras.Model(x, layer(x))
    layer.gamma.assign(0.5)
    assert SelfAttention.from_config(layer.get_config()).get_config() == layer.get_config()
    values = rng.normal(size=(2, 5, 4, 8)).astype("float32")
    model(values, training=True)
    model.save(tmp_path / "attention.keras")
    loaded = keras.saving.load_model(tmp_path / "attention.keras")
    np.testing.assert_array_equal(model(values), loaded(values))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SelfAttention(reduction=0), "reduction must be .* received 0"),
        (lambda: SelfAttention(value_reduction=1.5), "value_reduction must be .* received 1.5"),
        (lambda: SelfAttention(pool=0), "pool must be .* received 0"),
        (lambda: SelfAttention(normalization="layer"), "None or 'spectral', not 'layer'"),
        (lambda: SelfAttention()(np.ones((2, 8))), r"sides are known; received the shape \(2, 8\)"),
        (lambda: SelfAttention()(keras.Input((None, 8))), r"sides are known; .*\(None, None, 8\)"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_scores_that_float16_does_not_hold_are_summed_in_float32():
    """80,000 = 8 · 100² > 65,504 at each place: all weights are equal, y = x + mean of x."""
    layer = SelfAttention(reduction=1, value_reduction=1, pool=1, dtype="mixed_float16")
    layer.build((None, 2, 2, 8))
    layer.set_weights([np.eye(8) if w.ndim else np.ones(()) for w in layer.get_weights()])
    x = ops.full((1, 2, 2, 8), 100.0, "float16")
    np.testing.assert_allclose(ops.cast(layer(x), "float32"), 200.0, rtol=1e-3)
