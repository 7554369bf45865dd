"""Do gradient penalties help a GAN that is no Wasserstein GAN? Stacked digits and MNIST.

    python benchmarks/gan_penalties.py --folder runs/gan_penalties     # all of it
    python benchmarks/gan_penalties.py --data stacked_digits --games plain WGAN-GP --seeds 0

The non-saturating GAN without a penalty, with that of WGAN-GP and with that of DRAGAN, λ = 10 in
both, as in Fedus et al. 2017 (arXiv 1710.08446). All else is equal: the networks of DCGAN with no
normalization in the discriminator, one discriminator step a generator step, Adam(2e-4, 0.5, 0.9),
batches of 64, an average of the generator's weights (decay 0.99), equal numbers of steps. Stacked
digits are 8 × 8 × 3 with 1,000 classes; MNIST is shrunk to 16 × 16.

Measured five times in a run, on the averaged generator:

    distance  Fréchet, of 5,000 samples to 5,000 real images: of stacked digits in pixels, of MNIST
              in the features of this library's classifier of its digits
    classes   those that appear, at least once in 10,000 samples for the 1,000 of stacked digits and
              at least 50 times in 5,000 for the ten of MNIST, and KL(classes ‖ uniform) in nats;
              a support vector machine on pixels reads each channel, that classifier MNIST
    score     the inception score of MNIST by that classifier, at most 10

A cell is the median over seeds with the least and the greatest in brackets. Finished runs are kept
in --folder, one JSON file each, and not repeated.
"""

import argparse
import functools
import pathlib

import keras
import numpy as np

import keras_gan as kg
from kept import kept, spread

GAMES = {"plain": None, "WGAN-GP": "between", "DRAGAN": "around_real"}
DATA = {"stacked_digits": 8, "mnist": 16}  # sides
WIDTH, LATENT, BATCH, WEIGHT, MOMENTS, SAMPLES = 24, 64, 64, 10.0, 5, 5000


def features_of(images: np.ndarray) -> np.ndarray:
    """Pixels of stacked digits; of MNIST what the classifier of its digits sees."""
    return kg.metrics.features.get("mnist" if images.shape[-1] == 1 else "pixels")(images)


def chances_of(images: np.ndarray) -> np.ndarray:
    """The probabilities of MNIST's ten classes, `(n, 10)`."""
    return kg.metrics.features.get("mnist").probabilities(images)


@functools.cache
def reader():
    """From single digits of 8 × 8 pixels to their classes."""
    pairs = kg.data.load("digits", labels=True).as_numpy_iterator()
    return kg.metrics.pixel_classifier(*map(np.stack, zip(*pairs, strict=True)))[0]


def coverage(images: np.ndarray) -> dict:
    """How many classes appear, and how unevenly."""
    if images.shape[-1] == 1:
        found = kg.metrics.class_coverage(chances_of(images).argmax(axis=1), 10)
    else:
        found = kg.metrics.class_coverage(kg.metrics.stacked_classes(reader(), images), 1000)
    return {"classes": found.appearing, "kl": found.kl}


def images_of(name: str, split: str, count: int, seed: int) -> np.ndarray:
    """Real images in [-1, 1]."""
    dataset = kg.data.load(name, split=split, image_size=DATA[name] if name == "mnist" else None)
    return np.stack([*dataset.shuffle(10_000, seed=seed).take(count).as_numpy_iterator()])


def game(name: str, kind: str, seed: int) -> kg.GAN:
    """The game before training."""
    shape = (DATA[name], DATA[name], 3 if name == "stacked_digits" else 1)
    at = GAMES[kind]
    gan = kg.GAN(
        kg.networks.dcgan_generator(shape, latent_dim=LATENT, width=WIDTH),
        kg.networks.dcgan_discriminator(shape, width=WIDTH),
        objective="non_saturating",
        penalties=[] if at is None else [kg.penalties.GradientPenalty(WEIGHT, at=at)],
        average=0.99,
        seed=seed,
    )
    rate = {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.9}
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(**rate),
        discriminator_optimizer=keras.optimizers.Adam(**rate),
    )
    return gan


def measured(name: str, kind: str, seed: int, steps: int) -> dict:
    """Trains one game; its scores at five moments."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    gan = game(name, kind, seed)
    real = features_of(images_of(name, "train", SAMPLES, 0))
    batches = kg.data.batches(
        kg.data.load(name, image_size=DATA[name] if name == "mnist" else None), BATCH, seed=seed
    )
    moments = []
    for _ in range(MOMENTS):
        gan.fit(batches.repeat(), epochs=1, steps_per_epoch=steps // MOMENTS, verbose=0)
        samples = gan.generate(SAMPLES if name == "mnist" else 2 * SAMPLES, seed=seed)
        score = {"distance": kg.metrics.frechet_distance(real, features_of(samples[:SAMPLES]))}
        score |= coverage(samples)
        if name == "mnist":
            score["score"] = float(kg.metrics.inception_score(chances_of(samples)))
        moments.append(score)
    return {"moments": moments}


def reference(name: str) -> dict:
    """The scores of other real images, of the test split."""
    other = images_of(name, "test", SAMPLES if name == "mnist" else 2 * SAMPLES, 1)
    real = images_of(name, "train", SAMPLES, 0)
    found = {
        "distance": kg.metrics.frechet_distance(features_of(real), features_of(other[:SAMPLES]))
    } | coverage(other)
    if name == "mnist":
        found["score"] = float(kg.metrics.inception_score(chances_of(other)))
    return found


def row(name: str, kind: str, runs: list[dict]) -> str:
    """The row of a data set and a game in the table."""

    def cells(part, form, best):
        values = [[moment[part] for moment in run["moments"]] for run in runs]
        return [spread([each[-1] for each in values], form), spread([*map(best, values)], form)]

    found = [name.replace("_", " "), kind, str(len(runs))]
    found += cells("distance", ".3g", min) + cells("classes", "g", max)
    found += cells("kl", ".3f", min)[:1]
    found += cells("score", ".2f", max)[:1] if name == "mnist" else [""]
    return f"| {' | '.join(found)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", nargs="+", choices=DATA, default=list(DATA))
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=2000, help="a multiple of 5")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("gan_penalties"))
    arguments = parser.parse_args()
    if arguments.steps < MOMENTS or arguments.steps % MOMENTS:
        parser.error(f"--steps must be a multiple of {MOMENTS}")
    headings = "data, game, seeds, distance, at best, classes, at best, KL, score"
    print(f"| {headings.replace(', ', ' | ')} |\n|{'---|' * 9}")
    panels = []
    for name in arguments.data:
        curves = {}
        for kind in arguments.games:
            runs = []
            for seed in arguments.seeds:
                what = name, kind, seed, arguments.steps
                key = dict(zip(("data", "game", "seed", "steps"), what, strict=True))
                key |= {"width": WIDTH, "batch": BATCH, "weight": WEIGHT, "samples": SAMPLES}
                label = f"{name}_{kind}_{seed}"
                runs.append(kept(arguments.folder, label, key, lambda what=what: measured(*what)))
            print(row(name, kind, runs), flush=True)
            steps = [arguments.steps * i // MOMENTS for i in range(1, MOMENTS + 1)]
            curves[kind] = (
                steps,
                [[moment["distance"] for moment in run["moments"]] for run in runs],
            )
        found = kept(
            arguments.folder,
            f"{name}_real",
            {"data": name, "samples": SAMPLES},
            lambda name=name: reference(name),
        )
        cells = [f"{found['distance']:.3g}", "", str(found["classes"]), "", f"{found['kl']:.3f}"]
        cells.append(f"{found['score']:.2f}" if name == "mnist" else "")
        print(f"| {name.replace('_', ' ')} | other real images | | {' | '.join(cells)} |")
        panel = kg.plotting.curves_image(
            curves,
            x_label="steps",
            y_label="Fréchet distance",
            log_y=True,
            levels={"real": found["distance"]},
        )
        panels.append((name.replace("_", " "), panel))
    kg.plotting.captioned([panels]).save(arguments.folder / "gan_penalties.png")
    print(f"\n{arguments.folder}/gan_penalties.png: distances over training")


if __name__ == "__main__":
    main()
