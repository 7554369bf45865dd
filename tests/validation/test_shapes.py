"""The shape of a sample is what any network says of it, and the data are held to that."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg

ANY = (None, None, 1)


def judge(shape=ANY, latent=None):
    x = keras.Input(shape)
    h = layers.GlobalAveragePooling2D()(layers.Conv2D(2, 3)(x))
    if latent is None:
        return keras.Model(x, layers.Dense(1)(h))
    z = keras.Input((latent,))
    return keras.Model([x, z], layers.Dense(1)(layers.Concatenate()([h, z])))


def encoder(shape=ANY, noise=None):
    x = keras.Input(shape)
    h = layers.GlobalAveragePooling2D()(layers.Conv2D(2, 3)(x))
    if noise is None:
        return keras.Model(x, layers.Dense(2)(h))
    e = keras.Input((noise,))
    return keras.Model([x, e], layers.Dense(2)(layers.Concatenate()([h, e])))


def generator(size=4, known=True):
    """From z to images whose size the network says, or only makes."""
    z = keras.Input((2,))
    if known:
        image = layers.Reshape((size, size, 1))(layers.Dense(size * size, "tanh")(z))
    else:
        x = keras.ops.reshape(layers.Dense(size * size)(z), (-1, size, size, 1))
        anonymous = keras.Sequential([keras.Input(ANY), layers.Conv2D(1, 1)])
        image = Unsaid()(anonymous(x))
    return keras.Model(z, image)


@keras.saving.register_keras_serializable(package="tests")
class Unsaid(layers.Layer):
    """A layer that says nothing of height and width."""

    def compute_output_spec(self, x):
        return keras.KerasTensor((None, None, None, 1), x.dtype)

    def call(self, x):
        return x


def images(size, n=4):
    return np.random.default_rng(0).uniform(-1, 1, (n, size, size, 1)).astype("float32")


def compiled(gan):
    gan.compile(run_eagerly=True)
    return gan


GAMES = {
    "GAN": lambda G: kg.GAN(G, judge(), seed=0),
    "UnrolledGAN": lambda G: kg.UnrolledGAN(G, judge(), unroll=1, seed=0),
    "BiGAN": lambda G: kg.BiGAN(G, encoder(), judge(latent=2), seed=0),
    "AVB": lambda G: kg.AVB(G, encoder(noise=3), judge(latent=2), contrast_noises=2, seed=0),
}


@pytest.mark.parametrize(
    ("name", "known"), [*((name, True) for name in GAMES), ("GAN", False), ("BiGAN", False)]
)
def test_networks_of_any_size_take_the_generators(name, known):
    gan = compiled(GAMES[name](generator(known=known)))
    assert gan.sample_shape == (4, 4, 1)
    with pytest.raises(ValueError, match=r"\(4, 4, 1\).*received \(4, 6, 6, 1\)"):
        gan.fit(images(6), verbose=0)
    if name != "AVB":
        with pytest.raises(ValueError, match=r"received \(4, 6, 6, 1\)"):
            gan.discriminate(images(6))
    assert np.isfinite(gan.fit(images(4), verbose=0).history["discriminator_loss"]).all()


@pytest.mark.parametrize("known", [True, False])
def test_two_sizes_that_disagree_are_refused_when_the_game_is_made(known):
    with pytest.raises(ValueError, match=r"makes samples of shape \(4, 4, 1\).*takes \(6, 6, 1\)"):
        kg.GAN(generator(known=known), judge((6, 6, 1)))
    with pytest.raises(ValueError, match=r"4, 4, 1\); its input shape is \(None, 6, 6, 1\)"):
        kg.BiGAN(generator(known=known), encoder((6, 6, 1)), judge(latent=2))
    with pytest.raises(ValueError, match=r"encoder must take .* \(4, 4, 1\)"):
        kg.AVB(generator(known=known), encoder((6, 6, 1), noise=3), judge(latent=2))


def test_evaluation_takes_the_data_of_such_a_game():
    gan = compiled(GAMES["GAN"](generator()))
    right, wrong = (
        kg.callbacks.Evaluation(
            images(size, 8), metrics="kernel_distance", features="pixels", samples=8
        )
        for size in (4, 6)
    )
    history = gan.fit(images(4), verbose=0, callbacks=[right]).history
    assert np.isfinite(history["val_kernel_distance"]).all()
    with pytest.raises(ValueError, match=r"the model generates \(4, 4, 1\)"):
        gan.fit(images(4), verbose=0, callbacks=[wrong])


def translators(first=1):
    def network():
        x = keras.Input(ANY)
        return keras.Model(x, layers.Conv2D(1, 3, padding="same", strides=first)(x))

    return network


def test_domains_whose_sizes_the_translators_do_not_make_are_refused():
    def patches(shape=ANY):
        x = keras.Input(shape)
        return keras.Model(x, layers.Conv2D(1, 3)(x))

    G = translators()
    gan = compiled(kg.CycleGAN(G(), G(), patches(), patches(), pool_size=0, seed=0))
    assert gan.sample_shapes == (ANY, ANY)
    gan.fit(images(4), images(4), verbose=0)
    with pytest.raises(ValueError, match=r"xy makes .* \(4, 4, 1\) .* domain y have \(6,"):
        gan.fit(images(4), images(6), verbose=0)
    x = keras.Input((4, 4, 1))
    known = keras.Model(x, layers.Conv2D(1, 3, padding="same")(x))
    gan = kg.CycleGAN(known, G(), patches(), patches(), pool_size=0, seed=0)
    assert gan.sample_shapes == ((4, 4, 1), (4, 4, 1))
    with pytest.raises(ValueError, match=r"domain y and|domain y have \(6, 6, 1\)"):
        kg.CycleGAN(known, G(), patches(), patches((6, 6, 1)), pool_size=0)


def test_a_generator_with_an_encoder_of_any_size_takes_its_own_samples_alone():
    pretrained = kg.Generator(generator(), encoder=encoder())
    assert pretrained.encode(images(4)).shape == (4, 2)
    with pytest.raises(ValueError, match=r"\(4, 4, 1\).*received \(4, 6, 6, 1\)"):
        pretrained.encode(images(6))


class Batches(keras.utils.PyDataset):
    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return (self.batches[index],)


@pytest.mark.parametrize("source", [iter, Batches])
def test_later_batches_of_another_size_are_refused_where_the_discriminator_takes_any(source):
    gan = kg.GAN(generator(4), judge(), seed=0)
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match=r"shape \(4, 4, 1\), .*received \(4, 6, 6, 1\)"):
        gan.fit(source([images(4), images(6), images(6)]), verbose=0)
    assert int(gan.optimizer["generator"].iterations) <= 1


def test_a_graph_that_knows_no_sizes_refuses_them_too():
    import tensorflow as tf

    batches = [images(4), images(6)]
    spec = tf.TensorSpec((None, None, None, 1))
    gan = kg.GAN(generator(4), judge(), seed=0)
    gan.compile()
    with pytest.raises(ValueError, match=r"received \(4, 6, 6, 1\)"):
        gan.fit(tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=spec))


def test_a_channel_too_few_or_too_many_is_told_with_the_remedy():
    gan = compiled(kg.GAN(generator(4), judge(), seed=0))
    with pytest.raises(ValueError, match=r"received \(4, 4, 4\): take x\[..., None\]"):
        gan.fit(images(4)[:4, ..., 0], verbose=0)
    series = np.random.default_rng(0).uniform(-1, 1, (16, 6, 2)).astype("float32")
    z, x = keras.Input((2,)), keras.Input((6, 2))
    networks = (
        keras.Model(z, layers.Reshape((6, 2))(layers.Dense(12)(z))),
        keras.Model(x, layers.Dense(1)(layers.Flatten()(x))),
    )
    gan = compiled(kg.GAN(*networks, seed=0))
    with pytest.raises(ValueError, match="unless it is given value_range=None"):
        gan.fit(kg.data.batches(series, 8), verbose=0)
    gan.fit(kg.data.batches(series, 8, value_range=None), verbose=0)


def test_numbers_that_float32_does_not_hold_are_named_and_not_called_nan():
    x = np.zeros((8, 2))
    x[3, 1] = 1e300
    z, points = keras.Input((2,)), keras.Input((2,))
    gan = compiled(
        kg.GAN(keras.Model(z, layers.Dense(2)(z)), keras.Model(points, layers.Dense(1)(points)))
    )
    with pytest.raises(ValueError, match=r"beyond 3.4e38, .* 1e\+300, in sample 3"):
        gan.fit(x, verbose=0)
