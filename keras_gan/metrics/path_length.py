"""Perceptual path length: how fast samples change along a path through latent space."""

import dataclasses

import numpy as np

from keras_gan.arguments import amount, known_name, whole
from keras_gan.data.checks import checked_seed
from keras_gan.metrics import features as extractors
from keras_gan.metrics import progress
from keras_gan.metrics.results import Result
from keras_gan.texts import in_short

PLACES = ("path", "ends")  # the authors' "full" and "end"
CROP = (1.0, 99.0)  # percentiles
PLACE_ON_PATH = 0x9A7B  # a separate random stream


@dataclasses.dataclass(frozen=True, eq=False)
class PathLength(Result):
    """The result of `perceptual_path_length`; `float(found)` is its `mean`.

    Args:
        mean: The mean of the lengths that are not cropped.
        standard_deviation: Their standard deviation.
        paths: The number of paths.
        kept: The number of lengths that are not cropped.
        features: The feature extractor, with its version and dimension.
        where: `"path"` or `"ends"`.
        epsilon: ε.
    """

    mean: float
    standard_deviation: float
    paths: int
    kept: int
    features: str
    where: str
    epsilon: float

    def __float__(self):
        return self.mean

    def __str__(self):
        return (
            f"path length {self.mean:.4g} ± {self.standard_deviation:.2g} ({self.where}, "
            f"ε = {self.epsilon:g}; {self.kept} of {self.paths} paths; {self.features})"
        )


def perceptual_path_length(
    generator,
    features="pixels",
    *,
    paths: int = 10_000,
    where: str = "path",
    epsilon: float = 1e-4,
    crop: tuple[float, float] | None = CROP,
    labels=None,
    seed: int = 0,
) -> PathLength:
    """How fast features of samples change along paths between two random latent vectors.

        l = E ‖φ(G(z(t))) − φ(G(z(t + ε)))‖² / ε²

    over pairs z₀, z₁ of the prior, with z(t) on the great circle from z₀ to z₁, as in
    `kg.Generator.interpolate`, and t uniform on [0, 1), or 0 if only the ends count. Lengths below
    the 1st and above the 99th percentile are left out, as in the authors' code. A smooth latent
    space has short paths, and so has a generator that makes always the same: read it beside a score
    of variety. Values compare only for the same features and ε. A generator that computes in 16
    bits needs an ε of 0.01 or more, for shorter steps drown in its rounding.

    Ours differs from the authors' code in the distance, φ being an extractor of this library
    instead of LPIPS; in the paths, which have the lengths of z₀ and z₁ instead of unit length,
    since generators here need not normalise z; and in the number of paths, 100,000 there.

    Args:
        generator: A game such as `kg.GAN`, a `kg.Generator`, or another model with latent vectors.
        features: What `kg.metrics.features.get` takes. Defaults to `"pixels"`, which is not
            perceptual.
        paths: The number of pairs. Defaults to 10,000.
        where: `"path"` for t anywhere, or `"ends"` for t = 0. Defaults to `"path"`.
        epsilon: ε, in (0, 1]. Defaults to 1e-4.
        crop: The percentiles between which lengths count, or `None` for all. Defaults to (1, 99).
        labels: For generators that take labels: one class for all, or integers `(paths,)`. Both
            ends of a path have the same. Defaults to `None`: all classes in turn.
        seed: Integer that determines the paths. Defaults to 0.

    Returns:
        A `PathLength`.

    Raises:
        ValueError: For a model without latent vectors, unknown features, or an argument out of its
            range.

    Example, G(z) = z / 2, where z goes a right angle at the radius √16, and half of that counts:

    >>> import keras, keras_gan as kg
    >>> z = keras.Input((16,))
    >>> half = kg.Generator(keras.Model(z, keras.layers.Rescaling(0.5)(z)))
    >>> found = perceptual_path_length(half, paths=500)
    >>> found.kept, 0.9 < found.mean / (np.pi / 2 * 4 / 2) ** 2 < 1.1
    (492, True)

    Reference: Karras, Laine and Aila 2018, A Style-Based Generator Architecture for Generative
    Adversarial Networks, arXiv 1812.04948, section 4.1.
    """
    if not (hasattr(generator, "samples_of") and hasattr(generator, "between")):
        raise ValueError(
            f"A path length needs a model that makes samples of latent vectors; received "
            f"{in_short(generator)}: pass a game such as kg.GAN, or wrap a network as "
            f"kg.Generator(…)."
        )
    extractor = extractors.get(features)
    paths, seed = whole("paths", paths, least=2), checked_seed(seed)
    epsilon = amount("epsilon", epsilon, above=0, most=1)
    known_name("place on the path", where, PLACES)
    low, high = _checked_crop(crop)
    ends = generator.latents(2 * paths, seed=seed)
    given = generator.chosen(labels, paths)
    t = np.random.default_rng([seed, PLACE_ON_PATH]).uniform(size=paths)
    t = t if where == "path" else np.zeros(paths)
    lengths = np.empty(paths)
    for start in progress.each(range(0, paths, extractor.at_once)):
        rows = slice(start, min(start + extractor.at_once, paths))
        chosen = {"labels": given[0][rows]} if given else {}
        before, after = (
            extractor(generator.samples_of(z, **chosen), value_range=None)
            for z in _steps(generator, ends[:paths][rows], ends[paths:][rows], t[rows], epsilon)
        )
        lengths[rows] = np.square(after - before).sum(axis=1) / epsilon**2
    least = np.percentile(lengths, low, method="lower")
    most = np.percentile(lengths, high, method="higher")
    kept = lengths[(lengths >= least) & (lengths <= most)]
    return PathLength(
        mean=float(kept.mean()),
        standard_deviation=float(kept.std()),
        paths=paths,
        kept=len(kept),
        features=str(extractor),
        where=where,
        epsilon=epsilon,
    )


def _steps(generator, z0: np.ndarray, z1: np.ndarray, t: np.ndarray, epsilon: float) -> tuple:
    """z(t) and z(t + ε) of each path, two arrays `(n, latent_dim)`."""
    z0, z1 = z0.astype("float64"), z1.astype("float64")
    steps = [
        generator.between(one, other, np.array([place, place + epsilon]))
        for one, other, place in zip(z0, z1, t, strict=True)
    ]
    return tuple(np.stack(steps, axis=1))


def _checked_crop(crop) -> tuple[float, float]:
    """The percentiles between which lengths count."""
    if crop is None:
        return 0.0, 100.0
    try:
        low, high = crop
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"crop must be a pair of percentiles, such as (1, 99), or None; received {crop!r}."
        ) from error
    low = amount("the lower percentile of crop", low, least=0, below=100)
    return low, amount("the upper percentile of crop", high, above=low, most=100)
