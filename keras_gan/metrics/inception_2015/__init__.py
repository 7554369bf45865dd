"""The extractor of the original FID, with which papers' figures can be compared."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.data.scale import Scale
from keras_gan.metrics.extractor import Features
from keras_gan.metrics.inception_2015 import weights as files
from keras_gan.metrics.inception_2015.network import DIM
from keras_gan.metrics.inception_2015.resizing import RULES
from keras_gan.metrics.names import OF_PAPERS

NAMES = dict(zip(RULES, OF_PAPERS, strict=True))  # of extractors, by what is done to images
AT_ONCE = 24  # images; the largest tensor of one takes 5.5 MB


def extractor(rule: str = "original", weights: str | os.PathLike | None = None) -> Features:
    """The 2,048 features of the network of the original FID, on images as others prepare them.

    Images in [-1, 1] are first rounded to bytes, as a file of them holds them. Then

    - `"original"`: bilinear as TensorFlow 1 resizes, (x − 128) / 128. So do the authors' code and
      torch-fidelity, and most papers' figures are of this kind.
    - `"clean"`: bicubic and antialiased, as clean-fid does, so that the size of images matters
      less.
    - `"pytorch"`: bilinear as PyTorch resizes, 2 x / 255 − 1, as pytorch-fid does.

    Only the same rule, the same number of samples and the same real samples make figures
    comparable. The classes' logits are those of the original inception score.

    Args:
        rule: One of these. Defaults to `"original"`.
        weights: The file of the published weights: `.pth` of pytorch-fid or torch-fidelity, or
            TensorFlow's graph `classify_image_graph_def.pb`. It is read and not executed. Defaults
            to `None`: the file that the environment variable `KERAS_GAN_INCEPTION_2015` names, or
            one of these names in `~/.keras/models` or `~/.cache/torch/hub/checkpoints`.

    Returns:
        A `Features`. Its version has the start of the SHA-256 of the file, 6726825d for the
        published one of PyTorch.

    Raises:
        FileNotFoundError: If the file is missing; it says where it is published.
        ValueError: For an unknown rule, or a file with other weights.

    Example:

    >>> extractor("bilinear")
    Traceback (most recent call last):
    ...
    ValueError: Unknown rule of resizing 'bilinear'...

    Reference: Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium, arXiv 1706.08500; on resizing:
    Parmar, Zhang and Zhu 2021, On Aliased Resizing and Surprising Subtleties in GAN Evaluation,
    arXiv 2104.11222. Scores of classes: Salimans and others 2016, arXiv 1606.03498.
    """
    if rule not in RULES:
        raise unknown_name("rule of resizing", rule, RULES)
    prepare, text = RULES[rule]
    path = files.find() if weights is None else weights
    network, version = _loaded(os.path.abspath(path), os.stat(path).st_mtime_ns)
    return Features(
        NAMES[rule],
        version,
        f"images rounded to bytes, resized to 299 x 299 ({text}); grey repeated over 3 channels",
        DIM,
        _of_images(network, prepare, 0),
        _of_images(network, prepare, 1),
        AT_ONCE,
    )


@functools.lru_cache(maxsize=1)
def _loaded(path: str, changed: int):
    """The network of a file in one state of it, read once for all rules."""
    return files.load(path)


def _of_images(network, prepare: Callable, output: int) -> Callable:
    def found(images):
        if images.ndim != 4 or images.shape[-1] not in (1, 3):
            raise ValueError(
                f"This extractor takes images (n, height, width, channels) of 1 or 3 channels; "
                f"received shape {images.shape}: convert them, or use another extractor."
            )
        Scale(remedy="", images=True).check(images)
        levels = np.clip(np.rint((np.asarray(images) + 1) * 127.5), 0, 255).astype(np.uint8)
        if levels.shape[-1] == 1:
            levels = np.repeat(levels, 3, axis=-1)
        return network.predict_on_batch(prepare(levels))[output]

    return found
