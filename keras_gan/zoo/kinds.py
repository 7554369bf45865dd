"""The kinds of what presets hold: each is a class that registers itself and describes itself."""

from keras_gan.texts import one_line

CLASSES: dict[str, type] = {}  # by kind


def register_kind(cls: type) -> type:
    """Makes a class of presets known to loader, cards, gallery and commands, as a decorator.

    Args:
        cls: A subclass of `keras_gan.zoo.pretrained.Pretrained`.

    Raises:
        ValueError: For a kind or roles that another class has.
    """
    taken = {roles for each in CLASSES.values() for roles in each.roles}
    if cls.kind in CLASSES or taken & set(cls.roles):
        raise ValueError(f"There is a kind of presets {cls.kind!r} already, or one of its roles.")
    CLASSES[cls.kind] = cls
    return cls


def kind_of(record: dict) -> str:
    """The kind that a card or an entry of the registry names, or the one that needs no name.

    Args:
        record: A card, or what is known of a preset.

    Raises:
        ValueError: For a kind that this version does not know.
    """
    kind = record.get("kind", unnamed_kind())
    if not isinstance(kind, str) or kind not in CLASSES:
        raise ValueError(
            f"There is no kind of presets {one_line(repr(kind))[:100]}: known are "
            f"{', '.join(sorted(CLASSES))}."
        )
    return kind


def unnamed_kind() -> str:
    """The kind of presets that need not name it, for there were no others when they began."""
    return next(kind for kind, cls in CLASSES.items() if cls.unnamed)


def class_of(roles) -> type | None:
    """The class whose presets hold networks of these roles, in any order; `None` for none."""
    return next((cls for cls in CLASSES.values() if ordered(cls, roles)), None)


def ordered(cls: type, roles) -> tuple[str, ...] | None:
    """Roles in the order in which a class has them; `None` where they are not its."""
    return next((each for each in cls.roles if set(each) == set(roles)), None)
