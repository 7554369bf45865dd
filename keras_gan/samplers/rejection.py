"""Rejection sampling by the discriminator."""

import numpy as np

from keras_gan.arguments import amount, whole
from keras_gan.samplers.log_ratio import LogRatio
from keras_gan.samplers.sampler import Drawn, Sampler, derived

PROPOSALS = 256  # at a time


class Rejection(Sampler):
    """Accepts a sample with a probability that grows with its density ratio.

        accept x ~ q with probability  1 / (1 + e^γ (M / r(x) − 1)),   M = max r(x)

    With γ = 0 that is r(x) / M: what is accepted has the data's density p, if r is right and M is
    its maximum, and 1 / M of the proposals are. M is the largest ratio among `burn_in` samples of
    q; a proposal above it counts as M. Where M is large, almost nothing is accepted: a γ below 0
    accepts more, and what it accepts lies between q and p. With `percentile` P, γ is chosen such
    that P of 100 samples have a probability of at most ½.

    Ours differs from the authors' code: M and γ come from the burn-in alone, instead of from each
    batch of proposals, so that all samples have one distribution; the formula above is theirs for
    ε = 0; and the ratio is calibrated as in `Sampler`, instead of by training the last layer
    further.

    Args:
        percentile: P, in (0, 100), such as 80. Defaults to `None`: γ = 0.
        burn_in: The number of samples in which M is sought. Defaults to 5,000.
        most: The most proposals per sample. Defaults to 1,000.
        real: As in `Sampler`.

    Raises:
        ValueError: For an argument out of its range. In `draw`: as `Sampler`, and if `most`
            proposals per sample do not suffice.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.generate(8, seed=0, sampler=Rejection(burn_in=256)).shape
    (8, 2)

    Reference: Azadi, Olsson, Darrell, Goodfellow and Odena 2018, Discriminator Rejection Sampling,
    arXiv 1810.06758.
    """

    def __init__(
        self,
        *,
        percentile: float | None = None,
        burn_in: int = 5000,
        most: int = 1000,
        real=None,
    ):
        super().__init__(real=real)
        if percentile is not None:
            percentile = amount("percentile", percentile, above=0, below=100)
        self.percentile = percentile
        self.burn_in, self.most = whole("burn_in", burn_in, least=2), whole("most", most)

    def drawn(self, game, n, seed, labels, log_ratio: LogRatio, options: dict) -> Drawn:
        """Draws samples class by class, each from a stream of proposals of its own."""
        vectors = None  # as many condition vectors, of those that are asked for
        if game.condition_dim is not None:
            vectors = np.resize(labels, (self.burn_in, game.condition_dim))
        z, given = _labelled(game, self.burn_in, derived(seed, "burn-in"), vectors)
        x = game.samples_of(z, **given, **options)
        log_ratios = log_ratio.in_numpy(game.discriminate(x, **given))
        bound = float(log_ratios.max())
        shift = self.shift(log_ratios, bound)
        samples = np.empty((n, *x.shape[1:]), "float32")
        latents, proposed, accepted = np.empty((n, z.shape[1]), "float32"), 0, 0
        for label in [None] if labels is None else np.unique(labels, axis=0):
            rows = np.arange(n)
            if label is not None:
                rows = rows[(labels == label).reshape(n, -1).all(axis=1)]
            done, tried = 0, 0
            while done < len(rows):
                if tried >= self.most * len(rows):
                    raise ValueError(
                        f"Only {done} of {tried} proposals were accepted, of {len(rows)} that are "
                        f"wanted: accept more with percentile=80, or raise most={self.most}."
                    )
                stream = derived(seed, f"proposals {label} {tried}")
                z, given = _labelled(game, PROPOSALS, stream, label)
                x = game.samples_of(z, **given, **options)
                log_ratios = log_ratio.in_numpy(game.discriminate(x, **given))
                u = np.random.default_rng(derived(seed, f"accept {label} {tried}"))
                fits = u.uniform(size=PROPOSALS) < acceptance(log_ratios, bound, shift)
                tried, accepted = tried + PROPOSALS, accepted + int(fits.sum())
                chosen = np.flatnonzero(fits)[: len(rows) - done]
                places = rows[done : done + len(chosen)]
                samples[places], latents[places] = x[chosen], z[chosen]
                done += len(chosen)
            proposed += tried
        return Drawn(samples, latents, accepted / proposed if proposed else 1.0, proposed)

    def shift(self, log_ratios: np.ndarray, bound: float) -> float:
        """γ of the burn-in's log-ratios and their bound log M."""
        if self.percentile is None:
            return 0.0
        with np.errstate(over="ignore", divide="ignore"):
            logits = -np.log(np.expm1(np.maximum(bound - log_ratios, 0.0)))
        shift = float(np.percentile(logits, self.percentile, method="lower"))
        return shift if np.isfinite(shift) else 0.0  # all ratios are M


def acceptance(log_ratios: np.ndarray, bound: float, shift: float = 0.0) -> np.ndarray:
    """The probabilities 1 / (1 + e^γ (M / r − 1)).

    Args:
        log_ratios: log r, array `(n,)`.
        bound: log M.
        shift: γ. Defaults to 0.

    Example:

    >>> acceptance(np.log([4.0, 2.0, 1.0]), bound=np.log(4.0)).round(3).tolist()
    [1.0, 0.5, 0.25]
    """
    with np.errstate(over="ignore", divide="ignore"):
        excess = np.expm1(np.maximum(bound - np.asarray(log_ratios), 0.0))
        return 1.0 / (1.0 + np.exp(shift + np.log(excess)))


def _labelled(game, n: int, seed: int, label) -> tuple[np.ndarray, dict]:
    """n latent vectors, and the labels of their samples: one for all, or all classes in turn."""
    z, *chosen = game.drawn_inputs(n, seed, label)
    return z, {"labels": chosen[0]} if chosen else {}
