"""The feature extractors in this package: a configuration, weights and a card for each.

`benchmarks/train_features.py` made them. A configuration has only Keras's own layers, and no code.
"""

import hashlib
import io
import json
import pathlib

import keras
import numpy as np

from keras_gan.backend.precision import float32_layers
from keras_gan.files.checksums import DamagedFileError

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
    return json.loads((folder / name / "card.json").read_text())


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
    here, files = folder / name, {}
    try:
        checksums = card(name, folder)["sha256"]
        for file in ("config.json", "weights.npz"):
            files[file] = (here / file).read_bytes()
        wrong = [f for f in files if hashlib.sha256(files[f]).hexdigest() != checksums[f]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DamagedFileError(
            f"The files of the '{name}' extractor in {here} are incomplete or damaged "
            f"({type(error).__name__}: {error}): install keras-gan again."
        ) from error
    if wrong:
        raise DamagedFileError(
            f"{here / wrong[0]} does not have the checksum in its card.json, so it was not read: "
            f"install keras-gan again."
        )
    with float32_layers():
        network = keras.Model.from_config(json.loads(files["config.json"]))
    with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as arrays:
        network.set_weights([arrays[key].astype("float32") for key in sorted(arrays)])
    network.trainable = False
    return network
