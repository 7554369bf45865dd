"""Objectives and penalties by their names: the settings, and what the names mean."""

from keras_gan.arguments import is_finite
from keras_gan.families.setting import Setting

OBJECTIVES = (
    "hinge",
    "least_squares",
    "minimax",
    "non_saturating",
    "relativistic",
    "saddle",
    "wasserstein",
)
PENALTIES = {  # the class by its place, and whether it has one weight, which =… may set
    "r1": ("R1", True),
    "r2": ("R2", True),
    "gradient": ("GradientPenalty", True),
    "around_real": ("GradientPenalty", True),
    "finite_difference_r1": ("FiniteDifferenceR1", True),
    "finite_difference_r2": ("FiniteDifferenceR2", True),
    "lecam": ("LeCam", True),
    "bcr": ("BCR", False),
    "zcr": ("ZCR", False),
    "icr": ("ICR", False),
}
FURTHER = {"around_real": {"at": "around_real"}}  # arguments


class Terms:
    """Names of penalties, several joined by commas, each with a weight after `=` if it has one.

    Example:

    >>> "r1=5,lecam" in Terms(), "none" in Terms(), "r1=many" in Terms(), "bcr=2" in Terms()
    (True, True, False, False)
    """

    def __contains__(self, text: str) -> bool:
        if text == "none":
            return True
        try:
            return bool(parsed(text))
        except ValueError:
            return False

    def __iter__(self):
        return iter(("none", *PENALTIES))


OBJECTIVE = {
    "objective": Setting(
        str,
        None,
        f"what the players minimise, for games without one of their own: {', '.join(OBJECTIVES)}",
        names=OBJECTIVES,
        chosen="by recipe",
        decides="game",
    )
}
PENALTY = {
    "penalty": Setting(
        str,
        None,
        f"penalties on the discriminator, for games without one of their own: some of "
        f"{', '.join(PENALTIES)}, joined by commas, each with its weight or the usual one, as in "
        f"r1=5,lecam; or none",
        names=Terms(),
        chosen="none",
        decides="game",
    )
}


def parsed(text: str) -> dict[str, float | None]:
    """The weights in the text of `--penalty` by name, `None` for the usual one.

    Args:
        text: Such as `"r1=5,lecam"`.

    Raises:
        ValueError: For an unknown name, one that stands there twice, or no weight after `=`.

    Example:

    >>> parsed("r1=5,lecam")
    {'r1': 5.0, 'lecam': None}
    """
    found = {}
    for each in text.split(","):
        name, equals, weight = (part.strip() for part in each.partition("="))
        if name in found or name not in PENALTIES or (equals and not PENALTIES[name][1]):
            raise ValueError(f"{text!r} does not name penalties.")
        found[name] = float(weight) if equals else None
        if found[name] is not None and not (is_finite(found[name]) and found[name] > 0):
            raise ValueError(f"{weight!r} is not the weight of a penalty.")
    return found


def penalties_of(settings) -> list:
    """The penalties that a run's settings name, new objects.

    Args:
        settings: The run's settings, of which `penalty` counts.
    """
    from keras_gan import penalties

    if settings.penalty in (None, "none"):
        return []
    made = []
    for name, weight in parsed(settings.penalty).items():
        given = FURTHER.get(name, {}) | ({} if weight is None else {"weight": weight})
        made.append(getattr(penalties, PENALTIES[name][0])(**given))
    return made
