"""What is wrong with the networks of an autoencoder, before anything is trained."""

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of
from keras_gan.networks.checks import check_encoder, check_generator, check_logits


def check_autoencoder_networks(encoder, decoder, likelihood) -> tuple:
    """Refuses networks that are not an encoder with a Gaussian posterior and a decoder.

    Returns:
        The shape of a sample, so far as one of the networks says it.

    Raises:
        ValueError: For a network that is not built, takes other inputs, or gives another output
            than the other one fits to.
    """
    check_generator(decoder)
    check_encoder(encoder, "mean and log-variance of latent vectors")
    for role, network in (("encoder", encoder), ("decoder", decoder)):
        if len(shapes_of(network.input_shape)) != 1:
            raise ValueError(
                f"The {role} takes one input; its inputs have the shapes {network.input_shape}."
            )
    latent_dim, width = decoder.input_shape[-1], encoder.output_shape[1:]
    if width != (2 * latent_dim,):
        raise ValueError(
            f"The encoder gives the mean and, beside it, the log-variance of each latent "
            f"component: 2 * {latent_dim} = {2 * latent_dim} numbers for this decoder of "
            f"latent_dim={latent_dim}; its output has the shape {width}."
        )
    made, taken = made_shape(decoder), encoder.input_shape[1:]
    if not shapes_agree(made, taken):
        raise ValueError(
            f"The encoder takes samples of shape {taken}, the decoder makes some of {made}: build "
            f"both for one shape."
        )
    check_logits("decoder", decoder, likelihood)
    return merged(taken, made)
