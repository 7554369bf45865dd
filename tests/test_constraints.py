"""Weight clipping: on every weight, after every update, also of a loaded game."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.penalties.constraints import ClipWeights, constrain
from tests import toys


def discriminator():
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(8),
            kg.layers.LayerNormalization(),
            layers.LeakyReLU(0.2),
            layers.Dense(1),
        ]
    )


def game(optimizer, **options):
    network = discriminator()
    gan = kg.GAN(
        toys.generator(),
        network,
        objective="wasserstein",
        schedule=2,
        constraint=ClipWeights(0.01),
        seed=0,
    )
    gan.compile(discriminator_optimizer=optimizer, **options)
    return gan


def largest(network):
    return [float(np.abs(weight).max()) for weight in network.trainable_variables]


def test_clips_to_the_box():
    found = ClipWeights(0.5)(np.array([-2.0, -0.5, 0.1, 3.0], "float32"))
    np.testing.assert_array_equal(found, np.array([-0.5, -0.5, 0.1, 0.5], "float32"))


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
@pytest.mark.parametrize("eager", [True, False], ids=["eager", "graph"])
def test_every_weight_is_in_the_box_after_each_update(optimizer, eager):
    gan = game(optimizer, run_eagerly=eager)
    assert max(largest(gan.discriminator)) == 1.0  # γ; the first step sees the weights as they are
    before = [w.numpy() for w in gan.generator.trainable_variables]
    for _ in range(2):
        gan.train_on_batch(toys.points(16))
        kernel, bias, gamma, *_ = largest(gan.discriminator)
        assert max(largest(gan.discriminator)) == np.float32(0.01)
        assert kernel == gamma == np.float32(0.01)
        assert 0 < bias <= np.float32(0.01)
    assert max(largest(gan.generator)) > 0.1
    assert any(
        np.any(a != b) for a, b in zip(before, gan.generator.trainable_variables, strict=True)
    )


def test_a_loaded_game_goes_on_clipping(tmp_path):
    game("sgd").save(tmp_path / "gan.keras")
    gan = kg.load_model(tmp_path / "gan.keras")
    assert gan.constraint.clip == 0.01
    assert max(largest(gan.discriminator)) == 1.0
    gan.train_on_batch(toys.points(16))
    assert max(largest(gan.discriminator)) == np.float32(0.01)


@pytest.mark.thorough
def test_clips_under_loss_scaling_and_a_strategy(two_replicas):
    keras.config.set_dtype_policy("mixed_float16")
    gan = game("sgd", run_eagerly=True)
    gan.train_on_batch(toys.points(16))
    assert max(largest(gan.discriminator)) == np.float32(0.01)
    keras.config.set_dtype_policy("float32")
    with two_replicas.scope():
        gan = game("sgd")
    gan.fit(toys.points(16), batch_size=16, verbose=0)
    assert max(largest(gan.discriminator)) == np.float32(0.01)


def test_replaces_its_own_kind_and_refuses_to_replace_another():
    network = discriminator()
    constrain(network, ClipWeights(0.1))
    constrain(network, ClipWeights(0.2))
    assert {weight.constraint.clip for weight in network.trainable_variables} == {0.2}
    network = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(1),
            layers.Dense(1, kernel_constraint="max_norm", name="bound"),
        ]
    )
    with pytest.raises(
        ValueError, match=r"bound/kernel.* already has the constraint .*MaxNorm.*, which"
    ):
        constrain(network, ClipWeights(0.1))
    assert network.layers[0].kernel.constraint is None


def test_config_round_trip():
    config = keras.saving.serialize_keras_object(ClipWeights(0.3))
    assert config["registered_name"] == "keras_gan>ClipWeights"
    assert keras.saving.deserialize_keras_object(config).clip == 0.3


@pytest.mark.parametrize("clip", [0.0, -1.0])
def test_refuses_an_empty_box(clip):
    with pytest.raises(ValueError, match=f"greater than 0; received {clip}"):
        ClipWeights(clip)
