"""Networks by name and arguments."""

import json
import threading

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.networks import registry, weight_limits
from keras_gan.networks.registry import Origin

SMALL = {
    "mlp_generator": {"width": 4},
    "mlp_discriminator": {"width": 4, "normalization": "spectral", "dropout": 0.5},
    "dcgan_generator": {"image_shape": (9, 9, 2), "latent_dim": 3, "width": 2},
    "dcgan_discriminator": {"image_shape": (9, 9, 2), "width": 2, "features": True},
    "resnet_generator": {"image_shape": (16, 20, 1), "width": [4, 2, 2], "attention": 8},
    "fastgan_generator": {"image_shape": (8, 12, 1), "latent_dim": 3, "width": 2},
    "fastgan_discriminator": {"image_shape": (16, 24, 1), "width": 2, "grids": True},
    "fastgan_decoder": {"image_shape": (8, 12, 1), "grid_shape": (4, 6, 3), "width": 2},
    "projected_discriminator": {"image_shape": (8, 12, 1), "width": 2, "classes": 3},
    "r3gan_generator": {"image_shape": (8, 12, 1), "latent_dim": 3, "width": 4},
    "r3gan_discriminator": {"image_shape": (8, 12, 1), "width": 4},
    "stylegan2_generator": {"image_shape": (8, 12, 1), "latent_dim": 3, "width": 4},
    "stylegan2_discriminator": {"image_shape": (8, 12, 1), "width": 4},
    "resnet_discriminator": {"image_shape": (16, 16, 1), "width": 2, "normalization": None},
    "conv1d_generator": {"sample_shape": (20, 2), "width": 2, "kernel": 5, "classes": 3},
    "conv1d_discriminator": {"sample_shape": (20, 2), "width": 2, "phase_shuffle": 1},
    "conv3d_generator": {"sample_shape": (4, 5, 8, 1), "width": 2},
    "conv3d_discriminator": {"sample_shape": (4, 5, 8, 1), "width": 2, "features": True},
    "bigan_generator": {"sample_shape": (8, 8, 1), "latent_dim": 3, "width": 4},
    "bigan_encoder": {"sample_shape": (8, 8, 1), "latent_dim": 3, "width": 4},
    "bigan_discriminator": {"sample_shape": (2,), "latent_dim": 3, "width": 4},
    "infogan_recognition": {"feature_shape": (2, 2, 3), "parameters": 4, "width": 4},
    "avb_encoder": {"data_dim": 3, "noise_dim": 2, "width": 4},
    "avb_discriminator": {"data_dim": 3, "width": 4},
    "translation_generator": {"image_shape": (8, 8, 1), "width": 2, "blocks": 1},
    "unet_generator": {"image_shape": (8, 12, 1), "width": 2, "output_channels": 2},
    "patch_discriminator": {"image_shape": (8, 8, 1), "width": 2, "depth": 1},
    "mlp_encoder": {"sample_shape": (4, 4, 1), "latent_dim": 3, "width": 4, "gaussian": True},
    "vqvae_encoder": {"image_shape": (8, 8, 1), "code_dim": 2, "width": 4, "blocks": 1},
    "vqvae2_bottom_encoder": {"image_shape": (8, 8, 1), "width": 4, "blocks": 1},
}


def shapes(network):
    return [tuple(weight.shape) for weight in network.weights]


@pytest.mark.parametrize("name", sorted(registry.MAKERS))
def test_every_network_comes_back_from_json(name):
    if name not in SMALL:
        pytest.skip("a doctest's")
    network = getattr(kg.networks, name)(**SMALL[name])
    found = kg.networks.origin_of(network)
    stored = json.loads(json.dumps({"network": found.network, "arguments": found.arguments}))
    again = registry.build(Origin(**stored))
    assert shapes(again) == shapes(network)
    assert [type(layer) for layer in again.layers] == [type(layer) for layer in network.layers]
    assert kg.networks.origin_of(again) == found


def test_every_function_that_makes_networks_is_registered():
    kinds = ("_generator", "_discriminator", "_encoder", "_recognition", "fastgan_decoder")
    made = {name for name in kg.networks.__all__ if name.endswith(kinds)}
    assert made <= set(registry.MAKERS)
    assert made == set(SMALL)


def test_a_game_keeps_the_names_of_its_networks_when_it_is_saved(tmp_path):
    gan = kg.WGANGP(kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4))
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    for player in ("generator", "discriminator"):
        found = kg.networks.origin_of(getattr(again, player))
        assert found == kg.networks.origin_of(getattr(gan, player))
        assert found.arguments["width"] == 4


def test_what_is_no_plain_value_leaves_a_network_without_a_name():
    network = kg.networks.mlp_generator(width=4, activation=keras.ops.tanh)
    assert kg.networks.origin_of(network) is None
    own = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    assert kg.networks.origin_of(own) is None


@pytest.mark.parametrize(
    ("network", "arguments", "message"),
    [
        ("mlp_genrator", {}, "did you mean 'mlp_generator'"),
        ("os.system", {"command": "true"}, "Unknown network 'os.system'"),
        ("mlp_generator", {"widht": 4}, "did you mean 'width'"),
        ("mlp_generator", {"width": 10**9}, "width=1000000000 is out of range"),
        ("mlp_generator", {"width": "4"}, "mlp_generator cannot be built with"),
        ("mlp_generator", {"width": -1}, "width must be a whole number of at least 1; received -1"),
        ("dcgan_generator", {"image_shape": [28, 28, 10**6]}, "out of range"),
        ("mlp_generator", {"activation": "x" * 300}, "out of range"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence(network, arguments, message):
    with pytest.raises(ValueError, match=message) as error:
        registry.build(Origin(network, arguments), most_bytes=10_000)
    assert "\n" not in str(error.value)


def test_a_network_beyond_its_budget_is_not_allocated():
    allowed = 4 * sum(np.prod(shape) for shape in shapes(kg.networks.mlp_generator(width=8)))
    usual, made = keras.layers.Layer.add_weight, Origin("mlp_generator", {"width": 8})
    registry.build(made, most_bytes=int(allowed))
    with pytest.raises(weight_limits.TooLargeError, match="more weights than"):
        registry.build(made, most_bytes=int(allowed) - 4)
    with pytest.raises(weight_limits.TooLargeError):
        registry.build(
            Origin("mlp_generator", {"width": 60_000, "depth": 60_000}), most_bytes=10**6
        )
    assert keras.layers.Layer.add_weight is usual


def test_a_budget_holds_for_its_own_thread_alone():
    failures = []

    def elsewhere():
        try:
            kg.networks.mlp_generator(width=64)
        except ValueError as error:
            failures.append(error)

    with weight_limits.making(100, zeros=True):
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
        with pytest.raises(weight_limits.TooLargeError):
            kg.networks.mlp_generator(width=64)
    assert failures == []


def test_a_second_function_of_a_name_is_refused():
    def mlp_generator():
        return None

    with pytest.raises(ValueError, match="'mlp_generator' is registered already"):
        kg.networks.register(mlp_generator)
