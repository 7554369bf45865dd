"""`keras-gan zoo` of runs with labels and of runs between two data sets."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo import describing, exporting
from keras_gan.families.cyclegan import evidence as picturing
from keras_gan.families.sampling import card_scores as scoring
from keras_gan.plotting.samples import picture_of
from keras_gan.zoo import cards, presets
from tests.cli.own_zoo import own_zoo

TINY = "--width 4 --epochs 1 --steps-per-epoch 4 --batch-size 8 --score-samples 100"
LABELLED = f"--dataset digits --labels --recipe sngan --latent-dim 4 {TINY} --out labelled"
TRANSLATING = f"--dataset digits --target digits --recipe cyclegan {TINY} --out translating"

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """Presets of either kind in a zoo and a registry of their own."""
    folder = tmp_path_factory.mktemp("zoo")
    with own_zoo(folder, samples=200) as patch:
        patch.setattr(picturing, "IN_A_ROW", 5)
        patch.setattr("keras_gan.metrics.convolutional_classifier", kg.metrics.pixel_classifier)
        for line in (LABELLED, TRANSLATING):
            assert main(["train", *line.split()]) == 0
        for run in ("labelled", "translating"):
            assert main(["zoo", "publish", run]) == 0
        yield folder


def test_each_kind_has_its_name_its_class_and_its_place_on_the_page(zoo, capsys):
    assert set(presets.registry()) == {"csngan_digits", "cyclegan_digits_digits"}
    assert set(kg.Translator.presets) == {"cyclegan_digits_digits"}
    assert main(["zoo", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[3] for line in lines] == ["generator", "translator"]
    page = (zoo / "zoo" / "README.md").read_text()
    assert '`kg.Translator.from_preset("cyclegan_digits_digits")`' in page
    assert '`kg.Generator.from_preset("csngan_digits")`' in page
    assert "10 classes to choose from" in page


def test_verify_takes_everything_again(zoo, capsys):
    assert main(["zoo", "verify"]) == 0
    said = capsys.readouterr().out
    assert said.count("samples.png: drawn again, 0.00% of the pixels differ") == 2
    assert "classes: label_accuracy " in said
    assert "x_to_y: label_preservation " in said
    assert main(["zoo", "verify", "cyclegan_digits_digits", "--skip-scores"]) == 0
    assert "drawn again" not in capsys.readouterr().out  # which would need the data


def test_a_run_with_labels_becomes_a_preset_with_labels(zoo):
    gan, generator = (
        kg.load_model("labelled/model.keras"),
        kg.Generator.from_preset("csngan_digits"),
    )
    assert generator.classes == 10
    for labels in (None, 7):
        expected = gan.generate(12, seed=1, labels=labels)
        np.testing.assert_array_equal(generator.generate(12, seed=1, labels=labels), expected)
    card = generator.card
    assert card["objective"].startswith("SNGAN on class labels: ")
    assert "arXiv 1411.1784" in card["objective"]
    assert "without a choice of class" not in card["limits"]
    found = card["scores"]["classes"]
    assert 0 <= found["label_accuracy"] <= 0.5 < 0.9 < found["real"]["label_accuracy"] <= 1
    assert card["samples"] == {"count": 80, "seed": 0}
    expected = np.asarray(picture_of(generator.generate(80, seed=0), classes=10))
    with Image.open(zoo / "zoo" / "csngan_digits" / "samples.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), expected)
    page = (zoo / "zoo" / "csngan_digits" / "card.md").read_text()
    assert "are of the class that was asked for" in page


@pytest.mark.data
def test_a_classifier_of_features_tells_whether_labels_are_those_asked_for():
    settings = Settings(dataset="mnist", features="mnist")
    images, labels = (
        np.stack(part)
        for part in zip(*kg.data.load("mnist", labels=True).take(3000).as_numpy_iterator())  # noqa: B905
    )
    in_turn = np.stack([images[labels == c][i] for i in range(100) for c in range(10)])
    even = np.full(10, 0.1)
    assert scoring.judged_classes(in_turn, "mnist", even, 10)["label_accuracy"] > 0.96
    shifted = np.roll(in_turn, 1, axis=0)
    assert scoring.judged_classes(shifted, "mnist", even, 10)["label_accuracy"] < 0.04
    assert scoring.judged_accuracy(settings) > 0.98


def test_a_run_between_two_data_sets_becomes_a_translator(zoo):
    gan = kg.load_model("translating/model.keras")
    translator = kg.Translator.from_preset("cyclegan_digits_digits")
    x = np.stack(list(kg.data.load("digits").take(3).as_numpy_iterator()))
    for to in ("x", "y"):
        expected = gan.translate(x, to=to)
        np.testing.assert_allclose(translator.translate(x, to=to), expected, atol=1e-6)
    card = translator.card
    assert card["kind"] == "translator"
    assert card["target"]["licence"] == "CC BY 4.0"
    metrics = json.loads((zoo / "translating" / "metrics.json").read_text())
    assert card["scores"]["x_to_y"] == metrics["x_to_y"]
    with Image.open(zoo / "zoo" / "cyclegan_digits_digits" / "samples.png") as picture:
        assert picture.size == (5 * 66 + 2, 4 * 66 + 2)
    page = (zoo / "zoo" / "cyclegan_digits_digits" / "card.md").read_text()
    assert 'kg.Translator.from_preset("cyclegan_digits_digits")' in page
    assert f"| x to y | {metrics['x_to_y']['label_preservation']:.1%} | " in page


def test_no_picture_shows_originals_of_the_target(zoo):
    translator = kg.Translator.from_preset("cyclegan_digits_digits")
    drawn = picturing.translations(translator, Settings("digits", target="digits"))
    x = drawn[0]
    there, back = drawn[1], translator.translate(drawn[1], to="x")
    np.testing.assert_allclose(there, translator.translate(x, to="y"), atol=1e-6)
    np.testing.assert_allclose(drawn[2], back, atol=1e-6)
    assert len(drawn) == 4


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("csngan_digits", lambda s: s["classes"].update(label_accuracy=1.0), "label_accuracy is "),
        ("csngan_digits", lambda s: s["classes"].pop("label_accuracy"), "the classes is {"),
        ("csngan_digits", lambda s: s.update(probes=None), "The card has the scores"),
        (
            "cyclegan_digits_digits",
            lambda s: s["y_to_x"].update(label_preservation=0.5),
            "the y_to_x: label_preservation is ",
        ),
        (
            "cyclegan_digits_digits",
            lambda s: s["x_to_y"].update(untranslated=0.1),
            "the x_to_y: untranslated is ",
        ),
        ("cyclegan_digits_digits", lambda s: s["protocol"].update(classes=2), "another protocol"),
        ("cyclegan_digits_digits", lambda s: s.pop("y_to_x"), "KeyError 'y_to_x'"),
    ],
)
def test_verify_tells_a_score_that_was_made_up(name, change, message, zoo, tmp_path, capsys):
    files = {p.name: p.read_bytes() for p in (zoo / "zoo" / name).iterdir()}
    for unchecked in ("checksums", "README.md"):  # the list of sums, the page for the Hub
        files.pop(unchecked, None)
    card = json.loads(files["card.json"])
    change(card["scores"])
    presets.write(tmp_path / "copy", {**files, "card.json": json.dumps(card).encode()})
    assert main(["zoo", "verify", str(tmp_path / "copy")]) == 1
    assert message in capsys.readouterr().err


def test_samples_of_chosen_classes(zoo, tmp_path):
    generator = kg.Generator.from_preset("csngan_digits")
    out = tmp_path / "samples.npz"
    for given, labels in (("7", 7), ("3 1 4", [3, 1, 4, 3, 1]), (None, None)):
        chosen = [] if given is None else ["--labels", *given.split()]
        line = ["generate", "csngan_digits", "--count", "5", "--seed", "2", "--out", str(out)]
        assert main([*line, *chosen]) == 0
        with np.load(out) as arrays:
            expected = generator.generate(5, seed=2, labels=labels)
            np.testing.assert_array_equal(arrays["samples"], expected)
    out = tmp_path / "grid.png"
    line = ["generate", "csngan_digits", "--count", "6", "--out", str(out)]
    for labels, columns in (("0 5", 2), ("3", 3)):
        assert main([*line, "--labels", *labels.split()]) == 0
        with Image.open(out) as picture:
            assert picture.size == (columns * 66 + 2, 6 // columns * 66 + 2)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("generate csngan_digits --labels 0 11", "Labels must be in [0, 10)"),
        ("generate csngan_digits --labels -1", "Labels must be in [0, 10)"),
        ("generate csngan_digits --labels seven", "--labels"),
        ("generate cyclegan_digits_digits", "load it with kg.Translator.from_preset"),
        ("generate translating --labels 1", "is a CycleGAN, which translates images"),
        (
            "evaluate cyclegan_digits_digits --against digits",
            "load it with kg.Translator.from_preset",
        ),
        ("zoo export cyclegan_digits_digits --format tf", "kg.Translator.from_preset"),
        ("zoo publish translating --best", "has no best model"),
    ],
)
@pytest.mark.usefixtures("zoo")
def test_what_is_wrong_is_said_in_one_line(line, message, capsys):
    assert main(line.split()) == 2
    (sentence,) = capsys.readouterr().err.strip().splitlines()
    assert message in sentence


@pytest.mark.filterwarnings("ignore:In the future `np.object`:FutureWarning")  # tf2onnx's
@pytest.mark.usefixtures("zoo")
@pytest.mark.parametrize(
    "format", ["tf", *(pytest.param(each, marks=pytest.mark.slow) for each in ("onnx", "litert"))]
)
def test_an_export_takes_labels(format, tmp_path, capsys):
    if (format, keras.backend.backend()) not in exporting.NEEDS:
        pytest.skip(f"Keras exports no {format} on {keras.backend.backend()}")
    out = tmp_path / f"toy{exporting.SUFFIXES[format]}"
    assert main(["zoo", "export", "csngan_digits", "--format", format, "--out", str(out)]) == 0
    generator = kg.Generator.from_preset("csngan_digits")
    z = generator.latents(3, seed=5)
    for labels in ([7, 7, 7], [9, 0, 4]):
        y = np.asarray(labels, "int32")
        made = exporting.RUNNERS[format](out, [z, y])
        np.testing.assert_allclose(made, generator.samples_of(z, labels=y), atol=1e-5)


def test_names_say_what_was_trained():
    for expected, options in {
        "csngan_mnist": {"dataset": "mnist", "labels": True},
        "cyclegan_digits_mnist": {"dataset": "digits", "target": "mnist", "recipe": "cyclegan"},
        "fgan_kl_mnist": {"dataset": "mnist", "recipe": "fgan", "divergence": "kl"},
        "wgangp_ring": {"dataset": "ring", "recipe": "wgangp"},
    }.items():
        assert describing.default_name(Settings(**options)) == expected


def test_a_translator_without_common_classes_says_that_there_are_no_scores(zoo):
    card = json.loads((zoo / "zoo" / "cyclegan_digits_digits" / "card.json").read_text())
    card["scores"] |= {"x_to_y": None, "y_to_x": None}
    card["scores"]["protocol"]["classes"] = 0
    page = cards.rendered(card)
    assert "no classes in common" in page
    assert "was not measured" in page
