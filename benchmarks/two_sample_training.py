"""Two-sample tests of samples against held-out data while a GAN trains, and while one collapses.

    python benchmarks/two_sample_training.py          # ten minutes on one core

Both games are the minimax GAN on a ring of eight Gaussians, with the same networks and optimizers
at a rate that is high for a GAN, as in `examples/mode_collapse.py`. One has penalties, R1 and R2 of
weight 0.1, and finds all modes; the other loses them again and again. After every `--every` steps,
n fresh samples, of the generator as trained and of its average, are tested against n held-out
points, by MMD with a Gaussian kernel of the median bandwidth and by a classifier on kernels. The
same number of other points in the place of samples shows what p is where the hypothesis holds.

    p               median over the moments and seeds of the second half of training
    rejected        share of those moments with p ≤ 0.05; of points about 5%
    high quality    median share of samples within 3σ of a mode; of points 98.9%
    JSD             the bound that the game itself logs, mean over the steps since the last moment

The last table repeats the tests at the end of training with other n: the power grows with n.

References: Gretton et al. 2012, arXiv 0805.2368; Lopez-Paz and Oquab 2017, arXiv 1610.06545.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg
from kept import kept
from keras_gan.penalties import R1, R2

GAMES = {"with R1 and R2": 0.1, "without penalty": 0.0}
TESTS = {"MMD": kg.metrics.mmd_test, "classifier": kg.metrics.classifier_two_sample_test}
SIZES = (100, 500, 2000)
DRAWN = "with R1 and R2, averaged", "without penalty, as trained"  # of five kinds of samples
LEVEL, LEAST = 0.05, 1e-12  # of p: that rejects, and the end of the axis


def points(count, seed):
    """Fresh points of the ring, `(count, 2)`."""
    return next(kg.data.load("ring", seed=seed).batch(count).as_numpy_iterator())


def tested(samples, real, seed):
    """The p-value of each test, and the modes that the samples cover."""
    ring = kg.data.mixture("ring")
    found = kg.metrics.mode_coverage(samples, ring.centers, ring.stddev)
    p = {name: test(real, samples, seed=seed).p_value for name, test in TESTS.items()}
    return {"p": p, "modes": found.modes, "high_quality": found.high_quality}


def all_tested(gan, count, seed):
    """Samples of the generator as trained, of its average, and other points: each tested."""
    real = points(count, seed)
    return {
        "as trained": tested(gan.generate(count, seed=seed, average=False), real, seed),
        "averaged": tested(gan.generate(count, seed=seed), real, seed),
        "data": tested(points(count, seed + 500_000), real, seed),
    }


def game_of(weight, seed, width):
    """The minimax GAN with penalties of a weight."""
    keras.utils.set_random_seed(seed)
    gan = kg.GAN(
        kg.networks.mlp_generator(latent_dim=8, width=width),
        kg.networks.mlp_discriminator(width=width),
        objective="minimax",
        average=0.99,
        penalties=[R1(weight), R2(weight)] if weight else [],
        seed=seed,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(5e-3, beta_1=0.5),
        steps_per_execution=50,
    )
    return gan


def measured(weight, seed, settings):
    """The tests of a game along its training, and at its end at other sizes."""
    gan = game_of(weight, seed, settings["width"])
    batches = kg.data.batches(kg.data.load("ring", seed=seed), 256, seed=seed).repeat()
    moments = []
    for moment in range(settings["steps"] // settings["every"] + 1):
        jsd = float("nan")
        if moment:
            logs = gan.fit(batches, epochs=1, steps_per_epoch=settings["every"], verbose=0).history
            jsd = logs["jensen_shannon_estimate"][0]
        own = 10_000 + 1_000 * seed + moment  # fresh samples and held-out points each time
        step = moment * settings["every"]
        moments.append({"step": step, "jsd": jsd, **all_tested(gan, settings["n"], own)})
    ends = {str(size): all_tested(gan, size, 20_000 + seed) for size in SIZES}
    return {"moments": moments, "ends": ends}


def run_of(folder, name, seed, settings):
    """A run: read, or trained and written."""
    own = f"{name.replace(' ', '_')}_{seed}"
    return kept(folder, own, settings, lambda: measured(GAMES[name], seed, settings))


def rows_of(runs):
    """The kinds of samples by title: (runs, kind); the points are the same for each game."""
    rows = {
        f"{name}, {kind}": (of, kind)
        for name, of in runs.items()
        for kind in ("as trained", "averaged")
    }
    return rows | {"data": (next(iter(runs.values())), "data")}


def table_of(runs):
    """Rows of the second half of training."""
    tests = [f"{what}, {test}" for what in ("p", "rejected") for test in TESTS]
    yield ["samples of", "modes of 8", "high quality", *tests, "JSD"]
    yield ["---", *["--:"] * (3 + len(tests))]
    for name, (of, kind) in rows_of(runs).items():
        late = [m for run in of for m in run["moments"][len(run["moments"]) // 2 :]]
        p = {test: np.array([m[kind]["p"][test] for m in late]) for test in TESTS}
        yield [
            name,
            f"{np.median([m[kind]['modes'] for m in late]):g}",
            f"{np.median([m[kind]['high_quality'] for m in late]):.1%}",
            *(f"{np.median(each):.2g}" for each in p.values()),
            *(f"{np.mean(each <= LEVEL):.0%}" for each in p.values()),
            "" if kind == "data" else f"{np.median([m['jsd'] for m in late]):.3f}",
        ]


def ends_of(runs):
    """Rows of the end of training: the p-values of the seeds, by n."""
    yield ["samples of", "test", *(f"n = {size:,}" for size in SIZES)]
    yield ["---"] * (2 + len(SIZES))
    for name, (of, kind) in rows_of(runs).items():
        for test in TESTS:
            by_size = [[run["ends"][str(n)][kind]["p"][test] for run in of] for n in SIZES]
            yield [name, test, *(", ".join(f"{p:.2g}" for p in each) for each in by_size)]


def figure_of(runs):
    """p-values, modes and the logged bound over training: the good model, the bad, and data."""
    rows = rows_of(runs)
    rows = {name: rows[name] for name in (*DRAWN, "data")}

    def panel(title, value, of=rows, **options):
        curves = {
            name: (
                [m["step"] for m in each[0]["moments"]],
                [[value(m, kind) for m in run["moments"]] for run in each],
            )
            for name, (each, kind) in of.items()
        }
        return kg.plotting.curves_image(curves, title, "steps", **options)

    panels = [
        panel(
            f"p of the {test} test",
            lambda m, kind, test=test: max(m[kind]["p"][test], LEAST),
            log_y=True,
            levels={"0.05": LEVEL},
        )
        for test in TESTS
    ]
    games = {name: rows[name] for name in DRAWN}
    panels.append(panel("Modes of 8", lambda m, kind: m[kind]["modes"], games))
    panels.append(panel("JSD that the game logs", lambda m, kind: m["jsd"], games))
    return kg.plotting.captioned([[("", each) for each in panels[i : i + 2]] for i in (0, 2)])


def main():
    """Trains what is missing, prints the tables and draws the curves."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--every", type=int, default=100, help="steps, a multiple of 50")
    parser.add_argument("--n", type=int, default=500, help="samples of either side in a test")
    parser.add_argument("--width", type=int, default=128, help="units of the networks' layers")
    parser.add_argument("--folder", default="two_sample_training", help="for runs and picture")
    arguments = parser.parse_args()
    settings = {name: getattr(arguments, name) for name in ("steps", "every", "n", "width")}
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    runs = {
        name: [run_of(folder, name, seed, settings) for seed in arguments.seeds] for name in GAMES
    }
    for table in (table_of(runs), ends_of(runs)):
        for cells in table:
            print("|", " | ".join(cells), "|")
        print()
    figure_of(runs).save(folder / "two_sample_training.png")
    print(f"{folder}/two_sample_training.png: p-values, modes and the logged bound over training")


if __name__ == "__main__":
    main()
