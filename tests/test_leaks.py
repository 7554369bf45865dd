"""What is discarded leaves memory, and what goes on does not grow."""

import gc
import weakref

import keras
import pytest
import tensorflow as tf

import keras_gan as kg
from tests import toys
from tests.conftest import BACKEND
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
