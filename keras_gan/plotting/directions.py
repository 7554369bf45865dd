"""Pictures of what changes along directions of latent space."""

import numpy as np
from PIL import Image

from keras_gan.arguments import amount, whole
from keras_gan.plotting.samples import rows_of_images


def directions_image(
    model,
    directions,
    z=None,
    *,
    steps: int = 7,
    reach: float = 3.0,
    label: int | None = None,
    seed: int = 0,
) -> Image.Image:
    """Draws the images of latent vectors along directions, a row each.

        G(z + a u),   a = −reach, …, reach in equal steps, from left to right

    Of a generator with styles w = mapping(z), such as `kg.networks.stylegan2_generator`, w is moved
    instead of z, as `moved` does.

    Args:
        model: A game such as `kg.GAN`, or a `kg.Generator`, whose samples are images.
        directions: Array `(n, latent_dim)`, or `(n, d)` for w of d components, of directions u,
            such as `kg.latent_directions` returns, of any length.
        z: The latent vector in the middle of each row, `(latent_dim,)`. Defaults to `None`: the
            first of the seed.
        steps: The number of columns. Defaults to 7.
        reach: The largest step a > 0. Defaults to 3.
        label: For networks that take labels: the class of all images. Defaults to 0.
        seed: Integer that determines z, if it is not given. Defaults to 0.

    Raises:
        ValueError: For arrays of other shapes, numbers out of their range, or samples that are not
            grey or RGB images.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=8))
    >>> directions_image(generator, kg.latent_directions(generator, 2), steps=3).size
    (200, 134)
    """
    directions = np.asarray(directions, "float32")
    d = model.moved_dim
    if directions.ndim != 2 or not len(directions) or directions.shape[1] != d:
        raise ValueError(
            f"directions must be an array (n, {d}) of at least one direction; "
            f"received shape {directions.shape}."
        )
    z = model.latents(1, seed=seed)[0] if z is None else np.asarray(z, "float32")
    if z.shape != (model.latent_dim,):
        raise ValueError(
            f"z must be a latent vector of shape ({model.latent_dim},); received {z.shape}."
        )
    z = np.repeat(z[None], whole("steps", steps, least=2), axis=0)
    most = amount("reach", reach, above=0)
    a = np.linspace(-most, most, len(z), dtype="float32")[:, None]
    takes_classes = model.conditional and model.condition_dim is None
    labels = (label or 0) if takes_classes else label
    return rows_of_images([model.moved(z, a * u, labels=labels) for u in directions])
