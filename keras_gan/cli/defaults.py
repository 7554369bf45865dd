"""The defaults of a run: what data set and recipe choose if neither flags nor a file do."""

from keras_gan.cli.settings import Settings, table
from keras_gan.cli.steps import divided
from keras_gan.families.entry import Entry
from keras_gan.families.registry import ENTRIES, entries_with, own_settings
from keras_gan.families.setting import flag_of


def resolve(settings: Settings, sample_shape: tuple[int, ...]) -> Settings:
    """Fills in the settings that data set and recipe choose.

    `None` remains for `image_size`, if images keep their size; for `discriminator_width`, if it
    equals the generator's; for the betas, if the recipe's optimizer sets them; and for settings
    that the recipe does not have.

    Args:
        settings: The settings from flags and file.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: If an epoch is not a whole number of executions, or if a setting does not belong
            to the recipe, or is missing from it.
    """
    entry = ENTRIES[settings.recipe]
    _check_own(settings, entry)
    choices = entry.defaults(settings, sample_shape)
    settings = settings.replaced(**divided(settings, choices["steps_per_epoch"]))
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


def _check_own(settings: Settings, entry: Entry) -> None:
    """Refuses settings and networks that a recipe does not have, or that contradict each other.

    Args:
        settings: The settings from flags and file.
        entry: The recipe's entry.

    Raises:
        ValueError: Names the flag.
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
    network, networks = settings.network, entry.networks
    if networks and network is not None and network not in networks:
        raise ValueError(
            f"--network {network} is not for --recipe {settings.recipe}: take "
            f"{' or '.join(networks)}, or leave that out."
        )
    entry.check(settings)
    known = table()
    for name in entry.without:
        if getattr(settings, name) != known[name].default:
            raise ValueError(
                f"{flag_of(name)} is not for --recipe {settings.recipe}: leave it out."
            )
