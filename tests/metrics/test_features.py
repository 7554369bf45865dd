"""Feature extractors: what they are called, what they take, and what they return."""

import hashlib
import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan.files.checksums import DamagedFileError
from keras_gan.metrics import extractors, features, inception_weights, pixel_features
from keras_gan.metrics.resizing import fitted, resized

NAMES = sorted(extractors.NAMES)


@pytest.fixture
def images(rng):
    return rng.uniform(-1, 1, size=(5, 28, 28, 1)).astype("float32")


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_extractors_say_what_they_are_and_are_small(name):
    extractor, card = features.get(name), extractors.card(name)
    assert (extractor.name, extractor.version) == (name, str(card["version"]))
    assert extractor.dim == card["dim"] == 128
    height, width, _ = card["image_shape"]
    assert f"resized to {height} x {width} (bilinear, antialiased" in extractor.resize
    assert extractor.resize in str(extractor)
    assert f"{name} (version 1, 128-d; " in str(extractor)
    assert card["test_accuracy"] >= {"mnist": 0.992, "cifar10": 0.85}[name]
    assert {"data", "command", "seed", "seconds", "machine", "license"} <= set(card)
    folder = extractors.FOLDER / name
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 2 * 1024**2
    config = json.loads((folder / "config.json").read_text())
    assert {kind for kind in classes(config) if not kind.startswith("keras.layers.")} <= {
        "keras.src.models.functional.Functional",  # no code
        "keras.src.ops.numpy.Flip",
    }


def classes(config):
    """The classes a network's configuration names, those of networks within it included."""
    for layer in config["layers"]:
        yield f"{layer['module']}.{layer['class_name']}"
        yield from classes(layer["config"]) if "layers" in layer["config"] else ()


def test_photographs_and_their_mirror_images_have_the_same_features(rng):
    photographs = rng.uniform(-1, 1, size=(4, 32, 32, 3)).astype("float32")
    extract = features.get("cifar10")
    np.testing.assert_allclose(
        extract(photographs[:, :, ::-1]), extract(photographs), rtol=1e-4, atol=1e-5
    )


@pytest.mark.thorough
@pytest.mark.data
@pytest.mark.parametrize(("name", "images"), [("mnist", 10_000), ("cifar10", 2_000)])
def test_the_accuracy_on_the_card_is_that_of_the_extractor(name, images):
    import keras_gan as kg

    data = kg.data.load(name, split=f"test[:{images}]", labels=True).batch(images)
    samples, labels = next(data.as_numpy_iterator())
    accuracy = np.mean(features.get(name).probabilities(samples).argmax(axis=1) == labels)
    assert accuracy == pytest.approx(
        extractors.card(name)["test_accuracy"], abs=0.0002 if images == 10_000 else 0.02
    )


def test_features_are_finite_float64_and_do_not_depend_on_the_batch_size(images):
    extractor = features.get("mnist")
    values = extractor(images)
    assert values.shape == (5, 128)
    assert values.dtype == "float64"
    assert np.isfinite(values).all()
    assert values.std(axis=0).max() > 0.01
    np.testing.assert_allclose(extractor(images, batch_size=2), values, rtol=1e-4, atol=1e-5)


def test_probabilities_are_those_of_the_classifiers_logits(images):
    extractor = features.get("mnist")
    probabilities = extractor.probabilities(images, batch_size=3)
    assert probabilities.shape == (5, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-12)
    logits = extractors.load("mnist").predict_on_batch(images)[1]
    np.testing.assert_allclose(probabilities, tf.nn.softmax(logits), rtol=1e-4, atol=1e-6)


def test_an_extractor_is_read_once_and_returned_as_it_is():
    assert features.get("mnist") is features.get("mnist") is features.get(features.get("mnist"))


def test_the_policy_of_the_day_does_not_change_an_extractor(images):
    expected = extractors.load("mnist").predict_on_batch(images)
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = extractors.load("mnist")
    assert {layer.compute_dtype for layer in network.layers} == {"float32"}
    for values, same in zip(network.predict_on_batch(images), expected, strict=True):
        np.testing.assert_allclose(values, same, rtol=1e-5, atol=1e-6)
    assert keras.config.dtype_policy().name == "mixed_bfloat16"


def test_images_of_another_size_are_resized_by_the_stated_rule(rng):
    small = rng.uniform(-1, 1, size=(3, 14, 14, 1)).astype("float32")
    extractor = features.get("mnist")
    np.testing.assert_array_equal(extractor(small), extractor(resized(small, 28, 28)))
    with pytest.raises(ValueError, match=r"with 1 channel\(s\); received .* \(3, 28, 28, 3\)"):
        extractor(np.zeros((3, 28, 28, 3), "float32"))
    grey = rng.uniform(-1, 1, size=(3, 32, 32, 1)).astype("float32")
    extractor = features.get("cifar10")
    np.testing.assert_array_equal(extractor(grey), extractor(np.repeat(grey, 3, axis=-1)))
    with pytest.raises(ValueError, match="images with 1 or 3 channel"):
        extractor(np.zeros((3, 32, 32, 4), "float32"))


@pytest.mark.parametrize("size", [(8, 8), (28, 28), (16, 40), (100, 7), (33, 32)])
def test_resizing_is_the_antialiased_bilinear_one(rng, size):
    images = rng.uniform(-1, 1, size=(2, 33, 32, 3))
    expected = tf.image.resize(images, size, antialias=True)
    np.testing.assert_allclose(resized(images, *size), expected, atol=1e-5)


def test_resizing_keeps_what_it_must(rng):
    images = rng.uniform(-1, 1, size=(2, 12, 12, 3))
    assert resized(images, 12, 12) is images or np.array_equal(resized(images, 12, 12), images)
    np.testing.assert_allclose(resized(np.ones((1, 32, 32, 1)), 299, 299), 1.0, rtol=1e-12)
    np.testing.assert_allclose(  # a mean over blocks it is not, but the mean of all it keeps
        resized(images, 4, 4).mean(), resized(images, 4, 4)[:, ::-1, ::-1].mean(), rtol=1e-9
    )
    np.testing.assert_allclose(
        resized(images[:, ::-1, ::-1], 5, 7), resized(images, 5, 7)[:, ::-1, ::-1], atol=1e-12
    )
    assert np.abs(resized(images, 30, 30)).max() <= 1.0
    assert fitted(images, (None, None, 3)).shape == images.shape


def test_pixels_are_pixel_features(rng):
    extractor = features.get("pixels")
    for samples in (rng.uniform(-1, 1, size=(9, 40, 40, 3)), 5 * rng.normal(size=(9, 2))):
        np.testing.assert_array_equal(extractor(samples, 4), pixel_features(samples)[0])
    assert extractor.dim is None
    assert "averaged over blocks" in str(extractor)
    with pytest.raises(ValueError, match="'pixels' is not a classifier, .* 'mnist'"):
        extractor.probabilities(np.zeros((2, 2)))


@pytest.mark.parametrize("name", ["pixels", "mnist"])
@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros((2, 28, 28, 1), "uint8"), "received uint8.*127.5"),
        (np.full((2, 28, 28, 1), 255.0), r"must lie in \[-1, 1\]; received values from 255"),
        (np.full((2, 28, 28, 1), np.nan), "NaN"),
        (np.zeros(3), r"received shape \(3,\)"),
        (np.zeros((0, 28, 28, 1)), "at least one"),
    ],
)
def test_bad_samples_are_refused(name, samples, message):
    with pytest.raises(ValueError, match=message):
        features.get(name)(samples)


def test_a_classifier_takes_images_alone_and_pixels_whatever_there_is():
    series = np.zeros((2, 28, 28))
    with pytest.raises(ValueError, match=r"takes images .*received shape \(2, 28, 28\)"):
        features.get("mnist")(series)
    assert features.get("pixels")(series).shape == (2, 28 * 28)
    with pytest.raises(ValueError, match=r"Images must lie in \[-1, 1\]"):
        features.get("mnist")(np.full((2, 28, 28, 1), 2.0), value_range=None)


def test_a_data_set_is_told_how_to_become_an_array():
    import keras_gan as kg

    with pytest.raises(TypeError, match=r"received a .*Dataset: pass, .*as_numpy_iterator"):
        features.get("pixels")(kg.data.load("digits"))


def test_bad_arguments_are_refused(images):
    with pytest.raises(ValueError, match="Unknown feature extractor 'minst': did you mean 'mnist'"):
        features.get("minst")
    with pytest.raises(ValueError, match="any Keras model"):
        features.get(3)
    with pytest.raises(ValueError, match="takes images .* For other samples use 'pixels'"):
        features.get("mnist")(np.zeros((4, 2)))
    with pytest.raises(ValueError, match="batch_size must be"):
        features.get("mnist")(images, batch_size=0)


def small_model(units=4):
    return keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.AveragePooling2D(4), keras.layers.Dense(units)],
        name="mine",
    )


def test_any_keras_model_extracts_its_output(rng):
    model = small_model()
    extractor = features.get(model)
    samples = rng.uniform(-1, 1, size=(7, 8, 8, 3)).astype("float32")
    assert (extractor.name, extractor.dim) == ("mine", 16)
    np.testing.assert_allclose(
        extractor(samples, 3), np.reshape(model(samples), (7, 16)), rtol=1e-5, atol=1e-6
    )
    assert "resized to 8 x 8" in extractor.resize
    assert extractor(np.zeros((2, 30, 30, 1), "float32")).shape == (2, 16)


def test_the_version_of_a_model_is_that_of_its_weights():
    model = small_model()
    version = features.get(model).version
    assert features.get(model).version == version
    model.layers[-1].kernel.assign(2.0 * model.layers[-1].kernel)
    assert features.get(model).version != version
    assert len(version) == 12


def test_a_model_of_points_takes_points(rng):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(5, use_bias=False)])
    extractor, points = features.get(model), 3 * rng.normal(size=(10, 2))
    np.testing.assert_allclose(
        extractor(points, 4), points @ model.layers[0].kernel.numpy(), rtol=1e-4, atol=1e-5
    )
    with pytest.raises(ValueError, match=r"takes points of shape \(2,\); received .* \(4, 3\)"):
        extractor(np.zeros((4, 3)))


def test_models_that_extract_nothing_are_refused():
    a, b = keras.Input((3,)), keras.Input((3,))
    two = keras.Model([a, b], keras.layers.Add()([a, b]))
    open_ended = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(4, 3)])
    with pytest.raises(ValueError, match="one input and one output"):
        features.get(two)
    with pytest.raises(ValueError, match="must be built"):
        features.get(keras.Sequential([keras.layers.Dense(3)]))
    with pytest.raises(ValueError, match="End it with a pooling layer"):
        features.get(open_ended)


@pytest.mark.parametrize("file", ["weights.npz", "config.json"])
def test_a_damaged_extractor_is_not_even_parsed(tmp_path, file, monkeypatch):
    shutil.copytree(extractors.FOLDER / "mnist", tmp_path / "mnist")
    path = tmp_path / "mnist" / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    for parser in (json, np):  # whoever parses before the checksum is seen fails here
        monkeypatch.setattr(parser, "load", None)
    with pytest.raises(DamagedFileError, match=f"{file} does not have the checksum"):
        extractors.load("mnist", tmp_path)


@pytest.mark.parametrize("file", ["weights.npz", "config.json", "card.json"])
def test_an_extractor_with_a_missing_file_is_called_so(tmp_path, file):
    shutil.copytree(extractors.FOLDER / "mnist", tmp_path / "mnist")
    (tmp_path / "mnist" / file).unlink()
    with pytest.raises(
        DamagedFileError, match=f"incomplete or damaged .*{file}.*install keras-gan again"
    ):
        extractors.load("mnist", tmp_path)


def test_the_weights_hold_no_pickled_objects(tmp_path):
    shutil.copytree(extractors.FOLDER / "mnist", tmp_path / "mnist")
    path = tmp_path / "mnist" / "weights.npz"
    np.savez(path, **{"000": np.array([{"code": 1}], dtype=object)})
    card = extractors.card("mnist", tmp_path)
    card["sha256"]["weights.npz"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "mnist" / "card.json").write_text(json.dumps(card))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        extractors.load("mnist", tmp_path)


def test_inception_without_network_says_where_to_put_the_file(tmp_path, monkeypatch):
    def no_network(*args, **kwargs):
        raise Exception("URL fetch failure")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras.utils, "get_file", no_network)
    with pytest.raises(FileNotFoundError) as caught:
        features.get("inception")
    message = str(caught.value)
    assert str(tmp_path / "models" / inception_weights.FILE) in message
    assert inception_weights.MD5 in message
    assert "\n" not in message


def test_a_damaged_inception_file_is_named_and_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    file = tmp_path / "models" / inception_weights.FILE
    file.parent.mkdir()
    file.write_bytes(b"half of it")
    with pytest.raises(DamagedFileError, match=f"{file} has the MD5 .*remove it"):
        inception_weights.weights_file()
    assert file.read_bytes() == b"half of it"


@pytest.mark.slow
def test_inception_is_read_from_that_place(tmp_path, monkeypatch, rng):
    keras.utils.set_random_seed(0)
    untrained = keras.applications.InceptionV3(weights=None, classifier_activation=None)
    file = tmp_path / inception_weights.FILE
    untrained.save(file)  # the old format, which Keras's own file has
    monkeypatch.setattr(inception_weights, "weights_file", lambda: file)
    features.inception.cache_clear()
    extractor = features.get("inception")
    features.inception.cache_clear()
    images = rng.uniform(-1, 1, size=(2, 299, 299, 3)).astype("float32")
    assert extractor.dim == 2048
    assert "resized to 299 x 299" in str(extractor)
    assert "grey repeated over 3 channels" in str(extractor)
    logits = untrained.predict_on_batch(images)
    np.testing.assert_allclose(
        extractor.probabilities(images), tf.nn.softmax(logits), rtol=1e-3, atol=1e-6
    )
    assert extractor(images[:, :64, :64, :1]).shape == (2, 2048)


def test_a_network_is_traced_once_whatever_the_number_of_samples(rng):
    """A last batch of another size would be compiled for itself."""
    sizes = []

    @keras.saving.register_keras_serializable(package="tests")
    class Seen(keras.layers.Layer):
        def call(self, x):
            sizes.append(x.shape[0])
            return 2.0 * x

    model = keras.Sequential([keras.Input((3,)), Seen()])
    extractor, x = features.get(model), rng.normal(size=(700, 3)).astype("float32")
    sizes.clear()
    for n in (700, 300, 257):
        np.testing.assert_array_equal(extractor(x[:n]), 2.0 * x[:n])
    assert sizes == [256]


def test_large_images_are_looked_at_a_few_at_a_time():
    large = keras.Sequential([keras.Input((1024, 1024, 3)), keras.layers.GlobalAveragePooling2D()])
    deep = keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            keras.layers.Conv2D(512, 1),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    small = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D()])
    assert [features.get(each).at_once for each in (large, deep, small)] == [10, 16, 256]
    seen = []
    predict, large.predict_on_batch = (
        large.predict_on_batch,
        lambda x: seen.append(len(x)) or predict(x),
    )
    assert features.get(large)(np.zeros((11, 1024, 1024, 3), "float32")).shape == (11, 3)
    assert seen == [10, 10]
    seen.clear()
    features.get(large)(np.zeros((2, 1024, 1024, 3), "float32"), batch_size=1)
    assert seen == [1, 1]
