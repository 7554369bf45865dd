"""Where data come in: what is looked at before Keras trains on them or evaluates them."""

import inspect

import keras

from keras_gan import validation
from keras_gan.resuming import resumable


class FittedGame(keras.Model):
    """The part of an `AdversarialModel` that is handed data."""

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """Trains as `keras.Model.fit` does, after a look at the data.

        With a `kg.callbacks.Checkpoint` it goes on where an earlier one stopped.

        Raises:
            ValueError: Before the first step: not compiled, or data of the wrong shape, integer or
                [0, 255] images, NaN, none at all, a batch that the schedule cannot divide; a stock
                callback that a game cannot satisfy.
        """
        validation.check_compiled(self, "fit")
        samples = validation.check_data(x, self.sample_shape, self.schedule, batch_size)
        validation.check_callbacks(samples, *args, **kwargs)
        if hasattr(x, "element_spec") or hasattr(x, "__next__"):
            # Keras shuffles neither a tf.data set nor a generator, and warns when it is asked to
            kwargs.setdefault("shuffle", False)
        given = inspect.signature(super().fit).bind(x, y, batch_size, *args, **kwargs)
        if given.arguments.get("callbacks"):
            given.arguments["callbacks"] = in_turn(given.arguments["callbacks"])
        with resumable(self, given.arguments) as arguments:
            return super().fit(**arguments)

    def _maybe_symbolic_build(self, iterator=None, data_batch=None) -> None:
        # A game is built when it is made. Under a strategy Keras 3.15 would begin a pass over the
        # data to no purpose, and fail when the first batch is cut unequally.
        pass

    def evaluate(self, x=None, *args, **kwargs):
        """The losses on a data set as `keras.Model.evaluate` gives them; the same at every call.

        Ask for them by name: `gan.evaluate(x, return_dict=True)`.
        """
        validation.check_compiled(self, "evaluate")
        validation.check_data(x, self.sample_shape)
        self.evaluation_draws.restart()
        try:
            return super().evaluate(x, *args, **kwargs)
        finally:
            if self.average is not None:
                self.average.swap_out()  # had an error kept SwapAverage from it


def in_turn(callbacks):
    """The callbacks in the order given, but first those that add scores to the logs of an epoch."""

    def later(callback):
        return not getattr(callback, "comes_first", False)

    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.sort(key=later)
        return callbacks
    return sorted(keras.tree.flatten(callbacks), key=later)
