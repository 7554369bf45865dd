"""The data that are read for a preset: a card may name the library's own, a user any other."""

from keras_gan.cli.settings import Settings, table
from keras_gan.families.setting import flag_of
from keras_gan.texts import one_line


def settings() -> list[str]:
    """The settings that name data."""
    return [name for name, rule in table().items() if rule.names_data]


def key_of(name: str) -> str:
    """The key of a setting's data in a card."""
    return "data" if name == "dataset" else name


def permitted(on_card: Settings, name, given: dict[str, str]) -> Settings:
    """The settings on a card, with data that may be read: the library's own, or the user's.

    A card may come from anybody. If it could name a folder, a file or a remote data set, its author
    would decide what is read or downloaded here.

    Args:
        on_card: The settings on the card.
        name: The preset's name, for messages.
        given: The data that the user names, by setting; they replace those on the card.

    Raises:
        ValueError: If the card names other data than the library's own and the user names none, or
            if the user names a second data set and the card has only one.
    """
    from keras_gan.data.names import DATASETS, is_own

    for field in settings():
        data = getattr(on_card, field)
        if field in given and data is None:
            raise ValueError(
                f"The card of {one_line(name)} does not name a {field}: leave {flag_of(field)} out."
            )
        if field not in given and data is not None and not is_own(data):
            raise ValueError(
                f"The card of {one_line(name)} names the data {one_line(repr(data))}, which are "
                f"not the library's own ({', '.join(DATASETS)}), so they are not read by default: "
                f"if you have and trust them, pass their name or path as {flag_of(field)}."
            )
    files = [field for field, rule in table().items() if rule.names_file]
    for field in files:
        if getattr(on_card, field) is not None:
            raise ValueError(
                f"The card of {one_line(name)} names a file for {flag_of(field)}: no card may."
            )
    return on_card.replaced(**given)
