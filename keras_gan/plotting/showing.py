"""Pictures where people look: in a notebook, in axes of matplotlib, or in a file."""

import os
import pathlib
import tempfile

import numpy as np
from PIL import Image

from keras_gan.arguments import whole
from keras_gan.files.atomic import replacing
from keras_gan.plotting import notebook
from keras_gan.plotting.samples import image_grid, is_drawn, scatter
from keras_gan.texts import one_line

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".tiff", ".bmp")


def show(
    images,
    columns: int | None = None,
    *,
    real=None,
    path: str | os.PathLike | None = None,
    axes=None,
) -> pathlib.Path | None:
    """Shows samples: a notebook displays their picture, another program writes it into a file.

    A batch of images becomes a grid, grey images a grey one, and points of the plane are scattered.
    Outside a notebook a line says where the file is.

    Args:
        images: Array `(n, height, width, channels)` in [-1, 1], or of uint8, with 1 channel (grey),
            3 (RGB) or 4 (and alpha); points `(n, 2)`; or a picture of `kg.plotting`, a
            `PIL.Image.Image`.
        columns: Images per row. Defaults to ⌈√n⌉.
        real: Points `(m, 2)` of the data, drawn in grey, which also set the axes of points.
            Defaults to `None`: none, and axes over [-2, 2].
        path: The file for the picture, such as `"grid.png"`; a notebook then has both. Defaults to
            `None`: no file in a notebook, else a new one among the temporary files.
        axes: The `Axes` of a figure of matplotlib (extra `plot`), which get the picture in place of
            notebook and file. Defaults to `None`.

    Returns:
        The path of the file, or `None` where no file was written.

    Raises:
        ValueError: For an array that is neither images nor points, with NaN or infinities, or a
            path that does not end as a kind of picture does.

    Example:

    >>> folder = tempfile.mkdtemp()
    >>> path = show(np.zeros((16, 8, 8, 1)), path=f"{folder}/grid.png")
    Wrote the picture, 266 × 266 pixels, to ...grid.png
    """
    if path is not None:
        path = _checked_path(path)
    picture = _picture_of(images, columns, real)
    if axes is not None:
        _draw(picture, axes)
        return path if path is None else _written(picture, path)
    is_displayed = notebook.in_notebook()
    if is_displayed:
        notebook.display(picture)
    if path is None and is_displayed:
        return None
    return _written(picture, path)


def check_shown(shape: tuple, model: str) -> None:
    """Refuses samples of which there is no picture, before any is made.

    Args:
        shape: The shape of one sample.
        model: What makes them, for the message.

    Raises:
        ValueError: Says what has pictures.
    """
    if not is_drawn(shape):
        raise ValueError(
            f"Pictures show images (height, width, channels) of 1, 3 or 4 channels, points (2,), "
            f"series (time, channels) and volumes (depth, height, width, channels); the samples "
            f"of this {model} have shape {tuple(shape)}: take them from generate(n, seed=0), and "
            f"draw them yourself."
        )


def _picture_of(images, columns: int | None, real) -> Image.Image:
    """The picture that is shown."""
    if isinstance(images, Image.Image):
        return images
    samples = np.asarray(images)
    if samples.ndim == 2:
        return scatter(samples, None if real is None else np.asarray(real))
    if samples.ndim == 3:
        raise ValueError(
            f"Images are a batch (n, height, width, channels); received shape {samples.shape}: "
            f"pass images[..., None] for grey images without channels, or image[None] for one "
            f"image."
        )
    return image_grid(samples, None if columns is None else whole("columns", columns))


def _checked_path(path: str | os.PathLike) -> pathlib.Path:
    """A path whose ending names a kind of picture."""
    path = pathlib.Path(path)
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(
            f"path must end in one of {', '.join(ENDINGS)}; received {one_line(path)}."
        )
    return path


def _written(picture: Image.Image, path: pathlib.Path | None) -> pathlib.Path:
    """The path of the picture, once it is in its file and a line has said so."""
    if path is None:
        handle, name = tempfile.mkstemp(prefix="keras_gan_", suffix=".png")
        os.close(handle)
        path = pathlib.Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        picture.save(partial)
    print(f"Wrote the picture, {picture.width} × {picture.height} pixels, to {one_line(path)}")
    return path


def _draw(picture: Image.Image, axes) -> None:
    """Draws a picture in axes of matplotlib, in its own colours and without ticks."""
    grey = {"cmap": "gray", "vmin": 0, "vmax": 255} if picture.mode == "L" else {}
    axes.imshow(np.asarray(picture), **grey)
    axes.set_axis_off()
