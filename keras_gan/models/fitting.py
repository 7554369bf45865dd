"""Where data come in: what is looked at before Keras trains on them or evaluates them."""

import contextlib
import inspect
from collections.abc import Iterator
from typing import ClassVar

import keras

from keras_gan.checkpoints.resuming import resumable
from keras_gan.checkpoints.vanished_folders import guarded
from keras_gan.data.feeds import given_data, is_tensorflow
from keras_gan.data.watching import Watched
from keras_gan.models.by_batch import ByBatch
from keras_gan.models.data_inspection import DataInspection
from keras_gan.parallel import processes
from keras_gan.training.callback_checks import callbacks_in, check_callbacks, offer_data
from keras_gan.training.compile_checks import check_compiled, refuse_weights
from keras_gan.training.not_finite_warning import warn_if_diverged


class Fitting(DataInspection, ByBatch):
    """The part of a `GenerativeModel` that is handed data.

    It has the `schedule` by which batches are cut. A subclass whose losses Keras's stock callbacks
    cannot watch lists these in `refused_callbacks`, each with what to do instead.
    """

    logs_loss = True  # one `loss`, for which a stock callback may wait
    refused_callbacks: ClassVar[dict[type, str]] = {}

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """Trains as `keras.Model.fit` does, after a look at the data, and at every later batch.

        With a `kg.callbacks.Checkpoint` it goes on where an earlier one stopped.

        Raises:
            ValueError: Before the first step: not compiled, or data of the wrong shape, integer or
                [0, 255] images, NaN, no samples, a batch that the schedule cannot divide; a stock
                callback that waits for a loss which a game does not log; a folder in which another
                program writes. At a later batch: NaN, or values clearly on another scale. (A
                warning tells once of values that leave the scale a little.)
            FolderLostError: If a folder vanishes in which a callback writes; it says where the
                state was saved.
        """
        check_compiled(self, "fit")
        given = inspect.signature(super().fit).bind(x, y, batch_size, *args, **kwargs)
        refuse_weights(given.arguments)
        x, y = given_data(x, y)
        given.arguments.update(x=x, y=y)
        samples = self.look_at(x, y, self.schedule, batch_size)
        if self.value_range is not None:
            self.check_reach(samples)
        callbacks = callbacks_in(given.arguments.get("callbacks"))
        check_callbacks(callbacks, self.refused_callbacks, self.logs_loss)
        offer_data(callbacks, samples)
        if not _is_shuffled(x):  # by Keras, which warns when it is asked to
            given.arguments["shuffle"] = False
        validation_data = given.arguments.get("validation_data")
        if validation_data is not None:
            given.arguments["validation_data"] = self.validating(
                validation_data, given.arguments.get("validation_steps")
            )
        if given.arguments.get("callbacks"):
            given.arguments["callbacks"] = _in_turn(given.arguments["callbacks"])
        with processes.watched() as watch, guarded(self, given.arguments.get("callbacks")) as guard:
            for each in (guard, watch):
                given.arguments["callbacks"] = _with_watch(given.arguments.get("callbacks"), each)
            with resumable(self, given.arguments) as arguments:
                processes.check_agreement(self.facts(x, arguments))
                arguments["x"] = self.watched(
                    arguments["x"], samples, shuffle=arguments.get("shuffle", True), given=x
                )
                with _own_errors(arguments["x"], arguments.get("validation_data")):
                    history = super().fit(**arguments)
                if processes.process_count() > 1:
                    processes.check_agreement({"weights": processes.digest(self.weights)})
                warn_if_diverged(self, history, given.arguments.get("callbacks"))
                return history

    def validating(self, data, steps: int | None = None):
        """Data of a validation, looked at before training begins."""
        x, y, weights = data, None, None
        if isinstance(data, (tuple, list)):
            x, y, weights = keras.utils.unpack_x_y_sample_weight(tuple(data))
        refuse_weights({"sample_weight": weights})
        try:
            x, y = given_data(x, y)
            looked_at = self.look_at(x, y)
        except ValueError as error:
            raise ValueError(f"In validation_data: {error}") from error
        if steps is None and _is_endless(x):
            raise ValueError(
                "validation_data never end, so a validation would never end: pass "
                "validation_steps to fit, or data without .repeat()."
            )
        return self.watched(x, looked_at) if y is None else (x, y)

    def facts(self, given, arguments: dict) -> dict:
        """What must be equal in all processes that train together.

        Args:
            given: The data as the user gave them.
            arguments: All others of `fit` by name.
        """
        if processes.process_count() == 1:
            return {}
        names = ("batch_size", "epochs", "steps_per_epoch", "validation_batch_size")
        return {
            "seed": self.seed,
            "number of samples": _samples_in(given),
            "number of labels": _samples_in(arguments.get("y")),
            "number of validation samples": _samples_in(arguments.get("validation_data")),
            **{name: arguments.get(name) for name in (*names, "validation_steps")},
            "settings": self.settings(),
            "weights": processes.digest([*self.variables, *self.optimizer.variables]),
        }

    def _maybe_symbolic_build(self, iterator=None, data_batch=None) -> None:
        # A model is built when it is made. Under a strategy Keras 3.15 would begin a pass over the
        # data to no purpose, and fail when the first batch is cut unequally.
        pass

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        """The losses on a data set as `keras.Model.evaluate` gives them; the same at every call.

        Ask for them by name, `gan.evaluate(x, return_dict=True)`, or take `gan.metrics_names`.
        """
        check_compiled(self, "evaluate")
        refuse_weights(
            inspect.signature(super().evaluate).bind(x, y, batch_size, *args, **kwargs).arguments
        )
        if not kwargs.get("_use_cached_eval_dataset"):  # of fit, which has looked
            x, y = given_data(x, y)
            facts = {"number of samples": _samples_in(x)}
            x = self.watched(x, self.look_at(x, y, batch_size=batch_size))
        self.settle()
        self.evaluation_draws.restart()
        try:
            with _own_errors(x):
                if processes.process_count() == 1 or kwargs.get("_use_cached_eval_dataset"):
                    return super().evaluate(x, y, batch_size, *args, **kwargs)
                with processes.watched() as watch:
                    processes.check_agreement(facts)
                    kwargs["callbacks"] = _with_watch(kwargs.get("callbacks"), watch)
                    return super().evaluate(x, y, batch_size, *args, **kwargs)
        finally:
            if self.average is not None:
                self.average.swap_out()  # had an error kept SwapAverage from it


def _is_endless(x) -> bool:
    """Whether the data are a `tf.data.Dataset` that is repeated for ever."""
    return is_tensorflow(x) and hasattr(x, "cardinality") and int(x.cardinality()) == -1


def _is_shuffled(x) -> bool:
    """Whether Keras shuffles data: arrays, and the batches of a `PyDataset` that has an end."""
    if isinstance(x, keras.utils.PyDataset):
        return x.num_batches is not None
    return hasattr(x, "shape") or isinstance(x, (dict, tuple, list))


@contextlib.contextmanager
def _own_errors(*data) -> Iterator[None]:
    """A scope in which the error of a look at a batch arises as itself, not as TensorFlow's."""
    try:
        yield
    except Exception:
        for each in data:
            if isinstance(each, Watched) and each.error is not None:
                raise each.error from None
        raise


def _samples_in(x) -> str | None:
    """The shapes of arrays, or the number of batches of a data set; `None` where unknown.

    >>> _samples_in((keras.ops.zeros((3, 2)), None))
    '[(3, 2)]'
    """
    if x is None or isinstance(x, keras.utils.PyDataset):
        return None if x is None else str(x.num_batches)
    if is_tensorflow(x) and hasattr(x, "cardinality"):
        return str(int(x.cardinality()))
    given = [part for part in keras.tree.flatten(x) if part is not None]
    shapes = [getattr(part, "shape", None) for part in given]
    return None if None in shapes else str([tuple(shape) for shape in shapes])


def _with_watch(callbacks, watch):
    """The callbacks and the watch, where there is one."""
    if watch is None:
        return callbacks
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.insert(0, watch)
        return callbacks
    return [watch, *callbacks_in(callbacks)]


def _in_turn(callbacks):
    """The callbacks in the order given, but first those that add scores to the logs of an epoch."""

    def later(callback):
        return not getattr(callback, "comes_first", False)

    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks.callbacks.sort(key=later)
        return callbacks
    return sorted(callbacks_in(callbacks), key=later)
