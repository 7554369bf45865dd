"""One program at a time in a folder, and the system frees the lock of a dead one."""

import json
import os
import pathlib
import platform
import subprocess
import sys
import threading
import time

import filelock
import pytest

import keras_gan as kg
from keras_gan.checkpoints import CheckpointFolder, Progress
from keras_gan.files import locking
from keras_gan.files.atomic import remove_stale, replacing, write_atomically
from keras_gan.files.locking import FolderInUseError, FolderLock
from keras_gan.files.vanishing import FolderLostError, Place
from tests import toys
from tests.test_checkpoints import new_gan

LIGHT = """
import pathlib, sys, types
import importlib.util
root = pathlib.Path(sys.argv[1])
for name in ("keras_gan", "keras_gan.files"):  # without what their __init__ imports
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [str(root / name.replace(".", "/"))]
from keras_gan.files.locking import FolderLock
"""
HOLDER = """
lock = FolderLock(sys.argv[2]).acquire()
if len(sys.argv) > 3:  # a child, which lives on
    import os
    if os.fork() == 0:
        sys.stdin.read()
        os._exit(0)
print("held", flush=True)
sys.stdin.read()
"""
ROOT = pathlib.Path(kg.__file__).parent.parent


def program(text, *arguments):
    """Starts a program that knows the locks, but does not load TensorFlow."""
    return subprocess.Popen(
        [sys.executable, "-c", LIGHT + text, ROOT, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", 0.1)


def test_a_second_program_is_told_who_the_first_is_until_that_is_killed(tmp_path, impatient):
    process = program(HOLDER, tmp_path)
    assert process.stdout.readline() == "held\n"
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    message = rf"{tmp_path} is in use: process {process.pid} on .* since 20.*\(python.*-c"
    with pytest.raises(FolderInUseError, match=message):
        FolderLock(tmp_path).acquire()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    process.kill()
    process.communicate()
    assert (tmp_path / ".run.lock").exists()  # which locks nothing
    with FolderLock(tmp_path):
        assert json.loads((tmp_path / ".run.lock").read_bytes())["process"] == os.getpid()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="of systems that fork")
def test_a_forked_child_holds_nothing(tmp_path):
    process = program(HOLDER, tmp_path, "fork")
    assert process.stdout.readline() == "held\n"
    process.kill()
    process.wait()
    with FolderLock(tmp_path):  # though the child reads on
        pass
    process.communicate()


@pytest.mark.parametrize("in_thread", [False, True])
def test_the_same_process_is_refused_too(tmp_path, impatient, in_thread):
    found = []

    def second():
        with pytest.raises(
            FolderInUseError, match="this same process has been writing to it since"
        ):
            FolderLock(tmp_path).acquire()
        found.append(True)

    with FolderLock(tmp_path), FolderLock(tmp_path, "pictures"):
        if in_thread:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()
        else:
            second()
    assert found
    with FolderLock(tmp_path):
        pass


def test_a_lock_that_its_holder_has_just_removed_is_not_taken_for_the_new_one(
    tmp_path, monkeypatch, impatient
):
    """The second opens the file of the first, which is removed before the second locks it."""
    first, second = FolderLock(tmp_path).acquire(), FolderLock(tmp_path)
    usual, calls = locking.opened, []

    def opened(path):
        descriptor = usual(path)
        if not calls:
            first.release()
        calls.append(path)
        return descriptor

    monkeypatch.setattr(locking, "opened", opened)
    second.acquire()
    assert len(calls) == 2
    with pytest.raises(FolderInUseError):
        FolderLock(tmp_path).acquire()
    second.release()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\n{", b"\n[]", b'\n{"process": "x"}', b"\xff" * 9]
)
def test_a_record_that_cannot_be_read_is_another_program(tmp_path, impatient, content):
    with FolderLock(tmp_path) as lock:
        lock.path.write_bytes(content)
        with pytest.raises(FolderInUseError, match="is in use: another program writes to it"):
            FolderLock(tmp_path).acquire()


def test_a_record_is_shown_without_what_a_terminal_would_obey(tmp_path, impatient):
    with FolderLock(tmp_path) as lock:
        content = {"process": 1, "host": "a\x1b[2J", "command": "x\n" * 500, "since": "\u202enow"}
        lock.path.write_text("\n" + json.dumps(content))
        with pytest.raises(FolderInUseError) as raised:
            FolderLock(tmp_path).acquire()
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 600


def test_without_locks_in_the_file_system_there_is_a_warning(tmp_path, monkeypatch, impatient):
    def unsupported(*_, **__):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(filelock, "lock_descriptor", unsupported)
    with pytest.warns(UserWarning, match="does not support locks .*no other program writes there"):
        lock = FolderLock(tmp_path).acquire()
    with pytest.raises(FolderInUseError, match="this same process"):
        FolderLock(tmp_path).acquire()
    lock.release()


def test_without_locks_a_file_left_behind_under_ones_own_number_locks_nothing(
    tmp_path, monkeypatch, impatient
):
    """As in a container, in which each run is process 1 of the same host."""

    def unsupported(*_, **__):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(filelock, "lock_descriptor", unsupported)
    known = {"process": os.getpid(), "host": platform.node(), "command": "", "since": ""}
    (tmp_path / ".run.lock").write_text("\n" + json.dumps(known))
    with pytest.warns(UserWarning, match="does not support locks"):
        lock = FolderLock(tmp_path).acquire()
    with pytest.raises(FolderInUseError, match="this same process"):
        FolderLock(tmp_path).acquire()
    lock.release()


def test_a_lock_whose_file_is_never_the_one_at_its_path_is_given_up(
    tmp_path, monkeypatch, impatient
):
    end = time.monotonic() + 5

    def is_at(*_):
        assert time.monotonic() < end
        return False

    monkeypatch.setattr(locking, "is_at", is_at)
    with pytest.raises(OSError, match="after each lock there is another file in its place"):
        FolderLock(tmp_path).acquire()


def test_a_lock_whose_file_was_removed_is_taken_again(tmp_path, impatient):
    with FolderLock(tmp_path) as lock:
        lock.path.unlink()
        lock.confirm()
        with pytest.raises(FolderInUseError):
            FolderLock(tmp_path).acquire()
        lock.path.unlink()
        with FolderLock(tmp_path), pytest.raises(FolderInUseError):
            lock.confirm()


def test_another_folder_in_a_folders_place_is_not_it(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    with FolderLock(folder) as lock:
        place = Place(folder)
        lock.path.unlink()
        folder.rmdir()
        folder.mkdir()  # which gets the number of the other on many file systems
        assert place.is_gone()
        with pytest.raises(FolderLostError, match="run is gone"):
            lock.confirm()
        place.close()
    assert not list(folder.iterdir())


def test_a_checkpoint_folder_has_one_writer(tmp_path, impatient):
    gan, folder = new_gan(), CheckpointFolder(tmp_path)
    checkpoint = kg.callbacks.Checkpoint(tmp_path)
    with folder.held():
        folder.save(gan, Progress(step=1))
        before = sorted(path.name for path in tmp_path.iterdir())
        for use in (
            lambda: CheckpointFolder(tmp_path).save(gan, Progress(step=2)),
            lambda: gan.fit(toys.points(16), verbose=0, callbacks=[checkpoint]),
        ):
            with pytest.raises(FolderInUseError, match="is in use: this same process"):
                use()
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    (tmp_path / "step_00000009.checkpoint").write_bytes(b"damaged")
    with folder.held():
        before = sorted(path.name for path in tmp_path.iterdir())
        for reader in (checkpoint, CheckpointFolder(tmp_path)):  # which need no lock
            with pytest.warns(
                UserWarning, match="is damaged: .* Training continues from step_00000001"
            ):
                assert reader.resume(gan).step == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    (tmp_path / "step_00000009.checkpoint").unlink()
    assert checkpoint.resume(gan).step == 1
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001.checkpoint"]


def test_a_folder_in_which_nobody_can_write_can_be_read(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    gan = new_gan()
    CheckpointFolder(tmp_path).save(gan, Progress(step=1))
    (tmp_path / "step_00000002.checkpoint").write_bytes(b"")
    monkeypatch.setattr(locking, "opened", refuse)
    with pytest.warns(UserWarning, match="is damaged"):
        assert kg.callbacks.Checkpoint(tmp_path).resume(gan).step == 1
    with pytest.raises(ValueError, match=r"cannot be written to .*Permission denied"):
        gan.fit(toys.points(16), verbose=0, callbacks=[kg.callbacks.Checkpoint(tmp_path)])


def test_what_its_writer_removes_while_it_is_read_is_passed_over(tmp_path, monkeypatch):
    gan, folder = new_gan(), CheckpointFolder(tmp_path)
    for step in (1, 2):
        folder.save(gan, Progress(step=step))
    listed = folder.files()
    folder.save(gan, Progress(step=3))
    listed[-1].unlink()
    lists = iter([listed, folder.files()])
    monkeypatch.setattr(CheckpointFolder, "files", lambda self: next(lists))
    assert CheckpointFolder(tmp_path).resume(gan).step == 3


@pytest.mark.parametrize("kind", ["Samples", "Evaluation"])
def test_pictures_and_scores_have_one_writer_at_a_time(tmp_path, impatient, kind):
    def callback():
        if kind == "Samples":
            return kg.callbacks.Samples(tmp_path)
        return kg.callbacks.Evaluation(toys.points(64), folder=tmp_path)

    gan = new_gan()
    other = FolderLock(tmp_path, {"Samples": "pictures", "Evaluation": "evaluation"}[kind])
    with other, pytest.raises(FolderInUseError):
        gan.fit(toys.points(16), verbose=0, callbacks=[callback()])
    mine = callback()
    for _ in range(2):  # one after the other, with the same object and with a new one
        gan.fit(toys.points(16), verbose=0, callbacks=[mine])
        gan.fit(toys.points(16), verbose=0, callbacks=[callback()])
    assert not list(tmp_path.glob(".*"))


def test_temporary_names_are_each_programs_own(tmp_path, monkeypatch):
    names = []
    usual = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (names.append(a), usual(a, b)))
    for _ in range(2):
        write_atomically(tmp_path / "a.json", b"{}")
        with replacing(tmp_path / "a.png") as path:
            path.write_bytes(b"picture")
    assert len(set(names)) == 4
    assert all(f".{os.getpid()}-" in path.name and "partial" in path.name for path in names)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.png"]


def test_only_the_dead_lose_what_they_were_writing(tmp_path):
    alive = program("print(1, flush=True); sys.stdin.read()")
    alive.stdout.readline()
    dead = program("")
    dead.communicate()
    stale = [
        f"step_00000001.checkpoint.{dead.pid}-00000000-1.partial",
        f"step_00000001.checkpoint.{os.getpid()}-00000000-1.partial",  # before a restart
        "step_00000001.checkpoint.partial",  # of an earlier version
    ]
    kept = [f"step_00000002.checkpoint.{alive.pid}-00000000-1.partial", "notes.partial"]
    for name in (*stale, *kept):
        (tmp_path / name).write_bytes(b"half")
    remove_stale(tmp_path, "*.checkpoint*")
    alive.communicate()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
