"""What is discarded leaves memory, and what goes on does not grow."""

import gc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.data.feeds import Feed
from tests import toys
from tests.backend import BACKEND
from tests.slow import thorough_but


def resident() -> int:
    """The pages of memory that this process holds."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1])


TRACED = []  # weak references to graphs


@keras.saving.register_keras_serializable(package="tests")
class Watched(kg.WGANGP):
    """A game that tells which graph its step was traced in."""

    def train_step(self, data):
        if BACKEND == "tensorflow":
            TRACED.append(weakref.ref(tf.compat.v1.get_default_graph()))
        return super().train_step(data)


def build():
    gan = Watched(
        kg.networks.mlp_generator(width=16),
        kg.networks.mlp_discriminator(width=16),
        discriminator_steps=2,
        average=0.9,
        seed=0,
    )
    gan.compile()
    return gan


def fitted(gan):
    gan.fit(toys.points(128), batch_size=64, verbose=0, callbacks=[kg.callbacks.Health()])
    return gan


@pytest.mark.parametrize("policy", thorough_but(["float32"], ["float32", "mixed_float16"]))
def test_a_discarded_game_leaves_memory_with_the_graph_of_its_step(policy):
    """Keras's own models do not: a gradient that TensorFlow registers for good holds the graph."""
    keras.config.set_dtype_policy(policy)
    TRACED.clear()
    game = weakref.ref(fitted(build()))
    gc.collect()
    assert bool(TRACED) == (BACKEND == "tensorflow")
    assert [graph() for graph in TRACED] == [None] * len(TRACED)
    assert game() is None


def growth(once, rounds):
    """The growth of resident memory after the fifth round, as a share."""
    sizes = []
    for _ in range(rounds):
        once()
        gc.collect()
        sizes.append(resident())
    return max(sizes[5:]) / sizes[4] - 1


def build_fit_discard():
    keras.backend.clear_session()  # or TensorFlow keeps the kernels of every function it ever ran
    fitted(build())


@pytest.mark.slow
def test_fit_again_and_again_does_not_grow():
    gan = build()
    assert growth(lambda: fitted(gan), 12) < 0.05


@pytest.mark.slow
def test_40_fits_of_one_model_do_not_grow():
    gan = build()
    assert growth(lambda: fitted(gan), 40) < 0.05


@pytest.mark.slow
def test_40_models_built_fitted_and_discarded_do_not_grow():
    assert growth(build_fit_discard, 40) < 0.05


def held_by_nobody(samples, use) -> bool:
    """Whether what a data set holds leaves memory once it was used and let go."""
    dataset = kg.data.load(samples)
    column = weakref.ref(dataset.held.columns[0])
    use(dataset)
    del dataset
    gc.collect()
    return column() is None


@pytest.mark.parametrize(
    "use",
    [
        list,
        lambda dataset: list(kg.data.batches(dataset, 4)),
        lambda dataset: list(kg.data.batches(dataset, 4).passes_from(1, 1).take(2)),
    ],
    ids=["samples", "batches", "later passes"],
)
def test_samples_leave_memory_with_the_batches_of_them(use):
    """TensorFlow keeps every `numpy_function` for good, and what it mentions."""
    assert held_by_nobody(np.zeros((20, 4, 4, 3), "uint8"), use)


@pytest.mark.parametrize(
    "data",
    [
        lambda x: tf.data.Dataset.from_tensor_slices(x).batch(64),
        lambda x: iter([x[:64], x[64:]]),
        lambda x: [x[:64]].__iter__(),
    ],
    ids=["tf.data", "iterator", "one batch"],
)
def test_a_game_leaves_memory_also_where_batches_were_looked_at(data):
    game = build()
    game.fit(data(toys.points(128)), steps_per_epoch=1, verbose=0)
    game = weakref.ref(game)
    gc.collect()
    assert game() is None
    assert not [each for each in gc.get_objects() if isinstance(each, Feed)]
