"""What the commands read of a preset's card."""

import contextlib
from collections.abc import Iterator

from keras_gan.cli.config_file import checked_object
from keras_gan.cli.settings import Settings
from keras_gan.texts import one_line


def card_in(folder: str, content: dict[str, bytes]) -> dict:
    """The card of a preset.

    Args:
        folder: The preset's folder, for messages.
        content: Its files by name.

    Raises:
        ValueError: If it has no card.
    """
    from keras_gan.zoo import trust

    if "card.json" not in content:
        raise ValueError(
            f"The preset in {one_line(folder)} has no card, which would say how it was trained."
        )
    return trust.object_in(folder, "card.json", content["card.json"])


def configuration(card: dict, name) -> Settings:
    """The settings with which a preset was trained.

    Args:
        card: Its card.
        name: The preset's name, for messages.

    Raises:
        ValueError: For settings that are unknown in this version.
    """
    with complaints(name):
        given = card["training"]["configuration"]
    return Settings(**checked_object(given, f"the card of {one_line(name)}"))


def other_name(card: dict, name) -> list[str]:
    """A sentence if the card names another preset than its folder does; otherwise nothing."""
    from keras_gan.zoo import names, presets

    called = names.checked_name(card["preset"])
    own = presets.name_of(name)
    return [] if called == own else [f"its card names {called!r}, but its own name is {own!r}"]


def page_of(name, folder: str, content: dict[str, bytes]) -> str:
    """The page of a preset's card, rendered from `card.json` with its texts escaped.

    If the card has another version or is missing, the page is `card.md`.

    Args:
        name: The preset as the user named it.
        folder: The preset's folder, for messages.
        content: Its files by name.

    Raises:
        ValueError: If it has no card.
    """
    from keras_gan.zoo import cards, names, presets, trust

    try:
        with complaints(name):
            card = card_in(folder, content)
            called = card["preset"] if names.NAME.fullmatch(str(card["preset"])) else None
            return cards.rendered(card, called or presets.name_of(name))
    except trust.UntrustedPresetError:
        raise
    except ValueError:
        if "card.md" not in content:
            raise
        return trust.text_of(folder, "card.md", content["card.md"])


@contextlib.contextmanager
def complaints(name) -> Iterator[None]:
    """A scope in which an incomplete card is a `ValueError` of one sentence."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(
            f"The card of {one_line(name)} is not in this version's format: "
            f"{type(error).__name__} {one_line(error)}."
        ) from error
