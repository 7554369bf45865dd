"""Series and volumes at the command line."""

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.plotting.series import BORDER, COLOURS, TILE, series_grid, volume_grid

BUDGET = "--steps 2 --batch-size 8 --width 4 --latent-dim 4 --score-samples 20"


def test_the_network_follows_from_the_axes():
    found = {shape: resolve(Settings(), shape) for shape in ((20, 3), (8, 8, 1), (4, 8, 8, 1))}
    assert [each.network for each in found.values()] == ["conv1d", "dcgan", "conv3d"]
    assert [each.output_activation for each in found.values()] == ["tanh", None, "tanh"]
    with pytest.raises(ValueError, match="--recipe bigan is for images and points"):
        resolve(Settings(recipe="bigan"), (20, 3))


def test_pictures_of_series_are_curves_and_of_volumes_their_brightest_voxels():
    series = np.zeros((2, 50, 2))
    series[:, :, 0], series[:, :, 1] = 1, -1  # at the top and at the bottom
    pixels = np.asarray(series_grid(series))
    assert (pixels[BORDER, BORDER : BORDER + TILE[0]] == COLOURS[0]).all()
    assert (pixels[BORDER + TILE[1] - 1, BORDER : BORDER + TILE[0]] == COLOURS[1]).all()
    volumes = np.full((1, 3, 8, 8, 1), -1.0)
    volumes[0, 1, 0, 0] = 1
    bright = np.asarray(volume_grid(volumes))[2:-2, 2:-2]
    assert bright[0, 0] > 200
    assert bright[-1, -1] == 0


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_a_run_on_series(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    series = np.random.default_rng(0).uniform(-1, 1, (60, 20, 3)).astype("float32")
    np.save("series.npy", series)
    np.save("large.npy", 3 * series)
    command = ["train", "--network", "conv1d", *BUDGET.split(), "--dataset"]
    assert main([*command, "series.npy", "--out", "run"]) == 0
    assert kg.load_model("run/model.keras").generate(2, seed=0).shape == (2, 20, 3)
    with Image.open("run/samples.png") as picture:
        assert picture.width == 8 * (TILE[0] + BORDER) + BORDER
    assert main([*command, "large.npy", "--out", "other"]) == 2
    assert "pass --output-activation linear" in capsys.readouterr().err
