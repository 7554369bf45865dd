"""Variational autoencoders at the command line: run, preset, card, and what is refused."""

import json
import pathlib

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.families.vae import nats
from keras_gan.zoo import UntrustedPresetError, presets
from tests.cli.own_zoo import own_zoo

BUDGET = "--width 16 --epochs 1 --steps-per-epoch 40 --batch-size 32 --score-samples 100"

UNCHECKED = ("checksums", "README.md")  # of a preset: its list of sums, the page for the Hub


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A run on digits and its preset, in a zoo of their own."""
    folder = tmp_path_factory.mktemp("vae")
    with own_zoo(folder, samples=200) as patch:
        patch.setattr(nats, "CARD", (50, 20))
        patch.setattr(nats, "RUN", (50, 20))
        line = (
            f"train --model vae --dataset digits --latent-dim 4 {BUDGET} --steps-per-execution 20"
        )
        assert main([*line.split(), "--out", "run"]) == 0
        assert main(["zoo", "publish", "run"]) == 0
        yield folder


@pytest.mark.usefixtures("published")
def test_a_run_holds_model_scores_and_pictures():
    model = kg.load_model("run/model.keras")
    assert type(model) is kg.VAE
    assert model.likelihood.binarize
    config = json.loads(pathlib.Path("run/config.json").read_text())
    assert (config["recipe"], config["beta"], config["likelihood"]) == ("vae", 1.0, "binarized")
    found = json.loads(pathlib.Path("run/metrics.json").read_text())["likelihood"]
    x, _, split = nats.held_out(kg_settings(config), 50)
    assert split == found["split"] == "training"
    expected = model.log_likelihood(x, samples=20, seed=0).mean()
    assert found["log_likelihood"] == pytest.approx(expected, rel=1e-5)
    assert found["elbo"] < found["log_likelihood"] < 0
    assert pathlib.Path("run/samples/epoch_0001.png").is_file()


def kg_settings(config):
    class Settings:
        dataset, image_size, labels = config["dataset"], None, False

    return Settings


@pytest.mark.usefixtures("published")
def test_its_preset_encodes_reconstructs_generates_and_scores(capsys):
    model, preset = kg.load_model("run/model.keras"), kg.VAE.from_preset("vae_digits")
    x = model.generate(6, seed=3)
    np.testing.assert_allclose(preset.generate(6, seed=3), x, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(preset.encode(x), model.encode(x), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(preset.reconstruct(x), model.reconstruct(x), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        preset.log_likelihood(x, samples=9, seed=1),
        model.log_likelihood(x, samples=9, seed=1),
        rtol=1e-4,
    )
    assert isinstance(preset, kg.VAE)
    assert list(kg.VAE.presets) == list(kg.IWAE.presets) == ["vae_digits"]
    assert preset.card["scores"]["likelihood"]["images"] == 50
    assert main(["zoo", "verify"]) == 0
    assert "samples.png: drawn again, 0.00%" in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"holds a vae, not a generator: load it with kg\.VAE"):
        kg.Generator.from_preset("vae_digits")
    assert "log p(x) = " in pathlib.Path("zoo/vae_digits/card.md").read_text()


@pytest.mark.usefixtures("published")
def test_a_preset_is_trained_on_and_saved(tmp_path):
    preset = kg.VAE.from_preset("vae_digits")
    preset.compile()
    preset.fit(preset.generate(32, seed=0), verbose=0)
    assert preset.card is None  # which was of other weights
    preset.save(tmp_path / "model.keras")
    again = kg.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.generate(4, seed=0), preset.generate(4, seed=0))


@pytest.mark.usefixtures("published")
def test_a_learned_scale_is_published_as_the_number_that_it_is(tmp_path):
    encoder = kg.networks.mlp_encoder((2,), 2, width=4, gaussian=True)
    decoder = kg.networks.mlp_decoder((2,), 2, width=4)
    model = kg.VAE(encoder, decoder, likelihood=kg.likelihoods.Gaussian("learned"), seed=0)
    model.noise_scale.value.assign(-1.0)
    from keras_gan.families import PretrainedVAE

    PretrainedVAE.from_gan(model).save_to_preset(tmp_path / "points")
    preset = kg.VAE.from_preset(tmp_path / "points")
    assert preset.likelihood.stddev == pytest.approx(np.exp(-1.0))
    x = np.zeros((3, 2), "float32")
    np.testing.assert_allclose(preset.elbo(x, seed=0), model.elbo(x, seed=0), rtol=1e-5)


@pytest.mark.parametrize(
    ("likelihood", "message"),
    [
        (None, "likelihood must have"),
        ("bernoulli", "likelihood must have"),
        ({"likelihood": "os.system", "arguments": {}}, "known are gaussian, bernoulli"),
        ({"likelihood": "gaussian", "arguments": {"stddev": -1.0}}, "stddev must be"),
        ({"likelihood": "gaussian", "arguments": {"stddev": "learned"}}, "has the argument"),
        ({"likelihood": "gaussian", "arguments": {"sigma": 1.0}}, "has the argument"),
        ({"likelihood": "bernoulli", "arguments": [1]}, "known are"),
        ({"likelihood": "bernoulli", "arguments": {}, "more": 1}, "likelihood must have"),
    ],
)
@pytest.mark.usefixtures("published")
def test_a_likelihood_that_is_none_is_refused_before_it_is_made(likelihood, message, tmp_path):
    source = pathlib.Path("zoo/vae_digits")
    files = {
        p.name: p.read_bytes() for p in source.iterdir() if p.name not in ("checksums", "README.md")
    }
    config = json.loads(files["config.json"]) | {"likelihood": likelihood}
    presets.write(tmp_path / "odd", {**files, "config.json": json.dumps(config).encode()})
    with pytest.raises(UntrustedPresetError, match=message):
        kg.VAE.from_preset(tmp_path / "odd")


@pytest.mark.parametrize(
    "likelihood",
    [
        None,
        3,
        {},
        {"log_likelihood": "\x1b]0;owned\x07", "standard_error": [1]},
        [[]],
        "![](http://x)",
    ],
)
@pytest.mark.usefixtures("published")
def test_a_likelihood_on_a_card_is_data(likelihood, tmp_path, capsys):
    source = pathlib.Path("zoo/vae_digits")
    files = {
        p.name: p.read_bytes() for p in source.iterdir() if p.name not in ("checksums", "README.md")
    }
    card = json.loads(files["card.json"])
    card["scores"]["likelihood"] = likelihood
    presets.write(tmp_path / "zoo" / "odd", {**files, "card.json": json.dumps(card).encode()})
    for line in (f"show {tmp_path}/zoo/odd", f"gallery --zoo {tmp_path}/zoo"):
        assert main(["zoo", *line.split()]) in (0, 1, 2)
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err
        assert "unexpected" not in said.err
        assert len(said.err.splitlines()) <= 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            "--recipe vae --network dcgan",
            "--network dcgan is not for --recipe vae: take mlp, or leave that out.",
        ),
        ("--recipe vae --importance-samples 3", "--importance-samples is for --recipe iwae"),
        ("--recipe iwae --beta 2", "--beta is for the recipes vae beta_vae"),
        ("--recipe vae --likelihood poisson", "Unknown likelihood"),
        ("--recipe sngan --free-bits 1", "--free-bits is for the recipes vae beta_vae"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(flags, message, capsys, tmp_path):
    line = ["train", "--dataset", "digits", *flags.split(), "--out", str(tmp_path / "run")]
    assert main(line) == 2
    assert message in capsys.readouterr().err
