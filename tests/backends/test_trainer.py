"""What Keras's JAX trainer does with a game when things go wrong or are unusual."""

import os
import signal

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests.backend import BACKEND
from tests.backends.steps import data, of

pytestmark = pytest.mark.skipif(BACKEND != "jax", reason="of Keras's JAX trainer")


def game(**options):
    gan = of(kg.networks.mlp_discriminator(width=8, depth=2), **options)
    gan.compile()
    return gan


def usable(gan):
    """Its samples, after all that a user may do next."""
    samples = gan.generate(3, seed=0)
    gan.fit(data(), batch_size=20, verbose=0)
    gan.evaluate(data(), verbose=0)
    assert np.isfinite(gan.generate(3, seed=0)).all()
    return samples


class Broken(keras.utils.PyDataset):
    """Batches whose second cannot be read."""

    def __len__(self):
        return 4

    def __getitem__(self, i):
        if i == self.bad:
            raise OSError("unreadable")
        return data()[:20]


@pytest.mark.parametrize("bad", [1, 2])
def test_a_fit_that_fails_leaves_the_game_usable(bad):
    """Before its first step or after it: the first batch is read when the data are looked at."""
    gan = game()
    batches, before = Broken(), gan.generate(3, seed=0)
    batches.bad = bad
    with pytest.raises(OSError, match="unreadable"):
        gan.fit(batches, shuffle=False, verbose=0)
    assert not np.array_equal(usable(gan), before)


def test_a_first_step_that_cannot_be_traced_leaves_the_game_as_it_was():
    gan = game()
    before = gan.generate(3, seed=0)
    with pytest.raises(ValueError, match="networks take samples of shape"):
        gan.fit(((np.ones((4, 3), "float32"),) for _ in range(3)), steps_per_epoch=2, verbose=0)
    np.testing.assert_array_equal(usable(gan), before)


class Interrupt(keras.callbacks.Callback):
    """Sends Ctrl-C in the midst of a training function."""

    def on_train_begin(self, logs=None):
        train = self.model.train_function

        def interrupted(state, iterator):
            os.kill(os.getpid(), signal.SIGINT)
            return train(state, iterator)

        self.model.train_function = self.model._uninterrupted(interrupted)

    def on_train_batch_end(self, batch, logs=None):
        raise AssertionError("the step went on after Ctrl-C")


@pytest.fixture
def obeyed():
    """Ctrl-C raises, in a session that was started in the background too."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("obeyed")
def test_ctrl_c_during_a_step_ends_fit_after_it_with_the_new_weights():
    gan = game()
    before = gan.generate(3, seed=0)
    with pytest.raises(KeyboardInterrupt):
        gan.fit(data(), batch_size=20, verbose=0, callbacks=[Interrupt()])
    gan.make_train_function(force=True)
    assert int(gan.optimizer.iterations) == 1
    assert not np.array_equal(usable(gan), before)


def test_an_optimizer_that_averages_weights_fits_again_and_saves(tmp_path):
    gan = of(kg.networks.mlp_discriminator(width=8, depth=2))
    optimizer = keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.5)
    gan.compile(discriminator_optimizer=optimizer)
    gan.fit(data(), batch_size=20, verbose=0)
    usable(gan)
    gan.save(tmp_path / "gan.keras")


def test_a_short_last_batch_is_cut_as_evenly_as_it_goes():
    gan = game(schedule=5)
    gan.fit(data()[:62], batch_size=20, verbose=0)
    assert int(gan.optimizer.iterations) == 4


def test_a_single_batch_that_is_none_is_refused_by_a_sentence():
    gan = game(schedule=3)
    with pytest.raises(ValueError, match=r"received a dict with the keys \['image'\]"):
        gan.train_on_batch({"image": data()[:9]})
    with pytest.raises(ValueError, match="A batch of 10 does not divide into 3"):
        gan.train_on_batch(data()[:10])


def test_what_a_closure_does_in_the_midst_of_an_epoch():
    """After `settle` it reads and sets the newest values."""
    gan, seen = game(), []

    def look(batch, logs):
        gan.settle()
        seen.append(float(np.sum(gan.generator.get_weights()[0])))
        gan.optimizer["generator"].learning_rate = 0.0

    callback = keras.callbacks.LambdaCallback(on_train_batch_end=look)
    gan.fit(data(), batch_size=20, verbose=0, callbacks=[callback])
    assert len(set(seen)) == 1  # one step with a rate, then none: the first look is after it
    assert float(gan.optimizer["generator"].learning_rate) == 0.0
    with pytest.raises(ValueError, match="whole number in"):
        gan.generate(1, seed=-1)
