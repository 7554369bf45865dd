"""Where data come in: what is looked at before Keras trains on them or evaluates them."""

import inspect

import keras

from keras_gan import hosts, validation
from keras_gan.checkpoints.guarding import guarded
from keras_gan.resuming import resumable


class FittedGame(keras.Model):
    """The part of an `AdversarialModel` that is handed data."""

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """Trains as `keras.Model.fit` does, after a look at the data.

        With a `kg.callbacks.Checkpoint` it goes on where an earlier one stopped.

        Raises:
            ValueError: Before the first step: not compiled, or data of the wrong shape, integer or
                [0, 255] images, NaN, none at all, a batch that the schedule cannot divide; a stock
                callback that a game cannot satisfy; a folder in which another program writes.
            FolderLostError: If a folder vanishes in which a callback writes; it says where the
                state was saved.
        """
        validation.check_compiled(self, "fit")
        given = inspect.signature(super().fit).bind(x, y, batch_size, *args, **kwargs).arguments
        refuse_weights(given)
        samples = self.check_data(x, y, self.schedule, batch_size)
        self.check_validation_data(given.get("validation_data"))
        self.check_reach(samples)
        validation.check_callbacks(samples, *args, **kwargs)
        if hasattr(x, "element_spec") or hasattr(x, "__next__"):
            # Keras shuffles neither a tf.data set nor a generator, and warns when it is asked to
            kwargs.setdefault("shuffle", False)
        given = inspect.signature(super().fit).bind(x, y, batch_size, *args, **kwargs)
        if given.arguments.get("callbacks"):
            given.arguments["callbacks"] = in_turn(given.arguments["callbacks"])
        with hosts.watched() as watch, guarded(self, given.arguments.get("callbacks")) as guard:
            for each in (guard, watch):
                given.arguments["callbacks"] = with_watch(given.arguments.get("callbacks"), each)
            with resumable(self, given.arguments) as arguments:
                hosts.check_agreement(self.facts(x, arguments))
                history = super().fit(**arguments)
                if hosts.process_count() > 1:
                    hosts.check_agreement({"weights": hosts.digest(self.weights)})
                return history

    def check_validation_data(self, data) -> None:
        """Looks at what `fit` will evaluate before it trains."""
        if data is None:
            return
        x, y, weights = data, None, None
        if isinstance(data, (tuple, list)):
            x, y, weights = keras.utils.unpack_x_y_sample_weight(tuple(data))
        refuse_weights({"sample_weight": weights})
        try:
            self.check_data(x, y)
        except ValueError as error:
            raise ValueError(f"In validation_data: {error}") from error

    def facts(self, given, arguments: dict) -> dict:
        """What must be equal in all processes that train together.

        Args:
            given: The data as the user gave them.
            arguments: All others of `fit` by name.
        """
        if hosts.process_count() == 1:
            return {}
        names = ("batch_size", "epochs", "steps_per_epoch", "validation_batch_size")
        return {
            "seed": self.seed,
            "number of samples": samples_in(given),
            "number of labels": samples_in(arguments.get("y")),
            "number of validation samples": samples_in(arguments.get("validation_data")),
            **{name: arguments.get(name) for name in (*names, "validation_steps")},
            "settings": self.settings(),
            "weights": hosts.digest([*self.variables, *self.optimizer.variables]),
        }

    def _maybe_symbolic_build(self, iterator=None, data_batch=None) -> None:
        # A game is built when it is made. Under a strategy Keras 3.15 would begin a pass over the
        # data to no purpose, and fail when the first batch is cut unequally.
        pass

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """The losses on a data set as `keras.Model.evaluate` gives them; the same at every call.

        Ask for them by name: `gan.evaluate(x, return_dict=True)`.
        """
        validation.check_compiled(self, "evaluate")
        refuse_weights(
            inspect.signature(super().evaluate).bind(x, y, batch_size, *args, **kwargs).arguments
        )
        self.check_data(x, y, batch_size=batch_size)
        self.settle()
        self.evaluation_draws.restart()
        try:
            if hosts.process_count() == 1 or kwargs.get("_use_cached_eval_dataset"):
                return super().evaluate(x, y, batch_size, *args, **kwargs)
            with hosts.watched() as watch:
                hosts.check_agreement({"number of samples": samples_in(x)})
                kwargs["callbacks"] = with_watch(kwargs.get("callbacks"), watch)
                return super().evaluate(x, y, batch_size, *args, **kwargs)
        finally:
            if self.average is not None:
                self.average.swap_out()  # had an error kept SwapAverage from it


def refuse_weights(arguments: dict) -> None:
    """Refuses weights of samples or classes, for which no loss of a game has a place."""
    for name in ("sample_weight", "class_weight"):
        if arguments.get(name) is not None:
            raise ValueError(f"Games have no use for {name}: leave it out.")


def samples_in(x) -> str | None:
    """The shapes of arrays, or the number of batches of a data set; `None` where unknown.

    >>> samples_in((keras.ops.zeros((3, 2)), None))
    '[(3, 2)]'
    """
    if x is None or isinstance(x, keras.utils.PyDataset):
        return None if x is None else str(x.num_batches)
    if hasattr(x, "element_spec") and hasattr(x, "cardinality"):
        return str(int(x.cardinality()))
    given = [part for part in keras.tree.flatten(x) if part is not None]
    shapes = [getattr(part, "shape", None) for part in given]
    return None if None in shapes else str([tuple(shape) for shape in shapes])


def with_watch(callbacks, watch):
    """The callbacks and the watch, where there is one."""
    if watch is None:
        return callbacks
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.append(watch)
        return callbacks
    return [watch, *keras.tree.flatten(callbacks or [])]


def in_turn(callbacks):
    """The callbacks in the order given, but first those that add scores to the logs of an epoch."""

    def later(callback):
        return not getattr(callback, "comes_first", False)

    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.sort(key=later)
        return callbacks
    return sorted(keras.tree.flatten(callbacks), key=later)
