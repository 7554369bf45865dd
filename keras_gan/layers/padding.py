"""Padding that continues an image."""

from typing import Any

import keras
from keras import layers, ops

from keras_gan.arguments import whole


@keras.saving.register_keras_serializable(package="keras_gan")
class ReflectionPadding2D(layers.Layer):
    """Mirror images at their borders, without repeating the outermost pixels.

    Args:
        padding: Pixels to add on each side, fewer than the side of the image. Defaults to 1.
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For padding below 1, or images that are too small for it.

    Example:

    >>> x = keras.ops.reshape(keras.ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0]), (1, 2, 2, 1))
    >>> y = ReflectionPadding2D(1)(x)
    >>> keras.ops.convert_to_numpy(y)[0, 1, :, 0].tolist()
    [2.0, 1.0, 2.0, 1.0]
    """

    def __init__(self, padding: int = 1, **options: Any):
        super().__init__(**options)
        self.padding = whole("padding", padding)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Checks the size of the images."""
        for size in input_shape[1:3]:
            if size is not None and size <= self.padding:
                raise ValueError(
                    f"Images of {size} pixels cannot be mirrored {self.padding} pixels far: use "
                    f"larger images, or less padding."
                )

    def call(self, inputs: Any) -> Any:
        """Pads images `(batch, height, width, channels)`."""
        both = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), both, both, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Returns the shape with the padding."""
        batch, height, width, channels = input_shape
        grown = (n if n is None else n + 2 * self.padding for n in (height, width))
        return (batch, *grown, channels)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        return {**super().get_config(), "padding": self.padding}
