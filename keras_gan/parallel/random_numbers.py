"""The random numbers of a model: one stream, whose state is saved with the model.

All are made from random integers: from the same state TensorFlow draws other floats in a function
compiled with `jit_compile=True`, but the same integers to the bit.
"""

import zlib
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.backend.precision import wide_floatx
from keras_gan.parallel.global_batch import part_of_replica, present_part

AT_ONCE = 2**16  # integers of a seed, whose float64 numbers are made together


class Draws(keras.random.SeedGenerator):
    """A stream of random tensors that belong to the global batch.

    A step's latent vectors and interpolation weights are drawn for all replicas at once, and each
    replica takes its slice. With a bare `SeedGenerator` every replica draws the same numbers, and n
    replicas train on one n-th of the latent vectors.

    Args:
        seed: Integer in [0, 2³²).
        purpose: A word that sets streams of the same seed apart. Defaults to none.

    Example:

    >>> tuple(Draws(seed=0).normal((4, 2)).shape)
    (4, 2)
    """

    def __init__(self, seed: int, purpose: str = ""):
        super().__init__(zlib.crc32(f"{purpose}/{seed}".encode()) if purpose else seed)

    def next(self, ordered=True):
        """Moves the stream on, and returns the state that it then has.

        Keras's own returns the state before, but on TensorFlow the variable itself, which is read
        after it has moved on.
        """
        present = ops.convert_to_tensor(self.state)
        advanced = present + ops.convert_to_tensor([0, 1], present.dtype)
        self.state.assign(advanced)
        return advanced

    def normal(self, shape, dtype=None):
        """Standard normal numbers of this shape; the first axis is the batch."""
        return self.draw(normal, shape, dtype=dtype)

    def uniform(self, shape, dtype=None):
        """Numbers uniform on [0, 1) of this shape; the first axis is the batch."""
        return self.draw(uniform, shape, dtype=dtype)

    def draw(self, distribution, shape, **options):
        """A tensor of this shape from `distribution(shape, seed=…, **options)`.

        Args:
            distribution: A function such as `normal`.
            shape: The replica's shape; its first axis is the batch.
            **options: Handed on to `distribution`.
        """
        return draw_globally(distribution, shape, seed=self, **options)

    def restart(self) -> None:
        """Rewinds the stream to its first number."""
        present = ops.convert_to_tensor(self.state)  # whose seed may have come from a checkpoint
        self.state.assign(present * ops.convert_to_tensor([1, 0], present.dtype))


def integers(shape, bits: int, seed):
    """Random integers 0, …, 2^bits − 1, int32.

    Those of an integer seed are the same on every backend, so that a model that was trained on one
    makes the same samples on another: the uppermost bits of NumPy's PCG64, whose raw stream no
    version changes.

    Args:
        shape: Of the result.
        bits: At most 30. Other bits give other numbers, not the same ones cut shorter.
        seed: Integer or `keras.random.SeedGenerator`.

    Example:

    >>> ops.convert_to_numpy(integers((4,), 8, seed=0)).tolist()
    [194, 198, 38, 19]
    """
    if isinstance(seed, keras.random.SeedGenerator):
        return keras.random.randint(shape, 0, 2**bits, seed=seed)
    return ops.convert_to_tensor(_fixed_integers(shape, bits, seed))


def _fixed_integers(shape, bits: int, seed: int) -> np.ndarray:
    """The `integers` of an integer seed, as a NumPy array."""
    found = np.empty(shape, "int32")
    for part, k in _parts_of_integers(found.size, bits, seed):
        found.reshape(-1)[part] = k
    return found


def _parts_of_integers(count: int, bits: int, seed: int) -> Iterator[tuple[slice, np.ndarray]]:
    """The `count` integers of a seed, some at a time, each part with its place among all."""
    stream = np.random.PCG64([seed, bits])
    for start in range(0, count, AT_ONCE):
        part = slice(start, min(start + AT_ONCE, count))
        yield part, stream.random_raw(part.stop - start) >> np.uint64(64 - bits)


def uniform(shape, seed, dtype=None):
    """Numbers uniform on [0, 1): multiples of 2⁻²⁴, each as likely.

    Args:
        shape: Of the result.
        seed: Integer or `keras.random.SeedGenerator`.
        dtype: Of the result; `None` is `keras.config.floatx()`, or float32 where that is less.

    Example:

    >>> tuple(uniform((4, 2), seed=0).shape)
    (4, 2)
    """
    k = integers(shape, 24, seed)
    return ops.cast(ops.cast(k, "float32") * 2.0**-24, dtype or wide_floatx())


def inside(shape, seed, dtype=None):
    """Numbers uniform on (0, 1), neither 0 nor 1: u = (k + ½) 2⁻²³ with k on 0, …, 2²³ − 1.

    Each is exact in float32, so that log u and log(1 − u) are finite.

    Args:
        shape: Of the result.
        seed: As in `uniform`, like the rest.
        dtype: Likewise.

    Example:

    >>> tuple(inside((4, 2), seed=0).shape)
    (4, 2)
    """
    k = integers(shape, 23, seed)
    return ops.cast((ops.cast(k, "float32") + 0.5) * 2.0**-23, dtype or wide_floatx())


def normal(shape, seed, dtype=None):
    """Standard normal numbers.

        z = Φ⁻¹(u) = √2 erf⁻¹(2u − 1),   u = (k + ½) 2⁻²³,   k uniform on 0, …, 2²³ − 1

    |z| is at most 5.3, as that of any normal number made from a 23-bit float. Those of an integer
    seed are computed in NumPy, to the bit the same on every backend.

    Args:
        shape: Of the result.
        seed: Integer or `keras.random.SeedGenerator`.
        dtype: Of the result; `None` is `keras.config.floatx()`, or float32 where that is less.

    Example:

    >>> tuple(normal((4, 2), seed=0).shape)
    (4, 2)
    """
    dtype = dtype or wide_floatx()
    if not isinstance(seed, keras.random.SeedGenerator):
        from scipy.special import ndtri

        z = np.empty(shape, "float32")
        for part, k in _parts_of_integers(z.size, 23, seed):
            z.reshape(-1)[part] = ndtri((k + 0.5) * 2.0**-23)
        return ops.cast(ops.convert_to_tensor(z), dtype)
    k = integers(shape, 23, seed)
    centred = (ops.cast(k, "float32") + (0.5 - 2.0**22)) * 2.0**-22  # 2u − 1, exact in float32
    return ops.cast(2.0**0.5 * ops.erfinv(centred), dtype)


def by_inversion(logits, u):
    """The number of k whose P(x ≤ k) is at most u: a category, by a uniform number.

    Args:
        logits: Logits, `(..., K)`, float32 at least.
        u: Numbers in [0, 1), a tensor whose axes broadcast with the logits' before the last.

    Example:

    >>> logits, u = ops.zeros((2,)), ops.convert_to_tensor([0.2, 0.8])
    >>> ops.convert_to_numpy(by_inversion(logits, u)).tolist()
    [0, 1]
    """
    below = ops.cumsum(ops.softmax(logits), axis=-1)
    below = below[..., :-1] / below[..., -1:]
    u = ops.cast(ops.expand_dims(u, -1), below.dtype)
    return ops.sum(ops.cast(u >= below, "int32"), axis=-1)


def draw_globally(distribution, shape, **options):
    """This replica's slice of a tensor drawn for the global batch.

    Args:
        distribution: A function of a shape.
        shape: The replica's shape; its first axis is the batch, or a multiple of it.
        **options: Handed on to `distribution`.

    Example, on one replica, where the slice is all:

    >>> tuple(draw_globally(normal, (4, 2), seed=0).shape)
    (4, 2)
    """
    batch, *rest = shape
    part = present_part() or part_of_replica(batch)
    if part is None:
        return distribution(shape, **options)
    times = (batch + part.rows - 1) // part.rows  # a layer may see real and fake rows together
    everyone = distribution((times * part.total, *rest), **options)
    start = times * ops.minimum(part.start, part.total - part.rows)
    return everyone[start : start + batch]


def random_states(model: keras.Model) -> list[keras.Variable]:
    """The state of every random stream in a model: its draws, its dropout, its instance noise.

    Args:
        model: A built `keras.Model`.

    Example:

    >>> dropout = keras.layers.Dropout(0.5, seed=3)
    >>> model = keras.Sequential([keras.Input((2,)), dropout])
    >>> [ops.convert_to_numpy(state).tolist() for state in random_states(model)]
    [[3, 0]]
    """
    return [v for v in model.variables if v.path.endswith("seed_generator_state")]
