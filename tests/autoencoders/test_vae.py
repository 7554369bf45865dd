"""The variational autoencoder: its losses by hand, its bound, and Keras's stock callbacks."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from tests import toys
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
