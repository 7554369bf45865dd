"""The files: whole or not there, and never believed when a bit has changed."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.checkpoints import CheckpointFolder, Progress, pack, restore, unpack
from keras_gan.files.atomic import write_atomically
from keras_gan.files.checksums import DamagedFileError, sealed, unsealed
from tests import toys


def new_gan(recipe=kg.GAN, width=4, **options):
    gan = recipe(
        kg.networks.mlp_generator(latent_dim=2, width=width, depth=1),
        kg.networks.mlp_discriminator(width=width, depth=1),
        seed=0,
        **options,
    )
    gan.compile()
    return gan


def state_of(gan):
    values = [*gan.variables, *gan.optimizer.variables, *gan.metrics_variables]
    return [keras.ops.convert_to_numpy(v).tobytes() for v in values]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with the steps 1, 2, 3, and the game's state at each."""
    gan, states = new_gan(average=0.9), {}
    folder = CheckpointFolder(tmp_path_factory.mktemp("trained"))
    for step in (1, 2, 3):
        gan.fit(toys.points(32), verbose=0)
        folder.save(gan, Progress(step=step, history={"loss": [0.1 * step]}, epochs=[0]))
        states[step] = state_of(gan)
    return folder, states


@pytest.fixture
def saved(trained, tmp_path):
    """A copy of it."""
    folder, states = trained
    return CheckpointFolder(shutil.copytree(folder.path, tmp_path / "copy")), states


def test_all_state_comes_back_bit_for_bit(saved):
    folder, states = saved
    gan = new_gan(average=0.9)
    progress = folder.resume(gan)
    assert state_of(gan) == states[3]
    assert progress == Progress(step=3, history={"loss": [0.1 * 3]}, epochs=[0])


@pytest.mark.filterwarnings("ignore:.*has weights in bfloat16")
def test_low_precision_comes_back_bit_for_bit():
    keras.config.set_dtype_policy("bfloat16")
    gan, other = new_gan(), new_gan()
    assert state_of(gan) != state_of(other)
    restore(other, pack(gan, Progress()))
    assert state_of(gan) == state_of(other)


def test_a_file_is_read_without_pickle(saved):
    header, values = unpack(unsealed(saved[0].files()[0].read_bytes()))
    assert header["keras_gan"] == kg.__version__
    assert len(header["variables"]) == len(values)
    with np.load(saved[0].files()[0], allow_pickle=False) as file:  # the seal does not hinder NumPy
        assert json.loads(str(file["header"])) == header


def spoiled(content, kind, place):
    """Content cut off, or with one bit flipped, at a place between 0 and 1."""
    at = min(int(place * len(content)), len(content) - 1)
    if kind == "cut":
        return content[:at]
    return content[:at] + bytes([content[at] ^ (1 << (at % 8))]) + content[at + 1 :]


@pytest.mark.parametrize("kind", ["cut", "flipped"])
def test_a_spoiled_newest_file_is_reported_and_the_one_before_is_used(saved, kind, rng):
    folder, states = saved
    newest = folder.files()[-1]
    content, gan = newest.read_bytes(), new_gan(average=0.9)
    ends = 1 - np.array([1, 20, 40, 60]) / len(content)  # hash, seal, end of the archive
    for place in [0.0, *rng.uniform(size=20), *ends, 1.0]:
        newest.write_bytes(spoiled(content, kind, place))
        with pytest.warns(UserWarning, match=r"step_00000003.checkpoint is damaged.*_00000002"):
            assert folder.resume(gan).step == 2
        assert state_of(gan) == states[2]
        assert newest.with_name(newest.name + ".damaged").exists()
        assert not newest.exists()


def test_when_none_is_whole_nothing_is_begun(saved):
    folder, _ = saved
    gan = new_gan(average=0.9)
    before = state_of(gan)
    for path in folder.files():
        path.write_bytes(spoiled(path.read_bytes(), "flipped", 0.5))
    for _ in range(2):
        with pytest.raises(ValueError, match="All 3 checkpoints in .* checksum is wrong"):
            folder.resume(gan)
    assert state_of(gan) == before
    assert len(folder.files()) == 3


@pytest.mark.parametrize("place", range(0, 54, 3))
def test_every_byte_of_a_sealed_file_counts(place):
    content = sealed(b"payload")
    for kind in ("cut", "flipped"):
        with pytest.raises(DamagedFileError):
            unsealed(spoiled(content, kind, place / 55))
    assert unsealed(content) == b"payload"


def test_what_a_kill_left_half_written_is_removed_and_never_read(saved):
    folder, states = saved
    half = folder.path / "step_00000004.checkpoint.partial"
    half.write_bytes(folder.files()[-1].read_bytes()[:100])
    gan = new_gan(average=0.9)
    assert folder.resume(gan).step == 3
    assert state_of(gan) == states[3]
    assert not half.exists()


def test_a_kill_between_writing_and_renaming_leaves_the_old_content(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_content_is_on_the_disk_before_its_name_is(tmp_path, monkeypatch):
    calls = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, name=name, call=original: (calls.append(name), call(*a))
        )
    write_atomically(tmp_path / "file", b"new")
    assert calls == ["fsync", "replace", "fsync"]


def assert_full_disk_is_survived(folder, errors):
    """Fills a folder's disk with checkpoints; the last that fitted in stays good."""
    gan, whole = new_gan(average=0.9, width=64), []

    def fill():
        for step in range(1, 100):
            folder.save(gan, Progress(step=step))
            whole.append(folder.files()[-1].read_bytes())

    message = "step_.*.checkpoint could not be written .*make room and run again.*are intact"
    with pytest.raises(OSError, match=message) as raised:
        fill()
    assert len(whole) > 1
    assert raised.value.errno in errors
    assert [path.read_bytes() for path in folder.files()] == whole
    assert not list(folder.path.glob("*.partial"))
    assert folder.resume(gan).step == len(whole)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk; the next test limits the file size instead")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_is_an_error_and_earlier_checkpoints_are_intact(small_disk):
    folder = CheckpointFolder(small_disk / "checkpoints", keep=100)
    assert_full_disk_is_survived(folder, [errno.ENOSPC])


def test_a_limit_on_file_sizes_is_an_error_and_earlier_checkpoints_are_intact(tmp_path):
    gan, folder = new_gan(average=0.9), CheckpointFolder(tmp_path)
    folder.save(gan, Progress(step=1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="00000002.checkpoint could not be written") as raised:
            folder.save(gan, Progress(step=2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert raised.value.errno == errno.EFBIG
    assert [path.name for path in tmp_path.iterdir()] == ["step_00000001.checkpoint"]
    assert folder.resume(gan).step == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"recipe": kg.DCGAN}, "the model GAN, here the model DCGAN"),
        ({"penalties": [kg.penalties.R1(1.0)]}, r"penalties=\[\], here penalties=\[R1"),
        ({"average": None}, "it has average=0.9, here average=None"),
        ({"width": 5}, r"discriminator.*units=4.*, here .*discriminator.*units=5"),
    ],
)
def test_a_checkpoint_of_another_game_is_refused_and_changes_nothing(saved, options, message):
    gan = new_gan(**{"average": 0.9, **options})
    before = state_of(gan)
    with pytest.raises(ValueError, match=f"step_00000003.* belongs to another training.*{message}"):
        saved[0].resume(gan)
    assert state_of(gan) == before


def test_another_optimizer_is_another_training(saved):
    gan = new_gan(average=0.9)
    gan.compile(generator_optimizer="sgd")
    message = "generator's optimizer=Adam.*, here generator's optimizer=SGD"
    with pytest.raises(ValueError, match=message):
        saved[0].resume(gan)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_and_infinity_are_not_packed(value):
    gan = new_gan()
    weight = gan.discriminator.trainable_variables[0]
    weight.assign(np.full(weight.shape, value))
    with pytest.raises(FloatingPointError, match=f"{weight.path} holds NaN or an infinity"):
        pack(gan, Progress())


def test_no_best_and_a_spoiled_best_are_errors(saved):
    folder, states = saved
    gan = new_gan(average=0.9)
    with pytest.raises(ValueError, match="There is no .*best.checkpoint: give Checkpoint a mon"):
        folder.load_best(gan)
    folder.best.write_bytes(folder.files()[0].read_bytes())
    folder.load_best(gan)
    assert state_of(gan) == states[1]
    folder.best.write_bytes(spoiled(folder.best.read_bytes(), "cut", 0.5))
    with pytest.raises(ValueError, match=r"best.checkpoint is damaged: it is cut off"):
        folder.load_best(gan)
