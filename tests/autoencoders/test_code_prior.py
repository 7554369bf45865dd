"""The prior of codes: one step by hand, exact probabilities, samples, and what is refused."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy.special import log_softmax, softmax

import keras_gan as kg
from tests import toys
from tests.games.cases import GAMES, images, ordered, vqvae

RATE = 0.5


def chained(codes=6):
    """p(k₁) p(k₂ | k₁): logits b and W[k₁], simple enough for derivatives by hand."""
    k = keras.Input((2,), dtype="int32")
    table = layers.Embedding(codes + 1, codes, embeddings_initializer="normal")
    shifted = layers.ZeroPadding1D((1, 0))(layers.Reshape((2, 1))(k + 1))[:, :-1, 0]
    return keras.Model(k, table(shifted)), table  # row 0 for "before the first"


def test_one_step_is_the_gradient_of_the_log_probability_by_hand():
    keras.utils.set_random_seed(0)
    network, table = chained()
    prior = kg.CodePrior(vqvae(seed=1), network, seed=0)
    prior.compile(optimizer=keras.optimizers.SGD(RATE))
    x = toys.points(16)
    codes = prior.vqvae.encode(x)
    w = np.asarray(ops.convert_to_numpy(table.embeddings), "float64")
    rows = np.stack([np.zeros(16, int), codes[:, 0] + 1], axis=1)
    expected_loss, slope = 0.0, np.zeros_like(w)
    for r, k in zip(rows.flat, codes.flat, strict=True):
        expected_loss -= log_softmax(w[r])[k] / 16
        slope[r] += (softmax(w[r]) - np.eye(6)[k]) / 16
    history = prior.fit(x, batch_size=16, verbose=0).history
    np.testing.assert_allclose(ops.convert_to_numpy(table.embeddings), w - RATE * slope, atol=1e-5)
    assert history["code_loss"][0] == pytest.approx(expected_loss, rel=1e-5)
    assert history["loss"][0] == pytest.approx(expected_loss, rel=1e-5)


def test_the_probabilities_of_all_codes_add_up_to_one_and_samples_are_as_often_drawn():
    keras.utils.set_random_seed(4)
    network, table = chained()
    table.embeddings.assign(np.random.default_rng(0).normal(size=(7, 6)))
    prior = kg.CodePrior(vqvae(seed=1), network, seed=0)
    pairs = np.array(list(itertools.product(range(6), repeat=2)))
    p = np.exp(prior.log_prob(pairs).astype("float64"))
    assert p.sum() == pytest.approx(1, abs=1e-5)
    drawn = prior.generate_codes(20_000, seed=0, batch_size=20_000)
    assert drawn.dtype == "int32"
    counts = np.bincount(drawn @ [6, 1], minlength=36)
    chi = ((counts - 20_000 * p) ** 2 / (20_000 * p)).sum()
    assert chi < 66.6  # of 35 degrees of freedom, once in 1,000


def test_evaluate_gives_the_mean_of_the_log_probabilities():
    x, labels = GAMES["PixelCNN"].data(24)
    prior = GAMES["PixelCNN"].make()
    prior.compile()
    prior.fit(x, labels, batch_size=8, verbose=0)
    codes = prior.vqvae.encode(x)
    log_p = prior.log_prob(codes, labels=labels)
    logs = prior.evaluate(x, labels, batch_size=8, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(-log_p.mean(), rel=1e-5)


def test_predict_gives_the_log_probabilities_of_the_codes():
    x, labels = GAMES["PixelCNN"].data(24)
    prior = GAMES["PixelCNN"].make()
    prior.compile()
    log_p = prior.log_prob(prior.vqvae.encode(x), labels=labels)
    found = prior.predict([x, labels], batch_size=8, verbose=0)
    np.testing.assert_allclose(found, log_p, rtol=1e-5)
    with pytest.raises(ValueError, match="takes a label beside each sample"):
        prior.predict(x, verbose=0)


def test_samples_are_those_of_their_seed_and_class_whatever_the_batch():
    prior = GAMES["PixelCNN"].make(average=0.9)
    prior.compile()
    prior.fit(*GAMES["PixelCNN"].data(24), batch_size=8, verbose=0)
    made = prior.generate(7, seed=3)
    assert made.shape == (7, 4, 4, 1)
    np.testing.assert_allclose(prior.generate(7, seed=3, batch_size=2), made, atol=1e-6)
    codes = prior.generate_codes(7, seed=3)
    np.testing.assert_allclose(prior.vqvae.decode(codes), made, atol=1e-6)
    assert (prior.generate_codes(50, seed=4) != prior.generate_codes(50, seed=5)).any()
    likely = prior.generate_codes(200, seed=0, labels=1, temperature=0.1)
    usual = prior.generate_codes(200, seed=0, labels=1)
    mean = [prior.log_prob(each, labels=1).mean() for each in (likely, usual)]
    assert mean[0] > mean[1]


def test_the_averaged_vqvae_serves_also_within_a_step():
    """Its codes are those that `encode` gives, from the weights that it does not train with."""
    own = vqvae(seed=1, average=0.9)
    own.compile(optimizer=keras.optimizers.Adam(0.05))
    x = toys.points(64)
    own.fit(x, batch_size=16, epochs=4, verbose=0)
    assert (own.encode(x) != own.encode(x, average=False)).any()
    prior = kg.CodePrior(own, ordered(2, 6), seed=0)
    prior.compile()
    logs = prior.evaluate(x, batch_size=16, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(-prior.log_prob(own.encode(x)).mean(), rel=1e-5)


def test_training_leaves_the_vqvae_as_it_is_and_its_file_holds_both(tmp_path):
    prior = GAMES["CodePrior"].make()
    before = [np.array(w) for w in prior.vqvae.weights]
    prior.compile()
    x = toys.points(32)
    prior.fit(x, batch_size=8, verbose=0)
    for old, new in zip(before, prior.vqvae.weights, strict=True):
        np.testing.assert_array_equal(old, new)
    prior.save(tmp_path / "prior.keras")
    copy = kg.load_model(tmp_path / "prior.keras")
    np.testing.assert_array_equal(copy.vqvae.encode(x), prior.vqvae.encode(x))
    np.testing.assert_array_equal(copy.generate_codes(9, seed=1), prior.generate_codes(9, seed=1))
    np.testing.assert_array_equal(copy.generate(9, seed=1), prior.generate(9, seed=1))


def test_without_a_network_it_takes_a_pixelcnn():
    prior = kg.CodePrior(GAMES["PixelCNN"].make().vqvae)
    origin = kg.networks.origin_of(prior.network)
    assert (origin.network, origin.arguments["codes"]) == ("pixelcnn", 5)
    assert prior.generate(2, seed=0).shape == (2, 4, 4, 1)


@pytest.mark.thorough
def test_it_learns_what_codes_follow_each_other():
    """Pixels of one sign an image: far fewer nats than for codes that know nothing of others."""
    rng = np.random.default_rng(0)
    x = np.sign(rng.normal(size=(512, 1, 1, 1))) * rng.uniform(0.5, 1, (512, 4, 4, 1))
    own = GAMES["PixelCNN"].make().vqvae
    own.compile(optimizer=keras.optimizers.Adam(0.01))
    own.fit(x.astype("float32"), batch_size=32, epochs=10, verbose=0)
    codes = own.encode(x)
    p = np.bincount(codes.reshape(-1), minlength=5) / codes.size
    alone = -4 * (p[p > 0] * np.log(p[p > 0])).sum()
    prior = kg.CodePrior(own, kg.networks.pixelcnn((2, 2), 5, width=16, depth=2), seed=0)
    prior.compile(optimizer=keras.optimizers.Adam(0.01), steps_per_execution=16)
    prior.fit(x.astype("float32"), batch_size=32, epochs=10, verbose=0)
    assert -prior.log_prob(codes).mean() < alone - 1.0


def other(shape, outputs):
    k = keras.Input(shape, dtype="int32")
    return keras.Model(k, layers.Embedding(6, outputs)(k))


def looking_ahead():
    k = keras.Input((2,), dtype="int32")
    return keras.Model(k, layers.Conv1D(6, 3, padding="same")(layers.Embedding(6, 4)(k)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kg.CodePrior(ordered(2, 6)), "takes a kg.VQVAE or kg.VQVAE2, whose codes it"),
        (lambda: kg.CodePrior(vqvae(), other((3,), 6)), r"takes codes of shape \[\(None, 2\)\]"),
        (lambda: kg.CodePrior(vqvae(), ordered(2, 5)), r"logits of shape \(None, 2, 6\), one for"),
        (lambda: kg.CodePrior(vqvae(), other((2,), 6)), "looks ahead: the logits of one of the"),
        (lambda: kg.CodePrior(vqvae(), looking_ahead()), "looks ahead: the logits of one of the"),
        (lambda: kg.CodePrior(vqvae()), r"takes codes of shape \(height, width\), not \(2,\)"),
        (
            lambda: kg.CodePrior(vqvae(), ordered(2, 6), ordered(2, 6)),
            "bottom_network is for the second level",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_codes_and_labels_that_cannot_be_are_refused():
    plain, labelled = GAMES["CodePrior"].make(), GAMES["PixelCNN"].make()
    with pytest.raises(ValueError, match="whole numbers from 0 to 5; received some from 6 to 6"):
        plain.log_prob(np.full((3, 2), 6))
    with pytest.raises(ValueError, match="does not take labels: leave labels out"):
        plain.generate(3, labels=1)
    with pytest.raises(ValueError, match="takes a label beside each code: pass labels=…"):
        labelled.log_prob(np.zeros((3, 2, 2), "int32"))
    with pytest.raises(ValueError, match="temperature must be a number greater than 0"):
        plain.generate(3, temperature=0)
    labelled.compile()
    with pytest.raises(ValueError, match="label"):
        labelled.fit(images(8)[0], verbose=0)
