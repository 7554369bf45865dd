"""`Reconstructions`: what is drawn, and what is refused before the first step."""

import numpy as np
import pytest
from PIL import Image

import keras_gan as kg
from keras_gan.callbacks import Reconstructions
from keras_gan.plotting.samples import rows_of_images, scatter


def autoencoder(shape):
    sizes = {"sample_shape": shape, "latent_dim": 2, "width": 4}
    networks = kg.networks.mlp_encoder(**sizes), kg.networks.mlp_decoder(**sizes)
    model = kg.Autoencoder(*networks, seed=0)
    model.compile()
    return model


def images(n, size=8):
    return np.random.default_rng(0).uniform(-1, 1, (n, size, size, 1)).astype("float32")


@pytest.mark.parametrize("with_noise", [False, True])
def test_rows_are_samples_what_is_seen_and_reconstructions(with_noise, tmp_path):
    model, x = autoencoder((8, 8, 1)), images(7)
    seen = -x if with_noise else None
    callback = Reconstructions(tmp_path, x, seen, columns=4)
    model.fit(x, epochs=2, verbose=0, callbacks=[callback])
    made = model.reconstruct(x if seen is None else seen)
    arrays = [x, made] if seen is None else [x, seen, made]
    expected = rows_of_images([each[i : i + 4] for i in (0, 4) for each in arrays])
    with Image.open(tmp_path / "epoch_0002.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))
    assert sorted(each.name for each in tmp_path.iterdir() if each.suffix != ".lock") == [
        "epoch_0001.png",
        "epoch_0002.png",
        "samples.gif",
    ]


def test_points_are_drawn_over_those_of_the_data(tmp_path):
    model, x = autoencoder((2,)), np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    model.fit(x, verbose=0, callbacks=[Reconstructions(tmp_path, x)])
    with Image.open(tmp_path / "epoch_0001.png") as picture:
        expected = scatter(model.reconstruct(x), x)
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": np.zeros((3, 8, 8, 2))}, r"x must be images, .*received shape \(3, 8, 8, 2\)"),
        ({"x": np.zeros((0, 8, 8, 1))}, "x must be images"),
        ({"x": np.zeros((3, 5))}, "or points"),
        ({"x": images(3), "seen": images(4)}, r"seen must have the shape \(3, 8, 8, 1\) of x"),
        ({"x": images(3), "columns": 0}, "columns must be a whole number of at least 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        Reconstructions(tmp_path, **arguments)


def test_it_needs_a_model_that_reconstructs_such_samples(tmp_path):
    with pytest.raises(ValueError, match=r"shape \(8, 8, 1\)"):
        autoencoder((8, 8, 1)).fit(
            images(4), verbose=0, callbacks=[Reconstructions(tmp_path, images(4, size=16))]
        )
    gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    gan.compile()
    x = np.zeros((8, 2), "float32")
    with pytest.raises(ValueError, match=r"a GAN does not reconstruct: use kg\.callbacks\.Samples"):
        gan.fit(x, verbose=0, callbacks=[Reconstructions(tmp_path, x)])
