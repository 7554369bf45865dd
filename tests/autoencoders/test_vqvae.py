"""VQ-VAE: one step by hand, its gradient, its codes, and what is refused."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from tests import toys
from tests.games.cases import GAMES

RATE = 0.1


def array(x):
    return np.asarray(ops.convert_to_numpy(x), "float64")


def linear(**options):
    """E(x) = x A as two vectors, D(e) = e B + b: simple enough for derivatives by hand."""
    x, e = keras.Input((3,)), keras.Input((2, 2))
    encode, decode = keras.layers.Dense(4, use_bias=False), keras.layers.Dense(3)
    encoder = keras.Model(x, keras.layers.Reshape((2, 2))(encode(x)))
    decoder = keras.Model(e, decode(keras.layers.Flatten()(e)))
    keras.utils.set_random_seed(2)
    model = kg.VQVAE(
        encoder, decoder, **{"codes": 5, "commitment_weight": 0.3, "seed": 0} | options
    )
    rng = np.random.default_rng(1)
    for variable in (encode.kernel, decode.kernel, model.quantizer.codebook):
        variable.assign(rng.normal(size=variable.shape))
    model.quantizer.uses.assign(np.ones(5))
    if model.quantizer.ema is not None:
        model.quantizer.sums.assign(array(model.quantizer.codebook))
    model.compile(optimizer=keras.optimizers.SGD(RATE))
    return model, encode, decode


@pytest.mark.parametrize("ema", [0.9, None])
def test_one_step_is_that_of_the_paper_by_hand(ema):
    model, encode, decode = linear(ema=ema)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 3)).astype("float32")
    a, b, bias = array(encode.kernel), array(decode.kernel), array(decode.bias)
    codebook = array(model.quantizer.codebook)
    h = (x @ a).reshape(8, 2, 2)
    nearest = ((h[:, :, None] - codebook) ** 2).sum(axis=-1).argmin(axis=-1)
    e = codebook[nearest]
    error = e.reshape(8, 4) @ b + bias - x
    by_e = 2 * error @ b.T / 8  # of the reconstruction; it goes to E's output as it is
    by_h = by_e + 2 * 0.3 * (h - e).reshape(8, 4) / 8
    expected_a = a - RATE * x.T @ by_h
    expected_b = b - RATE * e.reshape(8, 4).T @ (2 * error / 8)
    hits = np.eye(5)[nearest.reshape(-1)]
    if ema is None:
        pull = np.zeros_like(codebook)
        np.add.at(pull, nearest.reshape(-1), 2 * (e - h).reshape(-1, 2) / 8)
        expected_codebook = codebook - RATE * pull
    else:
        uses = ema * np.ones(5) + (1 - ema) * hits.sum(axis=0)
        sums = ema * codebook + (1 - ema) * hits.T @ h.reshape(-1, 2)
        smoothed = (uses + 1e-5) / (uses.sum() + 5e-5) * uses.sum()
        expected_codebook = sums / smoothed[:, None]
    history = model.fit(x, batch_size=8, shuffle=False, verbose=0).history
    np.testing.assert_allclose(array(encode.kernel), expected_a, atol=1e-5)
    np.testing.assert_allclose(array(decode.kernel), expected_b, atol=1e-5)
    np.testing.assert_allclose(array(model.quantizer.codebook), expected_codebook, atol=1e-5)
    logs = {name: values[0] for name, values in history.items()}
    committed = ((h - e) ** 2).sum(axis=(1, 2)).mean()
    assert logs["reconstruction_loss"] == pytest.approx((error**2).sum(axis=1).mean(), rel=1e-5)
    assert logs["commitment_loss"] == pytest.approx(0.3 * committed, rel=1e-5)
    assert logs["codes_used"] == (hits.sum(axis=0) > 0).sum()
    p = hits.mean(axis=0)[hits.any(axis=0)]
    assert logs["perplexity"] == pytest.approx(np.exp(-(p * np.log(p)).sum()), rel=1e-5)
    total = logs["reconstruction_loss"] + logs["commitment_loss"]
    if ema is None:
        assert logs["codebook_loss"] == pytest.approx(committed, rel=1e-5)
        total += committed
    assert logs["loss"] == pytest.approx(total, rel=1e-5)


def test_the_gradient_at_the_encoders_output_is_that_at_the_decoders_input():
    """By the codes' vectors as a variable that the decoder is given in their place."""
    from keras_gan.backend import autodiff
    from keras_gan.parallel.random_numbers import Draws

    model, encode, _ = linear(commitment_weight=0.0)
    x = np.random.default_rng(3).normal(size=(6, 3)).astype("float32")
    tensor = ops.convert_to_tensor(x)

    def loss():
        return model.losses(tensor, Draws(0), training=False)[0]["reconstruction_loss"], None

    vectors = keras.Variable(model.quantized(tensor)[0].nearest)

    def loss_of_vectors():
        return -ops.mean(model.likelihood.log_density(tensor, model.decoder(vectors.value))), None

    (by_kernel,), _ = autodiff.gradients(loss, [encode.kernel])
    (by_vectors,), _ = autodiff.gradients(loss_of_vectors, [vectors])
    expected = x.T @ array(by_vectors).reshape(6, 4)
    np.testing.assert_allclose(array(by_kernel), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["VQVAE", "codebook", "VQVAE2"])
def test_codes_survive_saving_to_the_bit(name, tmp_path):
    model = GAMES[name].make(average=0.9)
    model.compile()
    x = toys.points(64)
    model.fit(x, batch_size=16, verbose=0)
    model.save(tmp_path / "model.keras")
    copy = kg.load_model(tmp_path / "model.keras")
    for average in (True, False):
        codes = model.encode(x, average=average)
        again = copy.encode(x, average=average)
        levels = zip(*(c if isinstance(c, tuple) else (c,) for c in (codes, again)), strict=True)
        for level, same in levels:
            assert level.dtype == "int32"
            assert level.shape == (64, level.shape[1])
            np.testing.assert_array_equal(same, level)
        np.testing.assert_array_equal(
            copy.decode(codes, average=average), model.decode(codes, average=average)
        )
    assert copy.settings() == model.settings()


@pytest.mark.parametrize("name", ["VQVAE", "VQVAE2"])
def test_to_reconstruct_is_to_decode_the_codes(name):
    model = GAMES[name].make()
    x = toys.points(40)
    made = model.reconstruct(x)
    np.testing.assert_allclose(model.decode(model.encode(x)), made, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(model.predict(x, verbose=0), made, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_predict_sees_the_codebook_in_its_own_precision(policy):
    keras.config.set_dtype_policy(policy)
    try:
        sizes = {"image_shape": (8, 8, 1), "code_dim": 4, "width": 8}
        encoder = kg.networks.vqvae_encoder(**sizes)
        model = kg.VQVAE(encoder, kg.networks.vqvae_decoder(**sizes), codes=16, seed=0)
        model.compile()
        x = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype("float32")
        np.testing.assert_allclose(model.predict(x, verbose=0), model.reconstruct(x), atol=1e-2)
    finally:
        keras.config.set_dtype_policy("float32")


def test_one_loss_is_logged_and_its_terms_beside_it():
    model = GAMES["codebook"].make()
    model.compile()
    x = toys.points(64)
    history = model.fit(x, validation_data=x, batch_size=16, epochs=2, verbose=0).history
    terms = ("reconstruction_loss", "commitment_loss", "codebook_loss")
    names = {"loss", *terms, "perplexity", "codes_used"}
    assert set(history) == names | {f"val_{name}" for name in names}
    for prefix in ("", "val_"):
        total = sum(np.array(history[prefix + term]) for term in terms)
        np.testing.assert_allclose(history[f"{prefix}loss"], total, rtol=1e-5)


def test_a_likelihood_takes_the_place_of_the_squared_error():
    x = np.sign(toys.points(32))
    model = GAMES["VQVAE"].make(likelihood="bernoulli")
    logits = model.made([level.nearest for level in model.quantized(x)])
    expected = -array(kg.likelihoods.Bernoulli().log_density(ops.convert_to_tensor(x), logits))
    model.compile()
    logs = model.evaluate(x, return_dict=True, verbose=0)
    assert logs["reconstruction_loss"] == pytest.approx(expected.mean(), rel=1e-5)
    assert np.abs(model.reconstruct(x)).max() < 1
    with pytest.raises(ValueError, match=r"takes samples in \[-1, 1\]"):
        model.fit(3 * x, verbose=0)


@pytest.mark.thorough
def test_it_learns_images():
    """Bars of random places: far below the error of the mean image, with most codes in use."""
    rng = np.random.default_rng(0)
    x = np.full((512, 8, 8, 1), -1.0, "float32")
    for image, row, column in zip(x, rng.integers(0, 8, 512), rng.integers(0, 8, 512), strict=True):
        image[row], image[:, column] = 1.0, 1.0
    keras.utils.set_random_seed(0)
    encoder = kg.networks.vqvae_encoder((8, 8, 1), code_dim=4, width=16)
    decoder = kg.networks.vqvae_decoder((8, 8, 1), code_dim=4, width=16)
    model = kg.VQVAE(encoder, decoder, codes=32, restart_dead_codes=0.05, seed=0)
    model.compile(optimizer=keras.optimizers.Adam(3e-3), steps_per_execution=8)
    history = model.fit(x, batch_size=64, epochs=80, verbose=0).history
    error = ((model.reconstruct(x) - x) ** 2).mean()
    assert error < 0.25 * x.var(axis=0).mean()
    assert history["codes_used"][-1] > 16


def networks(dim=4, size=8, **options):
    encoder = kg.networks.vqvae_encoder((size, size, 1), code_dim=dim, width=4, blocks=1)
    return encoder, kg.networks.vqvae_decoder((8, 8, 1), code_dim=4, width=4, blocks=1, **options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kg.VQVAE(*networks(), codes=1), "codes must be a whole number of at least 2"),
        (lambda: kg.VQVAE(*networks(dim=3)), r"vectors of shape \(2, 2, 3\), the decoder takes"),
        (lambda: kg.VQVAE(*networks(size=12)), r"vectors of shape \(3, 3, 4\), the decoder takes"),
        (lambda: kg.VQVAE(*networks(), commitment_weight=-1), "commitment_weight must be a number"),
        (lambda: kg.VQVAE(*networks(), ema=0), "ema must be a number greater than 0 and less"),
        (
            lambda: kg.VQVAE(*networks(activation="tanh"), likelihood="bernoulli"),
            "takes logits, but the decoder's",
        ),
        (lambda: kg.networks.vqvae_encoder((30, 30, 1)), "30 x 30 pixels cannot be halved 2 times"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.full((3, 2), 6), "whole numbers from 0 to 5; received some from 6 to 6"),
        (np.full((3, 2), -1), "whole numbers from 0 to 5; received some from -1 to -1"),
        (np.zeros((3, 2), "float32"), "whole numbers from 0 to 5; received float32"),
        (np.zeros((3, 3), "int32"), r"Codes are an array \(n, 2\); received the shape \(3, 3\)"),
        (5, r"Codes are an array \(n, 2\); received the shape \(\)"),
    ],
)
def test_codes_that_cannot_be_are_refused(codes, message):
    with pytest.raises(ValueError, match=message):
        GAMES["VQVAE"].make().decode(codes)


@pytest.mark.thorough
@pytest.mark.parametrize("shape", [(8, 12, 1), (20, 8, 3)])
def test_rectangles_become_codes_and_images_again(shape, rng):
    options = {"image_shape": shape, "code_dim": 2, "width": 2, "blocks": 1}
    x = rng.uniform(-1, 1, size=(4, *shape)).astype("float32")
    grid = tuple(side // 4 for side in shape[:2])
    vqvae = kg.VQVAE(
        kg.networks.vqvae_encoder(**options), kg.networks.vqvae_decoder(**options), codes=4
    )
    assert vqvae.encode(x).shape == (4, *grid)
    assert vqvae.reconstruct(x).shape == x.shape
    two = kg.VQVAE2(
        kg.networks.vqvae_encoder(**options, name="top_encoder"),
        kg.networks.vqvae2_bottom_encoder(**options),
        kg.networks.vqvae2_decoder(**options),
        codes=4,
    )
    assert [codes.shape[1:] for codes in two.encode(x)] == [grid, tuple(2 * n for n in grid)]
    assert two.reconstruct(x).shape == x.shape
