"""The settings by which docstrings say that the authors' way is had, one step of each."""

import keras
import numpy as np
import pytest

import keras_gan as kg

X = np.random.default_rng(0).uniform(-1, 1, size=(100, 2)).astype("float32")


def pair():
    return kg.networks.mlp_generator(width=4), kg.networks.mlp_discriminator(width=4)


def step(game, **optimizers):
    """The game after one step on all data, once its logs are known to be finite."""
    game.compile(**optimizers)
    logs = game.train_on_batch(X, return_dict=True)
    assert np.all(np.isfinite(list(logs.values())))
    return game


def test_dcgan_with_a_uniform_prior_and_l2():
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(5e-6))]
    )
    gan = step(kg.DCGAN(pair()[0], discriminator, prior="uniform"))
    assert gan.prior is kg.GAN(*pair(), prior="uniform").prior


@pytest.mark.thorough
def test_wgan_with_pytorchs_rmsprop_and_many_critic_steps_at_first():
    def rmsprop():
        return keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-16)

    networks = pair()
    for steps in (4, 2):  # the authors' 100 and 5 take long to trace
        gan = step(
            kg.WGAN(*networks, discriminator_steps=steps),
            generator_optimizer=rmsprop(),
            discriminator_optimizer=rmsprop(),
        )
        assert gan.optimizer["discriminator"].rho == 0.99
    weights = [np.abs(w).max() for w in gan.discriminator.get_weights()]
    assert max(weights) <= 0.01 + 1e-7


def test_unrolled_gan_in_one_joint_step_at_the_authors_rates():
    game = kg.UnrolledGAN(*pair(), unroll=1, objective="saddle", schedule="simultaneous")
    assert game.schedule.moves == (("discriminator", "generator"),)
    adam = keras.optimizers.Adam
    step(
        game,
        discriminator_optimizer=adam(1e-4, beta_1=0.5),
        generator_optimizer=adam(1e-3, beta_1=0.5),
    )


def test_bigan_with_codes_where_a_uniform_prior_lies():
    sizes = {"sample_shape": (2,), "latent_dim": 3, "width": 4}
    x = keras.Input((2,))
    codes = keras.layers.Activation("tanh")(kg.networks.bigan_encoder(**sizes)(x))
    game = kg.BiGAN(
        kg.networks.bigan_generator(**sizes),
        keras.Model(x, codes),
        kg.networks.bigan_discriminator(**sizes),
        prior="uniform",
        schedule="simultaneous",
    )
    assert np.abs(step(game).encode(100 * X)).max() <= 1.0


@pytest.mark.thorough
def test_avb_moves_all_at_once():
    step(
        kg.AVB(
            kg.networks.mlp_generator(width=4),
            kg.networks.avb_encoder(width=4),
            kg.networks.avb_discriminator(width=4),
            schedule="simultaneous",
        )
    )


@pytest.mark.parametrize(("role", "last"), [("generator", False), ("discriminator", True)])
def test_networks_of_a_subclass_need_a_functional_wrapper(role, last):
    """As README says: functional or Sequential models; the refusal's remedy works."""

    @keras.saving.register_keras_serializable(package="tests")
    class Own(keras.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.dense = keras.layers.Dense(1 if last else 2)

        def call(self, x):
            return self.dense(x)

    own, networks = Own(), dict(zip(("generator", "discriminator"), pair(), strict=True))
    own(np.zeros((1, 2), "float32"))
    with pytest.raises(ValueError, match=f"The {role} .* subclass of keras.Model"):
        kg.GAN(**{**networks, role: own})
    x = keras.Input((2,))
    step(kg.GAN(**{**networks, role: keras.Model(x, own(x))}))
