"""One set of samples scored against another, halves of the other against each other beside it."""

import numpy as np

from keras_gan.metrics import features as extractors
from keras_gan.metrics import progress, scoring
from keras_gan.metrics.protocol import Judge
from keras_gan.metrics.reference import Reference


def evaluated(
    a, b, metrics=None, features="pixels", most: int = 5000, seed: int = 0, resized=None
) -> dict:
    """The scores of one source against another, and how they were taken.

    Args:
        a: The `Source` that is judged.
        b: The one it is compared with.
        metrics: Names; `None` takes all that these samples allow.
        features: The feature extractor's name.
        most: The most samples on either side.
        seed: Integer that decides which samples are drawn.
        resized: The side that both sources' images are resized to, for the report.

    Raises:
        ValueError: For an unknown name, or samples that do not compare.
    """
    scores = scoring.resolve(metrics or list(scoring.SCORES))
    extractor = extractors.get(features)
    judged, reference = drawn(a, b, most, seed)
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
            "samples_resize": "none"
            if resized is None
            else f"middle square, antialiased bilinear to {resized} x {resized}",
            "a_seed": seed + 1,
            "b_seed": seed,
        },
    }


def drawn(a, b, most: int, seed: int):
    """As many samples of A as B has in a half, and the halves of B.

    Args:
        a: The `Source` that is judged.
        b: The one it is compared with.
        most: The most samples on either side.
        seed: Integer that decides which of B; the next one decides which of A.

    Raises:
        ValueError: For too few samples, the same stored samples twice, or shapes that differ.
    """
    if a.identity is not None and a.identity == b.identity:
        raise ValueError(
            f"A and B are the same stored samples, {a.name}, and would share some of those drawn: "
            f"the column B to B of any other evaluation against them compares real with real."
        )
    n = most
    for source, share in ((a, 1), (b, 2)):
        if source.count is not None:
            n = min(n, source.count // share)
            if n < 2:
                raise ValueError(
                    f"{source.name} has {source.count} samples; scores need at least {2 * share}."
                )
    judged, compared = alike(a.draw(n, seed + 1), b.draw(2 * n, seed))
    if judged.shape[1:] != compared.shape[1:]:
        sizes = judged.shape[1:-1] != compared.shape[1:-1] and judged.ndim == compared.ndim
        raise ValueError(
            f"Samples of one shape are needed; {a.name} has {judged.shape[1:]} and {b.name} "
            f"{compared.shape[1:]}: "
            + ("pass --image-size N." if sizes else "convert one of them first.")
        )
    return judged, Reference(compared[:n], compared[n:])


def alike(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sets, RGB images of equal channels as grey ones where the other set is grey."""

    def greyed(x, beside):
        is_grey = beside.ndim == 4 and beside.shape[-1] == 1
        is_rgb = x.ndim == 4 and x.shape[-1] == 3
        return x[..., :1] if is_grey and is_rgb and (x == x[..., :1]).all() else x

    return greyed(one, other), greyed(other, one)


def direction(score) -> str:
    """Which way is better, in words."""
    return {"min": "lower is better", "max": "higher is better"}[score.better]
