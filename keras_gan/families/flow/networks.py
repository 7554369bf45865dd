"""The bijections of named flows as networks, which a preset stores by name and arguments."""

import math

import keras

from keras_gan.arguments import whole
from keras_gan.bijections.bijection import Bijection
from keras_gan.flows import FFJORD, NICE, Flow, Glow, RealNVP
from keras_gan.networks.registry import register

MOST = 2**24  # components of a sample


@register
def nice_bijection(
    sample_shape: tuple[int, ...] = (2,),
    couplings: int = 4,
    width: int = 128,
    depth: int = 4,
    classes: int | None = None,
) -> keras.Model:
    """Builds the bijection of `kg.NICE` as a network from samples to latent vectors.

    Args:
        sample_shape: The shape of one sample.
        couplings: As in `kg.NICE`, like all others.
        width: Likewise.
        depth: Likewise.
        classes: Likewise; the network then takes [x, unit vectors of the classes].
    """
    arguments = {"couplings": couplings, "width": width, "depth": depth}
    return _network(NICE, sample_shape, classes, arguments)


@register
def real_nvp_bijection(
    sample_shape: tuple[int, ...] = (2,),
    couplings: int = 8,
    width: int = 128,
    depth: int = 2,
    levels: int = 2,
    alpha: float = 0.05,
    classes: int | None = None,
) -> keras.Model:
    """Builds the bijection of `kg.RealNVP` as a network from samples to latent vectors.

    Args:
        sample_shape: The shape of one sample.
        couplings: As in `kg.RealNVP`, like all others.
        width: Likewise.
        depth: Likewise.
        levels: Likewise.
        alpha: Likewise.
        classes: As in `nice_bijection`.
    """
    arguments = {"couplings": couplings, "width": width, "depth": depth}
    return _network(RealNVP, sample_shape, classes, {**arguments, "levels": levels, "alpha": alpha})


@register
def glow_bijection(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    levels: int = 3,
    steps_per_level: int = 8,
    width: int = 64,
    depth: int = 2,
    alpha: float = 0.05,
    classes: int | None = None,
) -> keras.Model:
    """Builds the bijection of `kg.Glow` as a network from images to latent vectors.

    Args:
        image_shape: (height, width, channels).
        levels: As in `kg.Glow`, like all others.
        steps_per_level: Likewise.
        width: Likewise.
        depth: Likewise.
        alpha: Likewise.
        classes: As in `nice_bijection`.
    """
    arguments = {"levels": levels, "steps_per_level": steps_per_level, "width": width}
    return _network(Glow, image_shape, classes, {**arguments, "depth": depth, "alpha": alpha})


@register
def ffjord_bijection(
    sample_shape: tuple[int, ...] = (2,),
    blocks: int = 1,
    width: int = 64,
    depth: int = 2,
    activation: str = "tanh",
    levels: int = 2,
    solver: str = "dopri5",
    steps: int = 8,
    rtol: float = 1e-5,
    atol: float = 1e-5,
    max_steps: int = 100,
    trace: str = "auto",
    noise: str = "rademacher",
    gradient: str = "backprop",
    classes: int | None = None,
) -> keras.Model:
    """Builds the bijection of `kg.FFJORD` as a network from samples to latent vectors.

    Args:
        sample_shape: The shape of one sample.
        blocks: As in `kg.FFJORD`, like all others.
        width: Likewise.
        depth: Likewise.
        activation: Likewise.
        levels: Likewise.
        solver: Likewise.
        steps: Likewise.
        rtol: Likewise.
        atol: Likewise.
        max_steps: Likewise.
        trace: Likewise.
        noise: Likewise.
        gradient: Likewise.
        classes: As in `nice_bijection`.
    """
    arguments = {"blocks": blocks, "width": width, "depth": depth, "activation": activation}
    solving = {"solver": solver, "steps": steps, "rtol": rtol, "atol": atol}
    solving |= {"max_steps": max_steps, "trace": trace, "noise": noise, "gradient": gradient}
    return _network(FFJORD, sample_shape, classes, {**arguments, "levels": levels, **solving})


FUNCTIONS = {
    FFJORD: ffjord_bijection,
    NICE: nice_bijection,
    RealNVP: real_nvp_bijection,
    Glow: glow_bijection,
}


def network_of(flow: Flow) -> keras.Model:
    """A new network of the composition of a named flow, with new weights.

    Args:
        flow: A `kg.NICE`, `kg.RealNVP`, `kg.Glow` or `kg.FFJORD`.

    Raises:
        ValueError: For a flow of one's own bijection, which is code.
    """
    for cls, function in FUNCTIONS.items():
        if isinstance(flow, cls):
            return function(
                sample_shape=list(flow.sample_shape), classes=flow.classes, **flow.arguments
            )
    raise ValueError(
        f"A preset names the composition of a flow, one of "
        f"{', '.join(f'kg.{cls.__name__}' for cls in FUNCTIONS)}, and this is {flow!r}: save it "
        f"with flow.save(…) instead."
    )


def bijection_in(network: keras.Model) -> Bijection:
    """The bijection of a network that a function here built.

    Args:
        network: A `keras.Model`.

    Raises:
        ValueError: If there is none.
    """
    found = [each for each in network.layers if isinstance(each, Bijection)]
    if len(found) != 1:
        raise ValueError(f"the network {network.name!r} is not a bijection")
    return found[0]


def _network(cls: type, sample_shape, classes, arguments: dict) -> keras.Model:
    """The network of a flow's composition; the class checks the arguments.

    Raises:
        ValueError: As the class.
    """
    shape = tuple(whole("sample_shape", each) for each in sample_shape)
    if math.prod(shape) > MOST:
        raise ValueError(
            f"samples of shape {shape} have more than {MOST:,} components, for which each coupling "
            f"needs tables of their own"
        )
    classes = None if classes is None else whole("classes", classes, least=2)
    bijection = cls.composed(shape, classes, **cls.checked(shape, **arguments))
    bijection._build_for(shape)
    x = keras.Input(shape, name="x")
    if classes is None:
        return keras.Model(x, bijection(x), name="bijection")
    condition = keras.Input((classes,), name="condition")
    return keras.Model([x, condition], bijection(x, condition), name="bijection")
