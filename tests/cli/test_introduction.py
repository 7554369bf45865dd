"""What a run says of itself, on a terminal and elsewhere, and after an interruption."""

import pathlib
import sys
import types

import pytest

from keras_gan.cli import introduction
from keras_gan.cli.fitting import interrupted
from keras_gan.cli.main import main
from keras_gan.cli.settings import Settings
from keras_gan.families.registry import ENTRIES
from keras_gan.families.sampling.entry import Sampling
from keras_gan.files.locking import FolderLock

FACTS = {"data": "a\x1b[2J, 3 points (2,)", "objective": "Hinge() " + "of many words " * 9}


def test_a_terminal_gets_a_table(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    introduction._say("GAN of points (2,)", FACTS)
    printed = capsys.readouterr().out
    assert "[2J" in printed
    assert "\x1b[2J" not in printed
    assert "│ data      │ a\\x1b[2J" in printed
    assert all(len(line) <= 60 for line in printed.splitlines() if "\x1b" not in line)


def test_elsewhere_each_fact_has_one_line(capsys):
    introduction._say("GAN of points (2,)", FACTS)
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "GAN of points (2,)"
    assert [line.split(": ")[0] for line in lines] == list(FACTS)


def test_both_sets_of_a_translation_are_named():
    from keras_gan.data import load

    small, large = load("digits"), load("digits", image_size=16)
    settings = Settings("digits", recipe="cyclegan", target="other")
    data = types.SimpleNamespace(both=[small, large])
    assert ENTRIES["cyclegan"].data_facts(settings, data) == {
        "data x": "digits, 1,797 images (8, 8, 1)",
        "data y": "other, 1,797 images (16, 16, 1)",
    }


def test_commands_name_the_run_as_a_shell_takes_it():
    run = pathlib.Path("my runs/a")
    settings = Settings("two words", image_size=(27, 45), features="mnist")
    assert ENTRIES["sngan"].further(settings, run) == [
        "tensorboard --logdir 'my runs/a/logs'",
        "keras-gan generate 'my runs/a' --count 64 --out grid.png",
        "keras-gan evaluate 'my runs/a' --against 'two words' --image-size 27x45 --features mnist",
    ]
    assert ENTRIES["vqvae"].further(Settings("digits"), run) == [
        "tensorboard --logdir 'my runs/a/logs'"
    ]


def test_an_interruption_says_what_there_is(tmp_path, capsys):
    folder = type("Folder", (), {"path": tmp_path, "__truediv__": lambda _, name: tmp_path / name})
    for has in ("checkpoints", "the present model and pictures"):
        assert interrupted(folder()) == 130
        assert capsys.readouterr().out == (
            f"interrupted: {tmp_path} has {has}, but no scores; keras-gan train --resume "
            f"{tmp_path} continues\n"
        )
        (tmp_path / "model.keras").touch()


@pytest.mark.thorough
def test_ctrl_c_while_it_scores_keeps_the_run(tmp_path, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    run = tmp_path / "run"
    budget = "--width 4 --latent-dim 4 --epochs 1 --steps-per-epoch 2 --batch-size 16"
    with monkeypatch.context() as patch:
        patch.setattr(Sampling, "scores", interrupt)
        assert main(["train", "--out", str(run), *budget.split(), "--score-samples", "50"]) == 130
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith(f"interrupted: {run} has the present model")
    assert err == ""
    with FolderLock(run):  # which nobody holds
        assert (run / "model.keras").exists()
    assert main(["train", "--resume", str(run)]) == 0
    assert (run / "metrics.json").exists()
