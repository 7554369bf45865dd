"""However the program ends, it says one sentence, and where nobody foresaw it, how to see more."""

import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import zipfile
import zlib

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli import exit_codes, zoo
from keras_gan.cli.main import main

ROOT = pathlib.Path(__file__).parent.parent.parent
UNEXPECTED = "This error is unexpected: run the same command"
ERRORS = {
    "memory": (MemoryError(), "There is not enough memory (MemoryError): use a smaller --count"),
    "of TensorFlow": (RuntimeError("OOM when allocating tensor\n at x"), "not enough memory (OOM"),
    "zlib": (zlib.error("Error -3"), f"error: Error -3. {UNEXPECTED} with --traceback"),
    "zip": (zipfile.BadZipFile("Bad magic"), "BadZipFile: Bad magic. This error is unexpected"),
    "a bug": (
        KeyError("units"),
        f"KeyError: 'units'. {UNEXPECTED} with --traceback, or",
    ),
    "pages": (TypeError("x\n" * 9_999), "x x  …. This error is unexpected"),
    "nothing": (AssertionError(), "AssertionError: AssertionError. This error is unexpected"),
    "recursion": (RecursionError("maximum depth"), "RecursionError: maximum depth. This error"),
    "a module": (ImportError("libx.so: no such file"), "error: libx.so: no such file"),
    "a disk": (OSError(28, "No space left on device"), "error: No space left on device"),
    "a file": (PermissionError(13, "Permission denied", "a.npy"), "a.npy cannot be read or"),
    "a page of ours": (ValueError("x" * 9_999 + ": take another."), "x: take another."),
    "a long path": (OSError(36, "File name too long", "x" * 9_999), "read or written: File name"),
    "a terminal": (ValueError("\x1b[2Ja\x9bb"), r"error: \x1b[2Ja\x9bb"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_one_line_and_two(monkeypatch, capsys, name):
    error, said = ERRORS[name]

    def fail(_):
        raise error

    monkeypatch.setattr(zoo, "show_list", fail)
    assert main(["zoo", "list"]) == 2
    line, end = capsys.readouterr().err.split("\n")
    assert end == ""
    assert line.startswith("keras-gan: error: ")
    assert said in line
    assert len(line) < (3_100 if "xxx" in line else 700)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "keras-gan: interrupted\n"),
        (BrokenPipeError(), 141, ""),
        (FloatingPointError("It is not finite."), 1, "keras-gan: It is not finite.\n"),
    ],
)
def test_other_ends_have_codes_of_their_own(monkeypatch, capsys, error, code, said):
    def fail(_):
        raise error

    monkeypatch.setattr(zoo, "show_list", fail)
    monkeypatch.setattr(exit_codes, "let_go", lambda: None)  # of the output of the tests
    assert main(["zoo", "list"]) == code
    assert capsys.readouterr().err == said


def test_on_a_terminal_the_sentence_takes_the_line_of_ctrl_c(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal("scores:  40%^C")
    terminal.seek(0, io.SEEK_END)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert exit_codes.ended(KeyboardInterrupt()) == 130
    assert terminal.getvalue() == "scores:  40%^C\r\x1b[Kkeras-gan: interrupted\n"


def test_a_program_that_is_done_is_not_interrupted():
    before = signal.getsignal(signal.SIGINT)
    try:
        exit_codes.end_undisturbed()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("flags", [["--traceback"], []])
def test_a_traceback_is_shown_to_those_who_ask_for_it(monkeypatch, capsys, flags):
    def fail(_):
        raise KeyError("units")

    monkeypatch.setattr(zoo, "show_list", fail)
    if not flags:
        monkeypatch.setenv(exit_codes.VARIABLE, "1")
    assert main(["zoo", "list", *flags]) == 2
    *lines, last = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Traceback")
    assert any("in fail" in line for line in lines)
    assert last.startswith("keras-gan: error: KeyError: 'units'")


def test_a_closed_or_full_output_is_told_of(monkeypatch, capfd):
    """What was printed is flushed in the program, not by Python at its end."""

    class Output(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Output())
        assert main(["zoo", "list"]) == 2
    assert capfd.readouterr().err == "keras-gan: error: No space left on device\n"


def program(*code):
    return [sys.executable, "-c", "; ".join(("import sys", "sys.argv = ['/bin/keras-gan']", *code))]


GENERATES = "sys.exit(main(['generate', 'gan_ring']))"
# A program whose parent runs in the background ignores Ctrl-C.
INTERRUPTIBLE = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "


def test_while_modules_load_errors_and_ctrl_c_end_the_program(tmp_path):
    """Before Keras is imported, which this one never is."""
    (tmp_path / "keras.py").write_text(
        "import os, signal\n"
        "if os.environ['CASE'] == 'interrupted':\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    except BaseException:  # as libraries do\n"
        "        pass\n"
        "raise {'memory': MemoryError, 'broken': ImportError}[os.environ['CASE']]('libx.so')\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    for case, code, said in (
        ("interrupted", 130, "keras-gan: interrupted\n"),
        ("broken", 2, "keras-gan: error: libx.so\n"),
        ("memory", 2, "keras-gan: error: There is not enough memory (libx.so): "),
    ):
        ended = subprocess.run(
            program(INTERRUPTIBLE + "from keras_gan.cli.main import main", GENERATES),
            env=environment | {"CASE": case},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == code
        assert ended.stderr.startswith(said)
        assert ended.stderr.count("\n") == 1


def test_python_s_own_ways_are_given_back(monkeypatch):
    before = signal.getsignal(signal.SIGINT), sys.excepthook
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        loading = exit_codes.Loading()
        loading.begin()
        assert signal.getsignal(signal.SIGINT) == loading.interrupted
        loading.end()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert sys.excepthook is sys.__excepthook__
    finally:
        signal.signal(signal.SIGINT, before[0])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A saved game of images."""
    path = tmp_path_factory.mktemp("run") / "gan.keras"
    networks = (kg.networks.dcgan_generator((8, 8, 3), latent_dim=4, width=4),)
    kg.GAN(*networks, kg.networks.dcgan_discriminator((8, 8, 3), width=4), seed=0).save(path)
    return path


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--count", 10**12], "the latent vectors of 1,000,000,000,000 samples would take 32 TB"),
        (["--count", 10**400], "would take more than 1,000 PB of memory"),
        (["--seed", 10**400], "in [0, 2³²), or None; received 1000"),
        (["--count", 10**12, "--out", "a.npz"], "make fewer at a time, each time with another"),
        (["--count", 1000, "--max-bytes", 10**6], "pass --count 651 or less, --out samples.npz"),
        (["--max-bytes", 0], "--max-bytes must be a whole number of at least 1"),
    ],
)
def test_more_samples_than_there_is_room_for_are_refused(
    saved, tmp_path, monkeypatch, capsys, flags, said
):
    monkeypatch.chdir(tmp_path)
    assert main(["generate", str(saved), *map(str, flags)]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_array_larger_than_the_disk_is_refused(saved, tmp_path, monkeypatch, capsys):
    usage = shutil._ntuple_diskusage(100, 90, 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert main(["generate", str(saved), "--out", str(tmp_path / "a.npz")]) == 2
    assert "are 49.2 kB, but" in (said := capsys.readouterr().err)
    assert "has only 10 bytes free: pass a smaller --count, or another --out." in said


def test_an_array_is_written_in_parts(saved, tmp_path, monkeypatch):
    monkeypatch.setattr("keras_gan.networks.analysis.memory.PART", 1)
    monkeypatch.setattr("keras_gan.networks.analysis.memory.MOST_AT_ONCE", 4)
    assert main(["generate", str(saved), "--count", "10", "--out", str(tmp_path / "a.npz")]) == 0
    with np.load(tmp_path / "a.npz") as arrays:
        samples = arrays["samples"]
    np.testing.assert_allclose(samples, kg.load_model(saved).generate(10, seed=0), atol=1e-6)
