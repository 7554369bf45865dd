"""The way back: latent vectors of samples, by the encoder beside a trained generator."""

import keras
import numpy as np

from keras_gan.backend.shapes import merged, shapes_agree, shapes_of
from keras_gan.data.checks import check_counts, check_samples
from keras_gan.models.prediction import as_samples, in_batches


class Encoding:
    """The part of a `kg.Generator` that asks its `encoder`, which is `None` where it has none."""

    encoder: keras.Model | None = None

    def encode(self, x, batch_size: int = 256) -> np.ndarray:
        """The latent vectors E(x) of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            batch_size: How many at a time.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For a generator without an encoder, or samples of another shape.
        """
        if self.encoder is None:
            raise ValueError(
                "This generator has no encoder: load a preset that has one, such as that of a "
                "kg.BiGAN."
            )
        shape = merged(self.encoder.input_shape[1:], self.output_shape[1:])
        return applied(self.encoder, x, batch_size, shape)

    def reconstruct(self, x, batch_size: int = 256) -> np.ndarray:
        """The samples G(E(x)) that the generator makes of the latent vectors of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            batch_size: How many at a time.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: As `encode`.
        """
        return self.samples_of(self.encode(x, batch_size), batch_size)


def applied(
    network: keras.Model, samples, batch_size: int, shape: tuple | None = None
) -> np.ndarray:
    """What a network gives for samples in inference mode, float32 `(n, ...)`.

    Args:
        network: From samples to anything.
        samples: Array `(n, ...)` of what it takes.
        batch_size: How many at a time.
        shape: Of one sample; `None`, the default, is what the network takes.

    Raises:
        ValueError: For samples of another shape, or that are not finite.
    """
    check_counts(batch_size=batch_size)
    samples = as_samples(samples)
    check_samples(samples, shape or network.input_shape[1:])
    if not np.isfinite(samples).all():
        raise ValueError("Samples must be finite numbers; received NaN or infinity.")
    return in_batches(
        lambda part: network(part, training=False), samples.astype("float32"), batch_size=batch_size
    )


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
