"""Writes pictures of a model during training, and a GIF of them."""

import importlib.util
import io
import os
import pathlib
import re
import time
import warnings

import keras
from PIL import Image

from keras_gan.arguments import whole
from keras_gan.backend.finite import NotFiniteSamplesError
from keras_gan.files.atomic import replacing
from keras_gan.files.limits import present
from keras_gan.files.locking import FolderLock
from keras_gan.files.regular_files import content_of
from keras_gan.parallel import processes
from keras_gan.plotting.notebook import display, in_notebook


class Pictures(keras.callbacks.Callback):
    """Writes pictures of a model, `epoch_0001.png`, …, and `samples.gif`; a subclass draws them.

    Args:
        folder: The folder for the pictures; it is made if missing.
        every: Epochs between pictures.
        log_dir: A TensorBoard folder that gets every picture as an image summary; `None` for none.
        gif: Whether to write `samples.gif` at the end of training.
        display: Whether a notebook shows the newest picture in the output of `fit`.

    Raises:
        ValueError: For an `every` below 1, a `log_dir` if tensorboard is not installed, or no place
            for the pictures at all.
    """

    def __init__(
        self, folder: str | os.PathLike | None, every: int, log_dir, gif: bool, display: bool
    ):
        super().__init__()
        name = type(self).__name__
        if folder is None and log_dir is None and not display:
            raise ValueError(
                f"{name} writes pictures into a folder, or shows them in a notebook: pass a "
                f"folder, display=True, or both."
            )
        self.folder = None if folder is None else pathlib.Path(folder)
        self.every, self.log_dir, self.gif = whole("every", every), log_dir, gif
        self.display, self.displayed = bool(display), None
        if log_dir is not None and importlib.util.find_spec("tensorboard") is None:
            raise ValueError(
                f"{name} writes pictures into log_dir with tensorboard, which is not installed: "
                f"pip install tensorboard, or leave out log_dir."
            )
        self.last_epoch = 0
        self.writer, self.warned = None, False
        self.lock = None if folder is None else FolderLock(self.folder, "pictures")

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folders of the pictures and of TensorBoard's files."""
        return [pathlib.Path(each) for each in (self.folder, self.log_dir) if each is not None]

    def picture(self) -> Image.Image:
        """A picture of the model's present state."""
        raise NotImplementedError

    def on_train_begin(self, logs=None):
        """Makes and locks the folder, so that nothing else writes there until `fit` ends.

        In a notebook it displays a picture of the model as it is, which later ones replace.

        Raises:
            FolderInUseError: If another program, or another `fit` of this one, writes there.
            ValueError: If pictures are to be displayed and nothing else, and this is no notebook.
        """
        self.last_epoch = (self.params or {}).get("initial_epoch", 0)  # if a run continues
        self.warned, self.displayed = False, None
        if self.folder is None and self.log_dir is None and not in_notebook():
            raise ValueError(
                f"{type(self).__name__}(display=True) shows pictures in a notebook, and this "
                f"program runs in none: pass a folder for them, too."
            )
        if not processes.is_first():
            return
        if self.lock is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.lock.acquire()
        if self.display and in_notebook():
            picture = self.drawn("of the model before training")
            self.displayed = None if picture is None else display(picture)

    def release(self) -> None:
        """Releases the folder's lock; `fit` calls it at its end."""
        if self.lock is not None:
            self.lock.release()

    def on_epoch_end(self, epoch, logs=None):
        """Writes and shows this epoch's picture, if one is due."""
        self.last_epoch = epoch + 1
        if self.last_epoch % self.every or not processes.is_first():
            return
        picture = self.drawn(f"of epoch {self.last_epoch}")
        if picture is None:
            return
        if self.folder is not None:
            with replacing(self.folder / f"epoch_{self.last_epoch:04d}.png") as path:
                picture.save(path)
        if self.log_dir is not None:
            self.summarise(picture, epoch)
        if self.display and in_notebook():
            self.displayed = display(picture, self.displayed)

    def drawn(self, of: str) -> Image.Image | None:
        """The picture, or `None` and a warning where samples are not finite.

        Args:
            of: What it is of, for the warning.
        """
        try:
            return self.picture()
        except NotFiniteSamplesError as error:
            self.warn_once(f"There is no picture {of}: {error}")
            return None

    def warn_once(self, message: str) -> None:
        """Warns, once per `fit`, of a picture that cannot be drawn."""
        if not self.warned:
            self.warned = True
            warnings.warn(message, RuntimeWarning, stacklevel=2)

    def on_train_end(self, logs=None):
        """Writes the GIF. After an interrupted `fit`, call it to get the pictures so far."""
        if self.gif and self.folder is not None and processes.is_first():
            _write_gif(self.folder, self.last_epoch)
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
        self.writer.add_event(Event(step=step, wall_time=time.time(), summary=summary))
        self.writer.flush()


def _write_gif(folder: pathlib.Path, last_epoch: int, duration: int = 200) -> None:
    """Joins the pictures in a folder, up to an epoch, into `samples.gif`.

    Args:
        folder: The folder of `epoch_….png`; without them, nothing is written.
        last_epoch: The last epoch. Later pictures, from a longer earlier run, are left out.
        duration: Milliseconds per frame; the last frame stays for two seconds.
    """
    numbered = {
        int(match[1]): path
        for path in folder.glob("epoch_*.png")
        if (match := re.fullmatch(r"epoch_(\d+)\.png", path.name))
    }
    frames = []
    for number in sorted(number for number in numbered if number <= last_epoch):
        try:
            frames.append(_frame(numbered[number]))
        except Exception as error:  # a reader may raise anything on a damaged picture
            warnings.warn(
                f"{numbered[number]} cannot be read as a picture ({error}), so it is not in "
                f"samples.gif.",
                stacklevel=2,
            )
    if frames:
        durations = [duration] * (len(frames) - 1) + [2000]
        with replacing(folder / "samples.gif") as path:
            frames[0].save(
                path, save_all=True, append_images=frames[1:], duration=durations, loop=0
            )


def _frame(path: pathlib.Path) -> Image.Image:
    """A picture in a file as a frame of a GIF.

    Raises:
        Exception: Of many types, for anything but an intact PNG file.
    """
    with Image.open(io.BytesIO(content_of(path)), formats=["PNG"]) as picture:
        if picture.width * picture.height > present().max_pixels:
            raise ValueError(f"it is {picture.width} x {picture.height}, too large")
        return picture.convert("P")
