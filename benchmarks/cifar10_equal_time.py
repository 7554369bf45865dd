"""CIFAR-10 in equal time: frozen features, labels and augmentation, and neither.

    python benchmarks/cifar10_equal_time.py --folder runs/cifar10     # all of it, nine half hours
    python benchmarks/cifar10_equal_time.py --games projected --seeds 0 --minutes 2

    recipe     that of the preset `r3gan_cifar10`: R3GAN, DCGAN networks, R1 and R2 every 4 steps
    labels     SN-GAN on class labels, images flipped and seen through DiffAugment (Zhao et al.
               2020, arXiv 2006.10738)
    projected  `kg.ProjectedGAN` on class labels: heads on frozen features of photographs (Sauer et
               al. 2021, arXiv 2111.01007), which see the images at 32 pixels

All have the same DCGAN generator, of width 32, and batches of 64. The recipe has the optimizers of
its preset. The rate of `projected`, 1.5e-3, was chosen among four by 110 seconds of seed 0; that of
`labels`, 1e-3, is the one by which SN-GAN does best in `adam_settings.py`; both have an average of
0.999. Time is processor time of training, scores left out, so that what else the machine does costs
none of it: on one thread it is wall time. Six times in a run, and at its end:

    distance  Fréchet, of 10,000 samples of the averaged generator to the 10,000 images of the test
              split, in the features of this library's classifier of CIFAR-10, which no game sees
    share     the distance by that of `recipe` with the same seed

A cell is the median over seeds with the least and the greatest in brackets. Trainings and their
distances are kept in --folder: one that is cut off goes on, a finished one is not repeated. The aim
is a share of at most 0.4 of `projected` and of 0.6 of `labels`.
"""

import argparse
import json
import pathlib
import statistics
import time

import keras
import numpy as np

import keras_gan as kg
from kept import kept, spread
from keras_gan.files.atomic import write_atomically

SHAPE, LATENT, WIDTH, BATCH, LOOKS, EPOCH = (32, 32, 3), 128, 32, 64, 6, 50
AIMS = {"labels": 0.6, "projected": 0.4}


def recipe(seed: int) -> kg.GAN:
    """What the preset was trained as."""
    networks = generator(), kg.networks.dcgan_discriminator(SHAPE, WIDTH)
    return kg.R3GAN(*networks, penalty_weight=1.0, penalty_every=4, average=0.999, seed=seed)


def labels(seed: int) -> kg.GAN:
    """With labels and augmentation."""
    discriminator = kg.networks.dcgan_discriminator(
        SHAPE, WIDTH, normalization="spectral", classes=10
    )
    augment = "flip,color,translation,cutout"
    return kg.SNGAN(generator(10), discriminator, average=0.999, augment=augment, seed=seed)


def projected(seed: int) -> kg.GAN:
    """With frozen features."""
    return kg.ProjectedGAN(generator(10), width=16, input_size=32, average=0.999, seed=seed)


GAMES = {"recipe": recipe, "labels": labels, "projected": projected}
ADAM = {  # of both players; the recipe has its own
    "labels": {"learning_rate": 1e-3, "beta_1": 0.5},
    "projected": {"learning_rate": 1.5e-3, "beta_1": 0.0, "beta_2": 0.99},
}


def generator(classes: int | None = None) -> keras.Model:
    """The generator of all games."""
    return kg.networks.dcgan_generator(SHAPE, LATENT, WIDTH, classes=classes)


class Clock(keras.callbacks.Callback):
    """Stops a training when its time is over, and scores it at equal parts of that.

    Args:
        path: Where seconds and scores are kept, JSON, for a training that goes on.
        seconds: Of processor time.
        scored: From a game to a number.
    """

    def __init__(self, path: pathlib.Path, seconds: float, scored):
        super().__init__()
        self.path, self.seconds, self.scored = path, seconds, scored
        self.epochs = []  # seconds in all at the end of each
        self.looks = []

    def on_resume(self, progress):
        """Takes up the times of the epochs that were done; `fit` calls it."""
        if not progress.epoch:
            return
        found = json.loads(self.path.read_text())
        self.epochs = found["epochs"][: progress.epoch]
        self.looks = [look for look in found["looks"] if look["epoch"] <= progress.epoch]

    def on_epoch_begin(self, epoch, logs=None):
        """Starts counting, after what other callbacks did at the end of the last epoch."""
        self.began = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        """Counts the epoch, and scores or stops where it is time."""
        before = self.epochs[-1] if self.epochs else 0.0
        self.epochs.append(before + time.process_time() - self.began)
        if self.epochs[-1] >= self.seconds * (len(self.looks) + 1) / LOOKS:
            self.looks.append({"epoch": epoch + 1, "distance": self.scored(self.model)})
        kept = {"epochs": self.epochs, "looks": self.looks}
        write_atomically(self.path, json.dumps(kept).encode())
        self.model.stop_training = self.epochs[-1] >= self.seconds


def measured(folder: pathlib.Path, game: str, seed: int, minutes: float, samples: int) -> dict:
    """Trains one game, or goes on; its distances, steps and seconds."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    gan = GAMES[game](seed)
    players = ("generator_optimizer", "discriminator_optimizer") if game in ADAM else ()
    gan.compile(**{player: keras.optimizers.Adam(**ADAM[game]) for player in players})
    features = kg.metrics.features.get("cifar10")
    held_out = features(np.stack([*images("test", samples).as_numpy_iterator()]))

    def scored(gan):
        return kg.metrics.frechet_distance(held_out, features(gan.generate(samples, seed=seed)))

    data = kg.data.load("cifar10", labels=game != "recipe")
    batches = kg.data.batches(data, BATCH, seed=seed).repeat()
    folder = folder / f"{game}_{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock(folder / "clock.json", 60.0 * minutes, scored)
    gan.fit(
        batches,
        epochs=1_000_000,
        steps_per_epoch=EPOCH,
        callbacks=[clock, kg.callbacks.Checkpoint(folder / "checkpoints")],
        verbose=0,
    )
    steps = EPOCH * len(clock.epochs)
    return {"looks": clock.looks, "steps": steps, "seconds": clock.epochs[-1]}


def images(split: str, count: int):
    """Real images in [-1, 1]."""
    return kg.data.load("cifar10", split=split).take(count)


def row(game: str, runs: list[dict], plain: list[dict]) -> str:
    """The row of a game in the table."""

    def ends(results):
        return [run["looks"][-1]["distance"] for run in results]

    best = [min(look["distance"] for look in run["looks"]) for run in runs]
    cells = [game, str(len(runs)), spread([run["steps"] for run in runs], ",")]
    cells += [spread(ends(runs), ".3g"), spread(best, ".3g")]
    pairs = list(zip(ends(runs), ends(plain), strict=False))
    cells.append(spread([one / other for one, other in pairs], ".2f") if pairs else "")
    return f"| {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--games", nargs="+", choices=GAMES, default=list(GAMES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--minutes", type=float, default=30.0, help="of processor time, a run")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("cifar10_equal_time"))
    arguments = parser.parse_args()
    print(f"| game | seeds | steps | distance | at best | share |\n|{'---|' * 6}")
    found = {}
    for game in arguments.games:
        runs = []
        for seed in arguments.seeds:
            what = arguments.folder, game, seed, arguments.minutes, arguments.samples
            key = dict(zip(("game", "seed", "minutes", "samples"), what[1:], strict=True))
            key |= {"width": WIDTH, "batch": BATCH, "latent": LATENT, "adam": ADAM.get(game)}
            name = f"{game}_{seed}"
            runs.append(kept(arguments.folder, name, key, lambda what=what: measured(*what)))
        found[game] = runs
        print(row(game, runs, found.get("recipe", [])), flush=True)
    missed = [
        f"{game} {share:.2f}, at most {AIMS[game]}"
        for game, share in shares(found).items()
        if share > AIMS[game]
    ]
    if missed:
        raise SystemExit(f"Targets missed: {'; '.join(missed)}")


def shares(found: dict[str, list[dict]]) -> dict[str, float]:
    """The medians of the distances at the end by that of `recipe`, if that was run."""
    if "recipe" not in found:
        return {}
    ends = {
        game: statistics.median(run["looks"][-1]["distance"] for run in runs)
        for game, runs in found.items()
    }
    return {game: ends[game] / ends["recipe"] for game in AIMS if game in ends}


if __name__ == "__main__":
    main()
