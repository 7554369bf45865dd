"""A folder's pictures: decoded once where memory holds them, else in every pass."""

import gc
import warnings

import numpy as np
import pytest
from PIL import Image

from keras_gan import data
from keras_gan.data import pictures
from keras_gan.data.columns import Column
from keras_gan.data.fingerprints import digest
from keras_gan.data.pictures import Pictures
from keras_gan.metrics.reference import draw, draw_reference

COUNT = 12


@pytest.fixture
def folder(tmp_path, rng):
    """Two classes of photographs of 20 x 16 pixels."""
    for i in range(COUNT):
        path = tmp_path / ("cats" if i % 3 else "dogs") / f"{i:02d}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(30, 220, size=(16, 20, 3), dtype=np.uint8)).save(path)
    return tmp_path


@pytest.fixture
def decoded(monkeypatch):
    """The names of files in the order in which they are decoded."""
    names, opened = [], pictures.opened
    monkeypatch.setattr(
        pictures, "opened", lambda file, *rest: names.append(file.name) or opened(file, *rest)
    )
    return names


@pytest.fixture
def full(monkeypatch):
    """A machine whose memory holds no folder."""
    monkeypatch.setattr(pictures, "free_memory", lambda: 100)


def loaded(folder, **options):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*decoded again in every pass")
        return data.load(folder, image_size=8, **options)


def test_a_run_decodes_no_file_twice(folder, decoded):
    samples = data.load(folder, image_size=8)
    labelled = data.load(folder, image_size=8, labels=True)  # for the scores
    batches = data.batches(samples, 4)
    for _ in range(3):
        list(batches)
    draw_reference(labelled, 5, seed=0, labelled=True)
    assert len(decoded) == COUNT
    assert len({*decoded}) == COUNT


def test_other_sizes_changed_files_and_data_that_were_let_go_are_decoded(folder, decoded):
    samples = data.load(folder, image_size=8)
    decoded.clear()
    other = data.load(folder, image_size=4)
    assert len(decoded) == COUNT
    path = folder / "cats" / "01.png"
    Image.new("RGB", (20, 16), "white").save(path)
    decoded.clear()
    changed = data.load(folder, image_size=8)
    assert len(decoded) == COUNT
    assert max(x.min() for x in changed.as_numpy_iterator()) == 1
    decoded.clear()
    del samples, other, changed
    gc.collect()
    data.load(folder, image_size=8)
    assert len(decoded) == COUNT


def test_a_smaller_limit_is_obeyed_though_the_pictures_are_known(folder):
    samples = data.load(folder, image_size=8)
    with pytest.raises(ValueError, match="20 x 16, 320 pixels, and may have 300"):
        data.load(folder, image_size=8, max_pixels=300)
    assert len(samples) == COUNT


@pytest.mark.parametrize("labels", [False, True])
def test_without_room_the_same_batches_are_streamed(folder, decoded, labels, monkeypatch):
    kept = data.load(folder, image_size=8, labels=labels)
    assert isinstance(kept.held.columns[0], Column)
    expected = told_of(kept, labels)
    del kept
    gc.collect()
    monkeypatch.setattr(pictures, "free_memory", lambda: 100)
    stream = loaded(folder, labels=labels)
    assert isinstance(stream.held.columns[0], Pictures)
    assert told_of(stream, labels) == expected
    batches = data.batches(stream, 4)
    decoded.clear()
    list(batches), list(batches)
    assert len(decoded) == 2 * COUNT


def told_of(dataset, labels):
    """All that a training sees of a data set, as text."""
    batches, reference = data.batches(dataset, 4, seed=3), draw_reference(dataset, 5, 1, labels)
    arrays = [
        list(dataset.as_numpy_iterator()),
        list(batches.repeat(2).as_numpy_iterator()),
        list(batches.passes_from(1, 1).take(2).as_numpy_iterator()),
        [reference.samples, reference.labels, draw(dataset, 10, 1, labels)[0]],
    ]
    return (
        [digest(each) for each in arrays],
        str((dataset.element_spec, batches.element_spec, len(dataset), len(batches))),
        batches.facts(),
        batches.extremes,
        reference.classes,
    )


def test_streaming_says_why_and_what_would_help(folder, full):
    with pytest.warns(
        UserWarning, match=r"12 images of 8 x 8 would take 2.3 kB of memory, and 100 "
    ):
        data.load(folder, image_size=8)


def test_broken_files_and_other_sizes_are_found_before_training_also_without_room(folder, full):
    path = folder / "cats" / "10.png"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"Cannot read the image .*10\.png"):
        loaded(folder)
    Image.new("RGB", (9, 9)).save(path)
    ignored = pytest.warns(UserWarning, match="decoded again")
    with ignored, pytest.raises(ValueError, match=r"Images of different sizes.*is 9 x 9; pass"):
        data.load(folder)


def test_a_file_that_grew_since_is_not_decoded(folder, full, decoded):
    stream = loaded(folder, max_pixels=320)
    decoded.clear()
    Image.new("RGB", (40, 40)).save(folder / "cats" / "01.png")
    with pytest.raises(Exception, match="40 x 40, 1,600 pixels, and may have 320"):
        list(data.batches(stream, COUNT))
    assert decoded == []
