"""What a discriminator's last layer sees, wherever that layer is."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.networks.analysis.hidden import hidden_of

SHAPE = (6, 6, 1)


registered = keras.saving.register_keras_serializable(package="tests_of_hidden")


@registered
class Head(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.hidden, self.score = layers.Dense(7, activation="relu"), layers.Dense(1)

    def call(self, x):
        return self.score(self.hidden(x))


@registered
class Whole(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.convolution, self.flat, self.head = layers.Conv2D(2, 3), layers.Flatten(), Head()

    def call(self, x):
        return self.head(self.flat(self.convolution(x)))


class Block(layers.Layer):
    """A layer around another, which several may be around."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x):
        return self.inner(x)


class Shared(layers.Layer):
    """Two blocks around one Dense, and a score behind."""

    def __init__(self):
        super().__init__()
        inner = layers.Dense(16)
        self.blocks, self.score = [Block(inner), Block(inner)], Block(layers.Dense(1))

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.score(x)


class Product(layers.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 1))

    def call(self, x):
        return x @ self.kernel


def made(function, shape=SHAPE):
    x = keras.Input(shape)
    return keras.Model(x, function(x))


def body(x):
    return layers.Flatten()(layers.Conv2D(4, 3, strides=2, activation="relu")(x))  # 2 · 2 · 4


def pixels(x):
    return layers.Conv2D(4, 3, strides=2, activation="relu")(x)


def head(units):
    return keras.Sequential([layers.Dense(units, activation="relu"), layers.Dense(1)])


Spectral = kg.layers.SpectralNormalization
CASES = {
    "dense": (lambda: made(lambda x: layers.Dense(1)(body(x))), 16),
    "sequential": (
        lambda: keras.Sequential([keras.Input(SHAPE), layers.Flatten(), *head(3).layers]),
        3,
    ),
    "sequential head": (lambda: made(lambda x: head(5)(body(x))), 5),
    "functional head": (
        lambda: made(lambda x: made(lambda h: head(5)(layers.Dense(4)(h)), (16,))(body(x))),
        5,
    ),
    "nested twice": (
        lambda: made(
            lambda x: keras.Sequential([keras.Sequential([layers.Flatten(), head(9)])])(x)
        ),
        9,
    ),
    "nested body": (lambda: made(lambda x: layers.Dense(1)(made(body)(x))), 16),
    "nested body without kernels": (
        lambda: made(lambda x: keras.Sequential([layers.Flatten()])(layers.Conv2D(1, 6)(x))),
        36,
    ),
    "spectral": (lambda: made(lambda x: Spectral(layers.Dense(1))(body(x))), 16),
    "spectral convolution": (
        lambda: made(lambda x: layers.Flatten()(Spectral(layers.Conv2D(1, 2))(pixels(x)))),
        16,
    ),
    "convolution": (lambda: made(lambda x: layers.Flatten()(layers.Conv2D(1, 2)(pixels(x)))), 16),
    "pooled convolution": (
        lambda: made(lambda x: layers.GlobalAveragePooling2D()(layers.Conv2D(1, 1)(pixels(x)))),
        16,
    ),
    "pooled": (
        lambda: made(lambda x: layers.Dense(1)(layers.GlobalAveragePooling2D()(pixels(x)))),
        4,
    ),
    "subclassed head": (lambda: made(lambda x: Head()(body(x))), 7),
    "shared sublayer": (lambda: made(lambda x: Shared()(body(x))), 16),
    "subclassed whole": (lambda: made(Whole()), 7),
    "layer of one's own": (lambda: made(lambda x: Product()(body(x))), 16),
    "activation behind": (
        lambda: made(lambda x: layers.Activation("linear")(layers.Dense(1)(body(x)))),
        16,
    ),
    "normalization behind": (
        lambda: made(lambda x: layers.BatchNormalization()(layers.Dense(1)(body(x)))),
        16,
    ),
    "PReLU behind": (lambda: made(lambda x: layers.PReLU()(layers.Dense(1)(body(x)))), 16),
    "operations behind": (
        lambda: made(lambda x: ops.reshape(2 * layers.Dense(1)(body(x)) - 1, (-1, 1))),
        16,
    ),
    "mean of several": (
        lambda: made(lambda x: ops.mean(layers.Dense(3)(body(x)), axis=-1, keepdims=True)),
        16,
    ),
    "gate before it": (
        lambda: made(
            lambda x: (lambda h: head(5)(h * layers.Dense(1, activation="sigmoid")(h)))(body(x))
        ),
        5,
    ),
    "linear in one number": (lambda: made(layers.Dense(1), (1,)), 1),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_last_layer_sees(case, rng):
    make, size = CASES[case]
    network = make()
    x = rng.normal(size=(3, *network.inputs[0].shape[1:])).astype("float32")
    hidden = hidden_of(network)
    h = np.asarray(hidden(x)).reshape(3, -1)
    assert h.shape == (3, size)
    score = np.asarray(network(x)).reshape(3)
    if case in ("sequential head", "functional head", "subclassed whole", "gate before it"):
        last = [w for w in network.weights if tuple(w.shape) == (size, 1)][-1]  # its bias is 0
        np.testing.assert_allclose(h @ np.asarray(last)[:, 0], score, rtol=1e-4, atol=1e-5)


def test_a_game_has_features_of_nested_networks(rng):
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4)
    gan = kg.GAN(generator, made(Whole(), (8, 8, 1)), seed=0)
    x = rng.uniform(-1, 1, (5, 8, 8, 1)).astype("float32")
    once = gan.features(x, batch_size=2)
    assert once.shape == (5, 7)
    np.testing.assert_array_equal(once, gan.features(x, batch_size=2))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: made(
                lambda x: layers.Add()([layers.Dense(1)(body(x)), layers.Dense(1)(body(x))])
            ),
            "come from several layers at once, .*let it return .scores, features.",
        ),
        (
            lambda: made(lambda x: ops.mean(x, axis=(1, 2, 3))[:, None]),
            "come from no layer with weights, .*let it return .scores, features.",
        ),
        (Whole, "is a subclass of keras.Model, .*: wrap it as keras.Model"),
    ],
)
def test_where_there_is_no_one_layer_the_remedy_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        hidden_of(make())
