"""The Jensen–Shannon divergence saturates, the Wasserstein distance does not: lines, and MNIST.

    python benchmarks/jsd_saturates.py                   # all of it, 21 minutes of one core

**Two parallel segments** of length 1 at distance θ: W = θ, and JSD = log 2 for every θ but 0. Both
are estimated by networks that learn from 4,000 samples of each (`kg.metrics.estimate_divergence`).

**MNIST**: a GAN and Wasserstein GANs train equal networks, with five steps of the discriminator a
step. Every so many steps stand beside each other

    estimate    what the discriminator's loss says, a mean over the steps since the last moment: a
                lower bound on JSD, or E D(x) − E D(G(z)), which is K W of an unknown K under
                clipping, and tends to W under the penalty after its correction
    W, pixels   the exact distance of 500 samples from 500 held-out digits, in pixels
    Fréchet     the Fréchet distance of 2,000 samples from 2,000 held-out digits, in the features of
                a classifier

and Spearman's rank correlation of the first two with the third over the moments of a run, which is
1 if they always rank two moments alike. Every run is a file in --folder; a run that is there under
the same settings is not repeated.

References: Arjovsky, Chintala and Bottou 2017, arXiv 1701.07875, example 1, figures 3 and 4;
Gulrajani et al. 2017, arXiv 1704.00028.
"""

import argparse
import math
import pathlib

import keras
import numpy as np
from scipy.stats import spearmanr

import keras_gan as kg
from kept import kept

DISTANCES = (0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
LATENT = 64


def gan(generator, discriminator, seed):
    return kg.GAN(generator, discriminator, schedule=5, seed=seed)


def wgan(generator, discriminator, seed):
    return kg.WGAN(generator, discriminator, seed=seed)


def wgan_gp(generator, discriminator, seed):
    return kg.WGANGP(generator, discriminator, seed=seed)


# method: the game, its estimate in the logs, the optimizer of both players
METHODS = {
    "GAN": (gan, "jensen_shannon_estimate", lambda: keras.optimizers.Adam(2e-4, beta_1=0.5)),
    "WGAN": (wgan, "wasserstein_estimate", lambda: keras.optimizers.RMSprop(5e-5)),
    "WGAN-GP": (
        wgan_gp,
        "corrected_wasserstein_estimate",
        lambda: keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.9),
    ),
}


def lines(seed, steps, samples=4000):
    """Estimates of JSD and W by training, at each of DISTANCES."""
    rng, found = np.random.default_rng(seed), {"JSD": [], "W": []}
    for distance in DISTANCES:
        a, b = (
            np.stack([np.full(samples, x), rng.uniform(size=samples)], axis=1)
            for x in (0.0, distance)
        )
        for name, divergence, scale in (("JSD", "jensen_shannon", 0.5), ("W", "wasserstein", 1.0)):
            estimate = kg.metrics.estimate_divergence(
                a, b, divergence, steps=steps, seed=seed, verbose=0
            )
            found[name].append(scale * float(estimate))
    return found


def digits(data, count):
    """Images to train on, and as many as 2,000 held-out ones."""
    split = {"split": "test"} if data == "mnist" else {}
    held_out = kg.data.load(data, **split).take(min(2000, count)).as_numpy_iterator()
    train = kg.data.load(data).take(count).as_numpy_iterator()
    return np.stack(list(train)), np.stack(list(held_out))


def trained(method, seed, arguments):
    """The estimate, W in pixels and the Fréchet distance, at every moment of a training."""
    make, estimate, optimizer = METHODS[method]
    keras.utils.set_random_seed(seed)
    train, held_out = digits(arguments.data, arguments.images)
    game = make(
        kg.networks.dcgan_generator(train.shape[1:], LATENT, arguments.width),
        kg.networks.dcgan_discriminator(train.shape[1:], arguments.width),
        seed,
    )
    game.compile(
        generator_optimizer=optimizer(), discriminator_optimizer=optimizer(), diagnostics=True
    )
    batches = kg.data.batches(train, arguments.batch_size, discriminator_steps=5, seed=seed)
    batches, features = batches.repeat(), kg.metrics.features.get("mnist")
    real, some, found = features(held_out), held_out[:500].reshape(len(held_out[:500]), -1), []
    for _ in range(arguments.steps // arguments.every):
        history = game.fit(batches, epochs=1, steps_per_epoch=arguments.every, verbose=0).history
        samples = game.generate(len(held_out), seed=seed)
        found.append(
            {
                "estimate": float(history[estimate][-1]),
                "pixels": kg.metrics.wasserstein(samples[: len(some)].reshape(len(some), -1), some),
                "frechet": kg.metrics.frechet_distance(features(samples), real),
            }
        )
    return found


def table_of_lines(found):
    """Prints medians over the seeds, and returns the panel."""
    print("| θ | JSD | estimated | W | estimated |")
    print("|--:|--:|--:|--:|--:|")
    estimates = {name: np.array([each[name] for each in found]) for name in ("JSD", "W")}
    for i, distance in enumerate(DISTANCES):
        jsd, w = (np.median(estimates[name][:, i]) for name in ("JSD", "W"))
        exact = math.log(2) if distance else 0.0
        print(f"| {distance:g} | {exact:.4f} | {jsd:.4f} | {distance:g} | {w:.4f} |", flush=True)
    x = np.array(DISTANCES)
    steep = np.array([0.0, 1e-6, 1.0])  # JSD jumps at 0
    return kg.plotting.curves_image(
        {
            "JSD": (steep, np.log(2) * (steep > 0)),
            "W": (x, x),
            "JSD, estimated": (x, estimates["JSD"]),
            "W, estimated": (x, estimates["W"]),
        },
        title="two parallel segments",
        x_label="distance theta",
    )


def table_of_runs(method, runs, steps):
    """Prints a row a seed, and returns two panels: the estimate, and the Fréchet distance."""
    columns = {
        name: np.array([[moment[name] for moment in run] for run in runs])
        for name in ("estimate", "pixels", "frechet")
    }
    for seed, (estimate, pixels, frechet) in enumerate(zip(*columns.values(), strict=True)):
        cells = [
            method,
            str(seed),
            f"{estimate[0]:.3g} to {estimate[-1]:.3g}",
            f"{frechet[0]:.0f} to {frechet[-1]:.1f}",
            f"{frechet.min():.1f}",
            f"{spearmanr(estimate, frechet).statistic:+.2f}",
            f"{spearmanr(pixels, frechet).statistic:+.2f}",
        ]
        print("|", " | ".join(cells), "|", flush=True)
    levels = {"log 2": math.log(2)} if method == "GAN" else None
    kind = "JSD" if method == "GAN" else "K W" if method == "WGAN" else "W"
    return [
        (
            "",
            kg.plotting.curves_image(
                {f"{method}: estimate of {kind}": (steps, columns["estimate"])},
                x_label="steps of the generator",
                levels=levels,
            ),
        ),
        (
            "",
            kg.plotting.curves_image(
                {
                    f"{method}: Frechet distance": (steps, columns["frechet"]),
                    "W, pixels": (steps, columns["pixels"]),
                },
                x_label="steps of the generator",
                log_y=True,
            ),
        ),
    ]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--data", default="mnist", choices=("mnist", "digits"))
    parser.add_argument("--images", type=int, default=20_000, help="that are trained on, at most")
    parser.add_argument("--steps", type=int, default=1000, help="a multiple of --every")
    parser.add_argument("--every", type=int, default=50, help="steps from moment to moment")
    parser.add_argument("--line-steps", type=int, default=1000, help="of each estimate on lines")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--width", type=int, default=16, help="channels of the networks")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--folder", default="jsd_saturates")
    arguments = parser.parse_args()
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    left_out = ("methods", "seeds", "folder", "line_steps")
    settings = {k: v for k, v in vars(arguments).items() if k not in left_out}

    found = [
        kept(
            folder,
            f"lines_{seed}",
            arguments.line_steps,
            lambda s=seed: lines(s, arguments.line_steps),
        )
        for seed in arguments.seeds
    ]
    rows = [[("", table_of_lines(found))]]
    print("\n| method | seed | estimate, first to last | Fréchet distance | best |", end="")
    print(" rank correlation of the estimate | of W, pixels |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    steps = np.arange(1, arguments.steps // arguments.every + 1) * arguments.every
    for method in arguments.methods:
        runs = [
            kept(
                folder,
                f"{method}_{seed}",
                settings,
                lambda m=method, s=seed: trained(m, s, arguments),
            )
            for seed in arguments.seeds
        ]
        rows.append(table_of_runs(method, runs, steps))
    kg.plotting.captioned(rows).save(folder / "jsd_saturates.png")
    print(f"\n{folder}/jsd_saturates.png: medians over the seeds, least to greatest")


if __name__ == "__main__":
    main()
