"""Class labels as vectors."""

from typing import Any

import keras
from keras import ops

from keras_gan.arguments import whole


@keras.saving.register_keras_serializable(package="keras_gan")
class OneHot(keras.layers.Layer):
    """The unit vectors of class labels.

        OneHot(y) = e_y,   y in 0, 1, …, classes − 1

    A label outside that range gives a row of NaN, which shows at once in every loss;
    `keras.ops.one_hot` would give zeros, which nobody notices. A model reads the number of classes
    of its networks from this layer.

    Args:
        classes: The number of classes, at least 2.
        **options: `name`, `dtype`, as in `keras.layers.Layer`.

    Raises:
        ValueError: For fewer than two classes.

    Example:

    >>> keras.ops.convert_to_numpy(OneHot(3)(keras.ops.convert_to_tensor([2, 0]))).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """

    def __init__(self, classes: int, **options: Any):
        super().__init__(**options)
        self.classes = whole("classes", classes, least=2)

    def call(self, labels: Any) -> Any:
        """Returns the unit vectors, `(batch, classes)`, of labels `(batch,)`."""
        labels = ops.cast(labels, "int32")
        vectors = ops.one_hot(labels, self.classes, dtype=self.compute_dtype)
        known = ops.logical_and(labels >= 0, labels < self.classes)
        return ops.where(ops.expand_dims(known, -1), vectors, float("nan"))

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the shape of the vectors."""
        return (*input_shape, self.classes)

    def compute_output_spec(self, labels: Any) -> keras.KerasTensor:
        """Returns shape and precision of the vectors."""
        return keras.KerasTensor((*labels.shape, self.classes), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        return {**super().get_config(), "classes": self.classes}
