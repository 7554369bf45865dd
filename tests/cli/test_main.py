"""The program as a whole: help, exit codes, and errors of one line."""

import pathlib
import re
import subprocess
import sys

import pytest

from keras_gan import data
from keras_gan.cli.main import COMMANDS, main
from keras_gan.cli.recipes import RECIPES
from keras_gan.cli.settings import Settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def error_of(capsys, *argv):
    """The one line on stderr of a command that fails without writing anything."""
    before = sorted(pathlib.Path().rglob("*"))
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    line, end = captured.err.split("\n")
    assert end == ""
    assert line.startswith("keras-gan: error: ")
    assert sorted(pathlib.Path().rglob("*")) == before
    return line


def test_help_names_every_command_setting_data_set_and_recipe(capsys):
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n    {name} " in text for name in COMMANDS)
    assert main(["train", "--help"]) == 0
    text = capsys.readouterr().out
    for name in (*data.DATASETS, *RECIPES):
        assert f"\n  {name} " in text
    for name in Settings.__dataclass_fields__:
        assert re.search(rf"\n  --{name.replace('_', '-')}[ ,]", text)
    assert "(default: 5000)" in text
    assert main(["generate", "--help"]) == 0
    assert "(default: grid.png)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ("trian", "Unknown sub-command 'trian': did you mean 'train'?"),
        ("", "the following arguments are required: COMMAND. See keras-gan --help."),
        ("--hepl", "COMMAND"),
        ("train --epoch 3", "unknown option --epoch: did you mean --epochs?"),
        ("train --batchsize=3", "unknown option --batchsize: did you mean --batch-size?"),
        ("train digits", "unexpected argument 'digits'. See keras-gan train --help."),
        ("train --dataset digitz", "Unknown data set 'digitz': did you mean 'digits'?"),
        ("train --recipe sgnan", "Unknown recipe 'sgnan': did you mean 'sngan'?"),
        ("train --network dcgn", "Unknown network 'dcgn': did you mean 'dcgan'?"),
        ("train --recipe fgan --divergence lk", "Unknown divergence 'lk': did you mean 'kl'?"),
        ("train --divergence kl", "--divergence is for --recipe fgan; received --divergence kl"),
        ("train --recipe ctgan --network resnet", "--recipe ctgan needs a discriminator with"),
        ("train --epochs 0", "--epochs must be a whole number, at least 1; received 0."),
        ("train --epochs many", "argument --epochs: invalid int value: 'many'."),
        ("train --average 1", "--average must be a number, at least 0 and less than 1; received 1"),
        ("train --generator-learning-rate nan", "greater than 0; received nan"),
        ("train --network mlp", "--network mlp cannot make samples of shape (8, 8, 1): images"),
        ("train --dataset ring --network dcgan", "points need --network mlp"),
        ("train --dataset ring --image-size 8", "image_size=8 is for images"),
        ("train --batch-size 2000", "fewer than one batch of 2000"),
        ("train --steps-per-epoch 7 --steps-per-execution 2", "received 7 and 2."),
        ("train --config none.json", "There is no configuration file none.json."),
        ("train --dataset none.npy", "none.npy"),
        ("generate", "required: RUN_OR_FILE. See keras-gan generate --help."),
        ("generate nowhere.keras", "There is no run folder, .keras file or preset 'nowhere.keras'"),
        ("generate .", "has no model.keras: is it a run of keras-gan train?"),
        ("generate . --out grid.jpg", "--out must end in .png or .npz; received grid.jpg."),
        ("generate . --count 0", "--count must be at least 1; received 0."),
        ("generate . --cout 3", "unknown option --cout: did you mean --count?"),
    ],
)
def test_errors_are_one_line_that_names_the_nearest(capsys, argv, message):
    assert message in error_of(capsys, *argv.split())


def test_a_folder_in_use_is_not_touched(capsys, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine")
    line = error_of(capsys, "train", "--out", "taken")
    assert "taken is not empty" in line
    assert "--overwrite" in line
    assert "is a file" in error_of(capsys, "train", "--out", "taken/notes.txt")


def test_the_installed_script():
    script = pathlib.Path(sys.executable).with_name("keras-gan")
    wrong = subprocess.run([script, "trian"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "did you mean 'train'" in wrong.stderr
    assert "Traceback" not in wrong.stderr
