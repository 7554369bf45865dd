"""The codebook: nearest codes, the straight-through gradient, and how moving averages move it."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.layers import VectorQuantizer


def quantizer(codebook, **options):
    """A layer with these codes, each of which was used once."""
    codebook = np.asarray(codebook, "float32")
    layer = VectorQuantizer(len(codebook), **{"seed": 0, **options})
    layer.build((None, codebook.shape[1]))
    layer.codebook.assign(codebook)
    layer.uses.assign(np.ones(len(codebook)))
    if layer.ema is not None:
        layer.sums.assign(codebook)
    return layer


def array(x):
    return ops.convert_to_numpy(x)


def test_codes_are_the_nearest(rng):
    codebook, h = rng.normal(size=(7, 3)), rng.normal(size=(4, 5, 2, 3))
    layer = quantizer(codebook)
    expected = ((h[..., None, :] - codebook) ** 2).sum(axis=-1).argmin(axis=-1)
    codes = array(layer.nearest(h.astype("float32")))
    assert codes.dtype == "int32"
    np.testing.assert_array_equal(codes, expected)
    np.testing.assert_allclose(layer(h.astype("float32")), codebook[expected], rtol=1e-6)


def test_codes_are_the_nearest_far_from_zero(rng):
    """Where squares of float32 are coarser than the distances."""
    codebook, h = (100.0 + 0.01 * rng.normal(size=(n, 4)).astype("float32") for n in (64, 500))
    distances = ((h[:, None].astype("float64") - codebook) ** 2).sum(axis=-1)
    codes = array(quantizer(codebook).nearest(h))
    assert (distances[np.arange(500), codes] <= 1.001 * distances.min(axis=1)).all()
    assert (codes == distances.argmin(axis=1)).mean() > 0.99


def test_the_gradient_passes_straight_through_to_the_inputs_and_not_to_the_codes(rng):
    layer = quantizer(rng.normal(size=(5, 3)), ema=None)
    h = keras.Variable(rng.normal(size=(4, 3)).astype("float32"))
    weights = rng.normal(size=(4, 3)).astype("float32")

    def function():
        return ops.sum(ops.square(layer(h.value)) * weights), None

    by_h, by_codebook = autodiff.gradients(function, [h, layer.codebook])[0]
    at_code = array(layer.quantized(h.value).nearest)
    np.testing.assert_allclose(by_h, 2 * at_code * weights, rtol=1e-5)
    assert by_codebook is None or not array(by_codebook).any()


def test_one_move_is_that_of_the_paper(rng):
    codebook, h = rng.normal(size=(4, 2)), rng.normal(size=(9, 3, 2))
    layer = quantizer(codebook, ema=0.9)
    layer(h.astype("float32"), training=True)
    vectors = h.reshape(-1, 2)
    hits = np.eye(4)[((vectors[:, None] - codebook) ** 2).sum(axis=2).argmin(axis=1)]
    uses = 0.9 * np.ones(4) + 0.1 * hits.sum(axis=0)
    sums = 0.9 * codebook + 0.1 * hits.T @ vectors
    smoothed = (uses + 1e-5) / (uses.sum() + 4e-5) * uses.sum()
    np.testing.assert_allclose(layer.uses, uses, rtol=1e-5)
    np.testing.assert_allclose(layer.sums, sums, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(layer.codebook, sums / smoothed[:, None], rtol=1e-4, atol=1e-6)


def test_the_first_codebook_is_uniform_and_that_of_its_seed():
    layers = [VectorQuantizer(50, seed=seed) for seed in (0, 0, 1)]
    for layer in layers:
        layer.build((None, 40))
    one, same, other = (array(layer.codebook) for layer in layers)
    np.testing.assert_array_equal(one, same)
    assert (one != other).mean() > 0.99
    assert np.abs(one).max() <= 1 / 50
    assert one.std() == pytest.approx(1 / 50 / 3**0.5, rel=0.05)
    np.testing.assert_allclose(array(layers[0].sums), 1e-3 * one, rtol=1e-5)


def test_outside_of_training_nothing_moves(rng):
    layer = quantizer(rng.normal(size=(4, 2)), restart_dead_codes=0.5)
    before = [array(w).copy() for w in layer.weights]
    layer(rng.normal(size=(9, 2)).astype("float32"))
    for old, new in zip(before, layer.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def clusters(rng, n=200):
    """Points around four corners, and a code near to each."""
    corners = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    x = corners[rng.integers(0, 4, n)] + rng.normal(0, 0.4, (n, 2))
    return x.astype("float32"), (0.6 * corners).astype("float32")


def lloyd(x, codebook):
    """One step of k-means."""
    nearest = ((x[:, None] - codebook) ** 2).sum(axis=2).argmin(axis=1)
    return np.stack([x[nearest == k].mean(axis=0) for k in range(len(codebook))])


def test_in_the_limit_of_a_short_memory_a_move_is_a_step_of_k_means(rng):
    x, codebook = clusters(rng)
    layer = quantizer(codebook, ema=1e-7)
    for _ in range(4):
        codebook = lloyd(x, codebook)
        layer(x, training=True)
        np.testing.assert_allclose(layer.codebook, codebook, atol=1e-5)


def test_in_the_limit_of_many_moves_the_codes_are_those_of_k_means(rng):
    x, codebook = clusters(rng)
    layer = quantizer(codebook, ema=0.8)
    for _ in range(150):
        layer(x, training=True)
    for _ in range(50):
        codebook = lloyd(x, codebook)
    np.testing.assert_allclose(layer.codebook, codebook, atol=1e-5)


def test_usage_counts_codes_and_their_perplexity():
    layer = quantizer(np.arange(5.0)[:, None])
    counts = layer.counts(ops.convert_to_tensor([[0, 0, 1, 1], [2, 2, 2, 2]], "int32"))
    np.testing.assert_array_equal(counts, [2, 2, 4, 0, 0])
    usage = layer.usage(counts)
    assert float(usage["codes_used"]) == 3
    p = np.array([0.25, 0.25, 0.5])
    assert float(usage["perplexity"]) == pytest.approx(np.exp(-(p * np.log(p)).sum()), rel=1e-5)


@pytest.mark.parametrize("ema", [0.9, None])
def test_dead_codes_move_to_vectors_of_the_batch_and_living_ones_stay(ema, rng):
    codebook = np.array([[0.0, 0.0], [9.0, 9.0], [-9.0, 9.0]], "float32")
    layer = quantizer(codebook, ema=ema, restart_dead_codes=0.1)
    h = rng.normal(0, 0.1, (20, 2)).astype("float32")
    uses = []
    for _ in range(300):
        layer(h, training=True)
        uses.append(array(layer.uses).copy())
    found = array(layer.codebook)
    assert (np.abs(found) < 1).all()
    assert int(layer.usage(layer.counts(layer.nearest(h)))["codes_used"]) == 3
    shares = np.array(uses) / np.sum(uses, axis=1, keepdims=True)
    assert (shares > 0.099 / 3).all()  # none is dead for longer than a step


def test_the_first_batch_gives_all_codes_places_among_its_vectors(rng):
    layer = VectorQuantizer(16, restart_dead_codes=0.03, seed=0)
    h = rng.normal(5.0, 1.0, (100, 3)).astype("float32")
    layer(h, training=True)
    assert int(layer.usage(layer.counts(layer.nearest(h)))["codes_used"]) == 16


def test_what_has_no_use_in_the_first_batch_stays_where_it_is(rng):
    layer = VectorQuantizer(4, seed=0)
    layer.build((None, 1))
    before = array(layer.codebook).copy()
    layer(np.full((10, 1), 7.0, "float32"), training=True)
    moved = np.abs(array(layer.codebook) - 7.0)[:, 0] < 0.1
    assert moved.sum() == 1
    np.testing.assert_allclose(array(layer.codebook)[~moved], before[~moved], rtol=0.02)


def test_without_restarts_a_dead_code_stays_dead(rng):
    layer = quantizer([[0.0, 0.0], [9.0, 9.0]], ema=None)
    h = rng.normal(0, 0.1, (20, 2)).astype("float32")
    for _ in range(20):
        layer(h, training=True)
    np.testing.assert_array_equal(layer.codebook, [[0.0, 0.0], [9.0, 9.0]])


def test_it_comes_back_from_its_config_and_works_in_a_model(rng, tmp_path):
    x = keras.Input((4,))
    h = VectorQuantizer(8, ema=0.8, restart_dead_codes=0.1, seed=3)(keras.layers.Dense(2)(x))
    model = keras.Model(x, h)
    data = rng.normal(size=(6, 4)).astype("float32")
    model(data, training=True)
    model.save(tmp_path / "model.keras")
    copy = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(copy(data), model(data))
    assert copy.layers[-1].get_config() == model.layers[-1].get_config()


def test_half_precision_outside_leaves_it_in_float32(rng):
    keras.config.set_dtype_policy("mixed_bfloat16")
    layer = quantizer(rng.normal(size=(4, 2)))
    y = layer(ops.convert_to_tensor(rng.normal(size=(3, 2)), "bfloat16"))
    assert keras.backend.standardize_dtype(y.dtype) == "float32"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"codes": 1}, "codes must be a whole number of at least 2; received 1"),
        ({"codes": 10**13}, "codes must be at most 16,777,216, up to which float32 counts"),
        ({"ema": 1.0}, "ema must be a number greater than 0 and less than 1; received 1.0"),
        ({"restart_dead_codes": 2}, "restart_dead_codes must be a number greater than 0 and less"),
    ],
)
def test_what_is_wrong_is_said(options, message):
    with pytest.raises(ValueError, match=message):
        kg.layers.VectorQuantizer(**options)
