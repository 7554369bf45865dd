"""Saving and loading: the config of a model, and the states in its file besides weights."""

import contextlib
import contextvars
import os
from collections.abc import Iterator

import keras

from keras_gan.arguments import near_path
from keras_gan.backend.configured import Configured
from keras_gan.files.limits import WHILE_HELD, check_memory
from keras_gan.files.loading_errors import said
from keras_gan.networks.registry import restored_object, serialized_network
from keras_gan.parallel.random_numbers import random_states

ENDINGS = (".weights.h5", ".weights.json", ".h5", ".hdf5", ".keras")  # that Keras loads


_WITH_STATES = contextvars.ContextVar("with_states", default=True)


@contextlib.contextmanager
def without_random_states() -> Iterator[None]:
    """A scope in which models store weights alone: random states differ between backends."""
    token = _WITH_STATES.set(False)
    try:
        yield
    finally:
        _WITH_STATES.reset(token)


class Serialization(keras.Model):
    """The part of a `GenerativeModel` for saving and loading.

    Its `.keras` file restores each player's optimizer with its state, and all random streams. A
    subclass lists the names of its networks, which are attributes and constructor arguments.
    """

    network_names: tuple[str, ...] = ()

    def settings(self) -> dict:
        """The constructor's arguments besides networks and seed; a `Checkpoint` compares them."""
        profile = isinstance(self.decay, Configured)
        return {
            "average": keras.saving.serialize_keras_object(self.decay) if profile else self.decay
        }

    def get_config(self) -> dict:
        """The constructor's arguments: networks, settings, seed and name."""
        networks = {name: serialized_network(getattr(self, name)) for name in self.network_names}
        return {**networks, **self.settings(), "seed": self.seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Serialization":
        """The model that `get_config` described."""
        return cls(**cls.restored(config, custom_objects))

    @staticmethod
    def restored(config: dict, custom_objects=None) -> dict:
        """The constructor's arguments, from a config of serialized objects."""

        def restore(value):
            if isinstance(value, list):
                return [restore(each) for each in value]
            if not isinstance(value, dict):
                return value
            return restored_object(value, custom_objects)

        return {name: restore(value) for name, value in config.items()}

    def get_compile_config(self) -> dict:
        """The arguments of `compile`, with serialized optimizers; `{}` before it."""
        if not self.compiled:
            return {}
        return {
            **self.optimizer_config(),
            "diagnostics": self.diagnostics,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile_argument,
            "value_range": self.value_range,
        }

    def optimizer_config(self) -> dict:
        """The serialized optimizers of a compiled model."""
        raise NotImplementedError

    def compile_from_config(self, config: dict) -> None:
        """Compiles with the arguments of `get_compile_config`, so that states can be loaded."""
        raise NotImplementedError

    def save_own_variables(self, store) -> None:
        """Stores the state of every random stream, which Keras leaves out."""
        super().save_own_variables(store)
        if not _WITH_STATES.get():
            return
        for i, state in enumerate(random_states(self)):
            store[f"random_state_{i}"] = keras.ops.convert_to_numpy(state)

    def load_own_variables(self, store) -> None:
        """Restores the state of every random stream."""
        if not _WITH_STATES.get():
            return
        for i, state in enumerate(random_states(self)):
            state.assign(store[f"random_state_{i}"])

    def load_weights(self, filepath, skip_mismatch: bool = False, **kwargs) -> None:
        """Loads the file that `save_weights("….weights.h5")` of the same model wrote.

        It restores networks, average and random states, and the states of the optimizers if the
        model is compiled. To continue training exactly, call `compile` first: as with any
        `keras.Model`, optimizers that are made later start at step 0. (`kg.load_model` compiles the
        model in a `.keras` file itself.)

        Args:
            filepath: The file.
            skip_mismatch: As in `keras.Model.load_weights`. Defaults to `False`.
            **kwargs: As in `keras.Model.load_weights`.

        Raises:
            ValueError: For a file that is missing or damaged, has another ending, or holds the
                weights of another model.
        """
        path = os.fspath(filepath)
        if not os.path.exists(path):
            raise ValueError(f"There is no file {path}{near_path(path)} to load weights from.")
        _check_ending(path)
        _check_weights_file(path)
        try:
            super().load_weights(path, skip_mismatch, **kwargs)
        except OSError as error:
            raise ValueError(
                f"{path} is damaged, or not a file of weights: {said(error)}."
            ) from error
        except ValueError as error:
            raise ValueError(
                f"{path} does not hold the weights of this {type(self).__name__}: build the model "
                f"with the networks and options that it had when it was saved. Keras says: "
                f"{said(error)}."
            ) from error


def _check_ending(path: str) -> None:
    """Refuses a file whose name does not tell Keras that it holds weights.

    Raises:
        ValueError: For another ending. Keras checks a folder, which may be an Orbax checkpoint.
    """
    if not path.endswith(ENDINGS) and not os.path.isdir(path):
        raise ValueError(
            f"The name of a file of weights must end in .weights.h5, by which Keras recognises it; "
            f"received {path}: rename it, if gan.save_weights wrote it."
        )


def _check_weights_file(path: str) -> None:
    """Refuses a file of weights whose arrays claim more memory than their stored size allows.

    Raises:
        ValueError: For such a file. Keras refuses files other than HDF5.
    """
    from keras_gan.files.keras_files import arrays_in

    if not path.endswith(".h5") or not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            check_memory("what is in it", WHILE_HELD * sum(arrays_in(file, "it")))
    except ValueError as error:
        raise ValueError(f"{path} cannot be loaded: {error}") from error
