"""The names of flags in place of Python arguments, in sentences that the library wrote."""

import re
from collections.abc import Iterable

CALL = re.compile(r"[\w\]]\([^()]*\)")  # code with its arguments, which stays as it is
FURTHER = ("crop", "max_bytes", "max_pixels", "truncation")  # flags beside the settings
NAMED = {"crop": "--target-crop"}


def in_flags(text: str, names: Iterable[str] = ()) -> str:
    """A sentence in which arguments of functions have the names of flags.

    `image_size=32` becomes `--image-size 32`, `labels=True` `--labels`, and `image_size` alone
    `--image-size`. Words that are also plain English, such as width, only count before `=` and at
    the start of a sentence such as "width must be …". Code with brackets stays.

    Args:
        text: The sentence.
        names: Names of arguments beside those of all settings.

    Example:

    >>> in_flags("pass image_size to crop and resize, or kg.data.load(x, image_size=32)")
    'pass --image-size to crop and resize, or kg.data.load(x, image_size=32)'
    >>> in_flags("width must be a whole number; labels=True takes sub-folders")
    '--width must be a whole number; --labels takes sub-folders'
    """
    from keras_gan.cli.settings import table

    known = sorted({*table(), *FURTHER, *names}, key=len, reverse=True)
    any_of = "|".join(map(re.escape, known))
    with_score = "|".join(re.escape(name) for name in known if "_" in name)
    pattern = re.compile(
        r"(?<![\w.\-/'\"])(?<!config\.json )"
        rf"(?:(?P<given>{any_of})=(?P<value>…|\(\d+, \d+\)|[\w.\-…]*)"
        rf"|(?P<first>{any_of})(?= must be )|(?P<alone>{with_score})(?![\w=/'\"]))"
    )

    def flag(found: re.Match) -> str:
        name = found["given"] or found["first"] or found["alone"]
        flag = NAMED.get(name, f"--{name.replace('_', '-')}")
        value = found["value"]
        value = value and re.sub(r"\((\d+), (\d+)\)", r"\1x\2", value)
        return f"{flag} {value}" if value and value != "True" else flag

    pieces, start = [], 0
    for call in CALL.finditer(text):
        pieces += [pattern.sub(flag, text[start : call.start()]), call[0]]
        start = call.end()
    return "".join([*pieces, pattern.sub(flag, text[start:])])
