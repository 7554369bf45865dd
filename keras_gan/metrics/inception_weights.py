"""Keras's InceptionV3 and its weights."""

import contextlib
import hashlib
import os
import pathlib
import sys

import keras

from keras_gan.backend.precision import float32_layers
from keras_gan.files.checksums import DamagedFileError

FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
ORIGIN = f"https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/{FILE}"
MD5 = "9a0d58056eeedaa3f26cb7ebd46da564"
SIZE = 299


def weights_file() -> pathlib.Path:
    """The path of InceptionV3's weights, which are downloaded (96 MB) if missing.

    Raises:
        FileNotFoundError: If the file is missing and cannot be downloaded.
        DamagedFileError: If the file has another checksum; it stays as it is.
    """
    home = pathlib.Path(os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras")
    path = home / "models" / FILE
    if path.exists():
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "md5").hexdigest()
        if found != MD5:
            raise DamagedFileError(
                f"{path} has the MD5 {found}, not {MD5}, so it is damaged or another version: "
                f"remove it, or replace it by {ORIGIN}."
            )
        return path
    try:
        with contextlib.redirect_stdout(sys.stderr):  # another program may read stdout as JSON
            return pathlib.Path(
                keras.utils.get_file(FILE, ORIGIN, cache_subdir="models", file_hash=MD5)
            )
    except Exception as error:  # Keras reports network, disk and checksum in several types
        raise FileNotFoundError(
            f"The 'inception' extractor needs the file {path} (MD5 {MD5}), which is missing and "
            f"could not be downloaded from {ORIGIN} ({type(error).__name__}: {error}): copy it "
            f"there, or use another extractor."
        ) from error


def load() -> keras.Model:
    """InceptionV3, from images `(299, 299, 3)` in [-1, 1] to the pair `[features, logits]`.

    The features are the 2,048 numbers after the last pooling, the logits those of ImageNet's 1,000
    classes.

    Raises:
        FileNotFoundError: As `weights_file`.
        DamagedFileError: As `weights_file`.
    """
    with float32_layers():
        classifier = keras.applications.InceptionV3(
            weights=str(weights_file()), input_shape=(SIZE, SIZE, 3), classifier_activation=None
        )
        network = keras.Model(
            classifier.inputs, [classifier.get_layer("avg_pool").output, classifier.outputs[0]]
        )
    network.trainable = False
    return network
