"""How a game is described in a config and what its file holds besides weights."""

import keras

from keras_gan.draws import random_states
from keras_gan.optimizers import PlayerOptimizers


class StoredGame(keras.Model):
    """The part of an `AdversarialModel` that saving and loading call.

    Its `.keras` file restores every player's optimizer with its state, and every random stream.
    """

    def settings(self) -> dict:
        """The picks that make this game besides networks and seed; a `Checkpoint` compares them."""
        return {
            "schedule": keras.saving.serialize_keras_object(self.schedule),
            "average": self.decay,
        }

    def get_config(self) -> dict:
        """What the constructor needs besides the networks."""
        return {**self.settings(), "seed": self.seed, "name": self.name}

    def get_compile_config(self) -> dict:
        """What `compile_from_config` needs to give the players equal optimizers."""
        if not self.compiled:
            return {}
        return {
            **self.optimizer.get_config(),
            "diagnostics": self.diagnostics,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": self.jit_compile_argument,
        }

    def compile_from_config(self, config: dict) -> None:
        """Compiles as `get_compile_config` described, so that optimizer states can be loaded."""
        if not config:
            return
        config = dict(config)
        optimizers = PlayerOptimizers.from_config({"optimizers": config.pop("optimizers")})
        self.compile(**{f"{p}_optimizer": o for p, o in optimizers.of_player.items()}, **config)

    def save_own_variables(self, store) -> None:
        """Stores the state of every random stream, which Keras leaves out."""
        super().save_own_variables(store)
        for i, state in enumerate(random_states(self)):
            store[f"random_state_{i}"] = keras.ops.convert_to_numpy(state)

    def load_own_variables(self, store) -> None:
        """Restores the state of every random stream."""
        for i, state in enumerate(random_states(self)):
            state.assign(store[f"random_state_{i}"])
