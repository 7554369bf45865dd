"""Theorem 3.3, W ≤ 2 √V + 2 C √JSD of the noised sets: does it hold, and how loose is it?

    python benchmarks/noise_bound.py         # all of it, a minute and a half of one core

Pairs of sets of samples get noise of many σ (uniform in a ball, see `kg.metrics.noise_bound`); σ is
given as a share of W, so that pairs can be compared. And a GAN learns the ring of eight Gaussians
while the instance noise before its discriminator fades from σ = 0.5 to 0: the bound at the σ of the
moment, on samples of the model and of the data. The figure has both terms of the bound, and W.

The first table has, of each pair, medians over the seeds of W, of the bound at the σ where it is
least, and of the JSD at the least σ; "times W" is the bound by W, at its least over all seeds and
σ, and at the least σ. No number below 1 may occur. The second table has the moments of the
training, medians over the seeds. Behind ± stands the standard error of an estimated JSD, the
greatest of the seeds; on a line the JSD is exact and has none.

Reference: Arjovsky and Bottou 2017, arXiv 1701.04862.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg

SHARES = np.geomspace(0.01, 10, 13)  # of W
START, MOMENTS = 0.5, 10  # σ of the instance noise, and measurements while it fades


def segments(n, rng):
    """Two parallel segments of length 1 at distance 1, of the same heights."""
    z = rng.uniform(size=n)
    return np.stack([0 * z, z], axis=1), np.stack([0 * z + 1, z], axis=1)


def normals(n, rng):
    return rng.normal(size=(n, 1)), rng.normal(size=(n, 1)) + 1


def ring(n, seed):
    return np.stack(list(kg.data.load("ring", seed=seed).take(n).as_numpy_iterator()))


def collapsed(n, rng):
    """The ring of eight Gaussians against one of its modes."""
    seeds = rng.integers(2**31, size=2)
    angle = kg.data.mixture("ring").centers[0]
    return ring(n, int(seeds[0])), angle + 0.01 * rng.normal(size=(n, 2))


def cauchy(n, rng):
    return rng.standard_cauchy(size=(n, 2)), rng.standard_cauchy(size=(n, 2)) + 1


def alike(n, rng):
    """Two sets of one distribution."""
    return rng.normal(size=(n, 2)), rng.normal(size=(n, 2))


def digits(n, rng):
    """Handwritten digits of 64 pixels, even against odd ones."""
    data = list(kg.data.load("digits", labels=True).as_numpy_iterator())
    even, odd = (np.stack([x.ravel() for x, y in data if y % 2 == k]) for k in (0, 1))
    return tuple(rng.permutation(each)[: min(n, 800)] for each in (even, odd))


PAIRS = {
    "parallel segments": segments,
    "N(0, 1) and N(1, 1)": normals,
    "ring and one mode": collapsed,
    "heavy tails": cauchy,
    "two samples of N(0, I)": alike,
    "even and odd digits": digits,
}


def bounds_of(pair, seed, samples):
    """W of a pair of sets, the σ tried, and the bound of each."""
    a, b = PAIRS[pair](samples, np.random.default_rng(seed))
    distance = kg.metrics.wasserstein(a, b)
    sigmas = SHARES * distance
    return distance, sigmas, [kg.metrics.noise_bound(a, b, sigma, draws=4000) for sigma in sigmas]


def training(seed, steps, samples):
    """The steps, σ and bounds while instance noise fades."""
    keras.utils.set_random_seed(seed)
    noise = kg.layers.InstanceNoise(START, anneal_steps=steps, seed=seed)
    x = keras.Input((2,))
    network = kg.networks.mlp_discriminator(width=128, depth=3)
    generator = kg.networks.mlp_generator(latent_dim=8, width=128, depth=3)
    gan = kg.GAN(generator, keras.Model(x, network(noise(x))), seed=seed)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        steps_per_execution=steps // (MOMENTS * 10),
    )
    batches = kg.data.batches(kg.data.load("ring", seed=seed), 256, seed=seed).repeat()
    real, moments = ring(samples, seed + 100), []
    for moment in range(MOMENTS):
        sigma = float(noise.present_stddev())
        bound = kg.metrics.noise_bound(gan.generate(samples, seed=moment), real, sigma, draws=4000)
        moments.append((moment * steps // MOMENTS, sigma, bound))
        gan.fit(batches, epochs=1, steps_per_epoch=steps // MOMENTS, verbose=0)
    return moments


def divergence(bounds):
    """The median JSD of bounds, and the greatest standard error of an estimated one."""
    jsd = f"{np.median([bound.jensen_shannon for bound in bounds]):.3f}"
    error = max(bound.standard_error for bound in bounds)
    return f"{jsd} ± {error:.3f}" if error else jsd


def curves(x, runs, title, x_label, log_x):
    """A panel with both terms, their sum and W, of runs of bounds."""

    def values(name):
        return x, np.array([[getattr(bound, name) for bound in bounds] for bounds in runs])

    return kg.plotting.curves_image(
        {
            "W": values("wasserstein"),
            "bound": values("value"),
            "2 sqrt V": values("noise_term"),
            "2 C sqrt JSD": values("divergence_term"),
        },
        title=title,
        x_label=x_label,
        log_x=log_x,
        log_y=True,
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", nargs="+", choices=PAIRS, default=list(PAIRS))
    parser.add_argument("--samples", type=int, default=500, help="in each set")
    parser.add_argument("--steps", type=int, default=5000, help="of the GAN; a multiple of 100")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--folder", default="noise_bound")
    arguments = parser.parse_args()
    panels = []
    print("| sets | W | least bound | at σ / W | times W | times W at the least σ | JSD there |")
    print("|---|--:|--:|--:|--:|--:|--:|", flush=True)
    for pair in arguments.pairs:
        found = [bounds_of(pair, seed, arguments.samples) for seed in arguments.seeds]
        values = np.array([[float(bound) for bound in bounds] for *_, bounds in found])
        distances = np.array([distance for distance, *_ in found])
        loose = values / distances[:, None]
        best = int(np.median(loose, axis=0).argmin())
        cells = [
            f"{np.median(distances):.3g}",
            f"{np.median(values[:, best]):.3g}",
            f"{SHARES[best]:.2g}",
            f"{loose.min():.2f}",
            f"{np.median(loose[:, 0]):.2f}",
            divergence([bounds[0] for *_, bounds in found]),
        ]
        print("|", " | ".join([pair, *cells]), "|", flush=True)
        runs = [bounds for *_, bounds in found]
        panels.append(("", curves(SHARES, runs, pair, "sigma / W", log_x=True)))

    runs = [training(seed, arguments.steps, arguments.samples) for seed in arguments.seeds]
    print("\n| step | σ | W | 2 √V | C | JSD of the noised sets | 2 C √JSD | bound |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    names = ["wasserstein", "noise_term", "diameter", "divergence_term", "value"]
    for moments in zip(*runs, strict=True):
        of_seeds = [bound for *_, bound in moments]
        cells = [f"{np.median([getattr(b, name) for b in of_seeds]):.3f}" for name in names]
        cells.insert(3, divergence(of_seeds))
        step, sigma, _ = moments[0]
        print("|", " | ".join([str(step), f"{sigma:.2f}", *cells]), "|")
    steps = [step for step, *_ in runs[0]]
    bounds = [[bound for *_, bound in moments] for moments in runs]
    panels.append(("", curves(steps, bounds, "training while sigma fades", "steps", log_x=False)))
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = [panels[i : i + 2] for i in range(0, len(panels), 2)]
    kg.plotting.captioned(rows).save(folder / "noise_bound.png")
    print(f"\n{folder}/noise_bound.png: medians over {len(runs)} seeds, least to greatest")


if __name__ == "__main__":
    main()
