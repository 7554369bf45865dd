"""Flags that stand for several settings, or for settings of other names."""

import argparse

import keras
import pytest

from keras_gan import objectives, penalties
from keras_gan.backend import devices
from keras_gan.cli.computing import computing
from keras_gan.cli.config_file import from_flags
from keras_gan.cli.defaults import resolve
from keras_gan.cli.flag_names import in_flags
from keras_gan.cli.main import main
from keras_gan.cli.parser import Parser
from keras_gan.cli.settings import Settings, add_flags
from keras_gan.families.loss_terms import OBJECTIVES, PENALTIES, penalties_of
from keras_gan.families.registry import ENTRIES


def settings_of(text: str, config=None) -> Settings:
    parser = Parser()
    add_flags(parser)
    return from_flags(parser.parse_args(text.split()), config)


def test_height_and_width_are_those_of_images_together():
    found = settings_of("--height 48 --width 64 --network-width 8")
    assert (found.image_size, found.width) == ((48, 64), 8)
    assert settings_of("--height 32 --width 32").image_size == 32
    assert settings_of("--width 64").width == settings_of("--network-width 64").width == 64
    assert settings_of("--width 64").image_size is None
    for wrong, said in (
        ("--height 48", "--height is that of images and needs their --width"),
        ("--height 0 --width 4", "--height must be a whole number of at least 1"),
        ("--height 8 --width 8 --image-size 8", "say the same"),
        ("--width 8 --network-width 8", "say the same"),
    ):
        with pytest.raises(ValueError, match=said):
            settings_of(wrong)


@pytest.mark.parametrize(
    ("flags", "epochs", "each"),
    [
        ("--steps 7", 1, 7),
        ("--steps 300", 1, 300),
        ("--steps 900", 3, 300),
        ("--steps 1000", 4, 250),
        ("--steps 40 --epochs 4", 4, 10),
        ("--steps 40 --steps-per-epoch 8", 5, 8),
        ("--steps 40 --steps-per-epoch 8 --epochs 5", 5, 8),
    ],
)
def test_steps_are_whole_epochs_of_about_the_usual_length(flags, epochs, each):
    found = resolve(settings_of(flags), (8, 8, 1))  # whose epochs usually have 300 steps
    assert (found.steps, found.epochs, found.steps_per_epoch) == (None, epochs, each)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--steps 1009", r"no whole epochs of about 300 steps: take --steps 900"),
        ("--steps 41 --epochs 4", r"not a multiple of --epochs 4: take --steps 40"),
        (
            "--steps 41 --steps-per-epoch 8",
            r"not a multiple of --steps-per-epoch 8: take --steps 40",
        ),
        ("--steps 41 --steps-per-epoch 8 --epochs 5", r"is not 5 epochs of 8 steps"),
        ("--steps 0", r"--steps must be a whole number of at least 1"),
    ],
)
def test_steps_that_are_no_whole_epochs_are_refused(flags, said):
    with pytest.raises(ValueError, match=said):
        resolve(settings_of(flags), (8, 8, 1))


def test_steps_replace_those_of_a_file(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"epochs": 7, "steps_per_epoch": 11}')
    found = resolve(settings_of("--steps 20", str(file)), (8, 8, 1))
    assert (found.epochs, found.steps_per_epoch) == (1, 20)


def test_names_of_objectives_and_penalties_are_those_of_the_library():
    assert sorted(OBJECTIVES) == sorted(objectives.OBJECTIVES)
    for name, (cls, weighted) in PENALTIES.items():
        made = penalties_of(Settings(penalty=name))[0]
        assert type(made) is getattr(penalties, cls)
        if weighted:
            assert penalties_of(Settings(penalty=f"{name}=0.25"))[0].weight == 0.25
    assert penalties_of(Settings(penalty="around_real"))[0].at == "around_real"
    assert penalties_of(Settings(penalty="none")) == penalties_of(Settings()) == []
    two = penalties_of(Settings(penalty="r1=5, lecam"))
    assert [type(each) for each in two] == [penalties.R1, penalties.LeCam]
    for wrong in ("r3", "r1=", "r1=-1", "r1=nan", "r1,r1", "bcr=2", "", "none,r1"):
        with pytest.raises(ValueError, match="Unknown penalty"):
            Settings(penalty=wrong)


@pytest.mark.parametrize("name", [n for n, e in ENTRIES.items() if "penalty" in e.settings])
def test_games_get_the_objective_and_the_penalties_that_flags_name(name):
    """Whoever has the flags hands them on, and whoever picks its own has none of them."""
    entry = ENTRIES[name]
    network = {"stylegan2": "stylegan2"}.get(name, "mlp")
    shape = (8, 8, 1) if name in ("cyclegan", "pix2pix", "projectedgan") else (2,)
    given = {"recipe": name, "penalty": "lecam=3", "width": 4}
    given |= {"objective": "least_squares"} if "objective" in entry.settings else {}
    given |= {"target": "digits"} if "target" in entry.settings else {"network": network}
    given |= {} if "target" in entry.settings else {"latent_dim": 16}
    if len(shape) == 3:
        given["network"] = "dcgan" if name == "projectedgan" else None
    settings = resolve(Settings(**given), shape)
    sizes = (shape, shape) if "target" in entry.settings else (shape, 2 if entry.labelled else None)
    game = entry.game(settings, *sizes)
    assert [(type(p), p.weight) for p in game.penalties] == [(penalties.LeCam, 3.0)]
    if "objective" in given:
        assert "LeastSquares" in repr(game.objective)


def test_the_original_game_keeps_its_objective():
    settings = resolve(Settings("ring", recipe="gan", width=4), (2,))
    assert (settings.objective, settings.penalty) == ("minimax", "none")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("--recipe r3gan --penalty r1", "--penalty is for the recipes "),
        ("--recipe sngan --objective hinge", "--objective is for the recipes "),
        ("--objective hinj", "Unknown objective 'hinj': did you mean 'hinge'?"),
        ("--attention 8", "--attention is for residual networks"),
        ("--output-activation linear --network dcgan", "is for --network conv1d and conv3d"),
        ("--network resnet --attention 5 --width 4", "--attention must be the height of a grid"),
        ("--channels 2", "--channels must be 1, 3 or 4; received 2."),
        ("--precision float8", "Unknown precision 'float8'"),
        ("--device cuda", "Unknown device 'cuda'"),
        ("--device tpu:3", "There is no device tpu:3"),
        (
            "--discriminator-normalization spectrl",
            "Unknown --discriminator-normalization 'spectrl'",
        ),
    ],
)
def test_a_wrong_flag_is_a_sentence(command, said, tmp_path, capsys):
    assert main(["train", *command.split(), "--out", str(tmp_path / "run")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_precision_is_that_of_the_run_alone():
    usual = keras.config.dtype_policy().name
    with computing(Settings(precision="mixed_bfloat16")):
        assert keras.layers.Dense(1).compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == usual
    with computing(Settings()):
        assert keras.config.dtype_policy().name == usual


def test_devices_are_those_of_the_backend():
    with pytest.raises(ValueError, match=r"There is no device cpu:99 for .*: it finds cpu:0"):
        devices.compute_on("cpu:99")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("image_size=(27, 45) is for images", "--image-size 27x45 is for images"),
        ("pass image_size to crop", "pass --image-size to crop"),
        ("labels=True takes the class", "--labels takes the class"),
        ("attention must be 8", "--attention must be 8"),
        ("config.json width=4", "config.json width=4"),
        ("the width of images", "the width of images"),
        ("/tmp/image_size.png", "/tmp/image_size.png"),
        ("as in fit(x, batch_size=4)", "as in fit(x, batch_size=4)"),
        ("'latent_dim' is", "'latent_dim' is"),
    ],
)
def test_sentences_name_flags(said, expected):
    assert in_flags(said) == expected


def test_every_setting_can_be_named_in_a_sentence():
    parser = argparse.ArgumentParser()
    add_flags(parser)
    for name in vars(Settings()):
        assert in_flags(f"{name}=… is") == f"--{name.replace('_', '-')} … is"
