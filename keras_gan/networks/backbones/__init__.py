"""Networks that others trained and that come with this package: weights and a card for each.

`benchmarks/convert_backbone.py` made their files.
"""

import pathlib

import keras
import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.files.packaged import card_in, checked_files, weights_in
from keras_gan.networks.backbones.efficientnet_lite import efficientnet_lite0

FOLDER = pathlib.Path(__file__).parent
BACKBONES = {"efficientnet_lite0": efficientnet_lite0}


def card(name: str) -> dict:
    """The card of a backbone: who trained it on what, its licence, errors and checksums.

    Args:
        name: One of `BACKBONES`.

    Raises:
        ValueError: For an unknown name.

    Example:

    >>> card("efficientnet_lite0")["license"]
    'Apache-2.0'
    """
    if name not in BACKBONES:
        raise unknown_name("backbone", name, BACKBONES)
    return card_in(FOLDER / name)


def stages(name: str, image_shape: tuple) -> keras.Model:
    """The network from images to the maps at the ends of its stages, from fine to coarse.

    Args:
        name: One of `BACKBONES`.
        image_shape: `(height, width, 3)`; sides may be `None`.

    Returns:
        A `keras.Model` whose weights do not train.

    Raises:
        ValueError: For an unknown name.
        DamagedFileError: If its file is missing or has another checksum than on its card.

    Example:

    >>> [map.shape[1:] for map in stages("efficientnet_lite0", (64, 64, 3)).outputs]
    [(16, 16, 24), (8, 8, 40), (4, 4, 112), (2, 2, 320)]
    """
    return _loaded(name, image_shape)[0]


def classifier(name: str, image_shape: tuple) -> keras.Model:
    """The network from images to the pair `[features, logits]`.

    Args:
        name: As in `stages`.
        image_shape: As in `stages`.

    Raises:
        ValueError: As `stages`.
        DamagedFileError: As `stages`.

    Example:

    >>> [output.shape for output in classifier("efficientnet_lite0", (96, 96, 3)).outputs]
    [(None, 1280), (None, 1000)]
    """
    trunk, head = _loaded(name, image_shape)
    network = keras.Model(trunk.inputs[0], head(trunk.outputs[-1]), name=name)
    network.trainable = False
    return network


def _loaded(name: str, image_shape: tuple) -> tuple[keras.Model, keras.Model]:
    """The two parts of a backbone, with its weights."""
    found = card(name)
    files = checked_files(FOLDER / name, f"the backbone {name!r}", ("weights.npz",))
    scale = (np.array(found[each]) for each in ("means", "stddevs"))
    parts = BACKBONES[name](image_shape, *scale)
    arrays = weights_in(files["weights.npz"])
    for part in parts:
        part.set_weights(arrays[: len(part.weights)])
        del arrays[: len(part.weights)]
        part.trainable = False
    return parts
