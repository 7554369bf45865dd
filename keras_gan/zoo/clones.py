"""The zoo in a clone of the repository, from which the package was installed or is used."""

import contextlib
import json
import pathlib
import urllib.parse
import urllib.request
from collections.abc import Iterator
from importlib import metadata

HERE = pathlib.Path(__file__).parent


def zoos() -> Iterator[pathlib.Path]:
    """The folders `zoo` of local clones, first of the clone that contains the package.

    Then come the clone from which `pip install .` installed it, and the one around the present
    folder.
    """
    starts = [HERE.parent.parent, *_installed_from()]
    with contextlib.suppress(OSError):  # the present folder may be gone
        starts += [pathlib.Path.cwd(), *pathlib.Path.cwd().parents]
    starts += HERE.parents  # an environment within a clone
    for folder in dict.fromkeys(starts):
        if (folder / "keras_gan" / "zoo" / "registry.json").is_file():
            yield folder / "zoo"


def _installed_from() -> list[pathlib.Path]:
    """The folder from which pip installed this package, in a list; `[]` if unknown."""
    try:
        text = metadata.distribution("keras-gan").read_text("direct_url.json")
        address = urllib.parse.urlsplit(json.loads(text or "{}").get("url", ""))
    except (metadata.PackageNotFoundError, ValueError, OSError):
        return []
    if address.scheme != "file":
        return []
    return [pathlib.Path(urllib.request.url2pathname(address.path))]
