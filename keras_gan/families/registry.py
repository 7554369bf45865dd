"""The registry of models that the command line can train, by the name of their recipe."""

from keras_gan.families.entry import Entry
from keras_gan.families.setting import Setting

ENTRIES: dict[str, Entry] = {}  # by name

NETWORKS: dict[str, str] = {}  # of all of them


def register(entry: Entry) -> Entry:
    """Adds an entry to all commands.

    Args:
        entry: The entry.

    Raises:
        ValueError: If the name is taken, or another family defines a setting differently.
    """
    if entry.name in ENTRIES:
        raise ValueError(f"The recipe {entry.name!r} is already registered.")
    known = own_settings()
    for name, setting in entry.settings.items():
        if known.get(name, setting) is not setting:
            raise ValueError(
                f"The setting {name!r} of {entry.name} differs from that of another recipe."
            )
    ENTRIES[entry.name] = entry
    for name, text in entry.networks.items():
        NETWORKS.setdefault(name, text)
    return entry


def own_settings() -> dict[str, Setting]:
    """The settings of single families, by name."""
    return {name: each for entry in ENTRIES.values() for name, each in entry.settings.items()}


def entries_with(setting: str) -> list[str]:
    """The names of the entries with a setting of a single family."""
    return [name for name, entry in ENTRIES.items() if setting in entry.settings]


def entry_of(model) -> Entry | None:
    """The entry of a model's class, or `None`."""
    return next((each for each in ENTRIES.values() if type(model) is each.model), None)
