"""Keras's global settings: games work under them, or say in one sentence why they do not."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from tests import toys
from tests.backend import BACKEND
from tests.games.cases import GAMES
from tests.slow import slow_but
from tests.wide import float64

IMAGES = {
    "dcgan_generator": (8, 8, 3),
    "dcgan_discriminator": (1,),
    "resnet_generator": (16, 16, 3),
    "resnet_discriminator": (1,),
    "r3gan_generator": (16, 16, 3),
    "r3gan_discriminator": (1,),
    "stylegan2_generator": (16, 16, 3),
    "stylegan2_discriminator": (1,),
    "fastgan_generator": (16, 16, 3),
    "fastgan_discriminator": (1,),
    "translation_generator": (8, 8, 3),
    "unet_generator": (8, 8, 3),
    "patch_discriminator": (2, 2, 1),
}


@pytest.fixture
def channels_first():
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


OTHERS = {
    "conv1d_generator": (20, 3),
    "conv1d_discriminator": (20, 3),
    "conv3d_generator": (8, 9, 10, 3),
    "conv3d_discriminator": (8, 9, 10, 3),
}


@pytest.mark.parametrize("name", OTHERS)
def test_channels_stand_last_in_our_series_and_volumes(name, channels_first):
    network = getattr(kg.networks, name)(OTHERS[name], width=2)
    assert network.output_shape[1:] == (OTHERS[name] if "generator" in name else (1,))
    formats = {getattr(layer, "data_format", "channels_last") for layer in network.layers}
    assert formats == {"channels_last"}


@pytest.mark.parametrize("name", IMAGES)
def test_channels_stand_last_in_our_networks(name, channels_first):
    size = 8 if name.startswith(("dcgan", "translation", "unet", "patch")) else 16
    options = {"width": 2, **({"depth": 2} if name == "patch_discriminator" else {})}
    network = getattr(kg.networks, name)((size, size, 3), **options)
    assert network.output_shape[1:] == IMAGES[name]
    formats = {getattr(layer, "data_format", "channels_last") for layer in network.layers}
    assert formats == {"channels_last"}  # so that a file says it, too


@pytest.mark.parametrize("setting", slow_but(["policy"], ["policy", "floatx"]))
@pytest.mark.parametrize("name", slow_but(["GAN"], GAMES))
def test_games_train_in_float64(name, setting):
    keras.config.set_dtype_policy("float64")
    if setting == "floatx":
        keras.config.set_floatx("float64")
    penalised = {"penalties": [kg.penalties.GradientPenalty(), kg.penalties.R1(every=2)]}
    with float64():
        game = GAMES[name].make(**(penalised if "penalties" in GAMES[name].options else {}))
        game.compile(run_eagerly=BACKEND == "tensorflow")
        history = game.fit(*GAMES[name].data(8), batch_size=4, verbose=0).history
        assert {v.dtype for v in game.trainable_variables} >= {"float64"}
    assert all(np.isfinite(values).all() for values in history.values())


def test_a_penalty_in_float64_is_one():
    """‖∇D‖² of D(x) = ⟨(1, 10⁻⁹ + 1), x⟩, which float32 makes 2."""
    keras.config.set_dtype_policy("float64")
    keras.config.set_floatx("float64")  # that of inputs
    with float64():
        dense = keras.layers.Dense(1)
        discriminator = keras.Sequential([keras.Input((2,)), dense])
        dense.kernel.assign([[1.0], [1.0 + 1e-9]])
        gan = kg.GAN(toys.generator(), discriminator, penalties=[kg.penalties.R1(2.0)], seed=0)
        gan.compile()
        batch = gan.unpack(ops.convert_to_tensor(toys.points(4)))
        _, logs = gan.look("discriminator", batch)
        assert float(logs["r1_penalty"]) - 2.0 == pytest.approx(2e-9, rel=1e-5)


def test_weights_of_16_bits_are_refused_or_warned_of():
    keras.config.set_dtype_policy("float16")
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    with pytest.raises(ValueError, match=r"set_dtype_policy\('mixed_float16'\)"):
        gan.compile()
    keras.config.set_dtype_policy("bfloat16")
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    with pytest.warns(UserWarning, match="weights in bfloat16, such as 'discriminator/"):
        gan.compile()
    keras.config.set_dtype_policy("mixed_float16")
    kg.GAN(toys.generator(), toys.discriminator(), seed=0).compile()


def test_a_floatx_of_16_bits_does_not_round_what_a_mixed_policy_keeps():
    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_bfloat16")
    gan = kg.GAN(toys.generator(), toys.discriminator(), seed=0)
    gan.compile()
    assert gan.unpack(ops.convert_to_tensor(toys.points(4))).dtype == "float32"
    assert gan.means.variables[0].dtype == "float32"


@pytest.mark.skipif(BACKEND != "jax", reason="of JAX")
def test_float64_that_is_none_is_warned_of():
    keras.config.set_dtype_policy("float64")
    with float64(False), pytest.warns(UserWarning, match="float64") as seen:
        kg.GAN(toys.generator(), toys.discriminator(), seed=0).compile()
    assert any("jax.config.update('jax_enable_x64', True)" in str(w.message) for w in seen)
