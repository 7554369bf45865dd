"""Of which games samplers draw."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.networks._stylegan2_layers import GroupDeviation
from keras_gan.samplers import Langevin, Rejection
from tests.samplers import plane

SAMPLERS = [Rejection(burn_in=8), Langevin(steps=1), Langevin(steps=1, metropolis=True)]


@pytest.mark.parametrize("real", [None, np.zeros((8, 2), "float32")])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_game_that_judges_packs_is_refused(sampler, real, monkeypatch):
    monkeypatch.setattr(sampler, "real", real)
    generator = kg.networks.mlp_generator(width=8)
    gan = kg.GAN(generator, kg.networks.mlp_discriminator(4, width=8), packing=2, seed=0)
    with pytest.raises(ValueError, match="judges packs of 2 samples at once: .* without packing"):
        gan.generate(4, seed=0, sampler=sampler)


COUPLING = [
    kg.layers.MinibatchStdDev(name="culprit"),
    kg.layers.MinibatchDiscrimination(features=2, dims=2, name="culprit"),
    keras.Sequential(
        [
            layers.Reshape((1, 1, 2)),
            keras.Sequential([GroupDeviation(name="culprit")]),
            layers.Flatten(),
        ]
    ),
]


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("part", COUPLING)
def test_a_discriminator_that_couples_samples_is_refused_by_the_name_of_its_layer(part, sampler):
    x = keras.Input((2,))
    judge = keras.Model(x, layers.Dense(1)(part(x)))
    points = plane.data(4)
    alone, beside = (judge(points[rows])[0] for rows in ([0, 1], [0, 2]))
    assert np.abs(np.subtract(alone, beside)).max() > 1e-6  # the score of the same point
    gan = kg.GAN(kg.networks.mlp_generator(width=8), judge, seed=0)
    with pytest.raises(ValueError, match="layer 'culprit' .* depend on the others of the batch"):
        gan.generate(4, seed=0, sampler=sampler)
