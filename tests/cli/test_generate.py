"""Samples from a run or a file."""

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.plotting.samples import picture_of


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A saved game and the folder it lies in."""
    folder = tmp_path_factory.mktemp("run")
    gan = kg.GAN(
        kg.networks.dcgan_generator((8, 8, 3), latent_dim=4, width=4),
        kg.networks.dcgan_discriminator((8, 8, 3), width=4),
        seed=0,
    )
    gan.compile()
    gan.save(folder / "model.keras")
    return gan, folder


def opened(file):
    with Image.open(file) as picture:
        return np.asarray(picture)


@pytest.mark.parametrize("name", ["", "model.keras"])
def test_a_grid_of_a_run_or_a_file(saved, tmp_path, capsys, name):
    gan, folder = saved
    out = tmp_path / "new" / "grid.png"
    options = ["--count", "6", "--seed", "5", "--out", str(out)]
    assert main(["generate", str(folder / name), *options]) == 0
    expected = np.asarray(picture_of(gan.generate(6, seed=5)))
    np.testing.assert_array_equal(opened(out), expected)
    assert f"wrote 6 samples of shape (8, 8, 3) to {out}" in capsys.readouterr().out


def test_an_array(saved, tmp_path):
    gan, folder = saved
    out = tmp_path / "samples.npz"
    assert main(["generate", str(folder), "--count", "5", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        np.testing.assert_allclose(arrays["samples"], gan.generate(5, seed=0), atol=1e-6)
        assert arrays["samples"].dtype == np.float32


def test_truncated_samples(saved, tmp_path, capsys):
    gan, folder = saved
    out = tmp_path / "samples.npz"
    options = ["--count", "5", "--out", str(out)]
    assert main(["generate", str(folder), "--truncation", "0.5", *options]) == 0
    expected = gan.generate(5, seed=0, truncation=0.5)
    assert np.abs(expected - gan.generate(5, seed=0)).max() > 1e-4
    with np.load(out) as arrays:
        np.testing.assert_allclose(arrays["samples"], expected, atol=1e-6)
    assert main(["generate", str(folder), "--truncation", "0", *options]) == 2
    assert "--truncation must be a number greater than 0; received 0" in capsys.readouterr().err


def test_a_file_of_something_else_is_refused(tmp_path, capsys):
    (tmp_path / "model.keras").write_text("no model")
    assert main(["generate", str(tmp_path)]) == 2
    assert "is not a .keras file" in capsys.readouterr().err
