"""TensorBoard scalars of a model."""

import keras
import numpy as np

from keras_gan.arguments import whole


class TensorBoard(keras.callbacks.TensorBoard):
    """`keras.callbacks.TensorBoard` with the losses of all players in one chart, and their rates.

    The tab Custom Scalars has a chart with the losses of all players, one for each other quantity,
    and the learning rates last. The tab Scalars has the same curves, `epoch_<name>` by epoch, and
    `training/<player>_learning_rate` after all others. With `update_freq=N` there are points every
    N steps, too: `batch_<name>`, of which each is the mean over the N steps, whereas Keras's own
    are means since the beginning of the epoch.

    If a run continues from a `Checkpoint` after a crash, it writes the steps since that checkpoint
    again, into another event file.

    Args:
        log_dir: The TensorBoard folder. Defaults to `"logs"`.
        write_graph: Whether to write the graph. Defaults to `False`, unlike Keras's own.
        update_freq: The number of steps between points, or `"epoch"` for points by epoch alone.
            Defaults to `"epoch"`. (`"batch"` is 1.)
        **options: As in `keras.callbacks.TensorBoard`.

    Raises:
        ValueError: For an `update_freq` below 1, or of another kind.

    Example:

    >>> import keras_gan as kg, numpy as np, tempfile
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> x = np.random.normal(size=(64, 2))
    >>> logs = TensorBoard(tempfile.mkdtemp(), update_freq=1)
    >>> history = gan.fit(x, verbose=0, callbacks=[logs])
    """

    def __init__(
        self, log_dir: str = "logs", write_graph: bool = False, update_freq="epoch", **options
    ):
        self.every = None
        if update_freq != "epoch":
            self.every = 1 if update_freq == "batch" else whole("update_freq", update_freq)
        # Keras's own points by step are not asked for: this class writes them
        super().__init__(log_dir=log_dir, write_graph=write_graph, update_freq="epoch", **options)

    def on_train_begin(self, logs=None):
        """Begins without a layout, which waits for the names in the first logs."""
        super().on_train_begin(logs)
        self.has_layout, self.steps = False, 0  # in all epochs so far

    def on_epoch_begin(self, epoch, logs=None):
        """Notes at which step the epoch begins, where the running means begin anew."""
        super().on_epoch_begin(epoch, logs)
        in_each = self.params.get("steps")
        self.start = self.steps if in_each is None else epoch * in_each
        self.before = None

    def on_train_batch_begin(self, batch, logs=None):
        """Notes the running means at the first step, also of an epoch that is continued."""
        super().on_train_batch_begin(batch, logs)
        if self.every is not None and self.before is None:
            self.point, self.before = self.start + batch, self._sums()

    def on_train_batch_end(self, batch, logs=None):
        """Writes the means over the steps since the last point, when a point is due."""
        super().on_train_batch_end(batch, logs)
        self.steps = self.start + batch + 1
        if self.every is None or self.steps // self.every == self.point // self.every:
            return
        sums = self._sums()
        means = self.model.means.means_of(sums - self.before)
        self.point, self.before = self.steps, sums
        with self._train_writer.as_default():
            for name, value in {**means, **self.model.estimates(means)}.items():
                self.summary.scalar(f"batch_{name}", float(value), step=self.steps)

    def on_epoch_end(self, epoch, logs=None):
        """Writes the epoch's points, and with the first of them the layout of the charts."""
        super().on_epoch_end(epoch, logs)
        if not self.has_layout and logs:
            self.has_layout = True
            self._write_layout(logs)

    def _sums(self) -> np.ndarray:
        """The sums of which the running means of the epoch are made, up to date."""
        self.model.settle()
        return np.array(keras.ops.convert_to_numpy(self.model.means.sums))

    def _collect_learning_rate(self, logs):
        """Adds no learning rate to the scalars by epoch; they have tags that come last."""
        return logs

    def _log_epoch_metrics(self, epoch, logs):
        super()._log_epoch_metrics(epoch, logs)
        if not logs:
            return
        with self._train_writer.as_default():
            for player, optimizer in self.model.optimizers_by_player().items():
                rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
                self.summary.scalar(rate_tag(player), rate, step=epoch)

    def _write_layout(self, logs: dict) -> None:
        """Writes which curves the tab Custom Scalars has in one chart."""
        from keras_gan.callbacks.tensorboard_layout import layout_of

        of_players = [self.model.loss_names(player) for player in self.model.schedule.players]
        rates = [rate_tag(player) for player in self.model.optimizers_by_player()]
        layout = layout_of(logs, of_players, rates, by_step=self.every is not None)
        with self._train_writer.as_default():
            self.summary.experimental.write_raw_pb(layout, step=0)


def rate_tag(player: str) -> str:
    """The tag of a player's learning rate, which sorts after the tags of all else."""
    return f"training/{player}_learning_rate"
