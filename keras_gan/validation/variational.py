"""What is wrong with the networks of a variational game, before anything is trained."""

from keras_gan.validation.networks import (
    check_built,
    check_discriminator,
    check_generator,
    final_activation,
)
from keras_gan.validation.shapes import shapes_agree, shapes_of
from keras_gan.validation.surplus import check_inputs, check_one_output


def check_variational_networks(generator, encoder, discriminator, likelihood) -> None:
    """Refuses networks that are no decoder, no black-box encoder, or no judge of their pairs.

    Raises:
        ValueError: For a network that is not built, takes other inputs, or gives another output
            than the others fit to.
    """
    check_generator(generator)
    check_built("encoder", encoder)
    check_one_output("encoder", encoder, "latent vectors")
    check_inputs("encoder", encoder)
    check_built("discriminator", discriminator)
    check_discriminator(discriminator)
    if len(shapes_of(generator.input_shape)) != 1:
        raise ValueError("This game knows no labels: build the generator without classes=….")
    sample, latent = shapes_of(generator.output_shape)[0][1:], generator.input_shape[1:]
    check_pair("encoder", "[samples, noise]", encoder, sample)
    check_pair("discriminator", "[samples, latent vectors]", discriminator, sample, latent)
    if not shapes_agree(encoder.output_shape[1:], latent):
        raise ValueError(
            f"The encoder gives latent vectors of shape {encoder.output_shape[1:]}, the generator "
            f"takes {latent}: give both one latent_dim."
        )
    activation = final_activation(generator)
    if likelihood.takes_logits and activation not in (None, "linear"):
        raise ValueError(
            f"The likelihood {likelihood!r} takes logits, but the generator's last layer applies "
            f"{activation!r}: remove it, or take likelihood='gaussian'."
        )


def check_pair(role: str, wanted: str, network, first: tuple, second: tuple = (None,)) -> None:
    """Refuses a network whose two inputs have not these shapes, the batch left out."""
    shapes = [tuple(shape[1:]) for shape in shapes_of(network.input_shape)]
    fits = len(shapes) == 2 and shapes_agree(shapes[0], first) and shapes_agree(shapes[1], second)
    if not fits:
        shown = "(noise_dim,)" if second == (None,) else second
        raise ValueError(
            f"The {role} must take two inputs, {wanted}, of the shapes {tuple(first)} and {shown} "
            f"besides the batch; its inputs have the shapes {network.input_shape}."
        )
