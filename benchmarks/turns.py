"""Times of the epochs of a `fit`, between which peers have their turns."""

import time

import keras


class Turns(keras.callbacks.Callback):
    """Times the epochs of a `fit`; before each, `between` runs."""

    def __init__(self, between):
        super().__init__()
        self.between, self.seconds = between, []

    def on_epoch_begin(self, epoch, logs=None):
        """Lets the others have their turn."""
        self.between()
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Notes the time."""
        self.seconds.append(time.perf_counter() - self.start)
