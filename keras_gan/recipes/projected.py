"""The GAN whose discriminator looks at images through a frozen network."""

import keras

from keras_gan.backend.shapes import made_shape
from keras_gan.networks.checks import check_generator
from keras_gan.networks.class_labels import classes_of
from keras_gan.networks.conditions import condition_dim_of
from keras_gan.networks.projected import projected_discriminator
from keras_gan.recipes.recipe import Recipe, refuse_packing
from keras_gan.texts import in_short


@keras.saving.register_keras_serializable(package="keras_gan")
class ProjectedGAN(Recipe):
    """A hinge GAN whose discriminator is small heads on frozen features of images.

        discriminator: E max(0, 1 − Dₗ(x)) + E max(0, 1 + Dₗ(G(z)))
        generator:     −E Dₗ(G(z))

    The means are over images, the scales l of `kg.networks.projected_discriminator` and the places
    of their maps. The frozen network knows what photographs are made of, so that few samples are
    enough to learn from.

    Picks: objective `"hinge"`, that discriminator, the augmentation below, alternating single
    steps, an averaged generator, Adam(2e-4, β₁ = 0, β₂ = 0.99) for both players. The authors'
    average is of half-life 10,000 images, 0.9956 a step of 64.

    Args:
        generator: As in `GAN`; of images with 1 or 3 channels, also with labels.
        discriminator: As in `GAN`. Defaults to `None`: one of
            `kg.networks.projected_discriminator` for the generator's images, and its classes or
            condition vectors if it has any.
        features: The frozen network of that one. Defaults to `None`: `"efficientnet_lite0"`.
        width: The channels of that one. Defaults to `None`: 64.
        input_size: The size of images that the frozen network of that one sees. Defaults to `None`,
            see there.
        average: Decay of the averaged generator. Defaults to 0.9956.
        augment: As in `GAN`. Defaults to `"color,translation,cutout"`, as the authors have it.
        **options: `penalties`, `prior`, `seed`, … as in `GAN`, without `packing`.

    Raises:
        ValueError: For one of these three beside a discriminator, for `packing`, and as `GAN` and
            `kg.networks.projected_discriminator`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.ProjectedGAN(kg.networks.dcgan_generator((32, 32, 3), width=8), width=8)
    >>> gan.discriminator.output_shape
    (None, 76, 1)

    Reference: Sauer, Chitta, Müller and Geiger 2021, Projected GANs Converge Faster, arXiv
    2111.01007.

    Experiment: docs/results/data_efficiency.md.
    """

    def __init__(
        self,
        generator,
        discriminator=None,
        *,
        features: str | None = None,
        width: int | None = None,
        input_size: int | None = None,
        average=0.9956,
        augment="color,translation,cutout",
        **options,
    ):
        refuse_packing("ProjectedGAN", options, "looks at single images through a frozen network")
        sizes = {"features": features, "width": width, "input_size": input_size}
        sizes = {name: value for name, value in sizes.items() if value is not None}
        if discriminator is not None and sizes:
            raise ValueError(
                f"{' and '.join(sizes)} {'is' if len(sizes) == 1 else 'are'} of the discriminator "
                f"that ProjectedGAN makes itself; received {in_short(sizes)} beside a "
                f"discriminator: build that one so, by kg.networks.projected_discriminator, or "
                f"leave it out."
            )
        if discriminator is None:
            check_generator(generator)
            discriminator = projected_discriminator(
                made_shape(generator),
                classes=classes_of(generator),
                condition_dim=condition_dim_of(generator),
                **sizes,
            )
        super().__init__(
            generator,
            discriminator,
            options,
            objective="hinge",
            average=average,
            augment=augment,
        )

    def default_optimizer(self, player):
        """Adam(2e-4, β₁ = 0, β₂ = 0.99)."""
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)
