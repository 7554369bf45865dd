"""Whether an encoder goes back where a generator comes from."""

import keras

from keras_gan.backend.shapes import shapes_agree, shapes_of


def misfit(encoder, generator: keras.Model) -> str | None:
    """What keeps an encoder from going back where a generator comes from; `None` if nothing does.

    Args:
        encoder: What is to map samples to latent vectors.
        generator: A `keras.Model` from z, or [z, labels], to samples.
    """
    if not isinstance(encoder, keras.Model) or not encoder.built:
        return f"it must be a built keras.Model, not {encoder!r}"
    (z, *labels), made = shapes_of(generator.input_shape), shapes_of(generator.output_shape)
    if labels:
        return "its generator takes labels beside z, which samples do not tell"
    taken, given = shapes_of(encoder.input_shape), shapes_of(encoder.output_shape)
    for verb, found, expected in (("takes", taken, made), ("gives", given, [z])):
        if len(found) != 1 or not shapes_agree(found[0], expected[0]):
            return f"it {verb} {', '.join(map(str, found))} instead of {expected[0]}"
    return None
