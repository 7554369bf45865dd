"""The variational autoencoder: its losses by hand, its bound, and Keras's stock callbacks."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend.precision import has_float64
from keras_gan.models import importance_weighting
from keras_gan.training import nan_origin, snapshots
from tests import toys
from tests.autoencoders.linear import model as linear_model
from tests.games.cases import GAMES

LATENT = 3
stock = keras.callbacks


def vae(**options):
    return GAMES["VAE"].make(**options)


def linear(latent_dim=1, noise=0.5, w=1.5):
    """p(x|z) = N(w z, σ²) with the exact posterior: the bound is log p(x) = log N(0, w² + σ²)."""
    x, z = keras.Input((1,)), keras.Input((latent_dim,))
    variance = noise**2 / (w**2 + noise**2)
    mean = keras.layers.Dense(1, use_bias=False)
    log_variance = keras.layers.Dense(1, use_bias=True)
    encoder = keras.Model(x, keras.layers.Concatenate()([mean(x), log_variance(x)]))
    decode = keras.layers.Dense(1, use_bias=False)
    model = kg.VAE(
        encoder, keras.Model(z, decode(z)), likelihood=kg.likelihoods.Gaussian(noise), seed=0
    )
    mean.kernel.assign([[w / (w**2 + noise**2)]])
    log_variance.kernel.assign([[0.0]])
    log_variance.bias.assign([np.log(variance)])
    decode.kernel.assign([[w]])
    return model, w**2 + noise**2


def test_with_the_exact_posterior_the_bound_is_the_evidence():
    model, variance = linear()
    x = np.linspace(-2, 2, 5, dtype="float32")[:, None]
    evidence = -0.5 * (x[:, 0] ** 2 / variance + np.log(2 * np.pi * variance))
    bound = model.elbo(x, samples=20_000, seed=0)
    np.testing.assert_allclose(bound, evidence, atol=0.02)


def test_the_losses_are_those_of_the_paper():
    model = vae(beta=3.0)
    model.compile()
    x = ops.convert_to_tensor(toys.points(8))
    draws = kg.parallel.random_numbers.Draws(1)
    losses, _ = model.losses(x, draws, training=False)
    draws.restart()
    noise = ops.convert_to_numpy(draws.normal((8, LATENT)))
    out = ops.convert_to_numpy(model.encoder(x)).astype("float64")
    mean, stddev = out[:, :LATENT], np.exp(0.5 * out[:, LATENT:])
    kl = (0.5 * (mean**2 + stddev**2 - 1) - np.log(stddev)).sum(axis=1)
    made = ops.convert_to_numpy(model.decoder((mean + stddev * noise).astype("float32")))
    error = 0.5 * ((made - np.asarray(x)) ** 2 + np.log(2 * np.pi)).sum(axis=1)
    assert float(losses["kl_loss"]) == pytest.approx(3 * kl.mean(), rel=1e-4)
    assert float(losses["reconstruction_loss"]) == pytest.approx(error.mean(), rel=1e-4)


def test_one_loss_is_logged_and_its_terms_beside_it():
    model = vae(beta=2.0)
    model.compile(optimizer="adam")
    data = toys.points(64)
    history = model.fit(data, validation_data=data, batch_size=16, epochs=2, verbose=0).history
    names = ("loss", "kl_loss", "reconstruction_loss", "elbo_estimate")
    assert set(history) == {*names, *(f"val_{name}" for name in names)}
    for prefix in ("", "val_"):
        loss, kl, error, bound = (np.array(history[prefix + name]) for name in names)
        np.testing.assert_allclose(loss, 2 * kl + error, rtol=1e-5)
        np.testing.assert_allclose(bound, -kl - error, rtol=1e-5)
    logs = model.evaluate(data, batch_size=16, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(history["val_loss"][-1], rel=1e-5)


def test_what_is_logged_of_the_bound_is_free_of_beta_and_free_bits():
    model = vae(beta=2.0, free_bits=0.7)
    model.compile()
    data = toys.points(64)
    logs = model.evaluate(data, batch_size=64, return_dict=True, verbose=0)
    kl = model.kl_per_component(data)
    assert (kl < 0.7).any()
    assert logs["kl_loss"] == pytest.approx(kl.sum(), rel=1e-5)
    assert logs["elbo_estimate"] == pytest.approx(-kl.sum() - logs["reconstruction_loss"], rel=1e-5)
    added = 2 * (np.maximum(kl, 0.7) - kl).sum()
    assert logs["free_bits_loss"] == pytest.approx(added, rel=1e-5)
    total = 2 * np.maximum(kl, 0.7).sum() + logs["reconstruction_loss"]
    assert logs["loss"] == pytest.approx(total, rel=1e-5)


def test_every_stock_callback_of_keras_works(tmp_path):
    """Those that wait for `loss` or `val_loss`, or set the one learning rate."""
    model = vae()
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    rates, weights = [], []

    def note(epoch, logs):
        rates.append(float(model.optimizer.learning_rate))
        weights.append(model.encoder.get_weights())

    callbacks = [
        stock.EarlyStopping("val_loss", patience=0, min_delta=1e9, restore_best_weights=True),
        stock.ReduceLROnPlateau("val_loss", factor=0.5, patience=1, min_delta=1e9),
        stock.LearningRateScheduler(lambda epoch, rate: rate * 0.9),
        stock.TerminateOnNaN(),
        stock.ModelCheckpoint(tmp_path / "best.keras", monitor="val_loss", save_best_only=True),
        stock.CSVLogger(tmp_path / "log.csv"),
        stock.LambdaCallback(on_epoch_end=note),
    ]
    if keras.backend.backend() == "tensorflow":
        callbacks.append(stock.TensorBoard(tmp_path / "logs"))
    data = toys.points(64)
    history = model.fit(
        data, validation_data=data[:16], epochs=5, verbose=0, callbacks=callbacks
    ).history
    assert len(history["loss"]) == 2  # stopped, for nothing improves by 10⁹
    assert rates == pytest.approx([0.009, 0.009 * 0.9 * 0.5], rel=1e-5)
    assert (tmp_path / "log.csv").read_text().startswith("epoch,")
    assert isinstance(kg.load_model(tmp_path / "best.keras"), kg.VAE)
    for a, b in zip(weights[0], model.encoder.weights, strict=True):
        np.testing.assert_array_equal(a, b)  # those of the best epoch, the first


def test_backup_and_restore_and_swapped_averages_work(tmp_path):
    model = vae()
    model.compile(optimizer=keras.optimizers.Adam(0.01, use_ema=True))
    callbacks = [stock.BackupAndRestore(tmp_path / "backup"), stock.SwapEMAWeights()]
    history = model.fit(toys.points(32), epochs=2, verbose=0, callbacks=callbacks).history
    assert np.isfinite(history["loss"]).all()


@pytest.mark.thorough
def test_it_learns():
    """Points on a line: a bound above that of the best single Gaussian."""
    rng = np.random.default_rng(0)
    t = rng.uniform(-1, 1, (512, 1))
    x = (np.concatenate([t, t], axis=1) + 0.05 * rng.normal(size=(512, 2))).astype("float32")
    encoder = kg.networks.mlp_generator(data_dim=2, latent_dim=2, width=32, name="encoder")
    decoder = kg.networks.mlp_generator(data_dim=2, latent_dim=1, width=32, name="decoder")
    keras.utils.set_random_seed(0)
    model = kg.VAE(encoder, decoder, likelihood=kg.likelihoods.Gaussian(0.1), seed=0)
    model.compile(optimizer=keras.optimizers.Adam(3e-3), steps_per_execution=8)
    before = model.elbo(x, samples=4, seed=0).mean()
    model.fit(x, batch_size=64, epochs=40, verbose=0)
    after = model.elbo(x, samples=4, seed=0).mean()
    variance = x.var(axis=0)
    diagonal = -0.5 * (1 + np.log(2 * np.pi * variance)).sum()  # the best Gaussian without z
    assert after > max(before, diagonal) + 1.0
    assert np.abs(model.reconstruct(x) - x).mean() < 0.15


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda mlp: kg.VAE(mlp(data_dim=3, latent_dim=2), mlp(data_dim=2, latent_dim=2)),
            r"2 \* 2 = 4 numbers for this decoder of latent_dim=2; its output has the shape \(3,\)",
        ),
        (
            lambda mlp: kg.VAE(mlp(data_dim=4, latent_dim=5), mlp(data_dim=2, latent_dim=2)),
            r"takes samples of shape \(5,\), the decoder makes some of \(2,\)",
        ),
        (
            lambda mlp: kg.VAE(
                mlp(data_dim=4, latent_dim=2), mlp(data_dim=2, latent_dim=2), beta=0
            ),
            "beta must be a number greater than 0; received 0",
        ),
        (
            lambda mlp: kg.VAE(mlp(data_dim=2, latent_dim=2), mlp(data_dim=2, latent_dim=2)),
            r"2 \* 2 = 4 numbers .* with latent_dim=2, gaussian=True",
        ),
        (lambda mlp: vae().compile(loss="mse"), "VAE has a loss of its own: leave out loss="),
        (lambda mlp: vae().compile(optimizer="adm"), "optimizer must be a Keras optimizer"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make(kg.networks.mlp_generator)


def test_bernoulli_data_outside_of_its_range_are_refused():
    mlp = kg.networks.mlp_generator
    model = kg.VAE(mlp(data_dim=4, latent_dim=2), mlp(data_dim=2, latent_dim=2))
    model.compile()
    with pytest.raises(ValueError, match=r"takes samples in \[-1, 1\]"):
        model.fit(3 * toys.points(16), verbose=0)


def test_samples_have_the_noise_of_the_likelihood():
    """x = m(z) + σ ε; of Bernoulli pixels black or white ones, with the mean's frequency."""
    model = linear_model(stddev="learned")
    model.noise_scale.value.assign(np.log(0.3))
    mean, drawn = (model.generate(4000, seed=3, sample=sample) for sample in (False, True))
    assert (drawn - mean).std() == pytest.approx(0.3, rel=0.03)
    again = model.generate(4000, seed=3, batch_size=77, sample=True)
    np.testing.assert_allclose(again, drawn, rtol=1e-5, atol=1e-6)
    mlp = kg.networks
    pixels = kg.VAE(
        mlp.mlp_encoder((4,), 2, width=8, gaussian=True), mlp.mlp_decoder((4,), 2, width=8), seed=0
    )
    mean, drawn = (pixels.generate(4000, seed=3, sample=sample) for sample in (False, True))
    assert set(np.unique(drawn)) == {-1.0, 1.0}
    np.testing.assert_allclose(drawn.mean(axis=0), mean.mean(axis=0), atol=0.06)


def test_codes_are_means_or_draws_of_the_posterior():
    model, x = vae(), toys.points(3000)
    out = ops.convert_to_numpy(model.encoder(x))
    np.testing.assert_allclose(model.encode(x), out[:, :LATENT], rtol=1e-5, atol=1e-6)
    drawn = model.encode(x, sample=True, seed=1)
    standard = (drawn - out[:, :LATENT]) / np.exp(0.5 * out[:, LATENT:])
    assert np.abs(standard.mean(axis=0)).max() < 0.08
    np.testing.assert_allclose(standard.std(axis=0), 1.0, atol=0.05)
    again = model.encode(x, sample=True, seed=1, batch_size=7)
    np.testing.assert_allclose(again, drawn, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("gradient", ["reparameterized", "doubly_reparameterized"])
@pytest.mark.parametrize("k", [1, 3])
def test_networks_of_float64_train(k, gradient):
    """Also where Keras's floatx, and with it the noise, is float32."""
    keras.config.set_dtype_policy("float64" if has_float64() else "float32")
    model = linear_model(stddev="learned", importance_samples=k, gradient=gradient)
    model.compile()
    x = np.random.default_rng(0).normal(size=(32, 4))
    assert np.isfinite(model.fit(x, verbose=0).history["loss"]).all()
    assert np.isfinite(model.elbo(x, seed=0)).all()
    assert np.isfinite(model.log_likelihood(x, samples=3, seed=0)).all()
    assert model.encode(x, sample=True).shape == (32, 2)
    assert model.generate(2, sample=True).shape == (2, 4)


@pytest.mark.parametrize("k", [1, 3])
def test_no_posterior_is_too_narrow_for_float32(k):
    """Where σ² or σ underflows, and where (z − μ) / σ has no digits left, bounds have slopes."""
    encoder = kg.networks.mlp_encoder((2,), latent_dim=1, width=8, gaussian=True)
    decoder = kg.networks.mlp_decoder((2,), latent_dim=1, width=8)
    model = kg.VAE(encoder, decoder, likelihood="gaussian", importance_samples=k, seed=0)
    model.compile(optimizer=keras.optimizers.SGD(1e-3))
    last, x = encoder.layers[-1], toys.points(64)
    last.kernel.assign(0.0 * last.kernel)
    for log_variance in (-40.0, -100.0, -200.0):
        last.bias.assign([1.0, log_variance])
        kl = 0.5 * (1.0 - 1.0 - max(log_variance, -80.0))
        assert model.kl_per_component(x)[0] == pytest.approx(kl, abs=0.51)
        likelihood = model.log_likelihood(x, samples=4, seed=0)
        np.testing.assert_allclose(likelihood, model.elbo(x, seed=0), atol=6.0)
        model.fit(x, batch_size=64, verbose=0)
        moved = ops.convert_to_numpy(last.bias) - [1.0, log_variance]
        assert moved[1] == pytest.approx(5e-4, abs=1e-5)  # the slope ½ of −½ log σ²
        assert abs(moved[0]) < 5e-3


def test_a_traversal_moves_one_component_at_a_time():
    model, z = vae(), np.array([0.1, 0.2, 0.3], "float32")
    made = model.traverse(z, components=[2, 0], values=[-1.0, 0.0, 2.0])
    assert made.shape == (2, 3, 2)
    np.testing.assert_allclose(made[0, 2], model.decode([[0.1, 0.2, 2.0]])[0], rtol=1e-5)
    np.testing.assert_allclose(made[1, 0], model.decode([[-1.0, 0.2, 0.3]])[0], rtol=1e-5)
    assert model.traverse(z).shape == (3, 7, 2)
    for wrong in ({"components": [3]}, {"components": [-1]}, {"components": 1}):
        with pytest.raises(ValueError, match="component"):
            model.traverse(z, **wrong)
    with pytest.raises(ValueError, match=r"values must be a list of numbers; received 1\.0"):
        model.traverse(z, values=1.0)
    with pytest.raises(ValueError, match=r"latent vector of shape \(3,\)"):
        model.traverse(z[:2])


def test_a_conditional_vae_knows_its_classes():
    """The mean of each class is learned although z is one for all of them."""
    case = GAMES["conditional VAE"]
    model = case.make()
    model.compile(keras.optimizers.Adam(0.02), steps_per_execution=4)
    labels = np.arange(600) % 3
    x = (4.0 * labels[:, None] + np.random.default_rng(0).normal(size=(600, 2))).astype("float32")
    model.fit(x, labels, batch_size=50, epochs=15, verbose=0)
    for label in range(3):
        made = model.generate(200, seed=0, labels=label)
        assert np.abs(made.mean(axis=0) - 4.0 * label).max() < 1.0
    assert model.encode(x, labels=labels).shape == (600, LATENT)
    assert model.log_likelihood(x[:4], samples=20, seed=0, labels=labels[:4]).shape == (4,)
    with pytest.raises(ValueError, match="takes a label beside each sample"):
        model.encode(x)
    with pytest.raises(ValueError, match="does not take labels"):
        vae().encode(toys.points(4), labels=[0, 1, 0, 1])


def test_health_notices_components_that_carry_nothing():
    model = vae(beta=1000.0)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    health = kg.callbacks.Health(every=20, patience=2)
    with pytest.warns(kg.callbacks.HealthWarning, match=r"\d of the 3 components of z carry less"):
        model.fit(toys.points(128), batch_size=16, epochs=20, verbose=0, callbacks=[health])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"importance_samples": 10**12}, "importance_samples must be at most 100,000"),
        ({"importance_samples": 0}, "importance_samples must be a whole number of at least 1"),
        ({"gradient": "reinforce"}, "gradient"),
        ({"free_bits": -1.0}, "free_bits must be"),
        ({"beta": 2.0, "importance_samples": 5}, "only with importance_samples=1"),
        ({"free_bits": 1.0, "gradient": "doubly_reparameterized"}, "change the KL term"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        vae(**options)


def test_only_a_gaussian_decoder_has_a_standard_deviation():
    assert vae().noise_stddev == 1.0
    networks = kg.networks.mlp_generator(data_dim=4), kg.networks.mlp_generator()
    with pytest.raises(AttributeError, match="Only a Gaussian likelihood has a noise_stddev"):
        _ = kg.VAE(*networks).noise_stddev


def test_a_scale_of_the_batch_belongs_to_one_sample():
    with pytest.raises(ValueError, match="take stddev='learned'"):
        linear_model(stddev="batch", importance_samples=2)
    with pytest.raises(ValueError, match="stddev of a Gaussian likelihood"):
        kg.likelihoods.Gaussian("learnt")
    with pytest.raises(ValueError, match=r"is found in the training of a kg\.VAE"):
        kg.likelihoods.Gaussian("learned").log_density(ops.zeros((1, 2)), ops.zeros((1, 2)))


def test_averages_in_the_place_of_weights_are_not_saved_by_a_checkpoint(tmp_path):
    model = vae()
    model.compile(optimizer=keras.optimizers.Adam(1e-3, use_ema=True))
    swap = stock.SwapEMAWeights(swap_on_epoch=True)
    with pytest.raises(ValueError, match="puts the averages in the place of the weights when"):
        model.fit(toys.points(32), callbacks=[swap, kg.callbacks.Checkpoint(tmp_path)], verbose=0)


def test_more_draws_than_there_is_memory_for_are_refused():
    model, x = vae(), toys.points(8)
    with pytest.raises(ValueError, match="A batch of 8 samples with 1,000,000,000,000 draws each"):
        model.elbo(x, samples=10**12)
    with pytest.raises(ValueError, match="A batch of 1 samples with 1,000,000,000,000 draws each"):
        model.log_likelihood(x[:1], samples=10**12, batch_size=10**12)
    with pytest.raises(ValueError, match="The noise of 8 samples would take .* of memory"):
        model.noise_of(8, 0, 10**12)


def test_the_advice_on_a_divergence_names_the_argument_that_there_is():
    model = vae()
    model.compile()
    good = snapshots.good_state(model, 3)
    for variable in model.trainable_variables:
        variable.assign(1e6 * variable)
    told = nan_origin._of_rates(model, good, 1.0)
    assert "the model's largest weight went from" in told
    assert "use a smaller one for the optimizer, or clipnorm=1.0." in told


@pytest.mark.parametrize("beta", [5e-324, 1e300, 10**400])
def test_a_weight_that_float32_does_not_hold_is_refused(beta):
    with pytest.raises(ValueError, match="beta must be a number greater than 0"):
        vae(beta=beta)


def test_what_a_subclass_must_define_is_said():
    with pytest.raises(NotImplementedError, match=r"LikelihoodModel must define term_names\(\)"):
        kg.LikelihoodModel().compile()


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_adapt_lets_the_decoder_begin_at_the_mean(likelihood):
    rng = np.random.default_rng(0)
    mean = rng.uniform(-0.9, 0.9, (4, 4, 2))
    x = np.clip(mean + rng.normal(0, 0.01, (500, 4, 4, 2)), -1, 1).astype("float32")
    sizes = {"sample_shape": (4, 4, 2), "latent_dim": 3, "width": 8}
    decoder = kg.networks.mlp_decoder(**sizes)
    model = kg.VAE(
        kg.networks.mlp_encoder(**sizes, gaussian=True), decoder, likelihood=likelihood, seed=0
    )
    model.adapt(x)
    made = model.decode(np.zeros((1, 3)))[0]  # tanh of 0 is 0: the bias alone
    np.testing.assert_allclose(made, x.mean(axis=0), atol=1e-3)


def test_adapt_takes_the_mean_of_channels_of_convolutions_and_says_what_it_cannot():
    z = keras.Input((2,))
    h = keras.layers.Reshape((2, 2, 4))(keras.layers.Dense(16)(z))
    likelihood = kg.likelihoods.DiscretizedLogistic()

    def model(end, likelihood="gaussian"):
        decoder = keras.Model(z, end(h))
        return kg.VAE(
            kg.networks.mlp_encoder((2, 2, 3), 2, width=4, gaussian=True),
            decoder,
            likelihood=likelihood,
        )

    x = np.tile([0.1, 0.2, 0.3], (5, 2, 2, 1)).astype("float32")
    made = model(keras.layers.Conv2D(3, 1, kernel_initializer="zeros"))
    made.adapt(x)
    np.testing.assert_allclose(made.decode(np.zeros((1, 2)))[0], x[0], atol=1e-6)
    with pytest.raises(ValueError, match="has no bias for each component or channel"):
        model(keras.layers.Conv2D(3, 1, use_bias=False)).adapt(x)
    with pytest.raises(ValueError, match="does not say which parameters"):
        model(keras.layers.Conv2D(3, 1), likelihood).adapt(x)


def of_pixels():
    sizes = {"sample_shape": (2,), "latent_dim": 2, "width": 8}
    encoder = kg.networks.mlp_encoder(**sizes, gaussian=True)
    return kg.VAE(encoder, kg.networks.mlp_decoder(**sizes), seed=0)


def test_pixels_without_their_axes_are_taken_for_pixels():
    """Flattened images in [0, 1], whose black the likelihood would take for grey; later batches."""
    import tensorflow as tf

    x = np.random.default_rng(0).uniform(0, 1, (64, 2)).astype("float32")
    model = of_pixels()
    model.compile()
    with pytest.warns(UserWarning, match=r"Samples should lie in \[-1, 1\], but no value"):
        model.fit(x, verbose=0)
    later = np.concatenate([2 * x - 1, 255 * x])
    with pytest.raises(ValueError, match="Samples must lie in.* in batch 2 of a pass"):
        model.fit(tf.data.Dataset.from_tensor_slices(later).batch(64), verbose=0)


def test_what_a_likelihood_excludes_has_no_bound():
    model, x = of_pixels(), 3 * toys.points(4)
    for bound in (model.elbo, model.log_likelihood):
        with pytest.raises(ValueError, match=r"takes samples in \[-1, 1\]"):
            bound(x, samples=2)
        assert bound(x[:0], samples=2).shape == (0,)


def test_weights_that_are_all_zero_spoil_no_later_ones():
    """Far from everything float32 has no density; what is near by stays, whatever the batches."""
    model, x = linear()[0], np.array([[1e25], [1.0]], "float32")
    found, errors = model.log_likelihood(x, samples=10, batch_size=3, seed=0, errors=True)
    assert found[0] == -np.inf
    assert np.isfinite([found[1], errors[1]]).all()
    sums = importance_weighting._LogMean()
    for part in ([-np.inf], [0.0, -np.inf], [0.0]):
        sums.add(np.array(part))
    assert sums.value() == pytest.approx(np.log(0.5))
    sums.add(np.array([np.nan]))
    sums.add(np.array([0.0]))
    assert np.isnan(sums.value())


def test_nothing_begins_at_no_samples():
    model, x = vae(), toys.points(4)
    with pytest.raises(ValueError, match="adapt takes at least one sample"):
        model.adapt(x[:0])
    with pytest.raises(ValueError, match="NaN or infinite"):
        model.adapt(np.nan * x)
    with pytest.raises(ValueError, match="a mean over samples; received none"):
        model.kl_per_component(x[:0])


def test_a_conditional_model_is_called_with_pairs():
    sizes = {"sample_shape": (2,), "latent_dim": 2, "width": 8, "classes": 3}
    encoder = kg.networks.mlp_encoder(**sizes, gaussian=True)
    model, x = kg.VAE(encoder, kg.networks.mlp_decoder(**sizes), seed=0), toys.points(4)
    made = model.predict([x, np.zeros(4, "int32")], verbose=0)
    np.testing.assert_allclose(made, model.reconstruct(x, labels=0), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="takes a label beside each sample"):
        model(x)
    with pytest.raises(ValueError, match="takes a label beside each sample"):
        model.predict(x, verbose=0)
