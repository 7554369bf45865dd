"""Generators with an encoder beside them."""

import copy
import json

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.zoo import UntrustedPresetError, hdf5, presets, weights
from tests import toys
from tests.zoo.networks import bidirectional, toy_encoder


def paired(**options):
    generator = kg.networks.mlp_generator(latent_dim=3, width=8, depth=1)
    return kg.Generator(generator, encoder=toy_encoder(**options))


def assert_equal(one, other):
    """Both make the same samples and latent vectors."""
    x = toys.points(5)
    np.testing.assert_array_equal(one.generate(4, seed=0), other.generate(4, seed=0))
    np.testing.assert_array_equal(one.encode(x), other.encode(x))


@pytest.mark.parametrize("decay", [0.9, None])
def test_averages_go_to_the_networks_whose_they_are(decay):
    game = bidirectional(decay)
    averaged = kg.Generator.from_gan(game)
    trained = kg.Generator.from_gan(game, average=False)
    own = [*game.generator.weights, *game.encoder.weights]
    source = own if decay is None else game.average.averages
    for generator, expected in ((averaged, source), (trained, own)):
        found = [*generator.get_weights(), *generator.encoder.get_weights()]
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)
    assert averaged.prior is kg.priors.uniform
    game.encoder.set_weights([0 * w for w in game.encoder.get_weights()])
    assert np.abs(averaged.encode(toys.points(3))).max() > 0  # a copy


def test_encoding_and_reconstruction():
    generator, x = paired(), toys.points(7)
    z = keras.ops.convert_to_numpy(generator.encoder(x, training=False))
    np.testing.assert_allclose(generator.encode(x, batch_size=3), z, atol=1e-6)
    expected = generator.samples_of(z)
    np.testing.assert_allclose(generator.reconstruct(x, batch_size=3), expected, atol=1e-6)
    assert generator.encode(x[:0]).shape == (0, 3)


def test_the_encoder_lies_beside_the_generator():
    generator = paired()
    assert len(generator.weights) == 4
    gan = kg.GAN(generator, kg.networks.mlp_discriminator(width=8), seed=0)
    gan.compile()
    before = generator.encoder.get_weights()
    gan.fit(toys.points(32), batch_size=16, verbose=0)
    for one, other in zip(before, generator.encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert kg.Generator.from_gan(gan).encoder is None


def by_preset(generator, folder):
    generator.save_to_preset(folder / "preset")
    return kg.Generator.from_preset(folder / "preset")


def by_file(generator, folder):
    generator.save(folder / "generator.keras")
    return keras.saving.load_model(folder / "generator.keras")


@pytest.mark.parametrize("copied", [by_preset, by_file, lambda g, _: copy.deepcopy(g)])
def test_it_is_stored_with_its_encoder(copied, tmp_path):
    generator = kg.Generator.from_gan(bidirectional())
    generator.describe({"preset": "mine"})
    again = copied(generator, tmp_path)
    assert_equal(again, generator)
    assert again.card == {"preset": "mine"}
    assert_equal(by_preset(again, tmp_path), generator)


def test_the_files_name_both_networks_and_hold_both(tmp_path):
    generator = paired()
    generator.save_to_preset(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert list(config["networks"]) == ["generator", "encoder"]
    assert config["networks"]["encoder"]["network"] == "toy_encoder"
    stored = hdf5.arrays_in((tmp_path / "model.weights.h5").read_bytes())
    of_encoder = [path for path in stored if path.startswith("/encoder/")]
    assert len(of_encoder) == len(generator.encoder.weights)
    assert len(stored) == len(generator.weights) + len(of_encoder)


def test_a_card_is_of_both_networks(tmp_path):
    generator = paired()
    generator.describe({"preset": "mine"})
    assert generator.card == {"preset": "mine"}
    statistics = generator.encoder.non_trainable_weights[0]
    statistics.assign(statistics + 1)
    assert generator.card is None


def test_without_weights_both_are_new(tmp_path):
    generator = paired()
    generator.save_to_preset(tmp_path)
    anew = kg.Generator.from_preset(tmp_path, load_weights=False)
    kernels = [each.encoder.get_weights()[0] for each in (anew, generator)]
    assert kernels[0].any()
    assert not np.array_equal(*kernels)


def test_what_encodes_something_else_is_left_with_its_game():
    game = bidirectional()
    for other in (toy_encoder(latent_dim=6), kg.networks.mlp_generator(latent_dim=2, classes=2)):
        game.encoder = other
        game.averaged_networks = ("generator",)
        assert kg.Generator.from_gan(game, average=False).encoder is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g: kg.Generator(kg.networks.mlp_generator()).encode([[0.0, 0.0]]), "no encoder"),
        (lambda g: kg.Generator(kg.networks.mlp_generator()).reconstruct([[0.0]]), "no encoder"),
        (lambda g: g.encode(np.zeros((2, 3))), r"received \(2, 3\)"),
        (lambda g: g.encode(np.full((2, 2), np.nan)), "must be finite"),
        (lambda g: g.encode(np.zeros((2, 2), int)), "must be floating-point"),
        (lambda g: g.encode(np.zeros((2, 2)), batch_size=0), "batch_size must be"),
        (lambda g: paired(latent_dim=4), r"it gives \(None, 4\) instead of \(None, 3\)"),
        (lambda g: paired(data_dim=1), r"it takes \(None, 1\) instead of \(None, 2\)"),
        (lambda g: kg.Generator(g, encoder=len), "must be a built keras.Model"),
        (
            lambda g: kg.Generator(
                kg.networks.mlp_generator(latent_dim=3, classes=2), encoder=toy_encoder()
            ),
            "takes labels, which an encoder cannot tell",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call(paired())
    assert "\n" not in str(error.value)


def test_weights_of_an_encoder_that_has_none_are_refused(tmp_path):
    """And the other way round: what is described and what is stored are the same networks."""
    both, alone = paired(), kg.Generator(kg.networks.mlp_generator(latent_dim=3, width=8, depth=1))
    for described, stored in ((both, alone), (alone, both)):
        described.save_to_preset(tmp_path)
        config = (tmp_path / "config.json").read_bytes()
        content = {"config.json": config, "model.weights.h5": weights.written(stored)}
        presets.write(tmp_path, content)
        with pytest.raises(UntrustedPresetError, match="/encoder/|more weights than"):
            kg.Generator.from_preset(tmp_path)
