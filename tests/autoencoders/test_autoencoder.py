"""The autoencoder: its loss by hand, its corruption, principal components, anomalies."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.games.cases import GAMES


def mlp(dim=2, latent=1, **options):
    sizes = {"sample_shape": (dim,), "latent_dim": latent, "width": 16}
    return kg.Autoencoder(
        kg.networks.mlp_encoder(**sizes), kg.networks.mlp_decoder(**sizes), seed=0, **options
    )


def test_the_loss_is_the_squared_error_of_the_uncorrupted_sample():
    model = GAMES["Autoencoder"].make()
    x = toys.points(32)
    model.corruption.draws.restart()
    losses, _ = model.losses(ops.convert_to_tensor(x), Draws(0), training=True)
    model.corruption.draws.restart()
    seen = model.corruption(ops.convert_to_tensor(x), training=True)
    made = model.decoder(model.encoder(seen), training=True)
    assert np.abs(ops.convert_to_numpy(seen) - x).std() > 0.05
    expected = np.square(ops.convert_to_numpy(made) - x).sum(axis=1).mean()
    assert float(losses["reconstruction_loss"]) == pytest.approx(expected, rel=1e-4)


def test_evaluation_reconstruction_and_scores_see_no_noise():
    model, x = mlp(corruption=kg.layers.SaltAndPepper(0.9, seed=0)), toys.points(16)
    model.compile()
    made = ops.convert_to_numpy(model.decoder(model.encoder(x)))
    errors = np.square(made - x).sum(axis=1)
    np.testing.assert_allclose(model.anomaly_score(x), errors, rtol=1e-4)
    np.testing.assert_allclose(model.reconstruct(x), made, rtol=1e-5, atol=1e-6)
    logs = model.evaluate(x, batch_size=16, return_dict=True, verbose=0)
    assert logs["loss"] == pytest.approx(errors.mean(), rel=1e-4)


@pytest.mark.thorough
def test_a_linear_autoencoder_finds_the_principal_components():
    """Baldi and Hornik 1989: the least error is the sum of the eigenvalues that are left out."""
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(1000, 5)) * [3, 2, 1, 0.5, 0.3]).astype("float32")
    x = (x @ np.linalg.qr(rng.normal(size=(5, 5)))[0]).astype("float32")
    a, z = keras.Input((5,)), keras.Input((2,))
    keras.utils.set_random_seed(0)
    model = kg.Autoencoder(
        keras.Model(a, keras.layers.Dense(2)(a)), keras.Model(z, keras.layers.Dense(5)(z)), seed=0
    )
    rate = keras.optimizers.schedules.CosineDecay(0.02, 1000, alpha=1e-3)
    model.compile(keras.optimizers.Adam(rate), steps_per_execution=10)
    model.fit(x, batch_size=100, epochs=100, verbose=0)
    eigenvalues = np.sort(np.linalg.eigvalsh(np.cov(x.T, bias=True)))
    assert model.anomaly_score(x).mean() == pytest.approx(eigenvalues[:3].sum(), rel=0.01)


def test_bernoulli_decoders_make_images_of_logits():
    sizes = {"sample_shape": (3, 3, 1), "latent_dim": 2, "width": 8}
    model = kg.Autoencoder(
        kg.networks.mlp_encoder(**sizes),
        kg.networks.mlp_decoder(**sizes),
        likelihood="bernoulli",
        seed=0,
    )
    model.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (32, 3, 3, 1)).astype("float32")
    model.fit(x, verbose=0)
    made = model.reconstruct(x)
    logits = ops.convert_to_numpy(model.decoder(model.encoder(x)))
    np.testing.assert_allclose(made, np.tanh(logits / 2), rtol=1e-4, atol=1e-6)


def test_codes_are_interpolated_along_a_line():
    model = mlp(dim=3, latent=2)
    ends = np.array([[0.0, 1.0], [2.0, -1.0]])
    way = model.interpolate(*ends, n=3)
    np.testing.assert_allclose(way[1], model.decode([[1.0, 0.0]])[0], rtol=1e-5)


def test_it_generates_nothing():
    with pytest.raises(ValueError, match="learns no distribution of codes"):
        mlp().generate(4, seed=0)


def test_a_corruption_is_built_with_the_model_and_saved_with_it(tmp_path):
    """Stock layers that make their weights when they are first called, in a step or before."""
    model, x = mlp(corruption=keras.layers.Normalization(name="scaled")), toys.points(16)
    model.compile()
    model.fit(x, verbose=0)
    model.corruption.adapt(x)
    model.save(tmp_path / "model.keras")
    loaded = kg.load_model(tmp_path / "model.keras").corruption
    np.testing.assert_allclose(loaded.mean, x.mean(axis=0)[None], atol=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mlp(corruption=0.3), "corruption must be a Keras layer"),
        (lambda: mlp(corruption=keras.layers.Dense(2)), "has weights to train, but a corruption"),
        (
            lambda: mlp(corruption=keras.layers.Dense(3, trainable=False)),
            r"makes of samples of shape \(2,\) some of shape \(3,\): it must keep their shape",
        ),
        (
            lambda: mlp(likelihood=kg.likelihoods.Gaussian("learned")),
            "takes the standard deviation of a Gaussian likelihood as a number",
        ),
        (
            lambda: kg.Autoencoder(
                kg.networks.mlp_encoder((2,), 3), kg.networks.mlp_decoder((2,), 2)
            ),
            r"gives codes of shape \(3,\), the decoder takes \(2,\)",
        ),
        (
            lambda: kg.Autoencoder(
                kg.networks.mlp_encoder((2,), 2), kg.networks.mlp_decoder((3,), 2)
            ),
            r"takes samples of shape \(2,\), the decoder makes some of \(3,\)",
        ),
        (
            lambda: kg.Autoencoder(
                kg.networks.mlp_encoder((2,), 2, classes=3), kg.networks.mlp_decoder((2,), 2)
            ),
            "The encoder takes class labels, the decoder does not",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("layer", "changed", "values"),
    [
        (kg.layers.MaskingNoise(0.3, seed=0), 0.3, {-1.0, 0.5}),
        (kg.layers.SaltAndPepper(0.4, seed=0), 0.4, {-1.0, 0.5, 1.0}),
    ],
)
def test_corruptions_change_their_share_in_training_alone(layer, changed, values):
    x = np.full((200, 100), 0.5, "float32")
    y = ops.convert_to_numpy(layer(x, training=True))
    assert set(np.unique(y)) == values
    assert (y != x).mean() == pytest.approx(changed, abs=0.01)
    assert (y == -1).mean() == pytest.approx(changed / (len(values) - 1), abs=0.01)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), x)
    again = type(layer).from_config(layer.get_config())
    np.testing.assert_array_equal(ops.convert_to_numpy(again(x, training=True)), y)


@pytest.mark.parametrize(
    "make",
    [
        lambda: kg.layers.GaussianNoise(-1),
        lambda: kg.layers.MaskingNoise(1.5),
        lambda: kg.layers.SaltAndPepper(0.1, low=1.0, high=0.0),
    ],
)
def test_corruptions_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="must be a"):
        make()


@pytest.mark.parametrize("name", ["Autoencoder", "VQVAE"])
def test_samples_outside_of_the_support_of_a_likelihood_are_refused(name):
    model = GAMES[name].make(likelihood="bernoulli")
    model.compile()
    (x,) = GAMES[name].data(8)
    with pytest.raises(ValueError, match=r"takes samples in \[-1, 1\]"):
        model.fit(3.0 + 0.0 * x, verbose=0)
