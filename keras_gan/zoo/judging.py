"""Whether a discriminator judges a generator's samples, so that a preset may hold both."""

import keras

from keras_gan.backend.shapes import shapes_agree, shapes_of


def judge_misfit(discriminator, generator: keras.Model) -> str | None:
    """Why a discriminator does not fit a generator; `None` if it fits.

    Args:
        discriminator: The network that should map samples, alone or beside labels or latent
            vectors, to scores.
        generator: A `keras.Model` from z, or [z, labels], to samples.
    """
    if not isinstance(discriminator, keras.Model) or not discriminator.built:
        return f"it must be a built keras.Model, not {discriminator!r}"
    taken, made = shapes_of(discriminator.input_shape), shapes_of(generator.output_shape)
    if not shapes_agree(taken[0], made[0]):
        return f"it takes {taken[0]} instead of {made[0]}, which its generator makes"
    return None
