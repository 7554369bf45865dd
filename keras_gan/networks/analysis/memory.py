"""The memory that a generator takes while it makes samples, and that these take."""

import math
from collections.abc import Iterator

import keras

from keras_gan.files import limits
from keras_gan.networks.analysis.graphs import graph_of, nodes_of

AT_ONCE = 2**28  # bytes of activations of a batch whose size is chosen here
MOST_AT_ONCE = 256  # samples
PART = 2**26  # bytes of samples of a part, about


def bytes_of_sample(network: keras.Model) -> int:
    """The bytes of all activations of one sample, in float32; none of them is let go meanwhile.

    Axes that are not known count as 1; of a network without a graph inputs and outputs count.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> bytes_of_sample(kg.networks.mlp_generator(latent_dim=2, width=10, depth=1, data_dim=3))
    60
    """
    if graph_of(network) is None:
        shapes = keras.tree.flatten(network.output_shape)
        return 4 * sum(each or 1 for each in shapes)
    total = 0
    for node in nodes_of(network):
        inner = graph_of(node.operation)
        if inner is not None:
            total += bytes_of_sample(node.operation)
        else:
            total += sum(4 * math.prod(n or 1 for n in each.shape[1:]) for each in node.outputs)
    return total


def batch_size_of(network: keras.Model, given: int | None = None, most: int = MOST_AT_ONCE) -> int:
    """How many samples a network makes at a time: those asked for, or as many as memory allows.

    Args:
        network: A built `keras.Model`.
        given: The number asked for; `None` for as many as take 256 MiB in activations, and as there
            is memory for.
        most: The most that are chosen here. Defaults to 256.

    Raises:
        ValueError: If memory does not hold what one sample takes.
    """
    if given is not None:
        return given
    each = max(1, bytes_of_sample(network))
    taken = limits.WHILE_HELD * each
    limits.check_memory("A sample", taken)
    free = limits.free_memory()
    return max(1, min(most, AT_ONCE // each, most if free is None else free // taken))


def _bytes_made(generator: keras.Model) -> int:
    """The bytes of one sample that a generator makes, in float32."""
    shapes = keras.tree.flatten(generator.output_shape[1:])
    return 4 * math.prod(n or 1 for n in shapes)


def parts_of(n: int, generator: keras.Model) -> Iterator[slice]:
    """The rows of parts of n samples, each of whole batches and some 64 MiB."""
    batch = batch_size_of(generator)
    size = max(1, PART // _bytes_made(generator) // batch) * batch
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def check_room(generator: keras.Model, n: int) -> None:
    """Refuses more samples of a generator than memory holds.

    Raises:
        ValueError: See above.
    """
    needed = n * _bytes_made(generator)
    limits.check_memory(
        f"{n:,} samples", needed, "make fewer at a time, each time with another seed"
    )


def check_room_of_latents(n: int, latent_dim: int) -> None:
    """Refuses more latent vectors than memory holds, and than draws of random numbers count.

    Raises:
        ValueError: See above.
    """
    remedy = "make fewer at a time, each time with another seed"
    limits.check_memory(f"the latent vectors of {n:,} samples", 2 * 4 * n * latent_dim, remedy)
