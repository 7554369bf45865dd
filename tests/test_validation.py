"""Bad input gets one clear error, before the first step."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gan as kg
from tests import toys


def make(**options):
    return kg.GAN(toys.generator(), toys.discriminator(), **options)


def images(low, high, n=8):
    return np.random.default_rng(0).uniform(low, high, (n, 8, 8, 1)).astype("float32")


@pytest.fixture(scope="module")
def image_gan():
    gan = kg.GAN(
        kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4),
        kg.networks.dcgan_discriminator((8, 8, 1), width=4),
        schedule=2,
    )
    gan.compile()
    return gan


def refused(call, *fragments):
    """The call raises one ValueError of at most three sentences with all the fragments in it."""
    with pytest.raises(ValueError, match=re.escape(fragments[0])) as error:
        call()
    message = str(error.value)
    for fragment in fragments:
        assert fragment in message
    assert "\n" not in message
    assert len(message) < 400


@pytest.mark.parametrize("as_dataset", [False, True])
def test_uint8_images(image_gan, as_dataset):
    x = images(0, 255).astype("uint8")
    x = tf.data.Dataset.from_tensor_slices(x).batch(4) if as_dataset else x
    refused(lambda: image_gan.fit(x), "received uint8", "/ 127.5 - 1")


@pytest.mark.parametrize("as_dataset", [False, True])
def test_images_in_0_255(image_gan, as_dataset):
    x = images(0, 255)
    x = tf.data.Dataset.from_tensor_slices(x).batch(4) if as_dataset else x
    refused(lambda: image_gan.fit(x), "Images must lie in [-1, 1]", "x / 127.5 - 1")


@pytest.mark.thorough
def test_images_that_look_like_0_1_are_warned_of(image_gan):
    with pytest.warns(UserWarning, match=r"go from 0[.\d]* to 0[.\d]*.*rescale: 2 \* x - 1"):
        image_gan.fit(images(0, 1), batch_size=8, verbose=0)


def test_wrong_shape_against_the_discriminator(image_gan):
    fragments = "(8, 8, 1)", "received (8, 9, 9, 1)"
    x = np.zeros((8, 9, 9, 1), "float32")
    refused(lambda: image_gan.fit(x), *fragments)
    refused(lambda: image_gan.train_on_batch(x), *fragments)
    refused(lambda: image_gan.discriminate(x), *fragments)


def test_a_python_generator_is_checked_when_the_step_is_traced(image_gan):
    def stream():
        while True:
            yield (np.zeros((4, 9, 9, 1), "float32"),)

    with pytest.raises(ValueError, match="take samples of shape"):
        image_gan.fit(stream(), steps_per_epoch=2, verbose=0)


def test_a_generator_that_does_not_match_the_data():
    refused(
        lambda: kg.GAN(toys.generator(data_dim=3), toys.discriminator()),
        "The generator makes samples of shape (3,)",
        "takes (2,)",
    )


@pytest.mark.parametrize("kind", ["argument", "layer", "wrapped", "nested"])
def test_a_discriminator_that_ends_in_a_sigmoid(kind):
    endings = {
        "argument": [layers.Dense(1, activation="sigmoid")],
        "layer": [layers.Dense(1), layers.Activation("sigmoid")],
        "wrapped": [kg.layers.SpectralNormalization(layers.Dense(1, activation="sigmoid"))],
        "nested": [keras.Sequential([layers.Dense(1, activation="sigmoid")])],
    }
    discriminator = keras.Sequential([keras.Input((2,)), *endings[kind]])
    refused(lambda: kg.GAN(toys.generator(), discriminator), "'sigmoid'", "unbounded score")


@pytest.mark.parametrize("head", [layers.Dense(2), layers.Reshape((1, 2))])
def test_a_discriminator_that_is_not_batch_1(head):
    discriminator = keras.Sequential([keras.Input((2,)), head])
    refused(lambda: kg.GAN(toys.generator(), discriminator), "(batch, 1)", "Dense(1)")


def test_networks_that_are_not_built_or_no_models():
    unbuilt = keras.Sequential([layers.Dense(1)])
    refused(lambda: kg.GAN(toys.generator(), unbuilt), "discriminator", "keras.Input")
    refused(lambda: kg.GAN(lambda z: z, toys.discriminator()), "generator", "not a keras.Model")


@pytest.mark.parametrize(
    "x",
    [np.zeros((0, 2), "float32"), tf.data.Dataset.from_tensor_slices(toys.points(4)).take(0)],
    ids=["array", "dataset"],
)
def test_an_empty_data_set(x):
    gan = make()
    gan.compile()
    refused(lambda: gan.fit(x), "The data set is empty")


def test_a_batch_that_does_not_divide_by_the_discriminator_steps():
    gan = make(schedule=3)
    gan.compile()
    fragments = "A batch of 16 does not divide into 3", "15 or 18"
    refused(lambda: gan.fit(toys.points(64), batch_size=16), *fragments)
    dataset = tf.data.Dataset.from_tensor_slices(toys.points(64)).batch(16)
    refused(lambda: gan.fit(dataset), *fragments)
    refused(lambda: gan.train_on_batch(toys.points(16)), *fragments)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_in_the_data(bad):
    gan = make()
    gan.compile()
    x = toys.points(64)
    x[40, 1] = bad
    before = gan.get_weights()
    refused(lambda: gan.fit(x, batch_size=64), "NaN or infinite", "sample 40")
    for a, b in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_unknown_objective():
    refused(lambda: make(objective="wasserstien"), "wasserstien", "did you mean 'wasserstein'")


def test_a_data_set_of_single_samples(image_gan):
    single = tf.data.Dataset.from_tensor_slices(images(-1, 1))
    refused(lambda: image_gan.fit(single), "so a batch is", "dataset.batch(64)")


def test_fit_and_evaluate_before_compile():
    refused(lambda: make().fit(toys.points()), "not compiled", "model.compile()")
    refused(lambda: make().evaluate(toys.points()), "not compiled", "model.compile()")


def test_loading_a_file_that_is_not_ours(tmp_path):
    text = tmp_path / "notes.keras"
    text.write_text("not a model")
    refused(lambda: kg.load_model(text), "is not a .keras file")
    refused(lambda: kg.load_model(tmp_path / "none.keras"), "There is no file")

    foreign = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    foreign.save(tmp_path / "foreign.keras")
    refused(lambda: kg.load_model(tmp_path / "foreign.keras"), "holds a Sequential")

    make().save(tmp_path / "gan.keras")
    content = (tmp_path / "gan.keras").read_bytes()
    (tmp_path / "cut.keras").write_bytes(content[: len(content) // 2])
    refused(lambda: kg.load_model(tmp_path / "cut.keras"), "damaged")


def test_an_unknown_argument_of_compile():
    refused(
        lambda: make().compile(generater_optimizer="adam"), "did you mean 'generator_optimizer'"
    )


def test_an_optimizer_for_two():
    adam = keras.optimizers.Adam()
    refused(
        lambda: make().compile(generator_optimizer=adam, discriminator_optimizer=adam),
        "needs its own optimizer",
    )


def test_a_schedule_of_strangers():
    schedule = kg.Schedule([("generator",), ("critic",)])
    refused(lambda: make(schedule=schedule), "'critic'", "'discriminator'")
    refused(lambda: make(schedule=kg.Schedule([("generator",)])), "never moves 'discriminator'")


@pytest.mark.parametrize("decay", [1.0, -0.1, 2])
def test_a_decay_outside_its_range(decay):
    refused(lambda: make(average=decay), "decay in [0, 1)")


def test_sngan_without_spectral_normalization():
    refused(
        lambda: kg.SNGAN(toys.generator(), toys.discriminator()),
        "SNGAN needs",
        "found no such layer",
    )
    keras_own = keras.Sequential([keras.Input((2,)), layers.SpectralNormalization(layers.Dense(1))])
    refused(lambda: kg.SNGAN(toys.generator(), keras_own), "Keras's own wrapper")
    refused(lambda: kg.GAN(toys.generator(), keras_own), "use kg.layers.SpectralNormalization")


@pytest.mark.parametrize("options", [{"optimizer": "adam"}, {"loss": "mse"}])
def test_compile_as_for_one_network(options):
    refused(lambda: make().compile(**options), "one optimizer per player", "generator_optimizer=…")


def test_the_class_of_a_divergence():
    refused(
        lambda: kg.objectives.Variational(kg.objectives.divergences.KL), "Pass a divergence, KL()"
    )
