"""Every example runs as a program, on a tiny budget, and leaves what it says."""

import os
import pathlib
import runpy
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"
TINY = "--epochs 1 --steps-per-epoch 2 --width 4"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs an example in an empty folder; returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def run_example(name, options):
        monkeypatch.setattr(sys, "argv", [name, *options.split()])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run_example


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def is_red(picture):
    """Where the samples' colour is."""
    red, green, blue = (picture[..., c].astype(int) for c in range(3))
    return (red > 150) & (green < 100) & (blue < 100)


def test_mode_collapse_draws_one_row_a_method(run):
    printed = run(
        "mode_collapse.py", "--columns 2 --steps-per-column 50 --batch-size 32 --width 16"
    )
    assert printed.count("of 8 modes") == 3
    figure = pixels("mode_collapse/mode_collapse.png")
    assert figure.shape == (3 * 240, 3 * 240, 3)
    panels = figure.reshape(3, 240, 3, 240, 3).swapaxes(1, 2).reshape(9, 240, 240, 3)
    assert all(is_red(panel).sum() > 20 for panel in panels)


def test_fgan_divergences_draws_one_panel_a_divergence(run):
    printed = run("fgan_divergences.py", "--divergences kl pearson --steps 50 --batch-size 32")
    lines = [line.split() for line in printed.splitlines()]
    assert [line[0] for line in lines[1:3]] == ["kl", "pearson"]
    figure = pixels("fgan_divergences/divergences.png")
    assert figure.shape == (480, 2 * 480, 3)
    assert all(is_red(panel).sum() > 500 for panel in np.split(figure, 2, axis=1))


def test_multi_gpu_trains_on_two_devices_and_saves_the_game(tmp_path, monkeypatch):
    """In a process of its own, since the number of devices is settled once a process."""
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, str(EXAMPLES / "multi_gpu.py"), *TINY.split(), "--batch-size=8"]
    path = os.pathsep.join([str(EXAMPLES.parent), os.environ.get("PYTHONPATH", "")])
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    ).stdout
    assert "2 devices: CPU:0, CPU:1" in printed
    assert "those of the trained one by 0.0e+00 at most" in printed
    assert pixels("multi_gpu/epoch_0001.png").std() > 0


def test_cyclegan_digits_translates_both_ways_and_counts_the_labels_kept(run):
    printed = run("cyclegan_digits.py", f"{TINY} --y digits --size 8 --batch-size 4")
    assert "1797 images of x and 1797 of y, (8, 8, 1) and (8, 8, 1)" in printed
    for to in "yx":
        assert f"labels kept on the way to {to}: " in printed
    assert isinstance(kg.load_model("cyclegan_digits/gan.keras"), kg.CycleGAN)
    assert pixels("cyclegan_digits/epoch_0001.png").shape == (6 * 66 + 2, 16 * 66 + 2, 3)


@pytest.mark.data
def test_wgan_gp_mnist_prints_the_distance_of_every_epoch(run):
    printed = run("wgan_gp_mnist.py", f"{TINY} --batch-size 4 --critic-steps 2")
    heading, row = printed.splitlines()[-2:]
    assert heading.split() == ["epoch", "wasserstein_estimate", "gradient_penalty"]
    assert np.isfinite([float(value) for value in row.split()]).all()
    gan = kg.load_model("wgan_gp_mnist/gan.keras")
    assert isinstance(gan, kg.WGANGP)
    assert any(isinstance(i, kg.layers.LayerNormalization) for i in gan.discriminator.layers)
    assert pixels("wgan_gp_mnist/epoch_0001.png").std() > 0


@pytest.mark.data
def test_sngan_mnist_saves_the_game(run):
    printed = run("sngan_mnist.py", TINY)
    assert "64 digits of shape (28, 28, 1)" in printed
    assert isinstance(kg.load_model("sngan_mnist/gan.keras"), kg.SNGAN)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"


@pytest.mark.data
def test_conditional_mnist_draws_the_digit_asked_for(run):
    printed = run("conditional_mnist.py", f"{TINY} --count 20")
    assert "8 sevens of shape (28, 28, 1)" in printed
    assert "of 20 samples show the digit asked for" in printed
    assert kg.load_model("conditional_mnist/gan.keras").classes == 10
    assert pixels("conditional_mnist/epoch_0001.png").shape == (582, 582, 3)
