"""Keeps snapshots of averages, of which others can be made once training is over."""

import os
import pathlib

import keras
from keras import ops

from keras_gan.arguments import whole
from keras_gan.parallel import processes
from keras_gan.training.averages.profiles import Power
from keras_gan.training.averages.snapshot_files import begin_at, check_folder, write_snapshot


class AverageSnapshots(keras.callbacks.Callback):
    """Keeps snapshots of a model's averages, of which others can be made once training is over.

    The model has `average=kg.averages.Power([0.05, 0.1])`. A snapshot is a file of all its
    averages, as large as the averaged weights in float32 times the number of lengths. With 32
    equally spaced ones of the lengths 0.05 and 0.1 the profile of any length from 0.02 to 0.25 can
    be made with a relative error of at most 4%, with 100 of at most 1%, see
    `kg.averages.recombination`. A run that goes on from a
    `kg.callbacks.Checkpoint` writes the same snapshots as one that was never stopped: when `fit`
    begins, those of later steps than the model's own are deleted.

    Args:
        folder: Where to; it is made if needed. Each run has one of its own, without snapshots when
            it begins at step 0.
        every: Steps between snapshots, counted over the whole training; the last step has one, too.
            Defaults to 1,000.

    Raises:
        ValueError: For an `every` below 1. When `fit` begins: for a model without such averages, a
            folder with snapshots of another model, or one with any if training begins at step 0.

    Example:

    >>> import os, tempfile
    >>> import keras_gan as kg, numpy as np
    >>> networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.GAN(*networks, average=kg.averages.Power([0.05, 0.1]), seed=0)
    >>> gan.compile()
    >>> folder = tempfile.mkdtemp()
    >>> x = np.random.default_rng(0).normal(size=(80, 2))
    >>> snapshots = AverageSnapshots(folder, every=2)
    >>> history = gan.fit(x, batch_size=16, verbose=0, callbacks=[snapshots])
    >>> sorted(os.listdir(folder))
    ['averages.json', 'step_000000002.npy', 'step_000000004.npy', 'step_000000005.npy']

    Reference:
        Karras et al. 2024, Analyzing and Improving the Training Dynamics of Diffusion Models,
        arXiv 2312.02696, section 3.2.
    """

    def __init__(self, folder: str | os.PathLike, every: int = 1000):
        super().__init__()
        self.folder, self.every = pathlib.Path(folder), whole("every", every)
        self.step = self.batch = None  # steps so far in all, and the last batch of the epoch

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the snapshots."""
        return [self.folder]

    def on_train_begin(self, logs=None):
        """Checks model and folder, and counts the steps so far."""
        average = self.model.average
        if average is None or not isinstance(average.decay, Power):
            raise ValueError(
                "AverageSnapshots keeps averages of power functions: build the model with "
                "average=kg.averages.Power([0.05, 0.1])."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        check_folder(self.folder, self.model)
        self.step, self.batch = self.updates(), None
        begin_at(self.folder, self.step, processes.is_first())

    def on_epoch_begin(self, epoch, logs=None):
        """Begins to count the batches of an epoch."""
        if self.batch is not None:
            self.batch = -1

    def on_train_batch_end(self, batch, logs=None):
        """Writes a snapshot if one is due."""
        before = self.step
        if self.batch is None:  # a run may go on within an epoch
            self.step = self.updates()
        else:
            self.step += batch - self.batch
        self.batch = batch
        if self.step // self.every > before // self.every:
            self.write()

    def on_train_end(self, logs=None):
        """Writes a snapshot of the last step."""
        if self.step % self.every:
            self.write()

    def updates(self) -> int:
        """How often the average has been updated."""
        self.model.settle()
        return int(ops.convert_to_numpy(self.model.average.updates))

    def write(self) -> None:
        """Writes a snapshot of the present averages."""
        self.model.settle()
        if processes.is_first():
            write_snapshot(self.folder, self.model)
