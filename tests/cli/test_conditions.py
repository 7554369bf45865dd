"""Condition vectors at the command line: tables, runs, samples, and what is refused."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo.named_data import permitted
from keras_gan.families.condition_tables import asked_of, shown_of, vectors_of
from keras_gan.families.registry import entries_with

BUDGET = "--steps 3 --batch-size 8 --width 4 --latent-dim 4 --steps-per-execution 1"


def error_of(capsys, *argv):
    capsys.readouterr()
    assert main([*map(str, argv)]) == 2
    return capsys.readouterr().err


@pytest.fixture
def folder(tmp_path):
    """Six pictures, and a table of two attributes of each, in another order."""
    for i in range(6):
        place = tmp_path / "faces" / ("a" if i < 3 else "b") / f"{i}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8, 3), 40 * i, "uint8")).save(place)
    rows = [f"{i}.png,{i % 2},{0.5 * i}" if i % 2 else f"b/{i}.png,0,{0.5 * i}" for i in (5, 4, 3)]
    rows += [f"{i}.png,{i % 2},{0.5 * i}" for i in (2, 1, 0)]
    (tmp_path / "table.csv").write_text("\n".join(["name,smiling,size", *rows, ""]))
    return tmp_path


def test_a_table_has_a_row_for_each_image(folder):
    def read(table, data=folder / "faces", count=6):
        return vectors_of(Settings(str(data), conditions=str(folder / table)), count)

    expected = [[i % 2, 0.5 * i] for i in range(6)]
    np.testing.assert_array_equal(read("table.csv"), expected)
    (folder / "numbers.csv").write_text("a,b\n1,2\n3,4e-1\n")
    np.testing.assert_allclose(read("numbers.csv", "ring", 2), [[1, 2], [3, 0.4]], rtol=1e-6)
    np.save(folder / "one.npy", np.arange(3))
    np.testing.assert_array_equal(read("one.npy", "ring", 3), [[0], [1], [2]])
    np.save(folder / "broken.npy", [[1.0], [np.nan]])
    np.save(folder / "deep.npy", np.zeros((2, 2, 2)))
    (folder / "short.csv").write_text("name,smiling\n0.png,1\n")
    (folder / "ragged.csv").write_text("name,smiling\n0.png,1\n1.png,1,2\n")
    (folder / "words.csv").write_text("name,smiling\n0.png,yes\n")
    (folder / "empty.csv").write_text("name,smiling\n")
    for table, count, said in (
        ("one.npy", 4, "has 3 rows, but ring has 4 samples"),
        ("broken.npy", 2, "NaN or infinity for 1 samples, first for number 2"),
        ("deep.npy", 2, r"must be an array \(n, d\) of numbers"),
        ("tabel.csv", 2, r"is not there \(did you mean .*table.csv"),
        ("faces", 2, "is no .csv, .npy or .npz file"),
        ("ragged.csv", 2, "Row 3 .* must have 1 numbers after a file name"),
        ("words.csv", 2, "Row 2 .* must have 1 numbers after a file name"),
        ("empty.csv", 2, "a heading and at least one row"),
    ):
        with pytest.raises(ValueError, match=said):
            read(table, "ring", count)
    with pytest.raises(ValueError, match=r"has no row for .*1.png.* and for 5 of 6 images"):
        read("short.csv")


def test_samples_are_asked_for_what_the_data_show():
    vectors = np.repeat(np.float32([[0, 1], [1, 0], [2, 2]]), [1, 5, 2], axis=0)
    np.testing.assert_array_equal(shown_of(vectors), [[1, 0], [2, 2], [0, 1]])
    found = asked_of(vectors, 4000, seed=0)
    assert np.mean(found[:, 0] == 1) == pytest.approx(5 / 8, abs=0.04)
    np.testing.assert_array_equal(found, asked_of(vectors, 4000, seed=0))


def test_no_card_names_a_file():
    for given in ({}, {"dataset": "ring"}):
        with pytest.raises(ValueError, match="names a file for --conditions: no card may"):
            permitted(Settings("ring", conditions="/etc/passwd"), "it", given)
    assert "sngan" in entries_with("conditions")
    assert not {"acgan", "bigan", "infogan"} & set(entries_with("conditions"))


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_a_run_on_condition_vectors(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    rng = np.random.default_rng(0)
    np.save("points.npy", rng.normal(size=(80, 2)).astype("float32"))
    np.save("given.npy", rng.integers(0, 2, (80, 3)))
    command = ["train", "--dataset", "points.npy", "--conditions", "given.npy", *BUDGET.split()]
    assert main([*command, "--evaluate-epochs", "1", "--score-samples", "40", "--out", "run"]) == 0
    config = json.loads(pathlib.Path("run/config.json").read_text())
    assert config["conditions"] == str(folder / "given.npy")
    game = kg.load_model("run/model.keras")
    assert game.condition_dim == 3
    flags = ["--count", "4", "--seed", "1", "--out", "made.npz"]
    assert main(["generate", "run", "--labels", "0,1,1", "1,0,0.5", *flags]) == 0
    asked = np.float32([[0, 1, 1], [1, 0, 0.5]])[[0, 1, 0, 1]]
    with np.load("made.npz") as made:
        expected = game.generate(4, seed=1, labels=asked)
        np.testing.assert_allclose(made["samples"], expected, atol=1e-6)
    vectors = "takes condition vectors of 3 numbers: name some with --labels"
    for wrong in ([], ["--labels", "1"], ["--labels", "flower"], ["--labels", "1,2"]):
        assert vectors in error_of(capsys, "generate", "run", *wrong)
    assert "that no card may name" in error_of(capsys, "zoo", "publish", "run")
    assert main(["train", "--resume", "run", "--steps", "6"]) == 0
    both = error_of(capsys, *command, "--labels", "--out", "other")
    assert "--conditions and --labels both say what samples show" in both
    photographs = ["--dataset", "faces", "--conditions", "table.csv", "--image-size", "8"]
    assert main(["train", *photographs, *BUDGET.split(), "--batch-size", "2", "--out", "r2"]) == 0
    assert kg.load_model("r2/model.keras").condition_dim == 2
