"""What is wrong with the networks and the data of two domains, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.data.checks import check_data, check_finite, check_samples, first_batch, in_numpy
from keras_gan.models.translating import of_domain
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


def check_translated(generator_xy, generator_yx, pair: tuple) -> None:
    """Refuses domains of a size that the generators do not make of the other's samples.

    Args:
        generator_xy: From x to y.
        generator_yx: From y to x.
        pair: The batches of both domains that were looked at.
    """
    x, y = (tuple(samples.shape[1:]) for samples in pair)
    for generator, role, domain, given, expected in (
        (generator_xy, "generator_xy", "y", x, y),
        (generator_yx, "generator_yx", "x", y, x),
    ):
        made = made_shape(generator, given)
        if not shapes_agree(made, expected):
            raise ValueError(
                f"The {role} makes samples of shape {made} of those of shape {given}, and the data "
                f"of domain {domain} have {expected}: bring both domains to sizes that fit."
            )


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


def check_pairs(x, y, shapes: tuple, schedule=None, batch_size: int | None = None):
    """Looks at training data of two domains, as `check_data` does at samples of one.

    Args:
        x: The first argument of `fit`: samples of domain x, or a data set of pairs of batches.
        y: The second: the samples of domain y, where x is an array.
        shapes: The shapes of a sample of x and of one of y.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Returns:
        The pair of batches that was checked, or `None` if there is none.

    Raises:
        ValueError: As `check_data`, for either domain, and if one is missing or has another number
            of samples.
    """
    if x is not None and y is None and (hasattr(x, "shape") or isinstance(x, (tuple, list))):
        raise ValueError(
            "A CycleGAN trains on two domains: pass both, gan.fit(x, y), or a data set of pairs of "
            "batches (x, y)."
        )
    with of_domain("x"):
        first = check_data(x, shapes[0], schedule, batch_size)
    if first is None:
        return None
    second = pair_of((x, y) if y is not None else first_batch(x))[1]
    with of_domain("y"):
        check_samples(second, shapes[1])
        check_finite(in_numpy(second))
    _check_lengths(len(first), len(second))
    return first, second


def pair_of(data) -> tuple:
    """The batches of both domains among what Keras hands over.

    Raises:
        ValueError: For anything but a tuple of two.
    """
    pair = tuple(data) if isinstance(data, (tuple, list)) else (data,)
    if any(part is not None for part in pair[2:]):
        raise ValueError(
            "This game takes pairs of batches (x, y); received weights or other parts beside them: "
            "leave that out, in a data set by dataset.map(lambda x, y, *rest: (x, y))."
        )
    pair = pair[:2]
    if len(pair) < 2 or not all(hasattr(each, "dtype") for each in pair):
        raise ValueError(
            "A CycleGAN trains on pairs of batches, one of either domain: gan.fit(x, y) with two "
            "arrays, or a data set whose batches are tuples (x, y)."
        )
    return pair


def check_pair(pair: tuple, shapes: tuple) -> None:
    """Checks dtypes and shapes of a pair of batches, also of symbolic ones.

    Raises:
        ValueError: For integers, samples of other shapes, or batches of different size.
    """
    for domain, samples, shape in zip("xy", pair, shapes, strict=True):
        with of_domain(domain):
            check_samples(samples, shape)
    _check_lengths(*(samples.shape[0] for samples in pair))


def _check_lengths(x: int | None, y: int | None) -> None:
    """Refuses domains of which a batch has different numbers of samples, where these are known."""
    if None not in (x, y) and x != y:
        raise ValueError(
            f"A step takes as many samples of one domain as of the other; received {x} of x and "
            f"{y} of y: cut the larger one, or repeat the smaller, to {min(x, y)} or {max(x, y)}."
        )
