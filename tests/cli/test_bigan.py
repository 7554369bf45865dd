"""`--recipe bigan`: three networks, of images and of points, and what it refuses."""

import json

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.distributions.priors import uniform
from keras_gan.families.registry import ENTRIES
from keras_gan.layers import SpectralNormalization

BUDGET = "--recipe bigan --width 4 --latent-dim 3 --epochs 1 --steps-per-epoch 2 --batch-size 8"
BUDGET = [*BUDGET.split(), "--score-samples", "20"]


@pytest.mark.parametrize(
    ("shape", "sizes"), [((28, 28, 1), (50, 512, 128)), ((2,), (2, 128, 256))], ids=str
)
def test_defaults_for_images_and_for_points(shape, sizes):
    settings = resolve(Settings(dataset="some.npy", recipe="bigan"), shape)
    assert (settings.latent_dim, settings.width, settings.batch_size) == sizes
    assert settings.network == "mlp"
    gan = ENTRIES["bigan"].game(settings, shape)
    assert isinstance(gan, kg.BiGAN)
    assert gan.prior is uniform
    assert gan.encoder.input_shape[1:] == shape
    assert gan.generator.output_shape[1:] == shape
    assert gan.decay == settings.average == 0.999


def test_width_and_normalization_reach_the_networks():
    given = {"width": 4, "discriminator_width": 6, "latent_dim": 3}
    settings = Settings(recipe="bigan", discriminator_normalization="spectral", **given)
    gan = ENTRIES["bigan"].game(resolve(settings, (8, 8, 1)), (8, 8, 1))
    assert gan.latent_dim == 3
    layers = [i for i in gan.discriminator.layers if isinstance(i, SpectralNormalization)]
    assert {tuple(i.layer.kernel.shape) for i in layers} == {(64, 6), (3, 3), (9, 6), (6, 1)}
    assert gan.encoder.layers[-1].kernel.shape == (4, 3)


@pytest.mark.thorough
def test_a_run_on_digits_leaves_a_game_that_encodes(tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["train", "--dataset", "digits", "--out", str(folder), *BUDGET]) == 0
    gan = kg.load_model(folder / "model.keras")
    assert gan.encode(np.zeros((5, 8, 8, 1), "float32")).shape == (5, 3)
    assert json.loads((folder / "config.json").read_text())["network"] == "mlp"
    assert "frechet" in json.loads((folder / "metrics.json").read_text())
    assert "jensen_shannon_estimate" in (folder / "history.csv").read_text()
    samples = ["generate", str(folder), "--count", "4", "--out", str(tmp_path / "samples.npz")]
    assert main(samples) == 0
    assert np.load(tmp_path / "samples.npz")["samples"].shape == (4, 8, 8, 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--labels"],
            "The networks of --recipe bigan do not take class labels: leave --labels out.",
        ),
        (
            ["--network", "dcgan"],
            "--network dcgan is not for --recipe bigan: take mlp, or leave that out.",
        ),
        (["--penalty-weight", "1"], "--penalty-weight is for the recipes"),
    ],
    ids=str,
)
def test_what_it_has_not_is_refused_before_anything_is_written(tmp_path, capsys, options, message):
    folder = tmp_path / "run"
    command = ["train", "--dataset", "digits", "--out", str(folder), *BUDGET, *options]
    assert main(command) == 2
    assert message in capsys.readouterr().err
    assert not folder.exists()


def test_help_shows_its_own_defaults(capsys):
    main(["train", "--help"])
    printed = " ".join(capsys.readouterr().out.split())
    assert "for images network mlp, width 512, latent dim 50, batch size 128" in printed
