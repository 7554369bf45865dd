"""The presets of this checkout: what travels with the package is what was published."""

import json
import pathlib
import tomllib

import numpy as np
import pytest

from keras_gan import zoo
from keras_gan.cli.zoo import verifying
from keras_gan.cli.zoo.gallery import entry, sorted_cards
from keras_gan.zoo import cards, presets

ROOT = pathlib.Path(__file__).parent.parent.parent
ZOO = ROOT / "zoo"
NAMES = sorted(path.parent.name for path in ZOO.glob("*/config.json"))
MOST, ALL = 5_000_000, 60_000_000


def test_the_registry_and_the_folder_have_the_same_presets():
    assert sorted(presets.registry()) == NAMES
    for name, known in presets.registry().items():
        assert known["sha256"] == presets.digest(ZOO / name)
        assert known["bytes"] == presets.size(ZOO / name)


def test_presets_are_as_small_as_promised():
    sizes = [presets.size(ZOO / name) for name in NAMES]
    assert max(sizes) <= MOST
    assert sum(sizes) <= ALL


def test_all_travel_in_the_wheel():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"zoo": "keras_gan/zoo/published"}
    assert "exclude" not in wheel
    assert all(entry["at_hand"] for entry in presets.known().values())
    assert presets.INSIDE == presets.HERE / "published"
    assert presets.HERE.relative_to(ROOT).as_posix() == "keras_gan/zoo"


def test_ci_loads_all_of_the_installed_ones():
    """In an environment of its own, away from the checkout, on both backends."""
    ci = (ROOT / ".ci" / "run").read_text()
    assert "for name in kg.Generator.presets:" in ci
    assert "for model in (kg.VAE, kg.Flow):" in ci
    assert "for model in (kg.Translator, kg.CodePrior):" in ci


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_is_what_its_card_says(name):
    said = verifying.verify(name, with_scores=False)
    assert said[0] == "checksums, network and card: as on record"
    kind = presets.registry()[name].get("kind", "generator")
    card = zoo.CLASSES[kind].from_preset(name).card
    assert card["preset"] == name
    assert cards.content(card)["card.md"] == (ZOO / name / "card.md").read_bytes()
    steps = "generator steps" if kind in ("generator", "translator") else "training steps"
    assert f"| {steps} | {card['training']['steps']:,} |" in (ZOO / name / "card.md").read_text()
    if kind == "translator":
        kept = [card["scores"][way]["label_preservation"] for way in ("x_to_y", "y_to_x")]
        assert all(0 < share <= 1 for share in kept)
        return
    figures = card["scores"]["figures"]["frechet_distance"]
    assert np.isfinite([figures["a_to_b"], figures["b_to_b"]]).all()


def test_the_gallery_shows_the_cards():
    page = (ZOO / "README.md").read_text(encoding="utf-8")
    found = [json.loads((ZOO / name / "card.json").read_text()) for name in NAMES]
    for card in sorted_cards(found):
        assert entry(card, ZOO) in page
    assert page.count("\n## ") == len(NAMES)


@pytest.mark.slow
def test_a_published_score_is_the_one_that_is_measured():
    """One preset that needs no download, as CI does; `keras-gan zoo verify` takes those of all."""
    said = verifying.verify("wgangp_ring", with_scores=True)
    assert any(line.startswith("frechet_distance: ") for line in said)
