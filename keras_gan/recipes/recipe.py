"""The base class of recipes."""

from keras_gan.arguments import whole
from keras_gan.games.gan.gan import GAN


class Recipe(GAN):
    """A `GAN` whose constructor only picks arguments of `GAN`.

    A saved recipe stores its picks, and loading passes them to `GAN`'s constructor. A subclass with
    attributes of its own overrides `get_config` and `from_config`.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`.
        options: Further arguments of `GAN`, from the user.
        **picks: The arguments of `GAN` that make the recipe.

    Raises:
        ValueError: For an option that the recipe picks, and as `GAN`.
    """

    def __init__(self, generator, discriminator, options: dict, **picks):
        clash = sorted(options.keys() & picks.keys())
        if clash:
            raise ValueError(
                f"{type(self).__name__} picks its own {' and '.join(clash)}: set the arguments of "
                f"{type(self).__name__}, or compose another game with kg.GAN(generator, "
                f"discriminator, {', '.join(f'{name}=…' for name in sorted(picks))})."
            )
        super().__init__(generator, discriminator, **picks, **options)

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Recipe":
        """Builds a recipe from the picks that `get_config` returned."""
        gan = cls.__new__(cls)
        GAN.__init__(gan, **GAN.restored(config, custom_objects))
        return gan


def refuse_packing(game: str, options: dict, why: str) -> None:
    """Refuses packs in a recipe whose discriminator cannot judge any.

    Args:
        game: The name of the recipe, for the message.
        options: Its further arguments, of which `packing=1` says nothing and is taken out.
        why: The rest of a sentence that begins with "since its discriminator".

    Raises:
        ValueError: For packs, and for what is no number of samples.
    """
    packing = whole("packing", options.pop("packing", 1))
    if packing != 1:
        raise ValueError(
            f"{game} takes no packing, since its discriminator {why}; received "
            f"packing={packing}: leave packing out."
        )
