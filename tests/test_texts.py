"""Texts of unknown origin are shown as they are, and nothing obeys them."""

import re
import unicodedata

import pytest

from keras_gan.texts import escaped, in_code, lines, one_line
from keras_gan.texts.terminal import INVISIBLE

OBEYED = ("Cc", "Cf", "Cs", "Zl", "Zp")  # categories of Unicode


def test_no_character_that_is_obeyed_or_invisible_comes_through():
    every = [chr(code) for code in range(0x110000)]
    shown = lines("".join(each for each in every if each != "\n"))
    kinds = {unicodedata.category(each) for each in set(shown)}
    assert kinds.isdisjoint(OBEYED)
    assert not INVISIBLE.search(shown)
    assert {"é", "ß", "漢", "\U0001f600", "x", " "} < set(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("a\u202eb\u2066c\u200bd\ufeff", r"a\u202eb\u2066c\u200bd\ufeff"),
        ("one\n two\r\nthree\t", "one two three"),
        ("C:\\x1b", "C:\\x1b"),
        ("Größe 10 %", "Größe 10 %"),
    ],
)
def test_one_line(text, shown):
    assert one_line(text) == shown


HOSTILE = (
    "<script>alert(1)</script> <img src=x> &lt;b&gt; [here](http://a.b) ![](http://a.b/c.png) "
    "![x][y] <http://a.b> https://a.b www.a.b **bold** _soft_ ~~no~~ `` ` `` | cell | $x$ \\* "
)


def test_html_links_and_emphasis_become_entities():
    shown = escaped(HOSTILE)
    assert not re.search(r"[<>\[\]|*~$\\`]", shown)
    assert re.search(r"://|www\.", shown) is None
    assert not re.search(r"&(?!#\d+;)", shown)
    assert re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), shown) == HOSTILE.strip()


@pytest.mark.parametrize(
    "text", ["# head", "=====", "---", "- item", "+ item", "1. item", "12) item", "> said", "~~~"]
)
def test_no_text_begins_a_block(text):
    beginning = r" {0,3}([#>+=~-]|\d+[.)]|```|\|)"
    assert re.match(beginning, text)
    for shown in (escaped(text), escaped(f"\n\n   {text}"), escaped(f"\u2028{text}")):
        assert not re.match(beginning, shown)
        assert "\n" not in shown


def test_ordinary_texts_stay_as_they_are():
    text = (
        "SNGAN: NonSaturating(label_smoothing=0.0) on 8 × 8 pixels; `mnist` classifier, 3 - 2 = 1."
    )
    assert escaped(text) == text
    card = {"steps": 3, "rate": 0.5, "none": None, "flag": True, "list": [text, 1]}
    assert escaped(card) == card
    assert escaped({"a|b": ["<", 1]}) == {"a&#124;b": ["&#60;", 1]}


def test_code_shows_what_was_meant_and_has_no_way_out():
    assert in_code(escaped("evaluate /a/b --c")) == "`evaluate /a/b --c`"
    assert in_code(escaped("[a](b)")) == "<code>&#91;a&#93;(b)</code>"
    shown = in_code(escaped("a ` <b> | &amp;"))
    assert shown == "<code>a &#96; &#60;b&#62; &#124; &#38;amp;</code>"
