"""Texts for a page in Markdown, of which none becomes a link, a heading or HTML."""

import html
import re

from keras_gan.texts.terminal import one_line

WORD_IN_CODE = re.compile(r"(?<!`)`[\w.-]+`(?!`)")  # which a card may hold
SPECIAL = re.compile(r"[&<>\[\]|`*$~\\]|(?<!\w)_|_(?!\w)|(?<=:)//|(?<=www)\.", re.IGNORECASE)
BEGINNING = re.compile(r"[#+=-]|(?<=\d)[.)]")  # of a heading, a list or a line, if it comes first
FIRST = re.compile(r"[#+=-]|\d{1,9}[.)](?=\s|$)")


def escaped(content):
    """The content of a card with every text in it as one line that Markdown shows as it is.

    What begins links, pictures, headings, lists, tables, emphasis or HTML becomes an entity, such
    as `&#60;`, also in names of entries; words in backticks stay, and so do numbers.

    Args:
        content: A text, or lists and dicts of JSON that hold some.

    Example:

    >>> escaped({"summary": "<b>\\n# Free [here](http://a.b)!", "steps": 3})
    {'summary': '&#60;b&#62; # Free &#91;here&#93;(http:&#47;&#47;a.b)!', 'steps': 3}
    >>> escaped("the `mnist` classifier, label_smoothing=0.0")
    'the `mnist` classifier, label_smoothing=0.0'
    """
    if isinstance(content, dict):
        return {escaped(name): escaped(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [escaped(each) for each in content]
    return _of_text(content) if isinstance(content, str) else content


def _of_text(text: str) -> str:
    """One text, escaped."""
    text, start, parts = one_line(text), 0, []
    first = FIRST.match(text)
    if first is not None:
        parts.append(BEGINNING.sub(_entities, first[0]))
        start = first.end()
    for word in WORD_IN_CODE.finditer(text, start):
        parts += [SPECIAL.sub(_entities, text[start : word.start()]), word[0]]
        start = word.end()
    return "".join([*parts, SPECIAL.sub(_entities, text[start:])])


def in_code(text: str) -> str:
    """An escaped text as a span of code; one with anything special needs HTML for that.

    Args:
        text: What `escaped` made.

    Example:

    >>> in_code(escaped("python -m this"))
    '`python -m this`'
    >>> in_code(escaped("a ` | <b>"))
    '<code>a &#96; &#124; &#60;b&#62;</code>'
    """
    plain = html.unescape(str(text))
    if plain != str(text) or "`" in plain:
        return f"<code>{SPECIAL.sub(_entities, plain)}</code>"
    return f"`{plain}`"


def _entities(match: re.Match) -> str:
    """The entities of the characters that were matched."""
    return "".join(f"&#{ord(each)};" for each in match[0])
