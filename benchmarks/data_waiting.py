"""The share of its time that a training waits for data, in `fit` itself.

    python benchmarks/data_waiting.py
    python benchmarks/data_waiting.py --only photographs streamed --steps 100

A clock starts whenever the step asks for a batch, and stops when it has it, within tf.data's graph.
The first epoch, in which the step is compiled, does not count. The last column is what the clock
measures where nothing is waited for: one batch, given again and again. `streamed` are the
photographs where memory cannot hold them, decoded again in every pass.
"""

import argparse
import contextlib
import pathlib
import tempfile
import time
import unittest.mock
import warnings

import keras
import numpy as np
import tensorflow as tf
from memory import write_photographs

import keras_gan as kg

PHOTOGRAPHS, SIDE, SIZE, BATCH = 500, 512, 64, 64


class Clock(keras.callbacks.Callback):
    """The time of all epochs but the first, and how much of it batches were waited for."""

    def __init__(self):
        super().__init__()
        with tf.device("CPU:0"):
            self.waited = tf.Variable(0.0, dtype=tf.float64)
        self.steps = 0

    def timed(self, batches):
        """The batches, each of which adds to `waited`."""
        asked = tf.data.Dataset.range(1).repeat().map(lambda _: tf.timestamp())

        def received(begun, batch):
            with tf.control_dependencies(tf.nest.flatten(batch)):
                waited = self.waited.assign_add(tf.timestamp() - begun)
            with tf.control_dependencies([waited]):
                return tf.nest.map_structure(tf.identity, batch)

        timed = tf.data.Dataset.zip(asked, batches).map(received)
        timed.extremes = getattr(batches, "extremes", None)  # so that fit looks as it would
        return timed

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            self.waited.assign(0.0)
            self.begun = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - getattr(self, "begun", time.perf_counter())

    @property
    def share(self):
        """The share of the time that was waited."""
        return float(self.waited) / self.seconds


def game(shape, fused):
    """A small game: its steps are short, so that data are hard to have in time."""
    if len(shape) == 1:
        networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    else:
        networks = (
            kg.networks.dcgan_generator(shape, latent_dim=64, width=16),
            kg.networks.dcgan_discriminator(shape, width=16),
        )
    gan = kg.GAN(*networks, seed=0)
    gan.compile(steps_per_execution=fused)
    return gan


@contextlib.contextmanager
def without_room():
    """A scope in which memory seems too small for a folder's images."""
    with (
        warnings.catch_warnings(),
        unittest.mock.patch("keras_gan.data.pictures.free_memory", return_value=10**7),
    ):
        warnings.filterwarnings("ignore", message=".*decoded again in every pass")
        yield


def source(name, folder):
    """The samples of a name in `NAMES`, and how many steps are taken at once."""
    if name == "points":
        return "ring", 50
    if name == "bytes":
        return np.random.default_rng(0).integers(256, size=(5000, 28, 28, 1), dtype=np.uint8), 1
    if not folder.exists():
        write_photographs(folder, PHOTOGRAPHS, SIDE)
    with without_room() if name == "streamed" else contextlib.nullcontext():
        return kg.data.load(folder, image_size=SIZE), 1


NAMES = ("points", "bytes", "photographs", "streamed")


def waited(batches, fused, steps):
    """The seconds per step of a training on batches, and the share of it that it waits for them."""
    clock = Clock()
    game(tuple(batches.element_spec.shape[1:]), fused).fit(
        clock.timed(batches.repeat()),
        epochs=2,
        steps_per_epoch=fused * steps,
        verbose=0,
        callbacks=[clock],
    )
    return clock.seconds / (fused * steps), clock.share


def measured(name, folder, steps):
    """The seconds per step, the share that is waited, and that of a training on one batch."""
    samples, fused = source(name, folder)
    batches = kg.data.batches(samples, BATCH, seed=0)
    one = tf.data.Dataset.from_tensors(next(iter(batches)))
    one.extremes = batches.extremes
    return *waited(batches, fused, steps), waited(one, fused, steps)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    print("| data | ms per step | waiting for data | of one batch |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as parent:
        for name in options.only:
            folder = pathlib.Path(parent) / "photographs"
            seconds, share, least = measured(name, folder, options.steps)
            print(f"| {name} | {1000 * seconds:.2f} | {share:.1%} | {least:.1%} |", flush=True)


if __name__ == "__main__":
    main()
