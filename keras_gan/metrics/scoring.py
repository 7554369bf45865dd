"""Scores that compare generated samples with real ones, by name."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.frechet import covariance, frechet_distance, gaussian_frechet_distance
from keras_gan.metrics.kernel import kernel_distance
from keras_gan.metrics.manifold import density_coverage, precision_recall
from keras_gan.metrics.mind_distance import mind
from keras_gan.metrics.names import SCORES as RULES
from keras_gan.metrics.transport import sliced_wasserstein
from keras_gan.metrics.vendi import vendi_score


@dataclasses.dataclass(frozen=True)
class Score:
    """A number that compares the features of generated samples with those of real ones.

    Args:
        name: Its name in logs and tables.
        compare: Function of two arrays, real features `(n, d)` and fake ones `(m, d)`. It returns a
            number or, with `part`, an object that has the number as an attribute.
        better: Which direction is better, `"min"` or `"max"`. Defaults to `"min"`.
        part: The attribute of the result of `compare`. Scores with the same `compare` are computed
            together. Defaults to `None`: the result itself, as a float.
        against: Function from real features to a function of fake features that returns the same as
            `compare`, but computes the real side only once. Defaults to `None`.
        rule: The settings of `compare` in words, for tables. Defaults to `""`.

    Raises:
        ValueError: For a direction other than `"min"` and `"max"`.

    Example:

    >>> shift = Score("shift", lambda real, fake: abs(real.mean() - fake.mean()))
    >>> shift.value_of(shift.compare(np.zeros((2, 1)), np.ones((2, 1))))
    1.0
    """

    name: str
    compare: Callable
    better: str = "min"
    part: str | None = None
    against: Callable | None = None
    rule: str = ""

    def __post_init__(self):
        if self.better not in ("min", "max"):
            raise unknown_name(f"direction of {self.name}", self.better, ("min", "max"))

    def prepared(self, real: np.ndarray) -> Callable:
        """The function from fake features to the result of `compare(real, fake)`.

        Args:
            real: Real features, `(n, d)`.
        """
        if self.against is not None:
            return self.against(real)
        return lambda fake: self.compare(real, fake)

    def value_of(self, result: Any) -> float:
        """This score's number in a result of `compare`.

        Args:
            result: What `compare` returned.

        Raises:
            TypeError: If it is not a number.
        """
        value = result if self.part is None else getattr(result, self.part)
        try:
            return float(value)
        except TypeError as error:
            raise TypeError(
                f"The metric {self.name} must return a number, not {type(value).__name__}: name "
                f"its attribute with kg.metrics.Score({self.name!r}, function, part=…)."
            ) from error

    def beats(self, value: float, other: float | None) -> bool:
        """Whether a value is better than another; NaN never is, and a number beats `None`.

        Args:
            value: This score's number.
            other: The number to beat, or `None`.
        """
        if np.isnan(value) or other is None:
            return not np.isnan(value)
        return value < other if self.better == "min" else value > other


def _frechet_against(real: np.ndarray) -> Callable:
    """`frechet_distance` to a fixed real set, whose mean and covariance are computed once."""
    real = checked_features(real, "real")
    gaussian = real.mean(axis=0), covariance(real)

    def distance(fake):
        fake = checked_features(fake, "fake")
        return gaussian_frechet_distance(*gaussian, fake.mean(axis=0), covariance(fake))

    return distance


def _variety(real: np.ndarray, fake: np.ndarray) -> float:
    """`vendi_score` of the fake features alone, in the form of a score."""
    return vendi_score(fake)


COMPARED = {
    "frechet_distance": {"compare": frechet_distance, "against": _frechet_against},
    "kernel_distance": {"compare": kernel_distance},
    "precision": {"compare": precision_recall, "part": "precision"},
    "recall": {"compare": precision_recall, "part": "recall"},
    "density": {"compare": density_coverage, "part": "density"},
    "coverage": {"compare": density_coverage, "part": "coverage"},
    "sliced_wasserstein": {"compare": sliced_wasserstein},
    "mind": {"compare": mind},
    "vendi_score": {"compare": _variety},
}
SCORES = {
    name: Score(name, better=better, rule=rule, **COMPARED[name])
    for name, (better, rule) in RULES.items()
}


def resolve(metrics: str | Callable | Score | Iterable) -> list[Score]:
    """Turns names, functions and `Score`s into `Score`s.

    Args:
        metrics: One or several. A function `(real_features, fake_features) -> float` keeps its own
            name, and smaller values count as better; pass a `Score` to change that.

    Raises:
        ValueError: For an unknown name, a function without a name, two scores with the same name,
            or no metrics.

    Example:

    >>> [score.name for score in resolve(["frechet_distance"])]
    ['frechet_distance']
    """
    single = isinstance(metrics, (str, Score)) or callable(metrics)
    scores = [_resolve_one(metric) for metric in ([metrics] if single else metrics)]
    names = [score.name for score in scores]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"metrics must name at least one score, each only once; received {names}. The known "
            f"names are {', '.join(sorted(SCORES))}."
        )
    return scores


def _resolve_one(metric: str | Callable | Score) -> Score:
    """Turns a name, a function or a `Score` into a `Score`."""
    if isinstance(metric, Score):
        return metric
    if isinstance(metric, str):
        if metric not in SCORES:
            raise unknown_name("metric", metric, SCORES)
        return SCORES[metric]
    known = [score for score in SCORES.values() if score.compare is metric]
    if len(known) == 1:
        return known[0]
    if known:
        names = [score.name for score in known]
        raise ValueError(f"{metric.__name__} returns two scores: name them, as in metrics={names}.")
    name = getattr(metric, "__name__", "")
    if not callable(metric) or not name.isidentifier():
        raise ValueError(
            f"A metric must be a name, a named function (real_features, fake_features) -> float, "
            f"or kg.metrics.Score(name, function); received {metric!r}."
        )
    return Score(name, metric)
