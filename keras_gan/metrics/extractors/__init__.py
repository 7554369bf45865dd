"""The feature extractors that ship with the package: configuration, weights and card of each.

`benchmarks/train_features.py` made them. A configuration holds Keras's own layers and no code.
"""

import hashlib
import io
import json
import pathlib

import keras
import numpy as np

from keras_gan.backend.precision import float32_layers
from keras_gan.files.sealed import DamagedFileError

FOLDER = pathlib.Path(__file__).parent
NAMES = ("cifar10", "mnist")


def card(name: str, folder: pathlib.Path = FOLDER) -> dict:
    """What is known of an extractor: data, test accuracy, command, seed, machine, checksums.

    Args:
        name: One of `NAMES`.
        folder: The folder that holds the extractors' folders. Defaults to the package's own.

    Example:

    >>> card("mnist")["test_accuracy"] >= 0.992
    True
    """
    return json.loads((folder / name / "card.json").read_text())


def load(name: str, folder: pathlib.Path = FOLDER) -> keras.Model:
    """The extractor's network, from images in [-1, 1] to the pair `[features, logits]`.

    Args:
        name: One of `NAMES`.
        folder: As in `card`.

    Raises:
        DamagedFileError: For files that are missing, or whose checksum is not that of the card;
            they are not parsed.

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
            f"The files of the '{name}' extractor in {here} are not whole "
            f"({type(error).__name__}: {error}): install keras-gan again."
        ) from error
    if wrong:
        raise DamagedFileError(
            f"{here / wrong[0]} has not the checksum of its card.json, so it was not read: install "
            f"keras-gan again."
        )
    with float32_layers():
        network = keras.Model.from_config(json.loads(files["config.json"]))
    with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as arrays:
        network.set_weights([arrays[key].astype("float32") for key in sorted(arrays)])
    network.trainable = False
    return network
