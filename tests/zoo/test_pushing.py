"""Presets on the Hugging Face Hub: its own client, and a server of this test in the Hub's place.

Nothing here speaks to the Hub itself, which this machine may not reach: `hub.serving` answers the
HTTP requests that the client makes, of which the test sees each.
"""

import json
import pathlib

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.cli.main import main
from keras_gan.zoo import hub_card, presets
from tests.zoo import hub as fake

ZOO = pathlib.Path(__file__).parent.parent.parent / "zoo"

huggingface_hub = pytest.importorskip("huggingface_hub")


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """The Hub's client, pointed to a server of this test."""
    with fake.serving() as server:
        from huggingface_hub import constants, hf_api

        address = server.address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "ENDPOINT", server.address)
        monkeypatch.setattr(hf_api.api, "endpoint", server.address)  # of functions without an API
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", address)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.setenv("HF_TOKEN", fake.TOKEN)
        yield server


def test_a_preset_goes_to_the_hub_and_comes_back(hub, capsys):
    hub.files["user/ring"] = {"card.md": b"old", "samples.png": b"old", "own.txt": b"mine"}
    hub.files["user/ring"] |= dict.fromkeys(["checksums"], b"old")
    assert main(["zoo", "push", "wgangp_ring", "user/ring"]) == 0
    said = capsys.readouterr().out
    assert f"uploaded wgangp_ring: {hub.address}/user/ring" in said
    assert 'kg.Generator.from_preset("hf://user/ring") loads it' in said
    found = hub.files["user/ring"]
    folder = ZOO / "wgangp_ring"
    names = {path.name for path in folder.iterdir()}
    assert set(found) == names | {"README.md", "own.txt"}
    assert all(found[name] == (folder / name).read_bytes() for name in names)
    again, here = (kg.Generator.from_preset(n) for n in ("hf://user/ring", "wgangp_ring"))
    np.testing.assert_array_equal(again.generate(5, seed=0), here.generate(5, seed=0))
    page = found["README.md"].decode()
    assert 'kg.Generator.from_preset("hf://user/ring").generate' in page
    found["README.md"] += b"edited on the Hub"
    kg.Generator.from_preset("hf://user/ring")


def test_files_of_an_earlier_preset_are_deleted(hub, tmp_path):
    generator = kg.Generator(kg.networks.mlp_generator(width=4))
    generator.describe(json.loads((ZOO / "wgangp_ring" / "card.json").read_text()))
    generator.save_to_preset(tmp_path / "own")
    hub.files["user/own"] = {"card.md": b"of an earlier one"}
    assert main(["zoo", "push", str(tmp_path / "own"), "user/own", "--private"]) == 0
    assert "card.md" not in hub.files["user/own"]
    assert kg.Generator.from_preset("hf://user/own").latent_dim == generator.latent_dim


def test_a_new_repository_is_as_private_as_one_asks(hub):
    for name, flags in (("open", []), ("hidden", ["--private"])):
        assert main(["zoo", "push", "wgangp_ring", f"user/{name}", *flags]) == 0
        assert bool(hub.private[f"user/{name}"]) is bool(flags)


@pytest.mark.parametrize("status", [401, 500])
def test_a_hub_that_does_not_take_it(hub, status, capsys, monkeypatch):
    hub.status = status
    assert main(["zoo", "push", "wgangp_ring", "user/ring"]) == 2
    said = capsys.readouterr().err
    assert "user/ring could not be uploaded" in said
    assert "hf auth login or set HF_TOKEN" in said
    assert said.count("\n") == 1
    assert fake.TOKEN not in said


def test_what_is_refused_before_anything_is_asked(hub, tmp_path, capsys):
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(tmp_path / "plain")
    for preset, repository, sentence in (
        ("wgangp_ring", "ring", "has the form user/repository; received 'ring'"),
        ("wgangp_ring", "hf://user/ring", "has the form user/repository"),
        (str(tmp_path / "plain"), "user/plain", "has no card, which people need on the Hub"),
        ("wgangp_rin", "user/ring", "did you mean 'wgangp_ring'"),
    ):
        assert main(["zoo", "push", preset, repository]) == 2
        assert sentence in capsys.readouterr().err
    assert hub.requests == []


def test_the_model_card_is_in_the_format_of_the_hub():
    """As the Hub's own parser reads it, for each preset of the zoo."""
    for path in sorted(ZOO.glob("*/card.json")):
        card, name = json.loads(path.read_text()), path.parent.name
        page = hub_card.content(card, name).decode()
        read = huggingface_hub.ModelCard(page)
        data = read.data
        assert (data.library_name, data.license, data.model_name) == (
            "keras-gan",
            "apache-2.0",
            name,
        )
        kind = presets.kind_of(card)
        assert kind in data.tags
        assert data.pipeline_tag == {
            "translator": "image-to-image",
            **dict.fromkeys(("ring", "grid", "moons", "checkerboard")),  # no task of the Hub
        }.get(kind if kind == "translator" else card["data"]["name"], hub_card_task())
        found = {each.metric_type: each.metric_value for each in data.eval_results}
        if kind == "translator":
            expected = card["scores"]["x_to_y"]["label_preservation"]
            assert found["label_preservation_x_to_y"] == expected
        else:
            figures = card["scores"]["figures"]
            assert found == {score: each["a_to_b"] for score, each in figures.items()}
            seen = [each.metric_name for each in data.eval_results]
            assert seen[0].startswith("frechet distance in the features ")  # which is no FID
        assert read.text.strip().startswith(f"# {name}")


def hub_card_task():
    return "unconditional-image-generation"


def test_texts_and_numbers_of_a_card_stay_what_they_are_in_yaml():
    """Also where YAML 1.1 would read something else, and where a text would end its line."""
    card = json.loads((ZOO / "wgangp_ring" / "card.json").read_text())
    figures = card["scores"]["figures"]
    figures["frechet_distance"]["a_to_b"] = 1e-05
    figures["recall"]["a_to_b"] = float("nan")
    card["data"]["name"] = 'no: "x"\n---\nlicense: mit # é'
    data = huggingface_hub.ModelCard(hub_card.content(card, "name").decode()).data
    found = {each.metric_type: each.metric_value for each in data.eval_results}
    assert found["frechet_distance"] == 1e-05
    assert "recall" not in found
    assert data.license == "apache-2.0"
    assert data.eval_results[0].dataset_name == 'no: "x" --- license: mit # é'


def test_a_folder_of_a_repository_is_a_preset(tmp_path):
    """With what a hub adds, which is not read; anything else is refused as before."""
    folder = tmp_path / "clone"
    kg.Generator(kg.networks.mlp_generator(width=4)).save_to_preset(folder)
    (folder / "README.md").write_text("edited")
    (folder / ".gitattributes").write_text("*.h5 filter=lfs")
    (folder / ".git").mkdir()
    size = presets.size(folder)
    assert kg.Generator.from_preset(folder).latent_dim > 0
    kg.Generator(kg.networks.mlp_generator(width=8)).save_to_preset(folder)
    assert not (folder / "README.md").exists()  # it was of the earlier weights
    assert (folder / ".git").is_dir()
    assert presets.size(folder) > size
    (folder / "notes.txt").write_text("")
    with pytest.raises(ValueError, match=r"holds 'notes\.txt'"):
        kg.Generator.from_preset(folder)
