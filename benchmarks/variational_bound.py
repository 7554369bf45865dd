"""How near the variational bound of an f-divergence comes as the discriminator grows, in 1-D.

    python benchmarks/variational_bound.py         # six minutes on one core

The f-GAN's bound F = E_p g(D(x)) − E_q f*(g(D(x))) ≤ D_f(p‖q) is tight where g(D) = f'(p/q), which
a small network cannot be. Here p has five Gaussians side by side, q is one wide Gaussian. D has one
hidden layer of tanh units and is trained on fresh samples alone. D_f and the bound of what D has
learned are then integrated over both densities: the gap has no sampling noise, and must not be
negative; the relative gap divides it by D_f − f(1), which is 0 at p = q.

References: Nguyen, Wainwright and Jordan 2010, arXiv 0809.0853; Nowozin, Cseke and Tomioka 2016,
arXiv 1606.00709, section 2.2.
"""

import argparse
import pathlib

import keras
import numpy as np
from fgan_mixture import INTEGRANDS

import keras_gan as kg
from keras_gan.metrics.critic import Critic
from keras_gan.objectives import Variational

DIVERGENCES = ["gan", "kl", "squared_hellinger"]
BATCH, FUSED = 1024, 50
MEANS, STDDEV, WIDE = np.array([-4.0, -2.0, 0.0, 2.0, 4.0]), 0.5, 3.0  # of p, of p, of q
GRID = np.linspace(-16.0, 16.0, 32_001)  # p and q are below 1e-6 beyond


def integral(values):
    """The integral over the grid, by the trapezoidal rule."""
    return float(np.trapezoid(values, GRID))


def normal(x, mean, stddev):
    """The density of a Gaussian."""
    return np.exp(-0.5 * ((x - mean) / stddev) ** 2) / (stddev * np.sqrt(2 * np.pi))


def densities():
    """p and q on the grid."""
    p = np.mean([normal(GRID, mean, STDDEV) for mean in MEANS], axis=0)
    return p, normal(GRID, 0.0, WIDE)


def samples(count, seed):
    """Fresh samples of p and q, `(count, 1)` each."""
    rng = np.random.default_rng(seed)
    real = rng.choice(MEANS, size=(count, 1)) + STDDEV * rng.normal(size=(count, 1))
    return real.astype("float32"), (WIDE * rng.normal(size=(count, 1))).astype("float32")


def known(divergence):
    """D_f(p‖q) by quadrature."""
    return integral([INTEGRANDS[divergence](p, q) for p, q in zip(*densities(), strict=True)])


def bound(network, divergence):
    """F of a network by quadrature."""
    f = kg.objectives.divergences.get(divergence)
    scores = network(GRID[:, None].astype("float32"))
    p, q = densities()
    terms = (
        keras.ops.convert_to_numpy(t)[:, 0] for t in (f.activation(scores), f.fake_score(scores))
    )
    real, fake = (term.astype("float64") for term in terms)
    return integral(p * real - q * fake)


def trained(divergence, width, seed, steps):
    """A discriminator that maximised the bound of fresh samples."""
    keras.utils.set_random_seed(seed)
    network = kg.networks.mlp_discriminator(1, width=width, depth=1, activation="tanh")
    critic = Critic(network, Variational(divergence), penalties=[], seed=seed)
    rate = keras.optimizers.schedules.CosineDecay(2e-2, steps)
    critic.compile(keras.optimizers.Adam(rate), steps_per_execution=min(FUSED, steps))
    critic.fit(samples(steps * BATCH, seed), batch_size=BATCH, shuffle=False, verbose=0)
    return network


def main():
    """Trains all, prints the table and draws the gaps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--divergences", nargs="+", default=DIVERGENCES)
    parser.add_argument("--widths", nargs="+", type=int, default=[1, 2, 4, 8, 16, 32, 64])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--folder", default="variational_bound", help="where the picture goes")
    arguments = parser.parse_args()
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    print(
        "| divergence | D_f | hidden units | F, median | gap, median | gap, worst | gap, relative |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|")
    curves = {}
    for divergence in arguments.divergences:
        truth = known(divergence)
        share = truth - float(kg.objectives.divergences.get(divergence).f(np.float64(1.0)))
        gaps = []
        for width in arguments.widths:
            runs = [trained(divergence, width, seed, arguments.steps) for seed in arguments.seeds]
            found = truth - np.array([bound(network, divergence) for network in runs])
            gaps.append(found)
            middle = np.median(found)
            print(
                f"| {divergence} | {truth:.4f} | {width} | {truth - middle:.4f} | {middle:.5f} "
                f"| {found.max():.5f} | {middle / share:.2%} |",
                flush=True,
            )
        curves[divergence] = arguments.widths, np.array(gaps).T
    kg.plotting.curves_image(
        curves,
        "Divergence less bound, 1-D, median and range of the seeds",
        "hidden units of the discriminator",
        "D_f - F",
        log_x=True,
        log_y=True,
    ).save(folder / "variational_bound.png")
    print(f"\n{folder}/variational_bound.png: the gaps by the width of the discriminator")


if __name__ == "__main__":
    main()
