"""Scores during fit."""

import csv
import functools
import json
import math

import keras
import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

import keras_gan as kg
from keras_gan.callbacks import Checkpoint, Evaluation, SwapAverage, TensorBoard
from keras_gan.checkpoints import Progress, pack, restore
from keras_gan.metrics.protocol import Judge
from keras_gan.metrics.reference import draw_reference
from tests import toys
from tests.slow import slow_but

NAME = "val_frechet_distance"


@functools.cache
def game(average, steps_per_execution):
    """A game that moves fast, and its state before the first step."""
    gan = kg.GAN(toys.generator(), toys.discriminator(), average=average, seed=3)
    fast = {"generator_optimizer": keras.optimizers.Adam(0.02)}
    gan.compile(steps_per_execution=steps_per_execution, **fast)
    return gan, pack(gan, Progress())


def make(average=0.9, steps_per_execution=1):
    """The game before its first step; it is traced once for all tests."""
    gan, initial = game(average, steps_per_execution)
    restore(gan, initial)
    return gan


def fit(gan, *callbacks, epochs=4, **options):
    # JAX's trainer shuffles by NumPy's global generator, which an earlier fit has moved on
    options = {"verbose": 0, "batch_size": 64, "shuffle": False, **options}
    return gan.fit(toys.points(256), epochs=epochs, callbacks=list(callbacks), **options).history


def scripted(values):
    """A metric whose first call is the baseline, 0, and which then gives each epoch's value."""
    calls = iter([0.0, *(v for value in values for v in (value, value))])

    def script(real, fake):
        return next(calls)

    return script


@pytest.mark.parametrize("average", [0.9, None])
def test_the_logged_score_is_that_of_the_averaged_generator(average):
    gan = make(average)
    real = toys.points(400, seed=1)
    logged = fit(gan, Evaluation(real, seed=5), epochs=2)[NAME][-1]
    judge = Judge(draw_reference(kg.data.load(real), 5000, seed=5), "frechet_distance")
    assert judge.n == 200
    assert logged == judge(gan.generate(200, seed=6))["frechet_distance"]
    if average:
        assert logged != judge(gan.generate(200, seed=6, average=False))["frechet_distance"]


def test_training_goes_through_the_same_weights_with_and_without_it():
    weights = []
    for callbacks in ([], [Evaluation(toys.points(100))]):
        gan = make()
        fit(gan, *callbacks, epochs=2)
        weights.append([keras.ops.convert_to_numpy(variable) for variable in gan.variables])
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_all_that_read_logs_see_the_scores_wherever_it_stands(tmp_path, capsys):
    gan, evaluation = make(), Evaluation(toys.points(100), metrics=["frechet_distance", spread])
    log, board = (
        keras.callbacks.CSVLogger(tmp_path / "log.csv", append=True),
        TensorBoard(str(tmp_path)),
    )
    best = Checkpoint(tmp_path / "checkpoints", monitor=NAME)
    history = fit(gan, log, board, best, evaluation, epochs=3, verbose=2)
    assert capsys.readouterr().out.count(f"{NAME}: ") == 3
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    events = EventAccumulator(str(tmp_path / "validation")).Reload()
    for name in ("frechet_distance", "spread"):
        logged = history[f"val_{name}"]
        assert [float(row[f"val_{name}"]) for row in rows] == pytest.approx(logged, rel=1e-12)
        shown = [float(make_ndarray(e.tensor_proto)) for e in events.Tensors(f"epoch_{name}")]
        assert shown == pytest.approx(logged, rel=1e-6)
    assert best.progress.best == min(history[NAME])


def spread(real, fake):
    return fake.std() / real.std()


@pytest.mark.filterwarnings("ignore:EarlyStopping forgets its best score")
def test_epochs_between_evaluations_show_nan_first_and_last_are_always_evaluated(tmp_path):
    gan, log = make(), keras.callbacks.CSVLogger(tmp_path / "log.csv", append=True)
    best = Checkpoint(tmp_path / "checkpoints", monitor=NAME)
    evaluation = Evaluation(toys.points(100), every=2)
    stopping = keras.callbacks.EarlyStopping(NAME, patience=5, mode="min")  # NaN first sticks
    history = fit(gan, evaluation, log, best, stopping, epochs=5)
    assert [math.isnan(value) for value in history[NAME]] == [False, False, True, False, False]
    assert list(evaluation.curve) == [0, 1, 3, 4]
    assert stopping.best == np.nanmin(history[NAME])
    with open(tmp_path / "log.csv") as file:
        logged = [float(row[NAME]) for row in csv.DictReader(file)]
    np.testing.assert_allclose(logged, history[NAME], rtol=1e-12)
    assert best.progress.best == np.nanmin(history[NAME])


def test_a_training_that_was_stopped_early_is_evaluated_at_its_end():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    evaluation = Evaluation(toys.points(100), every=10)
    fit(make(), evaluation, Stop())
    assert evaluation.report()["final"]["epoch"] == 2


@pytest.mark.parametrize(("better", "best"), [("min", 3), ("max", 2)])
def test_final_and_best_are_told_apart_and_the_best_is_kept_whole(better, best, tmp_path, capsys):
    gan, states = make(), []
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: states.append([v.numpy() for v in gan.variables])
    )
    metric = kg.metrics.Score("script", scripted([3.0, 5.0, 1.0, 4.0]), better)
    evaluation = Evaluation(toys.points(100), metrics=[metric, spread], folder=tmp_path / "new")
    fit(gan, evaluation, keep, verbose=2)
    report = evaluation.report()
    assert (report["final"]["epoch"], report["final"]["script"]) == (4, 4.0)
    assert (report["best"]["epoch"], report["real_to_real"]["script"]) == (best, 0.0)
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == ["best.keras", "evaluation.json", "evaluation.png"]
    assert json.loads((tmp_path / "new" / "evaluation.json").read_text()) == report
    loaded = kg.load_model(tmp_path / "new" / "best.keras")
    for one, other in zip(states[best - 1], loaded.variables, strict=True):
        if "running_means" not in other.path and "evaluation" not in other.path:
            np.testing.assert_array_equal(one, other.numpy(), err_msg=other.path)
    printed = capsys.readouterr().out
    assert f"best (epoch {best})" in printed
    assert "50 samples on either side; best by script" in printed
    with Image.open(tmp_path / "new" / "evaluation.png") as picture:
        assert picture.size == (640, 440)


class CutOffError(Exception):
    """Ends `fit` as a crash would."""


class Crash(keras.callbacks.Callback):
    """Ends `fit` in the middle of an epoch."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.here = epoch == self.epoch

    def on_train_batch_begin(self, batch, logs=None):
        if self.here and batch >= 2:
            raise CutOffError


@pytest.mark.parametrize("fused", slow_but([1], [1, 2]))
def test_a_training_that_goes_on_ends_with_the_same_curve_and_the_same_best(fused, tmp_path):
    def train(name, *callbacks):
        evaluation = Evaluation(
            toys.points(100), every=2, metrics=["frechet_distance", spread], folder=tmp_path / name
        )
        checkpoint = Checkpoint(tmp_path / name / "checkpoints", every=2)
        history = fit(make(0.9, fused), evaluation, checkpoint, *callbacks, epochs=6)
        return evaluation, history

    whole, history = train("whole")
    for epoch in (1, 3, 4):
        with pytest.raises(CutOffError):
            train("cut", Crash(epoch))
    again, resumed = train("cut")
    np.testing.assert_array_equal(resumed[NAME], history[NAME])
    assert again.report() == whole.report()
    assert list(again.curve) == [0, 1, 3, 5]
    for name in ("evaluation.json", "evaluation.png"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    best = [kg.load_model(tmp_path / name / "best.keras") for name in ("whole", "cut")]
    np.testing.assert_array_equal(*(gan.generate(9, seed=0) for gan in best))
    done, _ = train("cut")  # nothing is left to train
    assert done.report() == whole.report()


def test_the_best_of_before_a_cut_is_not_replaced_by_a_worse_one_after_it(tmp_path):
    def train(values, *callbacks):
        metric = scripted(values)
        evaluation = Evaluation(toys.points(100), metrics=metric, folder=tmp_path)
        fit(make(), evaluation, Checkpoint(tmp_path / "checkpoints"), *callbacks, epochs=3)
        return evaluation

    with pytest.raises(CutOffError):
        train([1.0, 2.0], Crash(1))
    kept = (tmp_path / "best.keras").read_bytes()
    assert train([2.0, 3.0]).report()["best"] == {"epoch": 1, "script": 1.0}
    assert (tmp_path / "best.keras").read_bytes() == kept


def test_a_further_fit_continues_the_curve_and_a_new_one_begins_it():
    gan, evaluation = make(), Evaluation(toys.points(100))
    fit(gan, evaluation, epochs=2)
    first = dict(evaluation.curve)
    fit(gan, evaluation, initial_epoch=2, epochs=3)
    assert list(evaluation.curve) == [0, 1, 2]
    assert first.items() <= evaluation.curve.items()
    fit(gan, evaluation, epochs=1)
    assert list(evaluation.curve) == [0]


def test_swap_average_beside_it_changes_nothing():
    options = {"validation_data": toys.points(64)}
    plain = fit(make(), Evaluation(toys.points(100)), **options)
    swapped = fit(make(), SwapAverage(at_end=True), Evaluation(toys.points(100)), **options)
    assert plain[NAME] == swapped[NAME]
    assert plain["val_generator_loss"] != swapped["val_generator_loss"]


def test_a_generator_that_diverges_has_no_score_and_is_never_best(tmp_path):
    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                self.model.generator.weights[0].assign(np.full((3, 16), np.nan, "float32"))

    evaluation = Evaluation(toys.points(100), folder=tmp_path)
    with pytest.warns(RuntimeWarning, match="ended with NaN"):
        history = fit(make(None), evaluation, Spoil(), epochs=2)
    assert math.isnan(history[NAME][1])
    report = json.loads((tmp_path / "evaluation.json").read_text())
    assert (report["best"]["epoch"], report["final"]["frechet_distance"]) == (1, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": 0}, "every must be a whole number of at least 1; received 0"),
        ({"samples": 1}, "samples must be a whole number of at least 2"),
        ({"metrics": "fid"}, "Unknown metric 'fid'"),
        ({"features": "pixel"}, "Unknown feature extractor 'pixel'"),
        ({"monitor": "precision"}, "Unknown metric to monitor 'precision'"),
        ({"real": np.zeros((3, 2))}, "3 samples; scores need at least 4"),
        ({"real": np.full((9, 2), np.nan)}, "NaN or infinite"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Evaluation(**{"real": toys.points(20), **options})


def test_real_samples_of_another_shape_are_refused_before_the_first_step():
    gan = make()
    with pytest.raises(
        ValueError, match=r"the model generates \(2,\), but the real samples are \(3,\)"
    ):
        fit(gan, Evaluation(toys.points(20, data_dim=3)))
    assert int(gan.optimizer.iterations) == 0


def test_too_few_samples_for_the_dimension_warn_once():
    real = np.random.default_rng(0).normal(size=(4, 2))
    with pytest.warns(UserWarning, match="2 samples in 2 dimensions") as caught:
        fit(make(), Evaluation(real), epochs=3)
    assert sum("2 samples in 2" in str(warning.message) for warning in caught) == 1


def test_labelled_sets_and_uint8_images_are_taken():
    images = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 1), dtype="uint8")
    labelled = Evaluation(kg.data.load((images, np.arange(20)), labels=True), seed=2)
    plain = Evaluation(images, seed=2)
    np.testing.assert_array_equal(labelled.reference.samples, plain.reference.samples)
    assert labelled.reference.samples.min() >= -1
    assert labelled.reference.samples.max() <= 1
