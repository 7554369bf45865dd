"""Runs between two data sets on a tiny budget, and whether labels survive them."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.cli.defaults import resolve
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.cli.train import with_places
from keras_gan.families.cyclegan.domains import enlarged, opened
from keras_gan.families.cyclegan.networks import depth_of_discriminator, depth_of_generator
from keras_gan.families.cyclegan.scores import table, translation_scores
from keras_gan.families.registry import ENTRIES
from tests.cli.test_resume import assert_same

BUDGET = "--recipe cyclegan --width 4 --epochs 2 --steps-per-epoch 3 --batch-size 4"
BUDGET = [*BUDGET.split(), "--copies", "1", "--score-samples", "50", "--checkpoint-steps", "2"]

pytestmark = pytest.mark.thorough


def read(path: pathlib.Path) -> dict:
    return json.loads(path.read_text())


def error_of(capsys, *argv):
    capsys.readouterr()
    assert main([*map(str, argv)]) == 2
    return capsys.readouterr().err


@pytest.fixture(scope="module", autouse=True)
def classifiers_made_in_no_time():
    """Support vector machines; what they stand for is tested in `tests/metrics`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("keras_gan.metrics.convolutional_classifier", kg.metrics.pixel_classifier)
        yield


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory):
    """A run from digits to digits, and what it printed."""
    folder = tmp_path_factory.mktemp("runs") / "digits"
    with pytest.MonkeyPatch.context() as patch:
        lines = []
        patch.setattr("builtins.print", lambda *values, **_: lines.extend(map(str, values)))
        options = ["--dataset", "digits", "--target", "digits", "--out", str(folder)]
        assert main(["train", *BUDGET, *options]) == 0
    return folder, "\n".join(lines)


def test_a_run_leaves_what_other_runs_leave(digits_run):
    folder, printed = digits_run
    names = {path.name for path in folder.iterdir()}
    names_of_all = "checkpoints config.json history.csv logs metrics.json model.keras samples"
    assert names == {*names_of_all.split(), "samples.gif", "samples.png", "timing.json"}
    pictures = sorted(path.name for path in (folder / "samples").iterdir())
    assert pictures == ["epoch_0001.png", "epoch_0002.png"]
    with Image.open(folder / "samples.png") as picture:
        assert picture.size == (12 * 66 + 2, 6 * 66 + 2)
    config = read(folder / "config.json")
    assert [config[name] for name in ("dataset", "target")] == ["digits", "digits"]
    assert (config["network"], config["latent_dim"], config["copies"]) == ("resnet", None, 1)
    game = kg.load_model(folder / "model.keras")
    assert isinstance(game, kg.CycleGAN)
    assert int(game.optimizer.iterations) == 6
    heads = (folder / "history.csv").read_text().splitlines()[0].split(",")
    assert {"epoch", "cycle_loss", "identity_loss", "generator_xy_loss"} <= set(heads)
    found = read(folder / "metrics.json")["x_to_y"]
    assert f"x to y  {found['label_preservation']:>12.1%}" in printed


def test_scores_are_shares_of_labels_that_survive(digits_run):
    metrics = read(digits_run[0] / "metrics.json")
    for name in ("x_to_y", "y_to_x"):
        found = metrics[name]
        assert set(found) == {"label_preservation", "untranslated", "classifier_accuracy", "images"}
        assert found["label_preservation"] > 0.9  # six steps hardly change a digit
        assert found["untranslated"] > 0.9  # digits among digits
        assert 0.9 < found["classifier_accuracy"] <= 1
        assert found["images"] == 50
    assert metrics["protocol"]["classes"] == 10
    assert metrics["protocol"]["x"] == "digits, training split, 1797 images"


def test_copies_of_either_domain_stand_behind_its_images_and_differ():
    settings = Settings("digits", target="digits", copies=2, seed=3)
    given = opened(settings, "x")
    images = np.concatenate(list(given.batch(1000).as_numpy_iterator()))
    x, y, again = (enlarged(given, settings, number) for number in (0, 1, 0))
    assert len(x) == 3 * len(images)
    np.testing.assert_array_equal(x[: len(images)], images)
    np.testing.assert_array_equal(x, again)
    for a, b in (("xx", x[-len(images) :] - x[len(images) : -len(images)]), ("xy", x - y)):
        assert abs(b[-len(images) :]).max() > 0.5, a
    assert enlarged(given, settings.replaced(copies=None), 0) is given


class Turned:
    """Translates by turning images upside down, there and back."""

    def translate(self, samples, to):
        assert to in ("x", "y")
        return samples[:, ::-1]


class Unchanged:
    def translate(self, samples, to):
        return samples


def test_scores_tell_a_translator_that_keeps_labels_from_one_that_does_not():
    settings = Settings("digits", target="digits", score_samples=500)
    kept, turned = (translation_scores(each, settings) for each in (Unchanged(), Turned()))
    assert translation_scores(Turned(), settings) == turned == json.loads(json.dumps(turned))
    for name in ("x_to_y", "y_to_x"):
        assert kept[name]["label_preservation"] == kept[name]["untranslated"]
        assert kept[name]["label_preservation"] > 0.9
        assert turned[name]["label_preservation"] < 0.6
        assert turned[name]["untranslated"] == kept[name]["untranslated"]


def test_translations_that_are_not_finite_are_no_scores():
    class Diverged:
        def translate(self, samples, to):
            return np.full_like(samples, np.nan)

    with pytest.raises(ValueError, match="the generator to y makes NaN"):
        translation_scores(Diverged(), Settings("digits", target="digits", score_samples=20))


@pytest.mark.slow
def test_a_resumed_run_ends_as_one_that_never_stopped(digits_run, tmp_path, monkeypatch):
    whole, run = digits_run[0], tmp_path / "run"
    save = kg.callbacks.Checkpoint.save

    def killed_after_the_first(self, *arguments):
        save(self, *arguments)
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(kg.callbacks.Checkpoint, "save", killed_after_the_first)
        options = ["--config", str(whole / "config.json"), "--out", str(run)]
        assert main(["train", *options]) == 9
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["step_00000002.checkpoint"]
    assert main(["train", "--resume", str(run)]) == 0
    assert_same(run, whole)
    assert (run / "config.json").read_bytes() == (whole / "config.json").read_bytes()


def test_generate_and_evaluate_say_what_a_run_of_translation_is_for(digits_run, capsys):
    folder, _ = digits_run
    sentence = "is a CycleGAN, which translates images and does not make samples"
    assert f"{folder} {sentence}" in error_of(capsys, "generate", folder)
    assert sentence in error_of(capsys, "evaluate", folder, "--against", "digits")


def test_data_sets_without_common_classes_have_no_scores(tmp_path, rng):
    np.save(tmp_path / "photographs.npy", rng.uniform(-1, 1, (9, 8, 8, 1)).astype("float32"))
    for target in (str(tmp_path / "photographs.npy"), "stacked_digits"):  # no labels, and 1,000
        scores = translation_scores(Unchanged(), Settings("digits", target=target))
        assert (scores["x_to_y"], scores["y_to_x"]) == (None, None)
        assert "no scores, for the data sets have no classes in common" in table(scores)


def test_paths_of_both_data_sets_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "horses").mkdir()
    (tmp_path / "digits").mkdir()
    for dataset, target in (("horses", "digits"), ("digits", "horses")):
        found = with_places(Settings(dataset, target=target))
        expected = [str(tmp_path / n) if n == "horses" else n for n in (dataset, target)]
        assert [found.dataset, found.target] == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--recipe cyclegan", "name the other one with --target"),
        ("--copies 2", "--copies is for --recipe cyclegan; received --copies 2"),
        (
            "--target mnist",
            "--target is for the recipes cyclegan pix2pix; received --target mnist",
        ),
        ("--recipe cyclegan --target digits --labels", "--labels is not for --recipe cyclegan"),
        ("--recipe cyclegan --target digits --latent-dim 8", "--latent-dim is not for --recipe"),
        (
            "--recipe cyclegan --target digits --network dcgan",
            "--network dcgan is not for --recipe cyclegan: take resnet",
        ),
        ("--recipe cyclegan --target stacked_digits --dataset ring", "translates images"),
        ("--recipe sngan --discriminator-normalization instance", "normalization must be one of"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(options, message, tmp_path, capsys):
    assert message in error_of(capsys, "train", *options.split(), "--out", tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_images_of_two_sizes_need_one(tmp_path, capsys, rng):
    np.save(tmp_path / "large.npy", rng.uniform(-1, 1, (9, 12, 12, 1)).astype("float32"))
    options = ["--target", tmp_path / "large.npy", "--out", tmp_path / "run"]
    message = error_of(capsys, "train", "--recipe", "cyclegan", *options)
    assert "digits has 8 x 8" in message
    assert "12 x 12: pass --image-size N or HEIGHTxWIDTH" in message


def test_grey_images_become_coloured_ones_without_an_identity_term():
    settings = Settings(recipe="cyclegan", target="stacked_digits", width=4)
    game = ENTRIES["cyclegan"].game(resolve(settings, (8, 8, 1)), (8, 8, 1), (8, 8, 3))
    assert game.sample_shapes == ((8, 8, 1), (8, 8, 3))
    assert game.identity_weight == 0


def test_settings_reach_the_game():
    settings = Settings(recipe="cyclegan", target="digits", width=4, discriminator_width=6)
    settings = settings.replaced(discriminator_normalization="none", average=0.0)
    settings = settings.replaced(generator_learning_rate=1e-3, beta_1=0.25)
    game = ENTRIES["cyclegan"].game(resolve(settings, (8, 8, 1)), (8, 8, 1), (8, 8, 1))
    assert game.average is None
    assert float(game.optimizer["generator"].learning_rate.numpy()) == pytest.approx(1e-3)
    assert game.optimizer["discriminator"].beta_1 == 0.25
    assert game.discriminator_x.weights[0].shape[-1] == 6
    names = [layer.name for layer in game.discriminator_x.layers]
    assert not [name for name in names if "normalization" in name]


def test_larger_images_have_deeper_networks():
    assert [depth_of_discriminator(size) for size in (8, 33, 34, 69, 70, 256)] == [1, 1, 2, 2, 3, 3]
    assert depth_of_generator(256) == {"blocks": 9, "downsamplings": 2}
    assert depth_of_generator(128) == {"blocks": 6, "downsamplings": 2}
