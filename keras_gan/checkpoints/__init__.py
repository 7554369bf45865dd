"""Checkpoints: all state that a training run needs to continue, in atomically written files."""

from keras_gan.checkpoints.folder import CheckpointFolder
from keras_gan.checkpoints.state import Progress, describe, pack, restore, unpack

__all__ = ["CheckpointFolder", "Progress", "describe", "pack", "restore", "unpack"]
