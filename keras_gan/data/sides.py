"""The part of an image that has the ratio of another height and width."""

from collections.abc import Callable

Sides = tuple[int, int]


def largest_part(height, width, ratio: Sides, least: Callable = min) -> tuple:
    """Height and width of the largest part of an image whose sides have the ratio of two others.

    Args:
        height: Of the image, a whole number, or an integer tensor; like the next one.
        width: Likewise.
        ratio: The two others.
        least: The function of the smaller of two. Defaults to Python's, of whole numbers.

    Example:

    >>> largest_part(30, 40, (10, 10)), largest_part(30, 40, (10, 20))
    ((30, 30), (20, 40))
    """
    h, w = ratio
    part = (
        least(height, (2 * width * h + w) // (2 * w)),
        least(width, (2 * height * w + h) // (2 * h)),
    )
    return tuple(-least(-side, -1) for side in part)  # at least one pixel
