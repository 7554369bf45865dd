"""Spectral normalization, gradient penalty and clipping over the six settings of Adam.

    python benchmarks/adam_settings.py --folder runs/adam

The settings A to F of Miyato et al. 2018, arXiv 1802.05957, table 1: A to C are of earlier papers,
D to F are bold. All train the same small DCGAN pair on scikit-learn's digits (8 × 8 pixels), with
`--steps` generator steps each. The generator has batch normalization, the discriminator none.

    SN-GAN    the non-saturating GAN, every layer of D normalized
    WGAN-GP   penalty weight 10
    WGAN      weights clipped to ±0.01, as in its paper, whose RMSprop gives way to these Adams

The table has the median of the Fréchet distances over seeds and, in brackets, the worst, at the end
and at the best of `LOOKS` looks; `digit_judge.py` says what it is of. Every run is kept in
`--folder`, and one that is there is not repeated.
"""

import argparse
import functools
import pathlib

import keras
import numpy as np

import digit_judge
import keras_gan as kg
from kept import kept
from looks import bars, fused, looked_at

BATCH, SAMPLES, LOOKS, LATENT_DIM, WIDTH = 64, 2000, 5, 32, 16
SETTINGS = {  # learning rate, β₁, β₂, discriminator steps a generator step
    "A": (1e-4, 0.5, 0.9, 5),
    "B": (1e-4, 0.5, 0.999, 1),
    "C": (2e-4, 0.5, 0.999, 1),
    "D": (1e-3, 0.5, 0.9, 5),
    "E": (1e-3, 0.5, 0.999, 5),
    "F": (1e-3, 0.9, 0.999, 5),
}
METHODS = {  # recipe, normalization of its discriminator, options
    "SN-GAN": (kg.SNGAN, "spectral", {"average": None}),  # the others have no average either
    "WGAN-GP": (kg.WGANGP, None, {}),
    "WGAN": (kg.WGAN, None, {}),
}


def trained(method: str, setting: str, seed: int, steps: int) -> dict:
    """The scores at every look, and the seconds of training."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    recipe, normalization, options = METHODS[method]
    rate, beta_1, beta_2, k = SETTINGS[setting]
    gan = recipe(
        kg.networks.dcgan_generator((8, 8, 1), LATENT_DIM, WIDTH),
        kg.networks.dcgan_discriminator((8, 8, 1), WIDTH, normalization),
        discriminator_steps=k,
        seed=seed,
        **options,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2),
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2),
        steps_per_execution=fused(steps, LOOKS),
    )
    images, _ = digit_judge.digits()
    batches = kg.data.batches(images, BATCH, discriminator_steps=k, seed=seed).repeat()

    def scored(gan):
        return digit_judge.scores(gan.generate(SAMPLES, seed=seed))

    return looked_at(gan, batches, steps, LOOKS, scored)


def distances(runs: list[dict], best: bool) -> list[float]:
    """The Fréchet distance of every run, at the end or at its best look; infinite for NaN."""
    looks = [[look["frechet_distance"] for look in run["looks"]] for run in runs]
    looks = [[np.inf if d is None else d for d in each] for each in looks]
    return [min(each) if best else each[-1] for each in looks]


def table(found: dict[tuple[str, str], list[dict]]) -> str:
    """The Markdown table: the median over seeds and, in brackets, the worst."""
    heading = " | ".join(f"{method}, {at}" for method in METHODS for at in ("end", "best"))
    lines = [
        f"| setting | rate | β₁ | β₂ | D steps | {heading} |",
        f"|---|{'--:|' * (4 + 2 * len(METHODS))}",
    ]
    for setting in dict.fromkeys(setting for _, setting in found):
        cells = [setting, *(f"{value:g}" for value in SETTINGS[setting])]
        for method in METHODS:
            for best in (False, True):
                each = distances(found[method, setting], best)
                cells.append(f"{np.median(each):.1f} ({max(each):.1f})")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def figure(found: dict[tuple[str, str], list[dict]], settings: list[str]):
    """The distance at the end: a bar from the best to the worst seed, a line at the median."""
    curves = {}
    for place, method in enumerate(METHODS):
        each = np.array([distances(found[method, setting], False) for setting in settings]).T
        curves[method] = bars(each, place, len(METHODS))
    label = ", ".join(f"{i} = {setting}" for i, setting in enumerate(settings, 1))
    return kg.plotting.curves_image(
        curves, x_label=f"setting, {label}", y_label="distance of samples at the end", log_y=True
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="where runs are kept")
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--seeds", nargs="+", type=int, default=(0, 1, 2))
    parser.add_argument("--steps", type=int, default=1000, help=f"a multiple of {LOOKS}")
    parser.add_argument("--figure", type=pathlib.Path, help="defaults to FOLDER/adam_settings.png")
    arguments = parser.parse_args()
    found, spent = {}, 0.0
    for method in METHODS:
        for setting in arguments.settings:
            for seed in arguments.seeds:
                rate, beta_1, beta_2, k = SETTINGS[setting]
                settings = {
                    **{"method": method, "seed": seed, "steps": arguments.steps},
                    **{"rate": rate, "beta_1": beta_1, "beta_2": beta_2, "discriminator_steps": k},
                    **{"batch": BATCH, "width": WIDTH, "latent_dim": LATENT_DIM},
                    **{"looks": LOOKS, "samples": SAMPLES},
                }
                run = functools.partial(trained, method, setting, seed, arguments.steps)
                row = kept(arguments.folder, f"{method}_{setting}_{seed}", settings, run)
                found.setdefault((method, setting), []).append(row)
                spent += row["seconds"]
    print(f"{table(found)}\n\n{spent / 60:.0f} min of processor time")
    path = arguments.figure or arguments.folder / "adam_settings.png"
    figure(found, arguments.settings).save(path)
    print(path)


if __name__ == "__main__":
    main()
