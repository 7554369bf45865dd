"""Games whose generator can be exported."""

import keras

from keras_gan.backend.finite import refuse_broken_weights


class Exporting:
    """The ability of a game with one `generator` to write it for programs without this library."""

    def export(self, filepath, format="tf_saved_model", average: bool = True, **options) -> None:
        """Exports the generator as `keras.Model.export` does.

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
        """The network that `export` writes."""
        return self.generator
