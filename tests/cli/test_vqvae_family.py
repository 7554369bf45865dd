"""VQ-VAEs and priors of their codes at the command line: runs, what starts from one, presets."""

import json
import math
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.other_runs import named_alone, started_from, with_inherited
from keras_gan.cli.settings import Settings
from keras_gan.families.vqvae import compression
from keras_gan.zoo import fetching, presets
from tests.cli.own_zoo import own_zoo

TESTED = 50
STEPS = "--batch-size 32 --steps-per-epoch 10 --steps-per-execution 10"
CODES = f"--model vqvae --dataset digits --width 8 --codes 16 --code-dim 4 {STEPS} --epochs 2"
PRIOR = f"--model code_prior --width 8 --depth 2 {STEPS} --score-samples 60 --codes-of"

UNCHECKED = ("checksums", "README.md")  # of a preset: its list of sums, the page for the Hub


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run of either, and the preset of both, in a zoo of their own."""
    folder = tmp_path_factory.mktemp("vqvae")
    with own_zoo(folder, samples=100) as patch:
        patch.setattr(compression, "TESTED", TESTED)
        assert main(["train", *CODES.split(), "--out", "codes"]) == 0
        assert main(["train", *PRIOR.split(), "codes", "--epochs", "2", "--out", "prior"]) == 0
        assert main(["zoo", "publish", "prior"]) == 0
        yield folder


def read(path):
    return json.loads(pathlib.Path(path).read_text())


def held_out():
    return np.stack(list(kg.data.load("digits").take(TESTED).as_numpy_iterator()))


def sentence_of(capsys, line: str, code: int = 2) -> str:
    """The one sentence with which a command ends."""
    capsys.readouterr()
    assert main(line.split()) == code
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    return sentence


@pytest.mark.usefixtures("runs")
def test_a_run_of_a_vqvae_says_what_its_codes_are_worth():
    model, found, x = kg.load_model("codes/model.keras"), read("codes/metrics.json"), held_out()
    assert type(model) is kg.VQVAE
    assert (model.quantizer.ema, model.quantizer.restart_dead_codes) == (0.99, 0.03)
    codes = model.encode(x)
    assert (found["split"], found["images"]) == ("training", TESTED)
    error = ((np.clip(model.reconstruct(x), -1, 1) - x) ** 2).mean() / 4
    assert found["mean_squared_error"] == pytest.approx(error, rel=1e-5)
    assert 0 < error < 0.2
    (level,) = found["levels"]
    assert (level["grid"], level["codes"]) == ([4, 4], 16)
    assert level["codes_used"] == len(np.unique(codes)) <= 16
    assert 1 <= level["perplexity"] <= level["codes_used"]
    assert (found["bits"]["pixels"], found["bits"]["codes"]) == (512.0, 4.0 * 16)
    assert found["bits"]["png"] == found["bits"]["png_content"] + 8 * 57
    with Image.open("codes/samples/epoch_0002.png") as picture:  # 36 digits in rows of 12
        assert picture.size == (12 * 66 + 2, 6 * 66 + 2)
    rows = pathlib.Path("codes/history.csv").read_text().splitlines()
    assert rows[0].startswith("epoch,")
    assert {"perplexity", "codes_used", "reconstruction_loss"} <= set(rows[0].split(","))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("generate codes", "codes is a VQVAE, which makes codes of images and no images: train a"),
        ("evaluate codes --against digits", "keras-gan train --model code_prior --codes-of codes."),
        ("zoo publish codes", "is published together with the prior of its codes: train one with"),
    ],
)
@pytest.mark.usefixtures("runs")
def test_a_vqvae_makes_no_samples_and_says_what_does(line, message, capsys):
    assert message in sentence_of(capsys, line)


@pytest.mark.usefixtures("runs")
def test_a_run_of_a_prior_learns_the_codes_of_another_run_of_its_data():
    prior, vqvae = kg.load_model("prior/model.keras"), kg.load_model("codes/model.keras")
    config, x = read("prior/config.json"), held_out()
    assert config["codes_of"] == str(pathlib.Path("codes").resolve())
    assert (config["dataset"], config["network"], config["dropout"]) == ("digits", "pixelcnn", 0.1)
    np.testing.assert_array_equal(prior.vqvae.encode(x), vqvae.encode(x))
    assert not prior.vqvae.compiled  # its optimizer is of no use here
    found = read("prior/metrics.json")
    bits = -prior.log_prob(vqvae.encode(x)).mean() / math.log(2)
    assert found["compression"]["bits"]["prior"] == pytest.approx(bits, rel=1e-5)
    for name in ("mean_squared_error", "levels"):
        assert found["compression"][name] == read("codes/metrics.json")[name]
    assert {"model_to_real", "real_to_real", "untrained_to_real"} <= set(found["frechet"])
    with Image.open("prior/samples.png") as picture:
        assert picture.size == (8 * 66 + 2, 8 * 66 + 2)


@pytest.mark.parametrize("source", ["prior", "code_prior_digits"])
@pytest.mark.usefixtures("runs")
def test_it_generates_and_is_evaluated(source, tmp_path, capsys):
    out = tmp_path / "samples.npz"
    assert main(["generate", source, "--count", "6", "--seed", "3", "--out", str(out)]) == 0
    with np.load(out) as arrays:
        expected = kg.load_model("prior/model.keras").generate(6, seed=3)
        np.testing.assert_allclose(arrays["samples"], expected, rtol=1e-5, atol=1e-6)
    metrics = ["--metrics", "sliced_wasserstein", "--samples", "50"]
    assert main(["evaluate", source, "--against", "digits", *metrics]) == 0
    assert f"A: {source} (" in capsys.readouterr().out
    assert "train" not in sentence_of(capsys, f"generate {source} --labels 3")


@pytest.mark.thorough
@pytest.mark.usefixtures("runs")
def test_a_resumed_run_ends_as_one_that_never_stopped(tmp_path):
    line = ["train", *PRIOR.split(), "codes", "--epochs", "1", "--out", str(tmp_path / "run")]
    assert main(line) == 0
    assert main(["train", "--resume", str(tmp_path / "run"), "--epochs", "2"]) == 0
    one, other = (kg.load_model(f"{run}/model.keras") for run in (tmp_path / "run", "prior"))
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert read(tmp_path / "run/metrics.json") == read("prior/metrics.json")


@pytest.mark.usefixtures("runs")
def test_its_preset_holds_both_and_is_verified(capsys):
    model, preset = (
        kg.load_model("prior/model.keras"),
        kg.CodePrior.from_preset("code_prior_digits"),
    )
    assert isinstance(preset, kg.CodePrior)
    assert list(kg.CodePrior.presets) == ["code_prior_digits"]
    x = held_out()
    codes = preset.encode(x)
    np.testing.assert_array_equal(codes, model.vqvae.encode(x))
    np.testing.assert_allclose(preset.decode(codes), preset.reconstruct(x), atol=1e-6)
    np.testing.assert_allclose(preset.reconstruct(x), model.vqvae.reconstruct(x), atol=1e-6)
    np.testing.assert_allclose(preset.log_prob(codes), model.log_prob(codes), rtol=1e-5)
    np.testing.assert_allclose(preset.generate(6, seed=3), model.generate(6, seed=3), atol=1e-6)
    card = preset.card
    assert (card["kind"], card["training"]["configuration"]["codes_of"]) == ("code_prior", "codes")
    assert str(pathlib.Path().resolve()) not in json.dumps(card)  # whose machine it was
    assert "4 × 4 codes of 16" in card["summary"]
    other = card["training"]["started_from"]["codes_of"]
    assert other["configuration"].items() <= read("codes/config.json").items()
    assert other["configuration"]["recipe"] == "vqvae"
    assert main(["zoo", "verify"]) == 0
    assert "samples.png: drawn again, 0.00%" in capsys.readouterr().out
    page = pathlib.Path("zoo/code_prior_digits/card.md").read_text()
    assert "codes by their prior" in page
    assert "It started from another run, `codes_of`, of " in page
    assert 'kg.CodePrior.from_preset("code_prior_digits")' in page
    assert main(["zoo", "show", "code_prior_digits"]) == 0
    assert main(["zoo", "list"]) == 0
    assert main(["zoo", "gallery"]) == 0
    assert "zoo export writes a network" in sentence_of(
        capsys, "zoo export code_prior_digits --format tf"
    )


@pytest.mark.thorough
@pytest.mark.usefixtures("runs")
def test_a_preset_is_trained_again_on_the_vqvae_that_it_holds(tmp_path):
    again = str(tmp_path / "again")
    assert main(["zoo", "train", "code_prior_digits", "--out", again]) == 0
    assert read(f"{again}/config.json")["codes_of"] == "code_prior_digits"
    one, other = (kg.load_model(f"{run}/model.keras") for run in (again, "prior"))
    np.testing.assert_array_equal(one.generate(8, seed=0), other.generate(8, seed=0))


@pytest.mark.thorough
@pytest.mark.usefixtures("runs")
def test_it_is_trained_on_and_its_card_is_of_other_weights_then(tmp_path):
    preset, x = kg.CodePrior.from_preset("code_prior_digits"), held_out()
    preset.compile()
    preset.fit(x, verbose=0)
    assert preset.card is None
    preset.save(tmp_path / "model.keras")
    again = kg.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again.generate(4, seed=0), preset.generate(4, seed=0))
    card = kg.CodePrior.from_preset("code_prior_digits")
    card.vqvae.quantizer.codebook.assign(card.vqvae.quantizer.codebook + 1.0)
    assert card.card is None  # the codebook is no network, but part of what it speaks of


@pytest.mark.thorough
@pytest.mark.usefixtures("runs")
def test_labels_give_a_prior_of_each_class(tmp_path, capsys):
    run = str(tmp_path / "run")
    line = ["train", *PRIOR.split(), "codes", "--labels", "--epochs", "1", "--out", run]
    assert main(line) == 0
    model = kg.load_model(f"{run}/model.keras")
    assert (model.conditional, model.classes) == (True, 10)
    found = read(f"{run}/metrics.json")
    assert 0 <= found["coverage"]["label_accuracy"] <= 1
    out = str(tmp_path / "grid.png")
    assert main(["generate", run, "--labels", "7", "--count", "4", "--out", out]) == 0
    zoo = str(tmp_path / "zoo")
    assert main(["zoo", "publish", run, "--zoo", zoo, "--name", "by_class"]) == 0
    preset = kg.CodePrior.from_preset(f"{zoo}/by_class")
    made = (each.generate(12, seed=1, labels=3) for each in (preset, model))
    np.testing.assert_allclose(*made, atol=1e-6)
    assert "10 classes to choose from" in preset.card["summary"]


@pytest.mark.thorough
@pytest.mark.usefixtures("runs")
def test_two_levels_of_codes_have_a_prior_each(tmp_path, capsys):
    codes, run, zoo = (str(tmp_path / name) for name in ("codes", "run", "zoo"))
    line = CODES.replace("vqvae", "vqvae2").replace("--epochs 2", "--epochs 1")
    assert main(["train", *line.split(), "--out", codes]) == 0
    grids = [level["grid"] for level in read(f"{codes}/metrics.json")["levels"]]
    assert grids == [[2, 2], [4, 4]]
    assert main(["train", *PRIOR.split(), codes, "--epochs", "1", "--out", run]) == 0
    model = kg.load_model(f"{run}/model.keras")
    assert type(model.vqvae) is kg.VQVAE2
    assert read(f"{run}/metrics.json")["compression"]["bits"]["codes"] == 4 * (4 + 16)
    assert main(["zoo", "publish", run, "--zoo", zoo, "--name", "two"]) == 0
    assert main(["zoo", "verify", f"{zoo}/two"]) == 0
    preset = kg.CodePrior.from_preset(f"{zoo}/two")
    made = (each.generate(6, seed=1) for each in (preset, model))
    np.testing.assert_allclose(*made, atol=1e-6)
    assert "2 × 2 codes of 16 and 4 × 4 codes of 16" in preset.card["summary"]
    refused = f"train {line} --halvings 1 --out {tmp_path}/other"
    assert "halves images at least twice" in sentence_of(capsys, refused)


def test_settings_of_another_run_are_taken_over_or_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "codes"
    run.mkdir()
    for name in ("model.keras", "metrics.json"):
        (run / name).write_bytes(b"")
    own = Settings(dataset="mnist", image_size=16, recipe="vqvae").as_dict()
    (run / "config.json").write_text(json.dumps(own))
    given = {"recipe": "code_prior", "codes_of": "codes"}
    for source in ("codes", "codes/model.keras"):
        taken = with_inherited(Settings(**given, seed=3), {**given, "codes_of": source})
        assert (taken.dataset, taken.image_size, taken.seed) == ("mnist", 16, 3)
    same = {**given, "dataset": "mnist", "image_size": 16}
    assert with_inherited(Settings(**same), same).dataset == "mnist"
    for other in ({"dataset": "digits"}, {"image_size": 28}):
        with pytest.raises(ValueError, match=r"--codes-of codes is a run of --.*leave that out"):
            with_inherited(Settings(**given, **other), {**given, **other})
    (run / "metrics.json").unlink()
    with pytest.raises(ValueError, match="is not finished: keras-gan train --resume codes fini"):
        with_inherited(Settings(**given), given)
    moved = given | {"codes_of": str(tmp_path / "gone")}
    with pytest.raises(ValueError, match="not there any more: pass its.*--codes-of.*--override da"):
        with_inherited(Settings(**moved), moved)
    settings = Settings(**given | {"codes_of": str(run)})
    assert named_alone(settings)["codes_of"] == "codes"
    assert started_from(settings, "a_preset").codes_of == "a_preset"
    assert started_from(Settings(), "a_preset").codes_of is None


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("--model code_prior", "name its run, for example keras-gan train --model vqvae"),
        ("--model code_prior --codes-of nowhere", "There is no run folder, .keras file or preset"),
        ("--model sngan --codes-of nowhere", "--codes-of is for --recipe code_prior"),
        ("--model vqvae --labels", "--labels is not for --recipe vqvae"),
        ("--model vqvae --network dcgan", "--network dcgan is not for --recipe vqvae: take vqvae"),
        ("--model vqvae --dataset ring", "is for grey and colour images"),
        ("--model vqvae --halvings 4", "cannot be halved 4 times"),
        ("--model vqvae --codes 1", "--codes must be a whole number of at least 2"),
    ],
)
def test_what_does_not_go_together_is_refused(flags, message, capsys, tmp_path, monkeypatch):
    monkeypatch.delenv(fetching.VARIABLE, raising=False)
    line = f"train --dataset digits {flags} --out {tmp_path / 'run'}"
    assert message in sentence_of(capsys, line)


@pytest.mark.usefixtures("runs")
def test_a_run_of_another_model_holds_no_codes(capsys, tmp_path):
    preset = pathlib.Path(kg.__file__).parent.parent / "zoo" / "wgangp_digits"
    line = f"train --model code_prior --codes-of {preset} --out {tmp_path}/run"
    assert "holds a generator, not a code_prior" in sentence_of(capsys, line)
    network = kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4)
    kg.GAN(*network, seed=0).save(tmp_path / "gan.keras")
    line = f"train --model code_prior --codes-of {tmp_path}/gan.keras --out {tmp_path}/run"
    assert "holds a GAN, which has no codes: name a run of" in sentence_of(capsys, line)
    small = (
        kg.networks.vqvae_encoder((16, 16, 1), 4, 4),
        kg.networks.vqvae_decoder((16, 16, 1), 4, 4),
    )
    kg.VQVAE(*small, codes=4, seed=0).save(tmp_path / "small.keras")
    line = f"train --model code_prior --codes-of {tmp_path}/small.keras --out {tmp_path}/run"
    assert "takes samples of shape (16, 16, 1); those of digits" in sentence_of(capsys, line)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("compression"),
        lambda found: found.update(compression=None),
        lambda found: found.update(compression="![](http://x)\x1b]0;owned\x07"),
        lambda found: found["compression"].update(mean_squared_error="\x1b[2J"),
        lambda found: found["compression"].update(levels=[[]], bits={}),
        lambda found: found["compression"].update(levels=[{"codes": -1}]),
        lambda found: found["compression"]["levels"][0].update(grid="\x1b[2J", codes=10**300),
        lambda found: found["compression"]["bits"].update(prior=10**400),
    ],
)
@pytest.mark.usefixtures("runs")
def test_figures_on_a_card_are_data(change, tmp_path, capsys):
    source = pathlib.Path("zoo/code_prior_digits")
    files = {p.name: p.read_bytes() for p in source.iterdir() if p.name not in UNCHECKED}
    card = json.loads(files["card.json"])
    change(card["scores"])
    presets.write(tmp_path / "zoo" / "odd", {**files, "card.json": json.dumps(card).encode()})
    for line in (f"show {tmp_path}/zoo/odd", f"gallery --zoo {tmp_path}/zoo"):
        assert main(["zoo", *line.split()]) in (0, 1, 2)
        said = capsys.readouterr()
        assert "\x1b" not in said.out + said.err
        assert "unexpected" not in said.err
        assert len(said.err.splitlines()) <= 1
