"""How the program starts: help without Keras, no log that nobody asked for, Ctrl-C at any time."""

import os
import pathlib
import resource
import subprocess
import sys

import pytest

import keras_gan as kg
from keras_gan.cli.main import COMMANDS, main
from keras_gan.cli.tensorflow_log import VARIABLE, asked_for

ROOT = pathlib.Path(__file__).parent.parent.parent
ACTIONS = ("list", "show", "verify", "train", "publish", "export", "gallery")
LIGHT = (
    "--help",
    "--version",
    *(f"{command} --help" for command in COMMANDS),
    *(f"zoo {action} --help" for action in ACTIONS),
    "zoo list",
    "zoo show wgangp_ring",
    "trian",
    "train --epoch 3",
)
HEAVY = {"keras", "tensorflow", "jax", "jaxlib", "numpy", "h5py", "PIL", "scipy", "sklearn"}
LINES = (
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1796008986.377518   18421 port.cc:153] oneDNN custom operations are on.",
    "W0000 00:00:1796008986.378100   18421 computation_placer.cc:177] placer already registered.",
    "2026-01-01 10:00:00.123456: E external/cuda_dnn.cc:85] Unable to register cuDNN factory.",
    "F0000 00:00:1796008986.378100   18421 cpu_feature_guard.cc:11] no AVX",
    "a library that is missing",
)
OTHERS = {"0": LINES, "1": LINES[2:], "2": LINES[3:], None: LINES[4:], "7": LINES[5:]}


def ended(*program, path=(), shell=(), **variables):
    """A process that has ended, without the level of this one."""
    environment = {name: each for name, each in os.environ.items() if name != VARIABLE}
    environment["PYTHONPATH"] = os.pathsep.join([*map(str, path), str(ROOT)])
    return subprocess.run(
        [*shell, sys.executable, *program],
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", LIGHT)
def test_help_errors_and_lists_load_no_keras(command):
    told = ended("-X", "importtime", "-m", "keras_gan", *command.split()).stderr
    loaded = {line.rpartition("|")[2].strip() for line in told.splitlines()}
    assert "keras_gan.cli.main" in loaded
    assert loaded & HEAVY == set()


def test_help_takes_little_time():
    """0.2 s of processor time beside other programs; the first may have to compile the modules."""
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "train" in ended("-m", "keras_gan", "--help").stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 1.0, seconds


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"keras-gan {kg.__version__}\n"


@pytest.mark.both
@pytest.mark.thorough
def test_nothing_is_said_that_nobody_asked_for(tmp_path):
    out = tmp_path / "samples.npz"
    done = ended("-m", "keras_gan", "generate", "wgangp_ring", "--count", "2", "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"wrote 2 samples of shape (2,) to {out}\n"


IMPORTING = """
import sys
sys.argv = ["/bin/keras-gan"]
from keras_gan.cli import exit_codes, tensorflow_log
tensorflow_log.keep_to_level()
exit_codes.LOADING.end()
import tensorflow
{end}
"""


@pytest.fixture
def imported(tmp_path):
    """A program that imports another TensorFlow, which writes `LINES`; the code after them."""

    def run(code="", level=None):
        text = "".join(f"{line}\n" for line in LINES)
        (tmp_path / "tensorflow.py").write_text(
            f"import os\nos.write(2, {text.encode()})\n{code}\n"
        )
        program = IMPORTING.format(end="print('imported', file=sys.stderr)")
        variables = {} if level is None else {VARIABLE: level}
        return ended("-c", program, path=[tmp_path], **variables)

    return run


@pytest.mark.parametrize("level", OTHERS)
def test_the_log_of_the_import_keeps_to_the_level(imported, level):
    done = imported(level=level)
    assert done.stderr.splitlines() == [*OTHERS[level], "imported"]
    assert done.returncode == 0


def test_after_an_error_nothing_is_held_back(imported):
    done = imported("raise ImportError('libx.so')")
    assert done.stderr.splitlines()[: len(LINES)] == list(LINES)
    assert done.stderr.splitlines()[-1] == "ImportError: libx.so"


@pytest.mark.parametrize("end", ["os.abort()", "os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_program_that_dies_is_outlived_by_what_it_wrote(imported, end):
    done = imported(end)
    assert done.returncode != 0
    assert done.stderr.splitlines() == list(LINES)


def test_a_program_without_stderr_starts(tmp_path):
    (tmp_path / "tensorflow.py").write_text("import sys\nprint(sys.stderr)\n")
    closed = ["sh", "-c", 'exec "$@" 2>&-', "sh"]
    done = ended("-c", IMPORTING.format(end="pass"), path=[tmp_path], shell=closed)
    assert (done.returncode, done.stdout) == (0, "None\n")


def test_any_other_text_stays():
    mine = b"I0000 is a name\n\nW: 3\n2026-01-01: E\nno end of line"
    assert asked_for(mine, 3) == mine


INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background, it is ignored
sys.argv = ["/bin/keras-gan", "generate", "wgangp_ring"]

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
from keras_gan.cli.main import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    "name",
    [
        "keras_gan.backend",
        "keras_gan.backend.choice",
        "keras_gan.cli.exit_codes",
        "argparse",
        "keras_gan.cli.main",
        "keras_gan.families.vae.entry",
        "keras",
    ],
)
def test_ctrl_c_ends_the_start_in_a_sentence(name):
    done = ended("-c", INTERRUPTED.format(name=name))
    assert (done.returncode, done.stderr) == (130, "keras-gan: interrupted\n")


def test_ctrl_c_while_tensorflow_is_imported_drops_its_log(tmp_path):
    """Even where the import would catch it."""
    text = "".join(f"{line}\n" for line in LINES[:4])
    (tmp_path / "keras.py").write_text("import tensorflow\n")
    (tmp_path / "tensorflow.py").write_text(
        f"import os, signal\nos.write(2, {text.encode()})\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT)\nexcept BaseException:\n    pass\n"
    )
    done = ended("-c", INTERRUPTED.format(name="no module"), path=[tmp_path])
    assert (done.returncode, done.stderr) == (130, "keras-gan: interrupted\n")
