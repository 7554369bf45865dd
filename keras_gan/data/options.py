"""Options of tf.data for all data sets that are read here."""

from __future__ import annotations

from keras_gan.data.lazy import tf


def untuned() -> tf.data.Options:
    """Returns options without tf.data's tuner and without its rewriting of graphs.

    The tuner's pauses double up to a minute, and deleting an iterator waits until it wakes up
    (TensorFlow 2.21): at the end of `fit` on an endless data set, a run of 41 s would wait for
    another 41 s. Rewriting a graph copies, for each iterator, all arrays that it reads.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.apply_default_optimizations = False
    return options
