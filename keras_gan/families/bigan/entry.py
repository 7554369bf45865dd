"""Runs of a generator and an encoder against a discriminator of pairs."""

from typing import ClassVar

from keras_gan import networks
from keras_gan.families.adversarial import of_discriminator
from keras_gan.families.gan.entry import Gan


class Bigan(Gan):
    """An entry of a `kg.BiGAN`."""

    networks: ClassVar = {"mlp": Gan.networks["mlp"]}

    def smallest(self):
        """A game of points, whose networks have one unit."""
        shape = {"sample_shape": (1,), "latent_dim": 1}
        return self.model(
            networks.bigan_generator(**shape, width=1),
            networks.bigan_encoder(**shape, width=1),
            networks.bigan_discriminator(**shape, width=1),
            seed=0,
        )

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
        shape = {"sample_shape": sample_shape, "latent_dim": settings.latent_dim}
        return (
            networks.bigan_generator(**shape, width=settings.width),
            networks.bigan_encoder(**shape, width=settings.width),
            networks.bigan_discriminator(**shape, **of_discriminator(settings)),
        )
