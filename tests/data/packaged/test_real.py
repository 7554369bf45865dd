"""The sets as they are in the packages themselves."""

import numpy as np
import pytest

from keras_gan import data
from keras_gan.data.packaged import avatars
from keras_gan.data.packaged.fonts import CHARACTERS

FRUIT = "clipart/fruit,mammals"


def white_around(images):
    """Whether the outermost pixels are white."""
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    return np.concatenate([edge.reshape(len(images), -1) for edge in edges], 1).min(1) == 255


def leaning(ink, axis):
    """How far the centre of the ink is from the middle of the box around it."""
    amounts = ink.sum(1 - axis)
    inked = np.flatnonzero(ink.max(1 - axis) > 128)
    return np.average(np.arange(len(amounts)), weights=amounts) - (inked[0] + inked[-1]) / 2


def test_glyphs_are_black_on_white_upright_and_whole(real):
    taken = real("glyphs")
    assert taken.images.shape[1:] == (32, 32, 1)
    assert len(taken) % 62 == 0
    np.testing.assert_array_equal(np.bincount(taken.labels["character"]), len(taken) // 62)
    assert white_around(taken.images).mean() > 0.999
    assert (taken.images.reshape(len(taken), -1).min(1) < 190).all()
    ink = 255.0 - taken.images[..., 0]
    of = {each: ink[taken.labels["character"] == i] for i, each in enumerate(CHARACTERS)}
    for character, axis, side in (("P", 0, -1), ("L", 0, 1), ("L", 1, -1), ("J", 1, 1)):
        assert (np.sign([leaning(x, axis) for x in of[character]]) == side).mean() > 0.9
    tall = [(of[each].max(2) > 128).sum(1).mean() for each in "Xxg"]
    assert tall[1] < 0.85 * tall[0]
    assert tall[1] < 0.85 * tall[2]


def test_no_family_of_glyphs_is_on_both_sides(real):
    train, test = real("glyphs"), real("glyphs", "test")
    assert train.classes == test.classes
    families = [set(each.named("family")) for each in (train, test)]
    assert not families[0] & families[1]
    assert {"serif", "sans-serif"} <= set(train.named("style"))
    if "DejaVu Sans" in families[0] | families[1]:
        both = {**dict(zip(train.named("family"), train.named("style"), strict=True))}
        both |= dict(zip(test.named("family"), test.named("style"), strict=True))
        assert both["DejaVu Sans"] == "sans-serif"
        assert both["DejaVu Serif"] == "serif"
    assert "jsMath-msam10" not in families[0] | families[1]  # arrows in place of letters
    assert all(train.licences.values())


def test_parts_and_sizes_of_glyphs_have_the_same_classes(real):
    train = real("glyphs")
    serif = real("glyphs/serif", image_size=(20, 28))
    assert serif.images.shape[1:] == (20, 28, 1)
    assert serif.classes == train.classes
    assert set(serif.named("style")) == {"serif"}
    chosen = train.labels["style"] == train.classes["style"].index("serif")
    for name, values in train.labels.items():
        np.testing.assert_array_equal(values[chosen], serif.labels[name])


def test_emoji_are_the_colour_glyphs_each_once(real):
    train, test = real("emoji", image_size=32), real("emoji", "test", image_size=32)
    images = np.concatenate([train.images, test.images])
    assert images.shape[1:] == (32, 32, 3)
    assert 3_900 < len(images) <= 3_926
    assert len({x.tobytes() for x in images}) > 3_880  # a few differ in larger sizes alone
    assert (images[:, [0, 0, -1, -1], [0, -1, 0, -1]].min(-1) > 200).mean() > 0.95
    assert (np.ptp(images.reshape(len(images), -1), axis=1) > 30).all()
    assert 0.05 < len(test) / len(images) < 0.2


def test_emoji_are_grouped_by_unicode(real):
    flags = real("emoji/flags", image_size=32)
    if "group" not in flags.labels:
        pytest.skip("without unicode-data")
    assert 200 < len(flags) < 400
    assert set(flags.named("group")) == {"flags"}
    taken = real("emoji", image_size=32)
    counts = np.bincount(taken.labels["group"], minlength=len(taken.classes["group"]))
    assert counts[taken.classes["group"].index("none")] < 0.06 * len(taken)
    faces = [i for i, name in enumerate(taken.named("subgroup")) if name == "face-smiling"]
    middle = taken.images[faces][:, 14:18, 14:18].reshape(-1, 3).mean(0)
    assert middle[0] > middle[2] + 60  # they are yellow


def test_clip_art_is_by_subject_on_white(real):
    train, test = real(FRUIT), real(FRUIT, "test")
    assert train.images.shape[1:] == (64, 64, 3)
    assert train.classes["subject"] == ("fruit", "mammals")
    both = np.concatenate([train.labels["subject"], test.labels["subject"]])
    assert (np.bincount(both) > 60).all()
    corners = train.images[:, [0, 0, -1, -1], [0, -1, 0, -1]].reshape(-1, 3)
    assert (corners == 255).all(1).mean() > 0.75
    assert train.licence == "public domain (openclipart-png)"


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(avatars, "TRAIN", 200)
    monkeypatch.setattr(avatars, "TEST", 40)


@pytest.mark.usefixtures("few")
def test_avatars_look_as_their_labels_say(real):
    train, test = real("avatars"), real("avatars", "test")
    assert (train.images.shape, test.images.shape) == ((200, 64, 64, 3), (40, 64, 64, 3))
    vectors = train.indicators()
    assert vectors.shape == (200, sum(map(len, train.classes.values())))
    np.testing.assert_array_equal(vectors.sum(1), len(avatars._ENUMS))
    assert not {x.tobytes() for x in vectors} & {x.tobytes() for x in test.indicators()}
    colours = {each.name.lower(): each.value for each in avatars.values()["skin_color"]}
    skin = []
    for image, name in zip(train.images, train.named("skin_color"), strict=True):
        colour = [int(colours[name][i : i + 2], 16) for i in (1, 3, 5)]
        skin.append((np.abs(image.astype(int) - colour).max(-1) < 4).sum())
    assert np.quantile(skin, 0.02) >= 5  # the least: a hood, a beard and glasses
    assert np.mean(skin) > 100
    hair, colour = train.named("top"), train.named("hair_color")
    for i, each in enumerate(hair):
        assert (colour[i] == "none") == (each == "shaved_sides" or each in HATS)
    assert (train.images[:, 0, [0, -1]] == 255).all((1, 2)).mean() > 0.9


HATS = [
    *("hat_hat", "hat_hijab", "hat_turban", "hat_chef_cap", "hat_jedi", "hat_gladiator_helmet"),
    *(f"hat_winter_hat_{i}" for i in (1, 2, 3, 4)),
]


@pytest.mark.usefixtures("few")
def test_a_part_of_avatars_names_the_label(real):
    taken = real("avatars", image_size=32)
    labelled = data.load("avatars/mouth", labels=True, image_size=32)
    _, y = next(labelled.batch(200).as_numpy_iterator())
    np.testing.assert_array_equal(y, taken.labels["mouth"])
    _, y = next(data.load("avatars", labels=True, image_size=32).batch(200).as_numpy_iterator())
    np.testing.assert_array_equal(y, taken.labels["top"])


@pytest.mark.usefixtures("few")
def test_dark_glasses_hide_the_eyes(real):
    taken = real("avatars")
    seen = avatars._Seen()
    through = {each.name.lower(): seen.through(each) for each in avatars.values()["accessory"]}
    assert (through["sunglasses"], through["round"], through["none"]) == (False, True, True)
    for glasses, eyes in zip(taken.named("accessory"), taken.named("eyes"), strict=True):
        assert (eyes == "none") == (not through[glasses])
