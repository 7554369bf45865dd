"""The divergences that every law is tested on, and how."""

import pytest
from keras import ops

from keras_gan.objectives import divergences
from keras_gan.objectives.divergences import Alpha, WeightedJensenShannon
from tests.wide import float64

CASES = [divergences.get(name) for name in divergences.DIVERGENCES]
CASES += [Alpha(a) for a in (-2.0, -1.0, 0.3, 0.6, 1.5, 2.0, 3.0)]
CASES += [WeightedJensenShannon(0.1), WeightedJensenShannon(0.8)]
DTYPES = ["float32", "float64"]

every = pytest.mark.parametrize("divergence", CASES, ids=repr)
precisions = pytest.mark.parametrize("dtype", DTYPES)


def evaluate(function, x, dtype="float64"):
    """The function's values as float64, computed in `dtype`."""
    with float64(dtype == "float64"):
        result = ops.convert_to_numpy(function(ops.convert_to_tensor(x, dtype)))
    assert result.dtype == dtype
    return result.astype("float64")
