"""Generators and the presets that they are stored in."""

import copy
import json

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.models.interpolation import spherical
from tests import toys


def images(**options):
    options = {"image_shape": (8, 8, 1), "latent_dim": 3, "width": 4, **options}
    return kg.networks.dcgan_generator(**options)


def of_two_inputs():
    z, y = keras.Input((2,)), keras.Input((2, 1))
    return keras.Model([z, y], keras.layers.Add()([z, keras.layers.Flatten()(y)]))


def trained(average=0.5):
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=4, normalization="spectral")
    gan = kg.SNGAN(images(), discriminator, average=average, prior="uniform", seed=0)
    gan.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")
    gan.fit(x, batch_size=8, verbose=0)
    return gan


@pytest.mark.parametrize("average", [0.5, None])
def test_a_preset_makes_the_samples_of_the_game(tmp_path, average):
    gan = trained(average)
    kg.Generator.from_gan(gan).save_to_preset(tmp_path / "preset")
    generator = kg.Generator.from_preset(tmp_path / "preset")
    expected = gan.generate(5, seed=3)
    np.testing.assert_array_equal(generator.generate(5, seed=3), expected)
    np.testing.assert_array_equal(generator.generate(5, seed=3, batch_size=2), expected)
    assert generator.latent_dim == 3
    assert generator.card is None
    assert {p.name for p in (tmp_path / "preset").iterdir()} == {
        "config.json",
        "model.weights.h5",
        "checksums",
    }


@pytest.mark.thorough
def test_a_copy_of_the_generator_does_not_follow_the_game():
    gan = trained()
    generator = kg.Generator.from_gan(gan, average=False)
    before = generator.generate(3, seed=0)
    np.testing.assert_array_equal(before, gan.generate(3, seed=0, average=False))
    assert not np.array_equal(before, gan.generate(3, seed=0))
    gan.generator.set_weights([np.zeros_like(w) for w in gan.generator.get_weights()])
    np.testing.assert_array_equal(generator.generate(3, seed=0), before)


@pytest.mark.thorough
def test_a_game_that_was_saved_and_loaded_becomes_the_same_preset(tmp_path):
    gan = trained()
    gan.save(tmp_path / "gan.keras")
    again = kg.Generator.from_gan(kg.load_model(tmp_path / "gan.keras"))
    np.testing.assert_array_equal(again.generate(4, seed=0), gan.generate(4, seed=0))


def test_without_weights_it_is_the_network_anew(tmp_path):
    generator = kg.Generator(images())
    generator.save_to_preset(tmp_path)
    anew = kg.Generator.from_preset(tmp_path, load_weights=False)
    assert [w.shape for w in anew.weights] == [w.shape for w in generator.weights]
    kernels = [model.get_weights()[0] for model in (anew, generator)]
    assert not np.array_equal(*kernels)


@pytest.mark.thorough
def test_any_recipe_trains_it_on_and_saves_it(tmp_path):
    kg.Generator(kg.networks.mlp_generator(latent_dim=2, width=8)).save_to_preset(tmp_path / "p")
    generator = kg.Generator.from_preset(tmp_path / "p")
    before = generator.generate(4, seed=0)
    gan = kg.WGANGP(generator, kg.networks.mlp_discriminator(width=8), seed=0)
    gan.compile()
    gan.fit(toys.points(80), batch_size=20, verbose=0)
    assert not np.array_equal(generator.generate(4, seed=0), before)
    np.testing.assert_array_equal(generator.generate(4, seed=0), gan.generate(4, seed=0))
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    assert isinstance(again.generator, kg.Generator)
    np.testing.assert_array_equal(again.generate(4, seed=0), gan.generate(4, seed=0))
    again.generator.save_to_preset(tmp_path / "p")
    np.testing.assert_array_equal(
        kg.Generator.from_preset(tmp_path / "p").generate(4, seed=0), gan.generate(4, seed=0)
    )


def test_a_game_takes_over_the_prior_of_its_generator(tmp_path):
    generator = kg.Generator(kg.networks.mlp_generator(width=8), prior="uniform")
    gan = kg.DCGAN(generator, kg.networks.mlp_discriminator(width=8))
    assert gan.prior is generator.prior
    np.testing.assert_array_equal(gan.generate(4, seed=0), generator.generate(4, seed=0))
    gan.save(tmp_path / "gan.keras")
    assert kg.load_model(tmp_path / "gan.keras").prior is generator.prior
    with pytest.raises(ValueError, match="prior='normal': leave prior out"):
        kg.DCGAN(generator, kg.networks.mlp_discriminator(width=8), prior="normal")


def by_file(generator, folder):
    generator.save(folder / "generator.keras")
    return keras.saving.load_model(folder / "generator.keras")


@pytest.mark.parametrize("copied", [by_file, lambda g, _: copy.deepcopy(g)], ids=["file", "copy"])
def test_it_is_a_keras_model(copied, tmp_path):
    generator = kg.Generator(images(), prior="uniform", card={"preset": "mine"})
    again = copied(generator, tmp_path)
    assert isinstance(again, kg.Generator)
    assert again.card == {"preset": "mine"}
    assert again.prior is generator.prior
    z = generator.latents(3, seed=1)
    assert np.abs(z).max() <= 1
    np.testing.assert_array_equal(again.predict(z, verbose=0), generator.samples_of(z))
    again.save_to_preset(tmp_path / "preset")
    preset = kg.Generator.from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(preset.samples_of(z), generator.samples_of(z))


def test_a_card_goes_with_the_weights_that_it_describes(tmp_path):
    kg.Generator(images(), card={"preset": "mine"}).save_to_preset(tmp_path)
    generator = kg.Generator.from_preset(tmp_path)
    assert generator.card == {"preset": "mine"}
    assert kg.Generator.from_preset(tmp_path, load_weights=False).card is None
    generator.weights[0].assign(generator.weights[0] + 1)
    assert generator.card is None
    generator.save_to_preset(tmp_path)
    assert not (tmp_path / "card.json").exists()


def test_a_preset_is_float32_whatever_the_policy_of_the_day(tmp_path):
    generator = kg.Generator(images())
    generator.save_to_preset(tmp_path)
    keras.config.set_dtype_policy("mixed_bfloat16")
    again = kg.Generator.from_preset(tmp_path)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    np.testing.assert_array_equal(again.generate(3, seed=0), generator.generate(3, seed=0))


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "mixed_float16"])
def test_what_is_saved_loads_whatever_the_policy_was(policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    generator = kg.Generator(images())
    generator.save_to_preset(tmp_path)
    again = kg.Generator.from_preset(tmp_path)
    assert again.compute_dtype == "float32"
    for one, other in zip(again.get_weights(), generator.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other.astype("float32"))


def test_what_would_not_load_is_not_saved(tmp_path):
    @kg.networks.register
    def seeded_generator(seed=1):
        return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])

    generator = kg.Generator(seeded_generator(seed=1234567))
    with pytest.raises(ValueError, match=r"\(seed=1234567 is out of range: 65536 is the most\)"):
        generator.save_to_preset(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_network_of_ones_own_is_stored_once_it_is_registered(tmp_path):
    own = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="@kg.networks.register"):
        kg.Generator(own).save_to_preset(tmp_path)
    gan = kg.GAN(own, kg.networks.mlp_discriminator(width=4))
    copied = kg.Generator.from_gan(gan)
    np.testing.assert_array_equal(copied.generate(3, seed=0), gan.generate(3, seed=0))

    @kg.networks.register
    def affine_generator(latent_dim=2):
        return keras.Sequential([keras.Input((latent_dim,)), keras.layers.Dense(2)])

    generator = kg.Generator(affine_generator())
    generator.save_to_preset(tmp_path)
    again = kg.Generator.from_preset(tmp_path)
    np.testing.assert_array_equal(again.generate(3, seed=0), generator.generate(3, seed=0))


def test_a_prior_that_is_code_is_not_stored(tmp_path):
    @keras.saving.register_keras_serializable(package="tests")
    def wide_normal(shape, seed):
        return 3.0 * kg.priors.normal(shape, seed)

    generator = kg.Generator(images(), prior=wide_normal)
    with pytest.raises(ValueError, match="only name its prior, one of normal, uniform"):
        generator.save_to_preset(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_interpolation_keeps_the_norm_and_ends_at_its_ends():
    generator = kg.Generator(images(latent_dim=50))
    z0, z1 = generator.latents(2, seed=0)
    t = np.linspace(0, 1, 9)
    way = spherical(z0 / np.linalg.norm(z0), z1 / np.linalg.norm(z1), t)
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 1.0, rtol=1e-6)
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)  # t is proportional to the angle
    samples = generator.interpolate(z0, z1, n=9)
    assert samples.shape == (9, 8, 8, 1)
    ends = generator.samples_of(np.stack([z0, z1]))
    np.testing.assert_allclose(samples[[0, -1]], ends, atol=1e-6)
    straight = generator.samples_of(spherical(z0, 2 * z0, t))
    expected = generator.samples_of(np.outer(1 + t, z0))
    np.testing.assert_allclose(straight, expected, atol=1e-6)
    assert np.isfinite(spherical(z0, -z0, t)).all()
    assert np.isfinite(spherical(0 * z0, z0, t)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g: g.generate(2, labels=[1, 2]), "does not take labels"),
        (lambda g: g.generate(-1), "n must be a whole number"),
        (lambda g: g.generate(1, batch_size=0), "batch_size must be a whole number"),
        (lambda g: g.generate(1, seed=-1), "seed must be a whole number"),
        (lambda g: g.samples_of(np.zeros((2, 4))), r"an array \(n, 3\); received shape \(2, 4\)"),
        (lambda g: g.samples_of(np.full((2, 3), np.nan)), "must be finite"),
        (lambda g: g.interpolate(np.zeros(3), np.zeros(2)), r"shape \(3,\); received shapes"),
        (lambda g: g.interpolate(np.zeros(3), np.zeros(3), n=1), "at least 2"),
        (lambda g: kg.Generator(keras.Sequential([])), "must be a built keras.Model"),
        (
            lambda g: kg.Generator(of_two_inputs()),
            r"condition vectors \(batch, d\), nothing else; its inputs",
        ),
        (lambda g: kg.Generator.from_gan(g), "takes a game such as kg.GAN"),
        (lambda g: kg.Generator.from_preset(None), "received None"),
        (lambda g: kg.Generator.from_preset("https://example.com/x"), "hf://user/repository"),
        (lambda g: kg.Generator.from_preset("wgangp_rnig"), "did you mean 'wgangp_ring'"),
        (lambda g: kg.Generator.from_preset("./nowhere"), "There is no preset folder ./nowhere"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call(kg.Generator(images()))
    assert "\n" not in str(error.value)


def test_a_folder_with_other_files_is_not_written_to(tmp_path):
    (tmp_path / "thesis.txt").write_text("the only copy")
    with pytest.raises(ValueError, match="holds 'thesis.txt'"):
        kg.Generator(images()).save_to_preset(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_config_holds_names_and_arguments_only(tmp_path):
    kg.Generator(images(), prior="uniform").save_to_preset(tmp_path)
    assert json.loads((tmp_path / "config.json").read_text()) == {
        "format": 1,
        "networks": {
            "generator": {
                "network": "dcgan_generator",
                "arguments": {
                    "image_shape": [8, 8, 1],
                    "latent_dim": 3,
                    "width": 4,
                    "classes": None,
                    "condition_dim": None,
                    "name": "generator",
                },
            }
        },
        "prior": "uniform",
    }
