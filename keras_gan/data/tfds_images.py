"""Image data sets from TensorFlow Datasets, by name."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
import sys
import urllib.request
from typing import Any

from keras_gan.data.lazy import tf


@contextlib.contextmanager
def _quiet():
    """A scope without TFDS's log lines, and without its progress bars outside a terminal."""
    import tensorflow_datasets as tfds

    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    try:
        yield
    finally:
        logger.setLevel(level)


def names() -> list[str]:
    """Lists the names of all TFDS data sets."""
    import tensorflow_datasets as tfds

    return tfds.list_builders(with_community_datasets=False)


def find(name: str) -> Any | None:
    """Returns the TFDS builder of a name, or `None` for an unknown name.

    Args:
        name: A TFDS name, with or without config and version, such as `"mnist"`.

    Raises:
        ValueError: For a known name with a config or version that does not exist.
    """
    import tensorflow_datasets as tfds

    try:
        with _quiet():
            return tfds.builder(name, data_dir=os.environ.get("TFDS_DATA_DIR"))
    except tfds.core.DatasetNotFoundError:
        return None
    except Exception as error:  # TFDS reports a bad config or version in several types
        if re.split("[/:]", name)[0] not in names():
            return None
        raise ValueError(f"TensorFlow Datasets rejects {name!r}: {error}") from error


def from_builder(builder: Any, name: str, split: str, labels: bool) -> tf.data.Dataset:
    """Builds a data set of uint8 images, and downloads it unless it is on disk.

    Args:
        builder: The result of `find(name)`.
        name: The name of the set, for messages.
        split: A TFDS split string such as `"train"` or `"test[:1000]"`.
        labels: Whether to yield pairs of an image and its class, an int32 scalar.

    Raises:
        ValueError: If the set has no uint8 images, no such split, or no labels although `labels` is
            true, or if it is not on disk and cannot be downloaded.
    """
    import tensorflow_datasets as tfds

    with _quiet():
        image = _feature(builder, name, "image")
        label = _feature(builder, name, "label") if labels else None
        _prepare(builder, name)
        _check_split(builder, name, split)
        # batches() keeps the data in memory: a second cache would only waste it
        dataset = builder.as_dataset(
            split=split, read_config=tfds.ReadConfig(try_autocache=False), shuffle_files=False
        )
    if dataset.element_spec[image].dtype != tf.uint8:
        raise ValueError(
            f"The images of {name!r} are {dataset.element_spec[image].dtype.name}; they must be "
            f"uint8."
        )
    if label is None:
        return dataset.map(lambda example: example[image], tf.data.AUTOTUNE)
    return dataset.map(
        lambda example: (example[image], tf.cast(example[label], tf.int32)), tf.data.AUTOTUNE
    )


def _feature(builder: Any, name: str, key: str) -> str:
    """Returns the set's image or label feature: the one with that name, or else the only one."""
    import tensorflow_datasets as tfds

    kind = {"image": tfds.features.Image, "label": tfds.features.ClassLabel}[key]
    features = builder.info.features
    found = [k for k, feature in features.items() if isinstance(feature, kind)]
    if not found:
        raise ValueError(
            f"{name!r} has no {key}s; in TensorFlow Datasets its features are "
            f"{', '.join(features)}."
        )
    if key not in found and len(found) > 1:
        choice = f"example[{found[0]!r}]"
        if key == "label":
            choice = f"(example['image'], {choice})"
        raise ValueError(
            f"{name!r} has several {key}s, {', '.join(found)}, but none is named {key!r}: "
            f"choose one, as in tfds.load({name!r}, split='train').map(lambda example: {choice})."
        )
    return key if key in found else found[0]


def _prepare(builder: Any, name: str) -> None:
    if builder.is_prepared():
        return
    try:
        _require_network()
        builder.download_and_prepare()
    except Exception as error:  # network, disk, checksum, manual download: the remedy is the same
        where = os.environ.get("TFDS_DATA_DIR")
        source = f"TFDS_DATA_DIR={where}" if where else "the default, as TFDS_DATA_DIR is not set"
        raise ValueError(
            f"{name!r} is not prepared in {builder.data_dir} ({source}) and could not be "
            f"downloaded ({type(error).__name__}: {error}). Set TFDS_DATA_DIR to a folder that "
            "holds it, or connect to the network and try again."
        ) from error


def _require_network() -> None:
    """Fails at once if names do not resolve; TFDS would retry for minutes.

    Behind a proxy names need not resolve, so this is not checked there.
    """
    if not urllib.request.getproxies():
        socket.getaddrinfo("storage.googleapis.com", 443)


def _check_split(builder: Any, name: str, split: str) -> None:
    try:
        builder.info.splits[split]
    except Exception as error:  # the split parser raises several types
        raise ValueError(
            f"{name!r} has no split {split!r}; allowed are {', '.join(builder.info.splits)} and "
            "slices of them such as 'train[:1000]'."
        ) from error
