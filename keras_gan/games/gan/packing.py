"""Packing: a discriminator that judges several samples at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.models.generative_model import GenerativeModel
from keras_gan.parallel.global_batch import ReplicaPart, holding, present_part
from keras_gan.parallel.random_numbers import Draws
from keras_gan.parallel.replicas import replica_count, strategy_scope


class Packing(GenerativeModel):
    """The part of a game whose discriminator judges packs of `packing` samples at once.

    A pack is one sample of m times as many channels: those of m samples that follow each other in
    the minibatch, one after the other. What replicas, penalties and layers see of a minibatch then
    are packs.
    """

    packing = 1

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step; whether batches divide into packs, too."""
        looked_at = super().check_data(x, y, schedule, batch_size)
        if self.packing > 1 and looked_at is not None:
            size, rest = len(looked_at), 0
            if hasattr(x, "shape") and (schedule is not None or batch_size is not None):
                size = min(batch_size or 32, len(x))  # of an array Keras makes batches
                rest = len(x) % size
            with strategy_scope(self):
                parts = replica_count() * (1 if schedule is None else schedule.parts)
            check_divides(self.packing, self.packing * parts, size, rest)
        return looked_at

    def packed(self, samples):
        """The packs of samples, `(batch / m, ..., m · channels)`.

        Args:
            samples: Tensor `(batch, ..., channels)`.
        """
        return packs_of(samples, self.packing)

    def of_packs(self, *functions: Callable) -> tuple[Callable, ...]:
        """Functions of packs, made of functions of the samples in them.

        Args:
            *functions: From samples `(batch, ..., channels)` to as many of the same shape.
        """
        if self.packing == 1:
            return functions
        return tuple(
            lambda packs, function=function: self.packed(function(samples_in(packs, self.packing)))
            for function in functions
        )

    def drawn_of_packs(self, transforms, shape: tuple, draws: Draws) -> Callable:
        """A function of packs that transforms each sample in them by a draw of its own.

        Args:
            transforms: A `kg.augment.Augmentation`.
            shape: That of the packs, `(batch / m, ..., m · channels)`.
            draws: The random numbers to use.
        """
        packs, *sizes, channels = shape
        samples = (self.packing * packs, *sizes, channels // self.packing)
        return self.of_packs(transforms.drawn(samples, draws))[0]

    def packed_rows(self, samples: np.ndarray) -> np.ndarray:
        """The packs of an array of samples."""
        if self.packing == 1:
            return samples
        return ops.convert_to_numpy(self.packed(ops.convert_to_tensor(samples)))


def checked_packing(packing, generator) -> int:
    """The number of samples in a pack, once it is known to be one.

    Args:
        packing: What a game was given.
        generator: Its generator.

    Raises:
        ValueError: For anything but a whole number of at least 1, or packs of networks that take
            labels.
    """
    packing = whole("packing", packing)
    if packing > 1 and isinstance(generator.input_shape, list):
        raise ValueError(
            f"packing={packing} needs networks without labels, since a pack has no label of its "
            f"own: leave packing out, or build the networks without classes=…."
        )
    return packing


def check_divides(packing: int, unit: int, size: int, rest: int = 0) -> None:
    """Refuses batches that do not divide into packs.

    Args:
        packing: The number of samples in a pack.
        unit: That by which a batch must divide: packs for each discriminator step and replica.
        size: The number of samples in a batch.
        rest: That of a shorter last batch; 0 for none.

    Raises:
        ValueError: If either does not divide.
    """
    if size % unit:
        below, above = size - size % unit, size + unit - size % unit
        raise ValueError(
            f"With packing={packing} a batch must be a multiple of {unit}; received one of {size}: "
            f"take a batch of {f'{below} or {above}' if below else above}."
        )
    if rest % unit:
        raise ValueError(
            f"With packing={packing} the last batch of a pass must be a multiple of {unit}, too; "
            f"this one would have {rest} samples: leave {rest % unit} of them out."
        )


def packs_of(samples, packing: int):
    """Packs of samples, each of which is one sample of more channels.

    Args:
        samples: Tensor `(batch, ..., channels)`.
        packing: m, the number of samples in a pack.

    Returns:
        Tensor `(batch / m, ..., m · channels)`.

    Raises:
        ValueError: If the batch is known not to divide by m.

    Example:

    >>> packs = packs_of(ops.convert_to_tensor([[1.0, 2.0], [3.0, 4.0]]), 2)
    >>> ops.convert_to_numpy(packs).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    if packing == 1:
        return samples
    n, shape = samples.shape[0], tuple(ops.shape(samples)[1:])
    if n is not None:
        check_divides(packing, packing, n)
    apart = ops.reshape(samples, (-1, packing, *shape))
    positions = range(2, len(shape) + 1)
    apart = ops.transpose(apart, (0, *positions, 1, len(shape) + 1))
    return ops.reshape(apart, (-1, *shape[:-1], packing * shape[-1]))


def samples_in(packs, packing: int):
    """The samples in packs: the inverse of `packs_of`.

    Args:
        packs: Tensor `(batch / m, ..., m · channels)`.
        packing: m.

    Returns:
        Tensor `(batch, ..., channels)`.

    Example:

    >>> packs = ops.convert_to_tensor([[1.0, 2.0, 3.0, 4.0]])
    >>> ops.convert_to_numpy(samples_in(packs, 2)).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    shape = tuple(ops.shape(packs)[1:])
    apart = ops.reshape(packs, (-1, *shape[:-1], packing, shape[-1] // packing))
    apart = ops.moveaxis(apart, -2, 1)
    return ops.reshape(apart, (-1, *shape[:-1], shape[-1] // packing))


@contextmanager
def in_packs(packing: int) -> Iterator[None]:
    """Within this scope, what a replica holds of the global minibatch are packs.

    Args:
        packing: The number of samples in a pack.
    """
    part = present_part()
    if part is not None and packing > 1:
        part = ReplicaPart(*(number // packing for number in part))
    with holding(part):
        yield
