"""One protocol for every score: equal counts, two real halves, and a real-to-real baseline."""

import contextlib
import re
import warnings
from collections.abc import Iterable

import numpy as np

from keras_gan.backend.finite import all_finite
from keras_gan.metrics import features as extractors
from keras_gan.metrics import manifold, progress, scoring
from keras_gan.metrics.reference import Reference


class Judge:
    """Scores generated samples against real ones by one protocol.

    Each score compares n generated with n real samples, and is the mean over two disjoint halves of
    the real data. `baseline` holds the scores between these halves, which a perfect generator
    approaches. The features and statistics of the real data are computed once. Where real images
    lie in [-1, 1], generated ones are clipped to it, as pictures show them.

    Args:
        reference: Two halves of n real samples.
        metrics: Names, functions `(real_features, fake_features) -> float` or `Score`s.
        features: What `kg.metrics.features.get` takes. Defaults to `"pixels"`.
        leave_out: Whether a metric that these samples do not allow, for example with too few
            neighbours, is left out with a note. Defaults to `False`: it is an error.

    Attributes:
        baseline: The scores of real against real, by name.
        scores: The `Score`s that are computed.
        notes: The warnings about the baseline, which hold for all scores, and the metrics left out.

    Raises:
        ValueError: For unknown metrics or features, or if the extractor or every metric refuses the
            samples.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(3000, 2))
    >>> judge = Judge(Reference(x[:1000], x[1000:2000]), ["frechet_distance"])
    >>> judge(x[2000:] + [3.0, 4.0])["frechet_distance"] > 100 * judge.baseline["frechet_distance"]
    True
    """

    def __init__(self, reference: Reference, metrics, features="pixels", leave_out: bool = False):
        self.scores = scoring.resolve(metrics)
        self.extractor = extractors.get(features)
        self.n, self.shape = reference.n, reference.first.shape[1:]
        self.within = _ends_of(reference)
        *features_parts, scores_part = progress.parts([1, 1, 10])
        halves = []
        for half, scope in zip((reference.first, reference.second), features_parts, strict=True):
            with scope:
                halves.append(self.extractor(half, value_range=None))
        self.dim = halves[0].shape[1]
        compared = {score.compare: score for score in self.scores}
        results, refused = {}, {}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.kept = manifold.Kept()
            with scores_part, self.at_once(compared):
                for compare, scope in zip(compared, _parts_of(compared), strict=True):
                    try:
                        with scope:
                            results[compare] = compare(*halves)
                    except ValueError as error:
                        refused[compare] = error
        if refused and not (leave_out and results):
            raise next(iter(refused.values()))
        self.notes = list(dict.fromkeys(str(warning.message) for warning in caught))
        for compare, error in refused.items():
            names = ", ".join(score.name for score in self.scores if score.compare is compare)
            self.notes.append(f"left out: {names}. {error}")
        self.scores = [score for score in self.scores if score.compare in results]
        self.baseline = self.values(results)
        self.prepared = [
            {compare: compared[compare].prepared(half) for compare in results} for half in halves
        ]

    def at_once(self, compared) -> contextlib.AbstractContextManager:
        """A scope in which functions share their most expensive intermediate result."""
        both = {manifold.precision_recall, manifold.density_coverage} <= set(compared)
        return manifold.shared(self.kept) if both else contextlib.nullcontext()

    def values(self, results: dict) -> dict[str, float]:
        """The scores by name.

        Args:
            results: What the functions returned, by function.
        """
        return {score.name: score.value_of(results[score.compare]) for score in self.scores}

    def __call__(self, samples) -> dict[str, float]:
        """The scores of n samples, by name; all are NaN if a sample is not finite.

        Args:
            samples: Array `(n, ...)`, as many as each half of the real data has.

        Raises:
            ValueError: For another number or shape of samples.
        """
        samples = np.asarray(samples)
        if samples.shape != (self.n, *self.shape):
            raise ValueError(
                f"Scores compare only at equal counts and shapes; received samples of shape "
                f"{samples.shape}, but each real half has {(self.n, *self.shape)}."
            )
        if not all_finite(samples):
            return {score.name: np.nan for score in self.scores}
        features_part, *halves_parts = progress.parts([1, 10, 10])
        with features_part:
            features = self.extractor(_clipped(samples, self.within), value_range=None)
        with warnings.catch_warnings():
            for note in self.notes:  # already given
                warnings.filterwarnings("ignore", message=re.escape(note))
            found = []
            for half, scope in zip(self.prepared, halves_parts, strict=True):
                with scope, self.at_once(half):
                    found.append(self.values(_compared_with(half, features)))
        self.kept.forget(features)
        return {name: float(np.mean([half[name] for half in found])) for name in found[0]}

    @property
    def space(self) -> str:
        """The feature space in a few words."""
        points = self.extractor.name == "pixels" and len(self.shape) == 1
        return f"{'coordinates' if points else self.extractor.name}, {self.dim}-d"

    def protocol(self) -> dict:
        """How the scores were measured, for a file: extractor, version, counts, notes, …"""
        return {
            "features": self.extractor.name,
            "features_version": self.extractor.version,
            "features_resize": self.extractor.resize,
            "features_dim": self.dim,
            "samples_on_either_side": self.n,
            "metrics": {score.name: score.rule for score in self.scores},
            "figure": "mean of the figures against two disjoint halves of the real samples",
            "baseline": "the figure between these two halves",
            "notes": self.notes,
        }


def _ends_of(reference: Reference) -> tuple[float, float] | None:
    """[-1, 1] for grey or colour images that lie in it, as `kg.data.load` returns them."""
    halves = reference.first, reference.second
    is_image = halves[0].ndim == 4 and halves[0].shape[-1] in (1, 3)
    return (-1.0, 1.0) if is_image and all(_is_within(half, -1.0, 1.0) for half in halves) else None


def _is_within(samples: np.ndarray, low: float, high: float) -> bool:
    """Whether all values lie in [low, high]."""
    return bool(low <= samples.min() and samples.max() <= high)


def _clipped(samples: np.ndarray, ends: tuple[float, float] | None) -> np.ndarray:
    """The samples with no value beyond the ends: themselves where there is none."""
    return samples if ends is None or _is_within(samples, *ends) else np.clip(samples, *ends)


LONG = {manifold.precision_recall: 9, manifold.density_coverage: 6}  # times as long as others


def _parts_of(compared: Iterable) -> list:
    """Scopes of progress, one for each function that compares, in order."""
    return progress.parts([LONG.get(compare, 1) for compare in compared])


def _compared_with(prepared: dict, features: np.ndarray) -> dict:
    """The results for features of each function that is prepared for one real half."""
    found = {}
    for (compare, function), scope in zip(prepared.items(), _parts_of(prepared), strict=True):
        with scope:
            found[compare] = function(features)
    return found
