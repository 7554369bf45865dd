"""Class labels as vectors."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gan")
class OneHot(keras.layers.Layer):
    """The unit vectors of class labels.

        OneHot(y) = e_y,   y in 0, 1, …, classes − 1

    A label out of that range gives a row of NaN, which shows at once in every loss, where
    `keras.ops.one_hot` gives zeros and goes unnoticed. A game finds the number of classes of its
    networks in this layer.

    Args:
        classes: how many there are, at least 2.
        **options: `name`, `dtype`, as in `keras.layers.Layer`.

    Raises:
        ValueError: for fewer than two classes.

    Example:
        >>> keras.ops.convert_to_numpy(OneHot(3)(keras.ops.convert_to_tensor([2, 0]))).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """

    def __init__(self, classes: int, **options: Any):
        super().__init__(**options)
        if isinstance(classes, bool) or not isinstance(classes, int) or classes < 2:
            raise ValueError(f"classes must be a whole number, at least 2, not {classes!r}.")
        self.classes = classes

    def call(self, labels: Any) -> Any:
        """Return the unit vectors, `(batch, classes)`, of labels `(batch,)`."""
        labels = ops.cast(labels, "int32")
        vectors = ops.one_hot(labels, self.classes, dtype=self.compute_dtype)
        known = ops.logical_and(labels >= 0, labels < self.classes)
        return ops.where(ops.expand_dims(known, -1), vectors, float("nan"))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Return the shape of the vectors."""
        return (*input_shape, self.classes)

    def compute_output_spec(self, labels: Any) -> keras.KerasTensor:
        """Return shape and precision of the vectors."""
        return keras.KerasTensor((*labels.shape, self.classes), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {**super().get_config(), "classes": self.classes}
