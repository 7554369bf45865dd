"""`--recipe infogan`: its codes, a run whose game reads them, and what it refuses."""

import json

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.registry import ENTRIES

BUDGET = "--recipe infogan --width 4 --latent-dim 16 --epochs 1 --steps-per-epoch 2 --batch-size 8"
BUDGET = [*BUDGET.split(), "--score-samples", "20", "--steps-per-execution", "1"]


def game(shape=(8, 8, 1), **given):
    settings = resolve(Settings(dataset="some.npy", recipe="infogan", width=4, **given), shape)
    return settings, ENTRIES["infogan"].game(settings, shape)


def test_defaults_are_the_codes_of_the_paper():
    settings, gan = game()
    assert isinstance(gan, kg.InfoGAN)
    assert gan.prior.codes == {"category": 10, "number_1": "uniform", "number_2": "uniform"}
    assert gan.latent_dim - gan.prior.size == 62
    rates = settings.generator_learning_rate, settings.discriminator_learning_rate
    assert rates == (1e-3, 2e-4)
    assert game((2,))[1].latent_dim == 16


def test_codes_are_chosen():
    _, gan = game(latent_dim=5, categories=3, continuous_codes=0)
    assert gan.prior.codes == {"category": 3}
    _, gan = game(latent_dim=5, categories=0, continuous_codes=1)
    assert gan.prior.codes == {"number_1": "uniform"}


@pytest.mark.thorough
def test_a_run_on_digits_leaves_a_game_that_reads_codes(tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["train", "--dataset", "digits", "--out", str(folder), *BUDGET]) == 0
    gan = kg.load_model(folder / "model.keras")
    found = gan.infer(np.zeros((5, 8, 8, 1), "float32"))
    assert list(found) == ["category", "number_1", "number_2"]
    assert json.loads((folder / "config.json").read_text())["categories"] == 10
    assert "mutual_information_category" in (folder / "history.csv").read_text()
    samples = ["generate", str(folder), "--count", "4", "--out", str(tmp_path / "samples.npz")]
    assert main(samples) == 0
    assert np.load(tmp_path / "samples.npz")["samples"].shape == (4, 8, 8, 1)
    assert main(["zoo", "publish", str(folder), "--zoo", str(tmp_path / "zoo")]) == 2
    assert "has codes in its latent vectors" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--categories", "1"], "--recipe infogan needs a code: --categories of at least 2"),
        (["--categories", "0", "--continuous-codes", "0"], "--recipe infogan needs a code"),
        (["--categories", "30"], "build it with a --latent-dim of at least 32"),
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
