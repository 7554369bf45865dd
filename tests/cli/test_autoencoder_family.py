"""Autoencoders at the command line: plain and denoising runs, and what is refused."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.families.autoencoder import scores
from keras_gan.families.autoencoder.corruptions import corrupted, corruption
from keras_gan.families.datasets import held_out

BUDGET = "--model autoencoder --width 64 --epochs 1 --steps-per-epoch 300 --batch-size 32"
BUDGET += " --steps-per-execution 50 --score-samples 200"
TESTED = 60


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A denoising run on digits, and a plain one on points."""
    folder = tmp_path_factory.mktemp("autoencoder")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    patch.setattr(scores, "TESTED", TESTED)
    line = f"train {BUDGET} --dataset digits --latent-dim 8 --corruption masking --out denoising"
    assert main(line.split()) == 0
    assert main(f"train {BUDGET} --dataset ring --out points".split()) == 0
    yield folder
    patch.undo()


class Settings:
    """What says which data are held out."""

    dataset, image_size, labels = "digits", None, False


@pytest.mark.usefixtures("runs")
def test_a_denoising_run_says_its_errors_and_draws_what_the_encoder_sees():
    model = kg.load_model("denoising/model.keras")
    found = json.loads(pathlib.Path("denoising/metrics.json").read_text())
    assert type(model) is kg.Autoencoder
    assert (model.corruption.rate, model.corruption.value) == (0.3, -1.0)
    x, _, split = held_out(Settings, TESTED)
    assert (found["split"], found["samples"], found["latent_dim"]) == (split, TESTED, 8)
    expected = ((model.reconstruct(x) - x) ** 2).mean() / 4
    assert found["mean_squared_error"] == pytest.approx(expected, rel=1e-5)
    assert found["mean_squared_error"] < found["of_the_mean"] < 0.2
    noisy = found["of_corrupted"]
    assert found["mean_squared_error"] < noisy["reconstructed"] < noisy["seen"]
    with Image.open("denoising/samples/epoch_0001.png") as picture:  # 36 digits, in three rows each
        assert picture.size == (12 * 66 + 2, 9 * 66 + 2)


@pytest.mark.usefixtures("runs")
def test_points_have_a_run_too():
    found = json.loads(pathlib.Path("points/metrics.json").read_text())
    assert (found["split"], found["units"], found["of_corrupted"]) == ("test", "the data", None)
    assert found["of_the_mean"] == pytest.approx(0.5, abs=0.2)  # of points on a circle of radius 1
    assert 0 < found["mean_squared_error"] < found["of_the_mean"]
    with Image.open("points/samples.png") as picture:
        assert picture.mode == "RGB"


def test_noise_of_pictures_is_always_the_same_and_the_data_stay():
    class Given:
        corruption, corruption_amount, seed = "salt_and_pepper", 0.5, 3

    x = np.zeros((40, 4, 4, 1), "float32")
    one, other = corrupted(x, Given), corrupted(x, Given)
    np.testing.assert_array_equal(one, other)
    assert set(np.unique(one)) == {-1, 0, 1}
    assert np.abs(one).mean() == pytest.approx(0.5, abs=0.1)
    assert corruption("none", 0.5, (4, 4, 1), 0) is None
    assert corruption("masking", 0.5, (2,), 0).value == 0  # black is for images
    assert corruption("gaussian", 0.5, (2,), 0).stddev == 0.5


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            "--network dcgan",
            "--network dcgan is not for --recipe autoencoder: take mlp, or leave that out.",
        ),
        ("--labels", "--labels is not for --recipe autoencoder"),
        ("--corruption-amount 0.5", "--corruption-amount needs a --corruption, one of gaussian"),
        (
            "--corruption masking --corruption-amount 2",
            "rate must be a number of at least 0 and at most 1",
        ),
        ("--corruption blur", "Unknown corruption"),
        ("--likelihood gaussian", "is not for --recipe autoencoder: take squared_error or bernoul"),
        ("--recipe vae --likelihood squared_error", "is not for --recipe vae: take bernoulli or"),
        ("--recipe vae --corruption masking", "--corruption is for --recipe autoencoder"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(flags, message, capsys, tmp_path):
    line = ["train", "--dataset", "digits", "--model", "autoencoder", *flags.split()]
    assert main([*line, "--out", str(tmp_path / "run")]) == 2
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert message in sentence


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("generate denoising", "learns no distribution of codes"),
        ("evaluate points --against ring", "learns no distribution of codes"),
        ("zoo publish denoising", "has no kind of preset: kg.load_model"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_it_makes_no_samples(line, message, capsys):
    assert main(line.split()) == 2
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert message in sentence
