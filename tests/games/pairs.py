"""Small games of pairs."""

import keras
from keras import layers

import keras_gan as kg
from tests import toys


def encoder(data_dim=2, latent_dim=3):
    return keras.Sequential(
        [keras.Input((data_dim,)), layers.Dense(16), layers.ReLU(), layers.Dense(latent_dim)],
        name="encoder",
    )


def discriminator(data_dim=2, latent_dim=3, dropout=0.0, normalization=None):
    x, z = keras.Input((data_dim,)), keras.Input((latent_dim,))
    h = layers.Dense(16)(layers.Concatenate()([x, z]))
    h = h if normalization is None else normalization(h)
    h = layers.Dropout(dropout)(layers.Activation("tanh")(h))
    return keras.Model([x, z], layers.Dense(1)(h), name="discriminator")


def make(seed=7, normalized=False, dropout=0.0, **options):
    keras.utils.set_random_seed(11)
    networks = toys.generator(normalized=normalized), encoder(), discriminator(dropout=dropout)
    return kg.BiGAN(*networks, seed=seed, **options)


def sgd(gan, rate=0.1, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return gan
