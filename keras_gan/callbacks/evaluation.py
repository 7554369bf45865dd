"""Scores the generator during `fit`, and keeps the best model."""

import math
import os
import pathlib
import warnings

import keras

from keras_gan.arguments import unknown_name, whole
from keras_gan.checkpoints import Progress
from keras_gan.files.atomic import replacing, write_json
from keras_gan.files.json_fields import without_nan
from keras_gan.files.locking import FolderLock
from keras_gan.parallel import processes
from keras_gan.plotting.charts import line_charts
from keras_gan.texts import lines
from keras_gan.training.callback_checks import check_generates, generated


class Evaluation(keras.callbacks.Callback):
    """Scores the averaged generator against real data every few epochs, and keeps the best.

        val_<metric> = ½ (metric(real half 1, samples) + metric(real half 2, samples))

    The samples always come from the same latent vectors, and are as many as each half of the real
    data. Without an average, the generator is scored as trained. All callbacks find `val_<metric>`
    in the logs, wherever this one stands in the list: `History`, `keras.callbacks.CSVLogger`,
    `Checkpoint`, TensorBoard (as `epoch_<metric>` of its validation run), …. In epochs without an
    evaluation it is NaN, which never counts as an improvement: the patience of `EarlyStopping`
    counts epochs, not evaluations. Features and statistics of the real data are computed once.

    In its folder it keeps `best.keras`, the whole model at its best score, which `kg.load_model`
    loads; `evaluation.png`, the curves, with real against real dashed and the best ringed; and
    `evaluation.json`, the result of `report()`. At the end of training it prints the final and the
    best scores. The callback does not change the training: the weights are the same with and
    without it. If `fit` continues from a `Checkpoint`, the earlier scores are restored.

    Args:
        real: Anything that `kg.data.load` takes or returns: an array, a folder, a name, a data set.
            It is divided into two halves, as in the formula.
        every: Epochs between evaluations. The first and the last epoch are always evaluated.
            Defaults to 1.
        metrics: Names of `kg.metrics`, functions `(real_features, fake_features) -> float`, or
            `kg.metrics.Score`s. Defaults to `"frechet_distance"`.
        features: A feature extractor's name, or a Keras model, see `kg.metrics.features.get`.
            Defaults to `"pixels"`.
        samples: The most samples in each half and from the generator. Defaults to 5000.
        seed: Integer that determines the real samples and the latent vectors. Defaults to 0.
        monitor: The metric that decides which state is the best. Defaults to the first one.
        folder: The folder for the files; it is made if missing. Defaults to `None`: no files.
        labels: Those of samples, or their condition vectors, in turn. Defaults to all classes.

    Raises:
        ValueError: For unknown metrics or features, or too few real samples. In `fit`, before the
            first step: for real samples of another shape or on another scale than the model's.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> x = np.random.default_rng(0).normal(size=(256, 2))
    >>> evaluation = Evaluation(x)
    >>> history = gan.fit(x, epochs=2, verbose=0, callbacks=[evaluation])
    >>> best = min(history.history["val_frechet_distance"])
    >>> evaluation.report()["best"]["frechet_distance"] == best
    True
    """

    comes_first = True  # among the callbacks, so that the others find the scores in the logs

    def __init__(
        self,
        real,
        every: int = 1,
        metrics="frechet_distance",
        features="pixels",
        samples: int = 5000,
        seed: int = 0,
        monitor: str | None = None,
        folder: str | os.PathLike | None = None,
        labels=None,
    ):
        from keras_gan.metrics import features as extractors
        from keras_gan.metrics.reference import reference_of
        from keras_gan.metrics.scoring import resolve

        super().__init__()
        self.every, samples = whole("every", every), whole("samples", samples, least=2)
        self.scores = {score.name: score for score in resolve(metrics)}
        self.monitor = next(iter(self.scores)) if monitor is None else monitor
        if self.monitor not in self.scores:
            raise unknown_name("metric to monitor", monitor, self.scores)
        self.features = extractors.get(features)
        self.seed, self.folder = seed, None if folder is None else pathlib.Path(folder)
        self.lock = None if folder is None else FolderLock(folder, "evaluation")
        self.labels = labels
        self.reference = reference_of(real, samples, seed)
        self.judge = None
        self.curve: dict[int, dict] = {}  # the scores by epoch, from 0

    def on_train_begin(self, logs=None):
        """Checks the real samples and makes the folder; computes real features only once."""
        from keras_gan.metrics.protocol import Judge
        from keras_gan.metrics.reference import fitted

        shape = getattr(self.model, "sample_shape", None)
        check_generates(self.model, "Evaluation", self.labels)
        self.reference = fitted(self.reference, shape)
        for scale in self.model.scales()[:1]:  # that of samples
            if scale is not None:
                self.reference.check(scale)
        if self.judge is None:
            self.judge = Judge(self.reference, list(self.scores.values()), self.features)
            for note in self.judge.notes:
                warnings.warn(note, stacklevel=2)
        if self.folder is not None and processes.is_first():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.lock.acquire()
        self.first_epoch, self.last_epoch = None, None

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the files, if there is one."""
        return [] if self.folder is None else [self.folder]

    def release(self) -> None:
        """Releases the folder's lock; `fit` calls it at its end."""
        if self.folder is not None:
            self.lock.release()

    def on_resume(self, progress: Progress) -> None:
        """Restores the scores of earlier epochs; `fit` calls it.

        Args:
            progress: The progress in the checkpoint, with the logs of these epochs.
        """
        columns = {name: progress.history.get(f"val_{name}", []) for name in self.scores}
        rows = {
            epoch: {name: column[i] for name, column in columns.items() if i < len(column)}
            for i, epoch in enumerate(progress.epochs)
        }
        self.curve = {
            epoch: row
            for epoch, row in rows.items()
            if len(row) == len(self.scores) and not all(map(math.isnan, row.values()))
        }
        self.last_epoch = max(progress.epochs, default=None)

    def on_epoch_begin(self, epoch, logs=None):
        """Forgets scores of this and later epochs from an earlier `fit`."""
        if self.first_epoch is None:
            self.first_epoch = epoch
            self.curve = {e: row for e, row in self.curve.items() if e < epoch}

    def on_epoch_end(self, epoch, logs=None):
        """Adds the scores to the logs, or NaN if none are due."""
        self.last_epoch = epoch
        last = (self.params or {}).get("epochs")
        is_due = (epoch + 1) % self.every == 0 or epoch + 1 == last or not self.curve
        scores = self.evaluate() if is_due else dict.fromkeys(self.scores, math.nan)
        logs.update({f"val_{name}": value for name, value in scores.items()})

    def on_train_end(self, logs=None):
        """Evaluates the last epoch if training stopped early, and prints the report."""
        if self.last_epoch is not None and self.last_epoch not in self.curve:
            self.evaluate()
        if self.curve and (self.params or {}).get("verbose", 1) != 0:
            print(lines(self.summary()))

    def evaluate(self) -> dict[str, float]:
        """Scores the generator as it is, and writes the files.

        Returns:
            The scores by name; NaN if the samples are not finite.
        """
        samples = generated(self.model, self.judge.n, self.seed + 1, self.labels)
        scores = self.judge(samples)
        best = self.best_epoch
        before = None if best is None else self.curve[best][self.monitor]
        self.curve[self.last_epoch] = scores
        if self.folder is not None and processes.is_first():
            if self.scores[self.monitor].beats(scores[self.monitor], before):
                with replacing(self.folder / "best.keras") as path:
                    self.model.save(path)
            with replacing(self.folder / "evaluation.png") as path:
                self.chart().save(path)
            write_json(self.folder / "evaluation.json", without_nan(self.report()))
        return scores

    @property
    def best_epoch(self) -> int | None:
        """The first epoch, from 0, with the best monitored score; `None` before there is one."""
        best, score = None, self.scores[self.monitor]
        for epoch, row in sorted(self.curve.items()):
            so_far = None if best is None else self.curve[best][self.monitor]
            if score.beats(row[self.monitor], so_far):
                best = epoch
        return best

    def report(self) -> dict:
        """The final and the best scores, real against real, and how they were measured.

        Here epochs count from 1.
        """

        def row(epoch):
            return None if epoch is None else {"epoch": epoch + 1, **self.curve[epoch]}

        return {
            "final": row(max(self.curve, default=None)),
            "best": row(self.best_epoch),
            "best_by": self.monitor,
            "real_to_real": self.judge.baseline,
            "protocol": {
                **self.judge.protocol(),
                "reference_seed": self.seed,
                "latent_seed": self.seed + 1,
                "generator": "as trained" if self.model.average is None else "averaged",
            },
            "curve": [row(epoch) for epoch in sorted(self.curve)],
        }

    def summary(self) -> str:
        """The report in a few lines of text."""
        report = self.report()
        final, best = report["final"], report["best"] or dict.fromkeys(self.scores, math.nan)
        heads = (f"final (epoch {final['epoch']})", f"best (epoch {best.get('epoch', '-')})")
        lines = [
            f"Evaluation in {self.judge.space} of {self.judge.extractor.name} "
            f"{self.judge.extractor.version} ({self.judge.extractor.resize}); {self.judge.n} "
            f"samples on either side; best by {self.monitor}",
            f"  {'':<22}{heads[0]:>20}{heads[1]:>20}{'real to real':>16}",
        ]
        for name in self.scores:
            figures = f"{final[name]:>20.4g}{best[name]:>20.4g}{self.judge.baseline[name]:>16.4g}"
            lines.append(f"  {name:<22}{figures}")
        return "\n".join(lines)

    def chart(self):
        """The curves as a picture."""
        epochs = sorted(self.curve)
        titles = {name: f"{name}   (dashed: real to real; ring: best)" for name in self.scores}
        return line_charts(
            [epoch + 1 for epoch in epochs],
            {title: [self.curve[e][name] for e in epochs] for name, title in titles.items()},
            {title: self.judge.baseline[name] for name, title in titles.items()},
            marked=None if self.best_epoch is None else self.best_epoch + 1,
        )
