"""Each player's learning rate, the averaged generator in evaluations."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.callbacks import LearningRate, SwapAverage
from tests import toys

Decay = keras.optimizers.schedules.ExponentialDecay


def make(compiled=None, **options):
    keras.utils.set_random_seed(1)
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=2, **options)
    gan.compile(**(compiled or {}))
    return gan


def rate(gan, player):
    return float(gan.optimizer[player].learning_rate)


def test_a_schedule_by_step_counts_its_own_players_updates():
    """Three discriminator steps a step of fit, five steps: 15 updates and 5."""
    optimizers = {
        "discriminator_optimizer": keras.optimizers.SGD(Decay(0.1, 1, 0.5)),
        "generator_optimizer": keras.optimizers.SGD(Decay(0.2, 1, 0.5)),
    }
    gan = make(optimizers, schedule=3)
    gan.fit(toys.points(5 * 24), batch_size=24, verbose=0)
    assert rate(gan, "discriminator") == pytest.approx(0.1 * 0.5**15, rel=1e-5)
    assert rate(gan, "generator") == pytest.approx(0.2 * 0.5**5, rel=1e-5)


def test_a_rate_by_epoch_is_one_players_alone_and_logged():
    gan = make()
    seen = []

    def schedule(epoch, present):
        seen.append((epoch, present))
        return 0.5 / (epoch + 1)

    history = gan.fit(
        toys.points(32), epochs=3, verbose=0, callbacks=[LearningRate(schedule, "discriminator")]
    ).history
    assert seen == [(0, pytest.approx(2e-4)), (1, 0.5), (2, 0.25)]
    assert history["discriminator_learning_rate"] == pytest.approx([0.5, 0.25, 1 / 6])
    assert rate(gan, "generator") == pytest.approx(2e-4)


SCHEDULES = {
    "of the epoch": (lambda epoch: 0.5 * 0.1**epoch, [0.5, 0.05, 0.005]),
    "of the epoch, with an option": (lambda epoch, *, first=0.5: first / (1 + epoch), [0.5, 0.25]),
    "of both by position": (lambda *given: 0.25 * given[0] + 0 * given[1], [0.0, 0.25]),
    "keras": (keras.optimizers.schedules.CosineDecay(0.5, decay_steps=2), [0.5, 0.25, 0.0]),
    "of steps of Keras": (Decay(0.5, 1, 0.5), [0.5, 0.25, 0.125]),
    "of NumPy": (lambda epoch, r: np.array([0.25]), [0.25, 0.25]),
    "of tensors": (lambda epoch: keras.ops.divide(0.5, epoch + 1), [0.5, 0.25]),
}


@pytest.mark.parametrize("case", SCHEDULES)
def test_schedules_of_the_epoch_alone_and_those_of_keras(case):
    """As for Keras's own LearningRateScheduler, which gives a schedule's step the epoch."""
    schedule, expected = SCHEDULES[case]
    gan, callback = make(), LearningRate(schedule)
    history = gan.fit(toys.points(8), epochs=len(expected), verbose=0, callbacks=[callback]).history
    assert history["generator_learning_rate"] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (
            1e-3,
            "takes a function of the epoch and the rate, .*received 0.001.*Give a constant rate",
        ),
        ("cosine", "takes a function of the epoch and the rate, .*received 'cosine'"),
        (Decay, "takes a function of the epoch and the rate"),
        (lambda: 0.1, r"received one with the arguments \(\)"),
        (lambda a, b, c: 0.1, r"received one with the arguments \(a, b, c\)"),
    ],
)
def test_what_is_no_schedule_is_refused_when_the_callback_is_made(schedule, message):
    with pytest.raises(ValueError, match=message):
        LearningRate(schedule)


def test_a_schedule_made_for_steps_is_warned_of():
    decay = keras.optimizers.schedules.CosineDecay(2e-4, decay_steps=10_000)
    with pytest.warns(UserWarning, match="CosineDecay hardly changes the generator's .* 2 epochs"):
        make().fit(toys.points(8), epochs=2, verbose=0, callbacks=[LearningRate(decay)])


def test_a_rate_of_zero_stops_one_player():
    gan = make()
    before = [np.array(v.numpy()) for v in gan.trainable_variables]
    gan.fit(toys.points(32), verbose=0, callbacks=[LearningRate(lambda epoch, r: 0.0)])
    moved = [not np.array_equal(a, b) for a, b in zip(before, gan.trainable_variables, strict=True)]
    count = len(gan.generator.trainable_variables)
    assert moved == [False] * count + [True] * (len(moved) - count)


def test_the_rate_within_a_loss_scale_is_set():
    keras.config.set_dtype_policy("mixed_float16")
    gan = make()
    gan.fit(toys.points(32), verbose=0, callbacks=[LearningRate(lambda epoch, r: 0.125)])
    assert rate(gan, "generator") == 0.125


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (LearningRate(lambda e, r: r), "The generator's learning rate is a ExponentialDecay"),
        (LearningRate(lambda e, r: r, "critic"), "Unknown player 'critic'"),
        (LearningRate(lambda e, r: -1.0, "discriminator"), "at least 0; the schedule returned -1"),
        (LearningRate(lambda e: None, "discriminator"), "at least 0; the schedule returned None"),
    ],
)
def test_what_cannot_be_set_is_refused_before_the_first_step(callback, message):
    gan = make({"generator_optimizer": keras.optimizers.SGD(Decay(0.1, 1, 0.5))})
    with pytest.raises(ValueError, match=message):
        gan.fit(toys.points(32), verbose=0, callbacks=[callback])
    assert int(gan.optimizer.iterations) == 0


def values(network):
    return [v.numpy() for v in network.weights]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


class Recorder(keras.callbacks.Callback):
    """Keeps the generator's weights in the middle of an evaluation and may fail there."""

    def __init__(self, fails=False):
        super().__init__()
        self.fails = fails

    def on_test_batch_end(self, batch, logs=None):
        self.seen = values(self.model.generator)
        if self.fails:
            raise RuntimeError("in the middle")


@pytest.mark.thorough
def test_an_evaluation_sees_the_average_and_training_does_not():
    plain, gan, recorder = make(average=0.9), make(average=0.9), Recorder()
    x, options = toys.points(64), {"epochs": 2, "shuffle": False, "verbose": 0}
    plain.fit(x, validation_data=x, **options)
    gan.fit(x, validation_data=x, callbacks=[SwapAverage(), recorder], **options)
    assert same(values(plain), values(gan))
    assert same(recorder.seen, [v.numpy() for v in gan.average.averages])
    assert not same(recorder.seen, values(gan.generator))
    averaged = gan.evaluate(x, verbose=0, return_dict=True, callbacks=[SwapAverage()])
    own = gan.evaluate(x, verbose=0, return_dict=True)
    with gan.average.swapped():
        assert gan.evaluate(x, verbose=0, return_dict=True) != own
    assert averaged != own


@pytest.mark.thorough
def test_its_own_weights_come_back_when_the_evaluation_fails():
    gan = make(average=0.9)
    gan.fit(toys.points(64), verbose=0)
    before = values(gan)
    for callbacks in ([SwapAverage(), Recorder(fails=True)], [Recorder(fails=True), SwapAverage()]):
        with pytest.raises(RuntimeError, match="in the middle"):
            gan.evaluate(toys.points(64), verbose=0, callbacks=callbacks)
        assert same(before, values(gan))
    with pytest.raises(RuntimeError, match="in the middle"):
        gan.fit(
            toys.points(64),
            verbose=0,
            validation_data=toys.points(64),
            callbacks=[LearningRate(lambda e, r: 0.0), SwapAverage(), Recorder(fails=True)],
        )
    kernel = gan.generator.trainable_variables[0].numpy()
    assert np.array_equal(kernel, before[0])  # its rate was 0


def test_the_average_stays_at_the_end_if_asked():
    gan = make(average=0.9)
    gan.fit(toys.points(64), verbose=0, callbacks=[SwapAverage(at_end=True)])
    assert same(values(gan.generator), [v.numpy() for v in gan.average.averages])
    assert gan.average.kept is None


def test_a_game_without_average_is_refused():
    with pytest.raises(ValueError, match="build the model with a decay, such as average=0.999"):
        make().fit(toys.points(32), verbose=0, callbacks=[SwapAverage()])
    fresh = make(average=0.9)
    before = values(fresh)
    fresh.evaluate(toys.points(32), verbose=0, callbacks=[SwapAverage()])  # no average yet
    assert same(before, values(fresh))


@pytest.mark.thorough
def test_the_average_swaps_under_a_strategy(two_replicas):
    with two_replicas.scope():
        gan = make(average=0.9)
    x = toys.points(64)
    gan.fit(x, validation_data=x, verbose=0, callbacks=[SwapAverage()])
    replicas = two_replicas.experimental_local_results(gan.generator.weights[0].value)
    assert np.array_equal(replicas[0], replicas[1])


@pytest.mark.thorough
def test_export_writes_the_averaged_generator(tmp_path):
    gan = make(average=0.9)
    gan.fit(toys.points(64), verbose=0)
    before = values(gan)
    z = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")
    for average in (True, False):
        gan.export(tmp_path / str(average), average=average, verbose=False)
        loaded = tf.saved_model.load(str(tmp_path / str(average)))
        served = loaded.serve(z)
        with gan.average.applied() if average else keras.StatelessScope():
            expected = gan.generator(z, training=False)
        np.testing.assert_allclose(served, expected, rtol=1e-5, atol=1e-6)
    assert same(before, values(gan))
