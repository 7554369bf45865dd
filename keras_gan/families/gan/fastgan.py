"""Runs whose discriminator also reconstructs images."""

from keras_gan.families.gan.entry import Gan
from keras_gan.families.setting import Setting

RECONSTRUCTION = {
    "reconstruction": Setting(
        str,
        None,
        "by what images are compared with their reconstructions, only for fastgan: features of a "
        "frozen network, or l1, which is faster",
        names=("features", "l1"),
        chosen="features",
        decides="game",
    )
}


class Reconstructing(Gan):
    """An entry of a `kg.FastGAN`, a game of images.

    Args:
        *args, **further: As in `Gan`.
    """

    def defaults(self, settings, sample_shape):
        """As in `Gan`, for images alone.

        Raises:
            ValueError: For other samples.
        """
        if len(sample_shape) != 3:
            raise ValueError(
                f"--recipe {self.name} is of images, (height, width, channels), which its "
                f"discriminator reconstructs; {settings.dataset} has samples of shape "
                f"{tuple(sample_shape)}."
            )
        return super().defaults(settings, sample_shape)
