"""The memory that a generator needs to make samples, and that the samples need."""

import math
from collections.abc import Iterator

import keras

from keras_gan.files import limits
from keras_gan.networks.analysis.graphs import graph_of, nodes_of

AT_ONCE = 2**28  # bytes of a batch's activations, if its size is chosen here
MOST_AT_ONCE = 256  # samples
PART = 2**26  # bytes of samples in a part, approximately


def bytes_of_sample(network: keras.Model) -> int:
    """The bytes of all activations of one sample, in float32, as if all were kept at once.

    Axes of unknown size count as 1. Without a graph, only the network's outputs count. A layer with
    `numbers_inside` says how many it computes of a sample besides its outputs.

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
            total += 4 * getattr(node.operation, "numbers_inside", 0)
    return total


def largest_of_sample(network: keras.Model) -> int:
    """The bytes of the largest tensor that a network makes of one sample, in float32.

    Axes of unknown size count as 1. Without a graph, only inputs and outputs count.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> largest_of_sample(kg.networks.mlp_generator(latent_dim=2, width=10, depth=1, data_dim=3))
    40
    """
    shapes = [*keras.tree.flatten(network.inputs), *keras.tree.flatten(network.outputs)]
    sizes = [4 * math.prod(n or 1 for n in each.shape[1:]) for each in shapes]
    for node in nodes_of(network) if graph_of(network) is not None else ():
        if graph_of(node.operation) is not None:
            sizes.append(largest_of_sample(node.operation))
        sizes += [4 * math.prod(n or 1 for n in each.shape[1:]) for each in node.outputs]
    return max(sizes)


def batch_size_of(network: keras.Model, given: int | None = None, most: int = MOST_AT_ONCE) -> int:
    """The number of samples to make at once: the given one, or as many as memory allows.

    Args:
        network: A built `keras.Model`.
        given: The number; `None` for as many as free memory and 256 MiB of activations allow.
        most: The limit for a number that is chosen here. Defaults to 256.

    Raises:
        ValueError: If memory is too small for one sample.
    """
    if given is not None:
        return given
    each = max(1, bytes_of_sample(network))
    taken = limits.WHILE_HELD * each
    limits.check_memory("A sample", taken)
    free = limits.free_memory()
    return max(1, min(most, AT_ONCE // each, most if free is None else free // taken))


def _bytes_made(generator: keras.Model) -> int:
    """The bytes of one generated sample, in float32."""
    shapes = keras.tree.flatten(generator.output_shape[1:])
    return 4 * math.prod(n or 1 for n in shapes)


def parts_of(n: int, generator: keras.Model) -> Iterator[slice]:
    """Slices that divide n samples into parts of whole batches and about 64 MiB."""
    batch = batch_size_of(generator)
    size = max(1, PART // _bytes_made(generator) // batch) * batch
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def check_room(generator: keras.Model, n: int) -> None:
    """Refuses more samples than memory holds.

    Raises:
        ValueError: Says how much memory they need, and how to make them in parts.
    """
    needed = n * _bytes_made(generator)
    limits.check_memory(
        f"{n:,} samples", needed, "make fewer at a time, each time with another seed"
    )


def check_room_of_latents(n: int, latent_dim: int) -> None:
    """Refuses more latent vectors than memory holds.

    Raises:
        ValueError: Says how much memory they need, and how to make them in parts.
    """
    remedy = "make fewer at a time, each time with another seed"
    limits.check_memory(f"the latent vectors of {n:,} samples", 2 * 4 * n * latent_dim, remedy)
