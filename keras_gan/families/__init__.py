"""The families of models: how the command line trains each, and what its presets hold.

A family is a folder here and a line in `known`, which the command line loads. Models and games do
not depend on it: its pictures, scores, presets and settings stand above callbacks, metrics and zoo,
and below the command line.
"""

from keras_gan.backend.lazy import lazily

_HOMES = {  # loaded when they are asked for: the help of the command line needs none of them
    "presets": (
        "Generator",
        "PretrainedCodePrior",
        "PretrainedFlow",
        "PretrainedVAE",
        "Translator",
    ),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = [*sum(_HOMES.values(), ())]
