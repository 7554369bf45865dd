"""The trainer of TensorFlow runs the steps as they are."""

import weakref

import keras

from keras_gan.training.atomic_saving import WholeFiles


class TensorFlowSteps(WholeFiles):
    """TensorFlow's trainer runs the steps as they are."""

    strict_batches = True  # whose size is known: that of a short last one is not

    traced = None  # a weak reference to the graph of the training step

    def settle(self) -> None:
        """Brings variables up to date for a callback in the midst of `fit`: they always are."""

    def note_step(self) -> None:
        """Remembers the graph in which the training step is traced, for a look at it."""
        import tensorflow as tf

        graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
        self.traced = None if graph is None else weakref.ref(graph)

    def _make_function(self, step_function):
        """How a step and its batch are put together, so that without a batch nothing moves.

        Where the number of batches is not known, Keras asks for one more. TensorFlow then runs what
        does not depend on it before it finds the end: counts of steps and random states would move.
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
