"""Trainings that are looked at now and then."""

import time
import warnings
from collections.abc import Callable

import numpy as np

import keras_gan as kg

FUSED = 50  # the most steps an execution: a step of small networks is shorter than Keras's overhead


def fused(steps: int, looks: int) -> int:
    """The most steps an execution, up to `FUSED`, of which each look has a whole number.

    Args:
        steps: Generator steps in all.
        looks: After how many equal parts of them samples are scored.

    Raises:
        ValueError: If the steps do not divide into as many parts.
    """
    if steps < looks or steps % looks:
        raise ValueError(
            f"{steps} steps do not divide into {looks} equal parts, after each of which samples "
            f"are scored: give a multiple of {looks}."
        )
    return max(n for n in range(1, FUSED + 1) if steps // looks % n == 0)


def looked_at(gan: kg.GAN, batches, steps: int, looks: int, scored: Callable) -> dict:
    """Trains a compiled game, and scores it after each of `looks` equal parts.

    Args:
        gan: The game.
        batches: An endless data set.
        steps: Generator steps in all, a multiple of `looks`.
        looks: How many parts.
        scored: From the game to a dict of scores, also where its samples are NaN.

    Returns:
        A dict of `looks`, a list of the scores, and of `seconds`, the processor time of training:
        other programs on the machine do not add to it.
    """
    found, seconds = [], 0.0
    for look in range(looks):
        began = time.process_time()
        with warnings.catch_warnings():  # a training that diverges is a result, not an accident
            warnings.filterwarnings("ignore", "Training ended with NaN")
            gan.fit(
                batches,
                initial_epoch=look,
                epochs=look + 1,
                steps_per_epoch=steps // looks,
                verbose=0,
            )
        seconds += time.process_time() - began
        found.append(scored(gan))
    return {"looks": found, "seconds": seconds}


def bars(values: np.ndarray, place: int, places: int) -> tuple[np.ndarray, np.ndarray]:
    """What `kg.plotting.curves_image` draws as a bar a column, and not as a line through all.

    Column i becomes a flat piece about i + 1, with a gap behind it: a line at the median of the
    runs, in a band from the least to the greatest.

    Args:
        values: `(runs, columns)`.
        place: Which of the bars about a number, from 0.
        places: How many bars share a number.

    Returns:
        Abscissae `(3 columns,)` and values `(runs, 3 columns)`, every third of which is NaN.
    """
    width = 0.8 / places
    left = np.arange(1, values.shape[1] + 1) - 0.4 + place * width
    x = np.stack([left, left + 0.8 * width, left + width], axis=1)
    y = np.stack([values, values, np.full_like(values, np.nan)], axis=2)
    return x.ravel(), y.reshape(len(values), -1)
