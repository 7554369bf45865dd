"""What is wrong with the networks of an autoencoder, before anything is trained."""

import keras

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of
from keras_gan.networks.checks import check_encoder, check_generator, check_logits
from keras_gan.networks.class_labels import takes_labels


def check_autoencoder_networks(encoder, decoder, likelihood, per_latent: int = 1) -> tuple:
    """Refuses networks that are not an encoder and a decoder of the same samples and codes.

    Args:
        encoder: What is to be the encoder.
        decoder: What is to be the decoder.
        likelihood: A `Likelihood`.
        per_latent: How many numbers the encoder gives of each component: 2 for the mean and
            log-variance of a Gaussian posterior. Defaults to 1.

    Returns:
        The shape of a sample, as far as the networks tell it.

    Raises:
        ValueError: For a network that is not built, takes other inputs, or gives another output
            than the other one fits to.
    """
    check_generator(decoder)
    check_encoder(
        encoder, "mean and log-variance of latent vectors" if per_latent == 2 else "codes"
    )
    for role, network in (("encoder", encoder), ("decoder", decoder)):
        if len(shapes_of(network.input_shape)) > 1 and not takes_labels(network):
            raise ValueError(
                f"The {role} takes one input, or class labels beside it; its inputs have the "
                f"shapes {network.input_shape}."
            )
    if takes_labels(encoder) != takes_labels(decoder):
        one, other = ("encoder", "decoder") if takes_labels(encoder) else ("decoder", "encoder")
        raise ValueError(
            f"The {one} takes class labels, the {other} does not: build both with classes=…, or "
            f"neither."
        )
    code, width = shapes_of(decoder.input_shape)[0][1:], encoder.output_shape[1:]
    if per_latent == 2:
        _check_gaussian(code[-1], width)
    elif not shapes_agree(width, code):
        raise ValueError(
            f"The encoder gives codes of shape {width}, the decoder takes {code}: build both for "
            f"one latent_dim."
        )
    made, taken = made_shape(decoder), shapes_of(encoder.input_shape)[0][1:]
    if not shapes_agree(made, taken):
        raise ValueError(
            f"The encoder takes samples of shape {taken}, the decoder makes some of {made}: build "
            f"both for one shape."
        )
    check_logits("decoder", decoder, likelihood)
    return merged(taken, made)


def _check_gaussian(latent_dim: int, width: tuple) -> None:
    """Refuses an encoder without mean and log-variance of each component."""
    if width != (2 * latent_dim,):
        raise ValueError(
            f"The encoder gives the mean and, beside it, the log-variance of each latent "
            f"component: 2 * {latent_dim} = {2 * latent_dim} numbers for this decoder of "
            f"latent_dim={latent_dim}; its output has the shape {width}. "
            f"kg.networks.mlp_encoder makes both with latent_dim={latent_dim}, gaussian=True."
        )


def check_corruption(corruption, sample_shape: tuple) -> None:
    """Refuses a corruption that is no layer, changes the shape of samples, or would be trained.

    A layer that is not built yet is built.

    Raises:
        ValueError: See above.
    """
    if corruption is None:
        return
    if not isinstance(corruption, keras.layers.Layer):
        raise ValueError(
            f"corruption must be a Keras layer, such as kg.layers.GaussianNoise(0.5), or None; "
            f"received {corruption!r}."
        )
    made = tuple(corruption(keras.Input(sample_shape)).shape[1:])
    if not shapes_agree(made, sample_shape):
        raise ValueError(
            f"The corruption {corruption.name!r} makes of samples of shape {tuple(sample_shape)} "
            f"some of shape {made}: it must keep their shape."
        )
    if corruption.trainable_weights:
        raise ValueError(
            f"The corruption {corruption.name!r} has weights to train, but a corruption is not "
            f"trained: set its trainable = False, or make it a layer of the encoder."
        )
