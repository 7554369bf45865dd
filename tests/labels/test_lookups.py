"""The range of labels, read where a network looks them up."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.networks.class_labels import common_limit, limit_of
from tests import toys


def network(lookup, shape=(), first=3, last=2, name="generator"):
    z, label = keras.Input((first,)), keras.Input(shape, dtype="int32")
    h = layers.Concatenate()([z, lookup(label)])
    return keras.Model([z, label], layers.Dense(last)(h), name=name)


def nested():
    label = keras.Input((), dtype="int32")
    return keras.Model(label, layers.Embedding(10, 4)(label))


@pytest.mark.parametrize(
    ("shape", "lookup", "limit"),
    [
        ((), layers.Embedding(10, 4), 10),
        ((1,), lambda y: layers.Flatten()(layers.Embedding(10, 4)(y)), 10),
        ((1,), lambda y: layers.Embedding(10, 4)(y[:, 0]), 10),
        ((1,), layers.CategoryEncoding(10, output_mode="one_hot"), 10),
        ((), lambda y: ops.one_hot(y, 10), 10),
        ((), kg.layers.OneHot(10), 10),
        ((), lambda y: nested()(y), 10),
        (
            (),
            keras.Sequential([keras.Input((), dtype="int32"), layers.Embedding(10, 4)]),
            10,
        ),
        ((), lambda y: layers.Embedding(10, 4)(y) * layers.Embedding(7, 4)(y), 7),
        ((), lambda y: layers.Embedding(10, 4)(y // 2), None),
        ((), lambda y: layers.Embedding(10, 4)(y % 10), None),
        ((1,), lambda y: ops.cast(y, "float32"), None),
    ],
)
def test_the_limit_is_that_of_what_looks_the_label_itself_up(shape, lookup, limit):
    inner = network(lookup, shape)
    assert limit_of(inner) == limit
    z, label = keras.Input((3,)), keras.Input(shape, dtype="int32")
    assert limit_of(keras.Model([z, label], inner([z, label]))) == limit


def test_other_embeddings_have_nothing_to_do_with_labels():
    tokens, label = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    h = layers.Embedding(5, 4)(tokens) * layers.Embedding(10, 4)(label)
    assert limit_of(keras.Model([tokens, label], h)) == 10


def test_a_larger_table_beside_one_hot_vectors_is_allowed_and_a_smaller_one_is_not():
    three = network(kg.layers.OneHot(3))
    assert common_limit(three, network(layers.Embedding(4, 2), name="d")) == 3
    with pytest.raises(ValueError, match=r"different numbers of classes \(3, and d 2\)"):
        common_limit(three, network(layers.Embedding(2, 2), name="d"))


def embedded(label):
    return layers.Reshape((4,))(layers.Embedding(3, 4)(label))


def batches(kind, x, labels):
    """Eight samples in batches of four, in one of the ways that data come."""
    pairs = [(x[i : i + 4], labels[i : i + 4]) for i in (0, 4)]
    if kind == "generator":
        return (pair for pair in pairs)
    if kind == "tf.data":
        tf = pytest.importorskip("tensorflow")
        return tf.data.Dataset.from_tensor_slices((x, labels)).batch(4)
    if kind == "kg.data":
        return kg.data.batches((x, labels), batch_size=4)

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return pairs[index]

    return Batches()


@pytest.mark.parametrize("lookup", [embedded, kg.layers.OneHot(3)])
@pytest.mark.parametrize("kind", ["generator", "tf.data", "kg.data", "PyDataset"])
def test_a_label_of_a_later_batch_is_refused_with_its_number(kind, lookup):
    networks = network(lookup), network(lookup, (), 2, 1, "discriminator")
    gan = kg.GAN(*networks, seed=0)
    gan.compile()
    x, labels = toys.points(8), np.array([0, 1, 2, 0, 1, 2, 0, 7])
    if kind == "kg.data":  # which shuffles: both batches hold one
        labels = np.where(np.arange(8) % 2, labels, 7)
    with pytest.raises(ValueError, match=r"in \[0, 3\), .*received 7"):
        gan.fit(batches(kind, x, labels), steps_per_epoch=2, verbose=0)
    gan.fit(batches(kind, x, labels % 3), steps_per_epoch=2, verbose=0)


@pytest.mark.parametrize("shape", [(), (1,)])
def test_labels_out_of_range_are_refused_before_an_embedding_sees_them(shape):
    gan = kg.GAN(network(embedded, shape), network(embedded, shape, 2, 1, "discriminator"), seed=0)
    gan.compile()
    x, labels = toys.points(6), np.array([0, 1, 2, 3, 2, 1])
    for use in (
        lambda: gan.fit(x, labels, verbose=0),
        lambda: gan.evaluate(x, labels, verbose=0),
        lambda: gan.generate(6, labels=labels),
        lambda: gan.discriminate(x, labels=labels),
        lambda: kg.Generator(gan.generator).generate(6, labels=labels),
    ):
        with pytest.raises(ValueError, match=r"in \[0, 3\).*received 3"):
            use()
    history = gan.fit(x, labels % 3, verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()
    assert gan.generate(6, labels=labels % 3).shape == (6, 2)
