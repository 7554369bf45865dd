"""The networks of a generator and a discriminator, by the shape of a sample."""

import inspect

from keras_gan.families.adversarial import of_discriminator

UNNORMALIZED = ("fastgan", "r3gan", "stylegan2")  # whose discriminators have none to choose


def pair(settings, sample_shape: tuple[int, ...], classes: int | None, further: dict) -> tuple:
    """Builds a generator and a discriminator.

    Args:
        settings: The run's settings.
        sample_shape: `(height, width, channels)` or `(d,)`.
        classes: The number of classes; `None` without labels.
        further: Further arguments of the discriminator's builder.

    Raises:
        ValueError: If the networks cannot make samples of this shape.
    """
    from keras_gan import networks

    of_judge = of_discriminator(settings)
    check(settings, sample_shape)
    make_discriminator = getattr(networks, f"{settings.network}_discriminator")
    known = inspect.signature(make_discriminator).parameters
    lacking = [name for name in further if name not in known]
    if lacking:
        other = "fastgan" if "grids" in further else "dcgan"
        raise ValueError(
            f"--recipe {settings.recipe} needs a discriminator with {' and '.join(lacking)}, which "
            f"the {settings.network} does not have: use --network {other}."
        )
    if settings.network in UNNORMALIZED and of_judge.pop("normalization") is not None:
        raise ValueError(
            f"The discriminator of --network {settings.network} has no normalization to choose, "
            f"and this run has {settings.discriminator_normalization}: add "
            f"--discriminator-normalization none, or use --network dcgan or resnet."
        )
    return (
        generator(settings, sample_shape, classes),
        make_discriminator(sample_shape=sample_shape, classes=classes, **of_judge, **further),
    )


def generator(settings, sample_shape: tuple[int, ...], classes: int | None):
    """Builds a generator for samples that `check` has let pass; arguments as in `pair`."""
    from keras_gan import networks

    make = getattr(networks, f"{settings.network}_generator")
    sizes = {"latent_dim": settings.latent_dim, "width": settings.width}
    return make(sample_shape=sample_shape, classes=classes, **sizes)


def check(settings, sample_shape: tuple[int, ...]) -> None:
    """Checks that the networks of a run can make its samples.

    Args:
        settings: The run's settings.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: For samples that are neither images nor points, and for networks of the other.
    """
    is_points = len(sample_shape) == 1
    if len(sample_shape) not in (1, 3):
        raise ValueError(
            f"The command line has networks only for images (height, width, channels) and points "
            f"(dim,); these samples have shape {sample_shape}: train in Python, with your own "
            f"networks."
        )
    if is_points != (settings.network == "mlp"):
        kind = "points need --network mlp" if is_points else "images need one of the others"
        raise ValueError(
            f"--network {settings.network} cannot make samples of shape {sample_shape}: {kind}."
        )
