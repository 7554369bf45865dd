"""FastGAN: its decoders, its distances, one step by hand, what it saves and refuses."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.checkpoints import Progress, pack, restore
from keras_gan.networks import backbones
from keras_gan.parallel.random_numbers import Draws
from keras_gan.recipes.reconstruction import absolute, perceptual, quarters, shrunk
from tests.derivatives import gradients

SHAPE = (16, 24, 1)


def networks(classes=None, shape=SHAPE):
    keras.utils.set_random_seed(3)
    generator = kg.networks.fastgan_generator(shape, latent_dim=4, width=2, classes=classes)
    discriminator = kg.networks.fastgan_discriminator(shape, width=2, classes=classes, grids=True)
    return generator, discriminator


def game(seed=5, classes=None, **options):
    return kg.FastGAN(*networks(classes), seed=seed, **{"reconstruction": "l1", **options})


def images(n=8, shape=SHAPE):
    return np.random.default_rng(0).uniform(-1, 1, (n, *shape)).astype("float32")


def test_quarters_are_those_of_rows_and_columns(rng):
    x = rng.normal(size=(4, 6, 10, 2)).astype("float32")
    found = np.array(quarters(ops.convert_to_tensor(x), ops.convert_to_tensor([0, 1, 2, 3])))
    expected = [x[0, :3, :5], x[1, :3, 5:], x[2, 3:, :5], x[3, 3:, 5:]]
    np.testing.assert_array_equal(found, expected)


def test_small_images_are_means_of_blocks(rng):
    x = rng.normal(size=(2, 6, 8, 3)).astype("float32")
    found = np.array(shrunk(ops.convert_to_tensor(x), (3, 2, 3)))
    np.testing.assert_allclose(found[1, 2, 1], x[1, 4:6, 4:8].mean(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_array_equal(shrunk(ops.convert_to_tensor(x), (6, 8, 3)), x)


@pytest.mark.thorough
def test_the_perceptual_distance_is_that_of_unit_vectors_of_a_frozen_network(rng):
    x, y = (rng.uniform(-1, 1, (2, 64, 64, 3)).astype("float32") for _ in range(2))
    network, expected = backbones.stages("efficientnet_lite0", (64, 64, 3)), 0.0
    for f, g in zip(network(x), network(y), strict=True):
        units = [
            each / np.linalg.norm(each, axis=-1, keepdims=True) for each in map(np.array, (f, g))
        ]
        expected += np.square(units[0] - units[1]).sum(axis=-1).mean() / 4
    distance = perceptual((64, 64, 3))
    assert float(distance(x, y)) == pytest.approx(expected, rel=1e-4)
    assert float(distance(x, x)) == 0
    grey = perceptual((20, 8, 1))(x[:, :20, :8, :1], y[:, :20, :8, :1])
    assert 0 < float(grey) < 4
    with pytest.raises(
        ValueError, match="reconstruction by features takes grey.*received 2 channels"
    ):
        perceptual((16, 16, 2))


def test_the_distance_of_pixels(rng):
    x, y = (rng.normal(size=(2, 3, 4, 1)).astype("float32") for _ in range(2))
    assert float(absolute(x, y)) == pytest.approx(np.abs(x - y).mean(), rel=1e-5)


@pytest.mark.thorough
def test_decoders_go_from_the_grids_to_half_the_sides():
    gan = game()
    shapes = [each.input_shape[1:] for each in (gan.whole_decoder, gan.part_decoder)]
    assert shapes == [(8, 12, 16), (8, 12, 8)]
    assert gan.whole_decoder.output_shape == gan.part_decoder.output_shape == (None, 8, 12, 1)
    decoder = kg.networks.fastgan_decoder((128, 128, 3), (8, 8, 512))
    kernels = [tuple(w.shape) for w in decoder.trainable_variables if "kernel" in w.path]
    channels = [512, 128, 64, 64, 32]  # of the authors' SimpleDecoder(512, 3)
    doubled = [(3, 3, a, 2 * b) for a, b in itertools.pairwise(channels)]
    assert kernels == [*doubled, (3, 3, 32, 3)]


def descend(networks, loss, rate=0.1):
    variables = [v for network in networks for v in network.trainable_variables]
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


@pytest.mark.thorough
def test_a_step_is_that_of_the_formulas():
    options = {"augment": None, "reconstruction_weight": 0.7, "average": None}
    gan, twin = game(**options), game(**options)
    for a, b in zip(gan.weights, twin.weights, strict=True):
        b.assign(a)
    for each in (gan, twin):
        each.compile(
            generator_optimizer=keras.optimizers.SGD(0.1),
            discriminator_optimizer=keras.optimizers.SGD(0.1),
            run_eagerly=True,
        )
    x = images()
    logs = gan.train_on_batch(x, return_dict=True)
    G, D, draws = twin.generator, twin.discriminator, Draws(5)
    R, Q = twin.whole_decoder, twin.part_decoder
    seen = {}

    from keras_gan.layers.spectral_normalization import one_kernel

    z = draws.normal((8, 4))
    u = np.floor(4 * np.array(draws.uniform((8,)))).astype(int)
    assert len(set(u)) > 1
    corners = [(8 * (n // 2), 12 * (n % 2)) for n in u]
    part = np.stack([x[i, a : a + 8, b : b + 12] for i, (a, b) in enumerate(corners)])
    small = x.reshape(8, 8, 2, 12, 2, 1).mean(axis=(2, 4))

    def of_discriminator():
        with one_kernel(anew=True):  # JAX computes it twice, and keeps what the second one assigns
            return terms_of_discriminator()

    def terms_of_discriminator():
        scores, coarse, fine = D(x, training=True)
        fake = D(G(z, training=True), training=True)[0]
        quarter = ops.stack([fine[i, a : a + 8, b : b + 12] for i, (a, b) in enumerate(corners)])
        seen["hinge"] = ops.mean(ops.relu(1 - scores)) + ops.mean(ops.relu(1 + fake))
        seen["whole"] = 0.7 * ops.mean(ops.abs(R(coarse, training=True) - small))
        seen["part"] = 0.7 * ops.mean(ops.abs(Q(quarter, training=True) - part))
        return sum(seen.values())

    descend([D, R, Q], of_discriminator)
    for name, key in (
        ("discriminator_loss", "hinge"),
        ("whole_reconstruction_loss", "whole"),
        ("part_reconstruction_loss", "part"),
    ):
        assert logs[name] == pytest.approx(float(seen[key]), rel=1e-4)
    z = draws.normal((8, 4))

    def of_generator():
        with one_kernel(anew=True):
            return -ops.mean(D(G(z, training=True), training=True)[0])

    descend([G], of_generator)
    for a, b in zip(gan.trainable_variables, twin.trainable_variables, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-6, err_msg=a.path)


@pytest.mark.thorough
def test_what_is_reconstructed_is_what_d_sees_augmented():
    """By a decoder that returns the mean of its grid: the target is the augmented image."""
    gan, seen = game(augment="translation"), []
    gan.compile()
    gan.distances[0] = lambda made, wanted: seen.append(np.array(wanted)) or ops.mean(made)
    flat = np.ones((8, *SHAPE), "float32")  # translated, it has zeros at a margin
    for training in (True, False):
        gan.discriminator_losses(ops.convert_to_tensor(flat), None, gan.draws, training)
    assert seen[0].min() < 0.9
    np.testing.assert_allclose(seen[1], 1.0, atol=1e-6)


def test_a_saved_one_goes_on_to_the_same_bits_with_its_own_settings(tmp_path):
    gan = game(classes=3, augment=None, reconstruction_weight=0.3)
    gan.compile()
    x, y = images(), np.arange(8) % 3
    gan.train_on_batch(x, y)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.FastGAN
    assert copy.settings() == gan.settings()
    assert (copy.augment, copy.reconstruction, copy.reconstruction_weight) == (None, "l1", 0.3)
    for each in (gan, copy):
        each.train_on_batch(x, y)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=a.path)
    scores = gan.discriminate(x, labels=y)
    assert scores.shape == (8, 1)
    assert np.abs(scores - gan.discriminate(x, labels=(y + 1) % 3)).max() > 1e-6


class Counted(keras.callbacks.Callback):
    """Counts the steps that `fit` begins, and ends it as a crash would at the last of them."""

    def __init__(self, last=None):
        super().__init__()
        self.begun, self.last = 0, last

    def on_train_batch_begin(self, batch, logs=None):
        self.begun += 1
        if self.begun == self.last:
            raise InterruptedError


@pytest.mark.thorough
@pytest.mark.both
def test_a_training_that_was_cut_off_goes_on_to_the_bits_of_one_that_was_not(tmp_path):
    """With all that it draws: latent vectors, quarters, transforms and the order of the data."""

    def all_of(gan):
        return [*gan.variables, *gan.optimizer.variables]

    def fitted(gan, folder, counted):
        checkpoint = kg.callbacks.Checkpoint(folder, every=2)
        gan.fit(images(16), batch_size=4, verbose=0, callbacks=[checkpoint, counted])
        return [np.array(v) for v in all_of(gan)]

    def compiled():
        """As a new process makes it: the order of TensorFlow's sums hangs on layers' names."""
        keras.utils.clear_session()
        gan = game()
        gan.compile()
        return gan

    gan, other = compiled(), compiled()
    initial = pack(gan, Progress())
    whole = fitted(gan, tmp_path / "whole", Counted())
    restore(gan, initial)
    with pytest.raises(InterruptedError):
        fitted(gan, tmp_path / "cut", Counted(last=4))
    resumed = fitted(other, tmp_path / "cut", further := Counted())
    assert further.begun == 2  # of 4
    names = [v.path for v in all_of(gan)]
    for name, a, b in zip(names, whole, resumed, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


@pytest.mark.thorough
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_by_features_in_low_precision_the_frozen_network_stays_and_is_not_saved(policy):
    keras.config.set_dtype_policy(policy)
    gan = game(reconstruction="features", augment=None)
    assert not [v.path for v in gan.variables if "efficientnet" in v.path or "block0" in v.path]
    gan.compile(run_eagerly=True)
    before = [np.array(v) for v in gan.trainable_variables]
    logs = gan.train_on_batch(images(4), return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert 0 < logs["whole_reconstruction_loss"] < 4
    moved = [not np.array_equal(a, b) for a, b in zip(before, gan.trainable_variables, strict=True)]
    assert np.mean(moved) > 0.8


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reconstruction": "lpips"}, "Unknown reconstruction 'lpips'"),
        ({"reconstruction_weight": -1.0}, "reconstruction_weight must be .* received -1"),
        ({"packing": 2}, "FastGAN takes no packing"),
        (
            {"part_decoder": kg.networks.fastgan_decoder((8, 8, 1), (8, 8, 8))},
            r"part decoder must go from grids of shape \(8, 12, 8\) to images of 1 channels whose "
            r"sides divide 8 x 12",
        ),
    ],
    ids=["distance", "weight", "packing", "decoder"],
)
def test_wrong_settings_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        game(**options)


@pytest.mark.thorough
def test_networks_that_do_not_fit_are_refused():
    generator, _ = networks()
    with pytest.raises(ValueError, match=r"returns \[scores, grid, grid\].*grids=True"):
        kg.FastGAN(generator, kg.networks.fastgan_discriminator(SHAPE, width=2))
    labelled = networks(classes=3)[1]
    with pytest.raises(ValueError, match="both take labels or neither does"):
        kg.FastGAN(generator, labelled, reconstruction="l1")
    with pytest.raises(ValueError, match="from 16 x 16 pixels on with grids, not 8 x 8"):
        kg.networks.fastgan_discriminator((8, 8, 1), grids=True)
    with pytest.raises(ValueError, match="no grids: leave grids out"):
        kg.networks.fastgan_discriminator(SHAPE, classes=3, conditioning="proxies", grids=True)
    with pytest.raises(ValueError, match="doubles a grid at most 4 times"):
        kg.networks.fastgan_decoder((24, 24, 1), (8, 8, 2))
    with pytest.raises(ValueError, match="grid_shape must be"):
        kg.networks.fastgan_decoder((24, 24, 1), (8, 8))
