"""The data of a game between two domains: pairs of a sample of x and an unrelated one of y."""

from keras import ops

from keras_gan.data.value_ranges import scale_of
from keras_gan.games.cyclegan.checks import check_pair, check_pairs, check_translated, pair_of
from keras_gan.models.translating import DOMAINS


class TwoDomains:
    """The part of a game with `generator_xy` and `generator_yx` that takes and checks data."""

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
        pair = check_pairs(x, y, self.sample_shapes, schedule, batch_size)
        if pair is not None:
            check_translated(self.generator_xy, self.generator_yx, pair)
        return pair

    def check_reach(self, looked_at) -> None:
        """Warns of generators that can never make samples such as those that were looked at."""
        from keras_gan.networks.analysis.output_range import check_reach

        if looked_at is not None:
            check_reach("generator_yx", self.generator_yx, looked_at[0])
            check_reach("generator_xy", self.generator_xy, looked_at[1])

    def scales(self) -> list:
        """The `Scale` of the values of either domain; `None` for any."""
        makers = (self.generator_yx, self.generator_xy)
        return [
            scale_of(self.value_range, shape, maker, f"Domain {domain}: ")
            for domain, shape, maker in zip(DOMAINS, self.sample_shapes, makers, strict=True)
        ]

    def unpack(self, data):
        """The samples (x, y) of a batch."""
        pair = pair_of(data)
        check_pair(pair, self.sample_shapes)
        return tuple(ops.cast(samples, self.sample_dtype) for samples in pair)
