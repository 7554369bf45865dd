"""What the pages of the site are made from: public names read from sources, and pictures."""

import importlib
import importlib.util
import tomllib
import types

import pytest

import keras_gan as kg
from tests.test_pages import ROOT

SITE = ROOT / "docs/site"
PARTS = sorted(name for name in kg.__all__ if isinstance(getattr(kg, name), types.ModuleType))


def loaded(name: str) -> types.ModuleType:
    """A module of the folder that makes the site."""
    spec = importlib.util.spec_from_file_location(f"site_{name}", SITE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


names = loaded("public_names")


def imported(path: str):
    """What a dotted path names."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("part", ["", *PARTS])
def test_the_sources_say_of_public_names_what_the_package_has(part):
    module = "keras_gan" if not part else names.home("keras_gan", part)
    package = importlib.import_module(module)
    if hasattr(package, "__all__"):
        assert sorted(names.public(module)) == sorted(package.__all__)
    for name in names.public(module):
        path = names.home(module, name)
        if names.kind(path) in ("class", "function"):
            assert imported(path) is getattr(package, name)
        elif names.kind(path) == "module":
            assert importlib.import_module(path) is getattr(package, name)


def test_the_pictures_of_models_are_there():
    pictures = tomllib.loads((SITE / "pictures.toml").read_text(encoding="utf-8"))
    assert pictures.keys() <= set(kg.__all__)
    for picture in pictures.values():
        assert (ROOT / picture["file"]).is_file()
        assert picture["shows"]
        assert picture["source"]
