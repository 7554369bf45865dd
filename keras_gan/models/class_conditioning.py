"""Models whose networks take class labels beside samples and latent vectors."""

from keras import ops

from keras_gan.labels.checks import LabelRange, check_labelled_data, labels_of
from keras_gan.labels.conditions import check_conditioned_data, conditions_of
from keras_gan.models.conditioned import Conditioned
from keras_gan.models.generative_model import GenerativeModel


class ClassConditioning(Conditioned, GenerativeModel):
    """The part of a model that trains on pairs (x, labels) where it is `conditional`.

    It has `conditional`, `classes` and `label_limit` as `Conditioned` describes them.
    """

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step; labels, too, where the networks take some."""
        if not self.conditional:
            return super().check_data(x, y, schedule, batch_size)
        if self.condition_dim is not None:
            known = self.sample_shape, self.condition_dim, self.whole_conditions
            return check_conditioned_data(x, y, *known, schedule, batch_size)
        return check_labelled_data(x, y, self.sample_shape, self.label_limit, schedule, batch_size)

    def scales(self) -> list:
        """The `Scale` of the samples' values and, of networks that know it, the labels' range."""
        if self.condition_dim is not None:
            return [*super().scales(), None]  # any numbers, but finite ones
        known = self.conditional and self.label_limit is not None
        return super().scales() + ([LabelRange(self.label_limit)] if known else [])

    def unpack(self, data):
        """The samples x of a batch, or (x, labels) where the networks take labels."""
        samples = super().unpack(data)
        if not self.conditional:
            return samples
        if self.condition_dim is not None:
            dtype = "int32" if self.whole_conditions else self.sample_dtype
            return samples, ops.cast(conditions_of(data, self.condition_dim), dtype)
        return samples, ops.cast(labels_of(data), "int32")

    def called_with(self, x) -> tuple:
        """The samples and the labels that `call` is given; `None` where the networks take none.

        Raises:
            ValueError: For anything but a pair where they take some.
        """
        if not self.conditional:
            return x, None
        if not (isinstance(x, (tuple, list)) and len(x) == 2):
            raise ValueError(
                f"This {type(self).__name__} takes a label beside each sample: call it with, or "
                f"predict, pairs [samples, labels]."
            )
        return tuple(x)

    def labelled(self, minibatch) -> tuple:
        """The samples and the labels of a minibatch; `None` where the networks take none."""
        return minibatch if self.conditional else (minibatch, None)
