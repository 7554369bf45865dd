"""The projected GAN: what its discriminator is made of, what trains, and one step by hand."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.networks.projected import projected_discriminator
from keras_gan.parallel.random_numbers import Draws
from tests.derivatives import gradients

SHAPE = (32, 32, 3)


def game(seed=5, classes=None, shape=SHAPE, **options):
    keras.utils.set_random_seed(3)
    generator = kg.networks.dcgan_generator(shape, latent_dim=4, width=2, classes=classes)
    return kg.ProjectedGAN(generator, width=2, seed=seed, **options)


def images(n=8, shape=SHAPE, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype("float32")


@pytest.mark.parametrize(
    ("shape", "size", "places"),
    [
        (SHAPE, None, 25 + 25 + 25 + 1),  # maps of 32, 16, 8, 4
        ((28, 28, 1), None, 76),
        ((96, 96, 3), None, 9 + 9 + 9 + 9),  # 48, 24, 12, 6: all to 6
        (SHAPE, 32, 25 + 25 + 1 + 1),  # 16, 8, 4, 2
        (SHAPE, 224, 16 + 16 + 16 + 16),  # 112, 56, 28, 14: all to 7
    ],
)
def test_there_is_a_score_for_every_place_of_every_scale(shape, size, places):
    network = projected_discriminator(shape, width=1, input_size=size)
    heads = [layer.output.shape[1] for layer in network.layers if layer.name.endswith("_places")]
    assert network.output_shape == (None, sum(heads), 1)
    assert len(heads) == 4
    assert sum(heads) == places


def test_width_64_has_the_channels_of_the_authors():
    network = projected_discriminator((32, 32, 3), width=64, input_size=256, classes=50)
    across = [network.get_layer(f"across_channels{i}").filters for i in (1, 2, 3, 4)]
    scales = [network.get_layer(f"across_scales{i}").filters for i in (1, 2, 3, 4)]
    assert across == [64, 128, 256, 512]
    assert scales == [64, 64, 128, 256]
    down = [layer.layer.filters for layer in network.layers if layer.name.startswith("head1_down")]
    assert down == [64, 128, 256, 512]
    embedding, mapping = (
        np.array(network.get_layer(f"head1_{n}").kernel) for n in ("label", "map")
    )
    assert embedding.shape == (50, 128)
    assert embedding.std() == pytest.approx(1.0, abs=0.05)  # as of nn.Embedding
    assert mapping.shape == (128, 64)
    assert mapping.std() == pytest.approx((3 * 128) ** -0.5, rel=0.05)  # as of nn.Linear


def test_heads_train_and_what_is_frozen_or_random_stays():
    gan = game()
    D = gan.discriminator
    heads = [v for v in D.trainable_variables]
    assert heads
    assert all("head" in v.path for v in heads)
    fixed = [
        (layer.name, [np.array(w) for w in layer.weights])
        for layer in D.layers
        if layer.name.startswith(("across", "efficientnet"))
    ]
    assert len(fixed) == 9
    before = [np.array(v) for v in gan.trainable_variables]
    gan.compile(run_eagerly=True)
    logs = gan.train_on_batch(images(), return_dict=True)
    assert set(logs) == {"discriminator_loss", "generator_loss"}
    for name, weights in fixed:
        for old, new in zip(weights, D.get_layer(name).weights, strict=True):
            np.testing.assert_array_equal(old, new, err_msg=name)
    moved = [not np.array_equal(a, b) for a, b in zip(before, gan.trainable_variables, strict=True)]
    assert np.mean(moved) > 0.9


def test_a_step_is_that_of_the_hinge_over_all_places():
    games = [game(augment=None), game(augment=None)]
    gan, twin = games
    for weight, other in zip(twin.discriminator.weights, gan.discriminator.weights, strict=True):
        weight.assign(other)
    for each in games:
        each.compile(
            generator_optimizer=keras.optimizers.SGD(0.1),
            discriminator_optimizer=keras.optimizers.SGD(0.1),
            run_eagerly=True,
        )
    x = images()
    gan.train_on_batch(x)
    G, D, draws = twin.generator, twin.discriminator, Draws(5)

    def descend(network, loss):
        variables = network.trainable_variables
        for v, g in zip(variables, gradients(loss, variables), strict=True):
            v.assign(v - 0.1 * g)

    from keras_gan.layers.spectral_normalization import one_kernel

    def scores(x):
        return D(x, training=True)

    z = draws.normal((8, 4))
    with one_kernel():
        descend(
            D,
            lambda: (
                ops.mean(ops.relu(1 - scores(x)))
                + ops.mean(ops.relu(1 + scores(G(z, training=True))))
            ),
        )
    z = draws.normal((8, 4))
    with one_kernel():
        descend(G, lambda: -ops.mean(scores(G(z, training=True))))
    for a, b in zip(gan.trainable_variables, twin.trainable_variables, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=2e-6, err_msg=a.path)


def test_a_sample_has_one_score_to_its_users(tmp_path):
    gan = game()
    x = images(3)
    scores = gan.discriminate(x)
    assert scores.shape == (3, 1)
    places = np.array(gan.discriminator(x))
    np.testing.assert_allclose(scores[:, 0], places.mean(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert type(copy) is kg.ProjectedGAN
    np.testing.assert_array_equal(copy.discriminate(x), scores)


@pytest.mark.thorough
def test_labels_move_the_scores_and_grey_images_are_taken():
    gan = game(classes=3, shape=(28, 28, 1))
    x = images(4, (28, 28, 1))
    one, other = (gan.discriminate(x, labels=label) for label in (0, 1))
    assert np.abs(one - other).max() > 1e-6
    gan.compile(run_eagerly=True)
    logs = gan.train_on_batch(x, np.array([0, 1, 2, 0]), return_dict=True)
    assert np.isfinite(list(logs.values())).all()


def test_it_augments_as_the_authors_do_and_keeps_it_in_a_file():
    gan = game()
    assert [type(each).__name__ for each in gan.augment.transforms] == ["DiffAugment"]
    twin = kg.ProjectedGAN.from_config(gan.get_config())
    assert twin.augment.get_config() == gan.augment.get_config()
    assert game(augment=None).augment is None


def test_a_call_without_a_word_on_training_changes_nothing():
    D = game().discriminator
    before = [np.array(v) for v in D.variables]
    D(images(2))
    for old, new in zip(before, D.variables, strict=True):
        np.testing.assert_array_equal(old, new, err_msg=new.path)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"input_size": 48}, "input_size must be a multiple of 32, so that .*received 48"),
        ({"features": "vgg"}, "backbone.*vgg"),
        ({"width": 0}, "width"),
    ],
)
def test_wrong_settings_are_refused(options, sentence):
    generator = kg.networks.dcgan_generator(SHAPE, latent_dim=4, width=2)
    with pytest.raises(ValueError, match=sentence):
        kg.ProjectedGAN(generator, **options)


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ({"width": 64}, "^width is of the discriminator that ProjectedGAN makes .*'width': 64"),
        ({"features": "efficientnet_lite0", "input_size": 96}, "^features and input_size are of"),
    ],
)
def test_sizes_of_a_discriminator_are_refused_beside_one_that_is_built(sizes, sentence):
    gan = game()
    with pytest.raises(ValueError, match=sentence):
        kg.ProjectedGAN(gan.generator, gan.discriminator, **sizes)


@pytest.mark.parametrize("own", [True, False])
def test_packs_are_refused_even_where_three_grey_images_could_pass_for_colours(own):
    generator = kg.networks.dcgan_generator((32, 32, 1), latent_dim=4, width=2)
    discriminator = projected_discriminator(SHAPE, width=1) if own else None
    with pytest.raises(ValueError, match="ProjectedGAN takes no packing, since .* single images"):
        kg.ProjectedGAN(generator, discriminator, packing=3)


def test_images_of_four_channels_and_points_are_refused():
    with pytest.raises(ValueError, match="received 4 channels"):
        projected_discriminator((32, 32, 4))
    with pytest.raises(ValueError, match=r"\(height, width, channels\); received \(2,\)"):
        kg.ProjectedGAN(kg.networks.mlp_generator())
