"""Runs of a generator and an encoder against a discriminator of pairs."""

from typing import ClassVar

from keras_gan.families.adversarial import of_discriminator
from keras_gan.families.gan.entry import Gan


class Bigan(Gan):
    """An entry of a `kg.BiGAN`."""

    networks: ClassVar = {"mlp": Gan.networks["mlp"]}

    def networks_for(self, settings, sample_shape, classes):
        """Builds a generator, an encoder and a discriminator of pairs.

        Raises:
            ValueError: For labels.
        """
        if classes is not None:
            raise ValueError(
                f"The networks of --recipe {settings.recipe} do not take class labels: leave "
                f"--labels out."
            )
        from keras_gan import networks

        shape = {"sample_shape": sample_shape, "latent_dim": settings.latent_dim}
        return (
            networks.bigan_generator(**shape, width=settings.width),
            networks.bigan_encoder(**shape, width=settings.width),
            networks.bigan_discriminator(**shape, **of_discriminator(settings)),
        )
