"""Pictures of samples: grids of images and scatter plots of points."""

import numpy as np
from PIL import Image

from keras_gan.backend.finite import refuse_broken_samples

WHITE, LIGHT, SQUARE = 255, 204, 8  # the squares below what is transparent, of so many pixels
READABLE = 64  # pixels: smaller images are enlarged up to this side
SIDE = 480  # pixels of a scatter


def image_grid(
    images, columns: int | None = None, border: int = 2, scale: int | None = None
) -> Image.Image:
    """Draws images in a grid, row by row, with a white border around each.

    Args:
        images: Array `(n, height, width, channels)` in [-1, 1], or of uint8, with 1 channel (grey),
            3 (RGB) or 4 (RGB and alpha, laid on a checkerboard). Values outside are clipped.
        columns: Images per row. Defaults to ⌈√n⌉.
        border: The width of the border in pixels of the picture. Defaults to 2.
        scale: The whole number by which each image is enlarged. Defaults to the largest that keeps
            both sides within 64 pixels.

    Raises:
        ValueError: For an array other than a batch of such images, or with NaN or infinities.

    Example:

    >>> image_grid(np.zeros((16, 8, 8, 1))).size
    (266, 266)
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] not in (1, 3, 4) or not len(images):
        raise ValueError(
            f"A grid needs at least one image, (n, height, width, channels) with 1, 3 or 4 "
            f"channels; received shape {images.shape}."
        )
    refuse_broken_samples(images, "no picture shows them")
    n, height, width, channels = images.shape
    scale = scale or max(1, READABLE // max(height, width))
    columns = columns or int(np.ceil(np.sqrt(n)))
    rows = -(-n // columns)
    tile_height, tile_width = height * scale + border, width * scale + border
    shape = (rows * tile_height + border, columns * tile_width + border, min(channels, 3))
    canvas = np.full(shape, WHITE, dtype="uint8")
    canvas = canvas[..., 0] if channels == 1 else canvas
    for i, image in enumerate(images):
        image = levels_of(image)
        image = image[..., 0] if channels == 1 else image
        top, left = border + i // columns * tile_height, border + i % columns * tile_width
        enlarged = Image.fromarray(image).resize((width * scale, height * scale), Image.BICUBIC)
        enlarged = on_checkerboard(enlarged) if channels == 4 else enlarged
        canvas[top : top + height * scale, left : left + width * scale] = enlarged
    return Image.fromarray(canvas)


def on_checkerboard(picture: Image.Image) -> Image.Image:
    """A picture with alpha, as it looks on squares of white and light grey.

    >>> on_checkerboard(Image.new("RGBA", (16, 8), (9, 9, 9, 0))).getpixel((8, 0))
    (255, 255, 255)
    """
    rows, columns = np.ogrid[: picture.height, : picture.width]
    is_white = (rows // SQUARE + columns // SQUARE) % 2
    squares = np.where(is_white, WHITE, LIGHT).astype("uint8")
    below = Image.fromarray(squares).convert("RGBA")
    return Image.alpha_composite(below, picture).convert("RGB")


def levels_of(images: np.ndarray) -> np.ndarray:
    """Values in [-1, 1] as bytes, with others clipped; bytes as they are.

    >>> levels_of(np.array([-1.0, 0.0, 7.0])).tolist()
    [0, 128, 255]
    """
    if images.dtype == np.uint8:
        return images
    return np.round(np.clip((images + 1) * 127.5, 0, 255)).astype("uint8")


def rows_of_images(rows, border: int = 2) -> Image.Image:
    """Draws sets of images, one per row, for example images and their translations.

    Small images are enlarged by whole numbers. If a row is in colour, so is the picture.

    Args:
        rows: Arrays `(n, height, width, channels)` in [-1, 1], with 1 channel (grey), 3 (RGB) or
            4 (with alpha). Sizes and numbers of images may differ between rows.
        border: The width of the white border in pixels of the picture. Defaults to 2.

    Raises:
        ValueError: Without rows, or for a row other than a batch of images.

    Example:

    >>> rows_of_images([np.zeros((4, 8, 8, 1)), np.zeros((4, 16, 16, 3))]).size
    (266, 134)
    """
    strips = [image_grid(row, columns=len(row), border=border) for row in rows]
    if not strips:
        raise ValueError("A picture needs at least one row of images; received no rows.")
    mode = "RGB" if any(strip.mode == "RGB" for strip in strips) else "L"
    size = max(s.width for s in strips), sum(s.height - border for s in strips) + border
    picture = Image.new(mode, size, "white")
    top = 0
    for strip in strips:
        picture.paste(strip.convert(mode), (0, top))
        top += strip.height - border
    return picture


def scatter(points, real=None, limit: float | None = None) -> Image.Image:
    """Draws points of the plane, on top of points of the data in grey.

    Args:
        points: Array `(n, 2)`.
        real: Array `(m, 2)` of points of the data. Defaults to `None`: no such points.
        limit: Both axes run over [-limit, limit]. Defaults to 1.2 times the largest coordinate of
            the data, or 2 without data.

    Raises:
        ValueError: For an array of another shape, or with NaN or infinities.

    Example:

    >>> scatter(np.zeros((5, 2))).size
    (480, 480)
    """
    from PIL import ImageDraw

    points = np.asarray(points)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"A scatter needs points (n, 2); received shape {points.shape}.")
    refuse_broken_samples(points, "no picture shows them")
    if limit is None:
        limit = 2.0 if real is None else 1.2 * float(np.abs(real).max())
    picture = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(picture)
    draw.line([(0, SIDE // 2), (SIDE, SIDE // 2)], fill=(225, 225, 225))
    draw.line([(SIDE // 2, 0), (SIDE // 2, SIDE)], fill=(225, 225, 225))
    for values, colour in ((real, (185, 185, 185)), (points, (200, 30, 30))):
        for x, y in np.zeros((0, 2)) if values is None else np.asarray(values):
            column, row = (1 + x / limit) * SIDE / 2, (1 - y / limit) * SIDE / 2
            draw.ellipse([column - 1, row - 1, column + 1, row + 1], fill=colour)
    return picture


MOST_COLUMNS = 20


def is_drawn(shape: tuple) -> bool:
    """Whether `picture_of` can draw samples of a shape, in which `None` is an axis of any size.

    >>> is_drawn((28, 28, 1)), is_drawn((2,)), is_drawn((100, 6)), is_drawn((8, 8, 2))
    (True, True, True, False)
    """
    return is_flat(shape) or len(shape) in (2, 4)


def is_flat(shape: tuple) -> bool:
    """Whether samples of a shape are images, with alpha or without, or points of the plane.

    >>> is_flat((28, 28, 1)), is_flat((2,)), is_flat((100, 6)), is_flat((8, 8, 2))
    (True, True, False, False)
    """
    if len(shape) == 1:
        return shape[0] in (2, None)
    return len(shape) == 3 and shape[-1] in (1, 3, 4, None)


def picture_of(samples, real=None, classes: int | None = None) -> Image.Image:
    """Draws samples: a grid of images, series or volumes, or a scatter plot of points.

    Args:
        samples: Array `(n, height, width, channels)` of images, `(n, 2)` of points, `(n, time,
            channels)` of series, or `(n, depth, height, width, channels)` of volumes.
        real: For points, an array `(m, 2)` of the data, which also sets the axes. Defaults to
            `None`.
        classes: For samples of all classes in turn, the number of classes; up to 20 classes get a
            column each. Defaults to `None`: samples without classes.

    Raises:
        ValueError: For samples that are none of these.

    Example:

    >>> picture_of(np.zeros((4, 8, 8, 3))).mode
    'RGB'
    """
    samples = np.asarray(samples)
    if samples.ndim == 2:
        return scatter(samples, real)
    from keras_gan.plotting.series import series_grid, volume_grid

    grid = {3: series_grid, 5: volume_grid}.get(samples.ndim, image_grid)
    return grid(samples, classes if (classes or MOST_COLUMNS + 1) <= MOST_COLUMNS else None)
