"""Where the files of a Debian package are: in this system, or where it was unpacked."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "KERAS_GAN_PACKAGES"  # folders into which packages were unpacked
SYSTEM = Path("/")
DPKG = Path("var/lib/dpkg")


@dataclasses.dataclass(frozen=True)
class Place:
    """A folder of pictures or fonts.

    Args:
        folder: The folder.
        root: The one around it that stands for `/`; `None` for a folder of the user's own.
        endings: Of the names of the files that are read.
        but: Names of files with such an ending that are passed over.
    """

    folder: Path
    root: Path | None
    endings: tuple[str, ...]
    but: tuple[str, ...] = ()

    def files(self) -> list[Path]:
        """All files to read, in the order of their paths."""
        return sorted(path for path in self._walk() if path.is_file())

    def is_there(self) -> bool:
        """Whether there is one."""
        return any(path.is_file() for path in self._walk())

    def _walk(self) -> Iterator[Path]:
        for folder, _, names in os.walk(self.folder):
            for name in names:
                if name.lower().endswith(self.endings) and name not in self.but:
                    yield Path(folder) / name


def placed(
    name: str,
    inside: str,
    endings: tuple[str, ...],
    packages: str,
    folder: str | Path | None,
    but: tuple[str, ...] = (),
) -> Place:
    """Finds what a data set reads.

    Looked at are `folder`, or else the folders in `$KERAS_GAN_PACKAGES` and the system, in that
    order: the first that holds such a file is taken.

    Args:
        name: The data set's name, for the message.
        inside: The place of its files below the root, such as `"usr/share/fonts"`.
        endings: As in `Place`, in small letters.
        packages: The Debian packages to install, for the message.
        folder: A folder into which packages were unpacked by `dpkg -x`, or one that holds the files
            themselves; `None` to look for packages.
        but: As in `Place`.

    Raises:
        ValueError: If there are none.
    """
    if folder is not None:
        root = Path(folder).expanduser()
        candidates = [(root / inside, root), (root, None)]
    else:
        roots = [Path(each) for each in os.environ.get(VARIABLE, "").split(os.pathsep) if each]
        candidates = [(root / inside, root) for root in (*roots, SYSTEM)]
    for below, root in candidates:
        place = Place(below, root, endings, but)
        if place.is_there():
            return place
    where = f" in {str(folder)!r}" if folder is not None else ""
    raise ValueError(
        f"The data set {name!r} reads files of Debian packages, of which none was found{where}: "
        f"apt-get install {packages}; or, without root, apt-get download {packages} && for deb in "
        f"*.deb; do dpkg -x $deb FOLDER; done, and set {VARIABLE}=FOLDER."
    )


def owners(root: Path, inside: str) -> dict[str, str] | None:
    """The free packages that own the files below `inside`, by path; `None` without a record.

    A system's own record knows what each package installed. What belongs to none, or to one of the
    sections contrib and non-free, may not be free, and is left out.
    """
    folder = root / DPKG / "info"
    if not folder.is_dir():
        return None
    unfree, start, found = _unfree(root), f"/{inside}/", {}
    for record in folder.glob("*.list"):
        package = record.stem.partition(":")[0]
        text = record.read_text(errors="replace")
        if start in text and package not in unfree:
            found |= {line: package for line in text.splitlines() if line.startswith(start)}
    return found


def _unfree(root: Path) -> set[str]:
    try:
        text = (root / DPKG / "status").read_text(errors="replace")
    except OSError:
        return set()
    found = set()
    for stanza in text.split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in stanza.splitlines() if ": " in line)
        if fields.get("Section", "").startswith(("contrib/", "non-free")):
            found.add(fields.get("Package"))
    return found
