"""Adversarial variational Bayes against its mathematics."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy import stats

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests.derivatives import gradients
from tests.distribution.games import distance, unequal_replicas
from tests.games import avb_games as games
from tests.games.avb_games import DATA, LATENT, NOISE, array, make, samples, sgd, tensor

slow = pytest.mark.slow
contrasts = pytest.mark.parametrize("contrast_noises", [pytest.param(0, marks=slow), 6])


def expected_losses(avb, x, draws):
    """Both players' losses as the paper writes them, in the order in which numbers are drawn."""
    mean, stddev = games.moments(avb, x)

    def log_sigmoid(v):
        return -np.logaddexp(0, -v)

    z = games.mlp(avb.encoder, x, array(draws.normal((len(x), NOISE))))
    prior = array(draws.normal((len(x), LATENT)))
    inferred = log_sigmoid(games.score(avb, x, (z - mean) / stddev))
    drawn = np.log(1 - 1 / (1 + np.exp(-games.score(avb, x, prior))))
    losses = {"discriminator_loss": -np.mean(inferred) - np.mean(drawn)}

    z = games.mlp(avb.encoder, x, array(draws.normal((len(x), NOISE))))
    log_r = stats.norm(mean, stddev).logpdf(z).sum(axis=1)
    log_p = stats.norm.logpdf(z).sum(axis=1)
    scores = games.score(avb, x, (z - mean) / stddev)
    parameters = games.mlp(avb.generator, z)
    if isinstance(avb.likelihood, kg.likelihoods.Gaussian):
        log_density = stats.norm(parameters, avb.likelihood.stddev).logpdf(x)
    else:
        white, p = (x.astype("float64") + 1) / 2, 1 / (1 + np.exp(-parameters))
        log_density = white * np.log(p) + (1 - white) * np.log(1 - p)
    losses["kl_loss"] = np.mean(scores + log_r - log_p)
    losses["reconstruction_loss"] = -np.mean(log_density.sum(axis=1))
    return losses


@pytest.mark.parametrize(
    ("contrast_noises", "likelihood"),
    [
        (6, kg.likelihoods.Gaussian(0.5)),
        (0, "bernoulli"),
        pytest.param(0, kg.likelihoods.Gaussian(0.5), marks=slow),
        pytest.param(6, "bernoulli", marks=slow),
    ],
)
def test_losses_are_those_of_the_paper(contrast_noises, likelihood):
    avb, x = make(likelihood=likelihood, contrast_noises=contrast_noises), samples()
    expected, draws = expected_losses(avb, x, Draws(2)), Draws(2)
    x, found = tensor(x), {}
    for player in ("discriminator", "generator"):
        losses, _ = avb.losses_of(player, x, draws, training=True)
        assert list(losses) == avb.loss_names(player)
        found.update({name: float(value) for name, value in losses.items()})
    assert found == pytest.approx(expected, rel=1e-5)


def descend(networks, loss, rate):
    variables = [v for network in networks for v in network.trainable_variables]
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


@contrasts
def test_a_step_is_algorithm_1(contrast_noises):
    """T moves, then decoder and encoder together see the new T; moments count as constants."""
    avb, twin = sgd(make(contrast_noises=contrast_noises)), make(contrast_noises=contrast_noises)
    x = samples(8)
    avb.train_on_batch(x)

    E, G, T, draws = twin.encoder, twin.generator, twin.discriminator, Draws(5)
    mean, stddev = (tensor(each.astype("float32")) for each in games.moments(twin, x))
    x = tensor(x)
    noise, prior = draws.normal((8, NOISE)), draws.normal((8, LATENT))
    z = (E([x, noise]) - mean) / stddev
    descend(
        [T],
        lambda: (
            -ops.mean(ops.log(ops.sigmoid(T([x, z]))) + ops.log(1 - ops.sigmoid(T([x, prior]))))
        ),
        0.05,
    )
    noise = draws.normal((8, NOISE))

    def negative_bound():
        z = E([x, noise])
        u = (z - mean) / stddev
        log_r_over_p = 0.5 * (z**2 - u**2) - ops.log(stddev)
        reconstruction = 0.5 * (x - G(z)) ** 2
        each = T([x, u])[:, 0] + ops.sum(log_r_over_p, 1) + ops.sum(reconstruction, 1)
        return ops.mean(each)

    descend([G, E], negative_bound, 0.05)
    for a, b in zip(avb.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("contrast_noises", [0, 6])
def test_at_the_best_score_the_kl_divergence_is_exact(contrast_noises):
    """log q(z|x) − log p(z) for each z, whatever the auxiliary Gaussian; KL(q‖p) on average."""
    linear = games.Linear()
    avb, x = linear.game(contrast_noises), samples(3)
    noise = np.random.default_rng(1).normal(size=(20000, LATENT)).astype("float32")
    for row in x:
        rows = np.tile(row, (len(noise), 1))
        kl, _ = map(array, avb.bound(tensor(rows), tensor(noise)))
        z = linear.mean(rows) + noise @ linear.B.T
        np.testing.assert_allclose(kl, linear.log_ratio(rows, z), atol=2e-5)
        standard_error = kl.std() / len(kl) ** 0.5
        assert kl.mean() == pytest.approx(linear.kl(row[None])[0], abs=4 * standard_error)


@contrasts
def test_at_the_best_score_the_encoder_gets_the_gradient_of_the_kl_divergence(contrast_noises):
    """Proposition 2: with T* held fixed nothing is missing. ∂KL/∂b = μ, ∂KL/∂B = B − B⁻ᵀ."""
    linear = games.Linear()
    avb, x = linear.game(contrast_noises), samples(1)
    noise = np.random.default_rng(1).normal(size=(100000, LATENT)).astype("float32")
    rows, noise = tensor(np.tile(x, (len(noise), 1))), tensor(noise)
    variables = avb.encoder.trainable_variables
    of_A, of_b, of_B = map(array, gradients(lambda: ops.mean(avb.bound(rows, noise)[0]), variables))
    mean = linear.mean(x)
    np.testing.assert_allclose(of_b, mean[0], atol=0.02)
    np.testing.assert_allclose(of_A, x.T @ mean, atol=0.02)
    np.testing.assert_allclose(of_B.T, linear.B - np.linalg.inv(linear.B).T, atol=0.02)


def test_the_contrast_is_the_posteriors_own_gaussian():
    """Its samples, normalized, have mean 0 and variance 1 over the game's own noise vectors."""
    avb, x = make(contrast_noises=50), samples(4)
    mean, stddev = map(array, avb.contrast.moments(avb.encoder, tensor(x)))
    for row, m, s in zip(x, mean, stddev, strict=True):
        rows = np.tile(row, (50, 1))
        z = (games.mlp(avb.encoder, rows, array(avb.contrast.noises)) - m) / s
        np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-4)
        np.testing.assert_allclose(z.var(axis=0), 1, atol=1e-3)
    noises = array(avb.contrast.noises)
    np.testing.assert_allclose(noises.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(noises.std(axis=0), 1, atol=1e-5)
    assert np.abs(np.corrcoef(noises.T) - np.eye(NOISE)).max() < 4 / 50**0.5
    np.testing.assert_array_equal(noises, array(make(contrast_noises=50).contrast.noises))
    assert not np.array_equal(noises, array(make(contrast_noises=50, seed=6).contrast.noises))
    same = kg.priors.normal(noises.shape, seed=5)  # the noise of `encode(x, seed=5)`
    assert np.abs(np.corrcoef(noises[:, 0], array(same)[:, 0])[0, 1]) < 4 / 50**0.5


def test_the_history_shows_the_terms_and_the_bound():
    avb, x = sgd(make(), rate=0.0), samples(24)
    history = avb.fit(x, batch_size=16, shuffle=False, verbose=0).history
    draws = Draws(5)
    parts = [expected_losses(avb, part, draws) for part in (x[:16], x[16:])]
    for name, first in parts[0].items():
        expected = (16 * first + 8 * parts[1][name]) / 24
        assert history[name][0] == pytest.approx(expected, rel=1e-5)
    bound = -history["kl_loss"][0] - history["reconstruction_loss"][0]
    assert history["elbo_estimate"][0] == pytest.approx(bound, rel=1e-5)


def test_evaluate_logs_the_same_terms_and_moves_nothing():
    avb, x = sgd(make()), samples()
    before = avb.get_weights()
    first = avb.evaluate(x, return_dict=True, verbose=0)
    assert first == avb.evaluate(x, return_dict=True, verbose=0)
    expected = expected_losses(avb, x, Draws(5, "evaluation"))
    expected["elbo_estimate"] = -expected["kl_loss"] - expected["reconstruction_loss"]
    assert {k: v for k, v in first.items() if k in expected} == pytest.approx(expected, rel=1e-5)
    for a, b in zip(before, avb.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_bound_of_each_sample():
    """Against the same mean in NumPy, and in whatever batches."""
    avb, x = make(likelihood=kg.likelihoods.Gaussian(0.5)), samples(5)
    bound = avb.elbo(x, samples=7, seed=9)
    noise = array(kg.priors.normal((5, 7, NOISE), seed=9))
    mean, stddev = games.moments(avb, x)
    expected = np.zeros(5)
    for k in range(7):
        z = games.mlp(avb.encoder, x, noise[:, k])
        log_ratio = stats.norm.logpdf(z) - stats.norm(mean, stddev).logpdf(z)
        log_density = stats.norm(games.mlp(avb.generator, z), 0.5).logpdf(x).sum(axis=1)
        scores = games.score(avb, x, (z - mean) / stddev)
        expected += (log_density + log_ratio.sum(axis=1) - scores) / 7
    np.testing.assert_allclose(bound, expected, rtol=1e-5)
    np.testing.assert_allclose(bound, avb.elbo(x, samples=7, seed=9, batch_size=2), rtol=1e-5)
    assert not np.allclose(bound, avb.elbo(x, samples=7, seed=8))


def test_codes_reconstructions_and_samples_depend_on_the_seed_alone():
    avb, x = make(likelihood="bernoulli"), samples(5)
    z = games.mlp(avb.encoder, x, array(kg.priors.normal((5, NOISE), seed=4)))
    np.testing.assert_allclose(avb.encode(x, seed=4), z, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(avb.encode(x, seed=4, batch_size=2), z, rtol=1e-5, atol=1e-6)
    mean = 2 / (1 + np.exp(-games.mlp(avb.generator, z))) - 1
    np.testing.assert_allclose(avb.reconstruct(x, seed=4), mean, rtol=1e-4, atol=1e-6)
    assert not np.array_equal(avb.encode(x), avb.encode(x))

    z = array(kg.priors.normal((6, LATENT), seed=4))
    mean = 2 / (1 + np.exp(-games.mlp(avb.generator, z))) - 1
    np.testing.assert_allclose(avb.generate(6, seed=4), mean, rtol=1e-4, atol=1e-6)
    predicted = avb.predict(z.astype("float32"), verbose=0)
    np.testing.assert_allclose(predicted, mean, rtol=1e-4, atol=1e-6)


def test_the_averages_of_decoder_and_encoder_serve():
    avb, x = sgd(make(average=0.5), rate=0.5), samples()
    avb.fit(x, batch_size=8, epochs=2, verbose=0)
    with avb.average.swapped():
        z = games.mlp(avb.encoder, x, array(kg.priors.normal((32, NOISE), seed=1)))
        reconstructed = games.mlp(avb.generator, z)
    np.testing.assert_allclose(avb.encode(x, seed=1), z, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(avb.reconstruct(x, seed=1), reconstructed, rtol=1e-4, atol=1e-5)
    own = games.mlp(avb.encoder, x, array(kg.priors.normal((32, NOISE), seed=1)))
    np.testing.assert_allclose(avb.encode(x, seed=1, average=False), own, rtol=1e-4, atol=1e-5)
    assert np.abs(own - z).max() > 1e-3


@pytest.mark.thorough
def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path):
    avb = make(average=0.9, schedule=2, likelihood=kg.likelihoods.Gaussian(0.3))
    avb.compile()
    x = samples(64)
    avb.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    avb.save(tmp_path / "avb.keras")
    copy = kg.load_model(tmp_path / "avb.keras")
    assert copy.settings() == avb.settings()
    assert (copy.likelihood.stddev, copy.contrast_noises) == (0.3, 6)
    for game in (avb, copy):
        game.fit(x, batch_size=16, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(avb.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)
    for a, b in zip(avb.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)
    np.testing.assert_array_equal(avb.elbo(x, seed=0), copy.elbo(x, seed=0))


@pytest.mark.thorough
def test_a_checkpoint_brings_its_contrast_to_a_game_of_another_seed(tmp_path):
    """A run that was given no seed is resumed by one that has drawn another."""
    x = samples(64)

    def run(seed, epochs, folder):
        avb = make(seed=seed)
        avb.compile()
        checkpoint = kg.callbacks.Checkpoint(tmp_path / folder)
        avb.fit(x, batch_size=16, epochs=epochs, shuffle=False, verbose=0, callbacks=[checkpoint])
        return avb

    whole = run(1, 4, "whole")
    run(1, 2, "parts")
    resumed = run(None, 4, "parts")
    for a, b in zip(whole.variables, resumed.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


@pytest.mark.slow
def test_replicas_take_the_steps_of_one(two_replicas):
    """An uneven last batch included, with SGD, which hides no factor of the gradient."""
    data = tf.data.Dataset.from_tensor_slices(samples(5 * 16 + 7)).batch(16)
    alone = sgd(make(average=0.9, schedule=2))
    start = [array(v) for v in alone.trainable_variables]
    history = alone.fit(data, epochs=2, verbose=0).history
    with two_replicas.scope():
        shared = sgd(make(average=0.9, schedule=2))
    shared_history = shared.fit(data, epochs=2, verbose=0).history
    for name, values in history.items():
        np.testing.assert_allclose(shared_history[name], values, rtol=1e-5, atol=1e-6)
    path, furthest = distance(alone, shared)
    assert furthest < 1e-5, path
    assert unequal_replicas(shared) == []
    moved = [
        np.abs(array(v) - s).max() for v, s in zip(alone.trainable_variables, start, strict=True)
    ]
    assert np.median(moved) > 1e-3


@pytest.mark.parametrize("policy", ["mixed_bfloat16", pytest.param("mixed_float16", marks=slow)])
def test_low_precision_ends_before_the_bound(policy):
    keras.config.set_dtype_policy(policy)
    avb = make()
    avb.compile()
    history = avb.fit(samples(), verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    losses, _ = avb.losses_of("generator", tensor(samples()), Draws(0), training=True)
    assert {keras.backend.standardize_dtype(v.dtype) for v in losses.values()} == {"float32"}


@keras.saving.register_keras_serializable(package="test_avb")
def cauchy(shape, seed):
    return kg.priors.normal(shape, seed) / kg.priors.normal(shape, seed)


def networks(**changed):
    made = {
        "generator": kg.networks.mlp_generator(DATA, LATENT, width=4, depth=1),
        "encoder": kg.networks.avb_encoder(DATA, LATENT, NOISE, width=4, depth=1),
        "discriminator": kg.networks.avb_discriminator(DATA, LATENT, width=4, depth=1),
    }
    return {**made, **changed}


def squashed(activation):
    layers = [keras.Input((LATENT,)), keras.layers.Dense(DATA, activation=activation)]
    return keras.Sequential(layers)


REFUSED = {
    "an encoder without noise": (
        lambda: networks(encoder=keras.Sequential([keras.Input((DATA,)), keras.layers.Dense(2)])),
        r"The encoder must take two inputs, \[samples, noise\], of the shapes \(4,\)",
    ),
    "an encoder of other samples": (
        lambda: networks(encoder=kg.networks.avb_encoder(5, LATENT)),
        r"The encoder must take two inputs",
    ),
    "an encoder of other latents": (
        lambda: networks(encoder=kg.networks.avb_encoder(DATA, 3)),
        r"latent vectors of shape \(3,\), the generator takes \(2,\): give both one latent_dim",
    ),
    "a decoder of other samples": (
        lambda: networks(generator=kg.networks.mlp_generator(3, LATENT)),
        r"The encoder must take two inputs, \[samples, noise\], of the shapes \(3,\)",
    ),
    "a discriminator of samples alone": (
        lambda: networks(discriminator=kg.networks.mlp_discriminator(DATA)),
        r"The discriminator must take two inputs, \[samples, latent vectors\]",
    ),
    "a discriminator of other latents": (
        lambda: networks(discriminator=kg.networks.avb_discriminator(DATA, 3)),
        r"of the shapes \(4,\) and \(2,\) besides the batch",
    ),
    "labels": (
        lambda: networks(generator=kg.networks.mlp_generator(DATA, LATENT, classes=3)),
        r"does not take labels: build the generator without classes",
    ),
    "no network": (lambda: networks(encoder=None), r"The encoder must be a built keras.Model"),
    "a uniform prior": (
        lambda: networks(prior="uniform"),
        r"no density outside of \[-1, 1\], where this encoder",
    ),
    "a prior of unknown density": (
        lambda: networks(prior=cauchy),
        r"not known of the function 'cauchy'",
    ),
    "an unknown likelihood": (
        lambda: networks(likelihood="gausian"),
        r"Unknown likelihood 'gausian': did you mean 'gaussian'",
    ),
    "probabilities for logits": (
        lambda: networks(generator=squashed("sigmoid"), likelihood="bernoulli"),
        r"takes logits, but the generator's last layer applies 'sigmoid'",
    ),
    "a contrast of one": (lambda: networks(contrast_noises=1), r"at least 2, or 0 for none"),
    "half a contrast": (lambda: networks(contrast_noises=2.5), r"contrast_noises must be a whole"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals(case):
    arguments, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        kg.AVB(**arguments())


def test_a_decoder_that_ends_in_tanh_is_the_mean_of_a_gaussian():
    avb = kg.AVB(**networks(generator=squashed("tanh")))
    assert np.abs(avb.generate(3, seed=0)).max() < 1


def test_samples_that_have_no_density_are_refused_before_the_first_step():
    avb = sgd(make(likelihood="bernoulli"))
    with pytest.raises(ValueError, match=r"takes samples in \[-1, 1\].*from -1 to 3"):
        avb.fit(np.array([[-1, 0, 1, 3.0]], "float32"), verbose=0)
    with pytest.raises(ValueError, match="samples of shape"):
        avb.encode(np.zeros((3, 5), "float32"))
    with pytest.raises(ValueError, match="samples must be a whole number of at least 1"):
        avb.elbo(samples(2), samples=0)


def test_an_export_makes_samples_and_a_generator_without_the_likelihood_is_refused():
    avb = make(likelihood="bernoulli")
    z = ops.convert_to_numpy(avb.prior((5, LATENT), seed=0))
    np.testing.assert_allclose(avb.exported()(z), avb.generate(5, seed=0), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="makes logits"):
        kg.Generator.from_gan(avb)
    gaussian = make()
    made = kg.Generator.from_gan(gaussian).generate(5, seed=0)
    np.testing.assert_allclose(made, gaussian.generate(5, seed=0), rtol=1e-5, atol=1e-6)
