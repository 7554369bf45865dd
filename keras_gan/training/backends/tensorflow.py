"""Adapts steps to Keras's TensorFlow trainer, which runs them as they are."""

import weakref

import keras

from keras_gan.training.atomic_saving import WholeFiles


class TensorFlowSteps(WholeFiles):
    """The part of a model that Keras's TensorFlow trainer calls."""

    strict_batches = True  # as far as their size is known; that of a short last batch is not

    traced = None  # a weak reference to the graph of the training step

    def settle(self) -> None:
        """Does nothing: during `fit` the variables are always up to date."""

    def note_step(self) -> None:
        """Stores a weak reference to the graph of the training step, to inspect it later."""
        import tensorflow as tf

        graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
        self.traced = None if graph is None else weakref.ref(graph)

    def _make_function(self, step_function):
        """Makes the function that takes batches and runs steps, and does nothing without a batch.

        If the number of batches is unknown, Keras requests one more than there are. TensorFlow
        would then run everything that does not depend on the batch before it notices the end, such
        as updates of step counts and random states.
        """
        import tensorflow as tf

        def step(data):
            parts = [part for part in keras.tree.flatten(data) if part is not None]
            with tf.control_dependencies(parts):
                return step_function(data)

        return super()._make_function(step)

    @staticmethod
    def idle(iterator) -> dict:
        """A training function that does nothing."""
        return {}
