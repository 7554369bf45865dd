"""The losses of every epoch, as a table in the run folder."""

import csv
import io
import pathlib

import keras

from keras_gan.files.atomic import write_atomically
from keras_gan.files.locking import FolderLock


class HistoryFile(keras.callbacks.Callback):
    """Writes the logs of all epochs after every epoch, including those before a resume.

    The file is complete at any time. Its columns are `epoch`, counted from 1 like the pictures, and
    the names of the logs, with all digits.

    Args:
        path: A CSV file.
        lock: The lock of its folder, which is confirmed during training. Defaults to `None`.
    """

    def __init__(self, path: pathlib.Path, lock: FolderLock | None = None):
        super().__init__()
        self.path, self.lock = path, lock

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the run."""
        return [self.path.parent]

    def on_epoch_end(self, epoch, logs=None):
        """Writes the table."""
        self.write({**_rows_of(self.model.history), epoch: logs})

    def on_train_end(self, logs=None):
        """Writes the table, also for a run that was already finished."""
        self.write(_rows_of(self.model.history))

    def write(self, rows: dict[int, dict]) -> None:
        """Writes rows by epoch."""
        names = list(dict.fromkeys(name for row in rows.values() for name in row))
        text = io.StringIO()
        table = csv.DictWriter(text, ["epoch", *names], lineterminator="\n")
        table.writeheader()
        table.writerows({"epoch": epoch + 1, **row} for epoch, row in sorted(rows.items()))
        write_atomically(self.path, text.getvalue().encode())


def _rows_of(history: keras.callbacks.History) -> dict[int, dict]:
    """The logs by epoch."""
    return {
        epoch: {name: values[i] for name, values in history.history.items() if i < len(values)}
        for i, epoch in enumerate(history.epoch)
    }
