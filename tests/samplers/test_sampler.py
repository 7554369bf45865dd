"""Of which games samplers draw."""

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.samplers import Langevin, Rejection

SAMPLERS = [Rejection(burn_in=8), Langevin(steps=1), Langevin(steps=1, metropolis=True)]


@pytest.mark.parametrize("real", [None, np.zeros((8, 2), "float32")])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_game_that_judges_packs_is_refused(sampler, real, monkeypatch):
    monkeypatch.setattr(sampler, "real", real)
    generator = kg.networks.mlp_generator(width=8)
    gan = kg.GAN(generator, kg.networks.mlp_discriminator(4, width=8), packing=2, seed=0)
    with pytest.raises(ValueError, match="judges packs of 2 samples at once: .* without packing"):
        gan.generate(4, seed=0, sampler=sampler)
