"""`keras-gan zoo`."""

import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.zoo import exporting
from keras_gan.families.registry import ENTRIES
from keras_gan.families.sampling import card_scores as scoring
from keras_gan.zoo import fetching, presets
from tests.cli.own_zoo import own_zoo

BUDGET = "--width 4 --latent-dim 4 --steps-per-epoch 6 --batch-size 16 --score-samples 50"
RING = f"--dataset ring --recipe dcgan {BUDGET} --epochs 2 --evaluate-epochs 1 --average 0.9"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A run that was trained and published into a zoo and a registry of its own."""
    folder = tmp_path_factory.mktemp("zoo")
    with own_zoo(folder, samples=300):
        assert main(["train", *RING.split(), "--steps-per-execution", "1", "--out", "run"]) == 0
        assert main(["zoo", "publish", "run", "--name", "dcgan_toy"]) == 0
        yield folder


def test_a_run_becomes_a_preset(published, capsys):
    gan = kg.load_model("run/model.keras")
    generator = kg.Generator.from_preset("dcgan_toy")
    np.testing.assert_array_equal(generator.generate(4, seed=1), gan.generate(4, seed=1))
    training = generator.card["training"]
    assert training["configuration"]["recipe"] == "dcgan"
    assert training["steps"] == 12
    assert training["seconds"] > 0
    scores = generator.card["scores"]
    assert scores["protocol"]["samples_on_either_side"] == 300
    assert scores["in_training"]["final"]["epoch"] == 2
    assert 0 <= scores["classes"]["modes"] <= scores["classes"]["real"]["modes"] == 8
    assert main(["zoo", "list"]) == 0
    assert capsys.readouterr().out.startswith("dcgan_toy ")
    assert main(["zoo", "show", "dcgan_toy"]) == 0
    assert "| frechet_distance |" in capsys.readouterr().out
    assert "dcgan_toy/samples.png" in (published / "zoo" / "README.md").read_text()


def test_a_card_names_the_objective_as_it_is_called():
    networks = kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4)
    assert (
        ENTRIES["fgan"]
        .objective(kg.FGAN(*networks, divergence="kl"))
        .startswith("FGAN: Variational(divergence=KL(), saturating=False")
    )
    assert "Wasserstein(fake_weight=1.0) and GradientPenalty(weight=10.0" in ENTRIES[
        "wgangp"
    ].objective(kg.WGANGP(*networks))


@pytest.mark.thorough
def test_the_best_game_of_a_run_is_published_where_that_is_asked_for(published, tmp_path):
    run = shutil.copytree(published / "run", tmp_path / "run")
    report = json.loads((run / "evaluation" / "evaluation.json").read_text())
    other = kg.load_model(run / "model.keras")  # something else than the last game
    other.fit(np.zeros((16, 2), "float32"), verbose=0)
    other.save(run / "evaluation" / "best.keras")
    report["best"]["epoch"] = 1
    (run / "evaluation" / "evaluation.json").write_text(json.dumps(report))
    line = ["zoo", "publish", str(run), "--zoo", str(tmp_path / "own"), "--name", "best_toy"]
    assert main([*line, "--best"]) == 0
    best = kg.Generator.from_preset(tmp_path / "own" / "best_toy")
    np.testing.assert_array_equal(best.generate(4, seed=1), other.generate(4, seed=1))
    assert best.card["training"]["steps"] == 6
    assert "picked by this very score" in (tmp_path / "own" / "best_toy" / "card.md").read_text()
    (run / "evaluation" / "best.keras").unlink()
    assert main([*line, "--best", "--overwrite"]) == 2


@pytest.mark.usefixtures("published")
def test_the_other_commands_take_a_preset_by_its_name(capsys, tmp_path):
    out = str(tmp_path / "samples.npz")
    assert main(["generate", "dcgan_toy", "--count", "20", "--out", out]) == 0
    with np.load(out) as arrays:
        generator = kg.Generator.from_preset("dcgan_toy")
        np.testing.assert_array_equal(arrays["samples"], generator.generate(20, seed=0))
    metrics = ["--metrics", "sliced_wasserstein", "--samples", "100"]
    assert main(["evaluate", "dcgan_toy", "--against", "ring", *metrics]) == 0
    assert "A: dcgan_toy (preset)" in capsys.readouterr().out


@pytest.mark.thorough
@pytest.mark.usefixtures("published")
def test_training_from_the_card_gives_the_preset_again(tmp_path, capsys):
    assert main(["zoo", "train", "dcgan_toy", "--out", str(tmp_path / "again")]) == 0
    again = kg.load_model(tmp_path / "again" / "model.keras")
    expected = kg.Generator.from_preset("dcgan_toy").generate(5, seed=0)
    np.testing.assert_array_equal(again.generate(5, seed=0), expected)


def test_verify_holds_the_preset_to_its_card(published, capsys):
    assert main(["zoo", "verify"]) == 0
    said = capsys.readouterr().out
    assert "dcgan_toy: holds" in said
    assert "samples.png: drawn again, 0.00% of the pixels differ" in said
    assert "frechet_distance: " in said


@pytest.fixture
def copied(published, tmp_path):
    """A copy of the preset as a folder, and a function that makes it consistent again."""
    folder = tmp_path / "copy"
    shutil.copytree(published / "zoo" / "dcgan_toy", folder)

    def write(name, content):
        presets.write(folder, files_of(folder) | {name: content})

    return folder, write


def files_of(folder):
    return {
        p.name: p.read_bytes() for p in folder.iterdir() if p.name not in ("checksums", "README.md")
    }


def test_verify_tells_a_picture_of_another_generator(copied, capsys):
    folder, write = copied
    with Image.open(folder / "samples.png") as picture:
        picture.transpose(Image.FLIP_LEFT_RIGHT).save(folder / "samples.png")
    write("samples.png", (folder / "samples.png").read_bytes())
    assert main(["zoo", "verify", str(folder), "--skip-scores"]) == 1
    assert "samples.png is not what the generator makes with seed 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: distance(s, "a_to_b", 0.97), "frechet_distance: a_to_b is "),
        (lambda s: distance(s, "a_to_b", 1.03), "frechet_distance: a_to_b is "),
        (lambda s: distance(s, "b_to_b", 1.03), "frechet_distance: b_to_b is "),
        (lambda s: s["figures"].pop("precision"), "the scores is {'frechet_distance'"),
        (lambda s: s["classes"].update(modes=9), "the classes: modes is "),
        (lambda s: s["classes"].update(high_quality=0.999), "the classes: high_quality is "),
        (lambda s: s["classes"]["real"].update(kl=9.0), "the classes: real: kl is "),
        (lambda s: s.update(classes=None), "says None"),
        (lambda s: s["protocol"].update(features="inception"), "another protocol"),
        (lambda s: s.update(command="keras-gan evaluate --samples 50000"), "another command"),
    ],
)
def test_verify_tells_a_score_that_was_made_up(copied, capsys, change, message):
    folder, write = copied
    card = json.loads((folder / "card.json").read_text())
    change(card["scores"])
    write("card.json", json.dumps(card).encode())
    assert main(["zoo", "verify", str(folder), "--skip-scores"]) == 0
    assert main(["zoo", "verify", str(folder)]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert message in sentence


def test_verify_takes_a_card_from_before_a_score_was_known(copied, capsys):
    folder, write = copied
    card = json.loads((folder / "card.json").read_text())
    for part in (card["scores"]["figures"], card["scores"]["protocol"]["metrics"]):
        del part["vendi_score"]
    write("card.json", json.dumps(card).encode())
    assert main(["zoo", "verify", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "not on the card, which is older" in said
    assert said.count("vendi_score: ") == 1


def distance(scores, column, factor):
    scores["figures"]["frechet_distance"][column] *= factor


@pytest.mark.parametrize(
    ("action", "change", "message"),
    [
        ("verify", lambda card: card.pop("scores"), "KeyError 'scores'"),
        ("train", lambda card: card.update(training=[]), "TypeError"),
        ("verify", lambda card: card["training"].pop("configuration"), "KeyError 'configuration'"),
        ("train", lambda card: card["training"].pop("machine"), "KeyError 'machine'"),
        ("verify", lambda card: card["training"]["configuration"].update(later=1), "'later'"),
        ("train", lambda card: card["training"]["configuration"].update(epochs=-1), "--epochs"),
    ],
)
def test_a_card_of_another_make_is_an_error_in_a_sentence(action, change, message, copied, capsys):
    folder, write = copied
    card = json.loads((folder / "card.json").read_text())
    change(card)
    write("card.json", json.dumps(card).encode())
    assert main(["zoo", action, str(folder)]) != 0
    (sentence,) = capsys.readouterr().err.splitlines()
    assert message in sentence


def test_a_preset_of_another_folder_stays_out_of_the_registry(published, tmp_path, capsys):
    before = presets.REGISTRY.read_bytes()
    assert main(["zoo", "publish", "run", "--zoo", str(tmp_path / "own")]) == 0
    assert presets.REGISTRY.read_bytes() == before
    assert kg.Generator.from_preset(tmp_path / "own" / "dcgan_ring").card["preset"] == "dcgan_ring"
    assert (tmp_path / "own" / "README.md").read_text().count("\n## ") == 1
    assert f'from_preset("{tmp_path / "own" / "dcgan_ring"}") loads it' in capsys.readouterr().out
    page = tmp_path / "own" / "dcgan_ring" / "card.md"
    written = page.read_bytes()
    presets.write(page.parent, {**files_of(page.parent), "card.md": b"# as it once was"})
    for _ in range(2):
        assert main(["zoo", "gallery", "--zoo", str(tmp_path / "own")]) == 0
        assert page.read_bytes() == written
    assert main(["zoo", "verify", str(page.parent), "--skip-scores"]) == 0


@pytest.mark.usefixtures("published")
def test_presets_of_ones_own_zoo_have_names(tmp_path, monkeypatch, capsys):
    assert main(["zoo", "publish", "run", "--zoo", str(tmp_path), "--name", "mine"]) == 0
    with pytest.raises(
        ValueError, match="Unknown preset 'mine'.* Load your own preset by its path"
    ):
        kg.Generator.from_preset("mine")
    monkeypatch.setenv(fetching.VARIABLE, str(tmp_path))
    assert "mine" in kg.Generator.presets
    for line in ("list", "show mine", "verify mine"):
        assert main(["zoo", *line.split()]) == 0
    assert "mine: holds" in capsys.readouterr().out
    metrics = ["--metrics", "sliced_wasserstein", "--samples", "50"]
    for name in ("mine", str(tmp_path / "mine")):
        assert main(["evaluate", name, "--against", "ring", *metrics]) == 0
    monkeypatch.setenv(fetching.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(ValueError, match="which is not a folder"):
        kg.Generator.from_preset("mine")


@pytest.mark.usefixtures("published")
def test_a_card_without_its_page_is_shown_and_a_preset_without_a_card_verified(tmp_path, capsys):
    generator = kg.Generator.from_preset("dcgan_toy")
    generator.save_to_preset(tmp_path / "again")
    assert main(["zoo", "show", str(tmp_path / "again")]) == 0
    assert "# dcgan_toy" in capsys.readouterr().out
    generator.weights[0].assign(0 * generator.weights[0])
    generator.save_to_preset(tmp_path / "other")
    assert main(["zoo", "verify", str(tmp_path / "other")]) == 0
    assert "it has no card.json, card.md, samples.png" in capsys.readouterr().out
    assert main(["zoo", "show", str(tmp_path / "other")]) == 2
    assert "has no card" in capsys.readouterr().err


def test_a_gallery_overwrites_no_page_of_ones_own(published, tmp_path, capsys):
    assert main(["zoo", "gallery", "--zoo", str(tmp_path)]) == 2
    assert "There are no presets in" in capsys.readouterr().err
    shutil.copytree(published / "zoo" / "dcgan_toy", tmp_path / "dcgan_toy")
    (tmp_path / "README.md").write_text("# My thesis")
    for line in (["gallery"], ["publish", "run"]):
        assert main(["zoo", *line, "--zoo", str(tmp_path)]) == 2
        assert "not a gallery of presets" in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text() == "# My thesis"
    assert not (tmp_path / "dcgan_ring").exists()


def test_verify_tells_a_published_card_that_says_two_things(copied, capsys, monkeypatch, tmp_path):
    folder, write = copied
    write("card.md", (folder / "card.md").read_bytes() + b"\nThe best of all.\n")
    entry = {"sha256": presets.digest(folder), "address": None}
    monkeypatch.setattr(presets, "registry", lambda: {folder.name: entry})
    monkeypatch.setenv(fetching.VARIABLE, str(tmp_path))
    assert main(["zoo", "verify"]) == 1
    assert "does not match its card.json" in capsys.readouterr().err


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("zoo", "required: ACTION"),
        ("zoo lst", "invalid choice"),
        ("zoo show dcgan_tpy", "did you mean 'dcgan_toy'"),
        ("zoo publish nowhere", "nowhere is not a run folder"),
        ("zoo publish run --name ../x", "received '../x'"),
        ("zoo publish run --name dcgan_toy", "choose another --name, or pass --overwrite"),
        ("zoo publish run --name dcgan_toy --zoo other", "is a preset of this package"),
        ("zoo export dcgan_toy --format pickle", "invalid choice: 'pickle'"),
        ("zoo export dcgan_toy --format litert --out toy.onnx", ".tflite"),
        ("zoo verify --skip-score", "--skip-scores"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(line, message, capsys):
    assert main(line.split()) == 2
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert message in sentence


@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")  # tf2onnx's
@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("format", ["tf", "onnx", "litert"])
def test_an_export_makes_the_same_samples(format, tmp_path, capsys):
    if (format, keras.backend.backend()) not in exporting.NEEDS:
        pytest.skip(f"Keras exports no {format} on {keras.backend.backend()}")
    out = tmp_path / f"toy{exporting.SUFFIXES[format]}"
    assert main(["zoo", "export", "dcgan_toy", "--format", format, "--out", str(out)]) == 0
    assert "differ from the original's by at most" in capsys.readouterr().out
    assert out.exists()
    assert main(["zoo", "export", "dcgan_toy", "--format", format, "--out", str(out)]) == 2


@pytest.mark.usefixtures("published")
def test_an_export_that_makes_other_samples_is_not_left(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(exporting.RUNNERS, "tf", lambda path, z: np.zeros((len(z[0]), 2)))
    out = tmp_path / "toy"
    assert main(["zoo", "export", "dcgan_toy", "--format", "tf", "--out", str(out)]) == 2
    assert "samples of the exported model differ" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.thorough
@pytest.mark.data
def test_real_digits_recall_their_classes():
    images = np.stack(list(kg.data.load("mnist").take(2000).as_numpy_iterator()))
    even = np.full(10, 0.1)
    found = scoring.judged_classes(images, "mnist", even)
    assert found["appearing"] == found["total"] == 10
    assert found["class_recall"] > 0.96
    assert sum(found["counts"]) == 2000
    blank = scoring.judged_classes(0 * images, "mnist", even)
    assert blank["appearing"] == 1
    assert blank["class_recall"] == pytest.approx(0.1)


def test_class_shares_are_those_of_all_training_data():
    from sklearn.datasets import load_digits

    from keras_gan.cli.settings import Settings

    expected = np.bincount(load_digits().target) / 1797
    found = scoring.class_shares(Settings(dataset="digits"))
    np.testing.assert_allclose(found, expected)
