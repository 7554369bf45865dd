"""What scores are taken of: stored samples, or a model that makes some."""

import dataclasses
from collections.abc import Callable

import numpy as np


@dataclasses.dataclass(frozen=True)
class Source:
    """Something to draw samples from.

    Args:
        name: What it was called.
        kind: What it turned out to be, in a few words.
        draw: Function `(n, seed)` to n samples, no stored one twice.
        count: How many samples are stored; `None` for a generator, which makes any number.
        identity: What stored samples have in common with themselves under another name.
    """

    name: str
    kind: str
    draw: Callable[[int, int], np.ndarray]
    count: int | None = None
    identity: str | None = None


def stored_source(name: str, kind: str, dataset, identity: str) -> Source:
    """A source of the samples of what `kg.data.load` returned."""
    from keras_gan.metrics.reference import count_of, draw

    count = count_of(dataset)
    kind = f"{kind}, {count} samples"
    return Source(name, kind, lambda n, seed: draw(dataset, n, seed)[0], count, identity)


def generated_source(name: str, kind: str, generator, image_size: int | None) -> Source:
    """A source of a generator's samples, held to the same rules as stored ones."""
    from keras_gan.backend.finite import refuse_broken_samples
    from keras_gan.data import load
    from keras_gan.metrics.reference import draw

    def made(n, seed):
        samples = generator.generate(n, seed=seed)
        undone = f"{name} makes NaN or infinite samples: its training diverged"
        refuse_broken_samples(samples, undone, generator)
        # the order of a draw is of no interest here
        return (
            samples if image_size is None else draw(load(samples, image_size=image_size), n, 0)[0]
        )

    averaged = getattr(generator, "average", None) is not None
    return Source(name, f"{kind}{', averaged generator' if averaged else ''}", made)
