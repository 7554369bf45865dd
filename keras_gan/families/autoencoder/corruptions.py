"""The noise on the input of a denoising autoencoder, by the name of a setting."""

import keras
import numpy as np
from keras import ops

from keras_gan import layers

FOR_PICTURES = 1  # added to the seed


def corruption(
    name: str, amount: float, sample_shape: tuple, seed: int
) -> keras.layers.Layer | None:
    """The layer that makes noise.

    Args:
        name: One of `AMOUNTS`, or `NONE`, of `amounts.py`.
        amount: σ of Gaussian noise in units of the data, or the share of components that change.
        sample_shape: The shape of one sample: components of images become black, of points 0.
        seed: Integer that decides the noise.

    Raises:
        ValueError: For a share above 1.
    """
    if name == "gaussian":
        return layers.GaussianNoise(amount, seed=seed)
    if name == "masking":
        value = 0.0 if len(sample_shape) == 1 else -1.0
        return layers.MaskingNoise(amount, value, seed=seed)
    return layers.SaltAndPepper(amount, seed=seed) if name == "salt_and_pepper" else None


def corrupted(x: np.ndarray, settings) -> np.ndarray | None:
    """Samples with the noise of a run, always the same; `None` for a run without noise.

    Args:
        x: Array `(n, ...)`.
        settings: The run's settings, resolved.
    """
    given = settings.corruption, settings.corruption_amount, x.shape[1:]
    layer = corruption(*given, settings.seed + FOR_PICTURES)
    if layer is None:
        return None
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(x), training=True))
