"""A folder that vanishes amid a training: it stops, says so, and its state is elsewhere, exact."""

import shutil

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.callbacks import Checkpoint, Evaluation, Samples, TensorBoard
from keras_gan.checkpoints import vanished_folders
from keras_gan.files.vanishing import TrainingStoppedError
from tests import toys
from tests.slow import thorough_but
from tests.test_checkpoints import new_gan, state_of


class Remove(keras.callbacks.Callback):
    """Removes a folder after so many steps, or at the end of an epoch."""

    def __init__(self, folder, step=None, epoch=None):
        super().__init__()
        self.folder, self.step, self.epoch, self.steps = folder, step, epoch, 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        if self.steps == self.step:
            shutil.rmtree(self.folder)

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            shutil.rmtree(self.folder)


def seeded():
    keras.utils.set_random_seed(3)
    return new_gan()


def fit(gan, folder, *callbacks):
    checkpoint = Checkpoint(folder / "checkpoints", every=3)
    others = [Samples(folder / "samples"), Evaluation(toys.points(32), folder=folder / "scores")]
    callbacks = [*callbacks, checkpoint, *others, TensorBoard(str(folder / "logs"))]
    return gan.fit(toys.points(64), batch_size=16, epochs=3, verbose=0, callbacks=callbacks)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    gan = seeded()
    history = fit(gan, tmp_path_factory.mktemp("whole")).history
    return state_of(gan), history


WHEN = [{"step": 6}, {"step": 8}, {"epoch": 1}]


@pytest.mark.parametrize("when", thorough_but(WHEN[:1], WHEN))
def test_the_state_is_in_a_fresh_folder_and_goes_on_exactly(tmp_path, monkeypatch, whole, when):
    monkeypatch.setattr(vanished_folders, "INTERVAL", 0.0)
    run = tmp_path / "run"
    message = (
        rf"{run} is gone: it was removed, .* its state is in {run}.rescued: "
        rf"Checkpoint\('{run}.rescued/checkpoints'\) continues from there.$"
    )
    with pytest.raises(TrainingStoppedError, match=message) as raised:
        fit(seeded(), run, Remove(run, **when))
    assert not run.exists()
    assert (raised.value.rescued / "model.keras").exists()
    gan = seeded()
    history = fit(gan, raised.value.rescued)
    assert state_of(gan) == whole[0]
    assert history.history == whole[1]


def test_before_the_first_step_the_state_is_that_of_the_checkpoint(tmp_path, whole):
    class RemoveAtOnce(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            shutil.rmtree(tmp_path / "run")
            raise FileNotFoundError("config.json")

    def fit(gan, folder, *callbacks, epochs=3):
        callbacks = [*callbacks, Checkpoint(folder / "checkpoints")]
        gan.fit(toys.points(64), batch_size=16, epochs=epochs, verbose=0, callbacks=callbacks)

    fit(seeded(), tmp_path / "run", epochs=1)
    with pytest.raises(TrainingStoppedError, match="run is gone") as raised:
        fit(seeded(), tmp_path / "run", RemoveAtOnce())
    gan = seeded()
    fit(gan, raised.value.rescued)
    assert int(gan.optimizer.iterations) == 12
    assert state_of(gan) == whole[0]


def test_where_the_checkpoints_are_left_the_state_is_in_them(tmp_path, whole):
    run = tmp_path / "run"
    message = f"run/samples is gone.*state is in {run}/checkpoints: Run the same program again"
    with pytest.raises(TrainingStoppedError, match=message):
        fit(seeded(), run, Remove(run / "samples", epoch=0))
    assert not (run / "samples").exists()
    gan = seeded()
    fit(gan, run)
    assert state_of(gan) == whole[0]


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["Samples", "CSVLogger", "TensorBoard", "ModelCheckpoint"])
def test_without_a_checkpoint_the_game_is_saved(tmp_path, kind):
    folder, gan = tmp_path / "out", new_gan()
    folder.mkdir()
    writer = {
        "Samples": lambda: Samples(folder),
        "CSVLogger": lambda: keras.callbacks.CSVLogger(folder / "log.csv"),
        "TensorBoard": lambda: TensorBoard(str(folder)),
        "ModelCheckpoint": lambda: keras.callbacks.ModelCheckpoint(folder / "{epoch}.keras"),
    }[kind]()
    with pytest.raises(TrainingStoppedError, match=r"out is gone.*kg.load_model\('.*out.rescued"):
        gan.fit(toys.points(16), epochs=3, verbose=0, callbacks=[Remove(folder, step=2), writer])
    assert not folder.exists()
    if kind == "CSVLogger":
        writer.on_train_end()  # Keras leaves its file open where fit raises
    loaded = kg.load_model(tmp_path / "out.rescued" / "model.keras")
    for a, b in zip(loaded.weights, gan.weights, strict=True):
        np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (a, b)))


def test_other_errors_and_folders_that_stay_are_left_alone(tmp_path):
    class Broken(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise ZeroDivisionError

    for _ in range(2):  # the locks are free after the first
        with pytest.raises(ZeroDivisionError):
            fit(seeded(), tmp_path, Broken())
    assert not list(tmp_path.rglob(".*.lock"))


def test_a_damaged_picture_is_left_out_of_the_gif(tmp_path):
    gan = new_gan()
    (tmp_path / "epoch_0002.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (tmp_path / "epoch_0003.png").mkdir()
    with pytest.warns(
        UserWarning, match=r"epoch_000\d.png cannot be read as a picture .*so it is not in"
    ) as told:
        gan.fit(
            toys.points(16), epochs=4, initial_epoch=3, verbose=0, callbacks=[Samples(tmp_path)]
        )
    assert len([each for each in told if "so it is not in" in str(each.message)]) == 2
    assert (tmp_path / "samples.gif").exists()
