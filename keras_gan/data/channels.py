"""Grey images of colour ones, and colour images of grey ones."""

from __future__ import annotations

from keras_gan.data.lazy import tf

LUMA = (0.299, 0.587, 0.114)  # of red, green and blue, ITU-R BT.601, as Pillow's mode L


def with_channels(dataset: tf.data.Dataset, channels: int, name: str) -> tf.data.Dataset:
    """A data set whose images have this many channels.

        grey = 0.299 R + 0.587 G + 0.114 B      (ITU-R BT.601)

    Grey images become colour ones with equal channels.

    Args:
        dataset: A data set of `kg.data.load`, of images in [-1, 1], with or without labels.
        channels: 1 or 3, or as many as there are.
        name: What the images are called in the message.

    Raises:
        ValueError: For anything but images, or channels that cannot be made of theirs.

    Example:

    >>> import keras_gan as kg
    >>> with_channels(kg.data.load("digits"), 3, "digits").element_spec.shape
    TensorShape([8, 8, 3])
    """
    spec, labelled = dataset.element_spec, isinstance(dataset.element_spec, tuple)
    shape = (spec[0] if labelled else spec).shape
    if shape.rank == 3 and shape[-1] == channels:
        return dataset
    if shape.rank != 3 or (shape[-1], channels) not in ((3, 1), (1, 3)):
        made = {1: "grey (1) or colour (3)", 3: "colour (3) or grey (1)"}.get(shape[-1])
        remedy = f"take {made}" if shape.rank == 3 and made else "leave that out"
        raise ValueError(
            f"Images of {channels} channels cannot be made of {name}, whose samples have shape "
            f"{tuple(shape)}: {remedy}."
        )

    def convert(x):
        if channels == 3:
            return tf.repeat(x, 3, axis=-1)
        return tf.reduce_sum(x * tf.constant(LUMA, x.dtype), axis=-1, keepdims=True)

    if labelled:
        return dataset.map(lambda x, label: (convert(x), label), tf.data.AUTOTUNE)
    return dataset.map(convert, tf.data.AUTOTUNE)
