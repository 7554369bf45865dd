"""The trainer of JAX runs pure functions of the state, which the steps become here."""

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
    """JAX's trainer runs pure functions `step(state, data) -> logs, new state`.

    The textbook step is traced in a `keras.StatelessScope`: there a variable's value comes out of
    the state, and what the step assigns goes into the new one.
    """

    traced = None

    def note_step(self) -> None:
        """Does nothing: what JAX traces draws from no stream but those of its state."""

    strict_batches = False  # the size of a short last one is known, too; `fit` looks at the first

    def make_train_function(self, force=False):
        """Compiles the training step, as a pure function."""

        def groups():
            optimizer = self.optimizer.variables
            return *self._model_variables(), optimizer, self.metrics_variables

        if self.train_function is None or force:
            with self._pure("train_step", groups):
                super().make_train_function(force)
            self.train_function = self._uninterrupted(self.train_function)

    def _uninterrupted(self, execution):
        """The training function, in which Ctrl-C waits until the new state is in safety.

        The arrays of the old state are given up to the step, and Keras notes the new ones only
        after it: an exception in between would leave none.
        """

        def safe(state, iterator):
            with deferred_interrupt():
                logs, state = execution(state, iterator)
                self._note(state)
            return logs, state

        return safe

    def _note(self, state) -> None:
        """Keeps the newest state of a training where Keras's trainer looks for it."""
        if len(state) == 4:  # not of an evaluation, which moves nothing
            names = ("trainable", "non_trainable", "optimizer", "metrics")
            pairs = zip(names, state, strict=True)
            self._jax_state = {f"{name}_variables": values for name, values in pairs}
            self._jax_state_synced = False

    def _purge_model_variables(self, **kinds):
        """Leaves variables their values, which Keras would take away before the first step.

        The step gives up the arrays anyway; but where it cannot even start, they are still there.
        """

    def make_test_function(self, force=False):
        """Compiles the evaluating step, as a pure function.

        Keras's state for it leaves out the optimizers' variables, but penalties are annealed by
        their counts: they are carried behind the other variables that are not trained.
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
        """How a step and its batch are put together; Keras's own loops over fused steps in Python.

        Here they are one `jax.lax.scan`, dispatched once.
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
            if len(batches) == count and len(set(map(shapes, batches))) == 1:
                return fused_steps(state, keras.tree.map_structure(_stacked, *batches))
            for batch in batches:  # at the end of the data
                logs, state = step_function(state, batch)
                self._note(state)
            return logs, state

        return execution

    def settle(self) -> None:
        """Brings variables up to date for a callback that reads them in the midst of `fit`."""
        if getattr(self, "_jax_state", None):
            self.jax_state_sync()

    def predict(self, *args, **kwargs):
        """As `keras.Model.predict`, in the midst of `fit` too; by one process only.

        Raises:
            ValueError: Where several processes train together.
        """
        if processes.process_count() > 1:
            raise ValueError(
                "Keras's predict cannot run in one of several processes: use gan.generate(n, "
                "seed=…), which needs no other process, or load the saved game in another program."
            )
        self.settle()
        return super().predict(*args, **kwargs)

    def train_on_batch(self, x, *args, **kwargs):
        """As `keras.Model.train_on_batch`."""
        self.settle()
        self.schedule.check_batch(len(samples_of(x)))
        return super().train_on_batch(x, *args, **kwargs)

    def test_on_batch(self, *args, **kwargs):
        """As `keras.Model.test_on_batch`, in the midst of `fit` too."""
        self.settle()
        return super().test_on_batch(*args, **kwargs)

    def load_weights(self, *args, **kwargs):
        """As `keras.Model.load_weights`, in the midst of `fit` too."""
        self.settle()
        return super().load_weights(*args, **kwargs)

    def save(self, *args, **kwargs):
        """Saves as `keras.Model.save` does, in the midst of `fit` too; the first process writes."""
        self.settle()
        if processes.is_first():
            with processes.alone():
                super().save(*args, **kwargs)

    def save_weights(self, *args, **kwargs):
        """As `keras.Model.save_weights`, in the midst of `fit` too; the first process writes."""
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
        """A scope in which the step of this name is the pure function that Keras asks for."""
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
        self._jax_state = None  # of an earlier call: the variables are what counts
        state = super()._get_jax_state(
            optimizer_variables=optimizer_variables, metrics_variables=metrics_variables, **kinds
        )
        if optimizer_variables or not metrics_variables:
            return state
        trained, rest, metrics = state  # of an evaluation, which gives up the arrays it gets
        copies = [keras.ops.copy(v) for v in self.optimizer.variables]
        return trained, rest + copies, metrics

    def _symbolic_build(self, iterator=None, data_batch=None) -> None:
        pass  # a game is built when it is made


def shapes(batch) -> tuple:
    """The shapes of a batch, a structure of arrays."""
    return tuple(getattr(part, "shape", None) for part in keras.tree.flatten(batch))


def _stacked(*parts):
    """Arrays of the same shape as one, on the device where they are; `None` stays."""
    if parts[0] is None:
        return None
    own = all(isinstance(part, np.ndarray) for part in parts)
    return np.stack(parts) if own else keras.ops.stack(parts)


@contextlib.contextmanager
def _instead(model: keras.Model, name: str, method) -> Iterator[None]:
    """A scope in which a model has another method of this name."""
    object.__setattr__(model, name, method)
    try:
        yield
    finally:
        object.__delattr__(model, name)
