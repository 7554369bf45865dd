"""The look at data before the first step, and at every later batch."""

import keras

from keras_gan.backend.shapes import shapes_of
from keras_gan.data.checks import check_finite, check_samples, in_numpy
from keras_gan.data.value_extremes import extent
from keras_gan.data.value_ranges import scale_of
from keras_gan.data.watching import Watched

ANY = 3e38  # the largest number of float32, about: infinities and NaN lie beyond


class DataInspection:
    """The part of a `GenerativeModel` that looks at data, by its `check_data`."""

    value_range = "auto"  # until `compile` says otherwise
    overshot = False  # whether a warning has said that samples leave their scale a little

    def scales(self) -> list:
        """For every array of samples in a batch the `Scale` of its values; `None` for any."""
        return [scale_of(self.value_range, self.sample_shape, self.network_of_samples())]

    def network_of_samples(self) -> keras.Model | None:
        """The network whose outputs are samples, of which a range is known; `None` for none."""
        return getattr(self, self.averaged_networks[0], None)

    def check_reach(self, looked_at) -> None:
        """Warns of a network that can never make samples such as those that were looked at.

        Args:
            looked_at: What `check_data` returned.
        """
        from keras_gan.networks.analysis.output_range import check_reach

        network, role = self.network_of_samples(), self.averaged_networks[0]
        if network is not None and role in self.network_names and looked_at is not None:
            samples = looked_at[0] if isinstance(looked_at, tuple) else looked_at
            check_reach(role, network, samples)

    def look_at(self, x, y=None, schedule=None, batch_size: int | None = None, later: bool = False):
        """Looks at data before the first step: all of arrays, the first batch of other data.

        Args:
            x: The first argument of `fit`, as `given_data` returns it.
            y: The second.
            schedule: As in `check_data`.
            batch_size: As in `check_data`.
            later: Whether training on other data has begun.

        Returns:
            What `check_data` returns.

        Raises:
            ValueError: As `check_data`, and for values on another scale than the model's.
        """
        looked_at = self.check_data(x, y, schedule, batch_size)
        for part, (samples, scale) in enumerate(self.with_scales(looked_at)):
            if scale is not None:
                array = in_numpy(samples)
                whole = later or hasattr(x, "shape")
                of_all = None if whole else lambda part=part: extent(x, part)
                self.overshot = scale.check(array, of_all, later=later, told=self.overshot)
                scale.warn(array)
        return looked_at

    def with_scales(self, looked_at) -> list[tuple]:
        """The arrays of samples in what `check_data` returned, each with its `Scale`."""
        parts = looked_at if isinstance(looked_at, (tuple, list)) else [looked_at]
        return [] if looked_at is None else list(zip(parts, self.scales(), strict=False))

    def look_at_batch(self, samples: list, number: int | None = None) -> None:
        """Looks at one of the batches on their way to a step.

        Args:
            samples: Its arrays of samples.
            number: Which batch of a pass it is, from 0; `None` where it is alone.

        Raises:
            ValueError: For samples of another shape, NaN, infinities, or values clearly on another
                scale than the model's.
        """
        where = "the batch" if number is None else f"batch {number + 1:,} of a pass"
        for array, shape in zip(samples, shapes_of(self.sample_shape), strict=False):
            check_samples(array, shape)
        for array, scale in zip(samples, self.scales(), strict=False):
            check_finite(array, where)
            if scale is not None:
                self.overshot = scale.check(
                    array, where=f" in {where}", later=True, told=self.overshot
                )

    def watched(self, x, looked_at, shuffle: bool = False, given=None):
        """The data, of which each batch is looked at on its way, where not all have been.

        Args:
            x: What `fit` of Keras is to take.
            looked_at: What `look_at` returned of it.
            shuffle: As in `fit`.
            given: What the user gave, of which x was made; `None`, the default, for x itself.
        """
        given = x if given is None else given
        pairs = self.with_scales(looked_at)
        seen = hasattr(given, "shape") or isinstance(given, (dict, tuple, list)) or not pairs
        if seen or _all_within(given, [scale for _, scale in pairs]):
            return x
        for scale in self.scales():
            if scale is not None and scale.made is not None:
                scale.made()  # now, while the weights are at hand
        anywhere = (-ANY, ANY)
        bounds = [
            anywhere if scale is None else scale.bounds(in_numpy(samples))
            for samples, scale in pairs
        ]
        shapes = shapes_of(self.sample_shape)
        return Watched(x, self.look_at_batch, bounds, shuffle, shapes)


def _all_within(x, scales: list) -> bool:
    """Whether `kg.data.batches` has seen all samples, of one domain, and none leaves its scale."""
    extremes = getattr(x, "extremes", None) if len(scales) == 1 else None  # of the first part
    return extremes is not None and all(s is None or s.within(*extremes) for s in scales)
