"""What makes a recipe a recipe."""

from keras_gan.games.gan import GAN


class Recipe(GAN):
    """A `GAN` whose constructor only picks: what it picked is what is stored.

    A loaded recipe is therefore filled by `GAN`'s constructor with the stored picks. A subclass
    with attributes of its own overrides `get_config` and `from_config`.
    """

    def __init__(self, generator, discriminator, **options):
        super().__init__(generator, discriminator, **options)

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Recipe":
        """The recipe whose picks `get_config` returned."""
        gan = cls.__new__(cls)
        GAN.__init__(gan, **GAN.restored(config, custom_objects))
        return gan
