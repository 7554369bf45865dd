"""A file that cannot be written leaves the one that was there."""

import errno
import os
import shutil

import pytest

import keras_gan as kg
from keras_gan.files import atomic
from tests.test_checkpoints import new_gan


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def saved(gan, folder):
    gan.save(folder / "gan.keras")
    gan.save_weights(folder / "gan.weights.h5")


@pytest.mark.parametrize("method", ["save", "save_weights"])
@pytest.mark.parametrize("how", ["known beforehand", "noticed"])
def test_a_game_that_finds_no_room_leaves_the_earlier_file(tmp_path, monkeypatch, method, how):
    gan = new_gan(average=0.9)
    saved(gan, tmp_path)
    before = contents(tmp_path)
    if how == "known beforehand":
        usage = shutil.disk_usage(tmp_path)._replace(free=1000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    else:

        def full(store, *_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(type(gan), "save_own_variables", full)
    name = {"save": "gan.keras", "save_weights": "gan.weights.h5"}[method]
    message = rf"{name} could not be written \(No space left on device\): make room"
    with pytest.raises(OSError, match=message) as raised:
        getattr(gan, method)(tmp_path / name)
    assert raised.value.errno == errno.ENOSPC
    assert contents(tmp_path) == before


def test_saving_is_keras_own_in_all_else(tmp_path, monkeypatch):
    gan = new_gan(average=0.9)
    saved(gan, tmp_path)
    assert sorted(contents(tmp_path)) == ["gan.keras", "gan.weights.h5"]
    asked = []
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or "n")
    before = contents(tmp_path)
    gan.save(tmp_path / "gan.keras", overwrite=False)
    assert len(asked) == 1
    assert contents(tmp_path) == before
    gan.save(tmp_path / "new.keras", overwrite=False)
    (tmp_path / "link.keras").symlink_to(tmp_path / "gan.keras")
    gan.save(tmp_path / "link.keras")
    assert (tmp_path / "link.keras").is_symlink()
    assert type(kg.load_model(tmp_path / "gan.keras")) is type(gan)
    with pytest.raises(ValueError, match="keras"):
        gan.save(tmp_path / "gan.zip")


def test_a_preset_that_finds_no_room_leaves_the_earlier_one(tmp_path, monkeypatch):
    gan = new_gan(average=0.9)
    kg.Generator.from_gan(gan).save_to_preset(tmp_path / "preset")
    before, written, write = contents(tmp_path), [], atomic._write

    def full_at_the_second(path, content):
        written.append(path)
        if len(written) == 2:
            path.write_bytes(content[:10])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr(atomic, "_write", full_at_the_second)
    other = new_gan(average=0.5, width=32)
    with pytest.raises(OSError, match="could not be written"):
        kg.Generator.from_gan(other).save_to_preset(tmp_path / "preset")
    assert contents(tmp_path) == before
