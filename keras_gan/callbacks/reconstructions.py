"""A picture of samples and of what an autoencoder makes of their codes, after every epoch."""

import os

import numpy as np
from PIL import Image

from keras_gan.arguments import whole
from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.callbacks.pictures import Pictures
from keras_gan.data.checks import check_samples
from keras_gan.plotting.samples import is_flat, picture_of, rows_of_images


class Reconstructions(Pictures):
    """Writes a picture of the same samples and their reconstructions after every epoch.

    Of images it has rows in turn: the images, what the encoder sees where that differs, and the
    reconstructions. Points of the plane are drawn in grey, their reconstructions above them. Files
    are called as those of `Samples`: `epoch_0001.png`, … and `samples.gif`.

    Args:
        folder: Where the pictures go; made if it is not there.
        x: Array `(n, height, width, channels)` of images in [-1, 1], or `(n, 2)` of points.
        seen: Array of x's shape that the encoder sees in the place of x, such as x with noise for a
            denoising `kg.Autoencoder`. `None`, the default, for x itself.
        columns: How many images a row has. Defaults to 12.
        every: Epochs between pictures. Defaults to 1.
        log_dir: A TensorBoard folder that gets every picture as an image summary; `None`, the
            default, for none.
        gif: Whether `samples.gif` is written. Defaults to `True`.
        display: Whether a notebook shows the newest picture in the output of `fit`, in the place of
            the one before. Defaults to `False`.

    Raises:
        ValueError: For `columns` or `every` below 1, samples that are neither images nor points of
            the plane, a `seen` of another shape, or a `log_dir` without tensorboard.

    Example:

    >>> import keras_gan as kg, tempfile
    >>> encoder = kg.networks.mlp_encoder((8, 8, 1), latent_dim=4, width=8)
    >>> decoder = kg.networks.mlp_decoder((8, 8, 1), latent_dim=4, width=8)
    >>> autoencoder = kg.Autoencoder(encoder, decoder, seed=0)
    >>> autoencoder.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, (32, 8, 8, 1)).astype("float32")
    >>> folder = tempfile.mkdtemp()
    >>> history = autoencoder.fit(x, verbose=0, callbacks=[Reconstructions(folder, x[:24])])
    >>> sorted(os.listdir(folder))
    ['epoch_0001.png', 'samples.gif']
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        x,
        seen=None,
        columns: int = 12,
        every: int = 1,
        log_dir: str | os.PathLike | None = None,
        gif: bool = True,
        display: bool = False,
    ):
        super().__init__(folder, every, log_dir, gif, display)
        self.columns = whole("columns", columns)
        self.x = np.asarray(x)
        if not len(self.x) or self.x.ndim not in (2, 4) or not is_flat(self.x.shape[1:]):
            raise ValueError(
                f"x must be images, (n, height, width, channels) with 1, 3 or 4 channels, or "
                f"points, (n, 2); received shape {self.x.shape}."
            )
        self.seen = None if seen is None else np.asarray(seen)
        if self.seen is not None and self.seen.shape != self.x.shape:
            raise ValueError(
                f"seen must have the shape {self.x.shape} of x; received {self.seen.shape}."
            )

    def on_train_begin(self, logs=None):
        """Refuses, before the first step, a model that does not reconstruct such samples.

        Raises:
            ValueError: For a model without `reconstruct`, or samples of another shape.
        """
        if not hasattr(self.model, "reconstruct"):
            raise ValueError(
                f"Reconstructions draws what an autoencoder makes of samples; a "
                f"{type(self.model).__name__} does not reconstruct: use kg.callbacks.Samples."
            )
        check_samples(self.x, self.model.sample_shape)
        super().on_train_begin(logs)

    def picture(self) -> Image.Image:
        """The samples, what the encoder sees, and what the model makes of it."""
        return _reconstructions_picture(self.model, self.x, self.seen, self.columns)


def _reconstructions_picture(model, x, seen=None, columns: int = 12) -> Image.Image:
    """Samples and their reconstructions, as `Reconstructions` draws them.

    Args:
        model: Anything with `reconstruct(samples)`, such as a `kg.VQVAE`.
        x: As in `Reconstructions`.
        seen: As in `Reconstructions`.
        columns: As in `Reconstructions`.
    """
    made = model.reconstruct(x if seen is None else seen)
    refuse_broken_samples(made, "no picture shows them", model)
    if x.ndim == 2:
        return picture_of(made, real=x)
    arrays = [x, made] if seen is None else [x, seen, made]
    starts = range(0, len(x), columns)
    return rows_of_images([each[i : i + columns] for i in starts for each in arrays])
