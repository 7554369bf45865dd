import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_gan import data
from keras_gan.data import load

OFFLINE = ["digits", "stacked_digits", "ring", "grid", "swiss_roll"]


def test_every_built_in_set_has_one_line_of_description():
    assert set(OFFLINE) < set(data.DATASETS)
    assert all(20 < len(line) < 90 and "\n" not in line for line in data.DATASETS.values())


@pytest.mark.parametrize("name", OFFLINE)
def test_sets_yield_single_float32_samples_of_known_number(name):
    dataset = data.load(name)
    assert dataset.element_spec.dtype == "float32"
    assert dataset.element_spec.shape.is_fully_defined()
    assert len(dataset) == (1_797 if name == "digits" else 50_000)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("digist", "digits"), ("mnits", "mnist"), ("MNIST ", "mnist"), ("cifar-10", "cifar10")],
)
def test_an_unknown_name_is_told_the_nearest(name, nearest):
    with pytest.raises(ValueError, match=f"Unknown data set '{name}': did you mean '{nearest}'"):
        data.load(name)


@pytest.mark.parametrize("name", ["", "q/w/e/r/t/y", "a name with blanks"])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(
        ValueError, match=r"\. Known: 'digits', 'stacked_digits', 'ring', .* 'mnist'"
    ):
        data.load(name)


@pytest.mark.parametrize("name", ["./nowhere", "/no/where", "~/nowhere"])
def test_a_path_that_is_no_folder_is_said_to_be_none(name):
    with pytest.raises(ValueError, match=f"There is no folder '{name}'"):
        data.load(name)


@pytest.mark.parametrize("name", ["ring", "stacked_digits"])
def test_an_unknown_split_lists_the_known_ones(name):
    with pytest.raises(ValueError, match=f"'{name}' has no split 'valid'; allowed: train, test"):
        data.load(name, split="valid")


@pytest.mark.parametrize("size", [4, 16])
def test_image_size_resizes(size, read):
    x, y = read(data.load("digits", image_size=size, labels=True))
    original, classes = read(data.load("digits", labels=True))
    assert x.shape == (1797, size, size, 1)
    np.testing.assert_array_equal(y, classes)
    assert x.mean() == pytest.approx(original.mean(), abs=0.03)
    assert x.min() >= -1
    assert x.max() <= 1


def test_points_have_no_image_size():
    with pytest.raises(ValueError, match=r"'ring' holds points of shape \(2,\); leave image_size"):
        data.load("ring", image_size=8)
    with pytest.raises(ValueError, match=r"An array holds points of shape \(3,\)"):
        data.load(np.zeros((5, 3)), image_size=8)


@pytest.mark.parametrize("size", [0, -8, 8.0, (8, 0), (8, 8, 3), (8,), [8, "8"]])
def test_image_size_must_be_a_positive_integer(size):
    with pytest.raises(ValueError, match="image_size must be a whole number of at least 1"):
        data.load("digits", image_size=size)


def test_a_name_in_the_table_beats_a_folder_of_that_name(tmp_path, monkeypatch):
    (tmp_path / "digits").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len(data.load("digits")) == 1_797
    with pytest.raises(ValueError, match="The folder 'digits' holds no images"):
        data.load("./digits")


@pytest.mark.thorough
def test_importing_loads_no_data_library():
    script = """
import sys
import keras
before = set(sys.modules)
import keras_gan.data
added = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(added & {"tensorflow_datasets", "sklearn", "matplotlib"}))
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_crop_cuts_the_middle_square_out_of_images_first(tmp_path):
    x = np.arange(2 * 8 * 6 * 1, dtype="uint8").reshape(2, 8, 6, 1)
    cut = [image * 127.5 + 127.5 for image in load(x, crop=4).as_numpy_iterator()]
    np.testing.assert_allclose(cut, x[:, 2:6, 1:5], atol=1e-4)
    assert load(x, crop=4, image_size=8).element_spec.shape == (8, 8, 1)
    floats = x.astype("float32") / 255
    np.testing.assert_allclose(list(load(floats, crop=4).as_numpy_iterator()), floats[:, 2:6, 1:5])
    Image.fromarray(np.repeat(x[0], 3, -1)).save(tmp_path / "a.png")
    (found,) = load(str(tmp_path), crop=4).as_numpy_iterator()
    np.testing.assert_allclose(found, np.repeat(cut[0], 3, -1) / 127.5 - 1, atol=1e-6)


RATIOS = [(6, 4), (3, 4), (8, 8), (5, 1), (1, 9), (27, 45)]


@pytest.mark.parametrize("sides", RATIOS)
def test_image_size_may_be_a_height_and_a_width(sides, tmp_path):
    """The largest part of the middle with that ratio is resized; PIL and TensorFlow agree."""
    rng = np.random.default_rng(0)
    x = np.asarray(Image.fromarray(rng.integers(256, size=(3, 3, 3), dtype="uint8")).resize((8, 6)))
    height, width = sides
    part = min(6, round(8 * height / width)), min(8, round(6 * width / height))
    top, left = ((n - m) // 2 for n, m in zip((6, 8), part, strict=True))
    middle = x[top : top + part[0], left : left + part[1]]
    expected = Image.fromarray(middle).resize((width, height), Image.Resampling.BILINEAR)
    (found,) = load(x[None], image_size=sides).as_numpy_iterator()
    assert found.shape == (*sides, 3)
    np.testing.assert_allclose(found, np.asarray(expected) / 127.5 - 1, atol=2.5 * 2 / 255)
    Image.fromarray(x).save(tmp_path / "a.png")
    (of_file,) = load(tmp_path, image_size=list(sides)).as_numpy_iterator()
    np.testing.assert_allclose(of_file, np.asarray(expected) / 127.5 - 1, atol=1e-6)


def test_one_number_and_a_pair_of_it_are_the_same(tmp_path):
    x = np.arange(2 * 8 * 6, dtype="uint8").reshape(2, 8, 6, 1)
    for name in ("image_size", "crop"):
        one, other = (
            np.stack(list(load(x, **{name: size}).as_numpy_iterator())) for size in (4, (4, 4))
        )
        np.testing.assert_array_equal(one, other)


def test_crop_may_be_a_height_and_a_width():
    x = np.arange(2 * 8 * 6, dtype="uint8").reshape(2, 8, 6, 1)
    cut = [(image + 1) * 127.5 for image in load(x, crop=(2, 5)).as_numpy_iterator()]
    np.testing.assert_allclose(cut, x[:, 3:5, 0:5], atol=1e-4)
    with pytest.raises(ValueError, match=r"crop=\(2, 7\) cuts the middle out of images"):
        load(x, crop=(2, 7))


def test_a_crop_that_does_not_fit_is_refused(tmp_path):
    Image.fromarray(np.zeros((8, 6, 3), "uint8")).save(tmp_path / "a.png")
    for source in (np.zeros((2, 8, 6, 1), "uint8"), str(tmp_path)):
        with pytest.raises(ValueError, match="crop=7"):
            load(source, crop=7)
    with pytest.raises(ValueError, match="crop=4 is for images"):
        load("ring", crop=4)
    with pytest.raises(ValueError, match="crop must be a whole number of at least 1"):
        load("digits", crop=0)
