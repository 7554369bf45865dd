"""Adapts steps to Keras's JAX trainer, which runs pure functions of the state."""

import contextlib
import functools
import itertools
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.backend.interruption import deferred_interrupt
from keras_gan.data.checks import samples_of
from keras_gan.parallel import processes
from keras_gan.training.atomic_saving import WholeFiles


class JAXSteps(WholeFiles):
    """The part of a model that Keras's JAX trainer calls.

    The trainer runs pure functions `step(state, data) -> logs, new state`. The textbook step is
    traced in a `keras.StatelessScope`, where variables take their values from the state, and
    assigned values go into the new state.
    """

    traced = None

    def note_step(self) -> None:
        """Does nothing: on JAX, a traced step draws only from random streams in its state."""

    strict_batches = False  # JAX also knows the size of a short last batch; `fit` checks the first

    def make_train_function(self, force=False):
        """Compiles the training step as a pure function."""

        def groups():
            optimizer = self.optimizer.variables
            return *self._model_variables(), optimizer, self.metrics_variables

        if self.train_function is None or force:
            with self._pure("train_step", groups):
                super().make_train_function(force)
            self.train_function = self._uninterrupted(self.train_function)

    def _uninterrupted(self, execution):
        """The training function, in which Ctrl-C waits until the new state is stored.

        The step donates the arrays of the old state, and Keras stores the new ones only after it:
        an exception in between would lose both.
        """

        def safe(state, iterator):
            with deferred_interrupt():
                logs, state = execution(state, iterator)
                self._note(state)
            return logs, state

        return safe

    def _note(self, state) -> None:
        """Stores the newest state of a training where Keras's trainer expects it."""
        if len(state) == 4:  # 3 in an evaluation, which changes no variable
            names = ("trainable", "non_trainable", "optimizer", "metrics")
            pairs = zip(names, state, strict=True)
            self._jax_state = {f"{name}_variables": values for name, values in pairs}
            self._jax_state_synced = False

    def _purge_model_variables(self, **kinds):
        """Does nothing, whereas Keras would delete the variables' values before the first step.

        The step donates the arrays anyway. But if it cannot start, the values are still there.
        """

    def make_test_function(self, force=False):
        """Compiles the evaluation step as a pure function.

        Keras's state for it lacks the optimizers' variables, but scheduled weights of penalties
        depend on their step counts. So they are appended to the non-trainable variables.
        """

        def groups():
            trained, rest = self._model_variables()
            return trained, rest + self.optimizer.variables, self.metrics_variables

        of_training = self._get_state_sharding_spec

        def shardings():
            trained, rest, optimizer, metrics = of_training()
            return trained, rest + optimizer, optimizer, metrics

        with self._pure("test_step", groups), _instead(self, "_get_state_sharding_spec", shardings):
            super().make_test_function(force)

    def _make_function(self, step_function, concatenate_outputs=False):
        """Makes the function that takes batches and runs steps.

        Keras loops over fused steps in Python; here they are a single `jax.lax.scan`.
        """
        count = self.steps_per_execution
        if count == 1 or concatenate_outputs or self.run_eagerly or not self.jit_compile:
            return super()._make_function(step_function, concatenate_outputs)
        import jax

        @functools.partial(jax.jit, donate_argnums=0)
        def fused_steps(state, batches):
            def step(state, data):
                logs, state = step_function(state, data)
                return state, logs

            state, logs = jax.lax.scan(step, state, batches)
            return keras.tree.map_structure(lambda each: each[-1], logs), state

        def execution(state, iterator):
            batches = [next(iterator), *itertools.islice(iterator, count - 1)]
            if len(batches) == count and len(set(map(_shapes, batches))) == 1:
                return fused_steps(state, keras.tree.map_structure(_stacked, *batches))
            for batch in batches:  # at the end of the data
                logs, state = step_function(state, batch)
                self._note(state)
            return logs, state

        return execution

    def settle(self) -> None:
        """Updates the variables from the state, for a callback that reads them during `fit`."""
        if getattr(self, "_jax_state", None):
            self.jax_state_sync()

    def predict(self, *args, **kwargs):
        """As `keras.Model.predict`, also during `fit`.

        Raises:
            ValueError: If several processes train together.
        """
        if processes.process_count() > 1:
            raise ValueError(
                "Keras's predict cannot run in one of several processes: use gan.generate(n, "
                "seed=…), which runs in one process, or load the saved model in another program."
            )
        self.settle()
        return super().predict(*args, **kwargs)

    def train_on_batch(self, x, *args, **kwargs):
        """As `keras.Model.train_on_batch`."""
        self.settle()
        self.schedule.check_batch(len(samples_of(x)))
        return super().train_on_batch(x, *args, **kwargs)

    def test_on_batch(self, *args, **kwargs):
        """As `keras.Model.test_on_batch`, also during `fit`."""
        self.settle()
        return super().test_on_batch(*args, **kwargs)

    def load_weights(self, *args, **kwargs):
        """As `keras.Model.load_weights`, also during `fit`."""
        self.settle()
        return super().load_weights(*args, **kwargs)

    def save(self, *args, **kwargs):
        """As `keras.Model.save`, also during `fit`; only the first process writes."""
        self.settle()
        if processes.is_first():
            with processes.alone():
                super().save(*args, **kwargs)

    def save_weights(self, *args, **kwargs):
        """As `keras.Model.save_weights`, also during `fit`; only the first process writes."""
        self.settle()
        if processes.is_first():
            with processes.alone():
                super().save_weights(*args, **kwargs)

    @staticmethod
    def idle(state, iterator) -> tuple[dict, tuple]:
        """A training function that does nothing."""
        return {}, state

    def _model_variables(self) -> tuple[list, list]:
        return self.trainable_variables, self.non_trainable_variables

    @contextlib.contextmanager
    def _pure(self, name: str, groups) -> Iterator[None]:
        """A scope in which a step is the pure function that Keras expects."""
        step = getattr(self, name)

        def pure_step(state, data):
            variables = groups()
            mapping = []
            for group, values in zip(variables, state, strict=True):
                mapping += zip(group, values, strict=True)
            with keras.StatelessScope(state_mapping=mapping) as scope:
                logs = step(data)
            return logs, tuple([scope.get_current_value(v) for v in group] for group in variables)

        with _instead(self, name, pure_step):
            yield

    def _get_jax_state(self, optimizer_variables=False, metrics_variables=False, **kinds):
        self._jax_state = None  # an earlier state is outdated; the variables are not
        state = super()._get_jax_state(
            optimizer_variables=optimizer_variables, metrics_variables=metrics_variables, **kinds
        )
        if optimizer_variables or not metrics_variables:
            return state
        trained, rest, metrics = state  # an evaluation donates its arrays
        copies = [keras.ops.copy(v) for v in self.optimizer.variables]
        return trained, rest + copies, metrics

    def _symbolic_build(self, iterator=None, data_batch=None) -> None:
        pass  # a model here is built by its constructor


def _shapes(batch) -> tuple:
    """The shapes of a batch, a structure of arrays."""
    return tuple(getattr(part, "shape", None) for part in keras.tree.flatten(batch))


def _stacked(*parts):
    """Stacks arrays of the same shape, on the device where they are; `None` stays `None`."""
    if parts[0] is None:
        return None
    own = all(isinstance(part, np.ndarray) for part in parts)
    return np.stack(parts) if own else keras.ops.stack(parts)


@contextlib.contextmanager
def _instead(model: keras.Model, name: str, method) -> Iterator[None]:
    """A scope that replaces a method of a model."""
    object.__setattr__(model, name, method)
    try:
        yield
    finally:
        object.__delattr__(model, name)
