"""Loops over batches by hand: their checks, and the names of the values that they return."""

import math

import keras

from keras_gan.data.feeds import given_data
from keras_gan.training.compile_checks import check_compiled, refuse_weights


class ByBatch(keras.Model):
    """The part of a `GenerativeModel` for `train_on_batch` and `test_on_batch`."""

    by_batch = False  # whether a step on one batch was taken

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `train_on_batch`, `test_on_batch` and `evaluate` return, in order."""
        return sorted(self.get_metrics_result()) if self.compiled else []

    def get_metrics_result(self) -> dict:
        """The running means by name, and what follows from them."""
        means = self.means.result()
        return {**means, **self.estimates(means)}

    def train_on_batch(
        self, x, y=None, sample_weight=None, class_weight=None, return_dict: bool = False
    ):
        """One step on one batch, after the look that `fit` takes at data.

        Args:
            x: A batch, as `fit` takes whole arrays.
            y: Labels, where the model has classes.
            sample_weight: `None`: no loss here uses it.
            class_weight: Likewise.
            return_dict: Whether to return a dict. Defaults to `False`: a list in the order of
                `metrics_names`.

        Raises:
            ValueError: Before the step: not compiled, or data that `fit` refuses.
        """
        check_compiled(self, "train_on_batch")
        refuse_weights({"sample_weight": sample_weight, "class_weight": class_weight})
        x, y = given_data(x, y)
        self.look_at(x, y, self.schedule, _size_of(x), later=self.by_batch)
        self.by_batch = True
        logs = super().train_on_batch(x, y, return_dict=True)
        return logs if return_dict else self.in_order(logs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict: bool = False):
        """The losses on one batch; nothing moves.

        Args:
            x: As in `train_on_batch`.
            y: Likewise.
            sample_weight: `None`: no loss here uses it.
            return_dict: Whether to return a dict. Defaults to `False`: a list in the order of
                `metrics_names`, NaN for what is known in training alone, such as gradient norms.

        Raises:
            ValueError: As `train_on_batch`.
        """
        check_compiled(self, "test_on_batch")
        refuse_weights({"sample_weight": sample_weight})
        x, y = given_data(x, y)
        self.look_at(x, y, batch_size=_size_of(x))
        logs = super().test_on_batch(x, y, return_dict=True)
        return logs if return_dict else self.in_order(logs)

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict: bool = False,
        **kwargs,
    ):
        """As `keras.Model.evaluate`, a list in the order of `metrics_names` or a dict."""
        logs = super().evaluate(
            x, y, batch_size, verbose, sample_weight, steps, callbacks, return_dict=True, **kwargs
        )
        return logs if return_dict else self.in_order(logs)

    def in_order(self, logs: dict):
        """The values of a dict in the order of `metrics_names`; a single one alone, as in Keras."""
        values = [logs.get(name, math.nan) for name in self.metrics_names]
        return values[0] if len(values) == 1 else values


def _size_of(x) -> int | None:
    """How many samples an array has, or the first of several; `None` for anything else."""
    arrays = [part for part in keras.tree.flatten(x) if getattr(part, "shape", None)]
    return int(arrays[0].shape[0]) or None if arrays else None
