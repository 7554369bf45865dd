"""The networks of a generator and a discriminator, by the shape of a sample."""

import inspect

from keras_gan.families.adversarial import of_discriminator
from keras_gan.families.conditions import dim_of
from keras_gan.families.setting import Setting

UNNORMALIZED = ("fastgan", "r3gan", "stylegan2")  # whose discriminators have none to choose
BY_RANK = {1: ("mlp",), 2: ("conv1d",), 4: ("conv3d",)}  # images: all others
KINDS = {1: "points", 2: "series", 3: "images", 4: "volumes"}
ACTIVATIONS = ("tanh", "linear")
NETWORK_SETTINGS = {
    "attention": Setting(
        int,
        None,
        "the height in pixels of the feature maps that get self-attention, with --network resnet",
        least=1,
        chosen="none",
        decides="networks",
    ),
    "output_activation": Setting(
        str,
        None,
        "the last activation of conv1d and conv3d generators: tanh for data in [-1, 1], linear for "
        "others",
        names=ACTIVATIONS,
        chosen="tanh",
        decides="networks",
    ),
}


def check_choices(settings) -> None:
    """Refuses choices that belong to other networks than those of a run.

    Args:
        settings: `Settings` before defaults are resolved.

    Raises:
        ValueError: Names the flags.
    """
    if settings.attention is not None and settings.network != "resnet":
        raise ValueError(
            f"--attention is for residual networks; received --attention {settings.attention} with "
            f"{_network(settings)}: add --network resnet, or leave it out."
        )
    if settings.output_activation is not None and settings.network not in (*SHAPED, None):
        raise ValueError(
            f"--output-activation is for --network conv1d and conv3d; received "
            f"--output-activation {settings.output_activation} with {_network(settings)}: leave it "
            f"out."
        )


SHAPED = ("conv1d", "conv3d")  # with an activation to choose


def _network(settings) -> str:
    """The network that a user chose, in words."""
    return "no --network" if settings.network is None else f"--network {settings.network}"


def pair(settings, sample_shape: tuple[int, ...], classes: int | None, further: dict) -> tuple:
    """Builds a generator and a discriminator.

    Args:
        settings: The run's settings.
        sample_shape: `(height, width, channels)`, `(d,)`, `(time, channels)` or `(depth, height,
            width, channels)`.
        classes: The number of classes; `None` without labels.
        further: Further arguments of the discriminator's builder.

    Raises:
        ValueError: If the networks cannot make samples of this shape.
    """
    from keras_gan import networks

    of_judge = of_discriminator(settings) | _attention(settings)
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
    given = {"sample_shape": sample_shape, **_shown(settings, classes)}
    return (
        generator(settings, sample_shape, classes),
        make_discriminator(**given, **of_judge, **further),
    )


def generator(settings, sample_shape: tuple[int, ...], classes: int | None):
    """Builds a generator for samples that `check` has let pass; arguments as in `pair`."""
    from keras_gan import networks

    make = getattr(networks, f"{settings.network}_generator")
    own = {"latent_dim": settings.latent_dim, "width": settings.width, **_attention(settings)}
    if settings.network in SHAPED:
        own["output_activation"] = settings.output_activation
    return make(sample_shape=sample_shape, **_shown(settings, classes), **own)


def _shown(settings, classes: int | None) -> dict:
    """What the networks take beside samples and latent vectors: classes, or condition vectors."""
    dim = dim_of(settings)
    return {"classes": classes} if dim is None else {"condition_dim": dim}


def _attention(settings) -> dict:
    """The argument `attention` of builders that have it, where a user chose one."""
    return {} if settings.attention is None else {"attention": settings.attention}


def check(settings, sample_shape: tuple[int, ...]) -> None:
    """Checks that the networks of a run can make its samples.

    Args:
        settings: The run's settings.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: For samples of five or more axes, and for networks of others.
    """
    rank = len(sample_shape)
    if rank not in KINDS:
        raise ValueError(
            f"The command line has networks for points (dim,), series (time, channels), images "
            f"(height, width, channels) and volumes (depth, height, width, channels); these "
            f"samples have shape {sample_shape}: train in Python, with your own networks."
        )
    others = [name for names in BY_RANK.values() for name in names]
    fits = settings.network in BY_RANK[rank] if rank in BY_RANK else settings.network not in others
    if not fits:
        need = f"--network {BY_RANK[rank][0]}" if rank in BY_RANK else "one of the others"
        raise ValueError(
            f"--network {settings.network} cannot make samples of shape {sample_shape}: "
            f"{KINDS[rank]} need {need}."
        )
