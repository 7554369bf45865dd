"""What flows reach: KL from the truth on points, bits per component of MNIST.

Points come from known densities; 200,000 of them train each flow, batch 1,024, by Adam with a
cosine from 2e-3 to 0, with averaged weights; the figure is the mean over 20,000 others of
log p(x) − log q(x), an unbiased estimate of KL(p ‖ q), and ± its standard error. Flows: Real NVP of
8 couplings with 2 x 128 hidden units; rational-quadratic splines, 4 couplings of 32 bins with
2 x 64; FFJORD of 2 equations with 2 x 96 units, batch 512, from 5e-3, in training by 6 steps of
RK4, of which a density is only as exact as they are: its figure is by Dormand and Prince's method
within 1e-5. A run ends after --steps steps.

    python benchmarks/flows.py                         # points: ring, grid, checkerboard, moons
    python benchmarks/flows.py --points ring --flows spline --seeds 0
    python benchmarks/flows.py --images --folder runs  # glow and nice on MNIST, about 90 minutes

Runs on images are those of the command line, kept in --folder: one that ended is read, one that was
cut off goes on.
"""

import argparse
import pathlib
import tempfile
import time

import keras
import numpy as np

import keras_gan as kg
from runs import minutes, scores, trained

POINTS = ("ring", "grid", "checkerboard", "moons")
BATCH, RATE, FUSED, COUNT, TESTED = 1024, 2e-3, 100, 200_000, 20_000
OTHERWISE = {"ffjord": {"batch": 512, "rate": 5e-3}}
IMAGES = {
    "glow": ("--epochs", "8", "--steps-per-epoch", "930", "--learning-rate", "0.002"),
    "nice": ("--epochs", "40", "--learning-rate", "0.001"),
}


def splines() -> kg.bijections.Chain:
    """Neural spline couplings of points."""
    options = {"bins": 32, "width": 64, "depth": 2, "interval": 5.0}
    made = [kg.bijections.RationalQuadraticCoupling(swap=i % 2 == 1, **options) for i in range(4)]
    return kg.bijections.Chain([kg.bijections.ActNorm(), *made])


FLOWS = {
    "spline": lambda **options: kg.Flow(splines(), sample_shape=(2,), **options),
    "realnvp": lambda **options: kg.RealNVP((2,), **options),
    "ffjord": lambda **options: kg.FFJORD(
        (2,), blocks=2, width=96, solver="rk4", steps=6, **options
    ),
}


def of_points(name: str, flow_name: str, seed: int, steps: int) -> str:
    """A row of the table: a flow that is trained on points."""
    keras.utils.set_random_seed(seed)
    density = kg.data.density(name)
    x, _ = density.sample(COUNT, np.random.default_rng([seed, 0]))
    test, _ = density.sample(TESTED, np.random.default_rng([seed, 1]))
    flow = FLOWS[flow_name](average=0.995, seed=seed)
    chosen = {"batch": BATCH, "rate": RATE, **OTHERWISE.get(flow_name, {})}
    rate = keras.optimizers.schedules.CosineDecay(chosen["rate"], steps)
    flow.compile(keras.optimizers.Adam(rate), steps_per_execution=FUSED)
    start = time.perf_counter()
    data = kg.data.batches(x, chosen["batch"], seed=seed).repeat()
    flow.fit(data, steps_per_epoch=steps, epochs=1, verbose=0)
    took = (time.perf_counter() - start) / 60
    for each in flow.bijection.bijections:
        if isinstance(each, kg.bijections.ODE):
            each.solver = "dopri5"
    truth = density.log_prob(test)
    excess = truth - flow.log_prob(test, batch_size=5000)
    error = excess.std() / TESTED**0.5
    return (
        f"| {name} | {flow_name} | {seed} | {steps:,} | {took:.1f} | {-truth.mean():.3f} | "
        f"{excess.mean():.3f} ± {error:.3f} |"
    )


def of_images(name: str, folder: pathlib.Path) -> str:
    """A row of the table: a flow that the command line trains on MNIST."""
    run = trained(
        folder / f"{name}_mnist",
        *("--recipe", name, "--dataset", "mnist", *IMAGES[name], "--average", "0.999"),
        *("--learning-rate-schedule", "cosine", "--features", "mnist", "--score-samples", "10000"),
    )
    found = scores(run)
    nats, unit = found["likelihood"]["log_likelihood"], 28 * 28 * np.log(2)
    return (
        f"| {name} | {minutes(run):.1f} | {found['likelihood']['bits_per_dim']:.3f} | {nats:,.0f} "
        f"| {nats + unit:,.0f} | {found['frechet']['model_to_real']:.2f} |"
    )


def main():
    """Trains and prints a row for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", nargs="+", choices=POINTS, default=POINTS)
    parser.add_argument("--flows", nargs="+", choices=FLOWS, default=list(FLOWS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--images", action="store_true", help="MNIST in place of points")
    parser.add_argument("--models", nargs="+", choices=IMAGES, default=list(IMAGES))
    parser.add_argument("--folder", type=pathlib.Path, help="for the runs on images")
    given = parser.parse_args()
    if given.images:
        print("| flow | minutes | bits per pixel | nats in [-1, 1] | nats in [0, 1] | Fréchet |")
        print("|---|--:|--:|--:|--:|--:|", flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            for name in given.models:
                print(of_images(name, given.folder or pathlib.Path(temporary)), flush=True)
        return
    print("| points | flow | seed | steps | minutes | entropy, nats | KL(truth, flow), nats |")
    print("|---|---|--:|--:|--:|--:|--:|", flush=True)
    for name in given.points:
        for flow_name in given.flows:
            for seed in given.seeds:
                print(of_points(name, flow_name, seed, given.steps), flush=True)


if __name__ == "__main__":
    main()
