"""The feature extractors in this package: a configuration, weights and a card for each.

`benchmarks/train_features.py` made them. A configuration has only Keras's own layers, and no code.
"""

import json
import pathlib

import keras

from keras_gan.backend.precision import float32_layers
from keras_gan.files.packaged import card_in, checked_files, weights_in

FOLDER = pathlib.Path(__file__).parent
NAMES = ("cifar10", "mnist")


def card(name: str, folder: pathlib.Path = FOLDER) -> dict:
    """The card of an extractor: its data, test accuracy, command, seed, machine and checksums.

    Args:
        name: One of `NAMES`.
        folder: The folder that holds the extractors' folders. Defaults to the package's own.

    Example:

    >>> card("mnist")["test_accuracy"] >= 0.992
    True
    """
    return card_in(folder / name)


def load(name: str, folder: pathlib.Path = FOLDER) -> keras.Model:
    """The network of an extractor, from images in [-1, 1] to the pair `[features, logits]`.

    Args:
        name: One of `NAMES`.
        folder: As in `card`. Defaults to the package's own.

    Raises:
        DamagedFileError: If a file is missing or has another checksum than on the card; it is then
            not parsed.

    Example:

    >>> [output.shape for output in load("mnist").outputs]
    [(None, 128), (None, 10)]
    """
    names = ("config.json", "weights.npz")
    files = checked_files(folder / name, f"the '{name}' extractor", names)
    with float32_layers():
        network = keras.Model.from_config(json.loads(files["config.json"]))
    network.set_weights(weights_in(files["weights.npz"]))
    network.trainable = False
    return network
