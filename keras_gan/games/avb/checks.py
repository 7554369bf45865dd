"""What is wrong with the networks of a variational game, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of
from keras_gan.distributions import Uniform, priors
from keras_gan.distributions.likelihoods import check_fixed_scale
from keras_gan.networks.checks import (
    check_built,
    check_discriminator,
    check_encoder,
    check_generator,
    check_logits,
)


def check_variational_networks(generator, encoder, discriminator, likelihood) -> tuple:
    """Refuses networks that are not a decoder, a black-box encoder and a discriminator of pairs.

    Returns:
        The shape of a sample, with `None` for each axis that no network fixes.

    Raises:
        ValueError: If a network is not built, or its inputs or output do not fit the others.
    """
    check_generator(generator)
    check_encoder(encoder, "latent vectors")
    check_built("discriminator", discriminator)
    check_discriminator(discriminator)
    if len(shapes_of(generator.input_shape)) != 1:
        raise ValueError("This game does not take labels: build the generator without classes=….")
    made, latent = made_shape(generator), generator.input_shape[1:]
    _check_pair("encoder", "[samples, noise]", encoder, made)
    sample = merged(made, shapes_of(encoder.input_shape)[0][1:])
    _check_pair("discriminator", "[samples, latent vectors]", discriminator, sample, latent)
    if not shapes_agree(encoder.output_shape[1:], latent):
        raise ValueError(
            f"The encoder gives latent vectors of shape {encoder.output_shape[1:]}, the generator "
            f"takes {latent}: give both one latent_dim."
        )
    check_logits("generator", generator, likelihood)
    check_fixed_scale("AVB", likelihood)
    return merged(sample, shapes_of(discriminator.input_shape)[0][1:])


def check_prior(prior, encoder, contrast_noises: int) -> None:
    """Refuses a prior of which the bound is not known, or is −∞.

    Args:
        prior: What `priors.of_game` returned.
        encoder: The game's.
        contrast_noises: That of `AVB`: without adaptive contrast no density is needed.

    Raises:
        ValueError: For a prior without a density under adaptive contrast, or one on a box that z
            can leave.
    """
    from keras_gan.networks.analysis.output_range import reach_of

    found = priors.distribution_of(prior)
    if found is None and contrast_noises:
        raise ValueError(
            f"Adaptive contrast needs the prior's density, which is not known of the function "
            f"{priors.name_of(prior)!r}: take one of kg.distributions, or contrast_noises=0."
        )
    if isinstance(found, Uniform):
        reach = reach_of(encoder)
        if reach.low < found.low or reach.high > found.high:
            raise ValueError(
                f"The prior {found!r} has no density outside of [{found.low:g}, {found.high:g}], "
                f"where this encoder can put z, so that the bound would be −∞: end the encoder in "
                f"such a range, for [-1, 1] by activation='tanh', or take prior='normal'."
            )


def _check_pair(role: str, wanted: str, network, first: tuple, second: tuple = (None,)) -> None:
    """Refuses a network whose two inputs have not these shapes, the batch left out."""
    shapes = [tuple(shape[1:]) for shape in shapes_of(network.input_shape)]
    fits = len(shapes) == 2 and shapes_agree(shapes[0], first) and shapes_agree(shapes[1], second)
    if not fits:
        shown = "(noise_dim,)" if second == (None,) else second
        raise ValueError(
            f"The {role} must take two inputs, {wanted}, of the shapes {tuple(first)} and {shown} "
            f"besides the batch; its inputs have the shapes {network.input_shape}."
        )
