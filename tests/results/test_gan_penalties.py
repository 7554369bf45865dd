"""The benchmark of penalties on the non-saturating GAN: what it counts, and that it runs."""

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from tests.test_benchmarks import benchmark


@pytest.fixture
def penalties(monkeypatch):
    module = benchmark("gan_penalties")
    monkeypatch.setattr(module, "WIDTH", 4)
    monkeypatch.setattr(module, "SAMPLES", 200)
    return module


def test_games_differ_by_the_penalty_alone(penalties):
    games = {kind: penalties.game("stacked_digits", kind, seed=0) for kind in penalties.GAMES}
    assert {kind: [each.at for each in gan.penalties] for kind, gan in games.items()} == {
        "plain": [],
        "WGAN-GP": ["between"],
        "DRAGAN": ["around_real"],
    }
    settings = [{**gan.settings(), "penalties": None} for gan in games.values()]
    assert settings[0] == settings[1] == settings[2]
    counts = {gan.discriminator.count_params() for gan in games.values()}
    assert len(counts) == 1


@pytest.mark.thorough
def test_real_stacks_have_as_many_classes_as_chance_leaves(penalties):
    found = penalties.coverage(penalties.images_of("stacked_digits", "test", 2000, seed=0))
    assert found["classes"] == pytest.approx(1000 * (1 - np.exp(-2)), abs=30)
    assert 0.1 < found["kl"] < 0.4  # about (1000 - 1) / (2 · 2000) of an even distribution


@pytest.mark.thorough
def test_it_runs_goes_on_and_draws(penalties, tmp_path, monkeypatch, capsys):
    flags = ["--data", "stacked_digits", "--games", "plain", "DRAGAN", "--seeds", "0"]
    flags += ["--steps", "5", "--folder", str(tmp_path)]
    monkeypatch.setattr("sys.argv", ["gan_penalties.py", *flags])
    penalties.main()
    first = capsys.readouterr().out
    rows = [line.split("|") for line in first.splitlines() if "| stacked" in line]
    assert [row[2].strip() for row in rows] == ["plain", "DRAGAN", "other real images"]
    model, real = (float(row[4].split()[0]) for row in rows[1:])
    assert model > 5 * real > 0
    with Image.open(tmp_path / "gan_penalties.png") as picture:
        assert picture.size == (480 + 16, 320 + 28)
    monkeypatch.setattr(penalties, "measured", None)  # a finished benchmark trains nothing
    penalties.main()
    assert capsys.readouterr().out == first


@pytest.mark.data
@pytest.mark.slow
def test_scores_of_mnist_are_those_of_its_classifier(penalties):
    images = penalties.images_of("mnist", "test", 500, seed=0)
    assert images.shape == (500, 16, 16, 1)
    assert penalties.coverage(images)["classes"] == 10
    noise = np.random.default_rng(0).uniform(-1, 1, images.shape).astype("float32")
    score, least = (
        float(kg.metrics.inception_score(penalties.chances_of(each), splits=1))
        for each in (images, noise)
    )
    assert 1 <= least < score / 2 < 5
