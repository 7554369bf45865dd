"""Weight clipping in a deep critic: do gradients explode or vanish, and where do weights end?

    python benchmarks/weight_clipping.py --folder runs/weight_clipping      # all of it
    python benchmarks/weight_clipping.py --settings clip_0.1 penalty --seeds 0

WGAN with three clips c and WGAN-GP on the swiss roll, both players MLPs of 12 hidden layers of
ReLU, here of 128 units. Gulrajani et al. 2017 (arXiv 1704.00028, section 3 and figure 1b) have the
same depth. The optimizers are those of the two papers, RMSprop(5e-5) with clipping and Adam(1e-4,
0, 0.9) with the penalty, λ = 10; five critic steps a generator step, and points scaled to unit
variance. Weights start as He et al. have them, but those of clipped critics uniform on [-c, c], so
that it is training that takes them to the ends.

    norm at layer i  the mean of ‖∂D(x)/∂hᵢ‖ over data and samples, hᵢ the outputs of hidden layer
                     i; in NumPy's float64, since small clips leave float32
    factor a layer   by which it grows with each layer towards the input: e to the slope of a line
                     through log norms; above 1 they explode, below 1 they vanish
    at the ends      the share of kernel entries within 2 % of −c or c; 2 % at the start
    W₁               between 1,000 samples and 1,000 points of data, at the end and at the best of
                     ten moments; of as many other points of data: see the last line printed

The figure has the norms of all seeds (median and range) and the weights of the first seed. Finished
runs are kept in --folder, one JSON file each, and not repeated.
"""

import argparse
import pathlib

import keras
import numpy as np

import keras_gan as kg
from kept import kept, spread

CLIPS = {"clip_0.1": 0.1, "clip_0.01": 0.01, "clip_0.001": 0.001, "penalty": None}
DEPTH, WIDTH, LATENT, BATCH, CRITIC_STEPS, MOMENTS = 12, 128, 2, 128, 5, 10
BINS, SAMPLES = 81, 1000


def deep(inputs: int, outputs: int, name: str, clip: float | None = None) -> keras.Model:
    """The MLP of both players."""

    def initial():  # within the clip, so that only training takes weights to its ends
        if clip is None:
            return keras.initializers.HeNormal()
        return keras.initializers.RandomUniform(-clip, clip)

    layers = [keras.Input((inputs,))]
    for _ in range(DEPTH):
        layers.append(keras.layers.Dense(WIDTH, "relu", kernel_initializer=initial()))
    layers.append(keras.layers.Dense(outputs, kernel_initializer=initial()))
    return keras.Sequential(layers, name=name)


def gradient_norms(network: keras.Model, x: np.ndarray) -> np.ndarray:
    """The means of ‖∂D(x)/∂hᵢ‖ for the input, i = 0, and each hidden layer of a ReLU MLP.

    ∂D/∂h_L = w,   ∂D/∂hᵢ₋₁ = Wᵢ (1[hᵢ > 0] ∂D/∂hᵢ),   hᵢ = max(0, Wᵢᵀ hᵢ₋₁ + bᵢ)
    """
    weights = [np.asarray(each, "float64") for each in network.get_weights()]
    *hidden, (last, _) = zip(weights[::2], weights[1::2], strict=True)
    active, h = [], np.asarray(x, "float64")
    for kernel, bias in hidden:
        h = np.maximum(h @ kernel + bias, 0.0)
        active.append(h > 0)
    slopes = [np.tile(last.T, (len(x), 1))]
    for (kernel, _), on in zip(reversed(hidden), reversed(active), strict=True):
        slopes.append((slopes[-1] * on) @ kernel.T)
    return np.array([np.linalg.norm(slope, axis=1).mean() for slope in reversed(slopes)])


def factor_a_layer(norms: np.ndarray) -> float:
    """By which the norms of the hidden layers grow with each layer towards the input."""
    hidden = np.asarray(norms)[1:]
    return float(np.exp(-np.polyfit(np.arange(len(hidden)), np.log(hidden), 1)[0]))


def measured(setting: str, seed: int, steps: int) -> dict:
    """Trains one game; its norms and distances at ten moments and its weights at the end."""
    keras.utils.set_random_seed(seed)
    keras.backend.clear_session()
    rng = np.random.default_rng(seed)
    x, _ = kg.data.density("swiss_roll").sample(50_000, rng)
    x /= x.std()
    clip = CLIPS[setting]
    networks = deep(LATENT, 2, "generator"), deep(2, 1, "critic", clip)
    gan = kg.WGANGP(*networks, seed=seed) if clip is None else kg.WGAN(*networks, clip=clip)
    gan.compile(steps_per_execution=steps // MOMENTS)
    batches = kg.data.batches(x, BATCH, CRITIC_STEPS, seed=seed).repeat()
    norms, distances = [], []
    for _ in range(MOMENTS):
        gan.fit(batches, epochs=1, steps_per_epoch=steps // MOMENTS, verbose=0)
        samples, real = gan.generate(SAMPLES, seed=seed), x[rng.integers(len(x), size=SAMPLES)]
        norms.append(gradient_norms(networks[1], np.concatenate([real, samples])).tolist())
        distances.append(kg.metrics.wasserstein(samples, real))
    kernels = np.concatenate([np.ravel(layer.kernel) for layer in networks[1].layers])
    reach = clip or float(np.quantile(np.abs(kernels), 0.999))
    density, edges = np.histogram(kernels, BINS, (-reach, reach), density=True)
    return {
        "norms": norms,
        "distances": distances,
        "centres": ((edges[1:] + edges[:-1]) / 2).tolist(),
        "density": density.tolist(),
        "at_ends": None if clip is None else float((np.abs(kernels) >= 0.98 * clip).mean()),
    }


def row(setting: str, runs: list[dict]) -> str:
    """The row of a setting in the table."""
    norms = [np.array(run["norms"][-1]) for run in runs]
    cells = [
        setting.replace("_", " "),
        str(len(runs)),
        spread([float(each[-1]) for each in norms], ".2g"),
        spread([float(each[1]) for each in norms], ".2g"),
        spread([factor_a_layer(each) for each in norms], ".3g"),
        "none" if CLIPS[setting] is None else spread([run["at_ends"] for run in runs], ".0%"),
        spread([run["distances"][-1] for run in runs], ".3f"),
        spread([min(run["distances"]) for run in runs], ".3f"),
    ]
    return f"| {' | '.join(cells)} |"


def figure(found: dict[str, list[dict]]):
    """Norms by layer, and the weights of each setting."""
    layers = list(range(DEPTH + 1))
    curves = {
        setting.replace("_", " "): (layers, [run["norms"][-1] for run in runs])
        for setting, runs in found.items()
    }
    norms = kg.plotting.curves_image(
        curves, "gradient norms at the end", "hidden layer (0: the input)", log_y=True
    )
    weights = [
        kg.plotting.curves_image(
            {"density": (runs[0]["centres"], runs[0]["density"])},
            x_label="weight",
            levels={"0": 0.0},  # so that the axis begins there
        )
        for runs in found.values()
    ]
    panels = [("gradients", norms)]
    panels += [
        (f"weights, {setting.replace('_', ' ')}", panel)
        for setting, panel in zip(found, weights, strict=True)
    ]
    return kg.plotting.captioned([panels[i : i + 3] for i in range(0, len(panels), 3)])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--settings", nargs="+", choices=CLIPS, default=list(CLIPS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=1000, help="generator steps, multiple of 10")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("weight_clipping"))
    arguments = parser.parse_args()
    if arguments.steps < MOMENTS or arguments.steps % MOMENTS:
        parser.error(f"--steps must be a multiple of {MOMENTS}")
    headings = [
        "critic",
        "seeds",
        f"norm at layer {DEPTH}",
        "at layer 1",
        "factor a layer",
        "weights at the ends",
        "W₁ at the end",
        "at best",
    ]
    print(f"| {' | '.join(headings)} |\n|{'---|' * len(headings)}")
    found = {}
    for setting in arguments.settings:
        for seed in arguments.seeds:
            key = {"setting": setting, "seed": seed, "steps": arguments.steps}
            key |= {"depth": DEPTH, "width": WIDTH, "batch": BATCH, "critic steps": CRITIC_STEPS}
            run = kept(
                arguments.folder,
                f"{setting}_{seed}",
                key,
                lambda setting=setting, seed=seed: measured(setting, seed, arguments.steps),
            )
            found.setdefault(setting, []).append(run)
        print(row(setting, found[setting]), flush=True)
    figure(found).save(arguments.folder / "weight_clipping.png")
    truth = kg.data.density("swiss_roll")
    a, b = (truth.sample(SAMPLES, np.random.default_rng(i))[0] for i in (0, 1))
    apart = kg.metrics.wasserstein(a, b) / a.std()
    print(f"\ntwo sets of {SAMPLES:,} points of data: W₁ = {apart:.3f}")
    print(f"{arguments.folder}/weight_clipping.png: norms by layer, weights")


if __name__ == "__main__":
    main()
