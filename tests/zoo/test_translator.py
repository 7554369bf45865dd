"""Translators: two generators between two sets of data."""

import copy
import json

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.zoo import fetching, presets
from tests import toys
from tests.zoo.networks import cyclic, toy_translator


def pair(**options):
    return kg.Translator(toy_translator(**options), toy_translator(from_dim=3, to_dim=2))


def assert_equal(one, other):
    """Both translate alike in both directions."""
    x, y = toys.points(5), toys.points(5, data_dim=3)
    np.testing.assert_array_equal(one.translate(x), other.translate(x))
    np.testing.assert_array_equal(one.translate(y, to="x"), other.translate(y, to="x"))


@pytest.mark.parametrize("decay", [0.9, None])
def test_averages_go_to_the_networks_whose_they_are(decay):
    game = cyclic(decay)
    own = [*game.generator_xy.weights, *game.generator_yx.weights]
    source = own if decay is None else game.average.averages
    for average, expected in ((True, source), (False, own)):
        found = kg.Translator.from_gan(game, average=average).get_weights()
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_each_direction_is_a_network():
    translator, x, y = pair(), toys.points(7), toys.points(7, data_dim=3)
    expected = keras.ops.convert_to_numpy(translator.generator_xy(x, training=False))
    np.testing.assert_allclose(translator.translate(x, batch_size=3), expected, atol=1e-6)
    np.testing.assert_allclose(translator.predict(x, verbose=0), expected, atol=1e-6)
    expected = keras.ops.convert_to_numpy(translator.generator_yx(y, training=False))
    np.testing.assert_allclose(translator.translate(y, "x"), expected, atol=1e-6)
    assert translator.translate(x[:0]).shape == (0, 3)


def by_preset(translator, folder):
    translator.save_to_preset(folder / "preset")
    return kg.Translator.from_preset(folder / "preset")


def by_file(translator, folder):
    translator.save(folder / "translator.keras")
    return keras.saving.load_model(folder / "translator.keras")


@pytest.mark.parametrize("copied", [by_preset, by_file, lambda t, _: copy.deepcopy(t)])
def test_it_is_stored(copied, tmp_path):
    translator = kg.Translator.from_gan(cyclic())
    translator.describe({"preset": "mine"})
    again = copied(translator, tmp_path)
    assert isinstance(again, kg.Translator)
    assert_equal(again, translator)
    assert again.card == {"preset": "mine"}
    assert_equal(by_preset(again, tmp_path), translator)
    last = translator.generator_yx.weights[-1]
    last.assign(last + 1)
    assert translator.card is None


def test_the_config_holds_names_and_arguments_only(tmp_path):
    pair().save_to_preset(tmp_path)
    shared = {"width": 8, "name": "translator"}
    assert json.loads((tmp_path / "config.json").read_text()) == {
        "format": 1,
        "networks": {
            role: {"network": "toy_translator", "arguments": {**arguments, **shared}}
            for role, arguments in (
                ("generator_xy", {"from_dim": 2, "to_dim": 3}),
                ("generator_yx", {"from_dim": 3, "to_dim": 2}),
            )
        },
    }


def test_without_weights_both_are_new(tmp_path):
    translator = pair()
    translator.save_to_preset(tmp_path)
    anew = kg.Translator.from_preset(tmp_path, load_weights=False)
    for one, other in zip(anew.weights[::2], translator.weights[::2], strict=True):
        assert np.any(one)
        assert not np.array_equal(one, other)


def test_each_class_has_the_presets_of_its_kind(tmp_path, monkeypatch):
    pair().save_to_preset(tmp_path / "there_and_back")
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(tmp_path / "toy_ring")
    monkeypatch.setenv(fetching.VARIABLE, str(tmp_path))
    entry = {"summary": "s", "bytes": 1, "sha256": "0", "address": None}
    known = {"old": entry, "new": {**entry, "kind": "translator"}}
    monkeypatch.setattr(presets, "registry", lambda: known)
    assert set(kg.Translator.presets) == {"new", "there_and_back"}
    assert set(kg.Generator.presets) == {"old", "toy_ring"}
    assert kg.Translator.from_preset("there_and_back").translate(toys.points(2)).shape == (2, 3)


def test_a_preset_is_loaded_by_the_class_of_its_kind(tmp_path):
    pair().save_to_preset(tmp_path / "translator")
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(tmp_path / "generator")
    with pytest.raises(ValueError, match=r"holds a translator.*load it with kg\.Translator\."):
        kg.Generator.from_preset(tmp_path / "translator")
    with pytest.raises(ValueError, match=r"holds a generator.*load it with kg\.Generator\."):
        kg.Translator.from_preset(tmp_path / "generator")


def test_the_registry_says_the_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(presets, "REGISTRY", tmp_path / "registry.json")
    (tmp_path / "registry.json").write_text("{}")
    pair().save_to_preset(tmp_path / "pair")
    presets.record(tmp_path / "pair", "a pair")
    assert presets.registry()["pair"]["kind"] == "translator"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: t.translate(toys.points(2), to="z"), "Unknown domain 'z'"),
        (lambda t: t.translate(toys.points(2), to="x"), r"received \(2, 2\)"),
        (lambda t: t.translate(np.full((2, 2), np.inf)), "must be finite"),
        (lambda t: t.translate(toys.points(2), batch_size=0), "batch_size must be"),
        (lambda t: pair(to_dim=4), r"generator_xy maps \(None, 2\) to \(None, 4\)"),
        (
            lambda t: kg.Translator(kg.networks.mlp_generator(classes=2), t.generator_yx),
            "generator_xy must have one input",
        ),
        (lambda t: kg.Translator(t.generator_xy, len), "generator_yx must be a built keras.Model"),
        (lambda t: kg.Translator.from_gan(t.generator_xy), "two generators such as kg.CycleGAN"),
        (lambda t: kg.Generator.from_gan(cyclic()), "use kg.Translator.from_gan"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call(pair())
    assert "\n" not in str(error.value)


def test_what_no_registered_function_made_is_not_stored(tmp_path):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="@kg.networks.register"):
        kg.Translator(network, toy_translator(2, 2)).save_to_preset(tmp_path)
    assert list(tmp_path.iterdir()) == []
