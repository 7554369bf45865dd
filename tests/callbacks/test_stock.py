"""Keras's own callbacks: each works for a game or is refused with the reason."""

import csv

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import keras_gan as kg
from tests import toys

stock = keras.callbacks


def make(average=0.9):
    keras.utils.set_random_seed(1)
    gan = kg.GAN(toys.generator(), toys.discriminator(dropout=0.1), seed=2, average=average)
    gan.compile()
    return gan


def run(gan, *callbacks, epochs=3, verbose=0):
    x = toys.points(64)
    return gan.fit(
        x,
        epochs=epochs,
        shuffle=False,
        validation_data=x,
        verbose=verbose,
        callbacks=list(callbacks),
    )


def state(gan):
    return [v.numpy() for v in [*gan.variables, *gan.optimizer.variables]]


REFUSED = {
    stock.TerminateOnNaN: (stock.TerminateOnNaN(), "use kg.callbacks.Health()"),
    stock.LearningRateScheduler: (
        stock.LearningRateScheduler(lambda epoch: 0.1),
        "one per player: use kg.callbacks.LearningRate",
    ),
    stock.ReduceLROnPlateau: (
        stock.ReduceLROnPlateau("val_generator_loss"),
        "each player has its own learning rate: use kg.callbacks.LearningRate",
    ),
    stock.SwapEMAWeights: (stock.SwapEMAWeights(), "use kg.callbacks.SwapAverage()"),
    stock.EarlyStopping: (stock.EarlyStopping(), "EarlyStopping monitors 'val_loss'"),
    stock.ModelCheckpoint: (
        stock.ModelCheckpoint("best.keras", save_best_only=True),
        "ModelCheckpoint monitors 'val_loss', which a game does not log",
    ),
}


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("as_list", [False, True])
def test_what_cannot_work_is_refused_before_the_first_step(kind, as_list):
    callback, message = REFUSED[kind]
    gan = make()
    with pytest.raises(ValueError, match=message):
        gan.fit(toys.points(32), None, 32, 1, 0, [callback] if as_list else callback)
    assert int(gan.optimizer.iterations) == 0


def test_tensorboard_and_csv_log_every_term(tmp_path):
    run(make(), stock.TensorBoard(str(tmp_path / "logs")), stock.CSVLogger(tmp_path / "log.csv"))
    tags = EventAccumulator(str(tmp_path / "logs" / "train")).Reload().Tags()["tensors"]
    assert {"epoch_discriminator_loss", "epoch_generator_loss"} <= set(tags)
    with open(tmp_path / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert {"generator_loss", "val_discriminator_loss"} <= set(rows[0])


def test_lambda_callback_history_and_progress_bar_see_the_losses(capsys):
    seen = []
    spy = stock.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(dict(logs)))
    history = run(make(), spy, stock.ProgbarLogger(), stock.History(), verbose=1).history
    assert [logs["generator_loss"] for logs in seen] == history["generator_loss"]
    assert "discriminator_loss: " in capsys.readouterr().out


def scored(scores):
    """A callback that adds a score to the logs, as a metric of samples would."""
    return stock.LambdaCallback(on_epoch_end=lambda epoch, logs: logs.update(frechet=scores[epoch]))


def test_the_best_model_by_a_score_is_kept_whole(tmp_path):
    gan, path, states = make(), str(tmp_path / "best.keras"), []
    keep = stock.LambdaCallback(on_epoch_end=lambda epoch, logs: states.append(state(gan)))
    best = stock.ModelCheckpoint(path, monitor="frechet", mode="min", save_best_only=True)
    run(gan, scored([3.0, 1.0, 2.0]), keep, best)
    loaded = kg.load_model(path)
    for one, variable in zip(states[1], [*gan.variables, *gan.optimizer.variables], strict=True):
        assert one.shape == variable.shape
    kinds = [*loaded.variables, *loaded.optimizer.variables]
    for one, other in zip(states[1], kinds, strict=True):
        if "running_means" not in other.path and "evaluation" not in other.path:
            np.testing.assert_array_equal(one, other.numpy(), err_msg=other.path)


def test_early_stopping_restores_networks_and_average_but_no_optimizer():
    gan, seen = make(), []
    keep = stock.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(gan.get_weights()))
    stop = stock.EarlyStopping("frechet", mode="min", patience=1, restore_best_weights=True)
    history = run(gan, scored([3.0, 1.0, 2.0, 0.0]), keep, stop, epochs=4)
    assert len(history.epoch) == 3
    for one, other in zip(seen[1], gan.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    own = [*gan.generator.weights, *gan.discriminator.weights, *gan.average.averages]
    assert {v.path for v in own} <= {v.path for v in gan.weights}
    assert not np.array_equal(seen[1][0], seen[2][0])
    assert int(gan.optimizer.iterations) == 3 * 2  # the third epoch's moments stay


def test_early_stopping_needs_to_be_told_which_way_is_better():
    gan = make()
    expected = "smaller or larger values of 'val_generator_loss' are better: pass mode="
    with pytest.raises(ValueError, match=expected):
        run(gan, stock.EarlyStopping("val_generator_loss"))
    assert int(gan.optimizer.iterations) == 0


@pytest.mark.thorough
def test_backup_and_restore_goes_on_to_the_same_bits(tmp_path):
    """An interruption in the third epoch, then the same call: the weights of a run without."""

    class Interrupted(Exception):  # noqa: N818
        pass

    def interrupt(epoch, logs):
        if epoch == 2:
            raise Interrupted

    whole, broken, resumed = make(), make(), make()
    run(whole, epochs=4)
    backup = stock.BackupAndRestore(str(tmp_path / "backup"))
    with pytest.raises(Interrupted):
        run(broken, backup, stock.LambdaCallback(on_epoch_begin=interrupt), epochs=4)
    history = run(resumed, stock.BackupAndRestore(str(tmp_path / "backup")), epochs=4)
    assert history.epoch == [2, 3]
    for one, variable in zip(
        state(whole), [*resumed.variables, *resumed.optimizer.variables], strict=True
    ):
        np.testing.assert_array_equal(one, variable.numpy(), err_msg=variable.path)


@pytest.mark.parametrize("checkpointed", [False, True])
def test_a_list_of_keras_s_own_kind_is_taken_and_left_as_it_was(tmp_path, checkpointed):
    gan = make()
    chosen = [stock.CSVLogger(tmp_path / "log.csv", append=True)]
    if checkpointed:
        chosen.append(kg.callbacks.Checkpoint(tmp_path / "checkpoints"))
    given = stock.CallbackList(chosen, add_history=True, model=gan)
    before = list(given.callbacks)
    gan.fit(toys.points(64), epochs=2, verbose=0, callbacks=given)
    assert set(given.callbacks) == set(before)
    with open(tmp_path / "log.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 2
