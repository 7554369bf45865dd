"""In low precision, a recipe finds the modes of the grid that it finds in float32."""

import keras
import pytest

from benchmarks import modes


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("recipe", ["R3GAN", "WGANGP"])
def test_all_modes_of_the_grid(recipe, policy):
    keras.config.set_dtype_policy(policy)
    result = modes.measured(recipe, "grid", seed=0)
    assert result["modes"] == result["total"] == 25  # as many as in float32, see README.md
    assert result["high_quality"] > 0.8
