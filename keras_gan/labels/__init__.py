"""Class labels: which are allowed, and how they are read."""

from keras_gan.labels.conversion import label_advice
from keras_gan.labels.values import checked_labels, chosen_labels

__all__ = ["checked_labels", "chosen_labels", "label_advice"]
