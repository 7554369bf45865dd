"""Keras's InceptionV3 as a feature extractor, and where its weights come from."""

import contextlib
import hashlib
import os
import pathlib
import sys

import keras

from keras_gan.backend.precision import float32_layers
from keras_gan.files.sealed import DamagedFileError

FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
ORIGIN = f"https://storage.googleapis.com/tensorflow/keras-applications/inception_v3/{FILE}"
MD5 = "9a0d58056eeedaa3f26cb7ebd46da564"
SIZE = 299


def weights_file() -> pathlib.Path:
    """The file of InceptionV3's weights, downloaded (96 MB) if it is not there.

    Raises:
        FileNotFoundError: If it is not there and cannot be downloaded.
        DamagedFileError: If it is there with another checksum; it is left alone.
    """
    home = pathlib.Path(os.environ.get("KERAS_HOME") or pathlib.Path.home() / ".keras")
    path = home / "models" / FILE
    if path.exists():
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "md5").hexdigest()
        if found != MD5:
            raise DamagedFileError(
                f"{path} has the MD5 {found}, not {MD5}: the copy is damaged or of another "
                f"version; remove it, or put the file from {ORIGIN} there."
            )
        return path
    try:
        with contextlib.redirect_stdout(sys.stderr):  # stdout may be read as JSON
            return pathlib.Path(
                keras.utils.get_file(FILE, ORIGIN, cache_subdir="models", file_hash=MD5)
            )
    except Exception as error:  # Keras reports network, disk and checksum in several types
        raise FileNotFoundError(
            f"The 'inception' extractor needs the file {path} (MD5 {MD5}), which "
            f"is not there and could not be downloaded from {ORIGIN} "
            f"({type(error).__name__}: {error}): put it there by hand, or take another extractor."
        ) from error


def load() -> keras.Model:
    """InceptionV3 from images `(299, 299, 3)` in [-1, 1] to the pair `[features, logits]`.

    The 2,048 features are those after the last pooling; the logits are ImageNet's 1,000.

    Raises:
        FileNotFoundError: See `weights_file`.
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
