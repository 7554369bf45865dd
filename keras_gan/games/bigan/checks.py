"""What is wrong with the networks of a game of pairs (x, z)."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of
from keras_gan.networks.checks import (
    check_built,
    check_discriminator,
    check_encoder,
    check_generator,
)


def check_joint_networks(generator, encoder, discriminator) -> tuple:
    """Refuses a generator, an encoder and a discriminator of pairs that do not fit each other.

    Returns:
        The shape of a sample, as far as the networks tell it.

    Raises:
        ValueError: For a network that is not built, shapes that do not meet, a discriminator whose
            output is not `(batch, 1)` or no unbounded score.
    """
    check_generator(generator)
    if len(shapes_of(generator.input_shape)) > 1:
        raise ValueError(
            f"A generator of pairs takes latent vectors alone, no labels; its input shapes are "
            f"{generator.input_shape}: build it without classes=…."
        )
    check_encoder(encoder, "codes")
    check_built("discriminator", discriminator)
    check_discriminator(discriminator)
    latent, sample = shapes_of(generator.input_shape)[0], (None, *made_shape(generator))
    taken, coded = shapes_of(encoder.input_shape), shapes_of(encoder.output_shape)
    if len(taken) != 1 or not shapes_agree(taken[0], sample):
        raise ValueError(
            f"The encoder must take the generator's samples, {_shown(sample)}; its input shape is "
            f"{encoder.input_shape}: give both networks the same sample shape."
        )
    if len(coded) != 1 or not shapes_agree(coded[0], latent):
        raise ValueError(
            f"The encoder must give codes of the generator's latent vectors' shape, "
            f"{_shown(latent)}; its output shape is {encoder.output_shape}: end it with "
            f"keras.layers.Dense({latent[-1]})."
        )
    pair = shapes_of(discriminator.input_shape)
    if len(pair) != 2 or not all(map(shapes_agree, pair, (sample, latent))):
        raise ValueError(
            f"The discriminator must take two inputs, samples and latent vectors, "
            f"[{_shown(sample)}, {_shown(latent)}]; its input shape is "
            f"{discriminator.input_shape}: build it as keras.Model([x, z], score), in this order."
        )
    judged = pair[0]
    if not shapes_agree(judged, taken[0]):
        raise ValueError(
            f"The encoder takes samples of shape {tuple(taken[0][1:])}, the discriminator "
            f"{tuple(judged[1:])}: give both networks the same sample shape."
        )
    return merged(sample[1:], taken[0][1:], judged[1:])


def _shown(shape) -> str:
    """A shape with its batch axis by name."""
    return f"({', '.join(['batch', *map(str, shape[1:])])})"
