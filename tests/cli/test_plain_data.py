"""What help and lists say without loading Keras is what Keras's classes and the library have."""

import inspect

import pytest

import keras_gan as kg
from keras_gan.autoencoders.vae import gradients
from keras_gan.data import names as names_of_data
from keras_gan.data import synthetic
from keras_gan.families.adversarial import Adversarial
from keras_gan.families.gan import entry as gan
from keras_gan.families.likelihood import Likelihood
from keras_gan.families.optimizers import rate_of
from keras_gan.families.registry import ENTRIES
from keras_gan.families.vae import entry as vae
from keras_gan.metrics import features, names, scoring
from keras_gan.objectives.divergences import DIVERGENCES
from keras_gan.zoo import CLASSES
from keras_gan.zoo.kind_registry import Kind, register_kind
from tests.recipes.cases import styled_generator

GAMES = {name: entry for name, entry in ENTRIES.items() if isinstance(entry, Adversarial)}
OTHERS = {name: entry for name, entry in ENTRIES.items() if isinstance(entry, Likelihood)}
ON_PURPOSE = {  # at the command line: faster, and averaged
    "sngan": {"rate": 2.0},
    "bigan": {"average": 0.999},
    "cyclegan": {"average": 0.999},
}


def tiny_generator(**options):
    """Of one unit."""
    return kg.networks.mlp_generator(latent_dim=1, width=1, depth=1, **options)


def networks(name, entry):
    """Tiny networks for an adversarial class."""
    if name == "cyclegan":
        maps = [kg.networks.mlp_generator(1, 1, width=1, depth=1, name=f"G{i}") for i in range(2)]
        return *maps, *(kg.networks.mlp_discriminator(1, width=1, depth=1) for _ in range(2))
    if name == "bigan":
        made = (kg.networks.bigan_generator, kg.networks.bigan_encoder)
        made = (*made, kg.networks.bigan_discriminator)
        return tuple(make(sample_shape=(1,), latent_dim=1, width=1) for make in made)
    if name == "pix2pix":
        shape = (8, 8, 1)
        discriminator = kg.networks.patch_discriminator((8, 8, 2), 1, depth=1)
        return kg.networks.unet_generator(shape, 1), discriminator
    if name == "fastgan":  # of images
        shape = (16, 16, 1)
        discriminator = kg.networks.fastgan_discriminator(shape, width=1, grids=True)
        return kg.networks.fastgan_generator(shape, 1, width=1), discriminator
    classes = {"classes": 2} if "conditioning" in entry.discriminator else {}
    options = {"normalization": entry.normalization, **entry.discriminator, **classes}
    generator = styled_generator if name == "stylegan2" else tiny_generator
    return (
        generator(**classes),
        kg.networks.mlp_discriminator(width=1, depth=2, **options),
    )


@pytest.mark.parametrize("name", GAMES)
def test_rates_steps_and_averages_are_those_of_the_class(name):
    entry, purpose = GAMES[name], ON_PURPOSE.get(name, {})
    own = {"infogan": {"codes": {"number": "uniform"}}, "fastgan": {"reconstruction": "l1"}}
    options = {**getattr(entry, "options", {}), **own.get(name, {})}
    if "augment" in entry.picks:
        arguments = inspect.signature(entry.model).parameters
        assert entry.picks["augment"] == arguments["augment"].default
        options["augment"] = None  # which transforms images, not points
    game = entry.model(*networks(name, entry), **options, seed=0)
    for player in ("generator", "discriminator"):
        rate = rate_of(game.default_optimizer(player)) * purpose.get("rate", 1.0)
        assert entry.picks[f"{player}_learning_rate"] == rate
    assert entry.picks["discriminator_steps"] == game.schedule.moves.count(("discriminator",))
    assert entry.picks["average"] == purpose.get("average", game.decay or 0.0)


@pytest.mark.parametrize("name", OTHERS)
def test_the_rate_is_that_of_the_class(name):
    assert OTHERS[name].learning_rate == rate_of(OTHERS[name].model.model_optimizer())


def test_names_are_those_that_are_known():
    assert tuple(DIVERGENCES) == gan.DIVERGENCES
    assert vae.ESTIMATORS == gradients.ESTIMATORS
    assert tuple(features.EXTRACTORS) == names.EXTRACTORS
    assert list(names.SCORES) == list(scoring.SCORES)
    assert names_of_data.PLANE == synthetic.PLANE
    assert set(names_of_data.PLANE) < set(kg.data.DATASETS)


def test_an_announced_kind_is_that_of_its_class():
    for kind, cls in CLASSES.items():
        assert cls.loads
        assert cls.kind == kind
        (said,) = [each for each in cls.__mro__ if "kind" in vars(each)]
        assert said.texts is cls.texts
    for entry in ENTRIES.values():
        assert entry.preset is None or issubclass(CLASSES[entry.preset.kind], entry.preset)


def test_a_kind_is_announced_once_and_loaded_by_a_class_of_its_own():
    class Announced(Kind):
        kind, called, roles = "own", "own.Preset", (("own",),)

    class Other(Kind):
        kind, called, roles = "own", "other.Preset", (("other",),)

    class Preset(Announced):
        loads = True

    try:
        assert register_kind(Announced) is CLASSES["own"]
        for each in (Announced, Other):
            with pytest.raises(ValueError, match="kind of preset 'own', or its roles, are already"):
                register_kind(each)
        assert register_kind(Preset) is CLASSES["own"]
        with pytest.raises(ValueError, match="are already registered"):
            register_kind(Preset)
    finally:
        del CLASSES["own"]
