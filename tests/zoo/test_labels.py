"""Generators that take class labels, alone, in games and in presets."""

import copy

import keras
import numpy as np
import pytest

import keras_gan as kg

MAKERS = {
    "mlp": lambda: kg.networks.mlp_generator(latent_dim=3, width=8, depth=1, classes=3),
    "dcgan": lambda: kg.networks.dcgan_generator((8, 8, 1), latent_dim=3, width=2, classes=3),
    "resnet": lambda: kg.networks.resnet_generator((16, 16, 1), latent_dim=3, width=2, classes=3),
    "r3gan": lambda: kg.networks.r3gan_generator((8, 8, 1), latent_dim=3, width=4, classes=3),
    "stylegan2": lambda: kg.networks.stylegan2_generator((8, 8, 1), 3, width=4, classes=3),
    "fastgan": lambda: kg.networks.fastgan_generator((8, 8, 1), latent_dim=3, width=2, classes=3),
}


def labelled(which="mlp"):
    """A generator whose classes differ: conditional batch normalization begins without that."""
    network, rng = MAKERS[which](), np.random.default_rng(0)
    network.set_weights([w + 0.1 * rng.normal(size=w.shape) for w in network.get_weights()])
    return kg.Generator(network, prior="uniform")


@pytest.mark.parametrize("which", MAKERS)
def test_samples_are_those_of_the_network_for_the_labels(which):
    generator = labelled(which)
    assert generator.classes == 3
    z = generator.latents(7, seed=1)
    assert np.abs(z).max() <= 1

    def made(labels):
        y = np.asarray(labels, "int32")
        return keras.ops.convert_to_numpy(generator([z, y], training=False))

    in_turn = [0, 1, 2, 0, 1, 2, 0]
    options = {"seed": 1, "batch_size": 2}
    near = {"atol": 1e-6}
    np.testing.assert_allclose(generator.generate(7, **options), made(in_turn), **near)
    chosen = generator.generate(7, labels=[2, 2, 0, 1, 0, 0, 1], **options)
    np.testing.assert_allclose(chosen, made([2, 2, 0, 1, 0, 0, 1]), **near)
    ones = generator.generate(7, labels=1, **options)
    np.testing.assert_allclose(ones, made([1] * 7), **near)
    np.testing.assert_allclose(generator.samples_of(z, labels=1), ones, **near)
    assert np.abs(ones - made(in_turn)).max() > 1e-3
    assert which != "mlp" or generator.generate(0).shape == (0, 2)


def test_the_labels_of_a_way_are_one_class_or_ones_own():
    generator = labelled()
    z0, z1 = generator.latents(2, seed=0)
    ends = np.stack([z0, z1])
    for labels, expected in ((None, [0, 0]), (2, [2, 2]), ([0, 1, 1, 0, 2], [0, 2])):
        way = generator.interpolate(z0, z1, n=5, labels=labels)
        there = generator.samples_of(ends, labels=expected)
        np.testing.assert_allclose(way[[0, -1]], there, atol=1e-6)


def by_preset(generator, folder):
    generator.save_to_preset(folder / "preset")
    return kg.Generator.from_preset(folder / "preset")


def by_file(generator, folder):
    generator.save(folder / "generator.keras")
    return keras.saving.load_model(folder / "generator.keras")


@pytest.mark.parametrize("copied", [by_preset, by_file, lambda g, _: copy.deepcopy(g)])
def test_it_is_stored_with_its_labels(copied, tmp_path):
    generator = labelled("dcgan")
    again = copied(generator, tmp_path)
    assert again.classes == 3
    assert again.prior is generator.prior
    for labels in (None, 2, [0, 0, 1, 2]):
        expected = generator.generate(4, seed=0, labels=labels)
        np.testing.assert_array_equal(again.generate(4, seed=0, labels=labels), expected)
    z, y = again.latents(3, seed=0), np.array([2, 1, 0], "int32")
    expected = generator.samples_of(z, labels=y)
    np.testing.assert_allclose(again.predict([z, y], verbose=0), expected, atol=1e-6)


def test_it_plays_the_conditional_game_and_comes_out_of_it(tmp_path):
    generator = labelled()
    discriminator = kg.networks.mlp_discriminator(width=8, classes=3)
    gan = kg.GAN(generator, discriminator, average=0.5, seed=0)
    assert gan.prior is generator.prior
    gan.compile()
    rng = np.random.default_rng(0)
    gan.fit(rng.normal(size=(16, 2)).astype("float32"), rng.integers(0, 3, 16), verbose=0)
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    assert isinstance(again.generator, kg.Generator)
    published = by_preset(kg.Generator.from_gan(again), tmp_path)
    assert published.classes == 3
    for labels in (None, 1):
        expected = gan.generate(5, seed=3, labels=labels)
        np.testing.assert_array_equal(published.generate(5, seed=3, labels=labels), expected)


def of_labels_that_say_no_number():
    z, y = keras.Input((2,)), keras.Input((), dtype="int32")
    vector = keras.layers.Embedding(4, 2)(y)
    return kg.Generator(keras.Model([z, y], keras.layers.Add()([z, vector])))


def test_a_network_that_does_not_say_how_many_takes_the_labels_it_is_given():
    generator = of_labels_that_say_no_number()
    assert generator.classes is None
    assert generator.generate(3, seed=0, labels=[0, 1, 3]).shape == (3, 2)
    with pytest.raises(ValueError, match="do not say how many classes they know"):
        generator.generate(3, seed=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g: g.generate(2, labels=[0, 3]), r"in \[0, 3\), .*; received 3"),
        (lambda g: g.generate(2, labels=-1), r"in \[0, 3\), .*; received -1"),
        (lambda g: g.generate(2, labels=[0, 1, 2]), "or 2 of them, one per sample"),
        (lambda g: g.generate(2, labels=[0.0, 1.0]), "must be whole numbers"),
        (lambda g: g.generate(2, labels="7"), "must be whole numbers"),
        (lambda g: g.samples_of(np.zeros((2, 3)), labels=[1]), "or 2 of them"),
        (lambda g: g.interpolate(*np.zeros((2, 3)), n=4, labels=[1, 2]), "or 4 of them"),
        (
            lambda g: kg.Generator(kg.networks.mlp_generator()).generate(2, labels=0),
            "This generator does not take labels",
        ),
        (
            lambda g: kg.Generator(kg.networks.mlp_generator()).interpolate(
                *np.zeros((2, 2)), labels=0
            ),
            "This generator does not take labels",
        ),
    ],
)
def test_labels_that_are_none_are_an_error_in_a_sentence(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call(labelled())
    assert "\n" not in str(error.value)


def test_without_labels_there_are_no_classes():
    assert kg.Generator(kg.networks.mlp_generator()).classes is None


def test_classes_of_a_preset_may_be_named(tmp_path):
    network = MAKERS["mlp"]()
    generator = kg.Generator(network, card={"summary": "x", "classes": ["cat", "dog", "emu"]})
    expected = generator.generate(4, seed=0, labels=1)
    np.testing.assert_array_equal(generator.generate(4, seed=0, labels="dog"), expected)
    for both in (["emu", "cat"], np.array(["emu", "cat"])):
        found = generator.generate(2, seed=0, labels=both)
        np.testing.assert_array_equal(found, generator.generate(2, seed=0, labels=[2, 0]))
    with pytest.raises(ValueError, match="Unknown class 'dgo': did you mean 'dog'"):
        generator.generate(2, labels="dgo")
    assert generator.class_names == ["cat", "dog", "emu"]
    for card in (None, {"summary": "x", "classes": 3}, {"summary": "x", "classes": [1]}):
        unnamed = kg.Generator(network, card=card)
        assert unnamed.class_names == []
        with pytest.raises(ValueError, match="Labels must be whole numbers"):
            unnamed.generate(2, labels="dog")
