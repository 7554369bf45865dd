"""Value surfaces of critics: clipped, penalised, spectrally normalized, on three sets of points.

    python benchmarks/value_surfaces.py --folder runs/value_surfaces     # all of it
    python benchmarks/value_surfaces.py --data grid --critics penalised --seeds 0

As in figure 1a of Gulrajani et al. 2017 (arXiv 1704.00028) a Wasserstein critic is trained against
a generator that stands still, the data plus standard normal noise, and every set is scaled to unit
variance. Critics are MLPs of three hidden layers of 128 units, all trained by Adam(0.5, 0.99) at a
rate that falls from 1e-3 to 0 on a half cosine, the penalty has λ = 10 and clipped weights start
uniform on [-c, c], c = 0.1.

    steepest       K, the greatest ‖∇D‖ on a lattice over the picture
    slope between  mean and standard deviation of ‖∇D‖ between data and samples; of the best critic
                   it is K everywhere
    share of W₁    (mean D(x) − mean D(x̃)) / (K W₁) on 1,000 new points and samples, W₁ exact: 1 for
                   the best critic of these very points; K misses a few samples beyond the picture
    at the ends    the share of clipped kernel entries within 2 % of −c or c; 2 % at the start

The figure has one row a set and one column a critic, of the first seed: light is low, blue is high,
data in black, samples in orange, twelve lines at equal steps. Finished runs are kept in --folder.
"""

import argparse
import pathlib

import keras
import numpy as np
from PIL import Image

import keras_gan as kg
from critics import lattice, noised, share_of_distance, slopes
from kept import kept, spread

DATA, CRITICS = ("ring", "grid", "swiss_roll"), ("clipped", "penalised", "spectral")
WIDTH, CLIP, CRITIC_STEPS, BATCH, TESTED, LIMIT = 128, 0.1, 10, 256, 1000, 3.0


def network(critic: str) -> keras.Model:
    """The critic before training."""
    found = kg.networks.mlp_discriminator(
        width=WIDTH, normalization="spectral" if critic == "spectral" else None
    )
    if critic == "clipped":
        for layer in found.layers:
            if hasattr(layer, "kernel"):
                start = keras.initializers.RandomUniform(-CLIP, CLIP)
                layer.kernel.assign(start(layer.kernel.shape))
    return found


def points_of(name: str, count: int, rng: np.random.Generator) -> np.ndarray:
    """Points of a set, scaled to unit variance."""
    truth = kg.data.density(name)
    scale = truth.sample(50_000, np.random.default_rng(0))[0].std()
    return truth.sample(count, rng)[0] / scale


def measured(name: str, critic: str, seed: int, steps: int, picture: pathlib.Path) -> dict:
    """Trains a critic, draws its surface, and measures it."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    x = points_of(name, 50_000, np.random.default_rng([seed, 0]))
    still, judge = noised(x), network(critic)
    options = {"schedule": CRITIC_STEPS, "objective": "wasserstein", "seed": seed}
    if critic == "clipped":
        options["constraint"] = kg.constraints.ClipWeights(CLIP)
    if critic == "penalised":
        options["penalties"] = [kg.penalties.GradientPenalty(10.0)]
    gan = kg.GAN(still, judge, **options)
    rate = keras.optimizers.schedules.CosineDecay(1e-3, steps)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99),
        steps_per_execution=10,
    )
    batches = kg.data.batches(x, BATCH, CRITIC_STEPS, seed=seed).repeat()
    gan.fit(batches, epochs=1, steps_per_epoch=steps // CRITIC_STEPS, verbose=0)

    rng = np.random.default_rng([seed, 1])
    real = points_of(name, TESTED, rng)
    fake = points_of(name, TESTED, rng) + rng.normal(size=(TESTED, 2)).astype("float32")
    share = rng.uniform(size=(TESTED, 1)).astype("float32")
    between = slopes(judge, share * real + (1 - share) * fake)
    steepest = float(max(slopes(judge, lattice(LIMIT, 120)).max(), between.max()))
    drawn = kg.plotting.surface_image(gan.discriminate, real[:300], fake[:100], limit=LIMIT)
    drawn.save(picture)
    kernels = np.concatenate([np.ravel(w) for w in judge.get_weights() if w.ndim > 1])
    return {
        "steepest": steepest,
        "slope": [float(between.mean()), float(between.std())],
        "share": share_of_distance(judge, real, fake, steepest),
        "at_ends": float((np.abs(kernels) >= 0.98 * CLIP).mean()) if critic == "clipped" else None,
    }


def row(name: str, critic: str, runs: list[dict]) -> str:
    """The row of a set and a critic in the table."""
    means, deviations = zip(*(run["slope"] for run in runs), strict=True)
    cells = [
        name.replace("_", " "),
        critic,
        str(len(runs)),
        spread([run["steepest"] for run in runs], ".3g"),
        f"{np.median(means):.3g} ± {np.median(deviations):.2g}",
        spread([run["share"] for run in runs], ".1%"),
        spread([run["at_ends"] for run in runs], ".0%") if critic == "clipped" else "none",
    ]
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", choices=DATA, default=DATA)
    parser.add_argument("--critics", nargs="+", choices=CRITICS, default=CRITICS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=4000, help="critic steps, multiple of 100")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("value_surfaces"))
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    headings = "data, critic, seeds, steepest, slope between, share of W₁, weights at the ends"
    print(f"| {headings.replace(', ', ' | ')} |\n|{'---|' * 7}")
    rows = []
    for name in arguments.data:
        rows.append([])
        for critic in arguments.critics:
            runs = []
            for seed in arguments.seeds:
                what = name, critic, seed, arguments.steps
                key = dict(zip(("data", "critic", "seed", "steps"), what, strict=True))
                key |= {"width": WIDTH, "clip": CLIP, "batch": BATCH, "tested": TESTED}
                run = f"{name}_{critic}_{seed}"
                picture = folder / f"{run}.png"
                runs.append(
                    kept(
                        folder,
                        run,
                        key,
                        lambda what=what, picture=picture: measured(*what, picture),
                    )
                )
            print(row(name, critic, runs), flush=True)
            with Image.open(folder / f"{name}_{critic}_{arguments.seeds[0]}.png") as picture:
                rows[-1].append((f"{name.replace('_', ' ')}, {critic}", picture.copy()))
    kg.plotting.captioned(rows).save(folder / "value_surfaces.png")
    print(f"\n{folder}/value_surfaces.png: one row a set, one column a critic")


if __name__ == "__main__":
    main()
