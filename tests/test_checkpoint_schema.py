"""Checkpoints whose seal is intact and whose content is not what it should be."""

import io
import json
import os
import pathlib
import shutil

import numpy as np
import pytest

from keras_gan.checkpoints import CheckpointFolder, unpack
from keras_gan.files.checksums import sealed, unsealed
from keras_gan.files.json_fields import NewerVersionError, SchemaError
from tests.backend import BACKEND
from tests.test_checkpoints import new_gan, saved, state_of, trained  # noqa: F401  fixtures

OLD = pathlib.Path(__file__).parent / "files" / "version_1"


def repacked(content, change):
    """A checkpoint after a change of its header and arrays, sealed again."""
    with np.load(io.BytesIO(unsealed(content)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    header = json.loads(str(arrays.pop("header")))
    arrays = change(header, arrays) or arrays
    file = io.BytesIO()
    np.savez(file, header=np.array(json.dumps(header)), **arrays)
    return sealed(file.getvalue())


def setting(path, value):
    def change(header, arrays):
        *outer, last = path.split("/")
        inside = header
        for name in outer:
            inside = inside[name]
        inside[int(last) if last.isdigit() else last] = value

    return change


def without(path):
    def change(header, arrays):
        *outer, last = path.split("/")
        inside = header
        for name in outer:
            inside = inside[name]
        del inside[last]

    return change


def array(change_of):
    def change(header, arrays):
        name = next(n for n, v in arrays.items() if v.dtype == "float32" and v.ndim == 2)
        arrays[name] = change_of(arrays[name])

    return change


def nan(value):
    value = value.copy()
    value.flat[0] = np.nan
    return value


CASES = {
    "an unknown field": (setting("colour", 1), "unknown field 'colour'"),
    "an unknown field of the progress": (setting("progress/x", 1), "progress has an unknown"),
    "a missing field": (without("seed"), "has no field 'seed'"),
    "a missing field of the progress": (without("progress/step"), "has no field 'step'"),
    "a step of 10**12": (setting("progress/step", 10**12), "step of its progress must be"),
    "a step below 0": (setting("progress/step", -1), "step of its progress must be"),
    "a step of another name": (
        setting("progress/step", 4),
        "its content is of another step than its name, 4",
    ),
    "a step that is true": (setting("progress/step", True), "step of its progress must be"),
    "an epoch of text": (setting("progress/epoch", "1"), "epoch of its progress must be"),
    "an impossible step": (setting("progress/steps_per_epoch", 2), "contradicts itself"),
    "too many epochs": (setting("progress/epochs", [0, 1, 2]), "contradicts itself"),
    "a history that is none": (setting("progress/history", [1]), "history of its progress"),
    "a history of more epochs": (
        setting("progress/history", {"generator_loss": [1.0] * 9}),
        "contradicts itself: 'generator_loss' of 9 epochs, but only . are completed",
    ),
    "an epoch twice": (setting("progress/epochs", [0, 0]), "losses of the epochs .1, 1. in epoch"),
    "an epoch to come": (setting("progress/epochs", [7]), "losses of the epochs .8. in epoch"),
    "a best of hundreds of digits": (setting("progress/best", 10**400), "best of its progress"),
    "a seed that is true": (setting("seed", True), "seed of its header must be a whole number"),
    "a seed below 0": (setting("seed", -1), "seed of its header must be a whole number"),
    "a rate of text": (setting("rates", {"generator": "x"}), "rates of its header must be"),
    "a list of rates": (setting("rates", {"generator": [1]}), "rates of its header must be"),
    "a rate of hundreds of digits": (setting("rates", {"generator": 10**400}), "rates of its he"),
    "a list of settings": (setting("settings", []), "settings of its header must be"),
    "a version that is none": (setting("version", "new"), "version must be"),
    "an array too few": (lambda h, a: {n: a[n] for n in list(a)[1:]}, "it has no variable_0"),
    "an array too many": (lambda h, a: a.update(more=a["variable_0"]), "has 'more', which it"),
    "another shape": (array(lambda v: v[..., None]), r"variable_\d+, .*must be \("),
    "another type": (array(lambda v: v.astype("float64")), "must be .* float32, but is"),
    "an unknown type": (setting("variables/0", ["model", "w", [1], "object"]), "unknown type"),
    "a variable that is none": (setting("variables/0", ["model"]), "variables of its header"),
    "NaN": (array(nan), r"variable_\d+, .*, holds NaN or an infinity"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_told_in_a_sentence_and_the_one_before_is_used(saved, case):  # noqa: F811
    folder, states = saved
    change, message = CASES[case]
    newest = folder.files()[-1]
    if "settings" in case or "impossible" in case:
        change = both(change, setting("progress/epoch", 0))
    content = repacked(newest.read_bytes(), change)
    newest.write_bytes(content)
    gan = new_gan(average=0.9)
    with pytest.warns(UserWarning, match=f"step_00000003.checkpoint is damaged: .*{message}"):
        assert folder.resume(gan).step == 2
    assert state_of(gan) == states[2]
    assert newest.with_name(f"{newest.name}.damaged").read_bytes() == content
    folder.best.write_bytes(content)
    if "another name" not in case:
        with pytest.raises(ValueError, match=f"best.checkpoint is damaged: .*{message}"):
            folder.load_best(gan)
    assert state_of(gan) == states[2]


def both(*changes):
    return lambda h, a: [change(h, a) for change in changes] and None


def test_a_later_version_is_refused_and_nothing_renamed(saved):  # noqa: F811
    folder, _ = saved
    gan, newest = new_gan(average=0.9), folder.files()[-1]
    newest.write_bytes(
        repacked(newest.read_bytes(), both(setting("version", 3), setting("new", 1)))
    )
    before, names = state_of(gan), sorted(path.name for path in folder.path.iterdir())
    with pytest.raises(
        ValueError, match="step_00000003.* cannot be used: it is from a later version"
    ):
        folder.resume(gan)
    assert state_of(gan) == before
    assert sorted(path.name for path in folder.path.iterdir()) == names
    with pytest.raises(NewerVersionError):
        unpack(unsealed(newest.read_bytes()))


def of_kind(path, kind):
    """Puts a folder, a pipe, a link to a device or to nothing at a path."""
    if kind == "folder":
        path.mkdir()
        (path / "inside").touch()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to({"device": "/dev/zero", "nothing": "/nowhere"}[kind])


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "nothing"])
def test_what_is_no_file_is_passed_over_in_no_time(saved, kind):  # noqa: F811
    folder, states = saved
    gan, odd = new_gan(average=0.9), folder.path / "step_00000009.checkpoint"
    of_kind(odd, kind)
    with pytest.warns(UserWarning, match="step_00000009.checkpoint is damaged: .*renamed to"):
        assert folder.resume(gan).step == 3
    assert state_of(gan) == states[3]
    assert not os.path.lexists(odd)
    of_kind(odd, kind)  # a second time, when the name is taken
    with pytest.warns(UserWarning, match="step_00000009.checkpoint.damaged-2"):
        folder.resume(gan)


def test_archives_that_are_none_are_told_from_checkpoints(saved):  # noqa: F811
    payload = unsealed(saved[0].files()[-1].read_bytes())
    small, zeros = io.BytesIO(), np.zeros(10**6)
    np.savez_compressed(small, header=np.array("{}"), variable_0=zeros)
    objects = io.BytesIO()
    np.savez(objects, header=np.array([{}], dtype=object))
    for content, message in (
        (b"", "not an archive"),
        (payload[: len(payload) // 2], "not an archive"),
        (small.getvalue(), "larger than it is|compressed"),
        (objects.getvalue(), "array 'header' has"),
    ):
        with pytest.raises(SchemaError, match=message):
            unpack(content)


def test_an_array_that_claims_to_be_huge_is_refused_by_its_size(saved):  # noqa: F811
    payload = unsealed(saved[0].files()[-1].read_bytes())
    shape = b"'shape': (2, 4), }"
    assert shape in payload
    claim = b"'shape': (9, 9" + b"9" * 10 + b"), }"
    padded = payload.replace(shape + b" " * (len(claim) - len(shape)), claim)
    assert padded != payload
    with pytest.raises(SchemaError):
        unpack(padded)


def test_checkpoints_of_the_first_version_load(tmp_path):
    folder = CheckpointFolder(shutil.copytree(OLD / "checkpoints", tmp_path / "copy"))
    header, values = unpack(unsealed(folder.files()[-1].read_bytes()))
    assert "version" not in header
    assert len(values) == len(header["variables"]) > 20
    if header["settings"].get("backend", "tensorflow") != BACKEND:
        return  # whose counts are of other types
    gan = new_gan(average=0.9)
    progress = folder.resume(gan)
    assert progress.step == 3
    assert [v.tobytes() for v in values] == state_of(gan)
