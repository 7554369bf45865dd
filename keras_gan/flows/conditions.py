"""Class labels as the condition of a bijection."""

import keras
from keras import ops

from keras_gan.bijections.bijection import Bijection


def check_condition(bijection: Bijection, classes: int | None) -> None:
    """Refuses a bijection whose condition is not as many unit vectors as there are classes.

    Args:
        bijection: That of a flow.
        classes: The flow's argument.

    Raises:
        ValueError: For a bijection that needs another condition, or takes none. One of a user's own
            class is taken as it is.
    """
    parts = [each for each in bijection._flatten_layers() if isinstance(each, Bijection)]
    dims = {each.condition_dim for each in parts if hasattr(each, "condition_dim")} - {None}
    for dim in dims - {classes}:
        takes = "pass classes=" if classes is None else f"the flow has classes={classes}"
        raise ValueError(
            f"A part of this bijection was built with condition_dim={dim}, a unit vector for each "
            f"of as many classes: {takes}{dim if classes is None else ''}."
        )
    if classes is not None and not dims and all(map(_is_ours, parts)):
        raise ValueError(
            f"classes={classes} needs a bijection with a part that takes the condition, such as "
            f"kg.bijections.AffineCoupling(condition_dim={classes}); no part of this one does."
        )


def _is_ours(bijection: Bijection) -> bool:
    """Whether its class is the library's, so that `condition_dim` says all."""
    return type(bijection).__module__.startswith("keras_gan.")


class UnitVectors(keras.layers.Layer):
    """Labels, integers `(batch,)`, as unit vectors.

    Args:
        classes: How many.
        **options: Of `keras.layers.Layer`.
    """

    def __init__(self, classes: int, **options):
        super().__init__(**options)
        self.classes = classes

    def call(self, labels):
        """Unit vectors, `(batch, classes)`."""
        return ops.one_hot(labels, self.classes, dtype="float32")

    def compute_output_shape(self, shape):
        """The shape of the vectors."""
        return (*shape, self.classes)
