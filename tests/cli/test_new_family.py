"""A family of models in one file is known to all commands, and these name no model themselves."""

import importlib
import json
import pathlib
import re

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.families.registry import ENTRIES, entries_with, register
from keras_gan.zoo import CLASSES, fetching, presets
from keras_gan.zoo.kind_registry import register_kind
from tests.cli.own_zoo import own_zoo

PACKAGE = pathlib.Path(kg.__file__).parent
BUDGET = "--width 8 --epochs 1 --steps-per-epoch 20 --batch-size 32 --score-samples 100"
MODELS = re.compile(
    r"(?i:generator_xy|generator_yx|translat|cycle|bigan|s-?ngan(?!_(?:digits|mnist)\b)|f-?gan\b|r3gan|wgan(?!gp_)"
    r"|ctgan|dragan|(?<!w)gangp\b|\bvae\b|\bavb\b)|KINDS|LOADED_BY|FOREIGN|SHARES\b"
)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A run of the toy family and its preset, in a zoo of their own."""
    folder = tmp_path_factory.mktemp("toy")
    with own_zoo(folder, samples=200):
        family = importlib.import_module("tests.cli.toy_family")
        line = f"train --dataset ring --recipe sampler --power 1.5 {BUDGET} --out run"
        assert main(line.split()) == 0
        assert main(["zoo", "publish", "run"]) == 0
        yield family
        del ENTRIES["sampler"], CLASSES["sampler"]


def test_it_trains_with_settings_of_its_own_and_saves(toy):
    model = kg.load_model("run/model.keras")
    assert isinstance(model, toy.Sampler)
    assert (model.power, int(model.optimizer.iterations)) == (1.5, 20)
    config = json.loads(pathlib.Path("run/config.json").read_text())
    assert (config["power"], config["learning_rate"], config["discriminator_steps"]) == (
        1.5,
        0.001,
        None,
    )
    assert pathlib.Path("run/history.csv").read_text().startswith("epoch,")
    assert "energy_distance" in pathlib.Path("run/history.csv").read_text()
    assert "frechet" in json.loads(pathlib.Path("run/metrics.json").read_text())
    assert pathlib.Path("run/samples/epoch_0001.png").is_file()


@pytest.mark.usefixtures("toy")
def test_help_shows_it(capsys):
    assert main(["train", "--help"]) == 0
    text = capsys.readouterr().out
    assert "\n  sampler " in text
    assert "\n  --power " in text
    assert main(["zoo", "--help"]) == 0
    assert "toy_family.SamplerPreset.from_preset" in capsys.readouterr().out


def test_its_preset_is_of_its_own_kind_and_holds(toy, capsys):
    assert main(["zoo", "list"]) == 0
    assert capsys.readouterr().out.split()[:4:3] == ["sampler_ring", "sampler"]
    assert main(["zoo", "verify"]) == 0
    said = capsys.readouterr().out
    assert "samples.png: drawn again, 0.00% of the pixels differ" in said
    assert "frechet_distance: " in said
    preset, model = toy.SamplerPreset.from_preset("sampler_ring"), kg.load_model("run/model.keras")
    np.testing.assert_allclose(
        preset.generate(5, seed=3), model.generate(5, seed=3), rtol=1e-5, atol=1e-6
    )
    assert preset.card["kind"] == "sampler"
    with pytest.raises(ValueError, match=r"load it with toy_family\.SamplerPreset\.from_preset"):
        kg.Generator.from_preset("sampler_ring")
    page = pathlib.Path("zoo/README.md").read_text()
    assert 'toy_family.SamplerPreset.from_preset("sampler_ring")' in page


@pytest.mark.parametrize("source", ["run", "sampler_ring"])
@pytest.mark.usefixtures("toy")
def test_it_generates_and_is_evaluated(source, tmp_path, capsys):
    out = tmp_path / "samples.npz"
    assert main(["generate", source, "--count", "6", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        assert arrays["samples"].shape == (6, 2)
    metrics = ["--metrics", "sliced_wasserstein", "--samples", "100"]
    assert main(["evaluate", source, "--against", "ring", *metrics]) == 0
    assert f"A: {source} (" in capsys.readouterr().out


@pytest.mark.usefixtures("toy")
def test_it_goes_on_and_is_trained_again(capsys, tmp_path):
    assert main(["train", "--resume", "run", "--power", "0.5", "--epochs", "2"]) == 2
    assert "--override game" in capsys.readouterr().err
    again = str(tmp_path / "again")
    assert main(["zoo", "train", "sampler_ring", "--out", again]) == 0
    made = (kg.load_model(f"{run}/model.keras").generate(5, seed=0) for run in ("run", again))
    np.testing.assert_array_equal(*made)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--power 1.5", "--power is for --recipe sampler; received --power 1.5 with --recipe"),
        ("--recipe sampler --labels", "--labels is not for --recipe sampler: leave it out."),
        ("--recipe sampler --average 0.9", "sngan gan dcgan wgan"),
    ],
)
@pytest.mark.usefixtures("toy")
def test_settings_stay_with_their_families(flags, message, capsys, tmp_path):
    line = ["train", "--dataset", "ring", *flags.split(), "--out", str(tmp_path / "run")]
    assert main(line) == 2
    assert message in capsys.readouterr().err


def test_names_kinds_and_roles_are_given_once(toy):
    with pytest.raises(ValueError, match="recipe 'sampler' is already registered"):
        register(toy.ENTRY)
    with pytest.raises(ValueError, match="kind of preset 'sampler', or its roles, are already"):
        register_kind(toy.SamplerPreset)
    assert entries_with("power") == ["sampler"]


@pytest.mark.parametrize("kind", ["sculptor", 3, None, ["generator"], "x" * 10_000])
def test_a_card_of_a_kind_that_is_not_known_is_refused(kind, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv(fetching.VARIABLE, raising=False)
    source = PACKAGE.parent / "zoo" / "wgangp_ring"
    files = {
        p.name: p.read_bytes() for p in source.iterdir() if p.name not in ("checksums", "README.md")
    }
    card = json.loads(files["card.json"]) | {"kind": kind}
    presets.write(tmp_path / "odd", {**files, "card.json": json.dumps(card).encode()})
    assert main(["zoo", "verify", str(tmp_path / "odd"), "--skip-scores"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "Unknown kind of preset " in line
    assert "Known: code_prior, flow, generator, " in line
    assert len(line) < 400


@pytest.mark.parametrize("room", ["zoo", "cli"])
def test_zoo_and_command_line_name_no_model(room):
    found = [
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MODELS.search(line)
    ]
    assert found == []
