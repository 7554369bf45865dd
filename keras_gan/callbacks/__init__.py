"""Callbacks for `fit`.

All of Keras's own callbacks work for a model of one player, and these for a game:

- `CSVLogger`, `History`, `LambdaCallback` and `ProgbarLogger`;
- `TensorBoard`, which logs only the generator's learning rate; the one here logs all;
- `ModelCheckpoint` and `EarlyStopping`, with a `monitor` that the game logs and a `mode`.
  `EarlyStopping(restore_best_weights=True)` restores the networks and the average, but not the
  optimizers; a `ModelCheckpoint` stores them, too;
- `BackupAndRestore`, which restores networks, averages, optimizers and random streams, but not the
  order of the data. `Checkpoint` here restores that, too.

For a game `fit` refuses `TerminateOnNaN`, `LearningRateScheduler`, `ReduceLROnPlateau` and
`SwapEMAWeights`. Beside a `Checkpoint` it refuses `BackupAndRestore` and
`EarlyStopping(restore_best_weights=True)`. The error says what to use instead.
"""

from keras_gan.backend.lazy import lazily
from keras_gan.checkpoints.callback import Checkpoint

_HOMES = {  # loaded when they are asked for: `import keras_gan` needs none of them
    "average_snapshots": ("AverageSnapshots",),
    "averaging": ("SwapAverage",),
    "evaluation": ("Evaluation",),
    "health": ("Health", "HealthWarning", "NotFiniteError"),
    "learning_rate": ("LearningRate",),
    "reconstructions": ("Reconstructions",),
    "samples": ("Samples",),
    "tensorboard": ("TensorBoard",),
    "translations": ("Translations",),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = ["Checkpoint", *sum(_HOMES.values(), ())]
