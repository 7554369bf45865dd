"""The Fréchet distance of samples to stored statistics, such as those of a paper's data."""

import os
import pathlib
import zipfile

from keras_gan.backend.finite import all_finite
from keras_gan.metrics import features as extractors
from keras_gan.metrics.comparison import direction, resizing
from keras_gan.metrics.frechet_statistics import FrechetStatistics
from keras_gan.metrics.scoring import resolve

SCORE = "frechet_distance"


def is_statistics(path: str | os.PathLike) -> bool:
    """Whether a file is a `.npz` file with the arrays `mu` and `sigma`."""
    path = pathlib.Path(path)
    if path.suffix != ".npz" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return {"mu.npy", "sigma.npy"} <= set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def evaluated_against(
    a, statistics: FrechetStatistics, name: str, most: int = 5000, seed: int = 0, resized=None
) -> dict:
    """The Fréchet distance of a source to stored statistics, and how it was measured.

    Without the samples themselves there are no halves, so that real to real is unknown: `None`.

    Args:
        a: The `Source` to judge.
        statistics: Those of what it is compared with.
        name: The name of their file.
        most: The most samples. Defaults to 5000.
        seed: As in `evaluated`.
        resized: As in `evaluated`.

    Raises:
        ValueError: For too few samples, samples that are not finite, an unknown extractor, or
            another version of it.
    """
    extractor = extractors.get(statistics.extractor)
    n = most if a.count is None else min(most, a.count)
    if n < 2:
        raise ValueError(f"{a.name} has {n} samples; a distance needs at least 2.")
    samples = a.draw(n, seed + 1)
    if not all_finite(samples):
        raise ValueError(f"{a.name} has NaN or infinite samples.")
    judged = FrechetStatistics.of_samples(samples, extractor)
    (score,) = resolve([SCORE])
    count = "" if statistics.samples is None else f", {statistics.samples} samples"
    distance = judged.distance(statistics)
    notes = []
    if statistics.samples != n:
        theirs = statistics.samples or "an unknown number"
        notes.append(f"the distance is of {n} samples to {theirs}: it falls with their number")
    return {
        "a": {"name": a.name, "kind": a.kind},
        "b": {"name": name, "kind": f"mean and covariance of features{count}"},
        "scores": {
            SCORE: {"a_to_b": distance, "b_to_b": None, "better": direction(score)},
        },
        "protocol": {
            "features": extractor.name,
            "features_version": extractor.version,
            "features_resize": extractor.resize,
            "features_dim": len(judged.mean),
            "samples_on_either_side": n,
            "metrics": {SCORE: score.rule},
            "figure": "of all samples to the stored statistics",
            "baseline": "unknown: the statistics have no samples",
            "notes": notes,
            "feature_space": f"{extractor.name}, {len(judged.mean)}-d",
            "sample_shape": list(samples.shape[1:]),
            "samples_resize": resizing(resized),
            "a_seed": seed + 1,
        },
    }
