"""Games whose generator makes samples of latent vectors."""

import keras

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.backend.shapes import single_shape
from keras_gan.models.sampling import Sampling


class Generating(Sampling):
    """The part of a game with a `generator` from z to samples and a `prior` of z."""

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return single_shape(self.generator.input_shape)[-1]

    def sample_network(self) -> keras.Model:
        """The generator."""
        return self.generator

    def call(self, z, training: bool = False):
        """G(z) of the generator as trained, so that `predict` maps latent vectors to samples.

        Of networks that take labels it takes pairs [z, labels].
        """
        return self.generator(z, training=training)

    def export(self, filepath, format="tf_saved_model", average: bool = True, **options) -> None:
        """Exports the generator, from z to samples, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            format: As in `keras.Model.export`.
            average: Whether it has its averaged weights, if there are any.
            **options: As in `keras.Model.export`.

        Raises:
            ValueError: For weights that are not finite.
        """
        with self.holding(average):
            refuse_broken_weights([self.generator], "nothing was exported")
            self.exported().export(filepath, format=format, **options)

    def exported(self) -> keras.Model:
        """The network from latent vectors to samples that `export` writes."""
        return self.generator
