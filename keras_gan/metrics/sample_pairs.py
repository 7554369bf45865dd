"""Two sets of samples on a common scale, and batches of pairs of them."""

import keras
import numpy as np


class Scale:
    """The affine map that takes the even mixture of both sets to mean 0 and variance 1.

    Each set counts half, however many samples it has: a bound that holds for the mixture holds for
    sets of unlike size, too. Divergences do not see the map. Distances do: `isotropic` divides all
    components by one number, whose value `unit` returns distances to the data's units.
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
    """Batches of as many samples of the one set as of the other, drawn with replacement."""

    def __init__(self, sets, batch_size: int, batches: int, seed: int):
        super().__init__()
        self.sets, self.batch_size, self.batches, self.seed = sets, batch_size, batches, seed

    def __len__(self):
        return self.batches

    def __getitem__(self, index):
        rng = np.random.default_rng((self.seed, index))
        return (tuple(each[rng.integers(len(each), size=self.batch_size)] for each in self.sets),)
