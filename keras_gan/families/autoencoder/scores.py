"""The error of an autoencoder's reconstructions beside that of the mean of the data."""

import numpy as np

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.families.autoencoder.corruptions import corrupted
from keras_gan.families.datasets import held_out

TESTED = 10_000  # samples of the test split, if it has so many


def errors(model, settings, mean: np.ndarray) -> dict:
    """Mean squared errors per component, on samples that are held out.

    Args:
        model: A `kg.Autoencoder`.
        settings: The run's settings, resolved.
        mean: The mean of samples for training, which a model that learned nothing else would make.
    """
    x, _, split = held_out(settings, TESTED)
    is_image = x.ndim == 4

    def error(made) -> float:
        refuse_broken_samples(made, "there are no scores", model)
        made = np.clip(made, -1, 1) if is_image else made
        return float(np.mean((made - x) ** 2, dtype="float64") / (4 if is_image else 1))

    seen = corrupted(x, settings)
    return {
        "split": split,
        "samples": len(x),
        "units": "images in [0, 1]" if is_image else "the data",
        "mean_squared_error": error(model.reconstruct(x)),
        "of_the_mean": error(np.broadcast_to(mean, x.shape)),
        "of_corrupted": None
        if seen is None
        else {"seen": error(seen), "reconstructed": error(model.reconstruct(seen))},
        "latent_dim": model.latent_dim,
    }


def table(found: dict) -> str:
    """The errors as text."""
    rows = [
        ("reconstructions", found["mean_squared_error"]),
        ("the mean of the data", found["of_the_mean"]),
    ]
    if found["of_corrupted"] is not None:
        rows += [
            ("reconstructions of samples with noise", found["of_corrupted"]["reconstructed"]),
            ("samples with noise", found["of_corrupted"]["seen"]),
        ]
    return "\n".join(
        [
            f"Mean squared error of {found['samples']:,} samples of the {found['split']} split, "
            f"of {found['units']}, by codes of {found['latent_dim']} numbers; lower is better",
            *(f"  {name:<40}{error:>10.4g}" for name, error in rows),
        ]
    )
