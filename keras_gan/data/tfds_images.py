"""Image sets of TensorFlow Datasets, by their name there."""

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
    """Mutes what TFDS logs at every look at a folder, and its bars away from a terminal."""
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
    """Lists the names TFDS knows."""
    import tensorflow_datasets as tfds

    return tfds.list_builders(with_community_datasets=False)


def find(name: str) -> Any | None:
    """Returns the TFDS builder of that name, or None if there is none.

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
        raise ValueError(f"TensorFlow Datasets refuses {name!r}: {error}") from error


def from_builder(builder: Any, name: str, split: str, labels: bool) -> tf.data.Dataset:
    """Builds a data set of uint8 images, prepared on disk or else downloaded.

    Args:
        builder: What `find(name)` returned.
        name: The name as it was asked for.
        split: A TFDS split string, `"train"`, `"test[:1000]"`, …
        labels: Whether to yield pairs, with the set's class as label.

    Raises:
        ValueError: For a set without images (or labels, where asked), an unknown split, or a
            set that is neither on disk nor to be had from the network.
    """
    import tensorflow_datasets as tfds

    with _quiet():
        image = _feature(builder, name, "image")
        label = _feature(builder, name, "label") if labels else None
        _prepare(builder, name)
        _check_split(builder, name, split)
        # batches() holds the data itself: a second cache would only cost memory
        dataset = builder.as_dataset(
            split=split, read_config=tfds.ReadConfig(try_autocache=False), shuffle_files=False
        )
    if dataset.element_spec[image].dtype != tf.uint8:
        raise ValueError(
            f"{name!r} has images of {dataset.element_spec[image].dtype.name}; allowed are uint8."
        )
    if label is None:
        return dataset.map(lambda example: example[image], tf.data.AUTOTUNE)
    return dataset.map(
        lambda example: (example[image], tf.cast(example[label], tf.int32)), tf.data.AUTOTUNE
    )


def _feature(builder: Any, name: str, key: str) -> str:
    """Returns the set's image or label feature: the one of that very name, or the only one."""
    import tensorflow_datasets as tfds

    kind = {"image": tfds.features.Image, "label": tfds.features.ClassLabel}[key]
    features = builder.info.features
    found = [k for k, feature in features.items() if isinstance(feature, kind)]
    if not found:
        raise ValueError(
            f"{name!r} has no {key}s: TensorFlow Datasets gives it the features "
            f"{', '.join(features)}."
        )
    if key not in found and len(found) > 1:
        choice = f"example[{found[0]!r}]"
        if key == "label":
            choice = f"(example['image'], {choice})"
        raise ValueError(
            f"{name!r} has several {key}s, {', '.join(found)}, and none is named {key!r}: choose "
            f"one, tfds.load({name!r}, split='train').map(lambda example: {choice})."
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
        source = f"TFDS_DATA_DIR={where}" if where else "TFDS's default, TFDS_DATA_DIR is not set"
        raise ValueError(
            f"{name!r} is not prepared in {builder.data_dir} ({source}) and could not be "
            f"downloaded ({type(error).__name__}: {error}). Set TFDS_DATA_DIR to a folder that "
            "holds it, or try again with a network."
        ) from error


def _require_network() -> None:
    """Fails at once without name resolution, where TFDS would retry for minutes.

    Behind a proxy names need not resolve, so nothing is asked there.
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
