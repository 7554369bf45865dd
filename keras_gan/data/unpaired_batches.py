"""Batches of two data sets side by side, for games that translate between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from keras_gan.data.augmentation import build
from keras_gan.data.columns import Stored
from keras_gan.data.fingerprints import facts_of
from keras_gan.data.in_memory import checked, stored
from keras_gan.data.lazy import tf
from keras_gan.data.pipeline import (
    batches_of,
    check_count,
    check_sizes,
    from_memory,
    known,
    places,
    ready,
)


def unpaired(
    x: Any,
    y: Any,
    batch_size: int,
    discriminator_steps: int = 1,
    seed: int = 0,
    augment: Callable | None = None,
) -> tf.data.Dataset:
    """Returns pairs of batches, (x, y), of two data sets that are shuffled independently.

    The samples of x and y do not belong together. An epoch is one pass over the larger set. The
    smaller one is repeated, in a new order each time, and continues in the next epoch where it
    stopped. Both orders depend only on the seed and on the number of epochs begun on the returned
    data set. An incomplete batch at the end of a pass is left out. Both sets are held in memory.

    Args:
        x: A `tf.data.Dataset` of single samples, as `load` returns it without labels, or an array
            or a name, as `load` takes them.
        y: The same for the other domain; its samples may have another shape.
        batch_size: Samples of each domain per step of one network.
        discriminator_steps: Steps of the discriminators per step of the generators; each batch has
            `batch_size * discriminator_steps` samples of each domain. Defaults to 1.
        seed: Decides the orders. Defaults to 0.
        augment: As in `batches`, applied to the batches of each domain separately. Defaults to
            None.

    Returns:
        A `tf.data.Dataset` of known length; `.repeat()` it to count steps instead of epochs. A
        `kg.callbacks.Checkpoint` can start it at any step at once.

    Raises:
        ValueError: As in `batches` for either set; for samples with labels, or if one domain has
            points and the other images.

    Example:

    >>> from keras_gan import data
    >>> pairs = data.unpaired("digits", np.zeros((100, 16, 16, 3), "uint8"), batch_size=50)
    >>> len(pairs), [part.shape for part in pairs.element_spec]
    (35, [TensorShape([50, 8, 8, 1]), TensorShape([50, 16, 16, 3])])
    """
    check_sizes(batch_size, discriminator_steps)
    domains = [_domain(each, name) for each, name in ((x, "x"), (y, "y"))]
    shapes = [tuple(domain.spec.shape) for domain in domains]
    if len(shapes[0]) != len(shapes[1]):
        raise ValueError(
            f"Both domains must hold images, or both points; received samples of shape {shapes[0]} "
            f"in x and {shapes[1]} in y."
        )
    for domain, name in zip(domains, "xy", strict=True):
        try:
            check_count(domain.count, batch_size, discriminator_steps)
        except ValueError as error:
            raise ValueError(f"In {name}: {error}") from error
    size = int(batch_size * discriminator_steps)
    steps = max(domain.count for domain in domains) // size
    seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(2)]
    for domain in domains if augment is not None else ():
        build(augment, size, domain.spec)

    def passes_from(first: int, skipped: int = 0) -> tf.data.Dataset:
        streams = [
            batches_of(from_memory(domain, size, order, places(first, skipped), steps), augment)
            for domain, order in zip(domains, seeds, strict=True)
        ]
        return ready(tf.data.Dataset.zip(tuple(streams)), None if skipped else steps)

    result = passes_from(0)
    result.passes_from = passes_from  # as in `batches`

    def facts():
        found = [facts_of(domain.columns) for domain in domains]
        of_both = {name: [each[name] for each in found] for name in found[0]}
        return {**of_both, "seed of the data": seed}

    known(result, facts, augment)
    return result


def _domain(source: Any, name: str) -> Stored:
    """The samples of one domain, in memory."""
    dataset = checked(source)
    if isinstance(dataset.element_spec, tuple):
        raise ValueError(
            f"{name} must hold samples without labels; received elements of "
            f"{len(dataset.element_spec)} parts: load it with labels=False, or keep the first part "
            f"with dataset.map(lambda x, label: x)."
        )
    return stored(dataset)
