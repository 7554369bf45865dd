"""Random numbers that depend only on the place in the data at which they are drawn."""

from __future__ import annotations

import keras
import numpy as np

from keras_gan.data.lazy import tf

BITS = 31  # of each of the two numbers that decide what is drawn: Keras may hold them as int32
GOLDEN = 0x9E3779B9  # makes the numbers of random streams differ in all bits


def keys_of_pass(count: int, seed: int, number: int) -> np.ndarray:
    """Returns two random numbers for each batch of a pass, which decide its augmentation.

    Args:
        count: The number of batches in the pass.
        seed: The seed of the data.
        number: The number of the pass.
    """
    return np.random.default_rng([1, number, seed]).integers(2**BITS, size=(count, 2))


class Reseeded(keras.StatelessScope):
    """A scope in which every random stream of Keras restarts at a state that a key decides.

    The stored states do not change, so that other iterators over the same data, which may draw at
    the same time, are not affected. The scope covers every `keras.random.SeedGenerator`, also the
    global one. All other variables keep their values.

    Args:
        key: Two whole numbers in [0, 2³¹), a tensor of TensorFlow within its graphs.
        own: A number of the layer that draws, so that its streams differ from those of others.

    Example:

    >>> stream = keras.random.SeedGenerator(3)
    >>> draws = []
    >>> for _ in range(2):
    ...     with Reseeded(np.array([1, 2]), own=0):
    ...         draws.append(float(keras.random.uniform((), seed=stream)))
    >>> draws[0] == draws[1]
    True
    """

    def __init__(self, key, own: int):
        super().__init__()
        self.key, self.own = key, own
        self.streams = []  # by the order in which they are first used

    def get_current_value(self, variable):
        """Returns a stream's state in this scope; for other variables as Keras does."""
        if _is_random_state(variable) and id(variable) not in self.state_mapping:
            self.state_mapping[id(variable)] = self.first_state(variable.dtype)
            self.streams.append(variable)
        return super().get_current_value(variable)

    def first_state(self, dtype: str):
        """Returns the first state of the next stream."""
        mark = (self.own + len(self.streams) * GOLDEN) % 2**BITS
        if tf.is_tensor(self.key):
            return tf.cast(tf.bitwise.bitwise_xor(self.key, [mark, 0]), dtype)
        return keras.ops.convert_to_tensor((np.asarray(self.key) ^ [mark, 0]).astype(dtype))

    def add_update(self, update) -> None:
        """Updates a stream within the scope only, and any other variable permanently."""
        variable, value = update
        if _is_random_state(variable):
            super().add_update(update)
        else:
            variable._direct_assign(value)


def _is_random_state(variable) -> bool:
    """Whether a variable is the state of a `keras.random.SeedGenerator`."""
    return variable.path.endswith("seed_generator_state")


def own_number(layer) -> int:
    """Returns a number derived from the seeds of a layer and its sublayers; a missing seed is 0.

    Args:
        layer: A `keras.layers.Layer`; any other object gives 0.
    """
    if not isinstance(layer, keras.layers.Layer):
        return 0
    streams = [s for each in layer._flatten_layers() for s in each._seed_generators]
    seeds = [stream.get_config()["seed"] or 0 for stream in streams]
    return int(np.random.SeedSequence([abs(seed) for seed in seeds]).generate_state(1)[0])
