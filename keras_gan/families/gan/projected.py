"""Runs whose discriminator is the projected one."""

from keras_gan.families.gan.entry import Gan
from keras_gan.families.gan.networks import check, generator
from keras_gan.families.setting import Setting

INPUT_SIZE = {
    "input_size": Setting(
        int,
        None,
        "the size that images have before the frozen features of projectedgan, a multiple of 32; "
        "a step takes time with its square",
        least=32,
        chosen="64, or more for larger images",
        decides="networks",
    )
}


class Projected(Gan):
    """An entry of a game of images with the projected discriminator, whatever the generator.

    Args:
        *args, **further: As in `Gan`.
    """

    def __init__(self, *args, **further):
        super().__init__(*args, **further)
        self.settings |= INPUT_SIZE  # of the discriminator alone, not of the class

    def defaults(self, settings, sample_shape):
        """As in `Gan`, for images alone.

        Raises:
            ValueError: For other samples.
        """
        if len(sample_shape) != 3 or sample_shape[-1] not in (1, 3):
            raise ValueError(
                f"--recipe {self.name} is for grey and colour images, (height, width, channels); "
                f"{settings.dataset} has samples of shape {tuple(sample_shape)}."
            )
        return super().defaults(settings, sample_shape)

    def networks_for(self, settings, sample_shape, classes):
        """A generator of the run's network, and the projected discriminator.

        Raises:
            ValueError: For another normalization than that of its heads, and networks of points.
        """
        from keras_gan.networks import projected_discriminator

        if settings.discriminator_normalization not in ("none", "spectral"):
            raise ValueError(
                f"The heads of --recipe {self.name} are normalized spectrally; received "
                f"--discriminator-normalization {settings.discriminator_normalization}: leave it "
                f"out."
            )
        check(settings, sample_shape)
        return (
            generator(settings, sample_shape, classes),
            projected_discriminator(
                sample_shape,
                width=settings.discriminator_width or settings.width,
                input_size=settings.input_size,
                classes=classes,
            ),
        )
