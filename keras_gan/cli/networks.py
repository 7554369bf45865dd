"""The networks that the command line trains, from settings, shape of a sample and recipe."""

import contextlib
from collections.abc import Iterator

from keras_gan.files.limits import free_memory
from keras_gan.networks.registry import TooLargeError, making

WHILE_TRAINING = 5  # times the weights are in memory: two moments, gradients, the average


def pair(settings, sample_shape: tuple[int, ...], classes: int | None, recipe) -> tuple:
    """A generator and a discriminator.

    Raises:
        ValueError: For networks that cannot make such samples.
    """
    import keras_gan as kg

    is_points = len(sample_shape) == 1
    if len(sample_shape) not in (1, 3):
        raise ValueError(
            f"The command line has networks for images (height, width, channels) and points (dim,) "
            f"alone; these samples have the shape {sample_shape}: train them in Python, with "
            f"networks of your own."
        )
    if is_points != (settings.network == "mlp"):
        kind = "points need --network mlp" if is_points else "images need dcgan or resnet"
        raise ValueError(
            f"--network {settings.network} cannot make samples of shape {sample_shape}: {kind}."
        )
    if recipe.discriminator and settings.network == "resnet":
        raise ValueError(
            f"--recipe {settings.recipe} needs a discriminator with dropout, which the resnet has "
            f"not: take --network dcgan."
        )
    shape = {"data_dim": sample_shape[0]} if is_points else {"image_shape": sample_shape}
    shape["classes"] = classes
    make_generator = getattr(kg.networks, f"{settings.network}_generator")
    make_discriminator = getattr(kg.networks, f"{settings.network}_discriminator")
    return (
        make_generator(**shape, latent_dim=settings.latent_dim, width=settings.width),
        make_discriminator(**shape, **of_discriminator(settings), **recipe.discriminator),
    )


def with_encoder(settings, sample_shape: tuple[int, ...], classes: int | None, recipe) -> tuple:
    """A generator, an encoder and a discriminator of pairs.

    Raises:
        ValueError: For networks that are not fully connected, or labels.
    """
    import keras_gan as kg

    if settings.network != "mlp":
        raise ValueError(
            f"--recipe {settings.recipe} has fully connected networks alone; received --network "
            f"{settings.network}: leave that out."
        )
    if classes is not None:
        raise ValueError(
            f"The networks of --recipe {settings.recipe} take no class labels: leave --labels out."
        )
    shape = {"sample_shape": sample_shape, "latent_dim": settings.latent_dim}
    return (
        kg.networks.bigan_generator(**shape, width=settings.width),
        kg.networks.bigan_encoder(**shape, width=settings.width),
        kg.networks.bigan_discriminator(**shape, **of_discriminator(settings)),
    )


def of_discriminator(settings) -> dict:
    """The discriminator's width and normalization, as its function takes them."""
    normalization = settings.discriminator_normalization
    return {
        "width": settings.discriminator_width or settings.width,
        "normalization": None if normalization == "none" else normalization,
    }


@contextlib.contextmanager
def within_memory() -> Iterator[None]:
    """A scope in which networks are refused before their weights fill the memory.

    Raises:
        ValueError: See above.
    """
    free = free_memory()
    try:
        with making(None if free is None else free // WHILE_TRAINING, most_arrays=None):
            yield
    except TooLargeError as error:
        raise ValueError(
            f"There is not enough memory to train such networks ({error}): take a smaller --width, "
            f"--latent-dim or --image-size."
        ) from error
