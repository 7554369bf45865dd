"""The picture of every epoch."""

import io
import time

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import keras_gan as kg
from keras_gan.callbacks import Samples, TensorBoard
from keras_gan.plotting.samples import image_grid, scatter


@pytest.fixture
def gan():
    generator = kg.networks.dcgan_generator((8, 8, 1), latent_dim=4, width=4)
    discriminator = kg.networks.dcgan_discriminator((8, 8, 1), width=4)
    gan = kg.GAN(generator, discriminator, seed=0)
    gan.compile()
    return gan


@pytest.fixture
def images(rng):
    return rng.uniform(-1, 1, (32, 8, 8, 1)).astype("float32")


def opened(file):
    with Image.open(file) as picture:
        return np.asarray(picture)


def test_a_picture_an_epoch_of_the_same_latent_vectors(gan, images, tmp_path):
    samples = Samples(tmp_path / "new" / "folder", count=9, seed=3, log_dir=tmp_path / "logs")
    logs = TensorBoard(str(tmp_path / "logs"))
    begun = time.time()
    gan.fit(images, epochs=3, verbose=0, callbacks=[samples, logs])
    names = sorted(path.name for path in samples.folder.iterdir())
    assert names == ["epoch_0001.png", "epoch_0002.png", "epoch_0003.png", "samples.gif"]
    last = np.asarray(image_grid(gan.generate(9, seed=3)))
    np.testing.assert_array_equal(opened(samples.folder / names[2]), last)
    with Image.open(samples.folder / "samples.gif") as gif:
        assert gif.n_frames == 3
        assert gif.size == last.shape[::-1]

    events = EventAccumulator(str(tmp_path / "logs")).Reload()
    summaries = events.Images("samples")
    assert [summary.step for summary in summaries] == [0, 1, 2]
    times = [summary.wall_time for summary in summaries]
    assert times == sorted(times)
    assert begun <= times[0]
    assert times[-1] <= time.time()
    shown = opened(io.BytesIO(summaries[-1].encoded_image_string))
    np.testing.assert_array_equal(shown, last)


def test_every_other_epoch_and_without_gif(gan, images, tmp_path):
    gan.fit(images, epochs=4, verbose=0, callbacks=[Samples(tmp_path, every=2, gif=False)])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["epoch_0002.png", "epoch_0004.png"]


def test_a_continued_run_continues_the_numbers_and_the_gif(gan, images, tmp_path):
    gan.fit(images, epochs=2, verbose=0, callbacks=[Samples(tmp_path)])
    picture_of_another_run = tmp_path / "epoch_0009.png"
    Image.new("L", (10, 10)).save(picture_of_another_run)
    gan.fit(images, initial_epoch=2, epochs=3, verbose=0, callbacks=[Samples(tmp_path)])
    assert (tmp_path / "epoch_0003.png").exists()
    with Image.open(tmp_path / "samples.gif") as gif:
        assert gif.n_frames == 3


def test_points_are_drawn_over_the_data_on_axes_that_stay(tmp_path):
    gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    gan.compile()
    real = np.array([[3.0, 0.0], [0.0, 3.0]], "float32")
    gan.fit(real, epochs=2, verbose=0, callbacks=[Samples(tmp_path, count=20, real=real)])
    expected = np.asarray(scatter(gan.generate(20, seed=0), real))
    np.testing.assert_array_equal(opened(tmp_path / "epoch_0002.png"), expected)


@pytest.mark.parametrize("name", ["count", "every"])
def test_numbers_below_one_are_refused(name, tmp_path):
    with pytest.raises(
        ValueError, match=f"{name} must be a whole number of at least 1; received 0"
    ):
        Samples(tmp_path, **{name: 0})
