"""PixelCNN: what each logit depends on, and that its samples are those of its probabilities."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import by_inversion

SHAPE, CODES = (5, 4), 3


def layer_of(network):
    return next(each for each in network.layers if isinstance(each, kg.layers.PixelCNN))


def pixelcnn(shape=SHAPE, codes=CODES, seed=0, **options):
    keras.utils.set_random_seed(seed)
    return kg.networks.pixelcnn(shape, codes, **{"width": 6, "depth": 3, **options})


def codes_of(n, rng, shape=SHAPE, codes=CODES):
    return rng.integers(0, codes, (n, *shape)).astype("int32")


def jacobian(network, codes, condition=()):
    """|∂ logits of place i / ∂ embedding of place j|, summed over channels, `(places, places)`."""
    layer, places = layer_of(network), int(np.prod(codes.shape[1:]))
    x = keras.Variable(ops.convert_to_numpy(layer.embedding(codes)))
    rows = []
    for i in range(places):

        def at_i(i=i):
            logits = layer.logits_of(x.value, list(condition))
            return ops.sum(ops.tanh(ops.reshape(logits, (places, -1))[i])), None

        (slope,), _ = autodiff.gradients(at_i, [x])
        rows.append(np.abs(ops.convert_to_numpy(slope)).reshape(places, -1).sum(axis=1))
    return np.array(rows)


@pytest.mark.parametrize(("kernel", "depth"), [(3, 1), (3, 6), (5, 3)])
def test_the_jacobian_is_exactly_zero_at_and_after_each_pixel_and_nowhere_before(
    kernel, depth, rng
):
    """A blind spot would be a zero before the pixel, within the reach of the kernels."""
    network = pixelcnn(kernel=kernel, depth=depth, width=16)
    found = jacobian(network, codes_of(1, rng))
    assert (np.triu(found) == 0).all()
    reach = depth * (kernel // 2)
    for (r, c), (s, d) in itertools.product(np.ndindex(*SHAPE), repeat=2):
        is_before = (s, d) < (r, c)
        within = r - s <= reach and abs(c - d) <= (reach if s < r else r * 99 + reach)
        if is_before and within and (s < r or c - d <= reach):
            assert found[r * SHAPE[1] + c, s * SHAPE[1] + d] > 0, ((r, c), (s, d))


def test_a_code_changes_the_logits_after_it_alone(rng):
    network = pixelcnn(depth=5)
    codes = codes_of(1, rng)
    before = ops.convert_to_numpy(network(codes)).reshape(-1, CODES)
    for place in range(20):
        changed = codes.copy().reshape(-1)
        changed[place] = (changed[place] + 1) % CODES
        after = ops.convert_to_numpy(network(changed.reshape(codes.shape))).reshape(-1, CODES)
        np.testing.assert_array_equal(after[: place + 1], before[: place + 1])
        if place < 19:
            assert (after[place + 1 :] != before[place + 1 :]).any()


def one_pass_a_pixel(network, u, *others):
    """What `sample` does, the long way."""
    codes = np.zeros(u.shape, "int32")
    for r, c in np.ndindex(*u.shape[1:]):
        logits = network([codes, *others] if others else codes)
        codes[:, r, c] = ops.convert_to_numpy(by_inversion(logits[:, r, c], u[:, r, c]))
    return codes


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"depth": 1},
        {"kernel": 5, "depth": 4},
        {"classes": 4},
        {"condition_shape": (5, 2), "condition_codes": 7},
        {"condition_shape": (1, 2), "classes": 4},
    ],
    ids=str,
)
def test_kept_rows_give_the_codes_of_a_whole_pass_a_pixel(options, rng):
    network = pixelcnn(**options)
    for weight in network.weights:  # large ones, so that codes depend on each other
        weight.assign(rng.normal(0, 0.7, weight.shape))
    u = rng.random((40, *SHAPE)).astype("float32")
    others, vectors = [], []
    if "condition_shape" in options:
        upper = codes_of(40, rng, options["condition_shape"], options.get("condition_codes", CODES))
        others.append(upper)
        vectors.append(ops.convert_to_tensor(upper))
    if "classes" in options:
        others.append(rng.integers(0, 4, 40).astype("int32"))
        vectors.append(ops.one_hot(others[-1], 4))
    kept = layer_of(network).sample(ops.convert_to_tensor(u), *vectors)
    kept = ops.convert_to_numpy(kept)
    assert kept.dtype == "int32"
    assert (kept == one_pass_a_pixel(network, u, *others)).mean() > 0.99  # but for ties in rounding
    assert len(np.unique(kept)) == CODES


def test_sampled_frequencies_are_the_probabilities_of_a_2_by_2_toy(rng):
    """All 16 binary pictures: their probabilities add up to 1, and are as often drawn."""
    network = pixelcnn((2, 2), 2)
    for weight in network.weights:
        weight.assign(rng.normal(0, 0.8, weight.shape))
    pictures = np.array(list(itertools.product([0, 1], repeat=4)), "int32").reshape(-1, 2, 2)
    logits = network(pictures)
    log_p = ops.convert_to_numpy(kg.distributions.Categorical(logits).log_prob(pictures))
    p = np.exp(log_p.astype("float64"))
    assert p.sum() == pytest.approx(1, abs=1e-5)
    assert p.max() / p.min() > 3  # a toy that has something to say
    u = ops.convert_to_tensor(rng.random((40_000, 2, 2)).astype("float32"))
    drawn = ops.convert_to_numpy(layer_of(network).sample(u)).reshape(-1, 4) @ [8, 4, 2, 1]
    counts = np.bincount(drawn, minlength=16)
    chi = ((counts - 40_000 * p) ** 2 / (40_000 * p)).sum()
    assert chi < 37.7  # of 15 degrees of freedom, once in 1,000


def test_classes_and_the_upper_grid_matter(rng):
    network = pixelcnn(classes=4, condition_shape=(5, 2), condition_codes=7)
    codes, upper = codes_of(2, rng), codes_of(2, rng, (5, 2), 7)
    first = ops.convert_to_numpy(network([codes, upper, np.array([0, 0])]))
    for changed in ([codes, upper, np.array([1, 1])], [codes, (upper + 1) % 7, np.array([0, 0])]):
        assert np.abs(ops.convert_to_numpy(network(changed)) - first).min(axis=-1).min() > 0


def test_it_survives_its_file_and_is_known_by_its_builder(rng, tmp_path):
    network = pixelcnn(classes=4, condition_shape=(5, 2), dropout=0.2)
    assert kg.networks.origin_of(network).network == "pixelcnn"
    inputs = [codes_of(2, rng), codes_of(2, rng, (5, 2)), np.array([0, 3])]
    network.save(tmp_path / "network.keras")
    copy = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(copy(inputs), network(inputs))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_logits_are_float32_where_the_layers_are_not(policy, rng):
    keras.config.set_dtype_policy(policy)
    network = pixelcnn()
    logits = network(codes_of(2, rng))
    assert keras.backend.standardize_dtype(logits.dtype) == "float32"
    u = ops.convert_to_tensor(rng.random((3, *SHAPE)).astype("float32"))
    assert layer_of(network).sample(u).shape == (3, *SHAPE)


def test_its_precision_comes_with_its_file(rng, tmp_path):
    """Also that of the upper grid's vectors, in a program of another policy."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = pixelcnn(condition_shape=(5, 2), condition_codes=7)
    inputs = [codes_of(2, rng), codes_of(2, rng, (5, 2), 7)]
    expected = ops.convert_to_numpy(network(inputs))
    network.save(tmp_path / "network.keras")
    keras.config.set_dtype_policy("float32")
    copy = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(copy(inputs), expected)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"codes": 1}, "codes must be a whole number of at least 2"),
        ({"kernel": 4}, "kernel must be odd, such as 3 or 5; received 4"),
        ({"code_shape": (4,)}, r"code_shape must be two whole numbers \(height, width\)"),
        ({"condition_shape": (3, 7)}, r"condition_shape \(3, 7\) does not divide code_shape"),
        ({"condition_codes": 3}, "condition_codes needs the condition_shape"),
        ({"dropout": 1.0}, "dropout must be a number of at least 0 and less than 1"),
        ({"width": 0}, "width must be a whole number of at least 1"),
    ],
)
def test_what_is_wrong_is_said(options, message):
    with pytest.raises(ValueError, match=message):
        kg.networks.pixelcnn(**options)
