"""Presets of several networks, or of labels, are refused wherever their parts do not fit.

As `test_trust` has it: a preset whose meaning was changed is refused before any of it is used, with
one sentence, and no more weights are made than the file has.
"""

import json

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.networks import registry
from keras_gan.zoo import UntrustedPresetError, description, hdf5, packing, trust, weights
from tests.zoo import hostile, hostile_roles
from tests.zoo.networks import toy_encoder, toy_translator
from tests.zoo.test_trust import few_weights, laid, named_by_place, touched

__all__ = ["touched"]  # a fixture


def made():
    """A good preset of each kind."""
    mlp, size = kg.networks.mlp_generator, {"latent_dim": 3, "width": 8, "depth": 1}
    back = toy_translator(from_dim=3, to_dim=2)
    return {
        "alone": kg.Generator(mlp(**size)),
        "labelled": kg.Generator(mlp(**size, classes=3)),
        "encoded": kg.Generator(mlp(**size), encoder=toy_encoder()),
        "judged": kg.Generator(
            mlp(**size), discriminator=kg.networks.mlp_discriminator(width=8, depth=1)
        ),
        "translator": kg.Translator(toy_translator(), back),
    }


@pytest.fixture(scope="module")
def good():
    """The files of each, without checksums."""
    return {name: packing.pack(model) for name, model in made().items()}


def by_kind(name):
    return kg.Translator if name == "translator" else kg.Generator


def refused(folder, cls) -> str:
    """The sentence with which a preset is refused."""
    with pytest.raises(UntrustedPresetError) as caught:
        cls.from_preset(folder)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 800
    return message


def test_the_good_presets_are_loaded(good, tmp_path):
    for name, content in good.items():
        model = by_kind(name).from_preset(laid(tmp_path / name, content))
        roles = json.loads(content["config.json"])["networks"]
        assert list(model.parts()) == list(roles)


def test_the_order_of_roles_has_no_meaning(good, tmp_path):
    """JSON has none."""
    for name, content in good.items():
        config = json.loads(content["config.json"])
        config["networks"] = dict(reversed(config["networks"].items()))
        content = {**content, "config.json": json.dumps(config).encode()}
        again = packing.pack(by_kind(name).from_preset(laid(tmp_path / name, content)))
        assert again["config.json"] == good[name]["config.json"]
        numbers, expected = (
            {path: each.numbers(file).tolist() for path, each in hdf5.arrays_in(file).items()}
            for file in (again["model.weights.h5"], good[name]["model.weights.h5"])
        )
        assert numbers == expected


@pytest.mark.parametrize("mutant", named_by_place(hostile_roles.MUTANTS))
def test_a_hostile_configuration_is_refused(mutant, good, tmp_path, touched):
    name, mutate = mutant
    content = good[name]
    config = hostile_roles.configured(content["config.json"], mutate)
    assert json.dumps(json.loads(config)) != json.dumps(json.loads(content["config.json"]))
    laid(tmp_path / "preset", {**content, "config.json": config})
    for cls in (kg.Generator, kg.Translator):
        with (
            few_weights(len(content["model.weights.h5"])),
            pytest.raises(ValueError, match="preset") as caught,
        ):
            cls.from_preset(tmp_path / "preset")
        other_kind = f"load it with kg.{'Translator' if cls is kg.Generator else 'Generator'}."
        assert isinstance(caught.value, UntrustedPresetError) or other_kind in str(caught.value)
        assert str(caught.value).isprintable()
    if "load it with" in str(caught.value):  # which the other class has refused for what it is
        refused(tmp_path / "preset", kg.Generator)
    assert not touched.exists()


@pytest.mark.parametrize("name", ["encoded", "translator", "labelled"])
def test_weights_are_compared_network_by_network(name, good, tmp_path):
    content = good[name]
    for other in good:
        if other != name:
            mutant = {**content, "model.weights.h5": good[other]["model.weights.h5"]}
            refused(laid(tmp_path / "preset", mutant), by_kind(name))

    def lost(file):
        role = {"encoded": "encoder", "translator": "generator_yx", "labelled": "layers"}[name]
        del file[role]

    mutant = hostile.hdf5(lost)(content["model.weights.h5"])
    refused(laid(tmp_path / "preset", {**content, "model.weights.h5": mutant}), by_kind(name))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_no_network_has_weights_that_are_not_finite(value, good, tmp_path):
    for name, path in (
        ("encoded", "encoder/layers/dense_1/vars/1"),
        ("translator", "generator_yx/layers/dense_1/vars/1"),
    ):
        content = good[name]

        def edit(file, path=path):
            file[path][0] = value

        mutant = hostile.hdf5(edit)(content["model.weights.h5"])
        laid(tmp_path / "preset", {**content, "model.weights.h5": mutant})
        assert "is not finite" in refused(tmp_path / "preset", by_kind(name))


def test_all_networks_share_the_bytes_of_the_file(good, tmp_path):
    """Two networks that each fit in the file are refused if both together do not."""
    content = good["translator"]
    file = content["model.weights.h5"]
    width = len(file) // 40  # of weights that take some 24 bytes a unit
    config = json.loads(content["config.json"])
    for role in config["networks"]:
        config["networks"][role]["arguments"]["width"] = width
    laid(tmp_path, {**content, "config.json": json.dumps(config).encode()})
    with few_weights(len(file)):
        assert "more weights than" in refused(tmp_path, kg.Translator)


def test_shapes_that_do_not_meet_are_refused_with_weights_that_fit_them(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("keras_gan.families.sampling.generator.misfit", lambda *_: None)
        patch.setattr("keras_gan.families.cyclegan.translator.check_pair", lambda *_: None)
        size = {"latent_dim": 3, "width": 8, "depth": 1}
        models = {
            "it gives (None, 4)": kg.Generator(
                kg.networks.mlp_generator(**size), encoder=toy_encoder(latent_dim=4)
            ),
            "takes labels, which an encoder cannot tell": kg.Generator(
                kg.networks.mlp_generator(**size, classes=3), encoder=toy_encoder()
            ),
            "must map back and forth": kg.Translator(toy_translator(), toy_translator()),
            "must have one input": kg.Translator(
                kg.networks.mlp_generator(**size, classes=3), toy_translator(2, 3)
            ),
        }
        packed = {message: packing.pack(model) for message, model in models.items()}
    for message, content in packed.items():
        assert message in refused(laid(tmp_path / "preset", content), type(models[message]))


def test_samples_of_any_network_that_fill_the_memory_are_refused(good, tmp_path, monkeypatch):
    for name, most in (("encoded", 3), ("translator", 3)):
        laid(tmp_path / name, good[name])
        monkeypatch.setattr("keras_gan.zoo.packing.MOST_NUMBERS", most - 1)
        assert "at most 2 numbers" in refused(tmp_path / name, by_kind(name))
        monkeypatch.setattr("keras_gan.zoo.packing.MOST_NUMBERS", most)
        by_kind(name).from_preset(tmp_path / name)


def test_a_network_of_another_role_is_named(tmp_path):
    """Even where shapes would allow it, and under new checksums."""

    @kg.networks.register
    def plane_encoder(dim=2):
        return keras.Sequential([keras.Input((dim,)), keras.layers.Dense(dim)], name="encoder")

    @kg.networks.register
    def plane_discriminator(dim=2):
        return keras.Sequential([keras.Input((dim,)), keras.layers.Dense(dim)])

    encoder, discriminator = plane_encoder(), plane_discriminator()
    plain = toy_translator(2, 2)
    for model, message in (
        (kg.Generator(encoder), "its generator must not be 'plane_encoder'"),
        (
            kg.Generator(plain, encoder=discriminator),
            "its encoder must not be 'plane_discriminator'",
        ),
        (kg.Translator(plain, discriminator), "its generator_yx must not be 'plane_discriminator'"),
        (kg.Translator(encoder, plain), "its generator_xy must not be 'plane_encoder'"),
    ):
        with pytest.raises(ValueError, match=message):
            model.save_to_preset(tmp_path)
        assert list(tmp_path.iterdir()) == []
        networks = {role: registry.origin_of(part) for role, part in model.parts().items()}
        prior = "normal" if model.kind == "generator" else None
        described = description.Description(networks, prior).content()
        content = {"config.json": described, "model.weights.h5": weights.written(model)}
        laid(tmp_path / "preset", content)
        assert message in refused(tmp_path / "preset", type(model))
        for path in (tmp_path / "preset").iterdir():
            path.unlink()
        (tmp_path / "preset").rmdir()


def test_checksums_are_of_both_networks(good, tmp_path):
    content = good["encoded"]
    other = made()["encoded"]
    sums = trust.checksums(content)
    mutant = {**content, "model.weights.h5": packing.pack(other)["model.weights.h5"]}
    assert "checksum" in refused(laid(tmp_path, mutant, sums=sums), kg.Generator)
