"""Names of the package in texts and docstrings as links to their place in the reference."""

import functools
import re

from public_names import home, is_module, kind, public

PACKAGE = "keras_gan"
NAME = re.compile(r"(?<!\[)(?<!`)`((?:kg\.)?[A-Za-z]\w*(?:\.\w+)*)(\([^`\n]*\))?`(?![\]`])")
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\[\]]*\]\([^()\s]*\)")


@functools.cache
def targets() -> dict[str, str]:
    """Where each public name is documented, by `kg.` and name and, if it is the only one, alone."""
    places, alone = {}, {}
    for name in public(PACKAGE):
        path = home(PACKAGE, name)
        if not is_module(path):
            places[f"kg.{name}"] = path
            alone.setdefault(name, set()).add(path)
            continue
        for inner in public(path):
            if kind(home(path, inner)) in ("class", "function"):
                places[f"kg.{name}.{inner}"] = home(path, inner)
                alone.setdefault(inner, set()).add(home(path, inner))
    single = {name: paths.pop() for name, paths in alone.items() if len(paths) == 1}
    return places | {name: path for name, path in single.items() if name[0].isupper()}


def linked(text: str, but: str = "") -> str:
    """A Markdown text in which code spans that are public names are links.

    Args:
        text: The text; its fenced blocks and links stay as they are.
        but: A path that is not linked: that of the object that the text is about.
    """
    kept = sorted([each.span() for pattern in (FENCE, LINK) for each in pattern.finditer(text)])

    def link(match: re.Match) -> str:
        path = targets().get(match[1])
        inside = any(start <= match.start() < end for start, end in kept)
        if path is None or path == but or inside:
            return match[0]
        return f"[{match[0]}][{path}]"

    return NAME.sub(link, text)
