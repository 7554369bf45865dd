"""The data of a game between two domains: pairs of a sample of x and one of y."""

from typing import ClassVar

from keras import ops

from keras_gan.backend.precision import widest
from keras_gan.data.value_ranges import scale_of
from keras_gan.games.domain_checks import PairChecks, check_translated
from keras_gan.models.translating import DOMAINS


class TwoDomains:
    """The part of a game that takes and checks data of two domains.

    It has the `translators` of `Translating`, and says its `pair_checks`.
    """

    pair_checks: ClassVar[PairChecks]

    @property
    def sample_shapes(self) -> tuple[tuple, tuple]:
        """The shape of a sample of x and that of one of y, such as (height, width, channels)."""
        return self._sample_shapes

    @property
    def sample_shape(self) -> tuple[tuple, tuple]:
        """The `sample_shapes`: a sample of this game has a part of either domain."""
        return self.sample_shapes

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at the data of both domains before the first step."""
        pair = self.pair_checks.check(x, y, self.sample_shapes, schedule, batch_size)
        if pair is not None:
            for domain, role in self.translators.items():
                check_translated(getattr(self, role), role, domain, pair)
        return pair

    def check_reach(self, looked_at) -> None:
        """Warns of generators that can never make samples such as those that were looked at."""
        from keras_gan.networks.analysis.output_range import check_reach

        if looked_at is not None:
            for domain, samples in zip(DOMAINS, looked_at, strict=True):
                role = self.translators.get(domain)
                if role is not None:
                    check_reach(role, getattr(self, role), samples)

    def scales(self) -> list:
        """The `Scale` of the values of either domain; `None` for any."""
        roles = [self.translators.get(domain) for domain in DOMAINS]
        makers = [None if role is None else getattr(self, role) for role in roles]
        return [
            scale_of(self.value_range, shape, maker, f"Domain {domain}: ")
            for domain, shape, maker in zip(DOMAINS, self.sample_shapes, makers, strict=True)
        ]

    def unpack(self, data):
        """The samples (x, y) of a batch."""
        pair = self.pair_checks.pair_of(data)
        self.pair_checks.check_batch(pair, self.sample_shapes)
        return tuple(ops.cast(samples, self.sample_dtype) for samples in pair)


def absolute_distance(a, b):
    """E|a − b|, the mean over samples and components, a scalar in float32 at least.

    Example:

    >>> float(absolute_distance(ops.ones((4, 2)), -ops.ones((4, 2))))
    2.0
    """
    dtype = widest(a.dtype, b.dtype)
    return ops.mean(ops.abs(ops.cast(a, dtype) - ops.cast(b, dtype)))
