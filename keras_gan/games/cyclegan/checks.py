"""What is wrong with the networks of a CycleGAN, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.networks.analysis.unused_parts import check_one_output
from keras_gan.networks.checks import check_built, check_discriminator


def check_translation_networks(generator_xy, generator_yx, discriminator_x, discriminator_y):
    """Refuses networks that do not lead from one domain to the other and back, and judge both.

    Returns:
        The shapes of a sample of x and of one of y, as far as the networks tell them.

    Raises:
        ValueError: For a network that is not built, is there twice or has several inputs, shapes
            that do not fit each other, a discriminator whose output is not an unbounded score, or
            patches of such scores.
    """
    networks = {
        "generator_xy": generator_xy,
        "generator_yx": generator_yx,
        "discriminator_x": discriminator_x,
        "discriminator_y": discriminator_y,
    }
    for role, network in networks.items():
        check_built(role, network)
        if len(shapes_of(network.input_shape)) > 1:
            raise ValueError(
                f"The {role} takes images of one domain and nothing beside; its inputs have the "
                f"shapes {network.input_shape}."
            )
    if len({id(network) for network in networks.values()}) < len(networks):
        raise ValueError(
            "A CycleGAN plays with four different networks; received one of them twice: build "
            "each by a call of its own."
        )
    for role in ("generator_xy", "generator_yx"):
        check_one_output(role, networks[role], "samples")
    for role in ("discriminator_x", "discriminator_y"):
        check_discriminator(networks[role], role, patches=True)
    shapes = {
        domain: tuple(single_shape(networks[f"discriminator_{domain}"].input_shape)[1:])
        for domain in "xy"
    }
    for role, domain, shape in (
        ("generator_xy takes", "x", single_shape(generator_xy.input_shape)[1:]),
        ("generator_xy makes", "y", made_shape(generator_xy)),
        ("generator_yx takes", "y", single_shape(generator_yx.input_shape)[1:]),
        ("generator_yx makes", "x", made_shape(generator_yx)),
    ):
        if not shapes_agree(shape, shapes[domain]):
            raise ValueError(
                f"The {role} samples of shape {tuple(shape)}, the other networks of domain "
                f"{domain} have {shapes[domain]}: all networks of a domain need one shape."
            )
        shapes[domain] = merged(shapes[domain], shape)
    return shapes["x"], shapes["y"]


def check_alike(x: tuple, y: tuple) -> None:
    """Refuses an identity term between domains whose samples have different shapes.

    Args:
        x: The shape of a sample of x.
        y: That of one of y.
    """
    if x != y:
        raise ValueError(
            f"The identity term, E|G(y) − y|, feeds samples of y to the network that takes x; "
            f"these are domains of different shapes, {x} and {y}: pass identity_weight=0."
        )
