"""A training that was cut off anywhere and begun again equals one that never was."""

import itertools
import os
import signal
from typing import NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

import keras_gan as kg
from keras_gan.callbacks import Checkpoint, LearningRate
from keras_gan.checkpoints import CheckpointFolder, Progress, pack, restore
from keras_gan.checkpoints.state import variables_of
from keras_gan.data.streams import stream_of
from tests import toys
from tests.slow import slow_but


class CutOffError(Exception):
    """Ends `fit` as a crash would."""


class Crash(keras.callbacks.Callback):
    """Ends `fit` after a number of its own steps, or at the end of its n-th epoch."""

    def __init__(self, after_steps=None, after_epochs=None):
        super().__init__()
        self.steps, self.epochs = after_steps, after_epochs

    def on_train_batch_begin(self, batch, logs=None):
        if self.steps is not None and self.steps <= 0:
            raise CutOffError
        if self.steps is not None:
            self.steps -= self.model.steps_per_execution

    def on_epoch_begin(self, epoch, logs=None):
        if self.epochs == 0:
            raise CutOffError
        if self.epochs is not None:
            self.epochs -= 1


def new_gan(steps_per_execution=1, seed=7):
    """An SN-GAN with all the state that there is: noise, averages, spectral vectors, dropout."""
    discriminator = keras.Sequential(
        [
            keras.Input((2,)),
            kg.layers.InstanceNoise(0.3, anneal_steps=50, seed=5),
            kg.layers.SpectralNormalization(keras.layers.Dense(8)),
            keras.layers.LeakyReLU(0.2),
            keras.layers.Dropout(0.2),
            kg.layers.SpectralNormalization(keras.layers.Dense(1)),
        ]
    )
    gan = kg.SNGAN(
        toys.generator(),
        discriminator,
        average=0.9,
        seed=seed,
        discriminator_steps=2,
    )
    gan.compile(steps_per_execution=steps_per_execution)
    return gan


class Game:
    """One compiled game, traced once, that tests take back to its beginning."""

    def __init__(self, steps_per_execution=1):
        self.gan = new_gan(steps_per_execution)
        self.initial = pack(self.gan, Progress())

    def fresh(self):
        """The game before its first step."""
        restore(self.gan, self.initial)
        return self.gan

    def strange(self):
        """The game in another state, of which nothing may be left after resuming."""
        gan = self.fresh()
        for variable in itertools.chain(*variables_of(gan).values()):
            variable.assign(variable + keras.ops.ones((), variable.dtype))
        return gan


@pytest.fixture(scope="module")
def game():
    return Game()


@pytest.fixture(scope="module")
def fused_game():
    return Game(steps_per_execution=5)


def even_arrays(gan):
    return {"x": toys.points(76), "batch_size": 8}  # ten batches, the last one shorter


def unshuffled(gan):
    return {"x": toys.points(76), "batch_size": 8, "shuffle": False}


def finite(gan):
    return {"x": kg.data.batches(toys.points(81), 4, discriminator_steps=2, seed=3)}


def endless(gan):
    return {**through_buffer(gan), "x": finite(gan)["x"].repeat()}


def through_buffer(gan):
    batches = kg.data.batches(toys.points(50), 4, discriminator_steps=2, seed=3, cache=False)
    return {"x": batches.repeat(), "steps_per_epoch": 10}


def foreign(gan):
    tf.random.set_seed(0)  # which enters the order of shuffle()
    source = tf.data.Dataset.from_tensor_slices(toys.points(80))
    return {"x": source.shuffle(80, seed=4).batch(8)}


def noisy(gan):
    noise = keras.layers.GaussianNoise(0.1, seed=2)
    return {"x": kg.data.batches(toys.points(81), 8, seed=3, augment=noise)}


def augmented(gan):
    return {"x": noisy(gan)["x"].map(lambda x: 2 * x).repeat(), "steps_per_epoch": 10}


DATA = [even_arrays, unshuffled, finite, noisy, endless, through_buffer, foreign, augmented]


class Outcome(NamedTuple):
    """All state of a game, and all logs."""

    state: dict
    history: dict
    epoch: list


def fit(gan, data, folder, *callbacks, epochs=3, **options):
    """Trains for three epochs of ten steps with a checkpoint every five."""
    keep = options.pop("checkpoint", {})
    options = {**data(gan), "epochs": epochs, "verbose": 0, **options}
    checkpoint = Checkpoint(folder, **{"every": 5, **keep})
    history = gan.fit(callbacks=[*callbacks, checkpoint], **options)
    variables = itertools.chain(*variables_of(gan).values())
    state = {
        f"{i} {v.path}": keras.ops.convert_to_numpy(v).tobytes() for i, v in enumerate(variables)
    }
    return Outcome(state, {k: list(v) for k, v in history.history.items()}, list(history.epoch))


def assert_same(one, other):
    """Bit equality of all state and all logs."""
    twins = zip(one.state.items(), other.state.values(), strict=True)
    assert [name for (name, value), twin in twins if value != twin] == []
    assert one[1:] == other[1:]


@pytest.mark.parametrize("data", slow_but([noisy, endless, foreign], DATA))
def test_a_training_cut_off_and_begun_again_equals_one_that_was_not(game, data, tmp_path):
    whole = fit(game.fresh(), data, tmp_path / "whole")
    assert whole.epoch == [0, 1, 2]
    with pytest.raises(CutOffError):  # within the second epoch
        fit(game.fresh(), data, tmp_path / "cut", Crash(after_steps=17))
    with pytest.raises(CutOffError):  # between the second and the third
        fit(game.strange(), data, tmp_path / "cut", Crash(after_epochs=1))
    assert_same(whole, fit(game.strange(), data, tmp_path / "cut"))


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_the_rate_of_an_epoch_is_set_once_also_over_a_cut(game, player, tmp_path):
    """Halved at the start of each epoch after the first; cut within the second and the third."""

    def halved():
        return LearningRate(lambda epoch, rate: rate / 2 if epoch else rate, player)

    whole = fit(game.fresh(), even_arrays, tmp_path / "whole", halved())
    for steps in (17, 12):
        with pytest.raises(CutOffError):
            fit(game.fresh(), even_arrays, tmp_path / "cut", halved(), Crash(steps))
    assert_same(whole, fit(game.strange(), even_arrays, tmp_path / "cut", halved()))
    rates = whole.history[f"{player}_learning_rate"]
    np.testing.assert_allclose(rates, [2e-4, 1e-4, 5e-5], rtol=1e-6)


@pytest.mark.thorough
@pytest.mark.parametrize("data", slow_but([endless], [even_arrays, endless]))
def test_fused_steps_go_on_too(fused_game, data, tmp_path):
    whole = fit(fused_game.fresh(), data, tmp_path / "whole")
    with pytest.raises(CutOffError):
        fit(fused_game.fresh(), data, tmp_path / "cut", Crash(15))
    assert_same(whole, fit(fused_game.strange(), data, tmp_path / "cut"))


def first(batches, count):
    """Some batches of samples, as arrays."""
    return [keras.tree.flatten(batch)[0] for batch in itertools.islice(batches, count)]


def test_orders_of_epochs_differ(game, tmp_path):
    """Else the laws above would hold of data that start over."""
    for data in (even_arrays, endless, finite):
        stream = stream_of(**{**data(None), "seed": 7})
        read = [np.concatenate(first(stream.start(at), 10)) for at in (0, 10, 20)]
        assert not any(np.array_equal(a, b) for a, b in itertools.combinations(read, 2))
        again = np.concatenate(first(stream.start(7), 3))
        np.testing.assert_array_equal(again, read[0][-len(again) :])


@pytest.mark.slow
def test_many_cuts_of_new_games_without_a_seed_and_with_validation(tmp_path):
    options = {"validation_data": toys.points(9), "checkpoint": {"every": 1}}
    gan = new_gan(seed=None)
    initial = pack(gan, Progress())
    whole = fit(gan, even_arrays, tmp_path / "whole", **options)
    scores = gan.evaluate(toys.points(9), verbose=0)
    restore(gan, initial)
    with pytest.raises(CutOffError):
        fit(gan, even_arrays, tmp_path / "cut", Crash(1), **options)
    other = new_gan(seed=None)
    for steps in (6, 1, 8):
        with pytest.raises(CutOffError):
            fit(other, even_arrays, tmp_path / "cut", Crash(steps), **options)
    assert_same(whole, fit(other, even_arrays, tmp_path / "cut", **options))
    assert "val_generator_loss" in whole.history
    assert other.seed == gan.seed
    assert other.evaluate(toys.points(9), verbose=0) == scores


def test_the_order_of_batches_does_not_depend_on_what_was_read_before(game, tmp_path):
    data = finite(None)
    first = fit(game.fresh(), lambda gan: data, tmp_path / "one", epochs=1)
    assert next(iter(data["x"])).shape == (8, 2)
    assert_same(first, fit(game.fresh(), lambda gan: data, tmp_path / "two", epochs=1))


@pytest.mark.thorough
def test_a_finished_training_is_not_trained_again_but_can_be_prolonged(game, tmp_path):
    short = fit(game.fresh(), even_arrays, tmp_path, epochs=2)
    seen = Recorder()
    assert_same(short, fit(game.strange(), even_arrays, tmp_path, seen, epochs=2))
    assert seen.heard == []
    whole = fit(game.fresh(), even_arrays, tmp_path / "whole")
    assert_same(whole, fit(game.strange(), even_arrays, tmp_path))


@pytest.mark.thorough
def test_a_training_that_a_callback_stopped_stays_stopped(game, tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    stopped = fit(game.fresh(), even_arrays, tmp_path, Stop())
    assert stopped.epoch == [0]
    assert_same(stopped, fit(game.strange(), even_arrays, tmp_path))


class Recorder(keras.callbacks.Callback):
    """Notes the hooks that it hears."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def on_epoch_begin(self, epoch, logs=None):
        self.heard.append(f"epoch {epoch}")

    def on_train_batch_begin(self, batch, logs=None):
        self.heard.append(f"begin {batch}")

    def on_train_batch_end(self, batch, logs=None):
        self.heard.append(f"end {batch} {sorted(logs)[0]}")


def test_other_callbacks_hear_nothing_of_steps_that_were_done(game, tmp_path):
    with pytest.raises(CutOffError):
        fit(game.fresh(), even_arrays, tmp_path, Crash(18))
    recorder = Recorder()
    fit(game.fresh(), even_arrays, tmp_path, recorder, epochs=2)
    expected = [[f"begin {i}", f"end {i} discriminator_loss"] for i in range(5, 10)]
    assert recorder.heard == ["epoch 1", *itertools.chain(*expected)]


@pytest.mark.thorough
def test_pictures_of_a_training_that_goes_on_are_the_same_and_all_in_the_gif(game, tmp_path):
    def pictures(name):
        files = sorted((tmp_path / name).glob("epoch_*.png"))
        return [path.read_bytes() for path in [*files, tmp_path / name / "samples.gif"]]

    samples = kg.callbacks.Samples
    fit(game.fresh(), even_arrays, tmp_path / "a", samples(tmp_path / "whole"))
    with pytest.raises(CutOffError):
        fit(game.fresh(), even_arrays, tmp_path / "b", samples(tmp_path / "cut"), Crash(25))
    fit(game.fresh(), even_arrays, tmp_path / "b", samples(tmp_path / "cut"))
    assert pictures("cut") == pictures("whole")
    assert len(pictures("cut")) == 4
    (tmp_path / "cut" / "samples.gif").unlink()  # killed after the last checkpoint
    fit(game.fresh(), even_arrays, tmp_path / "b", samples(tmp_path / "cut"))
    assert pictures("cut") == pictures("whole")


def test_the_epoch_counts_as_done_when_all_callbacks_have_ended_it(game, tmp_path):
    class CrashAtEpochEnd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise CutOffError

    options = {**even_arrays(None), "epochs": 1, "verbose": 0}
    with pytest.raises(CutOffError):
        game.fresh().fit(callbacks=[Checkpoint(tmp_path, every=5), CrashAtEpochEnd()], **options)
    assert [path.name for path in tmp_path.glob("*")] == ["step_00000005.checkpoint"]


@pytest.mark.thorough
def test_a_training_on_two_replicas_goes_on(two_replicas, tmp_path):
    with two_replicas.scope():
        gan = kg.GAN(toys.generator(normalized=False), toys.discriminator(), average=0.9, seed=3)
        gan.compile()
    initial = pack(gan, Progress())
    whole = fit(gan, finite, tmp_path / "whole", epochs=2)
    restore(gan, initial)
    with pytest.raises(CutOffError):
        fit(gan, finite, tmp_path / "cut", Crash(17), epochs=2)
    again = fit(gan, finite, tmp_path / "cut", epochs=2)
    names = [name for name in whole.state if "running_means" not in name]
    assert [name for name in names if whole.state[name] != again.state[name]] == []
    for name, means in whole.history.items():  # whose two sums are restored as one
        np.testing.assert_allclose(again.history[name], means, rtol=1e-6)


def test_checkpoints_come_every_n_steps_and_the_last_few_are_kept(game, tmp_path):
    written = []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            written.append(sorted(path.name for path in tmp_path.glob("[!.]*")))  # no lock

    fit(game.fresh(), even_arrays, tmp_path, Watch(), epochs=2, checkpoint={"every": 4, "keep": 2})
    names = sorted({int(n.removesuffix(".checkpoint")[5:]) for step in written for n in step})
    assert names == [4, 8, 10, 12, 16]
    assert max(map(len, written)) == 2
    left = sorted(path.name for path in tmp_path.glob("*"))
    assert left == ["step_00000016.checkpoint", "step_00000020.checkpoint"]


@pytest.mark.parametrize(("mode", "best"), [("min", 2), ("max", 1)])
def test_the_best_is_kept_besides_also_over_a_cut(game, tmp_path, mode, best):
    """Scores 3, 5, 1, 4 at the ends of four epochs."""

    class Score(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["score"] = [3.0, 5.0, 1.0, 4.0][epoch]
            weights[epoch] = self.model.generator.get_weights()

    weights = {}
    options = {"epochs": 4, "checkpoint": {"monitor": "score", "mode": mode, "keep": 1}}
    with pytest.raises(CutOffError):
        fit(game.fresh(), even_arrays, tmp_path, Score(), Crash(33), **options)
    gan = game.fresh()
    fit(gan, even_arrays, tmp_path, Score(), **options)
    names = sorted(path.name for path in tmp_path.glob("*"))
    assert names == ["best.checkpoint", "step_00000040.checkpoint"]
    Checkpoint(tmp_path).load_best(gan)
    for present, expected in zip(gan.generator.get_weights(), weights[best], strict=True):
        np.testing.assert_array_equal(present, expected)


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_a_signal_lets_the_step_finish_saves_and_leaves(game, tmp_path, number, error, capsys):
    class Send(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if self.model.optimizer.iterations == 13:
                os.kill(os.getpid(), number)

    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    whole = fit(game.fresh(), endless, tmp_path / "whole")
    with pytest.raises(error) as raised:
        fit(game.fresh(), endless, tmp_path / "cut", Send(), checkpoint={"every": 100})
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
    message = str(raised.value) if number == signal.SIGINT else capsys.readouterr().err
    assert "Interrupted after step 14 (4 of 10 in epoch 2)" in message
    assert "Run the same program again" in message
    if number == signal.SIGTERM:
        assert raised.value.code == 143
    assert (tmp_path / "cut" / "step_00000014.checkpoint").exists()
    assert_same(whole, fit(game.strange(), endless, tmp_path / "cut"))


def test_a_second_signal_leaves_at_once(game, tmp_path):
    class Send(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt, match="left at once, without saving"):
        fit(game.fresh(), even_arrays, tmp_path, Send())
    assert not list(tmp_path.glob("*"))


def test_a_signal_at_the_very_end_is_not_lost(game, tmp_path):
    class Send(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt, match="Interrupted after step 10"):
        fit(game.fresh(), even_arrays, tmp_path, Send(), epochs=1)


def test_handlers_are_put_back_when_fit_raises(game, tmp_path):
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(CutOffError):
        fit(game.fresh(), even_arrays, tmp_path, Crash(1))
    assert signal.getsignal(signal.SIGINT) is before


def test_fit_in_another_thread_leaves_signals_alone(game, tmp_path):
    import threading

    results = []
    gan = game.fresh()
    work = threading.Thread(
        target=lambda: results.append(fit(gan, even_arrays, tmp_path, epochs=1).epoch)
    )
    work.start()
    work.join()
    assert results == [[0]]


def test_a_broken_state_is_not_saved(game, tmp_path):
    class Poison(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if self.model.optimizer.iterations == 7:
                weight = self.model.generator.trainable_weights[0]
                weight.assign(weight * np.nan)

    with pytest.warns(UserWarning, match="Step 10 is not saved, since .*dense.* holds NaN"):
        fit(game.fresh(), even_arrays, tmp_path, Poison(), epochs=1)
    assert [path.name for path in tmp_path.glob("*")] == ["step_00000005.checkpoint"]


def test_after_a_crash_the_same_game_can_train_on(game, tmp_path):
    gan = game.fresh()
    fit(gan, even_arrays, tmp_path / "a", epochs=1)
    with pytest.raises(CutOffError):
        fit(gan, even_arrays, tmp_path / "a", Crash(7))
    with pytest.raises(CutOffError):  # before the first step that is not passed over
        fit(gan, even_arrays, tmp_path / "a", Crash(0))
    whole = fit(game.fresh(), even_arrays, tmp_path / "whole")
    assert_same(whole, fit(gan, even_arrays, tmp_path / "a"))


def generator_of_batches(gan):
    return {"x": (toys.points(8) for _ in range(100)), "steps_per_epoch": 10}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation_split": 0.5}, "pass validation_data instead"),
        ({"sample_weight": np.ones(76)}, "Models of keras_gan do not use sample_weight"),
        (
            {"steps_per_epoch": 3},
            "The data have 10 batches, which do not divide evenly into epochs of steps_per_epoch=3",
        ),
        (generator_of_batches(None), "received a generator: make it one of these"),
        ({"x": tf.data.Dataset.from_tensors(np.ones((4, 2), "float32")).repeat()}, "does not say"),
    ],
)
def test_what_cannot_be_resumed_is_refused(game, tmp_path, options, message):
    if "x" in options:
        options = {"batch_size": None, **options}
    with pytest.raises(ValueError, match=message):
        fit(game.fresh(), even_arrays, tmp_path, **options)


@pytest.mark.thorough
def test_other_epochs_or_executions_are_refused(game, fused_game, tmp_path):
    with pytest.raises(CutOffError):
        fit(game.fresh(), endless, tmp_path, Crash(8), checkpoint={"every": 3})
    with pytest.raises(ValueError, match="has steps_per_epoch=10, here steps_per_epoch=20"):
        fit(game.fresh(), endless, tmp_path, steps_per_epoch=20)
    with pytest.raises(ValueError, match="5 steps per execution, and 6 completed steps"):
        fit(fused_game.fresh(), endless, tmp_path)
    with pytest.raises(ValueError, match="received epochs of 12 steps, 5 steps per execution"):
        fit(fused_game.fresh(), endless, tmp_path / "new", steps_per_epoch=12)


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ({"objective": "hinge"}, "it has objective=Hinge.*, here objective=NonSaturating"),
        ({"schedule": 2}, "it has schedule=.*, here schedule="),
        ({"average": 0.5}, "it has average=0.5, here average=0.9:"),
        ({"penalties": [kg.penalties.R1(1.0)]}, "R1.weight=1.0.* here .*R1.weight=2.0"),
        ({"prior": "uniform", "average": 0.5}, "prior=.*uniform.*, average=0.5, here"),
    ],
)
def test_another_game_is_refused_and_nothing_changed(there, here, tmp_path):
    def new(**options):
        options = {"average": 0.9, "penalties": [kg.penalties.R1(2.0)], **options}
        gan = kg.GAN(toys.generator(), toys.discriminator(), **options)
        gan.compile()
        return gan

    CheckpointFolder(tmp_path).save(new(**there), Progress(step=10))
    gan = new()
    before = gan.get_weights()
    with pytest.raises(ValueError, match=f"to another training: .*{here}"):
        fit(gan, even_arrays, tmp_path)
    for one, other in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.thorough
def test_other_batches_are_refused_between_epochs_too(game, tmp_path):
    fit(game.fresh(), even_arrays, tmp_path / "arrays", epochs=1)
    x = toys.points(160)  # ten batches too
    with pytest.raises(ValueError, match="batch_size=8, .*here batch_size=16, .*: restore the"):
        game.fresh().fit(x, batch_size=16, callbacks=[Checkpoint(tmp_path / "arrays")])
    fit(game.fresh(), finite, tmp_path / "set", epochs=1)
    other = kg.data.batches(toys.points(161), 8, discriminator_steps=2, seed=3)
    with pytest.raises(ValueError, match=r"elements=.*\(8, 2\).*, here elements=.*\(16, 2\)"):
        game.fresh().fit(other, callbacks=[Checkpoint(tmp_path / "set")])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": 0}, "every must be a whole number of at least 1; received 0"),
        ({"keep": True}, "keep must be a whole number of at least 1; received True"),
        ({"mode": "mn"}, "Unknown mode 'mn': did you mean 'min'"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(ValueError, match=message):
        Checkpoint("folder", **options)


class Log(keras.callbacks.Callback):
    """Logs a score in the epochs that have one."""

    def __init__(self, **scores):
        super().__init__()
        self.scores = scores

    def on_epoch_end(self, epoch, logs=None):
        logs.update({k: v[epoch] for k, v in self.scores.items() if v[epoch] is not None})


@pytest.mark.thorough
def test_epochs_without_a_finite_score_are_saved_and_never_the_best(game, tmp_path):
    checkpoint = Checkpoint(tmp_path, monitor="val_generator_loss")
    options = {"validation_data": toys.points(9), "validation_freq": 2, "verbose": 0, "epochs": 3}
    game.fresh().fit(toys.points(16), batch_size=8, callbacks=[checkpoint], **options)
    assert [path.name[5:13] for path in checkpoint.folder.files()] == [
        "00000002",
        "00000004",
        "00000006",
    ]
    assert checkpoint.progress.best == checkpoint.progress.history["val_generator_loss"][0]
    for mode, best in (("min", 2.0), ("max", 3.0)):
        checkpoint = Checkpoint(tmp_path / mode, monitor="score", mode=mode)
        scores = Log(score=[np.nan, 3.0, -np.inf, np.inf, 2.0])
        game.fresh().fit(
            toys.points(16), batch_size=8, epochs=5, verbose=0, callbacks=[scores, checkpoint]
        )
        assert checkpoint.progress.best == best


def test_arrays_among_the_logs_are_saved(game, tmp_path):
    logged = Log(confusion=[np.arange(4).reshape(2, 2), np.float32(1)])
    fit(game.fresh(), even_arrays, tmp_path, logged, epochs=2)
    progress = Checkpoint(tmp_path).resume(game.fresh())
    assert progress.history["confusion"] == [[[0, 1], [2, 3]], 1.0]


@pytest.mark.thorough
def test_it_says_that_nothing_is_left_to_do_and_how_to_prolong(game, tmp_path, capsys):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    def said(*callbacks, **options):
        capsys.readouterr()
        epochs = fit(game.fresh(), even_arrays, tmp_path, *callbacks, verbose=2, **options).epoch
        return len(epochs), capsys.readouterr().out.split("\n")[0]

    said(Stop(), epochs=4)
    stopped = (
        f"The training in {tmp_path} was stopped by a callback at step 20, after 2 epochs: nothing "
        f"is left to do. To train longer, ask for more than 4 epochs."
    )
    assert said(epochs=4) == (2, stopped)
    assert said(epochs=5) == (5, f"Continues after step 20, 0 of 10 in epoch 3, from {tmp_path}.")
    done = (
        f"The training in {tmp_path} was done at step 50, after 5 epochs: nothing is left to do. "
        f"To train longer, ask for more than 5 epochs."
    )
    assert said(epochs=5) == (5, done)


@pytest.mark.parametrize(
    ("callback", "message"),
    [
        (keras.callbacks.BackupAndRestore("backup"), "would both restore the model"),
        (
            keras.callbacks.EarlyStopping("score", mode="min", restore_best_weights=True),
            r"use Checkpoint\(…, monitor='score', mode=…\), and call its load_best",
        ),
    ],
    ids=["backup", "early_stopping"],
)
def test_what_would_undo_its_work_is_refused(game, tmp_path, callback, message):
    gan = game.fresh()
    with pytest.raises(ValueError, match=message):
        fit(gan, even_arrays, tmp_path, callback)
    assert int(gan.optimizer.iterations) == 0


def test_a_folder_that_is_none_and_a_score_that_never_comes_are_refused(game, tmp_path):
    gan, file = game.fresh(), tmp_path / "file"
    file.touch()
    for path in (file, file / "beneath"):
        with pytest.raises(ValueError, match=f"cannot be written to {path} .*name a folder"):
            fit(gan, even_arrays, path)
    with pytest.raises(ValueError, match="monitors 'val_score', but fit does not validate"):
        fit(gan, even_arrays, tmp_path, checkpoint={"monitor": "val_score"})
    assert int(gan.optimizer.iterations) == 0


def test_two_checkpoints_are_refused_and_an_unknown_score_reported(game, tmp_path):
    with pytest.raises(ValueError, match="one Checkpoint; received 2"):
        fit(game.fresh(), even_arrays, tmp_path, Checkpoint(tmp_path))
    with pytest.warns(UserWarning, match="Unknown score to monitor 'los'.*'generator_loss'") as w:
        fit(game.fresh(), even_arrays, tmp_path, epochs=2, checkpoint={"monitor": "los"})
    assert sum("Unknown score" in str(each.message) for each in w) == 1
    assert len(list(tmp_path.glob("step_*"))) == 3
