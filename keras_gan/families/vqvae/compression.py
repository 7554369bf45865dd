"""What codes are worth: the error of reconstructions, and bits per image beside those of PNG."""

import io
import math

import numpy as np
from PIL import Image

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.families.datasets import held_out
from keras_gan.families.vqvae.score_texts import CONTAINER
from keras_gan.plotting.samples import levels_of

TESTED = 10_000  # images of the test split, if it has so many


def of_vqvae(vqvae, settings) -> dict:
    """The figures of a VQ-VAE on images that are held out.

    Args:
        vqvae: A `kg.VQVAE` or `kg.VQVAE2`.
        settings: The run's: data set, image size, labels.
    """
    x, _, split = held_out(settings, TESTED)
    return {"split": split, **figures(vqvae, x)}


def of_prior(prior, settings) -> dict:
    """The figures of a prior and its VQ-VAE on images that are held out.

    Args:
        prior: A `kg.CodePrior`.
        settings: As in `of_vqvae`.
    """
    x, labels, split = held_out(settings, TESTED)
    return {"split": split, **figures(prior.vqvae, x, prior, labels)}


def figures(vqvae, x: np.ndarray, prior=None, labels=None) -> dict:
    """How well codes say what images show, and in how many bits.

    By a prior p they are −log₂ p(codes), what an ideal arithmetic coder needs.

    Args:
        vqvae: A `kg.VQVAE` or `kg.VQVAE2`.
        x: Array `(n, height, width, channels)` of images in [-1, 1], 1 or 3 channels.
        prior: The `kg.CodePrior` of its codes. Defaults to `None`: their bits are not known.
        labels: For a prior of classes: the class of each image, integers `(n,)`.

    Raises:
        NotFiniteSamplesError: If a reconstruction is not finite.
    """
    levels = vqvae.encode_levels(x)
    made = vqvae.decode_levels(levels)
    refuse_broken_samples(made, "there are no scores", vqvae)
    png, own = _png_bits(x), {}
    if prior is not None:
        codes = levels[0] if len(levels) == 1 else tuple(levels)
        nats = prior.log_prob(codes, labels=labels)
        own = {"prior": float(-np.mean(nats, dtype="float64") / np.log(2))}
    counts = [quantizer.codes for quantizer in vqvae.quantizers]
    pairs = list(zip(levels, counts, strict=True))
    return {
        "images": len(x),
        "mean_squared_error": _squared_error(x, made),
        "levels": [_usage(codes, count) for codes, count in pairs],
        "bits": {
            "pixels": 8.0 * x[0].size,
            "png": float(png.mean()),
            "png_content": float(png.mean()) - 8 * CONTAINER,
            "codes": sum(math.log2(count) * codes[0].size for codes, count in pairs),
            **own,
        },
    }


def _squared_error(x: np.ndarray, made: np.ndarray) -> float:
    """The mean squared error of images in [-1, 1], in units of images in [0, 1]."""
    return float(np.mean((np.clip(made, -1, 1) - x) ** 2, dtype="float64") / 4)


def _png_bits(x: np.ndarray) -> np.ndarray:
    """The bits of each image in [-1, 1] in the smallest PNG that Pillow writes, `(n,)`."""

    def of(levels: np.ndarray) -> int:
        file = io.BytesIO()
        shown = levels[..., 0] if levels.shape[-1] == 1 else levels
        Image.fromarray(shown).save(file, format="PNG", optimize=True)
        return 8 * file.tell()

    return np.array([of(levels) for levels in levels_of(x)])


def _usage(codes: np.ndarray, count: int) -> dict:
    """How many of the codes occur, and their perplexity exp(−Σ p log p).

    >>> _usage(np.array([[0, 0, 1, 1]]), 4)
    {'grid': [4], 'codes': 4, 'codes_used': 2, 'perplexity': 2.0}
    """
    p = np.bincount(codes.ravel(), minlength=count) / codes.size
    entropy = -float((p[p > 0] * np.log(p[p > 0])).sum())
    return {
        "grid": list(codes.shape[1:]),
        "codes": count,
        "codes_used": int((p > 0).sum()),
        "perplexity": float(np.exp(entropy)),
    }
