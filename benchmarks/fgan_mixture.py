"""A Gaussian fitted to a mixture under every f-divergence: what is learned beside the optimum.

    python benchmarks/fgan_mixture.py                          # all divergences
    python benchmarks/fgan_mixture.py --divergences kl pearson --seeds 0 1 2

The data is p(x) = 0.33 N(x; −1, 0.25²) + 0.67 N(x; 2, 2), the model N(μ, σ²), which cannot equal
it: each divergence has an optimum (μ*, σ*) of its own, from mass covering (Pearson, KL) to mode
seeking (reverse KL, Neyman). An f-GAN sees samples only. The optimum is found without a GAN, by
quadrature of D_f(data‖model) and a simplex search over (μ, log σ).

Reference: Nowozin, Cseke and Tomioka 2016, arXiv 1606.00709, section 2.5, whose table it follows.
"""

import argparse
import itertools
import math
import time
import warnings

import keras
import numpy as np
from scipy.integrate import IntegrationWarning, quad
from scipy.optimize import minimize

import keras_gan as kg
from keras_gan.penalties import R1, R2

WEIGHTS, MEANS, STDDEVS = (0.33, 0.67), (-1.0, 2.0), (0.25, math.sqrt(2))
START = 1.0, 1.5  # (μ, σ): Pearson's divergence is finite for σ > 1 only, Neyman's for σ < 2
BATCH, DISCRIMINATOR_STEPS, STEPS, FUSED = 2048, 4, 2000, 50

LIMITS = (-9.0, -2.0, 0.0, 11.0)  # of the quadrature's three parts; p is below 1e-9 beyond


def log_normal(x, mean, stddev):
    return -0.5 * ((x - mean) / stddev) ** 2 - math.log(stddev * math.sqrt(2 * math.pi))


def density(x):
    """The data's p(x)."""
    parts = zip(WEIGHTS, MEANS, STDDEVS, strict=True)
    return sum(weight * math.exp(log_normal(x, mean, stddev)) for weight, mean, stddev in parts)


def jensen_shannon(p, q):
    return p * math.log(2 * p / (p + q)) + q * math.log(2 * q / (p + q))


def squared_hellinger(p, q):
    return (math.sqrt(p) - math.sqrt(q)) ** 2


# q f(p/q) from p and q, so that neither tail divides by 0
INTEGRANDS = {
    "total_variation": lambda p, q: abs(p - q) / 2,
    "kl": lambda p, q: p * math.log(p / q),
    "reverse_kl": lambda p, q: q * math.log(q / p),
    "pearson": lambda p, q: (p - q) ** 2 / q,
    "neyman": lambda p, q: (p - q) ** 2 / p,
    "squared_hellinger": squared_hellinger,
    "jeffrey": lambda p, q: (p - q) * math.log(p / q),
    "jensen_shannon": jensen_shannon,
    "weighted_jensen_shannon": lambda p, q: jensen_shannon(p, q) / 2,  # π = ½
    "gan": lambda p, q: jensen_shannon(p, q) - (p + q) * math.log(2),
    "alpha": lambda p, q: 2 * squared_hellinger(p, q),  # α = ½
}


def divergence_of(name, mean, stddev):
    """D_f(data‖N(mean, stddev²)) by quadrature."""

    def integrand(x):
        return INTEGRANDS[name](density(x), math.exp(log_normal(x, mean, stddev)))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)  # at the kinks of total variation
        return sum(quad(integrand, low, high)[0] for low, high in itertools.pairwise(LIMITS))


def optimum(name):
    """(μ*, σ*) and the least divergence, by a simplex search over (μ, log σ)."""
    found = minimize(
        lambda v: divergence_of(name, v[0], math.exp(v[1])),
        [START[0], math.log(START[1])],
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-9},
    )
    return found.x[0], math.exp(found.x[1]), found.fun


# The head of total variation is flat for |v| > 3: without a small penalty on its slope D ends up
# there, where its gradient and that of G vanish.
PENALTIES = {"total_variation": 1e-3}


def data(count, seed):
    """Samples of the mixture, `(count, 1)`."""
    rng = np.random.default_rng(seed)
    component = rng.choice(2, size=count, p=WEIGHTS)
    x = rng.normal(np.array(MEANS)[component], np.array(STDDEVS)[component])
    return x[:, None].astype("float32")


def decaying(rate, steps):
    return keras.optimizers.schedules.CosineDecay(rate, steps, alpha=0.02)


def learned(name, seed, steps=STEPS):
    """(μ, σ) of the averaged generator, and the last estimate of the divergence."""
    keras.utils.set_random_seed(seed)
    mean, stddev = START
    generator = keras.Sequential(  # x = μ + σ z
        [
            keras.Input((1,)),
            keras.layers.Dense(
                1,
                kernel_initializer=keras.initializers.Constant(stddev),
                bias_initializer=keras.initializers.Constant(mean),
            ),
        ]
    )
    discriminator = kg.networks.mlp_discriminator(1, width=48, depth=2, activation="tanh")
    gan = kg.FGAN(
        generator,
        discriminator,
        divergence=name,
        saturating=True,  # the generator lowers the bound itself
        schedule=DISCRIMINATOR_STEPS,
        penalties=[R1(PENALTIES[name]), R2(PENALTIES[name])] if name in PENALTIES else [],
        average=0.99,
        seed=seed,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(decaying(1e-2, steps), beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(
            decaying(5e-3, DISCRIMINATOR_STEPS * steps), beta_1=0.5
        ),
        steps_per_execution=FUSED,
    )
    fresh = data(
        steps * BATCH * DISCRIMINATOR_STEPS, seed
    )  # Pearson's optimum feels a finite sample
    batches = kg.data.batches(fresh, BATCH, DISCRIMINATOR_STEPS, seed).repeat()
    logs = gan.fit(batches, epochs=10, steps_per_epoch=steps // 10, verbose=0).history
    kernel, bias = (float(np.squeeze(average)) for average in gan.average.averages)
    return bias, abs(kernel), logs["divergence_estimate"][-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--divergences", nargs="+", default=list(INTEGRANDS), choices=INTEGRANDS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    arguments = parser.parse_args()
    print("| divergence | seed | μ | μ* | error | σ | σ* | error | bound F | D_f* | seconds |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in arguments.divergences:
        best_mean, best_stddev, least = optimum(name)
        for seed in arguments.seeds:
            start = time.perf_counter()
            mean, stddev, bound = learned(name, seed)
            seconds = time.perf_counter() - start
            print(
                f"| {name} | {seed} | {mean:.3f} | {best_mean:.3f} | {mean / best_mean - 1:+.1%} "
                f"| {stddev:.3f} | {best_stddev:.3f} | {stddev / best_stddev - 1:+.1%} "
                f"| {bound:.4f} | {least:.4f} | {seconds:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
