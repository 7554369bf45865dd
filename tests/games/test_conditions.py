"""Condition vectors in the place of class labels: attributes, several labels at once."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws
from tests import toys
from tests.derivatives import gradients

CLASSES = DIM = 3


def networks(dim=DIM, **options):
    keras.utils.set_random_seed(11)
    return (
        kg.networks.mlp_generator(latent_dim=3, width=8, depth=1, condition_dim=dim),
        kg.networks.mlp_discriminator(width=8, depth=1, condition_dim=dim, **options),
    )


def make(dim=DIM, **options):
    return kg.GAN(*networks(dim), seed=7, **options)


def sgd(gan, rate=0.1, **options):
    players = ("generator", "discriminator")
    gan.compile(
        **{f"{p}_optimizer": keras.optimizers.SGD(rate) for p in players},
        run_eagerly=True,
        **options,
    )
    return gan


def data(n=16, dim=DIM):
    return toys.points(n), np.random.default_rng(1).normal(size=(n, dim)).astype("float32")


KINDS = {
    "mlp": ("mlp", {"data_dim": 2, "width": 4}),
    "dcgan": ("dcgan", {"image_shape": (8, 8, 1), "width": 2}),
    "resnet": ("resnet", {"image_shape": (8, 8, 1), "width": 2}),
    "conv1d": ("conv1d", {"sample_shape": (32, 1), "width": 2}),
    "conv3d": ("conv3d", {"sample_shape": (8, 8, 8, 1), "width": 2}),
    "r3gan": ("r3gan", {"image_shape": (8, 8, 1), "width": 4}),
    "stylegan2": ("stylegan2", {"image_shape": (8, 8, 1), "width": 2}),
    "fastgan": ("fastgan", {"image_shape": (8, 8, 1), "width": 4}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_a_unit_vector_is_the_class_label_with_equal_weights(kind, role, rng):
    name, options = KINDS[kind]
    build = getattr(kg.networks, f"{name}_{role}")
    options = dict(options, **({"latent_dim": 3} if role == "generator" else {}))
    keras.utils.set_random_seed(1)
    of_class = build(**options, classes=CLASSES)
    of_vector = build(**options, condition_dim=CLASSES)
    values = iter(of_class.weights)
    moved = [] if kind == "stylegan2" else of_class.weights  # whose scales are in its layers
    for weight in moved:  # scales that differ by class, statistics off their start
        drawn = rng.normal(size=weight.shape) * 0.3
        if keras.backend.is_float_dtype(weight.dtype):
            weight.assign(np.abs(drawn) + 0.5 if "variance" in weight.path else drawn)
    waiting = None
    for weight in of_vector.weights:
        waiting = next(values, None) if waiting is None else waiting
        if (
            waiting is None
            or tuple(weight.shape) != tuple(waiting.shape)
            or (waiting.name != weight.name)
        ):
            assert weight.name == "bias"  # of an affine map, where a class has a scale of its own
            weight.assign(np.zeros(weight.shape))
            continue
        weight.assign(waiting)
        waiting = None
    assert waiting is None
    assert next(values, None) is None
    x = rng.normal(size=(4, *of_class.inputs[0].shape[1:])).astype("float32")
    labels = np.array([0, 2, 1, 2])
    expected = of_class(_pair(x, labels))
    found = of_vector(_pair(x, np.eye(CLASSES, dtype="float32")[labels]))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    assert np.ptp(np.array(expected).reshape(4, -1), axis=0).max() > 1e-5


def _pair(x, y):
    return [ops.convert_to_tensor(x), ops.convert_to_tensor(y)]


def test_a_new_network_of_images_has_scales_of_one_for_any_condition(rng):
    """As one of classes has: however large the numbers are, nothing is scaled by them at first."""
    generator = kg.networks.dcgan_generator((8, 8, 1), 3, width=2, condition_dim=2)
    z = rng.normal(size=(4, 3)).astype("float32")
    near, far = (generator(_pair(z, np.full((4, 2), c, "float32"))) for c in (0.0, 100.0))
    np.testing.assert_allclose(near, far, rtol=1e-6)


def test_a_step_is_that_of_the_projection_on_the_vector():
    gan, twin = sgd(make()), make()
    x, c = map(ops.convert_to_tensor, data(12))
    gan.train_on_batch(*data(12))
    G, D, draws = twin.generator, twin.discriminator, Draws(7)

    def score(samples):
        """w h + b + ⟨V c, h⟩, from the weights themselves."""
        w1, b1, *rest = D.trainable_variables
        h = ops.leaky_relu(ops.matmul(samples, w1) + b1, 0.2)
        w, b, v = sorted(rest, key=lambda each: (len(each.shape) == 1) + 2 * (each.shape[0] == DIM))
        assert (w.shape, b.shape, v.shape) == ((8, 1), (1,), (DIM, 8))
        return ops.matmul(h, w) + b + ops.sum(ops.matmul(c, v) * h, axis=1, keepdims=True)

    def made():
        (w1, b1, w2, b2) = G.trainable_variables
        h = ops.relu(ops.matmul(ops.concatenate([z, c], axis=1), w1) + b1)
        return ops.matmul(h, w2) + b2

    def descend(network, loss):
        variables = network.trainable_variables
        for v, g in zip(variables, gradients(loss, variables), strict=True):
            v.assign(v - 0.1 * g)

    z = draws.normal((12, 3))
    descend(D, lambda: ops.mean(ops.softplus(-score(x))) + ops.mean(ops.softplus(score(made()))))
    z = draws.normal((12, 3))
    descend(G, lambda: ops.mean(ops.softplus(-score(made()))))
    for a, b in zip(gan.trainable_variables, twin.trainable_variables, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6, err_msg=a.path)


def test_samples_are_those_of_the_vectors_asked_for():
    gan = make(average=0.9)
    _, c = data(5)
    found = gan.generate(5, seed=0, labels=c)
    z = ops.convert_to_numpy(gan.prior((5, 3), seed=0))
    np.testing.assert_allclose(found, gan.generator(_pair(z, c)), rtol=1e-5, atol=1e-6)
    same = gan.generate(5, seed=0, labels=c[2])
    np.testing.assert_array_equal(same, gan.generate(5, seed=0, labels=np.tile(c[2], (5, 1))))
    assert not np.allclose(same, found)
    preset = kg.Generator.from_gan(gan)
    np.testing.assert_allclose(preset.generate(5, seed=0, labels=c), found, rtol=1e-5, atol=1e-6)


def test_all_that_takes_labels_takes_vectors():
    gan = sgd(make())
    x, c = data(8)
    np.testing.assert_allclose(
        gan.discriminate(x, labels=c), gan.discriminator(_pair(x, c)), rtol=1e-5, atol=1e-6
    )
    assert gan.features(x, labels=c).shape == (8, 8)
    assert gan.interpolate(*gan.latents(2, seed=0), n=3, labels=c[0]).shape == (3, 2)
    assert gan.project(gan.generate(2, seed=0, labels=c[:2]), labels=c[:2], steps=5).shape == (2, 3)
    for sampler in (kg.samplers.Langevin(steps=2), kg.samplers.Rejection(percentile=80)):
        assert gan.generate(4, seed=0, labels=c[:4], sampler=sampler).shape == (4, 2)
    gan.fit(x, c, verbose=0, callbacks=[kg.callbacks.Health(every=1, patience=100)])
    assert np.isfinite(gan.evaluate(x, c, verbose=0)).all()


def test_callbacks_take_the_vectors_of_samples(tmp_path):
    gan = sgd(make())
    x, c = data(8)
    callbacks = [
        kg.callbacks.Samples(tmp_path / "pictures", count=4, labels=c[:2]),
        kg.callbacks.Evaluation(x, labels=c),
    ]
    logs = gan.fit(x, c, verbose=0, callbacks=callbacks).history
    assert np.isfinite(logs["val_frechet_distance"]).all()
    assert (tmp_path / "pictures" / "epoch_0001.png").exists()
    for callback in (kg.callbacks.Samples(tmp_path), kg.callbacks.Evaluation(x)):
        with pytest.raises(ValueError, match=r"need condition vectors: give it labels=…"):
            gan.fit(x, c, verbose=0, callbacks=[callback])


def test_standing_statistics_are_those_of_the_vectors(rng):
    shape = {"image_shape": (8, 8, 1), "width": 2, "condition_dim": 2}
    generator = kg.Generator(kg.networks.dcgan_generator(latent_dim=3, **shape))
    generator.standing_statistics(batches=2, batch_size=8, labels=rng.normal(size=(5, 2)))
    with pytest.raises(ValueError, match="pass labels=…"):
        generator.standing_statistics(batches=2, batch_size=8)


def test_of_one_number_they_are_no_labels():
    gan = sgd(make(1))
    x, c = data(8, 1)
    assert (gan.condition_dim, gan.classes) == (1, None)
    gan.fit(x, c, verbose=0)
    assert gan.generate(3, seed=0, labels=[0.25]).shape == (3, 2)


def test_a_saved_game_goes_on_as_if_nothing_had_happened(tmp_path):
    gan = sgd(make(average=0.9))
    x, c = data(32)
    gan.fit(x, c, batch_size=8, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert copy.condition_dim == DIM
    for game in (gan, copy):
        game.fit(x, c, batch_size=8, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


def test_a_checkpoint_goes_on_to_the_same_bits(tmp_path):
    x, c = data(32)

    def fit(folder, epochs, gan):
        checkpoint = kg.callbacks.Checkpoint(tmp_path / folder, every=2)
        gan.fit(x, c, batch_size=8, epochs=epochs, verbose=0, callbacks=[checkpoint])
        return gan

    whole = fit("whole", 2, sgd(make(average=0.9)))
    fit("halves", 1, sgd(make(average=0.9)))
    resumed = fit("halves", 2, sgd(make(average=0.9)))
    for a, b in zip(whole.variables, resumed.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)


def test_data_sets_of_pairs_train_as_arrays():
    x, c = data(32)
    pairs = tf.data.Dataset.from_tensor_slices((x, c)).batch(8)
    histories = [
        sgd(make()).fit(pairs, verbose=0).history,
        sgd(make()).fit(x, c.astype("float64"), batch_size=8, shuffle=False, verbose=0).history,
    ]
    for name, values in histories[0].items():
        assert histories[1][name] == pytest.approx(values, rel=1e-5)


def test_whole_numbers_for_networks_that_look_them_up():
    """Two labels, each in a table of its own."""
    z, x, pair = keras.Input((3,)), keras.Input((2,)), keras.Input((2,), dtype="int32")

    def beside(h):
        return layers.Concatenate()([h, layers.Flatten()(layers.Embedding(4, 2)(pair))])

    generator = keras.Model([z, pair], layers.Dense(2)(beside(z)), name="generator")
    discriminator = keras.Model([x, pair], layers.Dense(1)(beside(x)), name="discriminator")
    gan = sgd(kg.GAN(generator, discriminator, seed=0))
    points, y = toys.points(8), np.random.default_rng(0).integers(0, 4, (8, 2))
    gan.fit(points, y, verbose=0)
    assert gan.generate(2, seed=0, labels=[[0, 3], [1, 2]]).shape == (2, 2)
    with pytest.raises(ValueError, match="whole numbers; received float32"):
        gan.fit(points, y.astype("float32"), verbose=0)


@pytest.mark.parametrize("penalty", [kg.penalties.R1(), kg.penalties.GradientPenalty()])
def test_penalties_know_them(penalty):
    gan = sgd(make(penalties=[penalty]))
    logs = gan.train_on_batch(*data(8), return_dict=True)
    assert np.isfinite(list(logs.values())).all()


def test_wrong_vectors_are_refused_before_the_first_step():
    gan = sgd(make())
    x, c = data()
    broken = c.copy()
    broken[5, 1] = np.nan
    for y, message in (
        (None, r"pairs of arrays \(samples, vectors\)"),
        (c[:, :2], r"\(n, 3\).*received shape \(16, 2\)"),
        (c[:, 0], r"received shape \(16,\)"),
        (broken, "NaN or infinity in 1 of 16, first in row 5"),
        (c[:-1], "16 samples and 15 vectors"),
        (np.full((16, 3), "a"), "kg.data.indicators"),
    ):
        with pytest.raises(ValueError, match=message):
            gan.fit(x, y, batch_size=8, verbose=0)
    assert all(int(optimizer.iterations) == 0 for optimizer in gan.optimizer.of_player.values())
    for asked, message in (
        (None, "pass labels=…"),
        (2, r"received shape \(\)"),
        (c[:3], r"received shape \(3, 3\)"),
        (broken[:6], "NaN"),
        (["a", "b", "c"], "arrays of 3 numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            gan.generate(6, labels=asked)
    with pytest.raises(ValueError, match="pass labels"):
        gan.discriminate(x)


def test_vectors_of_later_batches_are_looked_at():
    gan = sgd(make())
    x, c = data(32)
    c[20, 0] = np.inf
    later = tf.data.Dataset.from_tensor_slices((x, c)).batch(8)
    with pytest.raises(ValueError, match=r"batch 3"):
        gan.fit(later, verbose=0)


def test_networks_that_disagree_are_refused():
    G, _ = networks()
    with pytest.raises(
        ValueError, match="generator takes vectors of 3 numbers, discriminator take"
    ):
        kg.GAN(G, networks(4)[1])
    with pytest.raises(ValueError, match="takes class labels"):
        kg.GAN(G, kg.networks.mlp_discriminator(classes=3))
    with pytest.raises(ValueError, match="generator takes labels but the discriminator does not"):
        kg.GAN(G, kg.networks.mlp_discriminator())
    with pytest.raises(ValueError, match="leave one out"):
        kg.networks.mlp_generator(classes=3, condition_dim=2)
    with pytest.raises(ValueError, match="condition_dim"):
        networks(0)
    with pytest.raises(ValueError, match="must take class labels"):
        kg.ACGAN(G, kg.networks.mlp_discriminator(classes=3, conditioning="classifier"))


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([[0, 2]], [3, 2], r"Label 2 of a sample must be in \[0, 2\); received 2"),
        ([[0.5]], 3, "whole numbers"),
        ([[0, 1]], [3], "each of the 2 labels"),
        ([-1], 3, "received -1"),
    ],
)
def test_wrong_indicators_are_refused(labels, classes, message):
    with pytest.raises(ValueError, match=message):
        kg.data.indicators(labels, classes)


def test_indicators_are_the_unit_vectors_side_by_side(rng):
    labels = rng.integers(0, 3, (6, 2))
    expected = np.concatenate([np.eye(3)[labels[:, 0]], np.eye(3)[labels[:, 1]]], axis=1)
    np.testing.assert_array_equal(kg.data.indicators(labels, 3), expected)
    np.testing.assert_array_equal(kg.data.indicators(labels[:, 0], 3), expected[:, :3])


@pytest.mark.thorough
def test_a_game_learns_what_an_attribute_means():
    """x ~ N(c, 0.1²) for an attribute c in [-1, 1]: samples follow c."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    c = rng.uniform(-1, 1, (2048, 1)).astype("float32")
    x = (c + 0.1 * rng.normal(size=c.shape)).astype("float32")
    gan = kg.GAN(
        kg.networks.mlp_generator(1, 2, width=32, depth=2, condition_dim=1),
        kg.networks.mlp_discriminator(1, width=32, depth=2, condition_dim=1),
        seed=1,
    )
    adam = {f"{p}_optimizer": keras.optimizers.Adam(2e-3, 0.5) for p in gan.schedule.players}
    gan.compile(**adam, steps_per_execution=16)
    gan.fit(x, c, batch_size=64, epochs=20, verbose=0)
    asked = np.linspace(-0.9, 0.9, 200)[:, None].astype("float32")
    found = gan.generate(200, seed=0, labels=asked)
    assert np.corrcoef(asked[:, 0], found[:, 0])[0, 1] > 0.8
