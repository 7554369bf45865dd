"""A discriminator that ends in anything but an unbounded score, however it does; and ranges."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.networks.analysis.output_range import reach_of
from tests import toys

SHAPE = (8, 8, 1)


def network(*end, shape=SHAPE):
    return keras.Sequential([keras.Input(shape), *end])


def function(call, shape=SHAPE):
    x = keras.Input(shape)
    return keras.Model(x, call(x))


def score(x, units=1, **options):
    return layers.Dense(units, **options)(layers.Flatten()(x))


def scored(*end, **options):
    return network(layers.Flatten(), layers.Dense(1, **options), *end)


def convolution(size=8, **options):
    return layers.Conv2D(1, size, **options)


class Squashing(keras.Model):
    """A subclass whose activation no config or graph shows."""

    def __init__(self, squash):
        super().__init__()
        self.flatten, self.dense, self.squash = layers.Flatten(), layers.Dense(1), squash

    def call(self, x):
        return self.squash(self.dense(self.flatten(x)))


class Head(layers.Layer):
    """10 σ(wᵀx + b), or only wᵀx / |w| without."""

    def __init__(self, bounded):
        super().__init__()
        self.bounded = bounded

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 1), initializer="random_normal")
        self.b = self.add_weight(shape=(1,)) if self.bounded else None

    def call(self, x):
        if self.bounded:
            return 10.0 * ops.sigmoid(x @ self.w + self.b)
        return x @ (self.w / ops.norm(self.w))


class Gate(layers.Layer):
    """x σ(g), with a weight g."""

    def build(self, shape):
        self.g = self.add_weight(shape=(), initializer="zeros")

    def call(self, x):
        return x * ops.sigmoid(self.g)


class Monotone(layers.Layer):
    """A sum of the inputs with positive weights, softplus(W)."""

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 1), initializer="zeros")

    def call(self, x):
        return x @ ops.softplus(self.w)


class Overridden(keras.Model):
    """A functional model that does something else than its graph."""

    def call(self, x, training=False):
        return ops.sigmoid(super().call(x, training=training))


def twice(call, *end):
    inner = network(*end)
    return function(lambda x: call(inner(x), inner(-x)))


def overridden():
    x = keras.Input(SHAPE)
    return Overridden(x, score(x))


FLAT = [layers.Flatten, lambda: layers.Dense(4, activation="tanh")]
BENT = {  # the discriminator, and what the message has to name
    "convolution": (
        lambda: network(convolution(activation="sigmoid"), layers.Flatten()),
        "sigmoid",
    ),
    "float32 behind": (
        lambda: scored(layers.Activation("sigmoid", dtype="float32")),
        "sigmoid",
    ),
    "operation": (lambda: function(lambda x: ops.tanh(score(x))), "tanh"),
    "scaled": (lambda: function(lambda x: 10 * ops.sigmoid(score(x)) - 5), "sigmoid"),
    "clipped": (lambda: function(lambda x: ops.clip(score(x), -50, 50)), "clip"),
    "pooled": (
        lambda: network(convolution(3, activation="sigmoid"), layers.GlobalAveragePooling2D()),
        "sigmoid",
    ),
    "lambda": (
        lambda: scored(layers.Lambda(ops.softplus)),
        "Lambda",
    ),
    "dropout": (
        lambda: scored(layers.Dropout(0.3), activation="tanh"),
        "tanh",
    ),
    "ELU": (lambda: scored(layers.ELU()), "an ELU"),
    "LeakyReLU": (
        lambda: scored(layers.LeakyReLU()),
        "LeakyReLU",
    ),
    "PReLU": (lambda: scored(layers.PReLU()), "a PReLU"),
    "argument": (
        lambda: network(layers.Flatten(), layers.Dense(1, activation="leaky_relu")),
        "leaky_relu",
    ),
    "rescaled": (
        lambda: scored(layers.Rescaling(20.0, -10.0), activation="sigmoid"),
        "sigmoid",
    ),
    "negative square": (lambda: function(lambda x: (lambda s: -s * s)(score(x))), "multiply"),
    "norm": (
        lambda: function(
            lambda x: ops.sqrt(ops.sum(ops.square(score(x, 4)), axis=-1, keepdims=True))
        ),
        "sqrt",
    ),
    "logarithm": (lambda: function(lambda x: ops.log(score(x, activation="sigmoid"))), "log"),
    "sum of two": (
        lambda: function(lambda x: score(x, activation="sigmoid") + score(x, activation="tanh")),
        "sigmoid",
    ),
    "nested twice": (
        lambda: twice(ops.add, layers.Flatten(), layers.Dense(1), layers.Activation("sigmoid")),
        "sigmoid",
    ),
    "cosine": (
        lambda: function(lambda x: layers.Dot(1, normalize=True)([score(x, 4), score(x, 4)])),
        "a Dot",
    ),
    "half precision": (
        lambda: network(
            layers.Flatten(),
            layers.Dense(1, dtype="mixed_bfloat16"),
            layers.LeakyReLU(dtype="mixed_bfloat16"),
        ),
        "LeakyReLU",
    ),
    "recurrent": (lambda: network(layers.Reshape((8, 8)), layers.LSTM(1)), "tanh"),
    "subclass": (lambda: function(Squashing(ops.sigmoid)), "Squashing"),
    "layer of one's own": (lambda: network(layers.Flatten(), Head(bounded=True)), "a Head"),
    "call of one's own": (overridden, "an Overridden"),
    "gate of a sigmoid": (lambda: scored(Gate(), activation="sigmoid"), "sigmoid"),
    "positive": (
        lambda: network(layers.Flatten(), layers.Dense(4, activation="relu"), Monotone()),
        "relu",
    ),
}


@pytest.mark.parametrize("kind", BENT)
def test_a_discriminator_whose_scores_are_bent_or_bounded_is_refused(kind):
    build, named = BENT[kind]
    with pytest.raises(ValueError, match=f"must return an unbounded score, but .*{named}"):
        kg.GAN(kg.networks.dcgan_generator(SHAPE, latent_dim=2, width=4), build())


def projection():
    x, y = keras.Input(SHAPE), keras.Input((), dtype="int32")
    h = layers.Dense(4, activation="relu")(layers.Flatten()(x))
    return keras.Model([x, y], layers.Dot(1)([layers.Embedding(3, 4)(y), h]))


def attention(scores):
    """A sum of scores with weights that they themselves give."""
    scores = layers.Reshape((36, 1))(scores)
    return ops.sum(scores * ops.softmax(scores, axis=1), axis=1)


STRAIGHT = {
    "without bias": lambda: network(*(each() for each in FLAT), layers.Dense(1, use_bias=False)),
    "zeros": lambda: network(layers.Flatten(), layers.Dense(1, kernel_initializer="zeros")),
    "convolution": lambda: network(convolution(), layers.Flatten()),
    "mean of patches": lambda: network(convolution(3), layers.GlobalAveragePooling2D()),
    "best patch": lambda: network(convolution(3), layers.GlobalMaxPooling2D()),
    "attention": lambda: function(lambda x: attention(convolution(3)(x))),
    "dropout": lambda: scored(layers.Dropout(0.5)),
    "linear": lambda: scored(layers.Activation("linear", dtype="float32")),
    "small": lambda: scored(layers.Rescaling(1e-3)),
    "two heads": lambda: function(lambda x: score(x) + score(x, activation="tanh")),
    "difference": lambda: twice(
        ops.subtract, layers.Flatten(), layers.Dense(1), layers.Reshape((1,))
    ),
    "gated": lambda: function(lambda x: score(x) * score(x, activation="sigmoid")),
    "projection": projection,
    "spectral": lambda: network(
        *(each() for each in FLAT),
        kg.layers.SpectralNormalization(layers.Dense(1, use_bias=False)),
        layers.Reshape((1,)),
    ),
    "normalized": lambda: scored(layers.BatchNormalization()),
    "frozen": lambda: network(*(each() for each in FLAT), layers.Dense(1, trainable=False)),
    "float16": lambda: network(
        layers.Flatten(),
        layers.Dense(1, dtype="mixed_float16"),
        layers.Dropout(0.1, dtype="mixed_float16"),
    ),
    "any size": lambda: network(
        convolution(3), layers.GlobalAveragePooling2D(), shape=(None, None, 1)
    ),
    "without weights": lambda: function(lambda x: -ops.sum(x**2, axis=1, keepdims=True), (3,)),
    "subclass": lambda: function(Squashing(lambda scores: 0.1 * scores)),
    "layer of one's own": lambda: network(*(each() for each in FLAT), Head(bounded=False)),
    "gate": lambda: scored(Gate()),
    "gate of a sum": lambda: function(lambda x: Gate()(score(x) + score(x, activation="tanh"))),
    "two gates": lambda: network(network(layers.Flatten(), layers.Dense(1)), Gate(), Gate()),
    "monotone": lambda: network(*(each() for each in FLAT), Monotone()),
    "monotone of scores": lambda: scored(Monotone()),
    "patches": lambda: kg.networks.patch_discriminator((16, 16, 1), width=4, depth=1),
    "with labels": lambda: kg.networks.resnet_discriminator((16, 16, 1), width=4, classes=3),
    "with features": lambda: kg.networks.mlp_discriminator(width=8, features=True),
}


@pytest.mark.parametrize("kind", STRAIGHT)
def test_an_unbounded_score_is_right_whatever_follows_its_last_weights(kind):
    made = STRAIGHT[kind]()
    before = [np.array(weight) for weight in made.weights]
    assert reach_of(made).culprit is None
    for one, other in zip(before, made.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("end", "low", "high"),
    [
        (lambda z: layers.Dense(2, activation="sigmoid")(z), 0, 1),
        (lambda z: 3 * ops.tanh(layers.Dense(2)(z)) + 1, -2, 4),
        (lambda z: layers.ReLU()(layers.Dense(2)(z)), 0, np.inf),
        (lambda z: ops.clip(layers.Dense(2)(z), -7, 5), -7, 5),
        (lambda z: layers.Dense(2)(z), -np.inf, np.inf),
        (lambda z: layers.Softmax()(layers.Dense(2)(z)), -np.inf, np.inf),  # more than it knows
        (lambda z: ops.concatenate([ops.tanh(z), layers.Dense(1)(z)], axis=-1), -np.inf, np.inf),
        (lambda z: ops.tanh(layers.Dense(2)(z)) * ops.sigmoid(layers.Dense(2)(z)), -1, 1),
    ],
)
def test_the_reach_of_a_generator(end, low, high):
    reach = reach_of(function(end, shape=(3,)))
    assert (reach.low, reach.high) == pytest.approx((low, high), abs=1e-3)


def trained_on(data, *end, kind=kg.GAN):
    generator = network(layers.Dense(2), *end, shape=(3,))
    gan = kind(generator, toys.discriminator(), seed=0)
    gan.compile(run_eagerly=True)
    gan.fit(data, batch_size=len(data), verbose=0)


def test_a_generator_that_cannot_make_the_data_is_warned_of():
    data = np.random.default_rng(0).uniform(-1, 1, (16, 2)).astype("float32")
    with pytest.warns(UserWarning, match=r"only numbers from 0 to 1, .* -0.9.* with .*'tanh'"):
        trained_on(data, layers.Activation("sigmoid"))
    with pytest.warns(UserWarning, match=r"only numbers from -1 to 1, .*a layer without activ"):
        trained_on(5 * data, layers.Activation("tanh"))
    trained_on(data, layers.Activation("tanh"))
    trained_on(np.abs(data), layers.ReLU())


def test_a_translator_that_cannot_make_its_domain_is_warned_of():
    from tests.games.translators import discriminator, generator, images

    x = keras.Input((4, 4, 1))
    squashed = keras.Model(x, layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x))
    gan = kg.CycleGAN(generator(), squashed, discriminator(), discriminator(), seed=0)
    gan.compile(run_eagerly=True)
    with pytest.warns(UserWarning, match="The generator_yx makes only numbers from 0 to 1,"):
        gan.fit(images(), images(), verbose=0)
