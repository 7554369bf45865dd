"""Finds presets: in the package, in a checkout, in a folder, on the network."""

import contextlib
import json
import os
import pathlib
import tempfile
from collections.abc import Iterator

from keras_gan.files.atomic import write_json
from keras_gan.texts import one_line
from keras_gan.zoo import fetching, kind_registry, trust
from keras_gan.zoo.folders import digest, size, write
from keras_gan.zoo.kind_registry import kind_of
from keras_gan.zoo.names import checked_name, nothing_at
from keras_gan.zoo.own_zoo import folders_in, own_zoo

__all__ = [
    "digest",
    "known",
    "opened",
    "registry",
    "size",
    "write",
]

HERE = pathlib.Path(__file__).parent
INSIDE = HERE / "published"  # all presets, in an installed package
CHECKOUT = HERE.parent.parent / "zoo"
REGISTRY = HERE / "registry.json"


def registry() -> dict[str, dict]:
    """The entries of all published presets, by name.

    An entry has `kind`, `summary`, `bytes` of all files, `sha256` of its `checksums`, and
    `address`, the URL of its folder, or `None` if it comes only with a checkout.
    """
    return json.loads(REGISTRY.read_text(encoding="utf-8"))


def known(kind: str | None = None) -> dict[str, dict]:
    """The entries of all presets that load by name: published ones, and those in the user's zoo.

    Beside what `registry` says, each has `at_hand`: whether it is on this machine, so that it loads
    without a network.

    Args:
        kind: A key of `keras_gan.zoo.kind_registry.CLASSES`. Defaults to `None`: all kinds.
    """
    found = {
        name: {**entry, "at_hand": place_of(name, entry) is not None}
        for name, entry in registry().items()
    }
    found |= {name: {**entry, "at_hand": True} for name, entry in _of_own_zoo().items()}
    return {name: each for name, each in found.items() if kind in (None, kind_of(each))}


def name_of(preset: str | os.PathLike) -> str:
    """The name of a preset: the given one, or that of its folder or repository.

    Args:
        preset: As in `Pretrained.from_preset`.

    Raises:
        ValueError: For a folder with an invalid name.
    """
    given = os.fspath(preset)
    if given.startswith(fetching.HUB):
        return checked_name(given.rpartition("/")[2])
    if given in registry() or given in own_folders():
        return given
    return checked_name(pathlib.Path(given).resolve().name)


def kind_in(folder: pathlib.Path) -> str:
    """The kind of the preset in a folder; a damaged one is refused later, when it is loaded.

    Args:
        folder: The preset's folder.
    """
    try:
        config = trust.object_in(folder, "config.json", trust.bytes_of(folder, "config.json"))
    except trust.UntrustedPresetError:
        return kind_registry.unnamed_kind()
    networks = config.get("networks")
    cls = kind_registry.class_of(networks) if isinstance(networks, dict) else None
    return kind_registry.unnamed_kind() if cls is None else cls.kind


@contextlib.contextmanager
def opened(preset: str | os.PathLike) -> Iterator[tuple[str, dict[str, bytes]]]:
    """A scope with the name or folder of a preset, for messages, and its checked files.

    Args:
        preset: As in `Pretrained.from_preset`.

    Raises:
        ValueError: As in `Pretrained.from_preset`.
    """
    if not isinstance(preset, (str, os.PathLike)):
        raise ValueError(f"A preset must be a name, a folder or hf://…; received {preset!r}.")
    given = os.fspath(preset)
    if given.startswith(fetching.HUB):
        with tempfile.TemporaryDirectory() as folder:
            fetching.from_hub(given, folder)
            try:
                content = trust.read(folder)
            except trust.UntrustedPresetError as error:  # it names a temporary folder
                message = str(error).replace(folder, given)
                raise trust.UntrustedPresetError(message, error.reason) from error
            yield given, content
        return
    published = registry()
    if given in published:
        entry = published[given]
        folder = _located(given, entry)
        try:
            content = trust.read(folder, entry["sha256"])
        except trust.UntrustedPresetError:
            if folder != fetching.cached(given, entry):
                raise
            folder = fetching.fetched(given, entry)  # replaces a damaged copy
            content = trust.read(folder, entry["sha256"])
        yield os.fspath(folder), content
        return
    if given in (mine := own_folders()):
        given = os.fspath(mine[given])
    if not os.path.isdir(given):
        if "://" in given:
            raise ValueError(
                f"A preset must be a name, a folder, or hf://user/repository; received "
                f"{one_line(given)}."
            )
        raise nothing_at(given, [*published, *mine])
    yield given, trust.read(given)


def own_folders() -> dict[str, pathlib.Path]:
    """The folders of presets in the user's zoo that are not in the package's registry, by name."""
    published = registry()
    return {name: each for name, each in folders_in(own_zoo()).items() if name not in published}


def _of_own_zoo() -> dict[str, dict]:
    """The entries of the presets in the user's zoo, by name."""
    return {
        name: {
            "kind": kind_in(folder),
            "summary": f"in {folder.parent}, not on record",
            "bytes": size(folder),
            "sha256": None,
            "address": None,
        }
        for name, folder in own_folders().items()
    }


def place_of(name: str, entry: dict) -> pathlib.Path | None:
    """The folder of a published preset on this machine; `None` if it has to be downloaded.

    Args:
        name: Its name.
        entry: Its entry in the registry.
    """
    own = own_zoo()
    places = [
        *([] if own is None else [own / name]),
        INSIDE / name,
        CHECKOUT / name,
        fetching.cached(name, entry),
    ]
    for place in places:
        if (place / "checksums").is_file():
            return place
    from keras_gan.zoo import clones

    for zoo in clones.zoos():  # of any version: only files with the recorded checksum count
        with contextlib.suppress(OSError):
            if digest(zoo / name) == entry["sha256"]:
                return zoo / name
    return None


def _located(name: str, entry: dict) -> pathlib.Path:
    """The folder of a published preset, downloaded into the cache if necessary.

    Args:
        name: Its name.
        entry: Its entry in the registry.

    Raises:
        ValueError: If it is not on this machine and cannot be downloaded.
    """
    place = place_of(name, entry)
    if place is not None:
        return place
    if entry["address"] is None:
        raise ValueError(
            f"The preset {name!r} is not in this package and has no download address yet: install "
            f"all presets with pip install . in a checkout of keras_gan, or set "
            f"{fetching.VARIABLE} to the folder zoo of a checkout."
        )
    return fetching.fetched(name, entry)


def is_checkout(zoo: pathlib.Path) -> bool:
    """Whether a folder of presets belongs to the checkout from which the package is built.

    Args:
        zoo: The folder.
    """
    return zoo.resolve() == CHECKOUT.resolve()


def record(folder: pathlib.Path, summary: str) -> None:
    """Adds a preset of the checkout's zoo to the registry, or updates it and keeps its address.

    Args:
        folder: The preset's folder.
        summary: One sentence about it.
    """
    recorded = registry()
    recorded[folder.name] = {
        "kind": kind_in(folder),
        "summary": summary,
        "bytes": size(folder),
        "sha256": digest(folder),
        "address": recorded.get(folder.name, {}).get("address"),
    }
    write_json(REGISTRY, dict(sorted(recorded.items())))
