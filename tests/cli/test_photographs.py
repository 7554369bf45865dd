"""A folder of colour photographs in folders by class: sizes, channels and names of classes."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.data import class_names
from keras_gan.data.channels import with_channels
from tests.cli.own_zoo import own_zoo

pytestmark = pytest.mark.thorough

CLASSES = ["dog", "flower", "tree"]
FLAGS = "--dataset photos --labels --channels 1 --augment flip,translation --steps 2 --batch-size 8"
SIZES = "--height 8 --width 12 --network-width 4 --latent-dim 4 --score-samples 12"


def read(path) -> dict:
    return json.loads(pathlib.Path(path).read_text())


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A folder with photographs of two sizes, a run on them in grey, and its preset."""
    folder = tmp_path_factory.mktemp("photographs")
    rng = np.random.default_rng(0)
    for name in CLASSES:
        (folder / "photos" / name).mkdir(parents=True)
        for i in range(12):
            pixels = rng.integers(0, 256, (20, 30 + i % 2, 3), dtype="uint8")
            Image.fromarray(pixels).save(folder / "photos" / name / f"{i}.png")
    with own_zoo(folder, samples=16) as patch:
        lines = []
        patch.setattr("builtins.print", lambda *values, **_: lines.extend(map(str, values)))
        assert main(["train", *f"{FLAGS} {SIZES}".split(), "--out", "run"]) == 0
        publish = [
            "zoo",
            "publish",
            "run",
            "--name",
            "kinds",
            "--source",
            "me",
            "--licence",
            "mine",
        ]
        assert main(publish) == 0
        patch.undo()
        with own_zoo(folder, samples=16):
            yield "\n".join(lines)


@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_a_run_keeps_the_names_of_classes(photographs):
    assert class_names("photos") == read("run/classes.json")["names"] == CLASSES
    assert read("run/config.json")["image_size"] == [8, 12]
    assert read("run/metrics.json")["coverage"]["names"] == CLASSES
    assert "  flower " in photographs
    card = read("zoo/kinds/card.json")
    assert card["classes"] == CLASSES
    assert "dog, flower, tree" in pathlib.Path("zoo/kinds/card.md").read_text()
    assert main(["zoo", "verify", "kinds", "--skip-scores"]) == 0


def test_samples_of_a_class_by_its_name(photographs, tmp_path, capsys):
    def made(source, *labels):
        out = tmp_path / "made.npz"
        command = ["generate", source, "--count", "4", "--seed", "3", "--out", str(out), "--labels"]
        assert main([*command, *labels]) == 0
        with np.load(out) as file:
            return file["samples"]

    by_number = made("run", "1", "2")
    assert by_number.shape == (4, 8, 12, 1)
    np.testing.assert_array_equal(made("run", "flower", "2"), by_number)
    np.testing.assert_array_equal(made("run/model.keras", "flower", "tree"), by_number)
    np.testing.assert_allclose(made("kinds", "flower", "tree"), by_number, atol=2e-6)
    assert np.abs(made("run", "dog", "dog") - by_number).max() > 2e-5
    for source in ("run", "kinds"):
        assert (
            main(["generate", source, "--labels", "flwer", "--out", str(tmp_path / "a.png")]) == 2
        )
        said = capsys.readouterr().err
        assert f"Unknown class of {source} 'flwer': did you mean 'flower'? Known: 'dog'" in said


@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_scores_against_a_folder_have_the_runs_size_and_channels(photographs, capsys):
    command = "--samples 8 --metrics frechet_distance --json"
    for names in (["run", "--against", "photos"], ["photos", "--against", "run"]):
        assert main(["evaluate", *names, *command.split(), "scores.json"]) == 0
        report = read("scores.json")
        assert report["protocol"]["sample_shape"] == [8, 12, 1]
        kinds = [report[side]["kind"] for side in "ab"]
        said = "folder of images, cropped and resized to 8 x 12, as grey images, 36 samples"
        assert said in kinds
    given = (kg.data.load("photos", image_size=(8, 12)), 1, "photos")
    grey = np.stack(list(with_channels(*given).as_numpy_iterator()))
    colour = np.stack(list(given[0].as_numpy_iterator()))
    np.testing.assert_allclose(grey[..., 0], colour @ [0.299, 0.587, 0.114], atol=1e-6)
    again = kg.data.load(grey)
    assert with_channels(again, 3, "it").element_spec.shape == (8, 12, 3)
    for channels, source in ((4, again), (1, kg.data.load("ring"))):
        with pytest.raises(ValueError, match="cannot be made of it, whose samples have shape"):
            with_channels(source, channels, "it")


def test_names_of_classes_of_other_data(tmp_path):
    assert class_names("digits") is None
    assert class_names(np.zeros((3, 2))) is None
    deep = tmp_path / "all" / "train"
    for name in ("b", "a", ".hidden"):
        (deep / name / "more").mkdir(parents=True)
        (deep / name / "more" / "1.PNG").touch()
    (deep / "empty").mkdir()
    assert class_names(tmp_path) == ["a", "b"]
    for name in ("0", "1"):
        (tmp_path / "numbers" / name).mkdir(parents=True)
        (tmp_path / "numbers" / name / "1.png").touch()
    assert class_names(tmp_path / "numbers") is None
