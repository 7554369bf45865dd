import numpy as np
import pytest
from PIL import Image

from keras_gan import data
from keras_gan.data.packaged import clipart
from keras_gan.data.packaged.white import on_white
from keras_gan.zoo import cards


@pytest.fixture
def read():
    return lambda dataset: next(dataset.batch(1000).as_numpy_iterator())


def test_transparency_is_laid_on_white(rng):
    x = rng.integers(256, size=(6, 6, 4), dtype="uint8")
    alpha = x[..., 3:] / 255
    expected = alpha * x[..., :3] + (1 - alpha) * 255
    np.testing.assert_allclose(on_white(Image.fromarray(x), (6, 6)), expected, atol=1)


def test_a_transparent_colour_does_not_show_at_an_edge():
    x = np.zeros((4, 4, 4), "uint8")  # black and transparent
    x[:, :2] = 255, 255, 255, 255
    np.testing.assert_array_equal(on_white(Image.fromarray(x), (2, 3)), 255)


@pytest.mark.parametrize("sides", [(8, 8), (8, 20), (30, 12)])
def test_a_picture_is_fitted_without_a_cut_into_the_middle_of_white(sides):
    picture = Image.new("RGB", (40, 20), (10, 20, 30))
    found = on_white(picture, sides)
    assert found.shape == (*sides, 3)
    inked = (found != 255).all(-1)
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    scale = min(sides[0] / 20, sides[1] / 40)
    assert (len(rows), len(columns)) == (round(20 * scale), round(40 * scale))
    assert inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    for found, side in ((rows, sides[0]), (columns, sides[1])):
        assert abs(found[0] - (side - 1 - found[-1])) <= 1


def test_white_around_a_picture_is_trimmed_if_that_is_asked_for():
    x = np.full((50, 50, 3), 254, "uint8")
    x[10:14, 20:24] = 255, 255, 0
    found = on_white(Image.fromarray(x), (4, 4), trimmed=True)
    np.testing.assert_array_equal(found, np.full((4, 4, 3), (255, 255, 0)))
    blank = Image.new("RGBA", (5, 9))
    np.testing.assert_array_equal(on_white(blank, (4, 4), trimmed=True), 255)


def saved(path, colour, side=12):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", (side, side), colour).save(path)


@pytest.fixture
def folder(tmp_path, own_cache):
    """Pictures as in openclipart-png: a folder in it for each subject, and links."""
    root = tmp_path / "clips"
    inside = root / clipart.INSIDE
    for i in range(20):
        saved(
            inside / f"food/fruit/fruit{i}_{'abcdefghijklmnopqrst'[i]}_01.png", (9 * i, 0, 0, 255)
        )
        saved(inside / f"flags/asia/flag{i}.png", (0, 9 * i, 250, 255))
    saved(inside / "food/soup.png", (0, 0, 90, 128))
    saved(inside / "food/blank.png", (255, 255, 255, 255))
    saved(inside / "food/nothing.png", (0, 0, 0, 0))
    (inside / "science").mkdir()
    (inside / "science/ph.png").symlink_to("../food/soup.png")
    return root


def test_clip_art_has_each_picture_once_by_subject(folder):
    splits = [data.collection("clipart", split, folder=folder, image_size=8) for split in SPLITS]
    colours = [{tuple(map(int, x[0, 0])) for x in each.images} for each in splits]
    assert sum(map(len, splits)) == 41 == len(colours[0] | colours[1])
    assert not colours[0] & colours[1]
    assert len(splits[1]) in range(1, 10)
    for each in splits:
        assert each.classes["subject"] == ("flags", "food", "science")
        for name, image in zip(each.named("subject"), each.images, strict=True):
            assert name == ("flags" if image[0, 0, 2] == 250 else "food")
    assert (127, 127, 172) in colours[0] | colours[1]  # soup: half of (0, 0, 90), half white


SPLITS = ("train", "test")


def test_parts_of_clip_art_are_subjects_at_any_depth(folder):
    def named(name):
        splits = [data.collection(name, split, folder=folder) for split in SPLITS]
        kinds = [kind for each in splits for kind in each.named("subject")]
        return {kind: kinds.count(kind) for kind in splits[0].classes["subject"]}

    assert named("clipart/food") == {"food": 1, "fruit": 20}
    assert named("clipart/fruit") == {"fruit": 20}
    assert named("clipart/science,asia") == {"science": 1, "asia": 20}
    with pytest.raises(ValueError, match="'clipart' has no part 'fruits': did you mean 'fruit'"):
        data.load("clipart/fruits", folder=folder)


def test_collections_load_as_data_sets(folder, read):
    taken = data.collection("clipart/asia,fruit", folder=folder, image_size=8)
    x, y = read(data.load("clipart/asia,fruit", folder=folder, image_size=8, labels=True))
    np.testing.assert_allclose(x, taken.images / 127.5 - 1, atol=1e-6)
    np.testing.assert_array_equal(y, taken.labels["subject"])
    _, y = read(data.load("clipart/asia,fruit", folder=folder, image_size=8, labels="folder"))
    np.testing.assert_array_equal(y, taken.labels["folder"])
    np.testing.assert_array_equal(
        read(data.load("clipart/asia,fruit", folder=folder, image_size=8)), x
    )
    cut = data.load("clipart/asia", folder=folder, crop=32, image_size=(8, 4))
    assert cut.element_spec.shape == (8, 4, 3)
    with pytest.raises(ValueError, match="no label 'kind'; allowed: 'subject', 'folder'"):
        data.load("clipart", folder=folder, labels="kind")


def test_a_card_states_the_licence_of_the_package(folder, monkeypatch):
    document = folder / "usr/share/doc/openclipart-png/copyright"
    document.parent.mkdir(parents=True)
    document.write_text("creative commons Public Domain Dedication")
    monkeypatch.setenv("KERAS_GAN_PACKAGES", str(folder))
    source, licence = cards.source_of("clipart/fruit")
    assert "Debian's openclipart-png" in source
    assert licence == "public domain (openclipart-png)"
    assert cards.source_of("mnist") == cards.SOURCES["mnist"]
    assert cards.source_of("clipart/../x") is cards.source_of("photographs") is None
