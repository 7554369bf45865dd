"""Where presets are looked for, and how they are fetched."""

import functools
import http.server
import json
import threading
import types

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.zoo import clones, fetching, presets, weights


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    """A zoo of one preset that the registry knows and that is nowhere else."""
    folder = tmp_path / "zoo" / "gan_toy"
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(folder)
    registry = tmp_path / "registry.json"

    def note(**entry):
        known = {
            "summary": "a toy",
            "bytes": presets.size(folder),
            "sha256": presets.digest(folder),
            "address": None,
        }
        registry.write_text(json.dumps({"gan_toy": known | entry}))

    note()
    monkeypatch.setattr(presets, "REGISTRY", registry)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(fetching.VARIABLE, raising=False)
    return tmp_path / "zoo", note


def samples(name="gan_toy"):
    return kg.Generator.from_preset(name).generate(3, seed=0)


def test_a_folder_named_by_the_environment_has_the_presets(zoo, monkeypatch, capsys):
    folder, _ = zoo
    assert list(kg.Generator.presets) == ["gan_toy"]
    assert kg.Generator.presets["gan_toy"]["at_hand"] is False
    assert main(["zoo", "list"]) == 0
    said = capsys.readouterr().out
    assert "  away  a toy\n1 away: not on this machine" in said
    with pytest.raises(ValueError, match="or set KERAS_GAN_ZOO to the folder zoo of a checkout"):
        samples()
    monkeypatch.setenv(fetching.VARIABLE, str(folder))
    np.testing.assert_array_equal(samples(), samples(folder / "gan_toy"))
    assert kg.Generator.presets["gan_toy"]["at_hand"] is True
    assert main(["zoo", "list"]) == 0
    assert capsys.readouterr().out.endswith("  here  a toy\n")


@pytest.mark.parametrize("way", ["within it", "environment within it", "installed from it"])
def test_a_clone_at_hand_has_the_presets_on_record(way, zoo, tmp_path, monkeypatch):
    folder, _ = zoo
    (tmp_path / "keras_gan" / "zoo").mkdir(parents=True)
    (tmp_path / "keras_gan" / "zoo" / "registry.json").write_text("{}")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    if way == "within it":
        monkeypatch.chdir(inner)
    elif way == "environment within it":
        monkeypatch.setattr(clones, "HERE", inner / "site-packages" / "keras_gan" / "zoo")
    else:
        record = json.dumps({"url": tmp_path.as_uri(), "dir_info": {}})
        distribution = types.SimpleNamespace(read_text={"direct_url.json": record}.get)
        monkeypatch.setattr(clones.metadata, "distribution", lambda name: distribution)
    assert folder in list(clones.zoos())
    np.testing.assert_array_equal(samples(), samples(folder / "gan_toy"))
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(folder / "gan_toy")
    with pytest.raises(ValueError, match="is not in this package"):  # of another version
        samples()


def test_another_preset_of_a_published_name_is_refused(zoo, monkeypatch):
    folder, note = zoo
    monkeypatch.setenv(fetching.VARIABLE, str(folder))
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(folder / "gan_toy")
    with pytest.raises(
        kg.zoo.UntrustedPresetError, match="differ from those on record in this version"
    ):
        samples()
    assert samples(folder / "gan_toy").shape == (3, 2)  # as a folder it is anybody's
    note()
    assert samples().shape == (3, 2)


class Server(http.server.SimpleHTTPRequestHandler):
    asked: list = []  # noqa: RUF012

    def log_message(self, *_):
        self.asked.append(self.path)


@pytest.fixture
def address(zoo):
    """A server of the zoo's folder."""
    Server.asked.clear()
    handler = functools.partial(Server, directory=str(zoo[0]))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/gan_toy"
        server.shutdown()


def test_a_preset_is_fetched_once_and_kept(zoo, address):
    folder, note = zoo
    note(address=address)
    np.testing.assert_array_equal(samples(), samples(folder / "gan_toy"))
    asked = len(Server.asked)
    assert asked == 3
    samples()
    assert len(Server.asked) == asked


def test_what_was_changed_on_the_way_is_refused_and_not_kept(zoo, address, tmp_path):
    folder, note = zoo
    note(address=address)
    weights = folder / "gan_toy" / "model.weights.h5"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ValueError, match="could not be downloaded") as error:
        samples()
    assert "\n" not in str(error.value)
    assert not list((tmp_path / "home").rglob("model.weights.h5"))
    weights.write_bytes(whole)
    assert samples().shape == (3, 2)


def test_without_a_network_one_sentence_says_what_to_do(zoo):
    zoo[1](address="http://127.0.0.1:9/gan_toy")
    with pytest.raises(ValueError, match="connect to the network, or set KERAS_GAN_ZOO") as error:
        samples()
    assert "\n" not in str(error.value)


def test_an_address_of_the_hub_needs_its_client(monkeypatch):
    monkeypatch.setattr(fetching.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install huggingface_hub"):
        kg.Generator.from_preset("hf://somebody/gan")


def test_a_broken_preset_of_ones_own_does_not_stand_in_the_way_of_others(tmp_path, monkeypatch):
    generator = kg.Generator(kg.networks.mlp_generator(width=4, depth=1))
    for name in ("good", "broken"):
        generator.save_to_preset(tmp_path / name)
    (tmp_path / "broken" / "config.json").unlink()
    (tmp_path / "broken" / "config.json").symlink_to(tmp_path / "nowhere")
    monkeypatch.setenv("KERAS_GAN_ZOO", str(tmp_path))
    assert kg.Generator.from_preset("good").latent_dim == 2
    with pytest.raises(ValueError, match="config.json is a link"):
        kg.Generator.from_preset("broken")
    assert {"good", "broken"} <= set(kg.Generator.presets)


def test_weights_take_little_more_than_their_numbers():
    """HDF5 leaves space behind where a file grows, which a preset does not carry."""
    layers = [keras.layers.Dense(8) for _ in range(30)]
    network = keras.Sequential([keras.Input((8,)), *layers])
    loose = weights.written(network)
    tight = weights.compact(loose)
    assert len(tight) < len(loose) - 500
    stored = [weights.arrays_in(each, "preset") for each in (loose, tight)]
    assert list(stored[0]) == list(stored[1])
    other = keras.models.clone_model(network)
    weights.load(other, tight, "preset")
    for one, two in zip(network.weights, other.weights, strict=True):
        assert np.array_equal(one, two)
