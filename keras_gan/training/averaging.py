"""The moving average of networks' weights."""

import contextlib
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.backend.precision import widest
from keras_gan.training.averages.profiles import Power, profile_of


class Average(keras.layers.Layer):
    """A moving average of every weight of networks, batch-norm statistics included.

        a ← a + r_t (w − a),    t = 0, 1, 2, …,

    an exponential one with 1 − r_t = min(β, t / (t + 10)), or several of power functions, see
    `kg.averages.Power`. The first update copies the weights; the warm-up soon forgets the initial
    ones, even in short runs. Weights that are not floating-point, such as counters, are copied.
    Averages are at least float32.

    Args:
        networks: One built `keras.Model`, or a list of them.
        decay: β, in [0, 1), or a `kg.averages.Power`.

    Attributes:
        averages: The averages that serve: the only ones, or those of the first length.
        tracks: All of them, a list for each length.

    Raises:
        ValueError: For anything else.

    Example:

    >>> import keras
    >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> average = Average(network, decay=0.999)
    >>> average.update()
    >>> with average.applied():
    ...     y = network(keras.ops.ones((1, 2)))

    Reference: Yazıcı et al. 2018, The Unusual Effectiveness of Averaging in GAN Training,
    arXiv 1806.04498.
    """

    def __init__(self, networks: keras.Model | list[keras.Model], decay: float | Power):
        super().__init__(name="average", trainable=False, dtype="float32")
        self.profile = profile_of(decay)
        self.decay = decay
        # a list of networks or weights here would be tracked, and saved twice
        several = tuple(networks) if isinstance(networks, list) else (networks,)
        self.sources = lambda: [weight for network in several for weight in network.weights]
        self.kept = None  # the networks' own weights while the averaged ones replace them
        self.updates = self.add_weight(
            shape=(),
            dtype="int32",
            initializer="zeros",
            name="updates",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.tracks = [
            [
                self.add_weight(
                    shape=source.shape,
                    dtype=_averaged_dtype(source),
                    initializer="zeros",
                    name=source.name,
                    trainable=False,
                    aggregation="only_first_replica",
                )
                for source in self.sources()
            ]
            for _ in self.profile.rates(0)
        ]
        self.built = True

    @property
    def averages(self) -> list[keras.Variable]:
        """The averages that serve, in the order of the networks' weights."""
        return self.tracks[0]

    def update(self) -> None:
        """Moves the averages towards the networks' present weights."""
        for rate, averages in zip(self.profile.rates(self.updates), self.tracks, strict=True):
            for source, average in zip(self.sources(), averages, strict=True):
                if keras.backend.is_float_dtype(source.dtype):
                    source = ops.cast(source, average.dtype)
                    average.assign(average + ops.cast(rate, average.dtype) * (source - average))
                else:
                    average.assign(source)
        self.updates.assign_add(1)

    def applied(self) -> keras.StatelessScope:
        """A scope in which the networks compute with the averaged weights.

        Before the first update there is no average, and the networks' own weights are used.
        """
        chosen = self.averages if int(_as_array(self.updates)) else self.sources()
        pairs = zip(self.sources(), chosen, strict=True)
        mapping = [(source, ops.cast(weight, source.dtype)) for source, weight in pairs]
        return keras.StatelessScope(state_mapping=mapping)

    def swap_in(self, keep: bool = True) -> None:
        """Gives the networks the averaged weights, until `swap_out` restores their own.

        Before the first update, or if the networks have the averaged weights already, it does
        nothing.

        Args:
            keep: Whether to keep the networks' own weights for `swap_out`. Defaults to `True`.
        """
        if self.kept is not None or not int(_as_array(self.updates)):
            return
        if keep:
            self.kept = [_as_array(source).copy() for source in self.sources()]
        for source, average in zip(self.sources(), self.averages, strict=True):
            source.assign(_as_array(average))

    def swap_out(self) -> None:
        """Restores the networks' own weights, if `swap_in` has kept them."""
        if self.kept is not None:
            for source, own in zip(self.sources(), self.kept, strict=True):
                source.assign(own)
            self.kept = None

    @contextlib.contextmanager
    def swapped(self) -> Iterator[None]:
        """A scope in which the networks' variables hold the averaged weights."""
        self.swap_in()
        try:
            yield
        finally:
            self.swap_out()


def _averaged_dtype(variable: keras.Variable) -> str:
    """The type of a variable's average: at least float32 if it is floating-point."""
    is_float = keras.backend.is_float_dtype(variable.dtype)
    return widest(variable.dtype) if is_float else variable.dtype


def _as_array(variable: keras.Variable) -> np.ndarray:
    """A variable's present value."""
    return ops.convert_to_numpy(ops.convert_to_tensor(variable))
