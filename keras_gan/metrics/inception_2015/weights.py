"""The published weights of the network of the original FID, from the file where the user has it."""

from __future__ import annotations

import hashlib
import os
import pathlib

import keras
import numpy as np

from keras_gan.files.frozen_graphs import constants_in_graph
from keras_gan.files.torch_files import arrays_in_torch_file
from keras_gan.metrics.inception_2015.network import EPSILON, build, names_in_graph
from keras_gan.metrics.names import PUBLISHED as PUBLISHED_WEIGHTS

VARIABLE = "KERAS_GAN_INCEPTION_2015"
PUBLISHED = "6726825d"  # the start of the SHA-256 of PyTorch's file, as its name says it
FILES = {  # in the order in which they are looked for
    f"pt_inception-2015-12-05-{PUBLISHED}.pth": (
        "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
        f"pt_inception-2015-12-05-{PUBLISHED}.pth"
    ),
    f"weights-inception-2015-12-05-{PUBLISHED}.pth": (
        "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/"
        f"weights-inception-2015-12-05-{PUBLISHED}.pth"
    ),
    "classify_image_graph_def.pb": (
        "http://download.tensorflow.org/models/image/imagenet/inception-2015-12-05.tgz"
    ),
}


def find() -> pathlib.Path:
    """The file of the weights: that of the environment variable, or one of the known places.

    Raises:
        FileNotFoundError: If there is none; it names the files, where they are published and the
            places.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if pathlib.Path(named).is_file():
            return pathlib.Path(named)
        raise FileNotFoundError(f"{VARIABLE} names {named}, and there is no such file.")
    for folder in places():
        for name in FILES:
            if (folder / name).is_file():
                return folder / name
    listed = "; ".join(f"{name}, from {origin}" for name, origin in FILES.items())
    where = ", ".join(map(str, places()))
    raise FileNotFoundError(
        f"The 'inception_2015' extractor needs a file of the network of the original FID, and does "
        f"not download it: one of {listed}. Put it into one of the folders {where}, or name it in "
        f"the environment variable {VARIABLE}."
    )


def places() -> list[pathlib.Path]:
    """The folders in which the file is looked for: those of Keras and of PyTorch."""
    home = pathlib.Path.home()
    keras_home = pathlib.Path(os.environ.get("KERAS_HOME") or home / ".keras")
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    torch_home = pathlib.Path(os.environ.get("TORCH_HOME") or cache / "torch")
    return [keras_home / "models", torch_home / "hub" / "checkpoints"]


def load(path: str | os.PathLike) -> tuple[keras.Model, str]:
    """The network with the weights of a file.

    Args:
        path: A `.pth` file of pytorch-fid or torch-fidelity, or TensorFlow's graph, a `.pb` file.

    Returns:
        The network, from images to `[features, logits]`, and the version of its weights in words.

    Raises:
        ValueError: If the file is not one of these, or has other arrays than this network.
        OSError: If it cannot be read.
    """
    path = pathlib.Path(path)
    is_graph = path.suffix == ".pb"
    try:
        arrays = constants_in_graph(path) if is_graph else arrays_in_torch_file(path)
        state = _as_state(arrays) if is_graph else arrays
        network = build()
        _put(state, network)
    except ValueError as error:
        raise ValueError(
            f"{path} has no weights of the network of the original FID: {error}."
        ) from error
    network.trainable = False
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[: len(PUBLISHED)]
    if digest == PUBLISHED:
        return network, f"{PUBLISHED_WEIGHTS} {digest}"
    return network, f"{'graph' if is_graph else 'weights'} {digest}"


def _as_state(constants: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A graph's constants under the names, and in the order of axes, of PyTorch."""
    found = {}
    for name, place in names_in_graph().items():
        moments = f"{place}/batchnorm"
        for key, constant, axes in (
            (f"{name}.conv.weight", f"{place}/conv2d_params", (3, 2, 0, 1)),
            (f"{name}.bn.bias", f"{moments}/beta", (0,)),
            (f"{name}.bn.weight", f"{moments}/gamma", (0,)),
            (f"{name}.bn.running_mean", f"{moments}/moving_mean", (0,)),
            (f"{name}.bn.running_var", f"{moments}/moving_variance", (0,)),
        ):
            array = constants.get(constant)
            if array is None or array.ndim != len(axes):
                raise ValueError(f"it has no array {constant} of {len(axes)} axes")
            found[key] = array.transpose(axes)
    if constants.get("softmax/weights", np.empty(0)).ndim != 2:
        raise ValueError("it has no array softmax/weights of 2 axes")
    return found | {"fc.weight": constants["softmax/weights"].T}


def _put(state: dict[str, np.ndarray], network: keras.Model) -> None:
    """Sets a network's weights: γ K / √(v + ε), and the bias β − γ m / √(v + ε)."""
    for name in names_in_graph():
        kernel, bias = network.get_layer(name).weights
        height, width, into, filters = kernel.shape
        stored = _taken(state, f"{name}.conv.weight", (filters, into, height, width))
        γ, β, m, v = (
            _taken(state, f"{name}.bn.{key}", (filters,))
            for key in ("weight", "bias", "running_mean", "running_var")
        )
        if (v < 0).any():
            raise ValueError(f"the variances in {name} are negative")
        scale = γ / np.sqrt(v + EPSILON)
        kernel.assign((stored.transpose(2, 3, 1, 0) * scale).astype("float32"))
        bias.assign((β - m * scale).astype("float32"))
    (kernel,) = network.get_layer("fc").weights
    kernel.assign(_taken(state, "fc.weight", tuple(kernel.shape)[::-1]).T.astype("float32"))


def _taken(state: dict[str, np.ndarray], name: str, shape: tuple) -> np.ndarray:
    array = state.get(name)
    if array is None or array.shape != shape:
        there = "none" if array is None else f"one of shape {array.shape}"
        raise ValueError(f"it needs an array {name} of shape {shape} and has {there}")
    array = array.astype("float64")
    if not np.isfinite(array).all():
        raise ValueError(f"the array {name} has NaN or infinite numbers")
    return array
