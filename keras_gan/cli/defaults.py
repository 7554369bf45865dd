"""What a run takes where neither flags nor a file say otherwise."""

import dataclasses

from keras_gan.cli.recipes import RECIPES
from keras_gan.cli.settings import Settings

IMAGES = {
    "width": 64,
    "latent_dim": 128,
    "epochs": 20,
    "steps_per_epoch": 1000,
    "batch_size": 64,
    "steps_per_execution": 1,
}
POINTS = {
    "width": 128,
    "latent_dim": 8,
    "epochs": 20,
    "steps_per_epoch": 500,
    "batch_size": 256,
    "steps_per_execution": 50,
}
BY_DATASET = {
    "digits": {**IMAGES, "width": 48, "latent_dim": 64, "steps_per_epoch": 300},
    "stacked_digits": {**IMAGES, "latent_dim": 64},
    "ring": POINTS,
    "grid": POINTS,
    "swiss_roll": POINTS,
}

TRANSLATION = {
    "network": "resnet",
    "width": 64,
    "epochs": 200,
    "steps_per_epoch": 1000,
    "batch_size": 1,
    "steps_per_execution": 1,
}
SMALL_TRANSLATION = {
    **TRANSLATION,
    "width": 32,
    "discriminator_width": 32,
    "epochs": 20,
    "steps_per_epoch": 200,
    "batch_size": 16,
}
SMALL = 64  # pixels: images below this are translated by small networks
NOT_OF_TRANSLATION = ("labels", "latent_dim", "features", "evaluate_epochs")


def resolve(settings: Settings, sample_shape: tuple[int, ...]) -> Settings:
    """Settings in which data set and recipe have chosen what was left open.

    What may stay `None`: `image_size`, the images as they are; `discriminator_width`, that of the
    generator; the betas, those of the recipe's optimizer; `divergence`, `target`, `latent_dim` and
    the penalty's settings where the recipe has none.

    Args:
        settings: What flags and file gave.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: When an epoch is not a whole number of executions, or a recipe is given a
            divergence, a target or another setting that it has not, or lacks its target.
    """
    is_points = len(sample_shape) == 1
    check_target(settings)
    recipe = RECIPES[settings.recipe]
    if settings.divergence is not None and settings.recipe != "fgan":
        raise ValueError(
            f"--divergence is for --recipe fgan; received --divergence {settings.divergence} with "
            f"--recipe {settings.recipe}."
        )
    for name in ("penalty_weight", "penalty_every"):
        if getattr(settings, name) is not None and name not in recipe.penalty:
            having = " ".join(key for key, each in RECIPES.items() if name in each.penalty)
            raise ValueError(
                f"--{name.replace('_', '-')} is for the recipes {having}; received "
                f"{getattr(settings, name)} with --recipe {settings.recipe}."
            )
    choices = {
        **recipe.penalty,
        "network": "mlp" if is_points else "dcgan",
        "discriminator_normalization": recipe.normalization or "none",
        "discriminator_steps": recipe.discriminator_steps,
        "generator_learning_rate": recipe.learning_rate,
        "discriminator_learning_rate": recipe.learning_rate,
        "average": recipe.average,
        "divergence": "gan" if settings.recipe == "fgan" else None,
        **BY_DATASET.get(settings.dataset, POINTS if is_points else IMAGES),
        **(recipe.points if is_points else recipe.images),
    }
    if recipe.translates:
        choices |= SMALL_TRANSLATION if sample_shape[0] < SMALL else TRANSLATION
        choices["latent_dim"] = None
    given = {name: value for name, value in vars(settings).items() if value is not None}
    steps, given_execution = (choices | given)["steps_per_epoch"], "steps_per_execution" in given
    if not given_execution and steps % choices["steps_per_execution"]:
        choices["steps_per_execution"] = 1
    resolved = dataclasses.replace(settings, **(choices | given))
    if resolved.steps_per_epoch % resolved.steps_per_execution:
        raise ValueError(
            f"--steps-per-epoch must be a multiple of --steps-per-execution; received "
            f"{resolved.steps_per_epoch} and {resolved.steps_per_execution}."
        )
    return resolved


def check_target(settings: Settings) -> None:
    """Refuses a game between two data sets without its settings, or another one with them.

    Raises:
        ValueError: See above.
    """
    if not RECIPES[settings.recipe].translates:
        for name in ("target", "target_crop", "copies"):
            if getattr(settings, name) is not None:
                flag = f"--{name.replace('_', '-')}"
                raise ValueError(
                    f"{flag} is for --recipe cyclegan; received {flag} {getattr(settings, name)} "
                    f"with --recipe {settings.recipe}."
                )
        return
    if settings.target is None:
        raise ValueError(
            f"--recipe {settings.recipe} translates between two data sets: name the other one by "
            f"--target, for example --dataset digits --target mnist --image-size 16."
        )
    fields = {field.name: field for field in dataclasses.fields(Settings)}
    for name in NOT_OF_TRANSLATION:
        if getattr(settings, name) != fields[name].default:
            raise ValueError(
                f"--{name.replace('_', '-')} is not for --recipe {settings.recipe}: leave it out."
            )
    if settings.network not in (None, TRANSLATION["network"]):
        raise ValueError(
            f"--recipe {settings.recipe} needs --network resnet; received {settings.network}."
        )
