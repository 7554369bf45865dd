"""Models of which some take class labels: which labels they take."""

from collections.abc import Sequence

import numpy as np

from keras_gan.labels import chosen_labels
from keras_gan.labels.conditions import chosen_conditions
from keras_gan.labels.naming import numbered
from keras_gan.networks.class_labels import takes_labels
from keras_gan.networks.conditions import condition_dim_of, takes_whole_numbers


class Conditioned:
    """The part of a model that is `conditional` where its networks take class labels.

    It then knows `classes` of them, or `None` where the networks do not say how many, and the
    `label_limit` that they stay below. Where the networks take condition vectors instead of labels
    it knows how many numbers they have, `condition_dim`, and whether these are `whole_conditions`.
    Where classes have `class_names`, as those of a preset's card, these may stand for labels.
    """

    conditional = False
    classes: int | None = None
    label_limit: int | None = None
    condition_dim: int | None = None
    whole_conditions = False
    class_names: Sequence[str] = ()
    without_labels = (
        "This model does not take labels: leave labels out, or build its networks with classes=…"
    )

    def take_conditions(self, network) -> None:
        """Takes labels or condition vectors if a network does.

        Args:
            network: A built `keras.Model`, such as the generator.
        """
        self.condition_dim = condition_dim_of(network)
        self.conditional = takes_labels(network) or self.condition_dim is not None
        if self.condition_dim is not None:
            self.whole_conditions = takes_whole_numbers(network)

    def chosen(self, labels, n: int) -> list[np.ndarray]:
        """The labels of n samples to be made, in a list; an empty one where none are taken.

        Args:
            labels: Integers `(n,)`, one for all, or `None` for all classes in turn; names of
                classes, if they have some; or condition vectors `(n, d)`, or one for all.
            n: How many.

        Raises:
            ValueError: For labels that are out of range, unknown or not taken.
        """
        if self.condition_dim is not None:
            return [chosen_conditions(labels, n, self.condition_dim, self.whole_conditions)]
        if self.conditional:
            labels = numbered(labels, self.class_names)
            return [chosen_labels(labels, n, self.classes, self.label_limit)]
        if labels is not None:
            raise ValueError(self.without_labels)
        return []

    def labels_beside(self, labels, n: int, role: str, what: str = "sample") -> list[np.ndarray]:
        """The labels of n samples that are given, in a list; an empty one where none are taken.

        Args:
            labels: Integers `(n,)`, one for all, or `None`.
            n: How many.
            role: What takes them, for messages, such as `"discriminator"`.
            what: Beside what they stand.

        Raises:
            ValueError: For labels that are missing, out of range or not taken.
        """
        if labels is not None and not self.conditional:
            raise ValueError(f"This {role} does not take labels: leave labels out.")
        if labels is None and self.conditional:
            raise ValueError(f"This {role} takes a label beside each {what}: pass labels=….")
        return self.chosen(labels, n)
