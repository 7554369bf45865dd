"""Evaluation of the averaged generator."""

import keras

from keras_gan.training.averaging import Average


class SwapAverage(keras.callbacks.Callback):
    """Evaluates the averaged generator: in `evaluate` and in the validation of `fit`.

    For the length of an evaluation the generator has its averaged weights, batch-norm statistics
    included; then its own come back to the bit, also when the evaluation raises. Before the first
    update of the average the generator's own weights serve. `generate` needs no callback: it uses
    the average by itself.

    Args:
        at_end: Whether the generator keeps the averaged weights when `fit` comes to its end.
            Defaults to `False`.

    Raises:
        ValueError: For a game without an average.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> generator, discriminator = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.GAN(generator, discriminator, average=0.999, seed=0)
    >>> gan.compile()
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> history = gan.fit(x, validation_data=x, verbose=0, callbacks=[SwapAverage()])
    >>> losses = gan.evaluate(x, return_dict=True, verbose=0, callbacks=[SwapAverage()])
    >>> history.history["val_generator_loss"][0] == losses["generator_loss"]
    True
    """

    def __init__(self, at_end: bool = False):
        super().__init__()
        self.at_end = at_end

    def average_of_game(self) -> Average:
        """The game's average."""
        if self.model.average is None:
            raise ValueError(
                "SwapAverage needs a game with an averaged generator: build it with a decay, such "
                "as average=0.999."
            )
        return self.model.average

    def on_train_begin(self, logs=None):
        """Checks that there is an average."""
        self.average_of_game()

    def on_test_begin(self, logs=None):
        """Gives the generator its averaged weights."""
        self.average_of_game().swap_in()

    def on_test_end(self, logs=None):
        """Gives the generator its own weights back."""
        self.average_of_game().swap_out()

    def on_train_end(self, logs=None):
        """Leaves the averaged weights in the generator, if asked to."""
        if self.at_end:
            self.average_of_game().swap_in(keep=False)
