"""Parts of networks that no loss of a game would ever use are refused."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from tests import toys


def discriminator(heads=1, dropout=0.0, data_dim=2):
    """Scores, and so many heads of classes besides."""
    x = keras.Input((data_dim,))
    h = layers.Dropout(dropout)(layers.LeakyReLU()(layers.Dense(8, name="hidden")(x)))
    outputs = [layers.Dense(1, name="score")(h)]
    outputs += [layers.Dense(3, name=f"classes_{i}")(h) for i in range(heads - 1)]
    return keras.Model(x, outputs if heads > 1 else outputs[0], name="discriminator")


@pytest.mark.parametrize("penalties", [(), [kg.penalties.R1(1.0)]])
def test_a_head_of_its_own_is_refused_and_named(penalties):
    D = discriminator(heads=2)
    with pytest.raises(ValueError, match="weights .*classes_0/kernel.*never train"):
        kg.GAN(toys.generator(), D, penalties=penalties)
    kg.GAN(toys.generator(), keras.Model(D.inputs, D.outputs[0]), penalties=penalties)  # the advice


def test_features_on_the_way_to_the_scores_and_those_of_a_consistency_term_are_allowed():
    features = kg.networks.mlp_discriminator(width=8, depth=1, features=True)
    assert kg.GAN(toys.generator(), features).features(toys.points(3)).shape == (3, 8)
    gan = kg.GAN(
        toys.generator(),
        discriminator(heads=2, dropout=0.5),
        penalties=[kg.penalties.ConsistencyTerm()],
        seed=0,
    )
    gan.compile()
    head = gan.discriminator.get_layer("classes_0")
    before = ops.convert_to_numpy(head.kernel)
    gan.fit(toys.points(32), verbose=0)
    assert not np.allclose(before, ops.convert_to_numpy(head.kernel))


def test_three_outputs_are_refused():
    with pytest.raises(ValueError, match="3 outputs"):
        kg.GAN(toys.generator(), discriminator(heads=3))


def two_outputs(inputs, units):
    network = keras.Model(inputs, layers.Dense(units)(inputs))
    return keras.Model(inputs, [network.outputs[0], layers.Dense(4)(inputs)])


def test_a_second_output_of_a_generator_or_encoder_is_refused():
    z, x, noise = keras.Input((3,)), keras.Input((2,)), keras.Input((1,))
    with pytest.raises(ValueError, match=r"generator must return samples .*2 outputs"):
        kg.GAN(two_outputs(z, 2), toys.discriminator())
    pairs = keras.Model([x, z], layers.Dense(1)(layers.Concatenate()([x, z])))
    with pytest.raises(ValueError, match="encoder must return codes .*2 outputs"):
        kg.BiGAN(toys.generator(), two_outputs(x, 3), pairs)
    h = layers.Concatenate()([x, noise])
    encoder = keras.Model([x, noise], [layers.Dense(3)(h), layers.Dense(4)(h)])
    with pytest.raises(ValueError, match="encoder must return .*2 outputs"):
        kg.AVB(toys.generator(), encoder, pairs, likelihood="gaussian")


def test_a_second_output_of_a_translator_is_refused():
    def translator():
        return keras.Sequential([keras.Input((2,)), layers.Dense(2)])

    x = keras.Input((2,))
    judges = [discriminator(), discriminator()]
    with pytest.raises(ValueError, match="generator_yx must return samples .*2 outputs"):
        kg.CycleGAN(translator(), two_outputs(x, 2), *judges)


def test_an_input_without_effect_is_refused():
    z, x, label = keras.Input((3,)), keras.Input((2,)), keras.Input((), dtype="int32", name="kind")
    G = kg.networks.mlp_generator(latent_dim=3, width=4, depth=1, classes=3)
    D = keras.Model([x, label], layers.Dense(1)(x))
    with pytest.raises(ValueError, match="discriminator's output .*input 'kind'"):
        kg.GAN(G, D)
    with pytest.raises(ValueError, match="generator's output .*input 'kind'"):
        kg.GAN(
            keras.Model([z, label], layers.Dense(2)(z)),
            kg.networks.mlp_discriminator(width=4, depth=1, classes=3),
        )


def test_an_unused_output_of_a_model_within_is_refused():
    x = keras.Input((2,))
    inner = discriminator(heads=2)
    D = keras.Model(x, inner(x)[0], name="discriminator")
    with pytest.raises(ValueError, match="weights .*classes_0/kernel"):
        kg.GAN(toys.generator(), D)


@keras.saving.register_keras_serializable(package="tests")
class Forked(layers.Layer):
    """A layer with a branch that it never takes."""

    def __init__(self, **options):
        super().__init__(**options)
        self.taken, self.left = layers.Dense(4, name="taken"), layers.Dense(4, name="left")

    def build(self, shape):
        self.taken.build(shape)
        self.left.build(shape)

    def call(self, x):
        return self.taken(x)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_branch_that_no_graph_shows_is_refused_before_the_first_step(player):
    sizes = {"generator": (3, 2), "discriminator": (2, 1)}[player]
    forked = keras.Sequential([keras.Input(sizes[:1]), Forked(), layers.Dense(sizes[1])])
    networks = {"generator": toys.generator(), "discriminator": toys.discriminator()}
    gan = kg.GAN(**{**networks, player: forked}, seed=0)
    gan.compile()
    with pytest.raises(ValueError, match=f"{player}'s weights .*left/kernel"):
        gan.fit(toys.points(8), verbose=0)
    assert int(gan.optimizer[player].iterations) == 0


@keras.saving.register_keras_serializable(package="tests")
class Classifying(kg.GAN):
    """A user's game whose discriminator names classes too."""

    def discriminator_losses(self, real, labels, draws, training):
        losses, observations = super().discriminator_losses(real, labels, draws, training)
        losses["discriminator_loss"] += ops.mean(self.discriminator(real)[1] ** 2)
        return losses, observations


def test_a_users_game_that_uses_its_head_trains():
    gan = Classifying(toys.generator(), discriminator(heads=2), seed=0)
    gan.compile()
    assert np.isfinite(gan.fit(toys.points(8), verbose=0).history["discriminator_loss"]).all()
