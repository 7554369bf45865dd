"""Writes a picture of translations, there and back, after every epoch."""

import os

import numpy as np
from PIL import Image

from keras_gan.arguments import whole
from keras_gan.callbacks.pictures import Pictures
from keras_gan.data.checks import check_samples
from keras_gan.models.translating import DOMAINS, of_domain
from keras_gan.plotting.samples import is_flat, rows_of_images


class Translations(Pictures):
    """Writes a picture of the same images in six rows after every epoch, or in three.

        x, G(x), F(G(x)) and y, F(y), G(F(y));   x, G(x), y  of a game that goes one way

    G and F are the translators of a `kg.CycleGAN` from x to y and back; a `kg.Pix2Pix` has but G,
    and its y is the truth. The files have the names of those of `Samples`: `epoch_0001.png`, … and
    `samples.gif`.

    Args:
        folder: The folder for the pictures; it is made if missing.
        x: Array `(n, height, width, channels)` of images in [-1, 1].
        y: Array of images of the other domain; of pairs those that belong to x.
        count: How many images of each to show, from the first on. Defaults to 8.
        every: Epochs between pictures. Defaults to 1.
        log_dir: A TensorBoard folder that gets every picture as an image summary. Defaults to
            `None`: no summaries.
        gif: Whether to write `samples.gif`. Defaults to `True`.
        display: Whether a notebook shows the newest picture in the output of `fit`, in the place of
            the one before. Defaults to `False`.

    Raises:
        ValueError: For a `count` or `every` below 1, anything but images, or a `log_dir` if
            tensorboard is not installed.

    Example, for `fit(…, callbacks=[translations])` of a game between grey and colour images:

    >>> import tempfile
    >>> x, y = np.zeros((16, 8, 8, 1)), np.zeros((16, 8, 8, 3))
    >>> translations = Translations(tempfile.mkdtemp(), x, y, count=4)
    >>> translations.x.shape, translations.y.shape
    ((4, 8, 8, 1), (4, 8, 8, 3))
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        x,
        y,
        count: int = 8,
        every: int = 1,
        log_dir: str | os.PathLike | None = None,
        gif: bool = True,
        display: bool = False,
    ):
        count = whole("count", count)
        super().__init__(folder, every, log_dir, gif, display)
        self.x, self.y = (np.asarray(images)[:count] for images in (x, y))
        for name, images in (("x", self.x), ("y", self.y)):
            if images.ndim != 4 or not len(images) or not is_flat(images.shape[1:]):
                raise ValueError(
                    f"{name} must be images, (n, height, width, channels) with 1, 3 or 4 channels; "
                    f"received shape {images.shape}."
                )

    def on_train_begin(self, logs=None):
        """Refuses, before the first step, a game that does not translate images of these shapes.

        Raises:
            ValueError: If the game does not translate, or takes images of another shape.
        """
        if not hasattr(self.model, "translate"):
            raise ValueError(
                f"Translations draws the translations of a game of two domains, such as "
                f"kg.CycleGAN or kg.Pix2Pix; a {type(self.model).__name__} does not translate: use "
                f"kg.callbacks.Samples."
            )
        shapes = getattr(self.model, "sample_shapes", ())  # only games know them
        for domain, images, shape in zip("xy", (self.x, self.y), shapes, strict=False):
            with of_domain(domain):
                check_samples(images, shape)
        super().on_train_begin(logs)

    def picture(self) -> Image.Image:
        """The images, their translations, and these translated back."""
        return _translations_picture(self.model, self.x, self.y)


def _translations_picture(translator, x, y) -> Image.Image:
    """The six rows x, G(x), F(G(x)) and y, F(y), G(F(y)), or x, G(x), y where there is no F.

    Args:
        translator: Anything with `translate(samples, to=…)`, such as a `kg.CycleGAN`; its
            `translators`, if it has them, say which ways it goes.
        x: Array `(n, height, width, channels)` of images.
        y: Array of images of the other domain.
    """
    if "x" not in getattr(translator, "translators", DOMAINS):
        return rows_of_images([x, translator.translate(x, to="y"), y])
    rows = []
    for images, there, back in ((x, "y", "x"), (y, "x", "y")):
        translated = translator.translate(images, to=there)
        rows += [images, translated, translator.translate(translated, to=back)]
    return rows_of_images(rows)
