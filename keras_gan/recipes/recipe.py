"""What makes a recipe a recipe."""

from keras_gan.games.gan.gan import GAN


class Recipe(GAN):
    """A `GAN` whose constructor only picks: what it picked is what is stored.

    A loaded recipe is therefore filled by `GAN`'s constructor with the stored picks. A subclass
    with attributes of its own overrides `get_config` and `from_config`.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`.
        options: What the user asked for besides, as in `GAN`.
        **picks: What makes the recipe, as in `GAN`.

    Raises:
        ValueError: For an option that the recipe picks, and as `GAN`.
    """

    def __init__(self, generator, discriminator, options: dict, **picks):
        clash = sorted(options.keys() & picks.keys())
        if clash:
            raise ValueError(
                f"{type(self).__name__} picks its {' and '.join(clash)} itself, as its name says: "
                f"set its own arguments, or compose another game with kg.GAN(generator, "
                f"discriminator, {', '.join(f'{name}=…' for name in sorted(picks))})."
            )
        super().__init__(generator, discriminator, **picks, **options)

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Recipe":
        """The recipe whose picks `get_config` returned."""
        gan = cls.__new__(cls)
        GAN.__init__(gan, **GAN.restored(config, custom_objects))
        return gan
