"""Swaps in the averaged generator during evaluation."""

import keras

from keras_gan.training.averaging import Average


class SwapAverage(keras.callbacks.Callback):
    """Evaluates the averaged generator: in `evaluate` and in the validation of `fit`.

    During an evaluation the generator has its averaged weights, including batch-norm statistics.
    Afterwards its own weights are restored exactly, even after an error. Before the first update of
    the average, the generator keeps its own weights. `generate` needs no callback: it always uses
    the average.

    Args:
        at_end: Whether the generator keeps the averaged weights after `fit`. Defaults to `False`.

    Raises:
        ValueError: For a model without an average.

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
        """The model's average."""
        if self.model.average is None:
            raise ValueError(
                "SwapAverage needs a model with averaged weights: build the model with a decay, "
                "such as average=0.999."
            )
        return self.model.average

    def on_train_begin(self, logs=None):
        """Checks that there is an average."""
        self.average_of_game()

    def on_test_begin(self, logs=None):
        """Gives the generator its averaged weights."""
        self.average_of_game().swap_in()

    def on_test_end(self, logs=None):
        """Restores the generator's own weights."""
        self.average_of_game().swap_out()

    def on_train_end(self, logs=None):
        """Gives the generator the averaged weights for good, if `at_end`."""
        if self.at_end:
            self.average_of_game().swap_in(keep=False)
