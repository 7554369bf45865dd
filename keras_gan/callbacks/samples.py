"""A picture of samples after every epoch."""

import os

from PIL import Image

from keras_gan.callbacks.pictures import Pictures, check_positive
from keras_gan.pictures import picture_of


class Samples(Pictures):
    """Writes a picture of samples from the same latent vectors after every epoch.

    After epochs 1, 2, … the folder holds `epoch_0001.png`, `epoch_0002.png`, …: grids of images, or
    scatters of points of the plane; networks that take labels draw a column a class. At the end of
    training `samples.gif` shows them in turn. Epochs keep their numbers when `fit` continues a run
    with `initial_epoch`, and the GIF takes in the earlier ones.

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
        check_positive(count=count)
        super().__init__(folder, every, log_dir, gif)
        self.count, self.seed, self.real = count, seed, real

    def on_train_begin(self, logs=None):
        """Makes the folder."""
        self.last_epoch = (self.params or {}).get("initial_epoch", 0)  # of a run that goes on
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        """Writes this epoch's picture."""
        self.last_epoch = epoch + 1
        if self.last_epoch % self.every or not hosts.is_first():
            return
        samples = self.model.generate(self.count, seed=self.seed)
        picture = picture_of(samples, self.real, getattr(self.model, "classes", None))
        picture.save(self.folder / f"epoch_{self.last_epoch:04d}.png")
        if self.log_dir is not None:
            self.summarise(picture, epoch)

    def on_train_end(self, logs=None):
        """Writes the GIF; called by hand after an interrupted `fit`, it saves what there is."""
        if self.gif and hosts.is_first():
            write_gif(self.folder, self.last_epoch)
        if self.writer is not None:
            self.writer.close()
            self.writer = None

    def summarise(self, picture: Image.Image, step: int) -> None:
        """Adds a picture to the TensorBoard event file."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.event_file_writer import EventFileWriter

        encoded = io.BytesIO()
        picture.save(encoded, format="PNG")
        image = Summary.Image(
            height=picture.height,
            width=picture.width,
            colorspace=len(picture.getbands()),
            encoded_image_string=encoded.getvalue(),
        )
        self.writer = self.writer or EventFileWriter(os.fspath(self.log_dir))
        summary = Summary(value=[Summary.Value(tag="samples", image=image)])
        self.writer.add_event(Event(step=step, summary=summary))
        self.writer.flush()


def write_gif(folder: pathlib.Path, last_epoch: int, duration: int = 200) -> None:
    """Joins a folder's pictures up to an epoch into `samples.gif`.

    Args:
        folder: Where `epoch_….png` lie; without any, nothing is written.
        last_epoch: Later pictures, of an older and longer run, are left out.
        duration: Milliseconds a frame; the last one stays for two seconds.
    """
    numbered = {
        int(match[1]): path
        for path in folder.glob("epoch_*.png")
        if (match := re.fullmatch(r"epoch_(\d+)\.png", path.name))
    }
    frames = []
    for number in sorted(number for number in numbered if number <= last_epoch):
        with Image.open(numbered[number]) as picture:
            frames.append(picture.convert("P"))
    if frames:
        durations = [duration] * (len(frames) - 1) + [2000]
        frames[0].save(
            folder / "samples.gif",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
        )
