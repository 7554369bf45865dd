"""`keras-gan zoo` of a run with an encoder, and the probes of its latent vectors."""

import json

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.sampling import probes as probing
from keras_gan.zoo import presets
from tests.cli.own_zoo import own_zoo

TINY = "--width 8 --latent-dim 4 --epochs 1 --steps-per-epoch 4 --batch-size 8 --score-samples 100"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """A preset with an encoder in a zoo and a registry of its own."""
    folder = tmp_path_factory.mktemp("zoo")
    with own_zoo(folder, samples=200):
        line = f"train --dataset digits --recipe bigan {TINY} --out run"
        assert main(line.split()) == 0
        assert main(["zoo", "publish", "run"]) == 0
        yield folder


@pytest.mark.usefixtures("zoo")
def test_a_run_with_an_encoder_becomes_a_preset_with_an_encoder():
    gan, generator = kg.load_model("run/model.keras"), kg.Generator.from_preset("bigan_digits")
    assert generator.prior is gan.prior
    x = np.stack(list(kg.data.load("digits").take(5).as_numpy_iterator()))
    np.testing.assert_array_equal(generator.generate(4, seed=1), gan.generate(4, seed=1))
    np.testing.assert_array_equal(generator.encode(x), gan.encode(x))
    np.testing.assert_allclose(generator.reconstruct(x), gan.reconstruct(x), atol=1e-6)
    card = generator.card
    weights = [*generator.weights, *generator.encoder.weights]
    assert card["training"]["parameters"] == sum(int(np.prod(w.shape)) for w in weights)
    assert "with the encoder" in card["summary"]
    assert "Its encoder gives latent vectors" in card["limits"]


def test_the_probes_are_on_the_card_and_on_the_page(zoo):
    found = kg.Generator.from_preset("bigan_digits").card["scores"]["probes"]
    assert (found["samples"], found["test_samples"]) == (1438, 359)
    assert found["test_data"] == "training images held out"
    assert 0.1 < found["nearest_neighbour_accuracy"] < 1
    assert 0.1 < found["linear_probe_accuracy"] < 1
    assert found["pixels"]["nearest_neighbour_accuracy"] > 0.95
    for page in ("bigan_digits/card.md", "README.md"):
        text = (zoo / "zoo" / page).read_text()
        assert f"{found['linear_probe_accuracy']:.1%} of them" in text


@pytest.mark.thorough
def test_verify_takes_the_probes_again(zoo, tmp_path, capsys):
    assert main(["zoo", "verify"]) == 0
    assert "probes: linear_probe_accuracy " in capsys.readouterr().out
    files = {p.name: p.read_bytes() for p in (zoo / "zoo" / "bigan_digits").iterdir()}
    for unchecked in ("checksums", "README.md"):  # the list of sums, the page for the Hub
        files.pop(unchecked, None)
    for name in ("linear_probe_accuracy", "nearest_neighbour_accuracy"):
        card = json.loads(files["card.json"])
        card["scores"]["probes"][name] *= 1.05
        presets.write(tmp_path / "copy", {**files, "card.json": json.dumps(card).encode()})
        assert main(["zoo", "verify", str(tmp_path / "copy")]) == 1
        assert f"the probes: {name} is " in capsys.readouterr().err


def test_samples_that_are_held_out_are_a_fixed_fifth():
    splits = probing.labelled_splits(Settings(dataset="digits"))
    again = probing.labelled_splits(Settings(dataset="digits"))
    np.testing.assert_array_equal(splits.tests, again.tests)
    images, labels = probing.arrays(kg.data.load("digits", labels=True))

    def pairs(samples, labels):
        return sorted([*map(tuple, np.column_stack([probing.flat(samples), labels]))])

    known, tests = (
        pairs(splits.samples, splits.labels),
        pairs(splits.tests, splits.test_labels),
    )
    assert len(tests) == len(images) // 5
    assert sorted(known + tests) == pairs(images, labels)


def test_data_without_classes_have_no_probes(tmp_path):
    np.save(tmp_path / "points.npy", np.zeros((20, 2), "float32"))
    assert probing.labelled_splits(Settings(dataset=str(tmp_path / "points.npy"))) is None


def test_data_with_a_test_split_are_probed_on_it():
    splits = probing.labelled_splits(Settings(dataset="ring"))
    assert splits.name == "test images"
    expected = np.stack(list(kg.data.load("ring", "test").take(10).as_numpy_iterator()))
    np.testing.assert_array_equal(splits.tests[:10], expected)
