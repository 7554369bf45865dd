"""The zoo of a clone of the repository that an installed package came from or is used in."""

import contextlib
import json
import pathlib
import urllib.parse
import urllib.request
from collections.abc import Iterator
from importlib import metadata

HERE = pathlib.Path(__file__).parent


def zoos() -> Iterator[pathlib.Path]:
    """The folders `zoo` of the clones at hand, the one that the package is part of first.

    Others are the clone that `pip install .` was given, and the one around the present folder.
    """
    starts = [HERE.parent.parent, *installed_from()]
    with contextlib.suppress(OSError):  # the present folder may be gone
        starts += [pathlib.Path.cwd(), *pathlib.Path.cwd().parents]
    starts += HERE.parents  # an environment within a clone
    for folder in dict.fromkeys(starts):
        if (folder / "keras_gan" / "zoo" / "registry.json").is_file():
            yield folder / "zoo"


def installed_from() -> list[pathlib.Path]:
    """The folder that pip installed this package from, in a list, or nothing."""
    try:
        text = metadata.distribution("keras-gan").read_text("direct_url.json")
        address = urllib.parse.urlsplit(json.loads(text or "{}").get("url", ""))
    except (metadata.PackageNotFoundError, ValueError, OSError):
        return []
    if address.scheme != "file":
        return []
    return [pathlib.Path(urllib.request.url2pathname(address.path))]
