"""Settings: flags, files, defaults, and which wins."""

import dataclasses
import json
import random

import pytest

import keras_gan as kg
from keras_gan.augment import diffaugment
from keras_gan.cli.config_file import from_flags
from keras_gan.cli.defaults import resolve
from keras_gan.cli.parser import Parser
from keras_gan.cli.settings import Settings, add_flags, table
from keras_gan.families.adversarial import NORMALIZATIONS, Policies
from keras_gan.families.gan.entry import Gan
from keras_gan.families.registry import ENTRIES, own_settings
from keras_gan.families.sampling.defaults import BY_DATASET
from keras_gan.families.setting import flag_of, image_size
from keras_gan.networks import _parts, mlp_discriminator, mlp_generator, translation
from tests.recipes.cases import styled_generator

SINGLE = {name: entry for name, entry in ENTRIES.items() if "target" not in entry.settings}


def parsed(*argv, config=None):
    parser = Parser()
    add_flags(parser)
    return from_flags(parser.parse_args(argv), config)


def test_every_setting_has_a_flag_of_its_type():
    parser = Parser()
    add_flags(parser)
    other = {str: "mlp", int: "7", float: "0.5", "recipe": "dcgan", "divergence": "kl"}
    other |= {image_size: "27x45"}
    other |= {"learning_rate_schedule": "cosine", "features": "mnist"}
    other |= {"discriminator_normalization": "layer", "likelihood": "gaussian"}
    other |= {"reconstruction": "l1", "input_size": "96"}
    other |= {"gradient": "score_function", "corruption": "masking", "augment": "flip,color"}
    other |= {"pages": "first"}
    other |= {"channels": "3", "precision": "mixed_bfloat16", "device": "gpu:1"}
    other |= {"objective": "hinge", "penalty": "r1=5,lecam", "output_activation": "linear"}
    for name, rule in table().items():
        if rule.kind is bool:
            assert getattr(parsed(flag_of(name)), name) is True
            assert getattr(parsed(f"--no-{flag_of(name)[2:]}"), name) is False
            continue
        text = other.get(name, other[rule.kind])
        flag = f"--{name.replace('_', '-')}"
        value = getattr(parsed(flag, text), name)
        assert value == rule.kind(text)
        assert value != rule.default


def test_flags_go_before_the_file_and_the_file_before_defaults(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"epochs": 7, "width": 5, "versions": {"keras": "1"}}))
    settings = parsed("--epochs", "9", config=str(file))
    assert (settings.epochs, settings.width) == (9, 5)
    resolved = resolve(settings, (8, 8, 1))
    assert (resolved.epochs, resolved.width) == (9, 5)
    assert resolved.batch_size == BY_DATASET["digits"]["batch_size"]


OF_IMAGES = ["vqvae", "vqvae2", "code_prior", "glow", "projectedgan", "fastgan"]
OPENED = {"code_prior": {"codes_of": "a_run"}}  # what has no default


@pytest.mark.parametrize("recipe", SINGLE)
@pytest.mark.parametrize("shape", [(8, 8, 1), (2,)])
def test_resolved_settings_leave_only_the_image_size_open(recipe, shape):
    given = Settings(recipe=recipe, **OPENED.get(recipe, {}))
    if recipe in OF_IMAGES and len(shape) == 1:
        with pytest.raises(ValueError, match=r"is for grey and colour images|is of images"):
            resolve(given, shape)
        return
    resolved = resolve(given, shape)
    unset = {name for name, value in vars(resolved).items() if value is None}
    of_others = set(own_settings()) - set(ENTRIES[recipe].settings)
    own = {"attention", "augment", "conditions", "discriminator_width", "input_size"}
    own |= {"output_activation"}
    own -= of_others
    own -= set(getattr(ENTRIES[recipe], "picks", ()))
    own |= {"latent_dim", "network"} & set(ENTRIES[recipe].without)
    kind = "of_images" if len(shape) == 1 else "of_points"
    own |= set(getattr(ENTRIES[recipe], kind, ()))
    of_all = {"image_size", "channels", "steps", "precision", "device", "beta_1", "beta_2"}
    assert unset == of_all | own | of_others
    known = [*ENTRIES[recipe].networks, None]  # the usual one comes first
    of_images = getattr(ENTRIES[recipe], "images", {}).get("network", known[0])
    assert resolved.network == ("mlp" if len(shape) == 1 and known[0] else of_images)
    assert Settings(**json.loads(json.dumps(resolved.as_dict()))) == resolved


PAIRS = {name: entry for name, entry in ENTRIES.items() if type(entry) is Gan}


@pytest.mark.parametrize(("name", "entry"), PAIRS.items())
def test_defaults_are_those_of_the_recipes_class(name, entry):
    labels = {"classes": 3} if entry.labelled else {}
    discriminator = {**entry.discriminator, **labels}
    discriminator = mlp_discriminator(normalization=entry.normalization, **discriminator)
    generator = styled_generator() if name == "stylegan2" else mlp_generator(**labels)
    gan = getattr(kg, entry.model.__name__)(generator, discriminator)
    found = resolve(Settings("ring", recipe=name), (2,))
    for player in ("generator", "discriminator"):
        rate = float(gan.default_optimizer(player).learning_rate.numpy())
        rate *= 2 if name == "sngan" else 1  # with the reason, in keras_gan/families/gan
        assert getattr(found, f"{player}_learning_rate") == pytest.approx(rate, rel=1e-6)
    assert (gan.decay or 0.0) == found.average
    assert gan.schedule.moves.count(("discriminator",)) == found.discriminator_steps
    assert entry.model.__name__.lower() == name  # "gan" too: a plain game of the minimax objective
    weights = [penalty.weight for penalty in gan.penalties if hasattr(penalty, "target")]
    assert set(weights) == ({found.penalty_weight} if "penalty_weight" in entry.settings else set())


def test_reading_defaults_changes_no_random_numbers():
    """Those of the weights, which a run's seed fixes, whether or not the help was shown before."""
    random.seed(1)
    expected = random.random()
    random.seed(1)
    for entry in ENTRIES.values():
        vars(entry).pop("picks", None)
        assert entry.defaults(Settings(recipe=entry.name), (8, 8, 1))
    assert random.random() == expected


def built(**settings):
    given = {"dataset": "ring", "width": 4, "latent_dim": 2, "epochs": 2, "steps_per_epoch": 50}
    resolved = resolve(Settings(**(given | settings)), (2,))
    return ENTRIES[resolved.recipe].game(resolved, (2,))


def of_digits(recipe, classes=10, **settings):
    given = Settings("digits", recipe=recipe, width=2, latent_dim=2, **settings)
    resolved = resolve(given, (8, 8, 1))
    return ENTRIES[recipe].game(resolved, (8, 8, 1), classes)


@pytest.mark.parametrize("recipe", ["acgan", "reacgan"])
def test_recipes_of_classes_have_the_head_and_need_labels(recipe):
    gan = of_digits(recipe, labels=True)
    assert gan.discriminator.output_shape[1] == (None, 10)
    assert ENTRIES[recipe].title(Settings("digits", recipe=recipe, labels=True)) == recipe
    with pytest.raises(ValueError, match=f"--recipe {recipe} classifies samples: add --labels"):
        of_digits(recipe, classes=None)
    of_r3gan = of_digits(recipe, network="r3gan", discriminator_normalization="none")
    assert of_r3gan.discriminator.output_shape[1] == (None, 10)


def test_penalties_betas_and_schedules_reach_the_game():
    options = {"penalty_weight": 0.3, "beta_1": 0.1, "beta_2": 0.7, "discriminator_steps": 3}
    gan = built(recipe="wgangp", learning_rate_schedule="cosine", **options)
    assert gan.penalties[0].weight == 0.3
    for player, steps in (("generator", 100), ("discriminator", 300)):
        optimizer = gan.optimizer[player]
        assert (optimizer.beta_1, optimizer.beta_2) == (0.1, 0.7)
        schedule = optimizer._learning_rate
        assert float(schedule(0)) == pytest.approx(1e-4)
        assert float(schedule(steps // 2)) == pytest.approx(5e-5)
        assert float(schedule(steps)) == pytest.approx(0, abs=1e-9)


def test_the_discriminator_is_as_wide_as_the_generator_or_as_asked_for():
    def widths(gan):
        return [network.weights[0].shape[-1] for network in (gan.generator, gan.discriminator)]

    assert widths(built(recipe="dcgan")) == [4, 4]
    assert widths(built(recipe="dcgan", discriminator_width=6)) == [4, 6]


def test_the_discriminator_normalizes_what_is_asked_for():
    def kinds(**settings):
        names = [type(layer).__name__ for layer in built(**settings).discriminator.layers]
        return {name for name in names if "Normalization" in name}

    assert kinds(recipe="fgan") == set()
    assert kinds(recipe="fgan", discriminator_normalization="spectral") == {"SpectralNormalization"}
    assert kinds(recipe="wgangp") == {"LayerNormalization"}
    assert kinds(recipe="wgangp", discriminator_normalization="none") == set()
    ours = {each or "none" for each in (*_parts.NORMALIZATIONS, *translation.NORMALIZATIONS)}
    assert ours == set(NORMALIZATIONS)
    with pytest.raises(ValueError, match="spectral"):
        built(recipe="sngan", discriminator_normalization="none")


def test_without_them_the_recipe_has_its_own():
    gan = built(recipe="r3gan", penalty_every=4)
    adam = gan.default_optimizer("generator").get_config()
    assert gan.optimizer["generator"].beta_2 == adam["beta_2"]
    assert {penalty.weight for penalty in gan.penalties} == {1.0}
    assert {penalty.every for penalty in gan.penalties} == {4}


def test_the_discriminator_sees_through_what_is_asked_for():
    def built_for_images(**settings):
        given = Settings(recipe="dcgan", width=4, latent_dim=2, **settings)
        return ENTRIES["dcgan"].game(resolve(given, (8, 8, 1)), (8, 8, 1))

    assert built_for_images().augment is None
    (policy,) = built_for_images(augment="flip,translation,color").augment.transforms
    assert policy.names == ["flip", "translation", "color"]
    assert set(policy.names) | {"cutout"} == set(diffaugment.POLICIES) == set(Policies.joined)
    assert isinstance(built_for_images(augment="ada").augment, kg.augment.Adaptive)
    with pytest.raises(ValueError, match=r"Flip transforms images.*have the shape \(2,\)"):
        built(recipe="dcgan", augment="flip")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"recipe": "sngan", "penalty_weight": 1.0}, "for the recipes wgangp ctgan dragan"),
        (
            {"recipe": "wgangp", "penalty_every": 2},
            "for the recipes r3gan stylegan2",
        ),
        ({"recipe": "wgan", "beta_1": 0.5}, "wgan uses RMSprop"),
    ],
)
def test_what_a_recipe_has_not_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        built(**settings)


@pytest.mark.parametrize("network", ["r3gan", "stylegan2", "fastgan"])
def test_networks_whose_normalization_cannot_be_chosen(network):
    def game(recipe, **settings):
        given = {"dataset": "digits", "width": 8, "latent_dim": 4, "network": network}
        resolved = resolve(Settings(recipe=recipe, **(given | settings)), (8, 12, 1))
        return ENTRIES[recipe].game(resolved, (8, 12, 1))

    assert game("gan").generator.output_shape == (None, 8, 12, 1)
    with pytest.raises(ValueError, match="no normalization to choose, .* this run has spectral"):
        game("sngan")
    with pytest.raises(ValueError, match=f"dropout and features, which the {network} does not"):
        game("ctgan")


def test_stylegan2_has_its_own_networks():
    given = {"dataset": "digits", "width": 8, "latent_dim": 4, "penalty_weight": 0.5}
    settings = resolve(Settings(recipe="stylegan2", **given), (8, 8, 1))
    assert settings.network == "stylegan2"
    gan = ENTRIES["stylegan2"].game(settings, (8, 8, 1))
    assert (gan.penalties[0].weight, gan.penalties[0].every) == (0.5, 16)
    assert gan.path_length.every == 4


def test_projectedgan_has_its_own_discriminator_and_augmentation():
    def game(shape=(8, 8, 1), **settings):
        given = {"dataset": "digits", "width": 2, "latent_dim": 4, "network": "dcgan"}
        resolved = resolve(Settings(recipe="projectedgan", **(given | settings)), shape)
        return ENTRIES["projectedgan"].game(resolved, shape)

    gan, same = game(), kg.ProjectedGAN(kg.networks.dcgan_generator((8, 8, 1), 4, 2), width=2)
    assert gan.discriminator.count_params() == same.discriminator.count_params()
    assert gan.augment.get_config() == same.augment.get_config()
    assert game(augment="none", discriminator_width=3).augment is None
    small = kg.networks.projected_discriminator((8, 8, 1), width=2, input_size=32)
    assert game(input_size=32).discriminator.output_shape == small.output_shape
    with pytest.raises(ValueError, match="input_size must be a multiple of 32.*received 40"):
        game(input_size=40)
    with pytest.raises(ValueError, match=r"heads of .* spectrally; received .* layer: leave it"):
        game(discriminator_normalization="layer")


@pytest.mark.thorough
def test_fastgan_reconstructs_by_what_is_asked_for():
    def game(shape=(16, 16, 1), classes=None, **settings):
        given = {"dataset": "digits", "width": 2, "latent_dim": 4, "reconstruction": "l1"}
        resolved = resolve(Settings(recipe="fastgan", **(given | settings)), shape)
        return resolved, ENTRIES["fastgan"].game(resolved, shape, classes)

    settings, gan = game(classes=10)
    assert (settings.network, settings.augment) == ("fastgan", "color,translation")
    networks = (
        kg.networks.fastgan_generator((16, 16, 1), 4, 2),
        kg.networks.fastgan_discriminator((16, 16, 1), 2, grids=True),
    )
    of_class = kg.FastGAN(*networks, reconstruction="l1")
    assert gan.settings() == of_class.settings()
    assert gan.decay == settings.average == of_class.decay
    rate = of_class.default_optimizer("generator").learning_rate
    assert float(rate) == pytest.approx(settings.generator_learning_rate)
    assert (gan.classes, of_class.classes) == (10, None)
    with pytest.raises(ValueError, match="grids, which the dcgan does not have: use --network fas"):
        game(network="dcgan")
    with pytest.raises(ValueError, match="from 16 x 16 pixels on with grids, not 8 x 8"):
        game((8, 8, 1))
    with pytest.raises(ValueError, match="Unknown reconstruction .vgg."):
        game(reconstruction="vgg")


def test_data_set_defaults_are_settings():
    names = set(table())
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
        ('{"seed": 1%s}' % ("0" * 400), "--seed must be a whole number.*received 1000"),
        ('{"average": 1%s}' % ("0" * 400), "--average must be a number.*received 1000"),
        ('{"seed": 1, "seed": 2}', "c.json is not a JSON file: it repeats a name in an object"),
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
