"""Docstrings of the house's form as Markdown: doctests, references and papers.

An extension of griffe, which reads the sources for the pages of the reference.
"""

import re

import griffe
from name_links import linked  # which the hooks have imported from this folder

SECTIONS = "Args|Attributes|Returns|Yields|Raises|Warns"


class HouseForm(griffe.Extension):
    """Rewrites each docstring before its sections are told apart."""

    def on_instance(self, *, obj: griffe.Object, **kwargs) -> None:
        """Rewrites the docstring of a class, a function, an attribute or a module."""
        if obj.docstring:
            obj.docstring.value = linked(as_markdown(obj.docstring.value), but=obj.path)


def as_markdown(text: str) -> str:
    """A docstring whose examples are fenced, and whose papers are links."""
    text = re.sub(rf"^({SECTIONS}), ([^\n]*):$", r"\1: \1, \2", text, flags=re.MULTILINE)
    text = re.sub(r"^(Examples?)((?:, [^\n]*)?):$", r"**\1**\2:", text, flags=re.MULTILINE)
    text = re.sub(r"^Reference(s?):", r"**Reference\1:**", text, flags=re.MULTILINE)
    text = re.sub(r"arXiv(\s+)(\d{4}\.\d{4,5})", r"[arXiv\1\2](https://arxiv.org/abs/\2)", text)
    return fenced(text)


def fenced(text: str) -> str:
    """A text whose doctests are blocks of `pycon`."""
    lines, within = [], None
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        if within is None and line.lstrip().startswith(">>>"):
            within = indent
            lines += [f"{indent}```pycon"]
        elif within is not None and not line.strip():
            lines += [f"{within}```"]
            within = None
        lines += [line]
    return "\n".join(lines + ([] if within is None else [f"{within}```"]))
