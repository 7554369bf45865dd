"""Trainings that are cut off and resumed, against the same ones that never stopped, bit by bit.

    python benchmarks/reliability/exact_resume.py
    KERAS_BACKEND=jax python benchmarks/reliability/exact_resume.py
    python benchmarks/reliability/exact_resume.py --only BiGAN float16

Each variant trains tiny networks for two epochs of four steps: once whole, and once with a crash
after the fifth or so, gone on with by a new game from other weights, as a new program would. It is
exact if weights, averages, optimizer slots, random states and the history are the same to the bit.
Else `fit` must have warned of it beforehand. The last line counts them; the exit code is 1 if any
variant is neither.
"""

import argparse
import random
import sys
import tempfile
import time
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import keras_gan as kg
from keras_gan.callbacks import Checkpoint, LearningRate
from keras_gan.checkpoints.state import variables_of

STEPS, SIZE = 4, 8
POINTS = np.random.default_rng(0).normal(size=(256, 2)).astype("float32")
PAIR = np.random.default_rng(1).uniform(-1, 1, (2, 64, 4, 4, 1)).astype("float32")
RECIPES = ("DCGAN", "SNGAN", "FGAN", "WGAN", "WGANGP", "CTGAN", "DRAGAN", "GANGP", "R3GAN")
NETWORK = {"SNGAN": {"normalization": "spectral"}, "CTGAN": {"dropout": 0.5, "features": True}}
MLP = {"width": 4, "depth": 1}
FLIP = layers.RandomFlip("vertical", seed=2)  # which tf.data can trace on either backend


class CrashError(Exception):
    """What cuts a training off."""


class Crash(keras.callbacks.Callback):
    """Cuts a training off before a step."""

    def __init__(self, steps):
        super().__init__()
        self.left = steps

    def on_train_batch_begin(self, batch, logs=None):
        if self.left <= 0:
            raise CrashError
        self.left -= self.model.steps_per_execution


@keras.saving.register_keras_serializable(package="exact_resume")
class Unseeded(layers.Layer):
    """Noise from Keras's global random stream."""

    def call(self, x):
        return x + keras.random.normal(keras.ops.shape(x))


class RandomBatches(keras.utils.PyDataset):
    """Other samples at every look."""

    def __len__(self):
        return STEPS

    def __getitem__(self, i):
        return (np.random.default_rng().normal(size=(SIZE, 2)).astype("float32"),)


def joint(name, *sizes, outputs=1):
    inputs = [keras.Input((size,)) for size in sizes]
    hidden = layers.Dense(4, activation="relu")(layers.Concatenate()(inputs))
    return keras.Model(inputs, layers.Dense(outputs, dtype="float32")(hidden), name=name)


def encoder():
    return keras.Sequential([keras.Input((2,)), layers.Dense(2, dtype="float32")])


def picture(name, **options):
    return keras.Sequential(
        [keras.Input((4, 4, 1)), layers.Conv2D(1, 3, dtype="float32", **options)], name=name
    )


def cyclegan(**options):
    translators = [picture(name, padding="same") for name in ("xy", "yx")]
    return kg.CycleGAN(*translators, *map(picture, ("x", "y")), pool_size=6, **options)


def recipe(name):
    def build(**options):
        discriminator = kg.networks.mlp_discriminator(**MLP, **NETWORK.get(name, {}))
        return getattr(kg, name)(kg.networks.mlp_generator(**MLP), discriminator, **options)

    return build


def unseeded(**options):
    noisy = keras.Sequential([keras.Input((2,)), Unseeded(), layers.Dense(1)])
    return kg.GAN(kg.networks.mlp_generator(**MLP), noisy, **options)


GAMES = {
    "GAN": recipe("GAN"),
    "UnrolledGAN": recipe("UnrolledGAN"),
    "BiGAN": lambda **o: kg.BiGAN(
        kg.networks.mlp_generator(**MLP), encoder(), joint("discriminator", 2, 2), **o
    ),
    "AVB": lambda **o: kg.AVB(
        kg.networks.mlp_generator(**MLP),
        joint("encoder", 2, 3, outputs=2),
        joint("discriminator", 2, 2),
        **o,
    ),
}


def noise():
    return layers.GaussianNoise(0.1, seed=2)


def flipped(x):
    return FLIP(x[..., None, None], training=True)[..., 0, 0]


def batches(parts=1, **options):
    return kg.data.batches(
        POINTS[: STEPS * SIZE * parts], SIZE, discriminator_steps=parts, **options
    )


DATA = {
    "arrays": lambda parts: POINTS[: STEPS * SIZE * parts],
    "batches": batches,
    "repeated": lambda parts: batches(parts).repeat(),
    "augmented": lambda parts: batches(parts, augment=noise()),
    "buffered": lambda parts: batches(parts, cache=False),
    "tf.data": lambda parts: (
        tf.data.Dataset.from_tensor_slices(POINTS[: STEPS * SIZE * parts])
        .shuffle(50, seed=1)
        .batch(SIZE * parts)
    ),
    "pairs": lambda parts: tuple(PAIR[:, : STEPS * SIZE]),
    "unpaired": lambda parts: kg.data.unpaired(*PAIR[:, : STEPS * SIZE], SIZE),
    "augmented pairs": lambda parts: kg.data.unpaired(
        *PAIR[:, : STEPS * SIZE], SIZE, augment=layers.RandomFlip(seed=1)
    ),
    "unseeded shuffle": lambda parts: (
        tf.data.Dataset.from_tensor_slices(POINTS[: STEPS * SIZE]).shuffle(50).batch(SIZE)
    ),
    "random layer in a map": lambda parts: (
        tf.data.Dataset.from_tensor_slices(POINTS[: STEPS * SIZE])
        .batch(SIZE)
        .map(flipped)
        .prefetch(2)
    ),
    "random PyDataset": lambda parts: RandomBatches(),
    "random augmentation": lambda parts: batches(
        augment=lambda x: x + tf.random.normal(tf.shape(x))
    ),
}


def variants():
    """Name, game, data and options of every variant."""
    for name, game in GAMES.items():
        for data in ("arrays", "batches", "repeated", "augmented", "tf.data"):
            yield f"{name}, {data}", game, data, {}
    for data in ("pairs", "unpaired", "augmented pairs"):
        yield f"CycleGAN, {data}", cyclegan, data, {}
    for name in RECIPES:
        yield f"{name}, augmented", recipe(name), "augmented", {}
        yield f"{name}, fused steps", recipe(name), "repeated", {"fused": 2}
    yield "GAN, simultaneous", GAMES["GAN"], "batches", {"schedule": "simultaneous"}
    for rates in ("cosine", "callback"):
        yield f"GAN, {rates} learning rate", GAMES["GAN"], "augmented", {"rates": rates}
    yield "GAN, buffered", GAMES["GAN"], "buffered", {}
    yield "GAN, no seed", GAMES["GAN"], "arrays", {"seed": None}
    for policy in ("mixed_float16", "mixed_bfloat16"):
        for name in ("GAN", "BiGAN", "AVB"):
            yield f"{name}, {policy}", GAMES[name], "augmented", {"policy": policy}
    for data in [name for name in DATA if "random " in name or "unseeded" in name]:
        yield f"GAN, {data}", GAMES["GAN"], data, {}
    yield "GAN, EarlyStopping", GAMES["GAN"], "batches", {"stops": True}
    if keras.backend.backend() == "tensorflow":  # on JAX Keras refuses it
        yield "GAN, unseeded keras.random", unseeded, "batches", {}
    else:
        yield "GAN, fused and augmented", GAMES["GAN"], "augmented", {"fused": 2}
    for name in ("BiGAN", "AVB"):
        yield f"{name}, fused steps", GAMES[name], "augmented", {"fused": 2}


def trained(folder, weights, crash, build, data, options):
    """Trains in a folder, from weights that a number decides; the game and its history."""
    keras.utils.set_random_seed(weights)
    keras.config.set_dtype_policy(options.get("policy", "float32"))
    settings = {"schedule": options["schedule"]} if "schedule" in options else {}
    game = build(seed=options.get("seed", 5), **settings)
    rate = {}
    if options.get("rates") == "cosine":
        decay = keras.optimizers.schedules.CosineDecay(1e-3, 10)
        rate = {"generator_optimizer": keras.optimizers.Adam(decay)}
    game.compile(steps_per_execution=options.get("fused", 1), **rate)
    tf.random.set_seed(None)  # what is not seeded is not
    random.seed()
    callbacks = [Checkpoint(folder, every=2)]
    if options.get("rates") == "callback":
        callbacks.insert(0, LearningRate(lambda epoch, rate: rate / 2))
    if options.get("stops"):
        stopping = keras.callbacks.EarlyStopping("generator_loss", patience=9, mode="min")
        callbacks.insert(0, stopping)
    if crash is not None:
        callbacks.insert(0, Crash(crash))
    x = DATA[data](game.schedule.parts)
    given = {"x": x[0], "y": x[1]} if isinstance(x, tuple) else {"x": x}
    if data in ("arrays", "pairs"):
        given["batch_size"] = SIZE * game.schedule.parts
    if data == "repeated":
        given["steps_per_epoch"] = STEPS
    history = game.fit(**given, epochs=2, verbose=0, callbacks=callbacks).history
    groups = variables_of(game).values()
    state = [keras.ops.convert_to_numpy(v).tobytes() for group in groups for v in group]
    return state, history


def verdict(name, build, data, options):
    """Whether a variant is `"exact"`, `"warned"` of beforehand, or what else."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if options.get("seed", 5) is None:  # the seed of the whole one is that of its checkpoint
            random.seed(0)
        run = (build, data, options)
        crash = 6 if options.get("fused") else 5
        try:
            if "seed" not in options:
                whole = trained(f"{folder}/whole", 3, None, *run)
            try:
                trained(f"{folder}/cut", 3, crash, *run)
                return "was not cut off"
            except CrashError:
                told = [str(w.message) for w in caught if "may end otherwise" in str(w.message)]
            resumed = trained(f"{folder}/cut", 4, None, *run)
            if "seed" in options:  # whose whole run has to have the seed of the cut one
                whole = trained(
                    f"{folder}/whole", 3, None, build, data, {**options, "seed": drawn(folder)}
                )
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    same = whole[0] == resumed[0] and same_history(whole[1], resumed[1])
    return "exact" if same else "warned" if told else "not exact, without a word"


def drawn(folder):
    """The seed that a game without one drew, as its checkpoint has it."""
    from keras_gan.checkpoints import CheckpointFolder

    return CheckpointFolder(f"{folder}/cut").find().header["seed"]


def same_history(one, other):
    """Whether two histories have the same bits."""
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name], equal_nan=True) for name in one
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", help="variants whose names hold all of these words")
    chosen = parser.parse_args(arguments).only or []
    counts, begun = {"exact": 0, "warned": 0, "other": 0}, time.perf_counter()
    for name, *rest in variants():
        if all(word in name for word in chosen):
            found = verdict(name, *rest)
            counts[found if found in counts else "other"] += 1
            print(f"{name:<40}{found}", flush=True)
            keras.backend.clear_session()
    seconds = time.perf_counter() - begun
    print(
        f"{counts['exact']} exact, {counts['warned']} warned of beforehand, {counts['other']} "
        f"others ({keras.backend.backend()}, {seconds:.0f} s)"
    )
    return 1 if counts["other"] else 0


if __name__ == "__main__":
    sys.exit(main())
