"""The page that shows all presets."""

import pathlib

from keras_gan.cli.paths import hint
from keras_gan.cli.zoo.reading import complaints
from keras_gan.files.sealed import write_atomically
from keras_gan.texts import escaped

TITLE = """# The zoo

Pretrained generators of `keras_gan`. Each folder has the networks by name and arguments (no code),
the weights, a picture, a card, and checksums; `keras-gan zoo verify` compares all of it with what
it says. This page is made by `keras-gan zoo gallery`.

"""


def check_page(zoo: pathlib.Path) -> None:
    """Refuses a folder whose `README.md` is somebody's own.

    Raises:
        ValueError: If there is one that no gallery made.
    """
    page = zoo / "README.md"
    first = TITLE.splitlines()[0].encode()
    if page.exists() and beginning_of(page, len(first)) != first:
        raise ValueError(
            f"{page} is no gallery of presets, and would be overwritten: choose another folder "
            f"with --zoo."
        )


def beginning_of(page: pathlib.Path, length: int) -> bytes:
    """The first bytes of a file, which may have any number."""
    if not page.is_file():
        return b""
    with page.open("rb") as file:
        return file.read(length)


def write_gallery(zoo: pathlib.Path) -> None:
    """Writes `README.md` of the zoo: picture, scores, size and the line that loads each preset.

    Each `card.md` is written anew, too, where its `card.json` now makes another one.

    Args:
        zoo: The folder of all presets.

    Raises:
        ValueError: For a folder without presets, or with a `README.md` that no gallery made.
    """
    paths = sorted(zoo.glob("*/card.json"))
    if not paths:
        near = "" if zoo.exists() else hint(str(zoo))
        raise ValueError(f"There are no presets in {zoo}{near}: name their folder with --zoo.")
    check_page(zoo)
    with complaints(zoo):
        found = [refreshed(path.parent) | {"preset": path.parent.name} for path in paths]
        entries = [entry(card, zoo) for card in sorted_cards(found)]
    write_atomically(zoo / "README.md", (TITLE + "\n".join(entries)).encode())


def refreshed(folder: pathlib.Path) -> dict:
    """The card of a preset, whose page now is the one that this version of the package makes.

    Args:
        folder: The preset's folder.
    """
    from keras_gan.zoo import cards, presets, trust

    content = trust.read(folder)
    card = trust.object_in(folder, "card.json", content["card.json"])
    pages = cards.content(card, folder.name)
    if pages["card.md"] != content.get("card.md"):
        del content["checksums"]
        presets.write(folder, {**content, **pages})
        if presets.is_checkout(folder.parent):
            presets.record(folder, card["summary"])
    return card


def sorted_cards(cards: list[dict]) -> list[dict]:
    """Cards by data set, then by name."""
    order = ["ring", "grid", "digits", "stacked_digits", "mnist", "cifar10"]
    place = {name: i for i, name in enumerate(order)}
    return sorted(cards, key=lambda c: (place.get(c["data"]["name"], len(order)), c["preset"]))


def entry(card: dict, zoo: pathlib.Path) -> str:
    """One preset of the page.

    Args:
        card: What its `card.json` holds, with the name of its folder as that of the preset.
        zoo: The folder of all presets.

    Raises:
        ValueError: For a name that no preset may have.
    """
    from keras_gan.zoo import kinds, presets
    from keras_gan.zoo.names import checked_name

    name, cls = checked_name(card["preset"]), kinds.CLASSES[kinds.kind_of(card)]
    card, title = escaped(card), escaped(name)
    return "\n".join(
        [
            f"## [{title}]({name}/card.md)",
            "",
            f"![{cls.texts.caption_in_gallery(card, title)}]({name}/samples.png)",
            "",
            f'`{cls.called}.from_preset("{name}")`, {presets.size(zoo / name) / 1e6:.2f} MB. '
            f"{card['summary']}",
            "",
            *cls.texts.in_gallery(card["scores"]),
        ]
    )
