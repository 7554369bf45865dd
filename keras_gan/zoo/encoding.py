"""Whether an encoder maps a generator's samples back to its latent vectors."""

import keras

from keras_gan.backend.shapes import shapes_agree, shapes_of


def misfit(encoder, generator: keras.Model) -> str | None:
    """Why an encoder does not fit a generator; `None` if it fits.

    Args:
        encoder: The network that should map samples to latent vectors.
        generator: A `keras.Model` from z, or [z, labels], to samples.
    """
    if not isinstance(encoder, keras.Model) or not encoder.built:
        return f"it must be a built keras.Model, not {encoder!r}"
    (z, *labels), made = shapes_of(generator.input_shape), shapes_of(generator.output_shape)
    if labels:
        return "its generator takes labels, which an encoder cannot tell from samples"
    taken, given = shapes_of(encoder.input_shape), shapes_of(encoder.output_shape)
    for verb, found, expected in (("takes", taken, made), ("gives", given, [z])):
        if len(found) != 1 or not shapes_agree(found[0], expected[0]):
            return f"it {verb} {', '.join(map(str, found))} instead of {expected[0]}"
    return None
