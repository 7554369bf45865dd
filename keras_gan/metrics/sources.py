"""Sources of samples for scores: stored samples, or a generator."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gan.files.limits import check_memory


@dataclasses.dataclass(frozen=True)
class Source:
    """A source of samples.

    Args:
        name: The name that the user gave.
        kind: What it is, in a few words.
        draw: Function from `(n, seed)` to n samples, none of them twice.
        count: The number of stored samples. Defaults to `None`: a generator, with any number.
        identity: A text that is equal for the same stored samples, whatever their name. Defaults to
            `None`.
        shape: The shape of one sample, of a generator. Defaults to `None`.
    """

    name: str
    kind: str
    draw: Callable[[int, int], np.ndarray]
    count: int | None = None
    identity: str | None = None
    shape: tuple[int, ...] | None = None


def stored_source(name: str, kind: str, dataset, identity: str) -> Source:
    """The source of the samples in a data set of `kg.data.load`."""
    from keras_gan.metrics.reference import count_of, draw

    count = count_of(dataset)
    kind = f"{kind}, {count} samples"
    return Source(name, kind, lambda n, seed: draw(dataset, n, seed)[0], count, identity)


def generated_source(
    name: str, kind: str, generator, image_size, count: int | None = None
) -> Source:
    """The source of a generator's samples, which are checked and resized like stored ones.

    Args:
        name: As in `Source`.
        kind: Likewise.
        generator: Anything with `generate_in_parts`.
        image_size: As in `kg.data.load`; `None` keeps their size.
        count: How many it makes at most. Defaults to `None`: any number.
    """
    from keras_gan.backend.finite import refuse_broken_samples
    from keras_gan.data import load

    def made(n, seed):
        samples, start = None, 0
        for part in generator.generate_in_parts(n, seed=seed):
            undone = f"{name} generates NaN or infinite samples: its training diverged"
            refuse_broken_samples(part, undone, generator)
            if image_size is not None:
                (part,) = load(part, image_size=image_size).batch(len(part)).as_numpy_iterator()
            if samples is None:
                check_memory(f"{n:,} samples", n * part[0].nbytes, "take fewer")
                samples = np.empty((n, *part.shape[1:]), "float32")
            samples[start : start + len(part)] = part
            start += len(part)
        # in the order of a set of as many, for scores that draw subsets
        return samples if image_size is None else samples[np.random.default_rng(0).permutation(n)]

    averaged = getattr(generator, "average", None) is not None
    shape = tuple(getattr(generator, "sample_shape", (None,)))
    kind = f"{kind}{', averaged generator' if averaged else ''}"
    return Source(name, kind, made, count, shape=None if None in shape else shape)
