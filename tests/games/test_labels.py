"""The conditional game: networks that take class labels, in every recipe."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients

CLASSES = 3


def networks(classes=CLASSES, **options):
    keras.utils.set_random_seed(11)
    return (
        kg.networks.mlp_generator(latent_dim=3, width=8, depth=1, classes=classes),
        kg.networks.mlp_discriminator(width=8, depth=1, classes=classes, **options),
    )


def make(**options):
    return kg.GAN(*networks(), seed=7, **options)


def sgd(gan, rate=0.1, **options):
    players = ("generator", "discriminator")
    gan.compile(**{f"{p}_optimizer": keras.optimizers.SGD(rate) for p in players}, **options)
    return gan


def data(n=16):
    return toys.points(n), np.random.default_rng(1).integers(0, CLASSES, n).astype("int32")


def weights_of(network):
    """The weights of a network as float64 arrays, in order."""
    return [np.asarray(weight, "float64") for weight in network.get_weights()]


def test_the_discriminator_adds_the_projection_of_what_its_last_layer_sees():
    """score = w h + b + ⟨v_y, h⟩, in float64."""
    _, discriminator = networks()
    x, labels = data(6)
    named = {tuple(w.shape): np.asarray(w, "float64") for w in discriminator.weights}
    W, w, v = named[(2, 8)], named[(8, 1)], named[(CLASSES, 8)]
    b = np.zeros(8)  # biases start at 0
    h = x @ W + b
    h = np.where(h > 0, h, 0.2 * h)
    expected = h @ w + np.sum(v[labels] * h, axis=1, keepdims=True)
    np.testing.assert_allclose(discriminator([x, labels]), expected, rtol=1e-4, atol=1e-5)


def test_an_mlp_generator_sees_the_unit_vector_beside_z(rng):
    generator, _ = networks()
    z, labels = rng.normal(size=(6, 3)).astype("float32"), np.array([0, 1, 2, 2, 1, 0])
    W, b, V, c = weights_of(generator)
    h = np.maximum(np.concatenate([z, np.eye(CLASSES)[labels]], 1) @ W + b, 0)
    np.testing.assert_allclose(generator([z, labels]), h @ V + c, rtol=1e-4, atol=1e-5)


def test_batch_normalization_has_scales_and_shifts_of_every_class(rng):
    """γ_y (x − μ) / σ + β_y, over the batch, in float64."""
    from keras_gan.networks._parts import batch_normalized, label_and_vector

    x = keras.Input((4, 4, 5))
    label, y = label_and_vector(CLASSES)
    network = keras.Model([x, label], batch_normalized(x, y))
    gamma, beta = rng.normal(size=(2, CLASSES, 5)).astype("float32")
    first, second = [w for w in network.trainable_weights if w.shape == (CLASSES, 5)]
    np.testing.assert_array_equal(first, np.ones((CLASSES, 5)))
    np.testing.assert_array_equal(second, np.zeros((CLASSES, 5)))
    first.assign(gamma)
    second.assign(beta)
    values, labels = rng.normal(2.0, 3.0, size=(7, 4, 4, 5)), np.array([0, 1, 2, 2, 1, 0, 1])
    centred = values - values.mean((0, 1, 2))
    normalized = centred / np.sqrt(np.mean(centred**2, (0, 1, 2)) + 1e-5)
    expected = gamma[labels][:, None, None] * normalized + beta[labels][:, None, None]
    found = network([values.astype("float32"), labels], training=True)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_a_label_out_of_range_is_no_zero_vector_but_nan():
    vectors = ops.convert_to_numpy(kg.layers.OneHot(3)(ops.convert_to_tensor([2, 3, -1])))
    np.testing.assert_array_equal(vectors[0], [0, 0, 1])
    assert np.isnan(vectors[1:]).all()


def descend(network, loss, rate=0.1):
    variables = network.trainable_variables
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def test_a_step_is_the_algorithm_with_the_labels_of_the_minibatch():
    """D(x, y) against D(G(z, y), y), R1 at (x, y), and fresh halves of the batch."""
    gan = sgd(make(schedule=2, penalties=[kg.penalties.R1(2.0)]))
    x, labels = data(8)
    gan.train_on_batch(x, labels)

    G, D = networks()
    draws = Draws(7)
    for rows in (slice(0, None, 2), slice(1, None, 2)):
        half, y = ops.convert_to_tensor(x[rows]), ops.convert_to_tensor(labels[rows])
        z = draws.normal((4, 3))

        def loss(half=half, y=y, z=z):
            slope = kg.autodiff.input_gradient(lambda points: D([points, y]), half)
            r1 = ops.mean(ops.sum(ops.square(slope), axis=1))
            real, fake = D([half, y]), D([G([z, y]), y])
            return ops.mean(ops.softplus(-real) + ops.softplus(fake)) + r1

        descend(D, loss)
    z, y = draws.normal((4, 3)), ops.convert_to_tensor(labels[0::2])
    descend(G, lambda: ops.mean(ops.softplus(-D([G([z, y]), y]))))
    for network, twin in ((gan.generator, G), (gan.discriminator, D)):
        for a, b in zip(network.get_weights(), twin.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)


def test_samples_come_in_the_classes_asked_for():
    gan = make(average=0.9)
    in_turn = gan.generate(5, seed=0)
    np.testing.assert_array_equal(in_turn, gan.generate(5, seed=0, labels=[0, 1, 2, 0, 1]))
    twos = gan.generate(5, seed=0, labels=2)
    np.testing.assert_array_equal(twos, gan.generate(5, seed=0, labels=np.full(5, 2)))
    z = ops.convert_to_numpy(gan.prior((5, 3), seed=0))
    np.testing.assert_allclose(twos, gan.generator([z, np.full(5, 2)]), rtol=1e-6)
    np.testing.assert_allclose(twos, gan.generate(5, seed=0, labels=2, batch_size=2), rtol=1e-6)
    assert not np.allclose(twos, gan.generate(5, seed=0, labels=1))


def test_no_samples_are_an_empty_array_of_their_shape():
    shape = {"image_shape": (8, 8, 1), "width": 4, "classes": CLASSES}
    generator = kg.networks.dcgan_generator(latent_dim=3, **shape)
    gan = kg.GAN(generator, kg.networks.dcgan_discriminator(**shape))
    assert gan.generate(0, seed=0).shape == (0, 8, 8, 1)


def test_scores_and_features_are_those_of_the_labels():
    gan = make()
    x, labels = data(6)
    np.testing.assert_allclose(
        gan.discriminate(x, labels=labels), gan.discriminator([x, labels]), rtol=1e-6
    )
    hidden = gan.features(x, labels=labels)
    assert hidden.shape == (6, 8)
    weights = weights_of(gan.discriminator)
    h = x @ weights[0] + weights[1]
    np.testing.assert_allclose(hidden, np.where(h > 0, h, 0.2 * h), rtol=1e-4, atol=1e-6)


def test_features_of_a_game_without_labels():
    gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(width=8, depth=2))
    assert gan.features(toys.points(5)).shape == (5, 8)
    two = kg.networks.mlp_discriminator(width=8, depth=2, features=True)
    gan = kg.GAN(kg.networks.mlp_generator(), two)
    np.testing.assert_allclose(gan.features(toys.points(5)), two(toys.points(5))[1], rtol=1e-6)


def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path):
    gan = sgd(make(average=0.9))
    x, labels = data(32)
    gan.fit(x, labels, batch_size=8, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert copy.classes == CLASSES
    for game in (gan, copy):
        game.fit(x, labels, batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


def test_data_sets_of_pairs_and_labels_in_a_column_train_alike():
    x, labels = data(32)
    pairs = tf.data.Dataset.from_tensor_slices((x, labels.astype("int64"))).batch(8)
    games = [sgd(make()) for _ in range(2)]
    histories = [
        games[0].fit(pairs, verbose=0).history,
        games[1].fit(x, labels[:, None], batch_size=8, shuffle=False, verbose=0).history,
    ]
    for name, values in histories[0].items():
        assert histories[1][name] == pytest.approx(values, rel=1e-6)
    assert np.isfinite(games[0].evaluate(pairs, verbose=0)).all()


def test_health_examines_the_conditional_game():
    gan = sgd(make())
    x, labels = data(32)
    health = kg.callbacks.Health(every=1, patience=100)
    gan.fit(x, labels, batch_size=8, verbose=0, callbacks=[health])
    assert 0 < health.failures.largest_gradient < np.inf


@pytest.mark.slow
def test_replicas_take_the_step_of_one(two_replicas):
    x, labels = data(48)
    pairs = tf.data.Dataset.from_tensor_slices((x, labels)).batch(20)  # a last one of 8
    alone = sgd(make(average=0.9))
    history = alone.fit(pairs, epochs=2, verbose=0).history
    with two_replicas.scope():
        shared = sgd(make(average=0.9))
    shared_history = shared.fit(pairs, epochs=2, verbose=0).history
    for name in history:
        np.testing.assert_allclose(shared_history[name], history[name], rtol=1e-5)
    for a, b in zip(alone.get_weights(), shared.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_wrong_labels_are_refused_before_the_first_step():
    gan = sgd(make())
    x, labels = data(16)
    for y, message in (
        (None, "pairs of arrays \\(samples, labels\\)"),
        (labels + 1, "in \\[0, 3\\).*received 3"),
        (labels - 1, "received -1"),
        (labels.astype("float32"), "whole numbers.*float32"),
        (np.eye(3, dtype="int32")[labels], "argmax"),
        (labels[:-1], "16 samples and 15 labels"),
    ):
        with pytest.raises(ValueError, match=message):
            gan.fit(x, y, batch_size=8, verbose=0)
    assert all(int(optimizer.iterations) == 0 for optimizer in gan.optimizer.of_player.values())
    for asked, message in ((3, "received 3"), ([0, 1], "4 of them"), (0.5, "whole numbers")):
        with pytest.raises(ValueError, match=message):
            gan.generate(4, labels=asked)
    with pytest.raises(ValueError, match="pass labels"):
        gan.discriminate(x)


@pytest.mark.thorough
def test_labels_in_a_column_after_others_and_those_of_later_batches():
    gan = sgd(make())
    x, labels = data(32)
    gan.fit(x, labels, batch_size=8, verbose=0)
    assert np.isfinite(
        gan.fit(x, labels[:, None], batch_size=8, verbose=0).history["generator_loss"]
    )
    later = tf.data.Dataset.from_tensor_slices((x, np.where(np.arange(32) < 20, labels, 7))).batch(
        8
    )
    with pytest.raises(ValueError, match=r"in \[0, 3\), .*received 7 in batch 3"):
        gan.fit(later, verbose=0, callbacks=[kg.callbacks.Health()])


def test_weights_of_samples_and_data_sets_for_arrays_are_refused():
    gan = sgd(make())
    x, labels = data(16)
    for name in ("sample_weight", "class_weight"):
        with pytest.raises(ValueError, match=f"do not use {name}"):
            gan.fit(x, labels, verbose=0, **{name: np.ones(16)})
    with pytest.raises(ValueError, match="np.stack"):
        gan.discriminate(tf.data.Dataset.from_tensor_slices(x), labels=labels)
    with pytest.raises(ValueError, match=r"a list of int64: take np.asarray\(labels, 'int32'\)"):
        gan.fit(x, labels.tolist(), verbose=0)


def test_networks_that_disagree_on_labels_are_refused():
    G, D = networks()
    plain_G, plain_D = kg.networks.mlp_generator(latent_dim=3), kg.networks.mlp_discriminator()
    with pytest.raises(ValueError, match="generator takes labels but the discriminator does not"):
        kg.GAN(G, plain_D)
    with pytest.raises(ValueError, match="discriminator takes labels but the generator does not"):
        kg.GAN(plain_G, D)
    with pytest.raises(ValueError, match="different numbers of classes"):
        kg.GAN(G, networks(classes=4)[1])
    with pytest.raises(ValueError, match="at least 2"):
        networks(classes=1)
    gan = kg.GAN(plain_G, plain_D)
    with pytest.raises(ValueError, match="does not take labels"):
        gan.generate(4, labels=1)
    with pytest.raises(ValueError, match="does not take labels"):
        gan.discriminate(toys.points(4), labels=1)


def test_networks_of_ones_own_need_no_one_hot():
    """An Embedding does not say how many classes it knows to the game: labels must be given."""
    z, label = keras.Input((3,)), keras.Input((), dtype="int32")
    embedded = keras.layers.Embedding(CLASSES, 4)(label)
    h = keras.layers.Concatenate()([z, embedded])
    generator = keras.Model([z, label], keras.layers.Dense(2)(h), name="generator")
    x = keras.Input((2,))
    h = keras.layers.Concatenate()([x, keras.layers.Embedding(CLASSES, 4)(label)])
    discriminator = keras.Model([x, label], keras.layers.Dense(1)(h), name="discriminator")
    gan = sgd(kg.GAN(generator, discriminator, seed=0))
    assert gan.classes is None
    gan.fit(*data(16), batch_size=8, verbose=0)
    assert gan.generate(3, labels=[0, 1, 2]).shape == (3, 2)
    with pytest.raises(ValueError, match="pass labels"):
        gan.generate(3)
    with pytest.raises(ValueError, match="OneHot"):
        gan.fit(*data(16), verbose=0, callbacks=[kg.callbacks.Samples("pictures")])
