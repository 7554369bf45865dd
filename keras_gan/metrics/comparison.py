"""Scores of one set of samples against another, and of the other against itself."""

import numpy as np

from keras_gan.arguments import height_and_width
from keras_gan.metrics import features as extractors
from keras_gan.metrics import progress, scoring
from keras_gan.metrics.names import DIRECTIONS
from keras_gan.metrics.protocol import Judge
from keras_gan.metrics.reference import Reference


def evaluated(
    a, b, metrics=None, features="pixels", most: int = 5000, seed: int = 0, resized=None
) -> dict:
    """The scores of one source against another, and how they were measured.

    Args:
        a: The `Source` to judge.
        b: The `Source` to compare it with.
        metrics: Names of metrics. Defaults to `None`: all that these samples allow.
        features: The feature extractor's name. Defaults to `"pixels"`.
        most: The most samples on either side. Defaults to 5000.
        seed: Integer that determines which samples are drawn. Defaults to 0.
        resized: The size to which the images of both sources were resized, as in `kg.data.load`,
            for the report. Defaults to `None`.

    Raises:
        ValueError: For an unknown name, or samples that cannot be compared.
    """
    scores = scoring.resolve(metrics or list(scoring.SCORES))
    extractor = extractors.get(features)
    judged, reference = _drawn(a, b, most, seed)
    baseline, figures = progress.parts([1, 2])
    with baseline:
        judge = Judge(reference, scores, extractor, leave_out=not metrics)
    with figures:
        found = judge(judged)
    return {
        "a": {"name": a.name, "kind": a.kind},
        "b": {"name": b.name, "kind": b.kind},
        "scores": {
            score.name: {
                "a_to_b": found[score.name],
                "b_to_b": judge.baseline[score.name],
                "better": direction(score),
            }
            for score in judge.scores
        },
        "protocol": {
            **judge.protocol(),
            "feature_space": judge.space,
            "sample_shape": list(judge.shape),
            "samples_resize": resizing(resized),
            "a_seed": seed + 1,
            "b_seed": seed,
        },
    }


def resizing(size) -> str:
    """What was done to images, in words; `None` stands for nothing."""
    if size is None:
        return "none"
    height, width = height_and_width("resized", size)
    middle = "middle square" if height == width else "middle of that ratio"
    return f"{middle}, antialiased bilinear to {height} x {width}"


def _drawn(a, b, most: int, seed: int):
    """Samples of A, and two halves of B with equally many samples each.

    Args:
        a: The `Source` to judge.
        b: The `Source` to compare it with.
        most: The most samples on either side.
        seed: Integer that determines the samples of B; the next integer determines those of A.

    Raises:
        ValueError: For too few samples, the same stored samples twice, or different shapes.
    """
    if a.identity is not None and a.identity == b.identity:
        raise ValueError(
            f"A and B are the same stored samples, {a.name}, and both would draw some of them. To "
            f"compare real with real, see the column B to B when you evaluate anything else "
            f"against them."
        )
    n = most
    for source, sets in ((a, 1), (b, 2)):
        if source.count is not None:
            n = min(n, source.count // sets)
            if n < 2:
                raise ValueError(
                    f"{source.name} has {source.count} samples; scores need at least {2 * sets}."
                )
    judged, compared = _alike(a.draw(n, seed + 1), b.draw(2 * n, seed))
    if judged.shape[1:] != compared.shape[1:]:
        sizes = judged.shape[1:-1] != compared.shape[1:-1] and judged.ndim == compared.ndim
        raise ValueError(
            f"Both sets need samples of one shape; {a.name} has {judged.shape[1:]} and {b.name} "
            f"has {compared.shape[1:]}: "
            + ("pass --image-size N or HEIGHTxWIDTH." if sizes else "convert one of them first.")
        )
    return judged, Reference(compared[:n], compared[n:])


def _alike(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sets; if one is grey, RGB images with equal channels in the other become grey, too."""

    def greyed(x, beside):
        is_grey = beside.ndim == 4 and beside.shape[-1] == 1
        is_rgb = x.ndim == 4 and x.shape[-1] == 3
        return x[..., :1] if is_grey and is_rgb and (x == x[..., :1]).all() else x

    return greyed(one, other), greyed(other, one)


def direction(score) -> str:
    """Whether lower or higher is better, in words."""
    return DIRECTIONS[score.better]
