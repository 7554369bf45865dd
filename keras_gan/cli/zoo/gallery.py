"""The page that shows all presets."""

import pathlib

from keras_gan.cli.paths import hint
from keras_gan.cli.zoo.reading import complaints
from keras_gan.data.names import PACKAGED, PLANE, is_own
from keras_gan.files.atomic import write_atomically
from keras_gan.texts import escaped

TITLE = """# The zoo

Pretrained models of `keras_gan`. Each folder has the networks by name and arguments (no code),
the weights, a picture, a card, and checksums; `keras-gan zoo verify` compares all of it with what
it says. This page is made by `keras-gan zoo gallery`.

"""


def check_page(zoo: pathlib.Path) -> None:
    """Refuses a folder whose `README.md` is not a gallery.

    Args:
        zoo: The folder of all presets.

    Raises:
        ValueError: If the gallery would overwrite somebody's own page.
    """
    page = zoo / "README.md"
    first = TITLE.splitlines()[0].encode()
    if page.exists() and _beginning_of(page, len(first)) != first:
        raise ValueError(
            f"{page} is not a gallery of presets and would be overwritten: choose another folder "
            f"with --zoo."
        )


def _beginning_of(page: pathlib.Path, length: int) -> bytes:
    """The first bytes of a file of any size."""
    if not page.is_file():
        return b""
    with page.open("rb") as file:
        return file.read(length)


def write_gallery(zoo: pathlib.Path) -> None:
    """Writes the zoo's `README.md`: picture, scores, size and the loading line of each preset.

    It also rewrites each `card.md` that no longer matches its `card.json`.

    Args:
        zoo: The folder of all presets.

    Raises:
        ValueError: For a folder without presets, or with a `README.md` that is not a gallery.
    """
    paths = sorted(zoo.glob("*/card.json"))
    if not paths:
        near = "" if zoo.exists() else hint(str(zoo))
        raise ValueError(f"There are no presets in {zoo}{near}: name their folder with --zoo.")
    check_page(zoo)
    with complaints(zoo):
        found = [_refreshed(path.parent) | {"preset": path.parent.name} for path in paths]
        entries = [entry(card, zoo) for card in sorted_cards(found)]
    write_atomically(zoo / "README.md", (TITLE + "\n".join(entries)).encode())


def _refreshed(folder: pathlib.Path) -> dict:
    """The card of a preset, after its page is rewritten in this version's form.

    Args:
        folder: The preset's folder.
    """
    from keras_gan.zoo import cards, hub_card, presets, trust

    content = trust.read(folder)
    card = trust.object_in(folder, "card.json", content["card.json"])
    pages, on_hub = cards.content(card, folder.name), folder / hub_card.FILE
    for_hub = hub_card.content(card, folder.name) if on_hub.is_file() else None
    if pages["card.md"] != content.get("card.md"):
        del content["checksums"]
        presets.write(folder, {**content, **pages})
        if presets.is_checkout(folder.parent):
            presets.record(folder, card["summary"])
    if for_hub is not None:
        write_atomically(on_hub, for_hub)
    return card


def sorted_cards(cards: list[dict]) -> list[dict]:
    """Cards sorted by data set, then by name."""
    order = [*PLANE, "digits", "stacked_digits", "mnist", *PACKAGED, "cifar10"]
    place = {name: i for i, name in enumerate(order)}
    name_of = {card["preset"]: card["data"]["name"] for card in cards}
    whole = {
        each: name.partition("/")[0] if is_own(name) else name for each, name in name_of.items()
    }
    return sorted(cards, key=lambda c: (place.get(whole[c["preset"]], len(order)), c["preset"]))


def entry(card: dict, zoo: pathlib.Path) -> str:
    """The entry of one preset on the page.

    Args:
        card: The content of its `card.json`, with the name of its folder as `preset`.
        zoo: The folder of all presets.

    Raises:
        ValueError: For an invalid name.
    """
    from keras_gan.zoo import kind_registry, presets
    from keras_gan.zoo.names import checked_name

    name, cls = checked_name(card["preset"]), kind_registry.CLASSES[kind_registry.kind_of(card)]
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
