"""Runs of models that reconstruct samples and make none: their pictures, and what is refused."""

from keras_gan.families.likelihood import Likelihood
from keras_gan.families.one_data_set import OneDataSet

COLUMNS, ROWS = 12, 3  # of samples in a picture, which stand above their reconstructions
POINTS_SHOWN = 1000


class Reconstructing(Likelihood, OneDataSet):
    """The part of an entry that draws reconstructions, for any model with `reconstruct`."""

    without = ("labels", "features", "evaluate_epochs")

    def pictures(self, settings, data, folder, log_dir):
        """Samples that are held out where the data set has a test split, as the model sees them."""
        from keras_gan.callbacks import Reconstructions
        from keras_gan.families.datasets import held_out

        count = POINTS_SHOWN if len(data.shape) == 1 else COLUMNS * ROWS
        x = held_out(settings, count)[0]
        return Reconstructions(folder, x, self.seen(x, settings), COLUMNS, log_dir=log_dir)

    def seen(self, x, settings):
        """What the encoder sees of samples in training; `None` if it sees them as they are."""
        return
