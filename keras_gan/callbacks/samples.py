"""A picture of samples after every epoch, in a folder or a notebook."""

import os

from PIL import Image

from keras_gan.arguments import whole
from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.callbacks.pictures import Pictures
from keras_gan.plotting.samples import is_drawn, picture_of
from keras_gan.training.callback_checks import check_generates, generated


class Samples(Pictures):
    """Draws a picture of samples from the same latent vectors after every epoch.

    The folder gets `epoch_0001.png`, `epoch_0002.png`, …: grids of images, series or volumes, or
    scatter plots of points of the plane. If the networks take labels, each class has a column. At
    the end of training, `samples.gif` shows the pictures in turn. If `fit` continues a run with
    `initial_epoch`, epochs keep their numbers, and the GIF includes the earlier pictures.

    Args:
        folder: The folder for the pictures; it is made if missing. Defaults to `None`: no files.
        count: The number of samples in a picture. Defaults to 64.
        every: Epochs between pictures. Defaults to 1.
        seed: Integer that determines the latent vectors. Defaults to 0.
        real: For points, an array `(m, 2)` of the data, drawn in grey; it also sets the axes, which
            otherwise run over [-2, 2]. Defaults to `None`.
        log_dir: A TensorBoard folder that gets every picture as an image summary. Defaults to
            `None`: no summaries.
        gif: Whether to write `samples.gif`. Defaults to `True`.
        labels: For networks that take labels or condition vectors: an array of those that samples
            have in turn, a column each. Defaults to `None`: all classes in turn.
        display: Whether a notebook shows the newest picture in the output of `fit`, in the place of
            the one before. Defaults to `False`.

    Raises:
        ValueError: For a `count` or `every` below 1, a `log_dir` if tensorboard is not installed,
            or neither folder nor display.

    Example:

    >>> import keras_gan as kg, numpy as np, tempfile
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> folder = tempfile.mkdtemp()
    >>> x = np.random.normal(size=(64, 2))
    >>> history = gan.fit(x, epochs=2, verbose=0, callbacks=[Samples(folder)])
    >>> sorted(os.listdir(folder))
    ['epoch_0001.png', 'epoch_0002.png', 'samples.gif']
    """

    def __init__(
        self,
        folder: str | os.PathLike | None = None,
        count: int = 64,
        every: int = 1,
        seed: int = 0,
        real=None,
        log_dir: str | os.PathLike | None = None,
        gif: bool = True,
        labels=None,
        display: bool = False,
    ):
        super().__init__(folder, every, log_dir, gif, display)
        self.count, self.seed, self.real = whole("count", count), seed, real
        self.labels = labels

    def on_train_begin(self, logs=None):
        """Refuses, before the first step, a model whose samples cannot be drawn.

        Raises:
            ValueError: If the model does not generate from latent vectors, if its samples are not
                images, series, volumes or points of the plane, or if its networks take labels but
                do not say how many classes they know.
        """
        check_generates(self.model, type(self).__name__, self.labels)
        _check_drawn(self.model.sample_shape)
        super().on_train_begin(logs)

    def picture(self) -> Image.Image:
        """A picture of samples of the present generator."""
        samples = generated(self.model, self.count, self.seed, self.labels)
        refuse_broken_samples(samples, "Samples draws none of them", self.model)
        of_classes = getattr(self.model, "classes", None)
        columns = of_classes if self.labels is None else len(self.labels)
        return picture_of(samples, self.real, columns)


def _check_drawn(shape: tuple) -> None:
    """Refuses samples that cannot be drawn.

    Args:
        shape: The shape of one sample.
    """
    if not is_drawn(shape):
        raise ValueError(
            f"Samples draws images (height, width, channels) of 1, 3 or 4 channels, points (2,), "
            f"series (time, channels) and volumes (depth, height, width, channels); this game's "
            f"samples have shape {tuple(shape)}: score them with kg.callbacks.Evaluation(x), or "
            f"draw gan.generate(n, seed=0) yourself in a "
            f"keras.callbacks.LambdaCallback(on_epoch_end=…)."
        )
