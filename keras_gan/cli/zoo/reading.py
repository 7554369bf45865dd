"""A preset's card, as far as the commands read it."""

import contextlib
from collections.abc import Iterator

from keras_gan.cli.settings import Settings
from keras_gan.cli.settings_file import checked_object
from keras_gan.texts import one_line


def card_in(folder: str, content: dict[str, bytes]) -> dict:
    """The card of a preset.

    Args:
        folder: Its folder, for messages.
        content: Its files.

    Raises:
        ValueError: If there is none.
    """
    from keras_gan.zoo import trust

    if "card.json" not in content:
        raise ValueError(
            f"The preset in {one_line(folder)} has no card that says how it was trained."
        )
    return trust.object_in(folder, "card.json", content["card.json"])


def configuration(card: dict, name) -> Settings:
    """The settings of the training.

    Args:
        card: The card.
        name: The preset's, for messages.

    Raises:
        ValueError: For settings that this version does not know.
    """
    with complaints(name):
        given = card["training"]["configuration"]
    return Settings(**checked_object(given, f"the card of {one_line(name)}"))


def other_name(card: dict, name) -> list[str]:
    """A sentence where the card has another name than the preset's, which is that of its folder."""
    from keras_gan.zoo import names, presets

    called = names.checked_name(card["preset"])
    own = presets.name_of(name)
    return [] if called == own else [f"its card is of {called!r}, and its own name is {own!r}"]


def page_of(name, folder: str, content: dict[str, bytes]) -> str:
    """The page of a preset's card, made anew of `card.json`, whose texts are data.

    `card.md` is shown where the card is of another version, or there is none.

    Args:
        name: The preset's, as it was asked for.
        folder: Its folder, for messages.
        content: Its files.

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
    """A scope in which a card without something that belongs there is an error in a sentence."""
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"The card of {one_line(name)} is not one that this version of keras_gan writes: "
            f"{type(error).__name__} {one_line(error)}."
        ) from error
