"""What is wrong with the networks of a Pix2Pix, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.networks.analysis.unused_parts import check_one_output
from keras_gan.networks.checks import check_built, check_discriminator


def check_paired_networks(generator, discriminator) -> tuple[tuple, tuple]:
    """Refuses networks that do not translate, or do not judge the pairs of what is translated.

    Args:
        generator: What was received as the network from x to y.
        discriminator: What was received as the network of pairs.

    Returns:
        The shapes of a sample of x and of one of y, as far as the networks tell them.

    Raises:
        ValueError: For a network that is not built or has several inputs, sizes of x and y that
            differ, a discriminator that takes another number of channels than both have together,
            or whose output is not an unbounded score, or patches of such scores.
    """
    check_built("generator", generator)
    check_built("discriminator", discriminator)
    if len(shapes_of(generator.input_shape)) > 1:
        raise ValueError(
            f"The generator takes samples of x and nothing beside; its inputs have the shapes "
            f"{generator.input_shape}."
        )
    check_one_output("generator", generator, "samples")
    if len(shapes_of(discriminator.input_shape)) > 1:
        raise ValueError(
            f"The discriminator takes x and y as one sample, with the channels of both; its inputs "
            f"have the shapes {discriminator.input_shape}: build it on one keras.Input."
        )
    check_discriminator(discriminator, patches=True)
    x, y = tuple(single_shape(generator.input_shape)[1:]), made_shape(generator)
    pair = tuple(single_shape(discriminator.input_shape)[1:])
    if not shapes_agree(x[:-1], y[:-1]):
        raise ValueError(
            f"The generator makes samples of shape {y} of those of shape {x}; the discriminator "
            f"sees both beside each other, so that they must agree in all but their channels: "
            f"resize x or y."
        )
    both = None if None in (x[-1], y[-1]) else x[-1] + y[-1]
    joined = (*merged(x[:-1], y[:-1]), both)
    if not shapes_agree(joined, pair):
        raise ValueError(
            f"The discriminator takes samples of shape {pair}, but a pair of x, {x}, and y, {y}, "
            f"has the shape {joined}, with the channels of both: build it for that shape."
        )
    sides = merged(joined[:-1], pair[:-1])
    return (*sides, x[-1]), (*sides, y[-1])


def check_weights_of_terms(l1_weight: float, adversarial_weight: float) -> None:
    """Refuses a generator without a loss."""
    if not l1_weight and not adversarial_weight:
        raise ValueError(
            "With l1_weight=0 and adversarial_weight=0 the generator has no loss: give one of them "
            "a positive weight."
        )
