"""The four networks of a CycleGAN, by the size of the images."""

from keras_gan.families.adversarial import of_discriminator
from keras_gan.families.cyclegan.defaults import SMALL


def check_sizes(settings, shape_x: tuple, shape_y: tuple) -> None:
    """Refuses anything but images of one size.

    Args:
        settings: The run's settings.
        shape_x: The shape of an image of x, `(height, width, channels)`.
        shape_y: The shape of an image of y.

    Raises:
        ValueError: Says which shapes the data have.
    """
    if len(shape_x) != 3 or len(shape_y) != 3:
        raise ValueError(
            f"--recipe {settings.recipe} translates images; {settings.dataset} has samples of "
            f"shape {shape_x} and {settings.target} of shape {shape_y}."
        )
    if tuple(shape_x[:2]) != tuple(shape_y[:2]):
        raise ValueError(
            f"--recipe {settings.recipe} needs images of one size; {settings.dataset} has "
            f"{shape_x[0]} x {shape_x[1]} and {settings.target} {shape_y[0]} x {shape_y[1]}: pass "
            f"--image-size N or HEIGHTxWIDTH."
        )


def four(settings, shape_x: tuple, shape_y: tuple) -> tuple:
    """Builds both generators and both discriminators, in the order of `kg.CycleGAN`.

    Args:
        settings: The run's settings.
        shape_x: The shape of an image of x, `(height, width, channels)`.
        shape_y: The shape of an image of y.
    """
    from keras_gan import networks

    def generator(name, shape, channels):
        return networks.translation_generator(
            shape,
            channels,
            width=settings.width,
            skip=min(shape[:2]) < SMALL and shape[-1] == channels,  # the paper's sizes as in it
            name=name,
            **depth_of_generator(min(shape[:2])),
        )

    def discriminator(name, shape):
        depth, own = depth_of_discriminator(min(shape[:2])), of_discriminator(settings)
        return networks.patch_discriminator(shape, depth=depth, name=name, **own)

    return (
        generator("generator_xy", shape_x, shape_y[-1]),
        generator("generator_yx", shape_y, shape_x[-1]),
        discriminator("discriminator_x", shape_x),
        discriminator("discriminator_y", shape_y),
    )


def depth_of_generator(size: int) -> dict:
    """The depth of a generator, by the shorter side of images; from 128 pixels the paper's."""
    if size < SMALL:
        return {"blocks": 3, "downsamplings": 1}
    return {"blocks": 9 if size >= 256 else 6, "downsamplings": 2}


def depth_of_discriminator(size: int) -> int:
    """The depth of a discriminator, from 1 to the paper's 3, whose patches fit into an image.

    Images smaller than 16 pixels are one patch.
    """
    return 1 if size < 34 else 2 if size < 70 else 3
