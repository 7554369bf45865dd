"""Do packing and minibatch statistics find all 1,000 modes of stacked digits? A DCGAN, four ways.

    python benchmarks/stacked_modes.py --folder runs/stacked_modes     # all of it
    python benchmarks/stacked_modes.py --games plain packing-2 --seeds 0 --steps 500

Stacked digits are 8 × 8 × 3 images of three digits, 1,000 classes of nearly equal frequency. The
game is `kg.DCGAN` with the networks of DCGAN, whose discriminator has no normalization, and

    plain        nothing else
    packing-2    `packing=2`: the discriminator judges two samples at once (PacGAN, arXiv
                 1712.04086)
    packing-3    three
    deviation    `kg.layers.MinibatchStdDev` before its last layer (arXiv 1710.10196)
    nearness     `kg.layers.MinibatchDiscrimination` there (arXiv 1606.03498)

All else is equal: steps, batches of 96, Adam(--rate, β₁ = 0.5) for both players, no average, since
an average of generators hides that each of them leaves out modes. The rate is greater than DCGAN's
2e-4, at which the plain game collapses more seldom.

Measured five times in a run, of 26,000 samples as in PacGAN's paper:

    classes   those of the 1,000 that appear, as seen by a support vector machine on pixels that
              reads each channel
    KL        KL(classes ‖ uniform) in nats; that of 26,000 real images is below 0.03
    distance  Fréchet, of 5,000 samples to 5,000 real images in pixels

A cell is the median over seeds with the least and the greatest in brackets. Finished runs are kept
in --folder, one JSON file each, and not repeated.
"""

import argparse
import functools
import pathlib
import time

import keras
import numpy as np

import keras_gan as kg
from kept import kept, spread

SHAPE, BATCH, LATENT, WIDTH, MOMENTS, SAMPLES = (8, 8, 3), 96, 64, 24, 5, 26_000
GAMES = {
    "plain": {},
    "packing-2": {"packing": 2},
    "packing-3": {"packing": 3},
    "deviation": {"layer": kg.layers.MinibatchStdDev},
    "nearness": {"layer": functools.partial(kg.layers.MinibatchDiscrimination, 32, 5)},
}


@functools.cache
def reader():
    """From single digits of 8 × 8 pixels to their classes."""
    pairs = kg.data.load("digits", labels=True).as_numpy_iterator()
    return kg.metrics.pixel_classifier(*map(np.stack, zip(*pairs, strict=True)))[0]


@functools.cache
def real_images(count: int) -> np.ndarray:
    """Other images than those of training, in [-1, 1]."""
    dataset = kg.data.load("stacked_digits", split="test")
    return np.stack([*dataset.take(count).as_numpy_iterator()])


def scores(images: np.ndarray) -> dict:
    """How many classes appear, how unevenly, and how far the pixels are from those of the data."""
    found = kg.metrics.class_coverage(kg.metrics.stacked_classes(reader(), images), 1000)
    half = len(images) // 2
    pixels = kg.metrics.features.get("pixels")
    real = pixels(real_images(2 * half)[half:])
    distance = kg.metrics.frechet_distance(real, pixels(images[:half]))
    return {"classes": found.appearing, "kl": found.kl, "distance": distance}


def discriminator(packing: int = 1, layer=None) -> keras.Model:
    """DCGAN's, of packs, with a layer of minibatch statistics before the last one if given."""
    shape = (*SHAPE[:2], packing * SHAPE[2])
    if layer is None:
        return kg.networks.dcgan_discriminator(shape, width=WIDTH)
    network = kg.networks.dcgan_discriminator(shape, width=WIDTH, features=True)
    h = layer()(network.outputs[1])
    return keras.Model(network.inputs, keras.layers.Dense(1)(h), name="discriminator")


def measured(game: str, seed: int, steps: int, rate: float) -> dict:
    """Trains one game; its scores at five moments, and seconds."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    options = GAMES[game]
    generator = kg.networks.dcgan_generator(SHAPE, latent_dim=LATENT, width=WIDTH)
    packing = options.get("packing", 1)
    gan = kg.DCGAN(generator, discriminator(**options), packing=packing, seed=seed)
    adam = functools.partial(keras.optimizers.Adam, rate, beta_1=0.5)
    gan.compile(generator_optimizer=adam(), discriminator_optimizer=adam())
    batches = kg.data.batches(kg.data.load("stacked_digits"), BATCH, seed=seed).repeat()
    moments, start = [], time.perf_counter()
    for _ in range(MOMENTS):
        gan.fit(batches, epochs=1, steps_per_epoch=steps // MOMENTS, verbose=0)
        moments.append(scores(gan.generate(SAMPLES, seed=seed)))
    return {"moments": moments, "seconds": time.perf_counter() - start}


def row(game: str, runs: list[dict]) -> str:
    """The row of a game in the table."""

    def cell(part, form, of=lambda values: values[-1]):
        return spread([of([m[part] for m in run["moments"]]) for run in runs], form)

    cells = [game, str(len(runs)), cell("classes", "g"), cell("classes", "g", max)]
    cells += [cell("kl", ".3f"), cell("distance", ".3g")]
    cells.append(spread([run["seconds"] for run in runs], ".0f"))
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=10_000, help="a multiple of 5")
    parser.add_argument("--rate", type=float, default=1e-3, help="of both players")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("stacked_modes"))
    arguments = parser.parse_args()
    if arguments.steps < MOMENTS or arguments.steps % MOMENTS:
        parser.error(f"--steps must be a multiple of {MOMENTS}")
    headings = "game, seeds, classes, at most, KL, distance, seconds"
    print(f"| {headings.replace(', ', ' | ')} |\n|{'---|' * 7}")
    for game in arguments.games:
        runs = []
        for seed in arguments.seeds:
            what = game, seed, arguments.steps, arguments.rate
            key = dict(zip(("game", "seed", "steps", "rate"), what, strict=True))
            key |= {"width": WIDTH, "batch": BATCH, "latent": LATENT, "samples": SAMPLES}
            name = f"{game}_{seed}"
            runs.append(kept(arguments.folder, name, key, lambda what=what: measured(*what)))
        print(row(game, runs), flush=True)
    key = {"samples": SAMPLES}
    real = kept(arguments.folder, "real", key, lambda: scores(real_images(SAMPLES)))
    cells = f"{real['classes']} | | {real['kl']:.3f} | {real['distance']:.3g}"
    print(f"| other real images | | {cells} | |")


if __name__ == "__main__":
    main()
