"""A picture of samples after every epoch."""

import os

from PIL import Image

from keras_gan.arguments import whole
from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.callbacks.pictures import Pictures
from keras_gan.plotting.samples import is_drawn, picture_of
from keras_gan.training.callback_checks import check_generates


class Samples(Pictures):
    """Writes a picture of samples from the same latent vectors after every epoch.

    After epochs 1, 2, … the folder holds `epoch_0001.png`, `epoch_0002.png`, …: grids of images, or
    scatters of points of the plane; networks that take labels draw one column per class. At the end
    of training `samples.gif` shows them in turn. Epochs keep their numbers when `fit` continues a
    run with `initial_epoch`, and the GIF takes in the earlier ones.

    Args:
        folder: Where the pictures go; made if it is not there.
        count: How many samples a picture shows. Defaults to 64.
        every: Epochs between pictures. Defaults to 1.
        seed: Integer that fixes the latent vectors. Defaults to 0.
        real: For points: an array `(m, 2)` of the data's, drawn in grey; it also sets the axes,
            which otherwise run over [-2, 2].
        log_dir: A TensorBoard folder that gets every picture as an image summary; `None`, the
            default, for none.
        gif: Whether `samples.gif` is written. Defaults to `True`.

    Raises:
        ValueError: For a `count` or `every` below 1, or a `log_dir` without tensorboard.

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
        folder: str | os.PathLike,
        count: int = 64,
        every: int = 1,
        seed: int = 0,
        real=None,
        log_dir: str | os.PathLike | None = None,
        gif: bool = True,
    ):
        super().__init__(folder, every, log_dir, gif)
        self.count, self.seed, self.real = whole("count", count), seed, real

    def on_train_begin(self, logs=None):
        """Refuses, before the first step, a game whose samples it cannot draw.

        Raises:
            ValueError: For a game that does not generate from latent vectors, whose samples are
                neither images nor points of the plane, or whose networks take labels and do not say
                how many classes they know.
        """
        check_generates(self.model, type(self).__name__)
        _check_drawn(self.model.sample_shape)
        super().on_train_begin(logs)

    def picture(self) -> Image.Image:
        """The samples of the present generator."""
        samples = self.model.generate(self.count, seed=self.seed)
        refuse_broken_samples(samples, "Samples draws none of them", self.model)
        return picture_of(samples, self.real, getattr(self.model, "classes", None))


def _check_drawn(shape: tuple) -> None:
    """Refuses samples of which there is no picture.

    Args:
        shape: Of one sample.
    """
    if not is_drawn(shape):
        raise ValueError(
            f"Samples draws grey and colour images (height, width, channels) and points (2,); this "
            f"game's samples have the shape {tuple(shape)}: score them with "
            f"kg.callbacks.Evaluation(x), or draw gan.generate(n, seed=0) yourself in a "
            f"keras.callbacks.LambdaCallback(on_epoch_end=…)."
        )
