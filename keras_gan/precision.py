"""Where low precision ends: losses, penalties and spectral norms are at least float32."""

import keras


def at_least_float32(tensor):
    """The tensor in float32 when it is of lower precision, as it is otherwise.

    Args:
        tensor: Floating tensor of any shape.

    Example:

    >>> import keras
    >>> at_least_float32(keras.ops.ones((2, 1), dtype="bfloat16")).dtype.name
    'float32'
    """
    if keras.backend.standardize_dtype(tensor.dtype) in ("float16", "bfloat16"):
        return keras.ops.cast(tensor, "float32")
    return tensor
