"""Class labels: which networks take them, how many classes they know, which labels are allowed."""

from keras_gan.labels.advice import label_advice
from keras_gan.labels.networks import (
    classes_of,
    common_classes,
    common_limit,
    is_label,
    limit_of,
    takes_labels,
    with_labels,
)
from keras_gan.labels.values import checked_labels, chosen_labels

__all__ = [
    "checked_labels",
    "chosen_labels",
    "classes_of",
    "common_classes",
    "common_limit",
    "is_label",
    "label_advice",
    "limit_of",
    "takes_labels",
    "with_labels",
]
