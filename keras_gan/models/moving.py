"""Samples of latent vectors, or of their styles, that are moved."""

import numpy as np

from keras_gan.networks.analysis.memory import batch_size_of
from keras_gan.networks.analysis.styles import moved_samples, style_dim
from keras_gan.networks.class_labels import with_labels


class Moving:
    """The ability of a model or a preset to move what samples are made of, w where it has styles.

    It has `samples_of`, a `latent_dim`, and a `sample_network`.
    """

    @property
    def moved_dim(self) -> int:
        """The number of components of what `moved` moves, w where there are styles, otherwise z."""
        return style_dim(self.sample_network()) or self.latent_dim

    def moved(
        self, z, by, batch_size: int | None = None, *, labels=None, average: bool = True
    ) -> np.ndarray:
        """Samples of latent vectors that are moved, as along `kg.latent_directions`.

            G(z + v),   or synthesis(w + v), w = mapping(z), of a generator with styles

        Args:
            z: Array `(n, latent_dim)`.
            by: v, array `(n, latent_dim)`, or `(n, d)` for w of d components; or one such vector
                for all.
            batch_size: As in `generate`.
            labels: As in `generate`.
            average: As in `generate`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: As `samples_of`, and for vectors of another shape or not finite.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.stylegan2_generator((8, 8, 1), 4, width=4))
        >>> u = kg.latent_directions(generator, 1)[0]
        >>> generator.moved(generator.latents(3, seed=0), 0.5 * u).shape
        (3, 8, 8, 1)
        """
        z, network = vectors(z, self.latent_dim), self.sample_network()
        by = np.asarray(by, "float32")
        by = np.repeat(by[None], len(z), axis=0) if by.ndim == 1 else by
        by = vectors(by, self.moved_dim, "The vectors to move by", len(z))
        if style_dim(network) is None:
            return self.samples_of(z + by, batch_size, labels, average)

        def samples(z, by, labels=None):
            return moved_samples(network, with_labels(z, labels), by)

        given = {"batch_size": batch_size_of(network, batch_size), "average": average}
        return self.computed(samples, z, by, *self.chosen(labels, len(z)), **given, alike=True)


def vectors(given, d: int, what: str = "Latent vectors", n: int | None = None) -> np.ndarray:
    """An array of vectors, once it is known to be one of finite vectors of d components.

    Args:
        given: What was given.
        d: The number of components.
        what: What they are called in the message. Defaults to `"Latent vectors"`.
        n: How many there must be. Defaults to `None`: any number.

    Raises:
        ValueError: If it is not.
    """
    found = np.asarray(given, "float32")
    if found.ndim != 2 or found.shape[1] != d or n not in (None, len(found)):
        number = "n" if n is None else n
        raise ValueError(f"{what} are an array ({number}, {d}); received shape {found.shape}.")
    if not np.isfinite(found).all():
        raise ValueError(f"{what} must be finite numbers; received NaN or infinity.")
    return found
