"""What holds for every network: a built model that survives config, file and precision."""

import keras
import numpy as np
import pytest

from keras_gan import networks

GENERATORS = {
    "mlp": lambda **k: networks.mlp_generator(width=4, **k),
    "dcgan": lambda **k: networks.dcgan_generator((9, 9, 1), latent_dim=2, width=2, **k),
    "resnet": lambda **k: networks.resnet_generator((16, 16, 1), latent_dim=2, width=2, **k),
    "sagan": lambda **k: networks.resnet_generator(
        (9, 16, 1), latent_dim=2, width=[4, 3, 2], normalization="spectral", attention=5, **k
    ),
    "conv1d": lambda **k: networks.conv1d_generator((20, 2), latent_dim=2, width=2, kernel=9, **k),
    "conv3d": lambda **k: networks.conv3d_generator((5, 8, 4, 1), latent_dim=2, width=2, **k),
    "r3gan": lambda **k: networks.r3gan_generator((8, 12, 1), latent_dim=2, width=4, **k),
    "stylegan2": lambda **k: networks.stylegan2_generator((8, 12, 1), latent_dim=2, width=4, **k),
    "fastgan": lambda **k: networks.fastgan_generator((8, 12, 1), latent_dim=2, width=2, **k),
}
DISCRIMINATORS = {
    "mlp": lambda **k: networks.mlp_discriminator(width=4, **k),
    "dcgan": lambda **k: networks.dcgan_discriminator((9, 9, 1), width=2, **k),
    "resnet": lambda **k: networks.resnet_discriminator((16, 16, 1), width=2, **k),
    "sagan": lambda **k: networks.resnet_discriminator(
        (9, 16, 1), width=[2, 3, 4], attention=5, **k
    ),
    "conv1d": lambda **k: networks.conv1d_discriminator((20, 2), width=2, kernel=9, **k),
    "conv3d": lambda **k: networks.conv3d_discriminator((5, 8, 4, 1), width=2, **k),
}
NORMALIZATIONS = [None, "spectral", "layer", "batch"]
UNNORMALIZED = {  # or normalized in the one way of the paper
    "r3gan": lambda **k: networks.r3gan_discriminator((8, 12, 1), width=4, **k),
    "stylegan2": lambda **k: networks.stylegan2_discriminator((8, 12, 1), width=4, **k),
    "fastgan": lambda **k: networks.fastgan_discriminator((8, 12, 1), width=2, **k),
}


def discriminator_of(kind, **options):
    """Spectrally normalized where that can be chosen."""
    if kind in UNNORMALIZED:
        return UNNORMALIZED[kind](**options)
    return DISCRIMINATORS[kind](normalization="spectral", **options)


def batch_for(model, rng, n=5):
    return rng.normal(size=(n, *model.input_shape[1:])).astype("float32")


def used(model, rng):
    """Run a training call, so that u and the batch statistics have left their first values."""
    model(batch_for(model, rng), training=True)
    return model


def check_round_trips(model, rng, tmp_path):
    x = batch_for(model, rng)
    config = model.get_config()
    twin = keras.Model.from_config(config)
    twin.set_weights(model.get_weights())
    np.testing.assert_array_equal(model(x), twin(x))
    model.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(model(x), loaded(x))
    assert loaded.name == model.name


@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")
@pytest.mark.parametrize("kind", GENERATORS)
def test_generators_survive_config_and_file(kind, rng, tmp_path):
    check_round_trips(used(GENERATORS[kind](name="painter"), rng), rng, tmp_path)


@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")
@pytest.mark.parametrize("kind", DISCRIMINATORS)
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
def test_discriminators_survive_config_and_file(kind, normalization, rng, tmp_path):
    model = DISCRIMINATORS[kind](normalization=normalization, name="critic")
    check_round_trips(used(model, rng), rng, tmp_path)


@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")
@pytest.mark.parametrize("kind", UNNORMALIZED)
def test_discriminators_without_a_choice_survive_config_and_file(kind, rng, tmp_path):
    check_round_trips(used(UNNORMALIZED[kind](name="critic"), rng), rng, tmp_path)


@pytest.mark.parametrize("kind", GENERATORS)
def test_names_and_that_they_are_built(kind):
    generator, discriminator = GENERATORS[kind](), discriminator_of(kind)
    assert (generator.name, discriminator.name) == ("generator", "discriminator")
    assert generator.built
    assert discriminator.built
    assert generator.output_shape == discriminator.input_shape


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("kind", GENERATORS)
def test_samples_and_scores_are_float32_under_mixed_precision(kind, policy, rng):
    keras.config.set_dtype_policy(policy)
    generator, discriminator = GENERATORS[kind](), discriminator_of(kind)
    x = generator(batch_for(generator, rng), training=True)
    scores = discriminator(x, training=True)
    for y in (x, scores, generator.outputs[0], discriminator.outputs[0]):
        assert keras.backend.standardize_dtype(y.dtype) == "float32"
    assert np.isfinite(scores).all()
    assert policy.removeprefix("mixed_") in {layer.compute_dtype for layer in generator.layers}


@pytest.mark.float64
@pytest.mark.parametrize("kind", GENERATORS)
def test_float64_goes_all_the_way(kind, rng):
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    generator, discriminator = GENERATORS[kind](), discriminator_of(kind)
    assert {v.dtype for v in generator.weights + discriminator.weights} == {"float64"}
    scores = discriminator(generator(rng.normal(size=(2, 2))))
    assert keras.backend.standardize_dtype(scores.dtype) == "float64"
    assert discriminator(generator.outputs[0]).dtype == "float64"


@pytest.mark.parametrize("kind", DISCRIMINATORS)
def test_a_spectrally_normalized_discriminator_does_not_see_the_scale_of_its_kernels(kind, rng):
    model = DISCRIMINATORS[kind](normalization="spectral")
    x = batch_for(model, rng)
    before = np.array(model(x))
    for variable in model.trainable_variables:
        if variable.name == "kernel":
            variable.assign(100 * variable)
    np.testing.assert_allclose(model(x), before, rtol=1e-4, atol=1e-5)
    model(x, training=True)
    assert np.abs(np.array(model(x)) - before).max() > 1e-6
