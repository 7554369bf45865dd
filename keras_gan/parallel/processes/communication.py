"""Which process of how many this is, and what all of them share."""

import contextlib
import json
import zlib
from collections.abc import Callable, Iterator

import keras
import numpy as np


def process_count() -> int:
    """How many processes train together; 1 under TensorFlow."""
    if keras.backend.backend() != "jax":
        return 1
    import jax

    return jax.process_count()


def process_index() -> int:
    """The number of this process, from 0; the one with 0 writes the files."""
    if keras.backend.backend() != "jax":
        return 0
    import jax

    return jax.process_index()


def is_first() -> bool:
    """Whether this process writes the files."""
    return process_index() == 0


def shard(arrays):
    """This process's part of arrays that all processes have read: every n-th sample.

    Parts are equally long: up to n − 1 samples at the end belong to nobody.

    Args:
        arrays: An array or any structure of arrays, samples along the first axis.

    Example, of one process:

    >>> shard(np.arange(3))
    array([0, 1, 2])
    """
    n, i = process_count(), process_index()
    return keras.tree.map_structure(lambda x: x[i : len(x) // n * n : n], arrays)


def of_first(function: Callable[[], bytes]) -> bytes:
    """What a function gives in the first process, in all of them; the others do not call it.

    Args:
        function: Takes nothing and returns bytes.

    Raises:
        Exception: In the first process, what it raises there; a `ValueError` in the others.

    Example, of one process:

    >>> of_first(lambda: b"whole")
    b'whole'
    """
    if process_count() == 1:
        return function()
    content, error = b"", None
    if is_first():
        try:
            content = b"+" + function()
        except Exception as raised:
            error, content = raised, b"-" + str(raised).encode()
    from jax.experimental.multihost_utils import broadcast_one_to_all

    size = int(broadcast_one_to_all(np.int32(len(content))))
    buffer = np.frombuffer(content, "uint8") if is_first() else np.zeros(size, "uint8")
    received = np.asarray(broadcast_one_to_all(buffer)).tobytes()
    if error is not None:
        raise error
    if received[:1] == b"-":
        raise ValueError(received[1:].decode())
    return received[1:]


def check_agreement(facts: dict) -> None:
    """Makes sure that all processes are about to do the same.

    Args:
        facts: What must be equal in all of them, by names to read in an error.

    Raises:
        ValueError: In all processes, if something differs.
    """
    if process_count() == 1:
        return
    from jax.experimental.multihost_utils import process_allgather

    digests = [zlib.crc32(json.dumps(fact, default=str).encode()) for fact in facts.values()]
    everywhere = np.asarray(process_allgather(np.array(digests, "uint32")))
    for (name, fact), column in zip(facts.items(), everywhere.T, strict=True):
        if len(set(column.tolist())) > 1:
            raise ValueError(
                f"All processes must train the same model in equal steps, but they differ in the "
                f"{name}; here, in process {process_index()}: {fact}. Give all the same seed, "
                f"settings and batch size, and shards of equal length (kg.hosts.shard)."
            )


def digest(variables) -> int:
    """A checksum of the values of variables."""
    total = 0
    for variable in variables:
        total = zlib.crc32(np.ascontiguousarray(keras.ops.convert_to_numpy(variable)), total)
    return total


def locally(variables) -> keras.StatelessScope:
    """A scope in which variables have their values on this process alone.

    What is computed from them within needs no other process.

    Args:
        variables: Of a model; all their values are the same in every process.
    """
    if process_count() == 1:
        return keras.StatelessScope()
    pairs = [(v, keras.ops.convert_to_tensor(keras.ops.convert_to_numpy(v))) for v in variables]
    return keras.StatelessScope(state_mapping=pairs)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """A scope in which new variables are this process's own, also in one that trains with others.

    Keras makes an optimizer when it saves, whose variables all processes would have to agree on.
    """
    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)
