"""A folder with a zoo and a registry of its own, in which commands run."""

import contextlib

import pytest

from keras_gan.families.sampling import card_scores
from keras_gan.zoo import fetching, presets


@contextlib.contextmanager
def own_zoo(folder, samples: int):
    """Works in the folder, whose cards score few samples; yields the patch, for more of the kind.

    Args:
        folder: Where to, an empty one.
        samples: How many a card scores.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(presets, "REGISTRY", folder / "registry.json")
        patch.setattr(presets, "CHECKOUT", folder / "zoo")
        patch.setattr(card_scores, "SAMPLES", samples)
        (folder / "registry.json").write_text("{}")
        patch.setenv(fetching.VARIABLE, str(folder / "zoo"))
        yield patch
