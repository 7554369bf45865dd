"""Samples are those of their seed, whatever the number that is asked for, to the bit."""

import numpy as np
import pytest

import keras_gan as kg


@pytest.fixture(scope="module")
def generator():
    return kg.Generator(kg.networks.dcgan_generator((16, 16, 1), latent_dim=50, width=32))


@pytest.mark.parametrize("rest", [1, 2, 3, 10, 63])
def test_a_short_last_batch_is_computed_as_any_other(generator, rest):
    """Of a few rows TensorFlow and JAX add up in another order."""
    z = generator.latents(128, seed=0)
    whole = generator.samples_of(z, batch_size=64)
    np.testing.assert_array_equal(generator.samples_of(z[: 64 + rest], 64), whole[: 64 + rest])


def test_means_of_a_decoder_too():
    vae = kg.VAE(
        kg.networks.mlp_encoder((8, 8, 1), latent_dim=4, width=64, gaussian=True),
        kg.networks.mlp_decoder((8, 8, 1), latent_dim=4, width=64),
        seed=0,
    )
    z = vae.latents(128, seed=0)
    whole = vae.samples_of(z, batch_size=64)
    np.testing.assert_array_equal(vae.samples_of(z[:67], 64), whole[:67])


def test_one_shape_is_computed_whatever_the_number(generator, monkeypatch):
    """Each other one would be compiled anew, on JAX for every layer."""
    shapes, usual = set(), kg.Generator.__call__
    monkeypatch.setattr(
        kg.Generator,
        "__call__",
        lambda self, z, **given: shapes.add(tuple(z.shape)) or usual(self, z, **given),
    )
    monkeypatch.setattr("keras_gan.networks.analysis.memory.PART", 1)
    for n in (300, 257, 512):
        assert len(generator.generate(n, seed=0)) == n
        assert sum(map(len, generator.generate_in_parts(n, seed=0))) == n
    assert shapes == {(256, 50)}
