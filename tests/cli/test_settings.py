"""Settings: flags, files, defaults, and which wins."""

import dataclasses
import json

import pytest

from keras_gan import recipes
from keras_gan.cli import settings as settings_module
from keras_gan.cli.defaults import BY_DATASET, resolve
from keras_gan.cli.parser import Parser
from keras_gan.cli.recipes import RECIPES
from keras_gan.cli.settings import Settings
from keras_gan.networks import mlp_discriminator, mlp_generator


def parsed(*argv, config=None):
    parser = Parser()
    settings_module.add_flags(parser)
    return settings_module.from_flags(parser.parse_args(argv), config)


def test_every_setting_has_a_flag_of_its_type():
    parser = Parser()
    settings_module.add_flags(parser)
    other = {str: "mlp", int: "7", float: "0.5", "recipe": "dcgan", "divergence": "kl"}
    for field in dataclasses.fields(Settings):
        text = other.get(field.name, other[field.metadata["kind"]])
        flag = f"--{field.name.replace('_', '-')}"
        value = getattr(parsed(flag, text), field.name)
        assert value == field.metadata["kind"](text)
        assert value != field.default


def test_flags_go_before_the_file_and_the_file_before_defaults(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"epochs": 7, "width": 5, "versions": {"keras": "1"}}))
    settings = parsed("--epochs", "9", config=str(file))
    assert (settings.epochs, settings.width) == (9, 5)
    resolved = resolve(settings, (8, 8, 1))
    assert (resolved.epochs, resolved.width) == (9, 5)
    assert resolved.batch_size == BY_DATASET["digits"]["batch_size"]


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("shape", [(8, 8, 1), (2,)])
def test_resolved_settings_leave_only_the_image_size_open(recipe, shape):
    resolved = resolve(Settings(recipe=recipe), shape)
    unset = [name for name, value in vars(resolved).items() if value is None]
    assert unset == (["image_size"] if recipe == "fgan" else ["divergence", "image_size"])
    assert resolved.network == ("mlp" if len(shape) == 1 else "dcgan")
    assert Settings(**json.loads(json.dumps(dataclasses.asdict(resolved)))) == resolved


@pytest.mark.parametrize(("name", "recipe"), RECIPES.items())
def test_defaults_are_those_of_the_recipes_class(name, recipe):
    discriminator = mlp_discriminator(normalization=recipe.normalization, **recipe.discriminator)
    gan = getattr(recipes, recipe.model)(mlp_generator(), discriminator)
    for player in ("generator", "discriminator"):
        rate = float(gan.default_optimizer(player).learning_rate.numpy())
        rate *= 2 if name == "sngan" else 1  # with the reason, in keras_gan/cli/recipes.py
        assert rate == pytest.approx(recipe.learning_rate, rel=1e-6)
    assert (gan.decay or 0.0) == recipe.average
    assert gan.schedule.moves.count(("discriminator",)) == recipe.discriminator_steps
    assert recipe.model.lower() == name


def test_data_set_defaults_are_settings():
    names = {field.name for field in dataclasses.fields(Settings)}
    for defaults in BY_DATASET.values():
        assert set(defaults) <= names
        Settings(**defaults)


def test_a_changed_epoch_length_drops_a_default_that_does_not_divide_it():
    assert resolve(Settings("ring"), (2,)).steps_per_execution == 50
    assert resolve(Settings("ring", steps_per_epoch=7), (2,)).steps_per_execution == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"epoch": 3}', "Unknown setting in .*c.json 'epoch': did you mean 'epochs'"),
        ('{"average": NaN}', "In .*c.json: --average must be a number.*received nan"),
        ('{"generator_learning_rate": Infinity}', "greater than 0; received inf"),
        ('{"epochs": 2.5}', "--epochs must be a whole number.*received 2.5"),
        ('{"epochs": true}', "received True"),
        ('{"epochs": "3"}', "received '3'"),
        ('{"dataset": 3}', "--dataset must be a name; received 3"),
        ('{"seed": null}', "--seed must be a whole number.*received None"),
        ('{"recipe": "wgn"}', "Unknown recipe 'wgn'"),
        ("[1, 2]", "must hold a JSON object of settings; received a list"),
        ("{epochs: 3}", "c.json is not a JSON file"),
    ],
)
def test_errors_in_a_file_name_the_file_and_the_setting(tmp_path, content, message):
    (tmp_path / "c.json").write_text(content)
    with pytest.raises(ValueError, match=message):
        parsed(config=str(tmp_path / "c.json"))


def test_whole_numbers_do_for_floats_and_stay_frozen():
    settings = Settings(average=0, generator_learning_rate=1)
    assert isinstance(settings.average, float)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.average = 0.5
