"""Latent vectors whose components lie within a threshold."""

import zlib

import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.distributions import priors
from keras_gan.distributions.coded import Coded
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform
from keras_gan.parallel import random_numbers


def truncated(prior, z: np.ndarray, threshold: float, seed: int) -> np.ndarray:
    """Latent vectors of a prior, with components beyond a threshold ψ drawn anew until they fit.

        u ← Φ⁻¹(Φ(−ψ) + r (Φ(ψ) − Φ(−ψ))) of a normal prior,  u ← ψ (2 r − 1) of a uniform one,
        wherever |u| > ψ,   r uniform on (0, 1)

    where u counts from the prior's mean in its standard deviations, or from the middle of a uniform
    one in halves of its width. One draw by the inverse of the distribution function has the
    distribution of many, of which the first that fits is taken. Components within ψ stay as they
    are. Of a uniform prior the result is the prior itself, ψ times as wide. The codes of
    `kg.distributions.Coded` stay as they are, too.

    Args:
        prior: A prior as `priors.get` returns it.
        z: Array `(n, latent_dim)`, drawn from it.
        threshold: ψ > 0.
        seed: Integer that determines r.

    Returns:
        float32 array `(n, latent_dim)`.

    Raises:
        ValueError: For a threshold that is not positive, or a prior that is neither normal nor
            uniform.

    Example:

    >>> z = np.array([[0.3, -2.0]], "float32")
    >>> found = truncated(priors.normal, z, 0.5, seed=0)
    >>> bool(found[0, 0] == z[0, 0]), bool(abs(found[0, 1]) < 0.5)
    (True, True)

    Reference: Brock, Donahue and Simonyan 2018, Large Scale GAN Training for High Fidelity Natural
    Image Synthesis, arXiv 1809.11096, section 3.1.
    """
    threshold = amount("truncation", threshold, above=0)
    if isinstance(prior, Coded):
        noise, codes = np.split(z, [z.shape[1] - prior.size], axis=1)
        return np.concatenate([truncated(prior.noise, noise, threshold, seed), codes], axis=1)
    middle, width, is_normal = _placed(prior)
    u = (z.astype("float64") - middle) / width
    draw = random_numbers.inside(z.shape, zlib.crc32(f"truncated/{seed}".encode()), "float32")
    r = ops.convert_to_numpy(draw).astype("float64")
    if is_normal:
        from scipy.special import ndtr, ndtri

        low, high = ndtr(-threshold), ndtr(threshold)
        anew = np.clip(ndtri(low + r * (high - low)), -threshold, threshold)
    else:
        anew = threshold * (2.0 * r - 1.0)
    fitting = np.where(np.abs(u) > threshold, middle + width * anew, z)
    return fitting.astype("float32")


def _placed(prior) -> tuple:
    """Middle and width of a prior's components, and whether they are normal.

    Raises:
        ValueError: For a prior that is neither normal nor uniform.
    """
    distribution = priors.distribution_of(prior)
    if isinstance(distribution, Normal):
        ends = (ops.convert_to_numpy(each) for each in (distribution.mean, distribution.scale))
        return (*(np.asarray(each, "float64") for each in ends), True)
    if isinstance(distribution, Uniform):
        low, high = distribution.low, distribution.high
        return (low + high) / 2, (high - low) / 2, False
    raise ValueError(
        f"Truncation draws components of a normal or uniform prior anew; the prior of this model "
        f"is {priors.name_of(prior)}: leave truncation out."
    )
