import socket
import urllib.request

import numpy as np
import pytest
import tensorflow_datasets as tfds

from keras_gan import data

FEATURES = {
    "labelled": {
        "thumbnail": tfds.features.Image(shape=(2, 2, 1)),
        "image": tfds.features.Image(shape=(4, 4, 3)),
        "label": tfds.features.ClassLabel(num_classes=3),
    },
    "plain": {"picture": tfds.features.Image(shape=(None, None, 1))},
    "deep": {"image": tfds.features.Image(shape=(4, 4, 1), dtype=np.uint16)},
    "twins": {
        "left": tfds.features.Image(shape=(2, 2, 1)),
        "right": tfds.features.Image(shape=(2, 2, 1)),
        "colour": tfds.features.ClassLabel(num_classes=2),
        "form": tfds.features.ClassLabel(num_classes=2),
    },
    "words": {"text": tfds.features.Text(), "label": tfds.features.ClassLabel(num_classes=3)},
}


def example(config, i):
    rng = np.random.default_rng(i)
    return {
        "labelled": {
            "thumbnail": np.zeros((2, 2, 1), np.uint8),
            "image": rng.integers(256, size=(4, 4, 3), dtype=np.uint8),
            "label": i % 3,
        },
        "plain": {"picture": np.full((4 + i, 6, 1), 255, np.uint8)},
        "deep": {"image": np.zeros((4, 4, 1), np.uint16)},
        "twins": {
            "left": np.zeros((2, 2, 1), np.uint8),
            "right": np.ones((2, 2, 1), np.uint8),
            "colour": 0,
            "form": 1,
        },
        "words": {"text": "word", "label": 0},
    }[config]


class TinyImages(tfds.core.GeneratorBasedBuilder):
    """Six samples, generated here: what TFDS does with them is real."""

    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = [tfds.core.BuilderConfig(name=name) for name in FEATURES]  # noqa: RUF012

    def _info(self):
        features = tfds.features.FeaturesDict(FEATURES[self.builder_config.name])
        return self.dataset_info_from_configs(features=features)

    def _split_generators(self, manager):
        return {"train": self._generate_examples()}

    def _generate_examples(self):
        for i in range(6):
            yield i, example(self.builder_config.name, i)


@pytest.fixture
def empty_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def online(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])


@pytest.fixture
def offline(monkeypatch):
    def fail(*_):
        raise socket.gaierror("no name service")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    monkeypatch.setattr(urllib.request, "getproxies", dict)


@pytest.mark.thorough
@pytest.mark.usefixtures("online")
def test_what_is_not_prepared_is_prepared_and_then_found(empty_dir, read, request):
    x, y = read(data.load("tiny_images/labelled", labels=True))
    assert x.dtype == np.float32
    assert y.dtype == np.int32
    np.testing.assert_array_equal(np.sort(y), [0, 0, 1, 1, 2, 2])
    expected = {example("labelled", i)["image"].tobytes() for i in range(6)}
    assert {image.tobytes() for image in np.rint((x + 1) * 127.5).astype(np.uint8)} == expected
    request.getfixturevalue("offline")
    np.testing.assert_array_equal(read(data.load("tiny_images/labelled")), x)
    np.testing.assert_array_equal(
        read(data.load("tiny_images/labelled", split="train[2:5]")), x[2:5]
    )


@pytest.mark.usefixtures("online", "empty_dir")
def test_images_of_any_name_and_size_are_found(read):
    x = read(data.load("tiny_images/plain", image_size=4))
    np.testing.assert_array_equal(x, np.ones((6, 4, 4, 1)))
    with pytest.raises(ValueError, match=r"different shapes .* image_size"):
        data.batches(data.load("tiny_images/plain"), 2)


@pytest.mark.usefixtures("online", "empty_dir")
def test_sets_that_cannot_serve_are_refused():
    with pytest.raises(ValueError, match="tiny_images/words' has no images; .* text"):
        data.load("tiny_images/words")
    with pytest.raises(ValueError, match=r"several images, left, right.*example\['left'\]"):
        data.load("tiny_images/twins")
    with pytest.raises(ValueError, match="tiny_images/plain' has no labels; .* picture"):
        data.load("tiny_images/plain", labels=True)
    with pytest.raises(ValueError, match="The images of .* are uint16; they must be uint8"):
        data.load("tiny_images/deep")
    with pytest.raises(ValueError, match=r"no split 'test'; allowed are train .*'train\[:1000\]'"):
        data.load("tiny_images/labelled", split="test")
    with pytest.raises(ValueError, match="TensorFlow Datasets rejects 'tiny_images/nonsense'"):
        data.load("tiny_images/nonsense")


@pytest.mark.usefixtures("offline")
def test_without_data_and_network_the_error_says_what_to_do(empty_dir):
    message = f"'mnist' is not prepared in {empty_dir}.*not be downloaded.*Set TFDS_DATA_DIR"
    with pytest.raises(ValueError, match=message):
        data.load("mnist")


@pytest.mark.usefixtures("offline", "empty_dir")
def test_nothing_is_logged_on_the_way(caplog):
    with pytest.raises(ValueError, match="not prepared"):
        data.load("mnist")
    assert not caplog.records


@pytest.mark.data
@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("name", "split", "shape", "count"),
    [
        ("mnist", "train", (28, 28, 1), 60_000),
        ("mnist", "test", (28, 28, 1), 10_000),
        ("cifar10", "train", (32, 32, 3), 50_000),
        ("cifar10", "test", (32, 32, 3), 10_000),
        ("mnist", "train[:1000]", (28, 28, 1), 1_000),
        ("cifar10", "test[50%:]", (32, 32, 3), 5_000),
    ],
)
def test_real_sets_have_their_known_shapes_and_numbers(name, split, shape, count):
    dataset = data.load(name, split=split)
    assert dataset.element_spec.shape == shape
    assert len(dataset) == count


@pytest.mark.data
@pytest.mark.usefixtures("offline")
def test_mnist_is_mnist(read):
    x, y = read(data.load("mnist", split="test", labels=True))
    assert x.min() == -1
    assert x.max() == 1
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    np.testing.assert_array_equal(np.bincount(y), counts)
    assert (x.mean() + 1) / 2 == pytest.approx(0.1325, abs=2e-4)  # the known mean of the test set


@pytest.mark.thorough
@pytest.mark.data
@pytest.mark.usefixtures("offline")
def test_cifar10_has_a_thousand_test_images_a_class(read):
    x, y = read(data.load("cifar10", split="test", labels=True))
    np.testing.assert_array_equal(np.bincount(y), np.full(10, 1_000))
    known_means = np.array([0.494, 0.485, 0.450])
    np.testing.assert_allclose((x.mean((0, 1, 2)) + 1) / 2, known_means, atol=0.005)


@pytest.mark.data
@pytest.mark.usefixtures("offline")
def test_real_images_can_be_resized(read):
    x = read(data.load("mnist", split="test[:500]", image_size=32))
    assert x.shape == (500, 32, 32, 1)
    assert -1 <= x.min() < x.max() <= 1
    np.testing.assert_allclose((x + 1) * 127.5, np.rint((x + 1) * 127.5), atol=1e-4)


@pytest.mark.thorough
@pytest.mark.data
@pytest.mark.usefixtures("offline")
def test_real_batches_are_the_set_in_another_order(read):
    source = data.load("mnist", split="test[:1000]", labels=True)
    x, y = read(source)
    got = list(data.batches(source, 50, discriminator_steps=2).as_numpy_iterator())
    assert len(got) == 10
    batched = zip(
        np.concatenate([g[0] for g in got]), np.concatenate([g[1] for g in got]), strict=True
    )
    assert sorted((i.tobytes(), int(k)) for i, k in batched) == sorted(
        (i.tobytes(), int(k)) for i, k in zip(x, y, strict=True)
    )
