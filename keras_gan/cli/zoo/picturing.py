"""The picture of a preset, which is drawn again to verify it."""

import contextlib
import io

import numpy as np

from keras_gan.cli.settings import Settings

COUNTS = {"images": 64, "points": 1000}  # samples of the picture
IN_A_ROW = 10  # images of a translator's picture
ROWS = 8  # of a picture with a column a class
SEED = 0
TRANSLATED = "x, G(x), F(G(x)) and F(y), with G from x to y and F from y to x"


def shown(model) -> dict:
    """What the picture shows, for the card."""
    if model.kind == "translator":
        return {"count": IN_A_ROW, "seed": SEED, "rows": TRANSLATED}
    return {"count": count_of(model), "seed": SEED}


def count_of(generator) -> int:
    """How many samples its picture shows; of few classes as many of each, a column a class."""
    from keras_gan.plotting.samples import MOST_COLUMNS

    if len(generator.output_shape) != 4:
        return COUNTS["points"]
    few = 0 < (generator.classes or 0) <= MOST_COLUMNS
    return ROWS * generator.classes if few else COUNTS["images"]


def picture(model, settings: Settings | None) -> bytes:
    """The picture of samples, or of translated images, of the fixed seed, as PNG.

    Of points, the first ones of the data are drawn beneath; images have nothing beneath them.

    Args:
        model: A `kg.Generator` or `kg.Translator`.
        settings: Those of the training, which say where the data are; images need none.
    """
    from keras_gan.plotting.samples import picture_of, rows_of_images

    if model.kind == "translator":
        return as_png(rows_of_images(translations(model, settings)))
    samples, beneath = model.generate(count_of(model), seed=SEED), None
    if samples.ndim == 2:
        beneath = points_of(settings, len(samples))
    return as_png(picture_of(samples, beneath, model.classes))


def points_of(settings: Settings, n: int) -> np.ndarray:
    """The first samples of the data."""
    from keras_gan.cli.real_data import open_dataset

    return np.stack(list(open_dataset(settings).take(n).as_numpy_iterator()))


def translations(translator, settings: Settings) -> list[np.ndarray]:
    """The rows x, G(x), F(G(x)) and F(y): originals of y are in no picture that is published."""
    from keras_gan.cli.translation_data import opened
    from keras_gan.metrics.reference import draw

    x, y = (draw(opened(settings, domain), IN_A_ROW, SEED)[0] for domain in "xy")
    there = translator.translate(x, to="y")
    return [x, there, translator.translate(there, to="x"), translator.translate(y, to="x")]


def as_png(image) -> bytes:
    """A picture as the bytes of a PNG file."""
    with contextlib.closing(io.BytesIO()) as file:
        image.save(file, format="PNG", optimize=True)
        return file.getvalue()
