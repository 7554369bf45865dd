"""Models of which some take class labels: which labels they take."""

import numpy as np

from keras_gan.labels import chosen_labels


class Conditioned:
    """The part of a model that is `conditional` where its networks take class labels.

    It then knows `classes` of them, or `None` where the networks do not say how many, and the
    `label_limit` that they stay below.
    """

    conditional = False
    classes: int | None = None
    label_limit: int | None = None
    without_labels = (
        "This model does not take labels: leave labels out, or build its networks with classes=…"
    )

    def chosen(self, labels, n: int) -> list[np.ndarray]:
        """The labels of n samples to be made, in a list; an empty one where none are taken.

        Args:
            labels: Integers `(n,)`, one for all, or `None` for all classes in turn.
            n: How many.

        Raises:
            ValueError: For labels that are out of range or not taken.
        """
        if self.conditional:
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
