"""The picture of translations after every epoch."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gan.callbacks import Translations
from keras_gan.plotting.samples import rows_of_images


class Brightness(keras.Model):
    """A pair of translators that train to nothing: y is x, brighter by an amount that grows."""

    def __init__(self):
        super().__init__()
        self.shift = self.add_weight(shape=(), initializer="zeros")

    def translate(self, samples, to="y"):
        sign = {"y": 1, "x": -1}[to]
        return np.asarray(samples) + sign * float(self.shift)


@pytest.fixture
def images(rng):
    return [rng.uniform(-0.5, 0.5, (5, 8, 8, 1)).astype("float32") for _ in range(2)]


def opened(file):
    with Image.open(file) as picture:
        return np.asarray(picture)


def trained(callback, epochs, model=None, first=0):
    """Calls a callback as `fit` would; every epoch brightens a little more."""
    model = model or Brightness()
    callback.set_model(model)
    callback.set_params({"epochs": epochs, "initial_epoch": first})
    callback.on_train_begin()
    for epoch in range(first, epochs):
        model.shift.assign_add(0.25)
        callback.on_epoch_end(epoch)
    callback.on_train_end()


def test_six_rows_show_the_images_their_translations_and_the_way_back(images, tmp_path):
    x, y = images
    trained(Translations(tmp_path / "new", x, y, count=3), 2)
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == ["epoch_0001.png", "epoch_0002.png", "samples.gif"]
    for epoch, shift in ((1, 0.25), (2, 0.5)):
        rows = [x, x + shift, x, y, y - shift, y]
        expected = rows_of_images([row[:3] for row in rows])
        picture = opened(tmp_path / "new" / f"epoch_{epoch:04d}.png")
        np.testing.assert_array_equal(picture, np.asarray(expected))
    with Image.open(tmp_path / "new" / "samples.gif") as gif:
        assert gif.n_frames == 2


class Upwards(Brightness):
    """One way alone."""

    translators = {"y": "generator"}  # noqa: RUF012


def test_three_rows_show_the_images_their_translations_and_the_truth(images, tmp_path):
    x, y = images
    trained(Translations(tmp_path, x, y, count=3), 1, Upwards())
    expected = rows_of_images([row[:3] for row in (x, x + 0.25, y)])
    np.testing.assert_array_equal(opened(tmp_path / "epoch_0001.png"), np.asarray(expected))


def test_every_other_epoch_and_without_gif(images, tmp_path):
    trained(Translations(tmp_path, *images, every=2, gif=False), 4)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["epoch_0002.png", "epoch_0004.png"]


def test_numbers_below_one_and_what_is_no_image_are_refused(images, tmp_path):
    for name in ("count", "every"):
        with pytest.raises(
            ValueError, match=f"{name} must be a whole number of at least 1; received 0"
        ):
            Translations(tmp_path, *images, **{name: 0})
    with pytest.raises(ValueError, match=r"y must be images, .*; received shape \(5, 2\)"):
        Translations(tmp_path, images[0], np.zeros((5, 2)))
