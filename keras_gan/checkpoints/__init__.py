"""All that a training run needs to go on, in files that are whole or not there."""

from keras_gan.checkpoints.folder import CheckpointFolder
from keras_gan.checkpoints.state import Progress, describe, pack, restore, unpack

__all__ = ["CheckpointFolder", "Progress", "describe", "pack", "restore", "unpack"]
