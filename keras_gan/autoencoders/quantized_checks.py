"""What is wrong with the networks and the codes of a VQ-VAE, before anything is computed."""

import numpy as np

from keras_gan.backend.shapes import made_shape, merged, shapes_agree, shapes_of, single_shape
from keras_gan.networks.analysis.unused_parts import check_one_output
from keras_gan.networks.checks import check_built, check_encoder, check_inputs, check_logits


def check_vqvae_networks(encoder, decoder, likelihood) -> tuple:
    """Refuses networks that are not an encoder to a grid of vectors and a decoder of that grid.

    Returns:
        The shape of a sample, as far as the networks tell it.

    Raises:
        ValueError: For a network that is not built, has further inputs or outputs, or does not fit
            the other one.
    """
    check_encoder(encoder, "a vector for each code")
    _check_decoder(decoder, likelihood)
    for role, network in (("encoder", encoder), ("decoder", decoder)):
        if len(shapes_of(network.input_shape)) != 1:
            raise ValueError(
                f"The {role} takes one input; its inputs have the shapes {network.input_shape}."
            )
    _check_grid("encoder", encoder)
    grid, taken = encoder.output_shape[1:], decoder.input_shape[1:]
    if not shapes_agree(grid, taken):
        raise ValueError(
            f"The encoder gives vectors of shape {grid}, the decoder takes some of {taken}: give "
            f"both as many vectors, of as many components."
        )
    return _sample_shape_of(encoder, decoder)


def check_vqvae2_networks(top_encoder, bottom_encoder, decoder, likelihood) -> tuple:
    """Refuses networks that are not two encoders and a decoder of VQ-VAE-2.

    Returns:
        The shape of a sample, as far as the networks tell it.

    Raises:
        ValueError: As `check_vqvae_networks`.
    """
    for role, encoder in (("top_encoder", top_encoder), ("bottom_encoder", bottom_encoder)):
        check_built(role, encoder)
        check_one_output(role, encoder, "a vector for each code")
        check_inputs(role, encoder)
        _check_grid(role, encoder)
    _check_decoder(decoder, likelihood)
    sample = tuple(single_shape(top_encoder.input_shape)[1:])
    top, bottom = (tuple(each.output_shape[1:]) for each in (top_encoder, bottom_encoder))
    for role, network, wanted, what in (
        ("top_encoder", top_encoder, [sample], "samples"),
        ("bottom_encoder", bottom_encoder, [sample, top], "samples and the top grid of vectors"),
        ("decoder", decoder, [top, bottom], "the top and the bottom grid of vectors"),
    ):
        taken = [tuple(shape[1:]) for shape in shapes_of(network.input_shape)]
        if len(taken) != len(wanted) or not all(map(shapes_agree, taken, wanted)):
            raise ValueError(
                f"The {role} takes {what}, of the shapes {wanted}; its inputs have the shapes "
                f"{taken}."
            )
    return _sample_shape_of(top_encoder, decoder)


def _check_decoder(decoder, likelihood) -> None:
    """Refuses a decoder that is not built, has idle inputs, or an activation instead of logits."""
    check_built("decoder", decoder)
    check_one_output("decoder", decoder, "samples")
    check_inputs("decoder", decoder)
    check_logits("decoder", decoder, likelihood)


def _check_grid(role: str, encoder) -> None:
    """Refuses an encoder whose number of codes is not known."""
    shape = single_shape(encoder.output_shape)
    if len(shape) < 2 or None in shape[1:]:
        raise ValueError(
            f"The {role} gives vectors of a known number, such as (batch, 7, 7, 16) for 7 × 7 "
            f"codes of 16 components; its output has the shape {shape}: begin it with an input of "
            f"a known shape."
        )


def _sample_shape_of(encoder, decoder) -> tuple:
    """The shape of a sample, as far as the networks tell it.

    Raises:
        ValueError: Where they say different ones.
    """
    made, taken = made_shape(decoder), tuple(single_shape(encoder.input_shape)[1:])
    if not shapes_agree(made, taken):
        raise ValueError(
            f"The encoder takes samples of shape {taken}, the decoder makes some of {made}: build "
            f"both for one shape."
        )
    return merged(taken, made)


def checked_codes(codes, shape: tuple, count: int) -> np.ndarray:
    """Codes as an int32 array, once they are known to be right.

    Args:
        codes: What was received.
        shape: That of a sample's codes.
        count: How many codes there are.

    Raises:
        ValueError: For another shape, other numbers than whole ones, or codes out of range.
    """
    codes = np.asarray(codes)
    if codes.dtype.kind not in "iu" and codes.size:
        raise ValueError(
            f"Codes are whole numbers from 0 to {count - 1}; received {codes.dtype.name}."
        )
    if codes.shape[1:] != tuple(shape) or not codes.ndim:
        wanted = ", ".join(map(str, ("n", *shape)))
        raise ValueError(f"Codes are an array ({wanted}); received the shape {codes.shape}.")
    if codes.size and not (codes.min() >= 0 and codes.max() < count):
        raise ValueError(
            f"Codes are whole numbers from 0 to {count - 1}; received some from {codes.min()} to "
            f"{codes.max()}."
        )
    return codes.astype("int32")
