"""How a game is described in a config and what its file holds besides weights."""

import os

import keras

from keras_gan.arguments import near_path
from keras_gan.files.limits import WHILE_HELD, check_memory
from keras_gan.files.loading_errors import said
from keras_gan.networks.registry import restored_object, serialized_network
from keras_gan.parallel.random_numbers import random_states

ENDINGS = (".weights.h5", ".weights.json", ".h5", ".hdf5", ".keras")  # that Keras loads


class Serialization(keras.Model):
    """The part of a `GenerativeModel` that saving and loading call.

    Its `.keras` file restores every player's optimizer with its state, and every random stream. A
    subclass lists its networks, attributes of these names and arguments of its constructor.
    """

    network_names: tuple[str, ...] = ()

    def settings(self) -> dict:
        """The picks that make it besides networks and seed; a `Checkpoint` compares them."""
        return {"average": self.decay}

    def get_config(self) -> dict:
        """The networks and the picks that make this game: the constructor's arguments."""
        networks = {name: serialized_network(getattr(self, name)) for name in self.network_names}
        return {**networks, **self.settings(), "seed": self.seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Serialization":
        """The game that `get_config` described."""
        return cls(**cls.restored(config, custom_objects))

    @staticmethod
    def restored(config: dict, custom_objects=None) -> dict:
        """The constructor's arguments, from a config in which objects are serialized."""

        def restore(value):
            if isinstance(value, list):
                return [restore(each) for each in value]
            if not isinstance(value, dict):
                return value
            return restored_object(value, custom_objects)

        return {name: restore(value) for name, value in config.items()}

    def get_compile_config(self) -> dict:
        """What `compile_from_config` needs to give the players equal optimizers."""
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
        """The optimizers, serialized, of a compiled model."""
        raise NotImplementedError

    def compile_from_config(self, config: dict) -> None:
        """Compiles as `get_compile_config` described, so that optimizer states can be loaded."""
        raise NotImplementedError

    def save_own_variables(self, store) -> None:
        """Stores the state of every random stream, which Keras leaves out."""
        super().save_own_variables(store)
        for i, state in enumerate(random_states(self)):
            store[f"random_state_{i}"] = keras.ops.convert_to_numpy(state)

    def load_own_variables(self, store) -> None:
        """Restores the state of every random stream."""
        for i, state in enumerate(random_states(self)):
            state.assign(store[f"random_state_{i}"])

    def load_weights(self, filepath, skip_mismatch: bool = False, **kwargs) -> None:
        """Loads what `save_weights("….weights.h5")` wrote into a game that was made as before.

        That is networks, average and random states and, once the game is compiled, the states of
        its optimizers. Call `compile` first to train on exactly: as with any `keras.Model`,
        optimizers that are made later start at step 0. (`kg.load_model` of a `.keras` file compiles
        the game itself.)

        Args:
            filepath: The file.
            skip_mismatch: As in `keras.Model.load_weights`.
            **kwargs: Likewise.

        Raises:
            ValueError: For a file that is missing or damaged, has a name of another kind, or holds
                the weights of another game.
        """
        path = os.fspath(filepath)
        if not os.path.exists(path):
            raise ValueError(f"There is no file {path}{near_path(path)} to load weights from.")
        _check_ending(path)
        _check_weights_file(path)
        try:
            super().load_weights(path, skip_mismatch, **kwargs)
        except OSError as error:
            raise ValueError(f"{path} is damaged, or no file of weights: {said(error)}.") from error
        except ValueError as error:
            raise ValueError(
                f"{path} does not hold the weights of this {type(self).__name__}: make the game "
                f"with the networks and options that it was saved with. Keras says: {said(error)}."
            ) from error


def _check_ending(path: str) -> None:
    """Refuses a file by whose name Keras would not know that it holds weights.

    Raises:
        ValueError: See above; a folder, which may be a checkpoint of Orbax, is left to Keras.
    """
    if not path.endswith(ENDINGS) and not os.path.isdir(path):
        raise ValueError(
            f"Files of weights end in .weights.h5, by which Keras knows them; received {path}: "
            f"rename it, if gan.save_weights wrote it."
        )


def _check_weights_file(path: str) -> None:
    """Refuses a file of weights whose arrays are larger than what is stored of them allows.

    Raises:
        ValueError: See above. A file that is not HDF5 is left for Keras to refuse.
    """
    from keras_gan.files.keras_files import arrays_in

    if not path.endswith(".h5") or not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            check_memory("what is in it", WHILE_HELD * sum(arrays_in(file, "it")))
    except ValueError as error:
        raise ValueError(f"{path} cannot be loaded: {error}") from error
