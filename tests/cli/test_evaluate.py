"""Scores of one source of samples against another."""

import json
import shlex

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.cli.sources import open_source
from keras_gan.metrics.reference import draw
from tests import toys

SHIFT = np.array([3.0, 4.0], "float32")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One of every kind: a run, a saved model, array files, folders of images."""
    folder = tmp_path_factory.mktemp("sources")
    gan = kg.GAN(toys.generator(), toys.discriminator(), average=0.9, seed=0)
    gan.compile()
    gan.fit(toys.points(64), verbose=0)
    gan.save(folder / "gan.keras")
    (folder / "run").mkdir()
    gan.save(folder / "run" / "model.keras")
    np.savez(folder / "points.npz", samples=toys.points(200, seed=1), other=np.zeros(3))
    np.savez(folder / "three.npz", toys.points(200, data_dim=3))
    np.savez(folder / "two.npz", a=np.zeros((9, 2)), b=np.zeros((9, 2)))
    np.save(folder / "shifted.npy", toys.points(300, seed=2) + SHIFT)
    np.save(folder / "nan.npy", np.full((9, 2), np.nan))
    images = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype="uint8")
    for name, kind in (("grey", "L"), ("colour", "RGB")):
        (folder / name).mkdir()
        for i, image in enumerate(images):
            picture = Image.fromarray(image).convert(kind)
            if kind == "RGB":
                picture.putpixel((0, 0), (255, 0, 0))
            picture.save(folder / name / f"{i}.png")
    (folder / "unfinished").mkdir()
    (folder / "unfinished" / "config.json").write_text("{}")
    (folder / "notes.txt").write_text("no samples")
    return folder


@pytest.fixture
def evaluate(folder, monkeypatch, capsys):
    """A function from a command line to what it printed, run where the sources lie."""
    monkeypatch.chdir(folder)

    def run(line, code=0):
        assert main(["evaluate", *shlex.split(line)]) == code
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


def test_figures_are_means_over_the_halves_of_b_beside_b_to_b(evaluate, folder):
    options = "--metrics frechet_distance --samples 90 --seed 4 --json -"
    report = json.loads(evaluate(f"shifted.npy --against points.npz {options}"))
    first, second = np.split(draw(kg.data.load(toys.points(200, seed=1)), 180, seed=4)[0], 2)
    shifted = toys.points(300, seed=2) + SHIFT
    judged = draw(kg.data.load(shifted), 90, seed=5)[0]
    distance = kg.metrics.frechet_distance
    score = report["scores"]["frechet_distance"]
    assert score["a_to_b"] == np.mean([distance(half, judged) for half in (first, second)])
    assert score["a_to_b"] == pytest.approx(25, rel=0.1)
    assert score["b_to_b"] == distance(first, second)
    assert score["b_to_b"] < 0.1
    protocol = report["protocol"]
    assert (protocol["samples_on_either_side"], protocol["feature_space"]) == (
        90,
        "coordinates, 2-d",
    )
    assert (protocol["features"], protocol["features_version"]) == ("pixels", "1")
    assert (protocol["a_seed"], protocol["b_seed"], protocol["notes"]) == (5, 4, [])


@pytest.mark.thorough
def test_it_gives_the_figures_that_end_a_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    budget = "--width 4 --epochs 1 --steps-per-epoch 2 --batch-size 16 --score-samples 90 --seed 3"
    assert main(["train", "--dataset", "ring", "--out", "run", *budget.split()]) == 0
    ended = json.loads((tmp_path / "run" / "metrics.json").read_text())["frechet"]
    capsys.readouterr()
    line = "evaluate run --against ring --samples 90 --seed 3 --metrics frechet_distance --json -"
    assert main(line.split()) == 0
    score = json.loads(capsys.readouterr().out)["scores"]["frechet_distance"]
    assert score["a_to_b"] == pytest.approx(ended["model_to_real"], rel=1e-6)
    assert score["b_to_b"] == pytest.approx(ended["real_to_real"], rel=1e-12)


def test_a_table_and_a_file(evaluate, folder, tmp_path):
    path = tmp_path / "new" / "scores.json"
    text = evaluate(f"run --against points.npz --samples 50 --json {path}")
    report = json.loads(path.read_text())
    lines = text.splitlines()
    assert lines[0] == "A: run (run, averaged generator)"
    assert lines[1] == "B: points.npz (array file, 200 samples)"
    assert lines[2] == "50 samples of shape (2,) on each side; resized: none"
    assert lines[3].startswith("features: pixels 1, 2-d; ")
    assert lines[5].split() == ["A", "to", "B", "B", "to", "B"]
    assert len(lines) == 7 + len(report["scores"])
    assert lines[-1] == (
        "note: the Fréchet distance is of the features pixels, and no FID of a paper."
    )
    score = report["scores"]["frechet_distance"]
    row = next(line for line in lines if line.startswith("frechet_distance"))
    figures = f"{score['a_to_b']:>12.4g}{score['b_to_b']:>12.4g}"
    assert row == f"{'frechet_distance':<22}{figures}   lower is better"


def test_a_model_is_its_averaged_generator_and_two_models_can_be_compared(evaluate, folder):
    gan = kg.load_model(folder / "gan.keras")
    source = open_source(str(folder / "gan.keras"))
    np.testing.assert_array_equal(source.draw(9, 1), gan.generate(9, seed=1))
    assert (source.count, source.kind) == (None, "saved model, averaged generator")
    line = "run --against gan.keras --samples 400 --metrics frechet_distance --json -"
    score = json.loads(evaluate(line))["scores"]["frechet_distance"]
    assert 0 < score["a_to_b"] < 20 * score["b_to_b"]  # other latent vectors of the same generator


def test_counts_follow_the_smaller_side(evaluate):
    report = json.loads(evaluate("points.npz --against shifted.npy --json -"))
    assert report["protocol"]["samples_on_either_side"] == 150
    report = json.loads(evaluate("shifted.npy --against points.npz --json -"))
    assert report["protocol"]["samples_on_either_side"] == 100


def test_grey_files_compare_with_grey_data_and_colour_does_not(evaluate):
    line = "--against digits --metrics frechet_distance"
    assert "note: The Fréchet distance of 30 samples in 64 dimensions" in evaluate(f"grey {line}")
    message = evaluate(f"colour {line}", code=2)
    assert "colour has (8, 8, 3) and digits has (8, 8, 1): convert one of them first." in message


def test_images_of_other_sizes_are_refused_with_the_flag_to_pass(evaluate, tmp_path):
    np.save(tmp_path / "small.npy", np.zeros((9, 4, 4, 1), "float32"))
    message = evaluate(f"{tmp_path}/small.npy --against digits", code=2)
    assert (
        "small.npy has (4, 4, 1) and digits has (8, 8, 1): pass --image-size N or HEIGHTxWIDTH."
        in message
    )


def test_images_are_resized_alike_on_request(evaluate):
    line = "grey --against digits --image-size 4 --metrics frechet_distance"
    text = evaluate(line)
    assert "samples of shape (4, 4, 1)" in text
    assert "resized: middle square, antialiased bilinear to 4 x 4" in text
    assert "features: pixels 1, 16-d" in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("points.npz", "required: --against"),
        ("points.npz --against nowhere", "'nowhere' is neither a run folder"),
        ("sngan_moon --against points.npz", "a preset ("),
        ("notes.txt --against points.npz", "'notes.txt' is neither"),
        ("unfinished --against points.npz", "unfinished has no model.keras"),
        ("gone.keras --against points.npz", "gone.keras"),
        ("gone.npz --against points.npz", "There is no file gone.npz"),
        ("two.npz --against points.npz", "it holds ['a', 'b'], and none named 'samples'"),
        ("nan.npy --against points.npz", "NaN or infinite"),
        ("three.npz --against points.npz", "three.npz has (3,) and points.npz has (2,)"),
        ("points.npz --against ./points.npz", "the same stored samples"),
        ("points.npz --against run --samples 1", "--samples must be a whole number of at least 2"),
        ("points.npz --against run --metrics fid", "Unknown metric 'fid'"),
        ("points.npz --against run --features pixel", "Unknown feature extractor 'pixel'"),
        ("points.npz --against run --image-size 8", "--image-size 8 is for images"),
    ],
)
def test_one_clear_error_each(evaluate, line, message):
    error = evaluate(line, code=2)
    assert error.startswith("keras-gan: error: ")
    assert error.count("\n") == 1
    assert message in error


def test_a_diverged_generator_is_named(folder, tmp_path, capsys):
    gan = kg.load_model(folder / "gan.keras")
    gan.average.averages[0].assign(np.full(gan.average.averages[0].shape, np.nan))
    gan.save(tmp_path / "bad.keras")
    assert main(["evaluate", str(tmp_path / "bad.keras"), "--against", "ring"]) == 2
    assert "generates NaN or infinite samples: its training diverged" in capsys.readouterr().err


def test_help_lists_the_metrics(capsys):
    assert main(["evaluate", "--help"]) == 0
    assert "frechet_distance      lower is better" in capsys.readouterr().out


def test_metrics_that_few_samples_do_not_allow_are_left_out_unless_they_are_asked_for(
    evaluate, tmp_path
):
    few = tmp_path / "few.npy"
    np.save(few, toys.points(10, seed=3))
    printed = evaluate(f"points.npz --against {few}")
    assert "frechet_distance" in printed
    assert "\nprecision" in printed
    assert "note: left out: density, coverage. " in printed
    assert "\ndensity" not in printed
    message = evaluate(f"points.npz --against {few} --metrics recall density", code=2)
    assert "neighbors=5" in message


def test_statistics_are_compared_by_their_distance_alone(evaluate, folder, tmp_path, capsys):
    theirs = kg.metrics.FrechetStatistics.of_samples(toys.points(500, seed=3), "pixels")
    theirs.save(tmp_path / "named.npz")
    np.savez(tmp_path / "unnamed.npz", mu=theirs.mean, sigma=theirs.covariance)
    shifted = np.load(folder / "shifted.npy")
    expected = kg.metrics.frechet_distance(shifted, toys.points(500, seed=3))
    for name, flags in (("named", []), ("unnamed", ["--features", "pixels"])):
        against = str(tmp_path / f"{name}.npz")
        line = ["evaluate", str(folder / "shifted.npy"), "--against", against, *flags]
        assert main([*line, "--json", str(tmp_path / "scores.json")]) == 0
        out = capsys.readouterr().out
        assert "unknown   lower is better" in out
        assert "no FID of a paper" in out
        report = json.loads((tmp_path / "scores.json").read_text())
        score = report["scores"]["frechet_distance"]
        assert score["a_to_b"] == pytest.approx(expected, rel=1e-5)
        assert score["b_to_b"] is None
        assert list(report["scores"]) == ["frechet_distance"]
    for flags, said in (
        ([], "pass --features inception_2015 for"),
        (["--metrics", "precision"], "--metrics can only be frechet_distance; received precision"),
    ):
        line = ["evaluate", str(folder / "shifted.npy"), "--against", str(tmp_path / "unnamed.npz")]
        assert main([*line, *flags]) == 2
        assert said in capsys.readouterr().err
