"""Feature extractors by name: from samples to the vectors that scores compare.

A score depends on its features: every extractor states its name, its version and what it does to
images of another size.
"""

import functools
from collections.abc import Callable

import keras

from keras_gan.arguments import unknown_name
from keras_gan.backend.precision import float32_layers
from keras_gan.metrics import extractors, inception_2015, inception_weights
from keras_gan.metrics.extractor import Features
from keras_gan.metrics.network_features import of_model, of_network
from keras_gan.metrics.pixels import LARGEST, pixel_features
from keras_gan.networks import backbones


def get(extractor) -> Features:
    """The feature extractor of a name, or made of a Keras model.

    - `"pixels"`: the numbers in the samples themselves. Large images, series and volumes are
      averaged over blocks.
    - `"mnist"`, `"cifar10"`: small classifiers in this package, with 128 features each.
      `extractors.card(name)` says what they were trained on and how accurate they are.
    - `"imagenet"`: EfficientNet-Lite0 in this package, trained on ImageNet by others, with 1,280
      features of images of 224 x 224, so that a perceptual distance needs no download. No paper
      has its scores.
    - `"inception"`: Keras's InceptionV3, trained on ImageNet, with 2,048 features. Its weights
      differ from those of the network of 2015 in most papers, so compare its scores only with each
      other.
    - `"inception_2015"`, `"inception_2015_clean"`, `"inception_2015_pytorch"`: that network of
      2015, with images prepared as the original FID, clean-fid or pytorch-fid does: scores to
      compare with papers. It needs the published file, see `inception_2015.extractor`.
    - a Keras model with one input and one output. The features are its flattened output, and its
      version is a checksum of its architecture and weights.

    Args:
        extractor: A name, a Keras model, or a `Features`, which is returned as it is.

    Returns:
        A `Features`.

    Raises:
        ValueError: For an unknown name, or a model that cannot be used.
        FileNotFoundError: If the weights of `"inception"` are missing and cannot be downloaded, or
            those of `"inception_2015"` are missing.

    Example:

    >>> import numpy as np
    >>> features = get("pixels")
    >>> features(np.zeros((10, 8, 8, 1))).shape
    (10, 64)
    >>> print(get("mnist"))
    mnist (version 1, 128-d; images resized to 28 x 28 (bilinear, antialiased, not rounded to
    bytes))
    """
    if isinstance(extractor, Features):
        return extractor
    if isinstance(extractor, keras.Model):
        return of_model(extractor)
    if not isinstance(extractor, str) or extractor not in EXTRACTORS:
        raise unknown_name("feature extractor", extractor, [*EXTRACTORS, "any Keras model"])
    return EXTRACTORS[extractor]()


@functools.cache
def pixels() -> Features:
    """The numbers in the samples themselves."""
    resize = f"images of more than {LARGEST:,} numbers averaged over blocks of pixels"
    return Features("pixels", "1", resize, None, lambda samples: pixel_features(samples)[0])


@functools.cache
def _shipped(name: str) -> Features:
    """An extractor in this package, read once."""
    return of_network(extractors.load(name), name, str(extractors.card(name)["version"]))


@functools.cache
def imagenet() -> Features:
    """EfficientNet-Lite0, read once, of images of the size that it was trained on."""
    name = "efficientnet_lite0"
    with float32_layers():
        network = backbones.classifier(name, (224, 224, 3))
    return of_network(network, "imagenet", str(backbones.card(name)["version"]))


@functools.cache
def inception() -> Features:
    """Keras's InceptionV3, read once."""
    version = f"Keras, MD5 {inception_weights.MD5[:8]}"
    return of_network(inception_weights.load(), "inception", version)


EXTRACTORS: dict[str, Callable[[], Features]] = {  # by the names in `names.py`
    "pixels": pixels,
    **{name: functools.partial(_shipped, name) for name in extractors.NAMES},
    "imagenet": imagenet,
    "inception": inception,
    **{
        name: functools.partial(inception_2015.extractor, rule)
        for rule, name in inception_2015.NAMES.items()
    },
}
