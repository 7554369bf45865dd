"""The frozen networks that come with the package: what they see, and that files are checked."""

import shutil

import keras
import numpy as np
import pytest
from sklearn.datasets import load_sample_image

from keras_gan.files.checksums import DamagedFileError
from keras_gan.metrics import features
from keras_gan.metrics.resizing import resized
from keras_gan.networks import backbones

NAME = "efficientnet_lite0"
PALACE, DAISY = 698, 985  # of ImageNet's classes


def photographs(size=224):
    """The palace and the flower of scikit-learn, cut to squares and made smaller, in [-1, 1]."""
    images = np.stack([load_sample_image(name) for name in ("china.jpg", "flower.jpg")])
    left = (images.shape[2] - images.shape[1]) // 2
    square = images[:, :, left : left + images.shape[1]].astype("float32") / 127.5 - 1.0
    return resized(square, size, size)


def test_a_palace_is_a_palace_and_a_daisy_a_daisy():
    network = backbones.classifier(NAME, (224, 224, 3))
    found, logits = map(keras.ops.convert_to_numpy, network(photographs()))
    assert logits.argmax(axis=1).tolist() == [PALACE, DAISY]
    assert found.shape == (2, 1280)
    assert found.min() >= 0  # means of ReLU6
    assert found.max() <= 6


@pytest.mark.thorough
def test_the_extractor_sees_them_at_its_own_size_too():
    extractor = features.get("imagenet")
    chances = extractor.probabilities(np.clip(photographs(), -1, 1))
    assert chances.argmax(axis=1).tolist() == [PALACE, DAISY]
    grey = np.clip(photographs().mean(axis=-1, keepdims=True), -1, 1)
    assert extractor(grey).shape == (2, extractor.dim) == (2, 1280)


def test_the_stages_are_those_of_the_classifier_and_do_not_train():
    stages = backbones.stages(NAME, (64, 96, 3))
    assert [map.shape[1:] for map in stages.outputs] == [
        (16, 24, 24),
        (8, 12, 40),
        (4, 6, 112),
        (2, 3, 320),
    ]
    assert stages.trainable_variables == []
    assert backbones.card(NAME)["parameters"] == 4_631_000  # with normalizations folded


def test_the_card_says_how_far_it_is_from_the_original():
    card = backbones.card(NAME)
    assert {"source", "license", "data", "command"} <= set(card)
    for kept, most in (("float32", 1e-5), ("float16", 2e-2)):
        errors = card[f"largest difference in {kept}"]
        assert len(errors) == 5
        assert all(0 < float(error) < most for error in errors.values())


def test_a_damaged_file_and_an_unknown_name_are_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="backbone"):
        backbones.stages("resnet9", (64, 64, 3))
    shutil.copytree(backbones.FOLDER / NAME, tmp_path / NAME)
    file = tmp_path / NAME / "weights.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(backbones, "FOLDER", tmp_path)
    with pytest.raises(DamagedFileError, match="checksum .* install keras-gan again"):
        backbones.stages(NAME, (64, 64, 3))
