"""Estimates a divergence between two sets of samples with a discriminator."""

import dataclasses
import math

import keras
import numpy as np

from keras_gan.arguments import unknown_name, whole
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.critic import Critic, network
from keras_gan.metrics.results import Result
from keras_gan.metrics.sample_pairs import Pairs, Scale
from keras_gan.objectives import Objective, Variational, Wasserstein, divergences
from keras_gan.penalties import GradientPenalty

ROUNDS = 20


@dataclasses.dataclass(frozen=True, eq=False)
class DivergenceEstimate(Result):
    """The result of `estimate_divergence`; `float(estimate)` is its `value`.

    Attributes:
        divergence: The divergence's name.
        value: The bound on the held-out samples, or W₁.
        training: The same on the samples that the discriminator was trained on. If it is much
            larger than `value`, there are too few samples.
        n: The number of held-out samples of the smaller set.
        standard_error: The standard error of `value`, as a mean over held-out samples; NaN if there
            is a `doubt`.
        doubt: Why `value` is unreliable, in words; `None` if no reason is known.

    Example:

    >>> float(DivergenceEstimate("kl", value=0.5, training=0.6, n=1000, standard_error=0.01))
    0.5
    """

    divergence: str
    value: float
    training: float
    n: int
    standard_error: float
    doubt: str | None = None

    def __float__(self):
        return self.value


def estimate_divergence(
    real,
    fake,
    divergence: str | divergences.Divergence = "kl",
    *,
    steps: int = 2000,
    batch_size: int = 512,
    width: int = 128,
    seed: int = 0,
    verbose: int = 1,
) -> DivergenceEstimate:
    """The f-divergence or Wasserstein-1 distance of two distributions, from samples of them.

        D_f(real‖fake)  ≥  E_real g(D(x)) − E_fake f*(g(D(x)))

    for any D. A small network D maximises the right side on one half of the samples, a fifth of
    which decides when to stop. The value is the right side on the other half: up to the noise of a
    mean of n numbers, a lower bound. More steps, width and samples tighten it. It can be negative
    if the two sets hardly differ.

    The units are those of the divergence in `kg.objectives.divergences`: `"jensen_shannon"` is
    2 JSD, at most 2 log 2, and `"gan"` is 2 JSD − log 4.

    If the terms grow as fast as the density ratio r (`"kl"`, `"reverse_kl"`, `"pearson"`,
    `"neyman"`, `"jeffrey"`), the mean depends on rare, large numbers that may not occur in the
    samples: the estimate for distant sets is then too large, and n must be much larger than e^KL.
    For `"pearson"` and `"neyman"`, whose terms grow like r², n must be as large as e^(24 KL). The
    density ratio of held-out samples shows this. If its mean is not 1, if it rests on few samples,
    or if its tail is too heavy for a mean over n, there is a warning and a `doubt`. The estimates
    of `"jensen_shannon"` and `"squared_hellinger"` remain reliable.

    For `"wasserstein"`, D has a one-sided gradient penalty of weight λ instead, and
    v = E_real D − E_fake D. The best D is a little too steep, on average by W₁ / 2λ, so v tends to
    W₁ + W₁² / 2λ. Solved for W₁,

        value = λ (√(1 + 2 v / λ) − 1),

    which is not a lower bound. For samples scaled to unit variance, each set with equal weight, W₁
    is at most 2√d and λ = 100 √d, so that v itself is only 1% too large. If a few samples lie far
    from the others, D is steeper on the way to them, and `value` is too large. If the penalty of D
    shows an error of more than 2%, there is a `doubt`.

    Args:
        real: Array `(n, d)` of samples of the first distribution. Flatten images first.
        fake: Array `(m, d)` of samples of the second. For D_f(fake‖real) swap the two.
        divergence: A `Divergence` or its name, see `kg.objectives.divergences.get`, or
            `"wasserstein"`. Defaults to `"kl"`.
        steps: The most steps of Adam, rounded up to a multiple of 20. Defaults to 2000.
        batch_size: Samples of each set per step. Defaults to 512.
        width: Units in each of the two hidden layers of D. Defaults to 128.
        seed: Integer that determines all random numbers. Defaults to 0.
        verbose: As in `keras.Model.fit`: 1 shows the progress, 0 nothing. Defaults to 1.

    Returns:
        A `DivergenceEstimate`.

    Raises:
        ValueError: For arrays of different dimensions, with NaN or with fewer than 20 samples, an
            unknown divergence, or an estimate that is not finite.

    Warns:
        UserWarning: If there is a `doubt`.

    Example, two normal distributions whose true divergence is 0.5:

    >>> a = np.random.default_rng(0).normal(size=(20_000, 1))
    >>> b = np.random.default_rng(1).normal(size=(20_000, 1)) + 1.0
    >>> estimate = estimate_divergence(a, b, "kl", steps=200, verbose=0)
    >>> 0.45 < estimate.value < 0.55
    True

    Reference: Nowozin, Cseke and Tomioka 2016, f-GAN: Training Generative Neural Samplers using
    Variational Divergence Minimization, arXiv 1606.00709; the penalty: Petzka, Fischer and
    Lukovnikov 2017, On the Regularization of Wasserstein GANs, arXiv 1709.08894.

    Experiment: docs/results/jsd_saturates.md.
    """
    for name, value in {"steps": steps, "batch_size": batch_size, "width": width}.items():
        whole(name, value)
    sets = _checked_sets(real, fake)
    objective, penalties = _resolved(divergence, sets[0].shape[1])
    rng = np.random.default_rng(seed)
    halves = [np.array_split(rng.permutation(each), 2) for each in sets]
    scale = Scale(*(first for first, _ in halves), isotropic=bool(penalties))
    training, held_out = ([scale(half[i]) for half in halves] for i in (0, 1))
    stopping, fitted = zip(*(np.split(each, [len(each) // 5]) for each in training), strict=True)

    steps_a_round = math.ceil(steps / ROUNDS)
    critic = Critic(network(sets[0].shape[1], width, seed), objective, penalties, seed)
    critic.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, ROUNDS * steps_a_round))
    )
    critic.fit(
        Pairs(fitted, batch_size, ROUNDS * steps_a_round, seed),
        validation_data=Pairs(stopping, max(map(len, stopping)), 1, seed),
        epochs=ROUNDS,
        steps_per_epoch=steps_a_round,
        callbacks=[keras.callbacks.EarlyStopping(restore_best_weights=True, patience=5)],
        shuffle=False,
        verbose=verbose,
    )
    value, standard_error = critic.estimate_on(*held_out)
    if not math.isfinite(value):
        raise ValueError(
            f"The estimate is {value}: the two sets are too far apart for {divergence!r} and "
            f"{min(map(len, sets))} samples. Use 'jensen_shannon' or 'squared_hellinger'."
        )
    doubt = critic.doubt_on(*held_out)
    return DivergenceEstimate(
        divergence if isinstance(divergence, str) else repr(divergence),
        value=scale.unit * value,
        training=scale.unit * critic.estimate_on(*fitted)[0],
        n=min(map(len, held_out)),
        standard_error=math.nan if doubt else scale.unit * standard_error,
        doubt=doubt,
    )


def _resolved(divergence, dimension: int) -> tuple[Objective, list]:
    """The discriminator's objective and penalties for a divergence or `"wasserstein"`."""
    if divergence == "wasserstein":
        return Wasserstein(), [GradientPenalty(100.0 * math.sqrt(dimension), one_sided=True)]
    if isinstance(divergence, divergences.Divergence) or divergence in divergences.DIVERGENCES:
        return Variational(divergence), []
    raise unknown_name("divergence", divergence, [*divergences.DIVERGENCES, "wasserstein"])


def _checked_sets(real, fake) -> list[np.ndarray]:
    """Checks both sets, and returns them as arrays `(n, d)`."""
    sets = [checked_features(real, "real"), checked_features(fake, "fake")]
    shapes = [each.shape for each in sets]
    if shapes[0][1] != shapes[1][1]:
        raise ValueError(f"Both sets need samples of one dimension; received shapes {shapes}.")
    if min(map(len, sets)) < 20:
        raise ValueError(
            f"Both sets need at least 20 samples, half of them for training; received shapes "
            f"{shapes}."
        )
    return sets
