"""What augmentation of the discriminator's inputs gives on few data: MNIST with 500 images.

    python benchmarks/data_efficiency.py --folder runs/data_efficiency     # all of it
    python benchmarks/data_efficiency.py --games plain ADA --seeds 0 --steps 500

A DCGAN (Radford et al. 2016) on the first 500 images of MNIST's training split, without
augmentation, with DiffAugment (Zhao et al. 2020, arXiv 2006.10738) and with adaptive augmentation
(Karras et al. 2020, arXiv 2006.06676). All else is equal: networks, non-saturating losses,
Adam(1e-3, β₁ = 0.5), an average of 0.999, batches of 64 and equal numbers of steps. Its
discriminator learns 500 images by heart from about step 5,000 on; augmentation is to keep it from
that. DiffAugment has no colour here, which grey strokes do not vary in.

    distance  Fréchet, of 5,000 samples of the averaged generator to the 10,000 images of the test
              split, in the features of this library's classifier of digits, five times in a run
    share     the distance by the plain game's with the same seed
    real      that of the 500 images, and of 5,000 images of the training split that no game sees

A cell is the median over seeds with the least and the greatest in brackets. Finished runs are kept
in --folder, one JSON file each, and not repeated. The aim is a share of at most 0.5 at the end.
"""

import argparse
import pathlib
import statistics

import keras
import numpy as np

import keras_gan as kg
from kept import kept, spread

AUGMENTATIONS = {
    "plain": lambda: None,
    "DiffAugment": lambda: kg.augment.DiffAugment("translation,cutout"),
    # p may cross [0, 1] in a fifth of a run: the authors' 500,000 images are for runs of millions
    "ADA": lambda: kg.augment.Adaptive(images=50_000),
}
IMAGES, WIDTH, LATENT, BATCH, MOMENTS, SAMPLES, AIM = 500, 32, 64, 64, 5, 5000, 0.5
SHAPE, RATE = (28, 28, 1), 1e-3


def features_of(images: np.ndarray) -> np.ndarray:
    """What the classifier of digits sees."""
    return kg.metrics.features.get("mnist")(images)


def images_of(split: str, first: int, count: int) -> np.ndarray:
    """Real images in [-1, 1], in the order of the data set."""
    chosen = kg.data.load("mnist", split=split).skip(first).take(count)
    return np.stack([*chosen.as_numpy_iterator()])


def game(kind: str, seed: int, width: int) -> kg.GAN:
    """The game before training."""
    gan = kg.DCGAN(
        kg.networks.dcgan_generator(SHAPE, latent_dim=LATENT, width=width),
        kg.networks.dcgan_discriminator(SHAPE, width=width),
        augment=AUGMENTATIONS[kind](),
        average=0.999,
        seed=seed,
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(RATE, beta_1=0.5),
    )
    return gan


def measured(kind: str, seed: int, steps: int, width: int) -> dict:
    """Trains one game; its distances at five moments, and the probability of ADA."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    gan = game(kind, seed, width)
    held_out = features_of(images_of("test", 0, 10_000))
    batches = kg.data.batches(images_of("train", 0, IMAGES), BATCH, seed=seed).repeat()
    moments = []
    for _ in range(MOMENTS):
        logs = gan.fit(batches, steps_per_epoch=steps // MOMENTS, verbose=0).history
        samples = features_of(gan.generate(SAMPLES, seed=seed))
        moment = {"distance": kg.metrics.frechet_distance(held_out, samples)}
        if "augment_probability" in logs:
            moment["probability"] = float(logs["augment_probability"][-1])
        moments.append(moment)
    return {"moments": moments}


def reference() -> dict:
    """The distances of real images to those held out."""
    held_out = features_of(images_of("test", 0, 10_000))
    parts = {"seen": images_of("train", 0, IMAGES), "unseen": images_of("train", 50_000, SAMPLES)}
    return {
        name: kg.metrics.frechet_distance(held_out, features_of(images))
        for name, images in parts.items()
    }


def described(augmentation) -> dict | None:
    """The config of an augmentation, which the kept result depends on."""
    return None if augmentation is None else augmentation.get_config()


def row(kind: str, runs: list[dict], plain: list[dict]) -> str:
    """The row of a game in the table."""

    def ends(results):
        return [run["moments"][-1]["distance"] for run in results]

    best = [min(moment["distance"] for moment in run["moments"]) for run in runs]
    cells = [kind, str(len(runs)), spread(ends(runs), ".3g"), spread(best, ".3g")]
    pairs = list(zip(ends(runs), ends(plain), strict=False))
    cells.append(spread([one / other for one, other in pairs], ".2f") if pairs else "")
    probabilities = [run["moments"][-1].get("probability") for run in runs]
    cells.append("" if None in probabilities else spread(probabilities, ".2f"))
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--games", nargs="+", choices=AUGMENTATIONS, default=list(AUGMENTATIONS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=15_000, help="a multiple of 5")
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("data_efficiency"))
    arguments = parser.parse_args()
    if arguments.steps < MOMENTS or arguments.steps % MOMENTS:
        parser.error(f"--steps must be a multiple of {MOMENTS}")
    print(f"| game | seeds | distance | at best | share | p |\n|{'---|' * 6}")
    found, curves = {}, {}
    for kind in arguments.games:
        runs = []
        for seed in arguments.seeds:
            what = kind, seed, arguments.steps, arguments.width
            key = dict(zip(("game", "seed", "steps", "width"), what, strict=True))
            key |= {"images": IMAGES, "batch": BATCH, "samples": SAMPLES, "rate": RATE}
            key["augment"] = described(AUGMENTATIONS[kind]())
            runs.append(
                kept(arguments.folder, f"{kind}_{seed}", key, lambda what=what: measured(*what))
            )
        found[kind] = runs
        print(row(kind, runs, found.get("plain", [])), flush=True)
        steps = [arguments.steps * i // MOMENTS for i in range(1, MOMENTS + 1)]
        curves[kind] = steps, [[each["distance"] for each in run["moments"]] for run in runs]
    real = kept(arguments.folder, "real", {"images": IMAGES, "samples": SAMPLES}, reference)
    for name, distance in real.items():
        print(f"| real images, {name} | | {distance:.3g} | | | |")
    kg.plotting.curves_image(
        curves,
        x_label="steps",
        y_label="Fréchet distance",
    ).save(arguments.folder / "data_efficiency.png")
    print(f"\n{arguments.folder}/data_efficiency.png: distances over training")
    missed = [kind for kind in found if kind != "plain" and share(found, kind) > AIM]
    if missed:
        raise SystemExit(f"Targets missed: {', '.join(missed)}: a share of at most {AIM}")


def share(found: dict, kind: str) -> float:
    """The median of a game's distances by that of the plain game's; 0 without one."""
    if "plain" not in found:
        return 0.0
    one, other = (
        statistics.median(run["moments"][-1]["distance"] for run in found[each])
        for each in (kind, "plain")
    )
    return one / other


if __name__ == "__main__":
    main()
