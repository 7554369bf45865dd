"""The program as a whole: help, exit codes, and errors of one line."""

import os
import pathlib
import re
import subprocess
import sys
import warnings

import keras
import numpy as np
import pytest

from keras_gan import data
from keras_gan.backend import choice
from keras_gan.cli.exit_codes import sentence
from keras_gan.cli.main import COMMANDS, PACKAGE, _escaped_warnings, main
from keras_gan.cli.settings import table
from keras_gan.families.registry import ENTRIES

ROOT = pathlib.Path(__file__).parent.parent.parent


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
    for name in (*data.DATASETS, *ENTRIES):
        assert f"\n  {name} " in text
    for name in table():
        assert re.search(rf"\n  --{name.replace('_', '-')}[ ,]", text)
    assert "(default: 5000)" in " ".join(text.split())
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
        ("train --model vqave", "Unknown model 'vqave': did you mean 'vqvae'?"),
        ("train --recipe dcgan --model=sgnan", "Unknown model 'sgnan': did you mean 'sngan'?"),
        ("train --network dcgn", "Unknown network 'dcgn': did you mean 'dcgan'?"),
        ("train --recipe fgan --divergence lk", "Unknown divergence 'lk': did you mean 'kl'?"),
        ("train --augment colour", "Unknown augment 'colour': did you mean 'color'?"),
        ("train --divergence kl", "--divergence is for --recipe fgan; received --divergence kl"),
        ("train --recipe ctgan --network resnet", "--recipe ctgan needs a discriminator with"),
        ("train --epochs 0", "--epochs must be a whole number of at least 1; received 0."),
        ("train --epochs many", "argument --epochs: invalid int value: 'many'."),
        (
            "train --average 1",
            "--average must be a number of at least 0 and less than 1; received 1",
        ),
        ("train --generator-learning-rate nan", "greater than 0; received nan"),
        ("train --network mlp", "--network mlp cannot make samples of shape (8, 8, 1): images"),
        ("train --dataset ring --network dcgan", "points need --network mlp"),
        ("train --dataset ring --image-size 8", "--image-size 8 is for images"),
        ("train --batch-size 2000", "fewer than one batch of 2000"),
        ("train --steps-per-epoch 7 --steps-per-execution 2", "received 7 and 2."),
        ("train --config none.json", "There is no configuration file none.json."),
        ("train --dataset none.npy", "none.npy"),
        ("generate", "required: RUN_OR_FILE. See keras-gan generate --help."),
        ("generate nowhere.keras", "There is no run folder, .keras file or preset 'nowhere.keras'"),
        ("generate .", "has no model.keras: is it a run of keras-gan train?"),
        ("generate . --out grid.jpg", "--out must end in .png or .npz; received grid.jpg."),
        ("generate . --count 0", "--count must be a whole number of at least 1; received 0."),
        ("generate sngan_mnsit", "preset 'sngan_mnsit' (did you mean 'sngan_mnist'?)"),
        ("generate runs/firts", "preset 'runs/firts' (did you mean 'runs/first'?)"),
        ("generate runs/gan_rnig", "preset 'runs/gan_rnig' (did you mean 'runs/gan_ring'?)"),
        ("generate gan_ring --labels 1", "of gan_ring does not take labels: leave --labels out"),
        ("generate firts", "preset 'firts' (did you mean 'runs/first'?)"),
        ("generate notes.txt", "notes.txt is not a .keras file"),
        ("generate sngan_digits --out notes.txt/a.png", "notes.txt is a file, not a folder"),
        ("generate sngan_digits --out a.png", "--out a.png is a folder: name a file in it."),
        ("evaluate pionts.npy --against ring", "no file pionts.npy (did you mean 'points.npy'?)"),
        ("evaluate points.npy --against rign", "TensorFlow Datasets): did you mean 'ring'?"),
        ("evaluate points.npy --against wgangp_rign", "did you mean 'wgangp_ring'?"),
        ("evaluate points.npy --against ring --json a.png", "--json a.png is a folder"),
        (
            "evaluate words.npy --against ring",
            "not a NumPy file, or it holds Python objects.",
        ),
        ("train --dataset pionts.npy", "There is no file pionts.npy (did you mean 'points.npy'?)"),
        ("train --dataset words.npy", "no array of samples: it is not a NumPy file"),
        ("train --dataset ./a.pngs", "There is no folder './a.pngs' (did you mean './a.png'?)"),
        ("train --dataset notes.txt", "notes.txt' is a file of another kind: pass a folder or zip"),
        ("train --recipe cyclegan --target pionts.npy", "no file pionts.npy (did you mean"),
        ("train --config runs/first/confg.json", "(did you mean 'runs/first/config.json'?)"),
        ("train --config runs/first", "runs/first is a folder: use runs/first/config.json."),
        (
            "train --resume runs/firts",
            "There is no run folder runs/firts (did you mean 'runs/first'?)",
        ),
        ("train --resume notes.txt", "is not a run folder but a file: name the folder of a run"),
        ("zoo show sngan_mnsit", "Unknown preset 'sngan_mnsit': did you mean 'sngan_mnist'?"),
        ("zoo show ./a.pngs", "There is no preset folder ./a.pngs (did you mean './a.png'?)"),
        ("zoo show notes.txt", "notes.txt is a file, not a preset folder."),
        ("zoo export notes.txt --format tf", "notes.txt is a file, not a preset folder."),
        ("zoo train ring_gan", "Unknown preset 'ring_gan'"),
        (
            "zoo publish runs/firts",
            "There is no run folder runs/firts (did you mean 'runs/first'?)",
        ),
        ("zoo gallery --zoo rnus", "no presets in rnus (did you mean 'runs'?)"),
        ("zoo shwo gan_ring", "invalid choice: 'shwo': did you mean 'show'? Known: 'list', 'show'"),
        ("zoo export gan_ring --format onx", "invalid choice: 'onx': did you mean 'onnx'?"),
        ("generate . --cout 3", "unknown option --cout: did you mean --count?"),
    ],
)
def test_errors_are_one_line_that_names_the_nearest(capsys, tmp_path, argv, message):
    (tmp_path / "runs" / "first").mkdir(parents=True)
    (tmp_path / "runs" / "first" / "config.json").write_text("{}")
    (tmp_path / "runs" / "gan_ring").mkdir()  # the name of a preset, too
    (tmp_path / "a.png").mkdir()
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / "words.npy").write_text("none")
    np.save(tmp_path / "points.npy", np.zeros((9, 2), "float32"))
    assert message in error_of(capsys, *argv.split())


def test_a_warning_of_ours_is_one_line_without_the_source():
    ours = str(PACKAGE / "callbacks" / "health.py")
    with _escaped_warnings():
        own = warnings.formatwarning("a \x1b[2J collapse", UserWarning, ours, 3)
        other = warnings.formatwarning("old", DeprecationWarning, "/other.py", 3, "f()")
    assert own == "keras-gan: warning: a \\x1b[2J collapse\n"
    assert other == "/other.py:3: DeprecationWarning: old\n  f()\n"


def test_a_folder_in_use_is_not_touched(capsys, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "notes.txt").write_text("mine")
    line = error_of(capsys, "train", "--out", "taken")
    assert "taken is not empty" in line
    assert "--overwrite" in line
    assert "is a file" in error_of(capsys, "train", "--out", "taken/notes.txt")


@pytest.mark.thorough
def test_the_installed_script():
    script = pathlib.Path(sys.executable).with_name("keras-gan")
    wrong = subprocess.run([script, "trian"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "did you mean 'train'" in wrong.stderr
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize("backend", ["torch", "numpy", "openvino", "tensorfow"])
def test_other_backends_are_refused_in_one_sentence(backend):
    """Before Keras is imported, which may not even have such a backend."""
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT)}
    programs = {
        "import": ["-c", "import keras_gan"],
        "module": ["-m", "keras_gan", "zoo", "list"],
        "script": ["-c", "import sys; sys.argv = ['/bin/keras-gan']; import keras_gan.cli.main"],
    }
    for kind, program in programs.items():
        ended = subprocess.run(
            [sys.executable, *program], capture_output=True, text=True, env=environment, check=False
        )
        line = ended.stderr.splitlines()[-1]
        assert f"'tensorflow' and 'jax'; the present one is '{backend}': set KERAS_BACKEND" in line
        if kind == "import":
            assert line.startswith("ImportError: ")
            assert "During handling" not in ended.stderr
        else:
            assert ended.stderr == f"{line}\n"
            assert line.startswith("keras-gan: error: ")
            assert ended.returncode == 2


def test_a_backend_of_keras_that_is_there_is_refused_too(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(ImportError, match="the present one is 'numpy'"):
        choice.import_keras()


def test_the_backend_is_looked_up_where_keras_does(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert choice.asked_for() == "tensorflow"
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    assert choice.asked_for() == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert choice.asked_for() == "torch"


@pytest.mark.thorough
def test_python_m_keras_gan_is_the_program():
    done = subprocess.run(
        [sys.executable, "-m", "keras_gan", "trian"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 2
    assert "did you mean 'train'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_of_the_system_names_the_file_first():
    error = FileNotFoundError(2, "No such file or directory", "a/b.npy")
    assert sentence(error) == "a/b.npy cannot be read or written: No such file or directory."
    assert sentence(ValueError("a\nb")) == "a b"
