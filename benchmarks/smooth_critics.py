"""What regularization does to a critic: its value surface while the generator rests, and learns.

    python benchmarks/smooth_critics.py --folder runs/smooth_critics     # all of it
    python benchmarks/smooth_critics.py --critics local_10 --seeds 0

The non-saturating GAN on eight Gaussians (radius 2, σ 0.02) with five discriminators: "none" has no
regularization, "local 10" and "local 0.1" have WGAN-GP's gradient penalty with these weights λ, and
"global 1" and "global 20" spectral normalization of every layer, with inputs times that number,
hence slopes of at most that number everywhere. All are MLPs of three hidden layers of
128 units, trained one step a generator step by Adam(1e-3, 0.5, 0.99) on 256 points. The generator
either stays what it is at the start, by a rate of 0, or learns by the same Adam.

    steepest     the greatest ‖∇D‖ on a lattice over the picture, at the end
    at samples   the mean of ‖∇D‖ over the generator's samples, at the end
    agreement    the mean cosine of ∇D(x) and of ∇D(x) 100 steps later, x on the lattice, over the
                 second half of training: 1 if the direction in which samples are sent stays
    modes        of 8 that have a sample within 3σ, of 2,500, at the end and at the best moment;
                 high quality is the share of samples within 3σ of a mode, at the end
    W₁           between 500 samples and 500 points of data, at the end and at the best moment

The figure has one row a critic and one column a moment, of the first seed: on the left the
generator rests, on the right it learns. Light is low, blue is high, data in black, samples in
orange, twelve lines at equal steps. Finished runs are kept in --folder.
"""

import argparse
import pathlib

import keras
import numpy as np
from PIL import Image

import keras_gan as kg
from critics import gradients, lattice
from kept import kept, spread

CRITICS = {  # the weight of the penalty, the greatest slope
    "none": (None, None),
    "local_10": (10.0, None),
    "local_0.1": (0.1, None),
    "global_1": (None, 1.0),
    "global_20": (None, 20.0),
}
GENERATORS = "rests", "learns"
WIDTH, BATCH, RATE, RADIUS, LIMIT, EVERY = 128, 256, 1e-3, 2.0, 4.0, 100
SAMPLES, COMPARED = 2500, 500
SHOWN = (0.05, 0.25, 1.0)  # of training


def agreement(before: np.ndarray, after: np.ndarray) -> float:
    """The mean cosine of gradients at the same points; one that vanishes agrees with none.

        mean ⟨a, b⟩ / (‖a‖ ‖b‖)

    Args:
        before: a, `(n, 2)`.
        after: b, `(n, 2)`.
    """
    before, after = np.asarray(before, "float64"), np.asarray(after, "float64")
    norms = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return float(((before * after).sum(axis=1) / np.maximum(norms, 1e-300)).mean())


def game(critic: str, generator: str, seed: int) -> kg.GAN:
    """The game before training."""
    weight, bound = CRITICS[critic]
    judge = kg.networks.mlp_discriminator(
        width=WIDTH, normalization=None if bound is None else "spectral"
    )
    if bound is not None:
        x = keras.Input((2,))
        judge = keras.Model(x, judge(keras.layers.Rescaling(bound)(x)))
    gan = kg.GAN(
        kg.networks.mlp_generator(latent_dim=8, width=WIDTH),
        judge,
        objective="non_saturating",
        penalties=[] if weight is None else [kg.penalties.GradientPenalty(weight)],
        seed=seed,
    )
    rest = keras.optimizers.SGD(0.0)
    gan.compile(
        generator_optimizer=rest if generator == "rests" else adam(),
        discriminator_optimizer=adam(),
        steps_per_execution=EVERY,
    )
    return gan


def adam() -> keras.optimizers.Optimizer:
    """The optimizer of a player that moves."""
    return keras.optimizers.Adam(RATE, beta_1=0.5, beta_2=0.99)


def measured(critic: str, generator: str, seed: int, steps: int, folder: pathlib.Path) -> dict:
    """Trains a game, draws the critic at three moments, and measures it every 100 steps."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    gan, mixture = game(critic, generator, seed), kg.data.mixture("ring")
    x = np.stack([*kg.data.load("ring", seed=seed).take(20_000).as_numpy_iterator()])
    centres, spread_ = RADIUS * mixture.centers, RADIUS * mixture.stddev
    x = RADIUS * x
    batches = kg.data.batches(x, BATCH, seed=seed).repeat()
    shown = {max(1, round(share * steps / EVERY)) for share in SHOWN}
    points, fields, modes, distances = lattice(LIMIT, 33), [], [], []
    for moment in range(1, steps // EVERY + 1):
        gan.fit(batches, epochs=1, steps_per_epoch=EVERY, verbose=0)
        fields.append(gradients(gan.discriminator, points))
        samples = gan.generate(SAMPLES, seed=seed)
        found = kg.metrics.mode_coverage(samples, centres, spread_)
        modes.append(found.modes)
        distances.append(kg.metrics.wasserstein(samples[:COMPARED], x[:COMPARED]))
        if moment in shown:
            drawn = kg.plotting.surface_image(gan.discriminate, x[:300], samples[:150], LIMIT)
            drawn.save(folder / f"{critic}_{generator}_{seed}_{moment * EVERY}.png")
    half = len(fields) // 2
    agreements = [
        agreement(*pair) for pair in zip(fields[half:-1], fields[half + 1 :], strict=True)
    ]
    slopes = np.linalg.norm(gradients(gan.discriminator, samples), axis=1)
    return {
        "steepest": float(np.linalg.norm(fields[-1], axis=1).max()),
        "at_samples": float(slopes.mean()),
        "agreement": float(np.mean(agreements)),
        "modes": modes,
        "distances": distances,
        "high_quality": found.high_quality,
        "shown": sorted(moment * EVERY for moment in shown),
    }


def row(critic: str, generator: str, runs: list[dict]) -> str:
    """The row of a critic and a generator in the table."""
    learns = generator == "learns"
    cells = [
        critic.replace("_", " "),
        generator,
        str(len(runs)),
        spread([run["steepest"] for run in runs], ".3g"),
        spread([run["at_samples"] for run in runs], ".3g"),
        spread([run["agreement"] for run in runs], ".3f"),
        spread([run["modes"][-1] for run in runs], "g") if learns else "",
        spread([max(run["modes"]) for run in runs], "g") if learns else "",
        spread([run["high_quality"] for run in runs], ".1%") if learns else "",
        spread([run["distances"][-1] for run in runs], ".2f") if learns else "",
        spread([min(run["distances"]) for run in runs], ".2f") if learns else "",
    ]
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--critics", nargs="+", choices=CRITICS, default=list(CRITICS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=4000, help="a multiple of 400")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("smooth_critics"))
    arguments = parser.parse_args()
    if arguments.steps < 4 * EVERY or arguments.steps % (4 * EVERY):
        parser.error(f"--steps must be a multiple of {4 * EVERY}")
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    headings = "critic, generator, seeds, steepest, at samples, agreement, modes, at best"
    headings += ", high quality, W₁, at best"
    print(f"| {headings.replace(', ', ' | ')} |\n|{'---|' * 11}")
    rows = {critic: [] for critic in arguments.critics}
    for generator in GENERATORS:
        for critic in arguments.critics:
            runs = []
            for seed in arguments.seeds:
                what = critic, generator, seed, arguments.steps
                key = dict(zip(("critic", "generator", "seed", "steps"), what, strict=True))
                key |= {"width": WIDTH, "batch": BATCH, "rate": RATE, "every": EVERY}
                name = f"{critic}_{generator}_{seed}"
                runs.append(kept(folder, name, key, lambda what=what: measured(*what, folder)))
            print(row(critic, generator, runs), flush=True)
            for moment in runs[0]["shown"]:
                path = folder / f"{critic}_{generator}_{arguments.seeds[0]}_{moment}.png"
                with Image.open(path) as picture:
                    rows[critic].append(
                        (
                            f"{critic.replace('_', ' ')}, {generator}, step {moment:,}",
                            picture.copy(),
                        )
                    )
    kg.plotting.captioned(list(rows.values())).save(folder / "smooth_critics.png")
    print(f"\n{folder}/smooth_critics.png: one row a critic, one column a moment")


if __name__ == "__main__":
    main()
