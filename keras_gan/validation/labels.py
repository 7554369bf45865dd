"""What is wrong with labels, before the first step."""

import keras

from keras_gan.labels import checked_labels
from keras_gan.validation.data import check_data, first_batch

AS_INTEGERS = "Of whole numbers in another type take labels.astype('int32')."


def check_labelled_data(
    x, y, sample_shape: tuple, classes: int | None, schedule=None, batch_size: int | None = None
):
    """Looks at training data of pairs (samples, labels), as `check_data` does at samples alone.

    Returns:
        The pair that was looked at, or `None` where none can be.

    Args:
        x: The first argument of `fit`.
        y: The second: the labels, where x is an array.
        sample_shape: The shape of one sample.
        classes: How many classes the networks know; `None` where they do not say.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Raises:
        ValueError: As `check_data`, and for labels that are missing or not allowed.
    """
    samples = check_data(x, sample_shape, schedule, batch_size)
    if samples is None:
        return None
    labels = labels_of((x, y) if y is not None else first_batch(x))
    if len(labels) != len(samples):
        raise ValueError(
            f"Every sample needs one label; received {len(samples)} samples and {len(labels)} "
            f"labels."
        )
    return samples, checked_labels(labels, classes)


def labels_of(data):
    """The labels `(batch,)` among what Keras hands over: the second of `(x, labels)`.

    Raises:
        ValueError: For data without labels, or labels of another shape or type.
    """
    labels = data[1] if isinstance(data, (tuple, list)) and len(data) > 1 else None
    if labels is None or not hasattr(labels, "dtype"):
        kind = "" if labels is None else f"; received a {type(labels).__name__} of labels"
        raise ValueError(
            f"These networks take labels, so data are pairs of arrays (samples, labels){kind}: "
            f"gan.fit(x, labels), or a data set such as kg.data.load(name, labels=True)."
        )
    if getattr(labels.shape, "rank", 1) is None:  # of Keras's relaxed function, looked at before
        labels = keras.ops.reshape(labels, (-1,))
    if len(labels.shape) == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    dtype = keras.backend.standardize_dtype(labels.dtype)
    if len(labels.shape) != 1 or "int" not in dtype:
        rows = "Of one-hot rows take labels.argmax(-1)."
        raise ValueError(
            f"Labels must be whole numbers, (batch,); received {dtype} of shape "
            f"{tuple(labels.shape)}. {rows if len(labels.shape) > 1 else AS_INTEGERS}"
        )
    return labels
