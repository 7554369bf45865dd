"""The log of the density ratio of data and model, from a discriminator's scores."""

import dataclasses
from collections.abc import Callable

import numpy as np
from keras import ops


@dataclasses.dataclass(frozen=True)
class LogRatio:
    """log p(x)/q(x), up to a constant, as a function of scores D(x).

    Args:
        function: From a tensor of scores to one of log-ratios, of the same shape.
    """

    function: Callable

    def __call__(self, scores):
        """The log-ratios of a tensor of scores."""
        return self.function(scores)

    def in_numpy(self, scores: np.ndarray) -> np.ndarray:
        """The log-ratios of an array of scores, in float64, `(n,)`."""
        found = ops.convert_to_numpy(self.function(ops.convert_to_tensor(scores)))
        return found.astype("float64").reshape(-1)

    @classmethod
    def of(cls, game, real, seed: int, *, average: bool, batch_size: int | None) -> "LogRatio":
        """The one of a game: as its objective says, or fitted to real and generated samples.

        Args:
            game: A `kg.GAN`.
            real: As in `Sampler`.
            seed: Integer for the generated samples.
            average: As in `kg.GAN.generate`.
            batch_size: Likewise.

        Raises:
            ValueError: If the objective does not say it and there are no real samples.
        """
        if real is None:
            if game.objective.log_ratio(ops.zeros((1, 1))) is None:
                raise ValueError(
                    f"The scores of {game.objective!r} do not tell the density ratio: pass "
                    f"real=…, samples on which the sampler calibrates it."
                )
            return cls(game.objective.log_ratio)
        is_pair = game.conditional and isinstance(real, (tuple, list))
        samples, labels = real if is_pair else (real, None)
        given = {"labels": labels}
        of_real = game.discriminate(samples, **given)
        count = {"average": average, "batch_size": batch_size}
        fakes = game.generate(len(of_real), seed=seed, **count, **given)
        slope, constant = logistic_fit(of_real, game.discriminate(fakes, **given))
        return cls(lambda scores: slope * scores + constant)


def logistic_fit(real_scores: np.ndarray, fake_scores: np.ndarray) -> tuple[float, float]:
    """a and b such that a v + b is the log-odds that a sample of score v is real.

        min over a, b of  Σ_real − t log σ(a v + b) − (1 − t) log σ(−a v − b) + the same of fakes

    The targets t are (m + 1) / (m + 2) for the m real samples and 1 / (n + 2) for the n fake ones,
    so that the fit is finite even if scores separate both.

    Args:
        real_scores: Array of scores of real samples.
        fake_scores: Array of scores of fake samples.

    Raises:
        ValueError: If real samples do not score higher than fake ones.

    Example:

    >>> v = np.random.default_rng(0).normal(size=(2, 20000))
    >>> a, b = logistic_fit(v[0] + 1, v[1])  # log-ratio of N(1, 1) and N(0, 1): v − ½
    >>> round(a, 1), round(b, 1)
    (1.0, -0.5)

    Reference: Platt 1999, Probabilistic Outputs for Support Vector Machines; for samples of a GAN:
    Turner, Hung, Frank, Saatchi and Yosinski 2018, arXiv 1811.11357.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    real, fake = (np.asarray(each, "float64").ravel() for each in (real_scores, fake_scores))
    both = np.concatenate([real, fake])
    m, n = len(real), len(fake)
    targets = np.concatenate([np.full(m, (m + 1) / (m + 2)), np.full(n, 1 / (n + 2))])
    middle, width = both.mean(), both.std() or 1.0
    v = (both - middle) / width

    def loss(ab):
        odds = ab[0] * v + ab[1]
        error = expit(odds) - targets
        value = np.mean(np.logaddexp(0.0, odds) - targets * odds)
        return value, np.array([np.mean(error * v), np.mean(error)])

    a, b = minimize(loss, np.zeros(2), jac=True, method="BFGS").x
    if a <= 0:
        raise ValueError(
            f"The discriminator scores real samples no higher than generated ones, "
            f"{real.mean():.3g} and {fake.mean():.3g} on average, so that it tells no density "
            f"ratio: train it further, or pass real samples of its data."
        )
    return float(a / width), float(b - a * middle / width)
