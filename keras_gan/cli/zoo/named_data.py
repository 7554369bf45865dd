"""Which data are read for a preset: a card names them, and only the user has others read."""

import dataclasses

from keras_gan.cli.settings import Settings
from keras_gan.texts import one_line


def permitted(settings: Settings, name, dataset: str | None, target: str | None) -> Settings:
    """The settings of a card with the data that may be read: the library's own, or the user's.

    A card comes from anywhere. If it could name a folder, a file or a data set of another host,
    who made it would decide what is read here, and from where it is downloaded.

    Args:
        settings: Those on the card.
        name: The preset's, for messages.
        dataset: The data that the user names, which are read in place of the card's; `None` for
            none.
        target: Likewise, of the second data set of a translator.

    Raises:
        ValueError: For a card with other data than the library's own where the user names none,
            and for a second data set where the card has only one.
    """
    from keras_gan.data import DATASETS

    found = {}
    for field, given in (("dataset", dataset), ("target", target)):
        on_card = getattr(settings, field)
        if given is not None and on_card is None:
            raise ValueError(f"The card of {one_line(name)} names no {field}: leave --{field} out.")
        if given is None and on_card is not None and on_card not in DATASETS:
            raise ValueError(
                f"The card of {one_line(name)} names the data {one_line(repr(on_card))}, which are "
                f"not the library's own ({', '.join(DATASETS)}), so they are not read unasked: if "
                f"you have them and trust them, pass --{field} with their place or name."
            )
        found[field] = on_card if given is None else given
    return dataclasses.replace(settings, **found)
