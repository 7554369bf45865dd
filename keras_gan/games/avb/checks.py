"""What is wrong with the networks of a variational game, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of
from keras_gan.networks.analysis.surplus import check_inputs, check_one_output
from keras_gan.networks.checks import check_built, check_discriminator, check_generator


def check_variational_networks(generator, encoder, discriminator, likelihood) -> tuple:
    """Refuses networks that are no decoder, no black-box encoder, or no judge of their pairs.

    Raises:
        ValueError: For a network that is not built, takes other inputs, or gives another output
            than the others fit to.

    Returns:
        The shape of a sample, so far as one of the networks says it.
    """
    from keras_gan.networks.analysis.reach import reach_of

    check_generator(generator)
    check_built("encoder", encoder)
    check_one_output("encoder", encoder, "latent vectors")
    check_inputs("encoder", encoder)
    check_built("discriminator", discriminator)
    check_discriminator(discriminator)
    if len(shapes_of(generator.input_shape)) != 1:
        raise ValueError("This game knows no labels: build the generator without classes=….")
    made, latent = made_shape(generator), generator.input_shape[1:]
    check_pair("encoder", "[samples, noise]", encoder, made)
    sample = merged(made, shapes_of(encoder.input_shape)[0][1:])
    check_pair("discriminator", "[samples, latent vectors]", discriminator, sample, latent)
    if not shapes_agree(encoder.output_shape[1:], latent):
        raise ValueError(
            f"The encoder gives latent vectors of shape {encoder.output_shape[1:]}, the generator "
            f"takes {latent}: give both one latent_dim."
        )
    culprit = reach_of(generator).culprit if likelihood.takes_logits else None
    if culprit is not None:
        culprit = culprit.replace("its", "the generator's", 1)
        raise ValueError(
            f"The likelihood {likelihood!r} takes logits, but {culprit}: remove it, or take "
            f"likelihood='gaussian'."
        )
    return merged(sample, shapes_of(discriminator.input_shape)[0][1:])


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
