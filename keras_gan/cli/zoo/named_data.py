"""Which data are read for a preset: a card names them, and only the user has others read."""

from keras_gan.cli.settings import Settings, table
from keras_gan.families.setting import flag_of
from keras_gan.texts import one_line


def settings() -> list[str]:
    """The settings that name data."""
    return [name for name, rule in table().items() if rule.names_data]


def key_of(name: str) -> str:
    """Where a card has the data of a setting."""
    return "data" if name == "dataset" else name


def permitted(on_card: Settings, name, given: dict[str, str]) -> Settings:
    """The settings of a card with the data that may be read: the library's own, or the user's.

    A card comes from anywhere. If it could name a folder, a file or a data set of another host,
    who made it would decide what is read here, and from where it is downloaded.

    Args:
        on_card: Those on the card.
        name: The preset's, for messages.
        given: The data that the user names, by setting, which are read in place of the card's.

    Raises:
        ValueError: For a card with other data than the library's own where the user names none,
            and for a second data set where the card has only one.
    """
    from keras_gan.data import DATASETS

    for field in settings():
        data = getattr(on_card, field)
        if field in given and data is None:
            raise ValueError(
                f"The card of {one_line(name)} names no {field}: leave {flag_of(field)} out."
            )
        if field not in given and data is not None and data not in DATASETS:
            raise ValueError(
                f"The card of {one_line(name)} names the data {one_line(repr(data))}, which are "
                f"not the library's own ({', '.join(DATASETS)}), so they are not read unasked: if "
                f"you have them and trust them, pass {flag_of(field)} with their place or name."
            )
    return on_card.replaced(**given)
