import functools

import numpy as np
import pytest
from PIL import Image, ImageFont

from keras_gan.data.packaged.fonts import CHARACTERS, style_of
from keras_gan.data.packaged.letters import alike, legible

SMALL = [i for i, each in enumerate(CHARACTERS) if each.islower()]
CAPITAL = [CHARACTERS.index(CHARACTERS[i].upper()) for i in SMALL]


@functools.cache
def letters(width=20, shear=0.0, weight=1.0):
    """The letters of Pillow's own font, in several styles, `(62, 32, 32)`, black on white."""
    font = ImageFont.load_default(28)
    found = []
    for each in CHARACTERS:
        mask = font.getmask(each, "L")
        ink = Image.new("L", (64, 64))
        left, top, *_ = font.getbbox(each, anchor="ls")
        ink.paste(Image.frombytes("L", mask.size, bytes(mask)), (20 + left, 44 + top))
        scale = 20 / width
        ink = ink.transform((64, 64), Image.Transform.AFFINE, (scale, shear, 0, 0, 1, 0), 2)
        ink = np.clip(np.asarray(ink.crop((12, 16, 44, 48)), float) * weight, 0, 255)
        found.append(255 - ink.astype("uint8"))
    return np.stack(found)


def faces():
    return np.stack(
        [letters(*style) for style in [(20,), (17,), (22,), (20, 0.1), (19, -0.1), (20, 0, 2.0)]]
    )


def test_all_styles_of_a_text_font_are_legible():
    assert legible(faces()).all()


def changed(how):
    x = letters().copy()
    if how == "one is missing":
        x[7] = 255
    elif how == "boxes":
        x[10:50] = x[14]
    elif how == "capitals alone":
        x[SMALL] = x[CAPITAL]
    elif how == "small capitals":
        for small, capital in zip(SMALL, CAPITAL, strict=True):
            little = np.asarray(Image.fromarray(x[capital]).resize((24, 24), 2))
            x[small] = 255
            x[small, 8:, 4:28] = little
    elif how == "another script":
        x = x[np.random.default_rng(1).permutation(62)]
    elif how == "tiny":
        for i in range(62):
            little = np.asarray(Image.fromarray(x[i]).resize((14, 14), 2))
            x[i] = 255
            x[i, 9:23, 9:23] = little
    return x


HOW = ["one is missing", "boxes", "capitals alone", "small capitals", "another script", "tiny"]


@pytest.mark.parametrize("how", HOW)
def test_what_cannot_be_read_is_left_out(how):
    found = legible(np.concatenate([faces(), changed(how)[None]]))
    assert found.tolist() == [True] * 6 + [False]


def test_nothing_legible_is_no_error():
    assert legible(np.full((2, 62, 32, 32), 255, "uint8")).tolist() == [False, False]


def test_faces_that_are_there_twice_and_families_of_one_design_are_found():
    x = np.stack(
        [letters(), letters(18, 0.2), letters(), letters(25), letters(18, 0.2), letters(24.8)]
    )
    kept, groups = alike(x, ["b", "c", "a", "d", "c", "e"])
    assert kept.tolist() == [True, True, False, True, False, True]
    assert groups[:5] == ["a", "c", "a", "d", "c"]
    assert groups[5] == "d"  # not the same as the face of d, but nearly
    kept, groups = alike(x[:1], ["b"])
    assert (kept.tolist(), groups) == ([True], ["b"])


@pytest.mark.parametrize(
    ("family", "kinds", "style"),
    [
        ("DejaVu Sans Mono", (2, 5, 0), "sans-serif"),  # the name says more than PANOSE
        ("Noto Serif Display", (0, 0, 0), "serif"),
        ("Go", (2, 11, 0), "sans-serif"),
        ("Utopia", (2, 2, 0), "serif"),
        ("Charter", (0, 0, 2), "serif"),
        ("Tuffy", (0, 0, 8), "sans-serif"),
        ("Kristi", (3, 2, 10), "other"),
        ("Unknown", (2, 1, 0), "other"),
    ],
)
def test_styles_are_told_by_name_then_panose_then_class(family, kinds, style):
    assert style_of(family, *kinds) == style
