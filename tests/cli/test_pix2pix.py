"""Runs on pairs of images on a tiny budget, their scores, their presets, and what they make."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.pix2pix.pairs import opened
from keras_gan.families.pix2pix.scores import paired_scores
from tests.cli.own_zoo import own_zoo

BUDGET = "--recipe pix2pix --width 4 --steps 4 --batch-size 4 --checkpoint-steps 2 --average 0.5"
N = 24


def read(path) -> dict:
    return json.loads(pathlib.Path(path).read_text())


def images(shape=(N, 8, 12, 3)):
    return np.random.default_rng(0).integers(0, 256, shape, dtype="uint8")


def error_of(capsys, *argv):
    capsys.readouterr()
    assert main([*map(str, argv)]) == 2
    return capsys.readouterr().err


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Folders of grey and of colour images with equal names, a run between them, and its preset."""
    folder = tmp_path_factory.mktemp("pairs")
    for name in ("grey", "colour"):
        (folder / name / "deep").mkdir(parents=True)
    for i, pixels in enumerate(images()):
        place = f"deep/{i}" if i % 2 else str(i)
        Image.fromarray(pixels).save(folder / "colour" / f"{place}.png")
        Image.fromarray(pixels).convert("L").save(folder / "grey" / f"{place}.bmp")
    with own_zoo(folder, samples=20):
        command = f"train --dataset grey --target colour {BUDGET} --out run"
        assert main(command.split()) == 0
        named = ["--name", "painter", "--source", "me", "--licence", "mine"]
        assert main(["zoo", "publish", "run", *named]) == 0
        yield folder


def test_a_run_on_pairs_is_a_run_like_others(pairs, capsys):
    config, found = read("run/config.json"), read("run/metrics.json")
    assert (config["network"], config["latent_dim"], config["l1_weight"]) == ("unet", None, 100.0)
    game = kg.load_model("run/model.keras")
    assert isinstance(game, kg.Pix2Pix)
    assert int(game.optimizer.iterations) == 4
    settings = Settings(**{k: v for k, v in config.items() if k not in ("versions", "version")})
    again = paired_scores(game, settings)
    assert found["protocol"] == again["protocol"]
    assert found["protocol"]["pairs_held_out"] == 2
    for name, value in again["pairs"].items():
        assert found["pairs"][name] == pytest.approx(value, rel=1e-5)
    data = opened(settings)
    assert (len(data.x), len(data.given)) == (22, 2)
    np.testing.assert_allclose(data.x[..., :1], data.y @ [[0.299], [0.587], [0.114]], atol=0.01)
    made = game.translate(data.given)
    l1, mse = np.abs(made - data.truth).mean(), np.square(made - data.truth).mean(axis=(1, 2, 3))
    assert again["pairs"]["l1_translated"] == pytest.approx(l1, rel=1e-5)
    assert again["pairs"]["psnr_translated"] == pytest.approx(np.mean(10 * np.log10(4 / mse)))
    assert main(["train", "--resume", "run", "--steps", "8"]) == 0
    assert "translations" in capsys.readouterr().out
    assert int(kg.load_model("run/model.keras").optimizer.iterations) == 8


def test_its_preset_goes_one_way_and_holds(pairs, capsys):
    card = read("zoo/painter/card.json")
    assert card["kind"] == "translator"
    assert set(card["scores"]["pairs"]) >= {"l1_translated", "psnr_mean_of_training"}
    page = pathlib.Path("zoo/painter/card.md").read_text()
    assert "Pix2Pix from grey to colour" in page.replace(str(pairs) + "/", "")
    assert "Rows: x and G(x)" in page
    capsys.readouterr()
    assert main(["zoo", "verify", "painter", "--dataset", "grey", "--target", "colour"]) == 0
    assert "samples.png: drawn again, 0.00%" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_it_makes_images_of_images(pairs, tmp_path, capsys):
    def made(source):
        out = tmp_path / "made.npz"
        assert main(["generate", source, "--of", "grey", "--count", "99", "--out", str(out)]) == 0
        with np.load(out) as file:
            return file["samples"]

    assert made("painter").shape == (N, 8, 12, 3)
    x = np.stack(list(kg.data.load("grey").as_numpy_iterator()))
    game = kg.load_model("run/model.keras")
    np.testing.assert_allclose(made("run"), game.translate(x), atol=1e-5)
    metrics = "--metrics frechet_distance --samples 9 --json scores.json"
    command = ["evaluate", "run", "--of", "grey", "--against", "colour", *metrics.split()]
    assert main(command) == 0
    assert read("scores.json")["protocol"]["sample_shape"] == [8, 12, 3]
    assert "name images with --of" in error_of(capsys, "generate", "run")
    wrong = error_of(capsys, "generate", "run", "--of", "grey", "--to", "x")
    assert "translates from x to y alone" in wrong
    assert "--to is for images that --of names" in error_of(capsys, "generate", "run", "--to", "x")
    digits = error_of(capsys, "generate", "sngan_digits", "--of", "grey")
    assert "makes samples by itself" in digits or "no run folder" in digits


def test_pairs_in_one_file_and_their_channels(tmp_path):
    colour = images()
    np.savez(tmp_path / "pairs.npz", y=colour, x=colour[..., :1], names=np.arange(3))
    np.savez(tmp_path / "two.npz", colour, colour[..., ::-1])
    found = opened(Settings(str(tmp_path / "pairs.npz"), recipe="pix2pix"))
    assert (found.x.shape, found.y.shape) == ((22, 8, 12, 1), (22, 8, 12, 3))
    np.testing.assert_array_equal(found.x[..., 0], found.y[..., 0])
    given = {"recipe": "pix2pix", "channels": 1, "image_size": 8}
    assert opened(Settings(str(tmp_path / "two.npz"), **given)).y.shape == (22, 8, 8, 1)


def test_what_is_no_pair_is_refused(tmp_path, capsys):
    for name, files in (("a", "1 2 3"), ("b", "1 2 4"), ("c", "1 2 3 4")):
        (tmp_path / name).mkdir()
        for file, pixels in zip(files.split(), images(), strict=False):
            Image.fromarray(pixels).save(tmp_path / name / f"{file}.png")
    np.savez(tmp_path / "three.npz", a=images(), b=images(), c=images())
    np.savez(tmp_path / "uneven.npz", x=images(), y=images()[:9])
    a, b, c, out = (tmp_path / name for name in "abco")
    train = ["train", "--recipe", "pix2pix", "--out", out, "--dataset"]
    for argv, said in (
        ([a, "--target", b], "3.png' has no partner of that name in"),
        ([a, "--target", c], "4.png' has no partner of that name in"),
        ([a], "name the folder or data set of what translations should look like with --target"),
        ([tmp_path / "three.npz"], "and none named 'x' and 'y'"),
        ([tmp_path / "uneven.npz"], "received 24 and 9"),
        (["ring", "--target", "ring"], "translates images; ring has samples of shape (2,)"),
        ([a, "--target", a, "--labels"], "--labels is not for --recipe pix2pix"),
        ([a, "--target", a, "--network", "resnet"], "take unet, or leave that out"),
    ):
        assert said in error_of(capsys, *train, *argv), argv
    assert not out.exists()
