"""How many epochs of how many steps make the steps that a user asked for."""

from keras_gan.cli.settings import Settings

SHORTEST = 4  # an epoch has at least this part of the usual steps


def divided(settings: Settings, usual: int) -> dict:
    """The number of epochs and of steps per epoch whose product is `--steps`; `{}` without it.

    Epochs are as long as usual or a little shorter, unless flags say their number or length.

    Args:
        settings: The settings from flags and file.
        usual: The usual steps per epoch.

    Raises:
        ValueError: If no such epochs divide the steps.

    Example:

    >>> divided(Settings(steps=2500), usual=1000)
    {'steps': None, 'epochs': 4, 'steps_per_epoch': 625}
    """
    steps, epochs, each = settings.steps, settings.epochs, settings.steps_per_epoch
    if steps is None:
        return {}
    if epochs is not None and each is not None and epochs * each != steps:
        raise ValueError(
            f"--steps {steps} is not {epochs} epochs of {each} steps: leave out --steps, --epochs "
            f"or --steps-per-epoch."
        )
    for flag, part in (("--epochs", epochs), ("--steps-per-epoch", each)):
        if part is not None and steps % part:
            near = max(1, round(steps / part)) * part
            raise ValueError(
                f"--steps {steps} is not a multiple of {flag} {part}: take --steps {near}, or "
                f"leave one of them out."
            )
    if epochs is None and each is None:
        each = max(size for size in range(1, min(steps, usual) + 1) if steps % size == 0)
        if steps > usual and each * SHORTEST < usual:
            near = max(1, round(steps / usual)) * usual
            raise ValueError(
                f"--steps {steps} has no whole epochs of about {usual} steps: take --steps {near}, "
                f"or also say --epochs or --steps-per-epoch."
            )
    each = each or steps // epochs
    return {"steps": None, "epochs": steps // each, "steps_per_epoch": each}
