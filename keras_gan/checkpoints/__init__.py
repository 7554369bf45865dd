"""Checkpoints: all state that a training run needs to continue, in atomically written files."""

from keras_gan.backend.lazy import lazily

_HOMES = {  # loaded when they are asked for: the help of the command line needs none of them
    "folder": ("CheckpointFolder",),
    "state": ("Progress", "describe", "pack", "restore", "unpack"),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = [*sum(_HOMES.values(), ())]
