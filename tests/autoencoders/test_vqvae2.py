"""VQ-VAE-2: one step by hand, its two levels, their priors, and what is refused."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from tests.games.cases import GAMES, grid_of, mlp, vqvae2

RATE = 0.1


def array(x):
    return np.asarray(ops.convert_to_numpy(x), "float64")


def linear():
    """E_top(x) = x A, E_bottom(x, e) = x B + e C, D(e, f) = e F + f G: a vector a level."""
    rng = np.random.default_rng(1)
    x, e, f = keras.Input((3,)), keras.Input((1, 2)), keras.Input((1, 2))
    a, b, c, g, h = (layers.Dense(n, use_bias=False) for n in (2, 2, 2, 3, 3))
    flat = layers.Flatten()
    as_grid = layers.Reshape((1, 2))
    top = keras.Model(x, as_grid(a(x)))
    bottom = keras.Model([x, e], layers.Reshape((1, 2))(b(x) + c(flat(e))))
    decoder = keras.Model([e, f], g(layers.Flatten()(e)) + h(layers.Flatten()(f)))
    model = kg.VQVAE2(top, bottom, decoder, codes=(3, 4), commitment_weight=0.3, ema=0.9, seed=0)
    for layer in (a, b, c, g, h):
        layer.kernel.assign(rng.normal(size=layer.kernel.shape))
    for quantizer in model.quantizers:
        quantizer.codebook.assign(rng.normal(size=quantizer.codebook.shape))
        quantizer.sums.assign(array(quantizer.codebook))
        quantizer.uses.assign(np.ones(quantizer.codes))
    model.compile(optimizer=keras.optimizers.SGD(RATE))
    return model, (a, b, c, g, h)


def nearest(h, codebook):
    codes = ((h[:, None] - codebook) ** 2).sum(axis=-1).argmin(axis=-1)
    return codes, codebook[codes]


def test_one_step_is_that_of_the_paper_by_hand():
    """The gradient at the top comes from the decoder and from the bottom encoder."""
    model, dense = linear()
    a, b, c, g, h = (array(layer.kernel) for layer in dense)
    books = [array(quantizer.codebook) for quantizer in model.quantizers]
    x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    top = x @ a
    top_codes, e = nearest(top, books[0])
    bottom = x @ b + e @ c
    bottom_codes, f = nearest(bottom, books[1])
    error = 2 * (e @ g + f @ h - x) / 8
    by_bottom = error @ h.T + 2 * 0.3 * (bottom - f) / 8
    by_top = error @ g.T + by_bottom @ c.T + 2 * 0.3 * (top - e) / 8
    slopes = x.T @ by_top, x.T @ by_bottom, e.T @ by_bottom, e.T @ error, f.T @ error
    codes = model.encode(x)
    np.testing.assert_array_equal(codes[0][:, 0], top_codes)
    np.testing.assert_array_equal(codes[1][:, 0], bottom_codes)
    history = model.fit(x, batch_size=8, shuffle=False, verbose=0).history
    for layer, kernel, slope in zip(dense, (a, b, c, g, h), slopes, strict=True):
        np.testing.assert_allclose(array(layer.kernel), kernel - RATE * slope, atol=1e-5)
    parts = zip(model.quantizers, books, (top, bottom), (top_codes, bottom_codes), strict=True)
    for quantizer, book, vectors, numbers in parts:
        hits = np.eye(len(book))[numbers]
        uses = 0.9 + 0.1 * hits.sum(axis=0)
        smoothed = (uses + 1e-5) / (uses.sum() + len(book) * 1e-5) * uses.sum()
        expected = (0.9 * book + 0.1 * hits.T @ vectors) / smoothed[:, None]
        np.testing.assert_allclose(array(quantizer.codebook), expected, atol=1e-5)
    committed = ((top - e) ** 2 + (bottom - f) ** 2).sum(axis=1).mean()
    assert history["commitment_loss"][0] == pytest.approx(0.3 * committed, rel=1e-5)
    assert history["top_codes_used"][0] == len(set(top_codes))
    assert history["bottom_codes_used"][0] == len(set(bottom_codes))


def priors(model):
    """p(top) and p(bottom | top) of 2 × 2 and 4 × 4 codes."""
    top = kg.networks.pixelcnn((2, 2), 4, width=8, depth=2)
    bottom = kg.networks.pixelcnn(
        (4, 4), 6, width=8, depth=2, condition_shape=(2, 2), condition_codes=4
    )
    return kg.CodePrior(model, top, bottom, seed=0)


def of_images(width=4, codes=(4, 6)):
    shapes = {"image_shape": (8, 8, 1), "code_dim": 3, "width": width, "blocks": 1}
    keras.utils.set_random_seed(0)
    return kg.VQVAE2(
        kg.networks.vqvae_encoder(**shapes),
        kg.networks.vqvae2_bottom_encoder(**shapes),
        kg.networks.vqvae2_decoder(**shapes),
        codes=codes,
        restart_dead_codes=0.1,
        seed=0,
    )


def test_its_prior_has_a_network_a_level_and_generates_images(tmp_path):
    model = of_images()
    model.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
    model.fit(x, batch_size=16, verbose=0)
    prior = priors(model)
    prior.compile()
    history = prior.fit(x, batch_size=16, verbose=0).history
    assert set(history) == {"loss", "top_loss", "bottom_loss"}
    logs = prior.evaluate(x, batch_size=16, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(logs["top_loss"] + logs["bottom_loss"], rel=1e-5)
    assert logs["loss"] == pytest.approx(-prior.log_prob(model.encode(x)).mean(), rel=1e-5)
    top, bottom = prior.generate_codes(9, seed=0)
    assert (top.shape, bottom.shape) == ((9, 2, 2), (9, 4, 4))
    assert bottom.max() > 3
    np.testing.assert_allclose(prior.generate(9, seed=0), model.decode((top, bottom)), atol=1e-6)
    prior.save(tmp_path / "prior.keras")
    copy = kg.load_model(tmp_path / "prior.keras")
    for own, same in zip((top, bottom), copy.generate_codes(9, seed=0), strict=True):
        np.testing.assert_array_equal(own, same)


def test_the_bottom_prior_depends_on_the_top_codes():
    prior = priors(of_images())
    top, bottom = (rng_codes(shape, n) for shape, n in (((2, 2), 4), ((4, 4), 6)))
    other = (top + 1) % 4
    change = prior.log_prob((other, bottom)) - prior.log_prob((top, bottom))
    alone = kg.distributions.Categorical(prior.network(other)).log_prob(other)
    alone -= kg.distributions.Categorical(prior.network(top)).log_prob(top)
    assert np.abs(change - ops.convert_to_numpy(alone)).min() > 1e-4


def rng_codes(shape, n):
    return np.random.default_rng(n).integers(0, n, (5, *shape)).astype("int32")


def test_without_networks_it_takes_two_pixelcnns():
    prior = kg.CodePrior(of_images())
    known = [kg.networks.origin_of(network).arguments for network in prior.networks]
    assert [each["codes"] for each in known] == [4, 6]
    assert known[1]["condition_shape"] == [2, 2]


@pytest.mark.thorough
def test_two_levels_learn_images():
    rng = np.random.default_rng(0)
    x = np.full((512, 8, 8, 1), -1.0, "float32")
    for image, (row, column) in zip(x, rng.integers(0, 8, (512, 2)), strict=True):
        image[row], image[:, column] = 1.0, 1.0
    model = of_images(width=12, codes=16)
    model.compile(optimizer=keras.optimizers.Adam(3e-3), steps_per_execution=8)
    model.fit(x, batch_size=64, epochs=40, verbose=0)
    assert ((model.reconstruct(x) - x) ** 2).mean() < 0.25 * x.var(axis=0).mean()


def wrong(**changed):
    top, x, e = grid_of(keras.Input((2,)), "top", 1, 3), keras.Input((2,)), keras.Input((1, 3))
    flat = layers.Flatten()(e)
    bottom = keras.Model([x, e], layers.Reshape((1, 3))(layers.Dense(3)(flat) + layers.Dense(3)(x)))
    decoder = keras.Model([e, e2 := keras.Input((1, 3))], mlp(keras.Input((1, 3)), 2, "d")(e + e2))
    networks = {"top_encoder": top, "bottom_encoder": bottom, "decoder": decoder, **changed}
    return kg.VQVAE2(**networks)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: vqvae2(ema=2), "ema must be a number greater than 0"),
        (
            lambda: wrong(bottom_encoder=grid_of(keras.Input((2,)), "bottom", 1, 3)),
            r"The bottom_encoder takes samples and the top grid of vectors, of the shapes \[\(2,\)",
        ),
        (
            lambda: wrong(top_encoder=grid_of(keras.Input((2,)), "top", 2, 3)),
            r"The bottom_encoder takes samples and the top grid of vectors, of the shapes",
        ),
        (
            lambda: wrong(decoder=grid_of(keras.Input((1, 3)), "decoder", 2)),
            "The decoder takes the top and the bottom grid of vectors, of the shapes",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_codes_that_cannot_be_are_refused():
    model = GAMES["VQVAE2"].make()
    top, bottom = np.zeros((3, 1), "int32"), np.zeros((3, 2), "int32")
    for codes, message in (
        (top, "codes of 2 levels are a tuple of as many arrays"),
        ((top,), "codes of 2 levels are a tuple of as many arrays"),
        ((bottom, top), r"Codes are an array \(n, 1\); received the shape \(3, 2\)"),
        ((top, bottom[:2]), "codes of the same samples; received those of 3 and 2 samples"),
        ((top + 4, bottom), "whole numbers from 0 to 3; received some from 4 to 4"),
    ):
        with pytest.raises(ValueError, match=message):
            model.decode(codes)
    with pytest.raises(ValueError, match="codes must be one number, or one per level"):
        vqvae2_with((1, 2, 3))


def vqvae2_with(codes):
    own = GAMES["VQVAE2"].make()
    return kg.VQVAE2(own.top_encoder, own.bottom_encoder, own.decoder, codes=codes)


def test_all_probabilities_of_both_levels_add_up_to_one():
    """Of a binary toy: 2 top codes and 2 bottom codes, one of each."""
    own = linear()[0]
    model = kg.VQVAE2(own.top_encoder, own.bottom_encoder, own.decoder, codes=2, seed=0)
    k, above = (keras.Input((1,), dtype="int32") for _ in range(2))
    before = layers.Dense(2)(layers.Embedding(1, 2)(k * 0))
    given = layers.Embedding(2, 2, embeddings_initializer="normal")(above)
    given = layers.Add()([given, layers.Embedding(1, 2)(k * 0)])
    prior = kg.CodePrior(model, keras.Model(k, before), keras.Model([k, above], given))
    pairs = np.array(list(itertools.product(range(2), repeat=2)))
    p = np.exp(prior.log_prob((pairs[:, :1], pairs[:, 1:])))
    assert p.sum() == pytest.approx(1, abs=1e-5)
