"""The licences of what a data set reads, from the copyright files of its Debian packages."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable
from pathlib import Path

DOCS = Path("usr/share/doc")
UNSTATED = "as its copyright file says"
_FREE_TEXT = {  # of files that are not in Debian's machine-readable form
    "OFL": r"SIL\s+Open\s+Font\s+License",
    "public domain": r"Public\s+Domain\s+Dedication|in\s+the\s+public\s+domain",
    "GPL": r"GNU\s+General\s+Public\s+License",
    "LPPL": r"LaTeX\s+Project\s+Public\s+License",
    "Apache-2.0": r"Apache\s+License,\s+Version\s+2",
}


def licence_of(text: str) -> str:
    """The licence in a Debian copyright file, by its short names.

    Args:
        text: The file's content.

    Example:

    >>> licence_of("Files: *\\nLicense: OFL-1.1\\n\\nFiles: debian/*\\nLicense: GPL-2+")
    'OFL-1.1'
    """
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        files = re.search(r"^Files:\s*(.*(?:\n\s+.*)*)", stanza, re.MULTILINE)
        licence = re.search(r"^License:[ \t]*(\S.*)$", stanza, re.MULTILINE)
        if files and licence:
            is_packaging = all(each.startswith("debian/") for each in files[1].split())
            found += [] if is_packaging else [licence[1].strip()]
    if not found:
        flags = re.IGNORECASE
        found = [name for name, pattern in _FREE_TEXT.items() if re.search(pattern, text, flags)]
    return " and ".join(dict.fromkeys(found)) or UNSTATED


def licences(root: Path | None, packages: Iterable[str]) -> dict[str, str]:
    """The licences of packages by their names.

    Args:
        root: The folder that stands for `/`; `None` for files of the user's own.
        packages: Their names.
    """
    if root is None:
        return {"the files of your folder": "as they state"}
    found = {}
    for package in sorted(packages):
        path = root / DOCS / package / "copyright"
        is_there = path.is_file()
        found[package] = licence_of(path.read_text(errors="replace")) if is_there else UNSTATED
    return found


def documented(root: Path) -> list[str]:
    """The packages that were unpacked into a folder, by their copyright files."""
    return sorted(path.parent.name for path in (root / DOCS).glob("*/copyright"))


def in_words(by_package: dict[str, str]) -> str:
    """Licences for a card, the most frequent first.

    Example:

    >>> in_words({"fonts-a": "OFL-1.1", "fonts-b": "OFL-1.1", "fonts-c": "GPL-3"})
    'OFL-1.1 (2 packages), GPL-3 (fonts-c)'
    """
    by_licence = collections.defaultdict(list)
    for package, licence in by_package.items():
        by_licence[licence].append(package)
    parts = []
    for licence, packages in sorted(by_licence.items(), key=lambda each: (-len(each[1]), each[0])):
        few = len(packages) == 1
        parts.append(f"{licence} ({packages[0] if few else f'{len(packages)} packages'})")
    return ", ".join(parts)
