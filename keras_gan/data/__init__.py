"""Data sets by name, from folders or arrays, and the batches to train on."""

from keras_gan.backend.lazy import lazily

_HOMES = {  # loaded when they are asked for: training on arrays needs none of them
    "affine": ("random_affine", "with_copies"),
    "named_classes": ("class_names",),
    "label_vectors": ("indicators",),
    "names": ("DATASETS",),
    "loading": ("load",),
    "packaged.known": ("collection",),
    "packaged.collection": ("Collection",),
    "pipeline": ("batches",),
    "densities": ("Density", "Mixture"),
    "synthetic": ("density", "mixture"),
    "unpaired_batches": ("unpaired",),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = [*sum(_HOMES.values(), ())]
