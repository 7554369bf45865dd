"""What a run takes where neither flags nor a file say otherwise."""

from keras_gan.cli.settings import Settings, table
from keras_gan.families.entry import ENTRIES, Entry, entries_with, own_settings
from keras_gan.families.setting import flag_of


def resolve(settings: Settings, sample_shape: tuple[int, ...]) -> Settings:
    """Settings in which data set and recipe have chosen what was left open.

    What may stay `None`: `image_size`, the images as they are; `discriminator_width`, that of the
    generator; the betas, those of the recipe's optimizer; and what the recipe has not.

    Args:
        settings: What flags and file gave.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: When an epoch is not a whole number of executions, or a recipe is given a
            setting that it has not, or lacks one that it needs.
    """
    entry = ENTRIES[settings.recipe]
    check_own(settings, entry)
    choices = entry.defaults(settings, sample_shape)
    given = {name: value for name, value in settings.as_dict().items() if value is not None}
    steps, given_execution = (choices | given)["steps_per_epoch"], "steps_per_execution" in given
    if not given_execution and steps % choices["steps_per_execution"]:
        choices["steps_per_execution"] = 1
    resolved = settings.replaced(**(choices | given))
    if resolved.steps_per_epoch % resolved.steps_per_execution:
        raise ValueError(
            f"--steps-per-epoch must be a multiple of --steps-per-execution; received "
            f"{resolved.steps_per_epoch} and {resolved.steps_per_execution}."
        )
    return resolved


def check_own(settings: Settings, entry: Entry) -> None:
    """Refuses settings that a recipe has not, or that do not go together in it.

    Args:
        settings: What flags and file gave.
        entry: The recipe's.

    Raises:
        ValueError: See above.
    """
    for name in own_settings():
        value = getattr(settings, name, None)
        if value is not None and name not in entry.settings:
            having, flag = entries_with(name), flag_of(name)
            whose = "--recipe " if len(having) == 1 else "the recipes "
            raise ValueError(
                f"{flag} is for {whose}{' '.join(having)}; received {flag} {value} with --recipe "
                f"{settings.recipe}."
            )
    entry.check(settings)
    known = table()
    for name in entry.without:
        if getattr(settings, name) != known[name].default:
            raise ValueError(
                f"{flag_of(name)} is not for --recipe {settings.recipe}: leave it out."
            )
