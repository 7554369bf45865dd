"""The augmentation of a game: from what a user gives."""

from keras_gan.augment.adaptive import Adaptive
from keras_gan.augment.augmentation import Augmentation


def get(augment, copies: bool = True) -> Augmentation | None:
    """Returns a game's augmentation, or `None` without one.

    Args:
        augment: `None`; the names of a policy of `DiffAugment`, such as
            `"color,translation,cutout"`; `"ada"` for `Adaptive()`; a `Transform`, a Keras layer,
            or a list of these; or an `Augmentation`, such as an `Adaptive`.
        copies: Whether the game has copies of transforms and layers, and not these themselves.
            Defaults to `True`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> get("color,translation").transforms
    [DiffAugment(policy='color,translation')]
    """
    if augment is None:
        return None
    if isinstance(augment, str) and augment.strip() == "ada":
        return Adaptive()
    if isinstance(augment, Augmentation):
        return augment.anew(copies)
    try:
        given = Augmentation(augment)
    except TypeError as error:
        raise ValueError(
            f"augment must be the names of a policy, such as 'color,translation,cutout' or 'ada', "
            f"a kg.augment.Transform, a Keras layer, a list of these, or a "
            f"kg.augment.Augmentation; received {augment!r}."
        ) from error
    return given.anew() if copies else given
