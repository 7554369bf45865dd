"""Finds random numbers in a training step whose state a checkpoint does not store."""

import keras
import numpy as np
from keras.src.backend.common import global_state

STREAM = (
    "A network or a loss draws from keras.random without a seed, or from a stream that no layer of "
    "the model owns",
    "set self.stream = keras.random.SeedGenerator(0) in a layer of the network, and pass "
    "seed=self.stream",
)


class UnsavedRandomness:
    """Compares the random states before and after the first step of a training.

    Args:
        model: The model, before that step.
    """

    def __init__(self, model: keras.Model):
        self.model, self.before = model, _global_state_of_random()

    def notes(self) -> list[tuple[str, str]]:
        """After the step: what draws random numbers without a stored state, each with a remedy."""
        graph = None if self.model.traced is None else self.model.traced()
        if graph is None:
            moved = not np.array_equal(self.before, _global_state_of_random())
            return [STREAM] if moved else []
        held = {id(each) for v in self.model.variables for each in _copies_of(v._value)}
        streams = [v for v in graph.variables if "seed_generator_state" in v.name]
        notes = [STREAM] if any(id(stream) not in held for stream in streams) else []
        kinds = {op.type for op in graph.get_operations() if "seed2" in op.node_def.attr}
        return notes + [
            (
                f"A network or a loss draws random numbers with TensorFlow itself ({kind})",
                STREAM[1].replace("pass", "draw with keras.random and"),
            )
            for kind in sorted(kinds)
        ]


def _copies_of(value) -> list:
    """A TensorFlow variable and, under a strategy, its copies on the replicas."""
    return [value, *getattr(value, "values", ())]


def _global_state_of_random() -> np.ndarray | None:
    """The state of Keras's global random stream; `None` if it has not been used."""
    stream = global_state.get_global_attribute("global_seed_generator")
    return None if stream is None else keras.ops.convert_to_numpy(stream.state)
