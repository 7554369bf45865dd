"""Value ranges: which scale samples must have, by an argument or by their shape."""

import functools
import math
import weakref

import keras

from keras_gan.data.scale import FREE, Scale

AUTO = "auto"
ANYWHERE = (-math.inf, math.inf)


def checked_value_range(value_range):
    """Checks a value range and returns it: `"auto"`, `None` or a pair of floats.

    Raises:
        ValueError: For any other value.
    """
    if value_range is None or (isinstance(value_range, str) and value_range == AUTO):
        return value_range
    try:
        low, high = map(float, value_range)
    except (TypeError, ValueError, OverflowError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(
            f"value_range must be a pair (low, high), None for data on any scale, or 'auto'; "
            f"received {value_range!r}."
        )
    return low, high


def scale_of(value_range, shape: tuple, generator: keras.Model | None, of="") -> Scale | None:
    """Returns the scale of a model's samples; `None` if any values are allowed.

    Points `(d,)` may have any values. Samples with more axes - series, images, volumes - lie in
    [-1, 1], or are of the order of 1 if the generator's outputs are unbounded.

    Args:
        value_range: The model's: `"auto"` for this rule, `None`, or the interval itself.
        shape: The shape of one sample.
        generator: The network that makes samples; `None` if it is unknown.
        of: The beginning of error messages.
    """
    if value_range is None or (value_range == AUTO and len(shape) < 2):
        return None
    if value_range != AUTO:
        return Scale(*value_range, of=of)
    made = None if generator is None else functools.partial(_made_by, generator)
    return Scale(made=made, images=_is_image(shape), of=of)


KNOWN = weakref.WeakKeyDictionary()  # because weights cannot be read during fit


def _made_by(generator: keras.Model) -> tuple[float, float]:
    """Returns the interval of a generator's values, to three decimals, computed once."""
    from keras_gan.networks.analysis.output_range import reach_of

    if generator not in KNOWN:
        found = reach_of(generator)
        KNOWN[generator] = round(found.low, 3), round(found.high, 3)
    return KNOWN[generator]


def scale_without_networks(value_range, shape: tuple, remedy: str = FREE) -> Scale | None:
    """Returns the scale of samples without a model; `None` if any values are allowed.

    Points may have any values, grey and colour images lie in [-1, 1], and all other samples are of
    the order of 1.

    Args:
        value_range: `"auto"` for this rule, `None`, or the interval itself.
        shape: The shape of one sample.
        remedy: How to lift the rule, in code.
    """
    value_range = checked_value_range(value_range)
    if value_range is None or (value_range == AUTO and len(shape) < 2):
        return None
    images = _is_image(shape)
    if value_range != AUTO:
        return Scale(*value_range, remedy=remedy, images=images)
    return Scale(made=None if images else lambda: ANYWHERE, remedy=remedy, images=images)


def _is_image(shape: tuple) -> bool:
    """Whether samples of a shape are grey or colour images."""
    return len(shape) == 3 and shape[-1] in (1, 3)
