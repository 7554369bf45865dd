"""Callbacks for `fit`.

Of Keras's own, these work for a game: `CSVLogger`, `History`, `LambdaCallback`, `ProgbarLogger`;
`TensorBoard`, which shows the generator's learning rate alone, unlike the one here;
`ModelCheckpoint` and `EarlyStopping`, told a `monitor` that the game logs and a `mode`;
`BackupAndRestore`, which restores networks, averages, optimizers and random streams, yet not the
order of the data: `Checkpoint` here does all that. `EarlyStopping(restore_best_weights=True)`
restores the networks and the average, not the optimizers; a `ModelCheckpoint` has it all. `fit`
refuses, with the reason, `TerminateOnNaN`, `LearningRateScheduler`, `ReduceLROnPlateau` and
`SwapEMAWeights`; beside a `Checkpoint` also `BackupAndRestore` and
`EarlyStopping(restore_best_weights=True)`.
"""

from keras_gan.callbacks.averaging import SwapAverage
from keras_gan.callbacks.evaluation import Evaluation
from keras_gan.callbacks.health import Health, HealthWarning, NotFiniteError
from keras_gan.callbacks.learning_rate import LearningRate
from keras_gan.callbacks.samples import Samples
from keras_gan.callbacks.tensorboard import TensorBoard
from keras_gan.callbacks.translations import Translations
from keras_gan.checkpoints.callback import Checkpoint

__all__ = [
    "Checkpoint",
    "Evaluation",
    "Health",
    "HealthWarning",
    "LearningRate",
    "NotFiniteError",
    "Samples",
    "SwapAverage",
    "TensorBoard",
    "Translations",
]
