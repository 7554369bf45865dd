"""Two sets of samples on a common scale, and batches of pairs from both."""

import keras
import numpy as np


class Scale:
    """The affine map that gives the even mixture of both sets mean 0 and variance 1.

    Each set counts half, however many samples it has. Divergences do not change under the map, but
    distances do: with `isotropic`, all components are divided by one number, `unit`, by which
    distances must be multiplied.

    Args:
        *sets: Arrays `(n, d)`.
        isotropic: Whether to divide all components by the same number.
    """

    def __init__(self, *sets: np.ndarray, isotropic: bool):
        self.mean = np.mean([each.mean(axis=0) for each in sets], axis=0)
        squares = [np.mean((each - self.mean) ** 2, axis=0) for each in sets]
        deviation = np.sqrt(np.mean(squares, axis=0))
        if isotropic:
            deviation = np.sqrt(np.mean(deviation**2, keepdims=True))
        self.deviation = np.where(deviation > 0, deviation, 1.0)
        self.unit = float(self.deviation[0]) if isotropic else 1.0

    def __call__(self, samples: np.ndarray) -> np.ndarray:
        """The samples on the common scale, float32."""
        return ((samples - self.mean) / self.deviation).astype("float32")


class Pairs(keras.utils.PyDataset):
    """Batches of equally many samples from both sets, drawn with replacement.

    Args:
        sets: Two arrays `(n, d)` and `(m, d)`.
        batch_size: The number of samples from each set in a batch.
        batches: The number of batches.
        seed: Integer that determines the samples.
    """

    def __init__(self, sets, batch_size: int, batches: int, seed: int):
        super().__init__()
        self.sets, self.batch_size, self.batches, self.seed = sets, batch_size, batches, seed

    def __len__(self):
        return self.batches

    def __getitem__(self, index):
        rng = np.random.default_rng((self.seed, index))
        return (tuple(each[rng.integers(len(each), size=self.batch_size)] for each in self.sets),)
