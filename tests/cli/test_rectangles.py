"""Images that are no squares, at the command line: runs, samples, scores, presets."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.other_runs import with_inherited
from keras_gan.cli.settings import Settings
from keras_gan.families.registry import ENTRIES
from tests.cli.own_zoo import own_zoo

BUDGET = "--epochs 1 --steps-per-epoch 3 --batch-size 8 --steps-per-execution 1"
SIZE = "--dataset digits --image-size 9x16"


def read(path) -> dict:
    return json.loads(pathlib.Path(path).read_text())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run on digits of 9 x 16 pixels, and its preset, in a zoo of its own."""
    folder = tmp_path_factory.mktemp("rectangles")
    options = f"{SIZE} --recipe dcgan --width 4 --latent-dim 4 {BUDGET} --score-samples 40"
    with own_zoo(folder, samples=60):
        assert main(["train", *options.split(), "--out", "run"]) == 0
        assert main(["zoo", "publish", "run", "--name", "wide"]) == 0
        yield folder


@pytest.mark.thorough
def test_a_run_of_rectangles_and_its_config(run, tmp_path):
    assert read("run/config.json")["image_size"] == [9, 16]
    assert kg.load_model("run/model.keras").generate(3, seed=0).shape == (3, 9, 16, 1)
    options = ["--config", "run/config.json", "--out", str(tmp_path / "again")]
    assert main(["train", *options]) == 0
    assert read(tmp_path / "again" / "metrics.json") == read("run/metrics.json")
    assert main(["train", "--resume", "run", "--epochs", "2"]) == 0


@pytest.mark.thorough
def test_samples_of_rectangles(run, tmp_path):
    assert main(["generate", "wide", "--count", "5", "--out", str(tmp_path / "five.npz")]) == 0
    with np.load(tmp_path / "five.npz") as file:
        assert file["samples"].shape == (5, 9, 16, 1)
    assert main(["generate", "run", "--count", "4", "--out", str(tmp_path / "four.png")]) == 0
    with Image.open(tmp_path / "four.png") as picture:
        scale, border = 64 // 16, 2
        assert picture.size == (2 * (16 * scale + border) + 2, 2 * (9 * scale + border) + 2)


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_scores_of_rectangles(run, capsys):
    for a, b in (("run", "digits"), ("wide", "run")):
        capsys.readouterr()
        line = f"evaluate {a} --against {b} --image-size 9x16 --samples 40 --json -"
        assert main([*line.split(), "--metrics", "frechet_distance"]) == 0
        protocol = json.loads(capsys.readouterr().out)["protocol"]
        assert protocol["sample_shape"] == [9, 16, 1]
        expected = "middle of that ratio, antialiased bilinear to 9 x 16"
        assert protocol["samples_resize"] == expected


@pytest.mark.thorough
def test_a_preset_of_rectangles_is_verified(run):
    generator = kg.Generator.from_preset("wide")
    assert generator.generate(2, seed=0).shape == (2, 9, 16, 1)
    card = generator.card
    assert card["training"]["configuration"]["image_size"] == [9, 16]
    assert card["scores"]["command"].endswith("--image-size 9x16")
    assert "images of 9 × 16 pixels" in card["limits"]
    assert main(["zoo", "verify", "zoo/wide"]) == 0


SHAPES = {"sides that halve": (12, 20, 1), "odd sides": (27, 45, 3)}
EVEN = (
    "pix2pix",
    "cyclegan",
    "vqvae",
    "vqvae2",
    "code_prior",
    "glow",
    "realnvp",
    "stylegan2",
)  # need even sides
OTHERS = ("code_prior", "autoencoder", "ffjord", "fastgan")  # of codes, any shape, slow, large
RECIPES = [name for name in ENTRIES if name not in OTHERS]
CASES = [  # those of a pair of networks build the same ones
    (recipe, kind)
    for recipe in RECIPES
    for kind in SHAPES
    if recipe not in EVEN or kind == "sides that halve"
    if recipe == "sngan" or type(ENTRIES[recipe]) is not type(ENTRIES["sngan"])
]


@pytest.mark.thorough
@pytest.mark.parametrize(("recipe", "kind"), CASES)
def test_every_family_builds_networks_of_rectangles(recipe, kind):
    shape = SHAPES[kind]
    entry = ENTRIES[recipe]
    given = {"dataset": "digits", "recipe": recipe, "width": 4}
    given |= {"target": "digits"} if recipe == "cyclegan" else {}
    settings = resolve(Settings(**given), shape)
    if recipe == "cyclegan":
        model = entry.game(settings, shape, shape)
        x = np.zeros((2, *shape), "float32")
        assert model.translate(x, to="y").shape == (2, *shape)
        return
    if recipe == "pix2pix":
        model = entry.game(settings, shape, shape)
        assert model.translate(np.zeros((2, *shape), "float32")).shape == (2, *shape)
        return
    if recipe in ("vqvae", "vqvae2"):
        assert entry.networks_for(settings, shape)[-1].output_shape == (None, *shape)
        return
    model = entry.game(settings, shape)
    assert model.generate(2, seed=0).shape == (2, *shape)


@pytest.mark.parametrize("network", ["dcgan", "resnet"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_both_networks_make_rectangles(network, shape):
    settings = Settings(recipe="sngan", network=network, width=2, latent_dim=2)
    game = ENTRIES["sngan"].game(resolve(settings, shape), shape)
    assert game.generate(2, seed=0).shape == (2, *shape)


def test_a_size_of_another_run_is_taken_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "codes").mkdir()
    for name in ("model.keras", "metrics.json"):
        (tmp_path / "codes" / name).write_bytes(b"")
    own = Settings(dataset="digits", image_size=(8, 12), recipe="vqvae").as_dict()
    (tmp_path / "codes" / "config.json").write_text(json.dumps(own))
    given = {"recipe": "code_prior", "codes_of": "codes"}
    assert with_inherited(Settings(**given), given).image_size == (8, 12)
    same = {**given, "image_size": [8, 12]}  # as a file has it
    assert with_inherited(Settings(**same), same).image_size == (8, 12)
    other = {**given, "image_size": 8}
    with pytest.raises(
        ValueError, match="run of --image-size 8x12; received --image-size 8: leave"
    ):
        with_inherited(Settings(**other), other)


@pytest.mark.parametrize("size", ["0", "8x", "x8", "8x8x3", "8X9", "-8", "8x0", "eight", "8.0", ""])
@pytest.mark.parametrize("command", ["train", "evaluate a --against b"])
def test_anything_else_is_refused_in_one_sentence(command, size, capsys):
    assert main([*command.split(), f"--image-size={size}"]) == 2
    (message,) = capsys.readouterr().err.strip().splitlines()
    sentence = "--image-size: must be N, for N x N pixels, or HEIGHTxWIDTH, in whole numbers"
    assert sentence in message
    assert f"received {size!r}. See keras-gan" in message


@pytest.mark.parametrize("size", [True, 0, [8], [8, 9, 1], [8, 1.5], 7.0, {}])
def test_a_file_with_another_size_is_refused(size):
    with pytest.raises(ValueError, match="--image-size must be N, for N x N pixels, or HEIGHTx"):
        Settings(image_size=size)
