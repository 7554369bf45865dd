"""The scale of samples, by one rule for all ranks."""

import dataclasses
import math
import warnings
from collections.abc import Callable

import numpy as np

from keras_gan.data.rescaling import looks_like_bytes, rescaling

TOLERANCE = 1e-3
SLIGHT = 0.1  # of half the width: what resizing and jitter of contrast overshoot
ORDER_OF_ONE = 10.0  # the root mean square of standardised data is 1, that of bytes about 100
COMPILED = "compile with value_range=None"
FREE = "pass value_range=None"


@dataclasses.dataclass(frozen=True)
class Scale:
    """Where the values of samples may lie.

    Args:
        low: The lowest value allowed.
        high: The highest value allowed.
        made: A function, called only if a value leaves [low, high], that returns the interval of
            values that the networks can produce, which are also allowed; if it is unbounded, all
            values of the order of 1 are allowed. `None` if only [low, high] counts.
        remedy: How to lift the rule, in code.
        images: Whether the samples are grey or colour images.
        signed: Whether these samples, though points, may be pixels, of which black is −1.
        of: The beginning of error messages, such as `"Domain x: "`.
    """

    low: float = -1.0
    high: float = 1.0
    made: Callable[[], tuple[float, float]] | None = None
    remedy: str = COMPILED
    images: bool = False
    signed: bool = False
    of: str = ""

    def holds(self, samples: np.ndarray) -> bool:
        """Whether finite samples are on this scale."""
        if self.within(*_extremes(samples)):
            return True
        if self.made is None:
            return False
        return not _unscaled(samples) if self.is_free else self.reached.within(*_extremes(samples))

    @property
    def is_free(self) -> bool:
        """Whether the networks can produce unbounded values."""
        return self.made is not None and math.isinf(self.made()[1])

    @property
    def reached(self) -> "Scale":
        """The scale with one interval, of all values that are allowed or can be produced."""
        low, high = self.made() if self.made is not None else (self.low, self.high)
        return dataclasses.replace(
            self, low=min(self.low, low), high=max(self.high, high), made=None
        )

    def within(self, low: float, high: float) -> bool:
        """Whether values from `low` to `high` are in the scale's own interval."""
        rest = TOLERANCE * (self.high - self.low) / 2
        return low >= self.low - rest and high <= self.high + rest

    def overshoot(self, samples: np.ndarray) -> float:
        """How far samples leave the interval, in halves of its width; ∞ if it is unbounded."""
        if self.is_free:
            return math.inf
        ends, (low, high) = self.reached, _extremes(samples)
        return 2 * max(ends.low - low, high - ends.high) / (ends.high - ends.low)

    def check(
        self,
        samples: np.ndarray,
        extremes_of_all: Callable | None = None,
        where="",
        later: bool = False,
        told: bool = False,
    ) -> bool:
        """Refuses samples on another scale, and warns of samples that leave it a little.

        During training, when an error costs hours, only samples that are clearly on another scale
        are refused: those with values ten times as large as allowed.

        Args:
            samples: Array `(n, ...)`, finite.
            extremes_of_all: A function that returns the lowest and the highest value of all data
                and whether it has read all, for the advice. `None` if these samples are all.
            where: Which samples they are, such as `" in batch 3"`, for the message.
            later: Whether training has begun.
            told: Whether a warning has already been given.

        Returns:
            `True` if a warning has been given, now or before.

        Raises:
            ValueError: For samples on another scale.

        Warns:
            UserWarning: For samples that leave the scale a little.
        """
        if not samples.size or self.holds(samples):
            return told
        if self.overshoot(samples) <= (ORDER_OF_ONE if later else SLIGHT):
            if not told:
                self.advise_clipping(samples, where)
            return True
        low, high = _extremes(samples)
        lowest, highest, seen = extremes_of_all() if extremes_of_all else (low, high, True)
        lowest, highest = min(low, lowest), max(high, highest)
        ends = (self.low, self.high) if self.is_free else (self.reached.low, self.reached.high)
        must = "be of the order of 1" if self.is_free else f"lie in [{ends[0]:g}, {ends[1]:g}]"
        formula = rescaling(lowest, highest, ends, samples)
        meant = f" If these values are intended, {self.remedy}." if self.remedy else ""
        rest = "" if seen else ", with the extremes of all your data instead of these"
        raise ValueError(
            f"{self.of}{self.noun} must {must}; received values from {lowest:g} to {highest:g}"
            f"{where}. Rescale them, for example {formula}{rest}.{meant}"
        )

    def advise_clipping(self, samples: np.ndarray, where: str = "") -> None:
        """Warns of samples that leave the interval a little."""
        (low, high), ends = _extremes(samples), self.reached
        meant = f" If these values are intended, {self.remedy}." if self.remedy else ""
        warnings.warn(
            f"{self.of}{self.noun} should lie in [{ends.low:g}, {ends.high:g}]; received values "
            f"from {low:g} to {high:g}{where}. Clip them, for example np.clip(x, {ends.low:g}, "
            f"{ends.high:g}).{meant}",
            stacklevel=4,
        )

    @property
    def noun(self) -> str:
        """The name of the samples in messages."""
        return "Images" if self.images else "Samples"

    def bounds(self, samples: np.ndarray) -> tuple[float, float]:
        """The interval in which further samples need no check, once these have passed."""
        ends = self if self.within(*_extremes(samples)) else self.reached
        if math.isinf(ends.high - ends.low):
            return -ORDER_OF_ONE, ORDER_OF_ONE
        rest = TOLERANCE * (ends.high - ends.low) / 2
        return ends.low - rest, ends.high + rest

    def warn(self, samples: np.ndarray) -> None:
        """Warns of pixels without a value below 0, which are probably in [0, 1]."""
        if (
            not (self.images or self.signed)
            or not samples.size
            or (self.low, self.high) != (-1.0, 1.0)
        ):
            return
        low, high = _extremes(samples)
        of_zero_to_one = self.made is not None and self.made()[0] >= -TOLERANCE
        if not 0 <= low < high <= 1 + TOLERANCE or of_zero_to_one:
            return
        warnings.warn(
            f"{self.noun} should lie in [-1, 1], but no value checked is below 0: they go from "
            f"{low:g} to {high:g}. If 0 is black in them, rescale: 2 * x - 1.",
            stacklevel=2,
        )


def _extremes(samples: np.ndarray) -> tuple[float, float]:
    """The lowest and the highest value."""
    return float(np.min(samples)), float(np.max(samples))


def _unscaled(samples: np.ndarray) -> bool:
    """Whether values are not of the order of 1: bytes, units of measurement, raw counts."""
    low, high = _extremes(samples)
    if low >= -ORDER_OF_ONE and high <= ORDER_OF_ONE:
        return False
    if math.sqrt(float(np.mean(np.square(samples, dtype="float64")))) > ORDER_OF_ONE:
        return True
    return looks_like_bytes(low, high) and bool((samples == np.round(samples)).all())
