"""Scores of translations whose truth is known: how far they are from it."""

import numpy as np

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.families.pix2pix.pairs import Pairs, opened

RANGE = 2.0  # of values in [-1, 1]


def paired_scores(translator, settings, pairs: Pairs | None = None) -> dict:
    """How far translations of pairs that are held out are from their truth.

        L1 = mean |y − G(x)|,   PSNR = 10 log₁₀(2² / mean (y − G(x))²), in dB, the mean over images

    Beside them stand those of x itself, where x has the channels of y, and of the mean of all y of
    training, which needs no x.

    Args:
        translator: Anything with `translate(samples, to="y")`, such as a `kg.Pix2Pix`.
        settings: The run's settings, as in `opened`.
        pairs: What `opened` returned for them. Defaults to `None`: it is called.

    Returns:
        `"pairs"` with the figures, and the `"protocol"`.

    Raises:
        ValueError: If data cannot be read, or the translator makes NaN.
    """
    pairs = opened(settings) if pairs is None else pairs
    n = min(len(pairs.given), settings.score_samples)
    given, truth = pairs.given[:n], pairs.truth[:n]
    made = translator.translate(given, to="y")
    refuse_broken_samples(made, "there are no scores", translator)
    rows = {"translated": made, "mean_of_training": np.mean(pairs.y, axis=0, keepdims=True)}
    rows |= {"untranslated": given} if given.shape == truth.shape else {}
    figures = {}
    for name, each in rows.items():
        figures[f"l1_{name}"] = float(np.abs(truth - each).mean())
        figures[f"psnr_{name}"] = _psnr(truth, each)
    target = settings.target or f"{settings.dataset}, its second array"
    return {
        "pairs": figures,
        "protocol": {
            "x": settings.dataset,
            "y": target,
            "pairs_held_out": len(pairs.given),
            "pairs_scored": n,
        },
    }


def _psnr(truth: np.ndarray, made: np.ndarray) -> float:
    """The mean peak signal-to-noise ratio of images in [-1, 1], in decibels."""
    axes = tuple(range(1, truth.ndim))
    errors = np.maximum(np.mean(np.square(truth - made, dtype="float64"), axis=axes), 1e-12)
    return float(np.mean(10 * np.log10(RANGE**2 / errors)))


def table(scores: dict) -> str:
    """The scores as text."""
    figures, protocol = scores["pairs"], scores["protocol"]
    lines = [
        f"x: {protocol['x']}; y: {protocol['y']}",
        f"{protocol['pairs_scored']} pairs that it was not trained on; images in [-1, 1]",
        f"{'':<22}{'L1 to the truth':>16}{'PSNR':>10}",
    ]
    for name, title in ROWS.items():
        if f"l1_{name}" in figures:
            l1, psnr = figures[f"l1_{name}"], figures[f"psnr_{name}"]
            lines.append(f"  {title:<20}{l1:>16.4f}{psnr:>7.2f} dB")
    return "\n".join(lines)


ROWS = {
    "translated": "translations",
    "untranslated": "the images as given",
    "mean_of_training": "mean image of y",
}
