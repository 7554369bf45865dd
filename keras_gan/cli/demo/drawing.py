"""The pictures on the page, of a model and of what its visitor chose."""

import numpy as np
from PIL import Image

from keras_gan.cli.demo import uploads
from keras_gan.cli.demo.subject import Subject

SIDE = 384  # pixels to which single images are enlarged
IN_A_ROW = 8  # samples on the way from one to another


def samples(
    subject: Subject, n: int, seed: int, label: int | None, truncation: float, temperature: float
) -> Image.Image:
    """Samples of a seed.

    Args:
        subject: The model.
        n: How many.
        seed: Integer that determines them.
        label: The class of all of them; `None` for all classes in turn.
        truncation: As in `generate`; 0 for none.
        temperature: As in `generate`, of models that take one.
    """
    from keras_gan.plotting.samples import MOST_COLUMNS, image_grid

    options = {"labels": label} if subject.classes else {}
    if truncation and subject.draws_with("truncation"):
        options["truncation"] = truncation
    if subject.draws_with("temperature") and temperature != 1:
        options["temperature"] = temperature
    made = _finite(subject.model.generate(n, seed=seed, **options))
    if made.ndim == 2:
        return _scatter(made)
    in_columns = subject.classes if label is None and n > subject.classes else None
    columns = in_columns if in_columns and in_columns <= MOST_COLUMNS else None
    return image_grid(made, columns)


def of_latents(subject: Subject, z: np.ndarray, label: int | None) -> Image.Image:
    """The sample of one latent vector, enlarged.

    Args:
        subject: The model.
        z: Array `(latent_dim,)`.
        label: Its class, of models with classes.
    """
    made = subject.model.samples_of(z[None], labels=label or 0 if subject.classes else None)
    return _large([made])


def between(subject: Subject, seeds: tuple[int, int], n: int, label: int | None) -> Image.Image:
    """Samples on the way from one latent vector to another.

    Args:
        subject: The model.
        seeds: Those of both ends.
        n: How many samples, both ends included.
        label: The class of all of them; `None` for the first.
    """
    from keras_gan.plotting.samples import image_grid

    model = subject.model
    ends = [model.latents(1, seed=seed)[0] for seed in seeds]
    made = model.interpolate(*ends, n=n, labels=label or 0 if subject.classes else None)
    made = _finite(made)
    return _scatter(made) if made.ndim == 2 else image_grid(made, columns=min(n, IN_A_ROW))


def of_upload(
    subject: Subject, path: str, way: str, invert: bool, label: int | None
) -> Image.Image:
    """An uploaded picture as the model gets it, and what it makes of it.

    Args:
        subject: The model.
        path: The file.
        way: One of `subject.ways`.
        invert: As in `uploads.picture`.
        label: The class of the picture, of models with classes.

    Raises:
        ValueError: As `uploads.picture`.
    """
    from keras_gan.families.given_samples import others_of

    x = uploads.picture(path, subject.shape_of_upload(way), invert)
    if to := subject.ways[way]:
        return _large([x, others_of(subject.model, x, to)])
    options = {"labels": label or 0} if subject.model.conditional else {}
    return _large([x, subject.model.reconstruct(x, **options)])


def _large(batches: list[np.ndarray]) -> Image.Image:
    """Single samples side by side, enlarged; points as a scatter."""
    from keras_gan.plotting.samples import image_grid

    if batches[0].ndim == 2:
        return _scatter(_finite(np.concatenate(batches)))
    pictures = [
        image_grid(_finite(each), scale=max(1, SIDE // max(each.shape[1:3]))) for each in batches
    ]
    size = sum(each.width for each in pictures), max(each.height for each in pictures)
    whole = Image.new("RGB", size, "white")
    left = 0
    for each in pictures:
        whole.paste(each.convert("RGB"), (left, 0))
        left += each.width
    return whole


def _scatter(points: np.ndarray) -> Image.Image:
    """Points in a frame of whole numbers that holds nearly all of them."""
    from keras_gan.plotting.samples import scatter

    return scatter(points, limit=float(np.ceil(1.05 * np.quantile(np.abs(points), 0.99))))


def _finite(made: np.ndarray) -> np.ndarray:
    """Samples, once they are known to be finite."""
    from keras_gan.backend.finite import refuse_broken_samples

    refuse_broken_samples(made, "no picture shows them")
    return made
