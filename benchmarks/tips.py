"""Ten tips for training GANs, each on and off.

    python benchmarks/tips.py --folder runs/tips

The tips are of "How to train a GAN? Tips and tricks to make GANs work" by Chintala, Denton,
Arjovsky and Mathieu, https://github.com/soumith/ganhacks. One small DCGAN, which follows five of
them, is the rule. Each tip is turned off where the rule has it and on where not; all else stays.

A run has `--steps` steps of scikit-learn's digits or of MNIST in batches of 64. The score is the
Fréchet distance of 2,000 samples at the end, on digits in the features of `digit_judge.py`, on
MNIST in those of `kg.metrics.features.get("mnist")`, from 5,000 test images. The effect of a tip is
the ratio of the distances with it and without it, below 1 where it helps: its geometric mean over
the seeds, each on against the same seed off, and the interval that holds the mean with 95% if
logarithms are normal (Student's t). Of twenty tips without effect one would get a verdict by
chance. Every run is kept in `--folder`, and one that is there is not repeated.
"""

import argparse
import dataclasses
import functools
import math
import pathlib

import keras
import numpy as np
import scipy.stats

import digit_judge
import keras_gan as kg
from kept import kept
from looks import bars, fused, looked_at
from tipped_gan import LATENT_DIM, WIDTH, Setting, TippedGAN, networks

BATCH, SAMPLES, LOOKS = 64, 2000, 4
RATE, SGD_RATE, STEPS = 5e-4, 1e-2, {"digits": 1000, "mnist": 600}
SEEDS = {"digits": [0, 1, 2, 3, 4], "mnist": [0, 1, 2]}


RULE = Setting()
TIPS = {  # the tip on, the tip off; one of them is the rule
    "maximise log D(G(z)), not −log(1 − D(G(z)))": (RULE, Setting(objective="minimax")),
    "normal latent vectors, not uniform": (RULE, Setting(prior="uniform")),
    "batch normalization": (RULE, Setting(batch_normalization=False)),
    "real and fake in batches apart": (RULE, Setting(mixed=True)),
    "LeakyReLU in the discriminator": (RULE, Setting(discriminator_slope=0.0)),
    "LeakyReLU in the generator": (Setting(generator_slope=0.2), RULE),
    "smooth labels, 0.9 for real": (Setting(label_smoothing=0.1), RULE),
    "noisy labels, 5% flipped": (Setting(flipped=0.05), RULE),
    "SGD for the discriminator": (Setting(sgd=True), RULE),
    "noise on inputs, fading": (Setting(noise=0.5), RULE),
}


@functools.cache
def images(dataset: str, split: str = "train") -> np.ndarray:
    """Images to train on, or to compare with, in [-1, 1]."""
    if dataset == "digits":
        return digit_judge.digits()[0]
    found = kg.data.load("mnist", split=f"{split}[:{20_000 if split == 'train' else 5000}]")
    return np.concatenate(list(found.batch(1000).as_numpy_iterator()))


@functools.cache
def mnist_features() -> tuple:
    """The extractor, and the features of real test images."""
    extractor = kg.metrics.features.get("mnist")
    return extractor, extractor(images("mnist", "test"))


def scores(dataset: str, samples: np.ndarray) -> dict:
    """The Fréchet distance of samples; `None` if any is not finite."""
    if dataset == "digits" or not np.isfinite(samples).all():
        return {"frechet_distance": digit_judge.scores(samples)["frechet_distance"]}
    extractor, real = mnist_features()
    return {"frechet_distance": float(kg.metrics.frechet_distance(real, extractor(samples)))}


def trained(dataset: str, setting: Setting, seed: int, steps: int) -> dict:
    """The scores at every look, and the seconds of training."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    x = images(dataset)
    objective = kg.objectives.OBJECTIVES[setting.objective]
    gan = TippedGAN(
        *networks(x.shape[1], setting, steps),
        setting,
        objective=objective(label_smoothing=setting.label_smoothing),
        prior=setting.prior,
        seed=seed,
    )
    adam = functools.partial(keras.optimizers.Adam, RATE, beta_1=0.5)
    gan.compile(
        generator_optimizer=adam(),
        discriminator_optimizer=keras.optimizers.SGD(SGD_RATE) if setting.sgd else adam(),
        steps_per_execution=fused(steps, LOOKS),
    )
    batches = kg.data.batches(x, BATCH, seed=seed).repeat()

    def scored(gan):
        return scores(dataset, gan.generate(SAMPLES, seed=seed))

    return looked_at(gan, batches, steps, LOOKS, scored)


def effect(on: list[float], off: list[float]) -> tuple[float, float, float]:
    """The geometric mean of the ratios on / off, and the ends of its 95% interval.

    Args:
        on: Distances with the tip, by seed.
        off: Those of the same seeds without it.
    """
    logarithms = np.log(on) - np.log(off)
    mean, n = logarithms.mean(), len(logarithms)
    half = scipy.stats.t.ppf(0.975, n - 1) * logarithms.std(ddof=1) / math.sqrt(n)
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def verdict(low: float, high: float) -> str:
    """What an interval of ratios says."""
    if not math.isfinite(low + high):
        return "NaN in some runs"
    return "helps" if high < 1 else "harms" if low > 1 else "undecided"


def distances(runs: list[dict], best: bool) -> list[float]:
    """The Fréchet distance of every run, at the end or at its best look; infinite for NaN."""
    looks = [[look["frechet_distance"] for look in run["looks"]] for run in runs]
    looks = [[np.inf if d is None else d for d in each] for each in looks]
    return [min(each) if best else each[-1] for each in looks]


def spread(runs: list[dict], best: bool) -> str:
    """The mean of the distances and their standard deviation over seeds."""
    found = distances(runs, best)
    return f"{np.mean(found):.2f} ± {np.std(found, ddof=1):.2f}"


def table(found: dict[Setting, list[dict]]) -> str:
    """The Markdown table of a data set."""
    heads = "on, end", "off, end", "on, best", "off, best", "on / off at the end", "95%", "verdict"
    lines = [f"| tip | {' | '.join(heads)} |", f"|---|{'--:|' * 6}---|"]
    for number, (tip, (on, off)) in enumerate(TIPS.items(), 1):
        mean, low, high = effect(distances(found[on], False), distances(found[off], False))
        cells = [spread(found[each], best) for best in (False, True) for each in (on, off)]
        cells += [f"{mean:.2f}", f"{low:.2f} to {high:.2f}", verdict(low, high)]
        lines.append(f"| {number} {tip} | {' | '.join(cells)} |")
    return "\n".join(lines)


def figure(found: dict[str, dict[Setting, list[dict]]]):
    """The effect of every tip: a bar from the least to the greatest seed, a line at the median."""
    curves = {}
    for place, (dataset, runs) in enumerate(found.items()):
        ratios = [
            np.divide(distances(runs[on], False), distances(runs[off], False))
            for on, off in TIPS.values()
        ]
        curves[dataset] = bars(np.array(ratios).T, place, len(found))
    return kg.plotting.curves_image(
        curves,
        title="distance of samples with the tip / without it: below 1 it helps",
        x_label="number of the tip",
        log_y=True,
        levels={"no effect": 1.0},
        size=(640, 320),
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where runs are kept")
    parser.add_argument("--datasets", nargs="+", choices=STEPS, default=list(STEPS))
    parser.add_argument("--seeds", nargs="+", type=int, help=f"at least 2; defaults to {SEEDS}")
    parser.add_argument("--steps", type=int, help=f"a multiple of {LOOKS}; defaults to {STEPS}")
    parser.add_argument("--figure", type=pathlib.Path, help="defaults to FOLDER/tips.png")
    arguments = parser.parse_args()
    if arguments.seeds is not None and len(set(arguments.seeds)) < 2:
        parser.error("a spread needs at least two seeds: give --seeds 0 1 or more")
    found = {}
    for dataset in arguments.datasets:
        steps, spent = arguments.steps or STEPS[dataset], 0.0
        found[dataset] = {setting: [] for pair in TIPS.values() for setting in pair}
        for setting, runs in found[dataset].items():
            changed = dataclasses.asdict(setting).items() - dataclasses.asdict(RULE).items()
            name = "_".join(f"{key}_{value}" for key, value in sorted(changed)) or "rule"
            for seed in arguments.seeds or SEEDS[dataset]:
                settings = {
                    **dataclasses.asdict(setting),
                    **{"dataset": dataset, "seed": seed, "steps": steps, "looks": LOOKS},
                    **{"batch": BATCH, "rate": RATE, "sgd_rate": SGD_RATE, "width": WIDTH},
                    **{"latent_dim": LATENT_DIM, "samples": SAMPLES},
                }
                run = functools.partial(trained, dataset, setting, seed, steps)
                row = kept(arguments.folder, f"{dataset}_{name}_{seed}", settings, run)
                runs.append(row)
                spent += row["seconds"]
        print(f"\n{dataset}, {steps:,} steps\n\n{table(found[dataset])}\n")
        print(f"{spent / 60:.0f} min of processor time")
    path = arguments.figure or arguments.folder / "tips.png"
    figure(found).save(path)
    print(path)


if __name__ == "__main__":
    main()
