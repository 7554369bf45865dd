"""The recipes that the command line trains, and the networks they train."""

import dataclasses
from collections.abc import Callable

from keras_gan.cli.networks import pair, with_encoder, within_memory

NETWORKS = {
    "dcgan": "convolutional, for square images from 8x8 up",
    "resnet": "residual, for images of 16, 32, 64, … pixels",
    "mlp": "fully connected, for points; those of bigan for images, too",
}

NORMALIZATIONS = ("none", "spectral", "layer", "batch", "instance")


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How the command line makes a game and its networks.

    Args:
        model: The name of the class in `keras_gan`.
        summary: What the help says.
        normalization: The discriminator's.
        learning_rate: Default of both players.
        average: Default decay of the averaged generator; 0 for none.
        options: From the resolved `Settings` to the class's own arguments.
        discriminator_steps: Default number of discriminator steps.
        penalty: The class's own arguments that weigh its gradient penalty, with their defaults.
        discriminator: Further arguments of the function that makes the discriminator.
        translates: Whether it is a game between two data sets, which `keras_gan.cli.translation`
            makes.
        networks: From settings, shape of a sample, number of classes and this recipe to the
            networks, in the order in which the class takes them. Defaults to `pair`.
        images: Default settings for images, over those of the data set.
        points: The same for points.
    """

    model: str
    summary: str
    normalization: str | None
    learning_rate: float
    average: float
    options: Callable
    discriminator_steps: int = 1
    penalty: dict = dataclasses.field(default_factory=dict)
    discriminator: dict = dataclasses.field(default_factory=dict)
    translates: bool = False
    networks: Callable = pair
    images: dict = dataclasses.field(default_factory=dict)
    points: dict = dataclasses.field(default_factory=dict)


def by_steps(settings) -> dict:
    """The option of the classes that have a default number of discriminator steps."""
    return {"discriminator_steps": settings.discriminator_steps}


def by_schedule(settings) -> dict:
    """The same option of the classes that take the schedule as `GAN` does."""
    return {"schedule": settings.discriminator_steps}


RECIPES = {
    "sngan": Recipe(
        model="SNGAN",
        summary="spectrally normalized discriminator (Miyato et al. 2018)",
        normalization="spectral",
        learning_rate=4e-4,  # twice the class's: the averaged generator bears it in short runs
        average=0.999,
        options=by_steps,
    ),
    "gan": Recipe(
        model="GAN",
        summary="the original game, minimax loss and all (Goodfellow et al. 2014)",
        normalization=None,
        learning_rate=2e-4,
        average=0.0,
        options=lambda settings: {**by_schedule(settings), "objective": "minimax"},
    ),
    "dcgan": Recipe(
        model="DCGAN",
        summary="batch-normalized networks, no constraint (Radford et al. 2015)",
        normalization="batch",
        learning_rate=2e-4,
        average=0.0,
        options=by_schedule,
    ),
    "wgan": Recipe(
        model="WGAN",
        summary="Wasserstein distance, critic's weights clipped (Arjovsky et al. 2017)",
        normalization=None,
        learning_rate=5e-5,
        average=0.0,
        options=by_steps,
        discriminator_steps=5,
    ),
    "wgangp": Recipe(
        model="WGANGP",
        summary="Wasserstein distance, gradient penalty (Gulrajani et al. 2017)",
        normalization="layer",
        learning_rate=1e-4,
        average=0.0,
        options=by_steps,
        discriminator_steps=5,
        penalty={"penalty_weight": 10.0},
    ),
    "ctgan": Recipe(
        model="CTGAN",
        summary="WGAN-GP and a consistency term on dropout passes (Wei et al. 2018)",
        normalization="layer",
        learning_rate=1e-4,
        average=0.0,
        options=by_steps,
        discriminator_steps=5,
        penalty={"penalty_weight": 10.0},
        discriminator={"dropout": 0.5, "features": True},
    ),
    "dragan": Recipe(
        model="DRAGAN",
        summary="gradient penalty around the data (Kodali et al. 2017)",
        normalization="layer",
        learning_rate=1e-4,
        average=0.0,
        options=by_schedule,
        penalty={"penalty_weight": 10.0},
    ),
    "gangp": Recipe(
        model="GANGP",
        summary="standard GAN with WGAN-GP's penalty (Fedus et al. 2017)",
        normalization="layer",
        learning_rate=1e-4,
        average=0.0,
        options=by_schedule,
        penalty={"penalty_weight": 10.0},
    ),
    "fgan": Recipe(
        model="FGAN",
        summary="any f-divergence, see --divergence (Nowozin et al. 2016)",
        normalization=None,
        learning_rate=2e-4,
        average=0.0,
        options=lambda settings: {**by_schedule(settings), "divergence": settings.divergence},
    ),
    "r3gan": Recipe(
        model="R3GAN",
        summary="relativistic pairs, penalties on data and samples (Huang et al. 2025)",
        normalization=None,
        learning_rate=2e-4,
        average=0.999,
        options=by_schedule,
        penalty={"penalty_weight": 1.0, "penalty_every": 1},
    ),
    "cyclegan": Recipe(
        model="CycleGAN",
        summary="translation between two sets of images, see --target (Zhu et al. 2017)",
        normalization="instance",
        learning_rate=2e-4,
        average=0.999,
        options=by_schedule,
        translates=True,
    ),
    "bigan": Recipe(
        model="BiGAN",
        summary="an encoder beside the generator, a discriminator of pairs (Donahue et al. 2016)",
        normalization=None,
        learning_rate=2e-4,
        average=0.999,
        options=lambda settings: {**by_schedule(settings), "prior": "uniform"},
        networks=with_encoder,
        images={"network": "mlp", "width": 512, "latent_dim": 50, "batch_size": 128},
        points={"latent_dim": 2},  # G and E are inverse to each other where the dimensions agree
    ),
}


def build(settings, sample_shape: tuple[int, ...], classes: int | None = None):
    """The compiled game that settings describe.

    Args:
        settings: `Settings` without a `None` that matters here.
        sample_shape: The shape of one sample, `(height, width, channels)` or `(d,)`.
        classes: How many class labels the networks take; `None` where they take none.

    Raises:
        ValueError: For networks that cannot make such samples.
    """
    import keras_gan as kg

    recipe = RECIPES[settings.recipe]
    with within_memory():
        networks = recipe.networks(settings, sample_shape, classes, recipe)
    gan = getattr(kg, recipe.model)(
        *networks,
        average=settings.average or None,
        seed=settings.seed,
        **recipe.options(settings),
        **{name: getattr(settings, name) for name in recipe.penalty},
    )
    steps = {"generator": 1, "discriminator": settings.discriminator_steps}
    gan.compile(
        **{
            f"{player}_optimizer": optimizer(gan, player, settings, k)
            for player, k in steps.items()
        },
        steps_per_execution=settings.steps_per_execution,
    )
    return gan


def optimizer(gan, player: str, settings, steps: int):
    """A player's optimizer: the recipe's own, with the settings' rate, schedule and betas.

    Args:
        gan: The game.
        player: `"generator"` or `"discriminator"`.
        settings: As in `build`.
        steps: How often the player moves in one step of the game.

    Raises:
        ValueError: For betas where the recipe's optimizer is not Adam.
    """
    import keras

    default = gan.default_optimizer(player)
    config = default.get_config()
    rate = getattr(settings, f"{player}_learning_rate")
    if settings.learning_rate_schedule == "cosine":
        whole = steps * settings.epochs * settings.steps_per_epoch
        rate = keras.optimizers.schedules.CosineDecay(rate, whole)
    config["learning_rate"] = rate
    for name in ("beta_1", "beta_2"):
        value = getattr(settings, name)
        if value is not None and name not in config:
            raise ValueError(
                f"--{name.replace('_', '-')} is for recipes that train by Adam; {settings.recipe} "
                f"takes {type(default).__name__}, which has none."
            )
        if value is not None:
            config[name] = value
    return type(default).from_config(config)
