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

        is_single = self.steps_per_execution == 1 or self.run_eagerly
        if is_single or self._distribute_strategy is not None:
            return super()._make_function(step)
        return _fused(step, self.steps_per_execution, self.jit_compile)

    @staticmethod
    def idle(iterator) -> dict:
        """A training function that does nothing."""
        return {}


def _fused(step_function, count: int, jit_compile: bool):
    """A function that runs up to `count` steps, as long as there are batches, in one graph.

    It differs from Keras's in that a step stands in the loop itself, and not in a branch within it,
    through which every variable would be passed in every step.

    Args:
        step_function: From a batch to logs.
        count: The most steps of a call.
        jit_compile: Whether a step is compiled by XLA.
    """
    import tensorflow as tf

    step = tf.function(step_function, reduce_retracing=True, jit_compile=jit_compile)

    def steps(iterator):
        logs = step.get_concrete_function(iterator.element_spec).structured_outputs
        logs = keras.tree.map_structure(lambda like: tf.zeros(like.shape, like.dtype), logs)

        def go_on(done, batch, logs):
            return tf.logical_and(done < count, batch.has_value())

        def body(done, batch, logs):
            logs = step(batch.get_value())
            done += 1
            batch = tf.cond(done < count, iterator.get_next_as_optional, lambda: batch)
            return done, batch, logs

        start = tf.constant(0), iterator.get_next_as_optional(), logs
        done, _, logs = tf.while_loop(go_on, body, start)
        return done, logs

    steps = tf.function(tf.autograph.experimental.do_not_convert(steps), reduce_retracing=True)

    def function(iterator):
        if not isinstance(iterator, tf.data.Iterator):  # the batch of `train_on_batch`
            for _, batch in zip(range(count), iterator, strict=False):
                logs = step(batch)
            return logs
        done, logs = steps(iterator)
        if int(done) == 0:
            raise StopIteration
        return logs

    return function
