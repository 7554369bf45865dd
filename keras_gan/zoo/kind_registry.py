"""The registry of the kinds of presets; their classes register themselves from `families/`."""

from typing import ClassVar

from keras_gan.texts import one_line
from keras_gan.zoo.card_texts import CardTexts

CLASSES: dict[str, type] = {}  # by kind


class Kind:
    """What lists, cards and the gallery say of a kind of preset, for which no network is needed.

    The class that loads such presets is a subclass, and takes its place in `CLASSES`.
    """

    kind: ClassVar[str]  # its name
    unnamed: ClassVar[bool] = False  # whether its presets do not name their kind
    called: ClassVar[str]  # the class as a user writes it, such as "kg.Generator"
    roles: ClassVar[tuple[tuple[str, ...], ...]]  # of the networks, in their order: each a choice
    texts: ClassVar[CardTexts]
    loads: ClassVar[bool] = False  # whether the class loads presets


def register_kind(cls: type) -> type:
    """Registers a class of presets for loader, cards, gallery and commands; a decorator.

    Args:
        cls: A `Kind`, or a subclass of `keras_gan.zoo.pretrained.Pretrained`.

    Raises:
        ValueError: If another class has the same kind or roles.
    """
    said = CLASSES.get(cls.kind)
    others = [each for each in CLASSES.values() if each is not said]
    is_awaited = said is not None and not said.loads and issubclass(cls, said) and cls is not said
    taken = {roles for each in others for roles in each.roles}
    if (said is not None and not is_awaited) or taken & set(cls.roles):
        raise ValueError(f"The kind of preset {cls.kind!r}, or its roles, are already registered.")
    CLASSES[cls.kind] = cls
    return cls


def kind_of(record: dict) -> str:
    """The kind that a card or an entry of the registry names, or else the unnamed kind.

    Args:
        record: A card, or a preset's entry in the registry.

    Raises:
        ValueError: For an unknown kind.
    """
    kind = record.get("kind", unnamed_kind())
    if not isinstance(kind, str) or kind not in CLASSES:
        raise ValueError(
            f"Unknown kind of preset {one_line(repr(kind))[:100]}. Known: "
            f"{', '.join(sorted(CLASSES))}."
        )
    return kind


def unnamed_kind() -> str:
    """The kind of presets that do not name their kind, since it was once the only one."""
    return next(kind for kind, cls in CLASSES.items() if cls.unnamed)


def class_of(roles) -> type | None:
    """The class whose presets have networks in these roles, in any order, or `None`."""
    return next((cls for cls in CLASSES.values() if ordered(cls, roles)), None)


def ordered(cls: type, roles) -> tuple[str, ...] | None:
    """Roles in the order of a class; `None` if they are not roles of the class."""
    return next((each for each in cls.roles if set(each) == set(roles)), None)
