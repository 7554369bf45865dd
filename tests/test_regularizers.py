"""Orthogonal regularization: kernels as matrices, in both forms, in whole networks."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.penalties.regularizers import Orthogonal, regularize
from tests import toys

SHAPES = {  # kernel, the axes of its outputs, and how to write it as rows of outputs
    "dense": ((5, 3), (-1,), lambda k: k.T),
    "wide": ((3, 5), (-1,), lambda k: k.T),
    "convolution": ((3, 3, 2, 4), (-1,), lambda k: np.moveaxis(k, -1, 0).reshape(4, -1)),
    "transposed": ((3, 3, 4, 2), (-2,), lambda k: np.moveaxis(k, -2, 0).reshape(4, -1)),
    "depthwise": (
        (3, 3, 2, 2),
        (-2, -1),
        lambda k: np.moveaxis(k, (-2, -1), (0, 1)).reshape(4, -1),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("diagonal", [False, True])
def test_formula(name, diagonal, rng):
    shape, axes, rows = SHAPES[name]
    kernel = rng.normal(size=shape)
    matrix = rows(kernel)
    products = matrix @ matrix.T
    expected = np.sum((products - np.diag(np.diag(products))) ** 2)
    if diagonal:
        expected = np.sum(np.abs(products - np.eye(len(products))))
    found = Orthogonal(0.3, diagonal, axes)(ops.convert_to_tensor(kernel, "float32"))
    assert float(found) == pytest.approx(0.3 * expected, rel=1e-5)


def test_orthogonal_rows_cost_nothing_and_of_any_length_without_the_diagonal(rng):
    rows, _ = np.linalg.qr(rng.normal(size=(6, 4)))
    orthogonal = ops.convert_to_tensor(rows, "float32")
    for diagonal in (False, True):
        assert float(Orthogonal(1.0, diagonal)(orthogonal)) == pytest.approx(0.0, abs=1e-5)
    assert float(Orthogonal(1.0)(3.0 * orthogonal)) == pytest.approx(0.0, abs=1e-4)
    assert float(Orthogonal(1.0, diagonal=True)(3.0 * orthogonal)) == pytest.approx(32.0, rel=1e-4)


def images():
    """A network with a layer of each kind."""
    x = keras.Input((8, 8, 2))
    h = kg.layers.SpectralNormalization(kg.layers.Conv2D(4, 3))(x)
    h = layers.SeparableConv2D(3, 3)(layers.DepthwiseConv2D(3)(h))
    h = kg.layers.Conv2DTranspose(2, 3)(layers.LayerNormalization()(h))
    return keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))


def regularized(network):
    return {v.path: v.regularizer.output_axes for v in network.variables if v.regularizer}


def test_every_kernel_of_a_network_is_the_matrix_that_it_is(tmp_path):
    network = images()
    regularize(network, Orthogonal(0.1))
    found = list(regularized(network).values())
    assert sorted(map(tuple, found)) == sorted(
        [(-1,), (-2, -1), (-2, -1), (-1,), (-2,), (-1,)]  # of the dense layer, too
    )
    network.save(tmp_path / "network.keras")
    again = keras.models.load_model(tmp_path / "network.keras")
    assert [tuple(axes) for axes in regularized(again).values()] == [tuple(a) for a in found]
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 2)).astype("float32")
    network(x)
    again(x)
    assert sum(map(float, again.losses)) == pytest.approx(sum(map(float, network.losses)), rel=1e-5)


def test_the_player_whose_network_it_is_pays():
    generator, discriminator = toys.generator(), toys.discriminator()
    regularize(generator, Orthogonal(0.5))
    gan = kg.GAN(generator, discriminator, seed=0)
    gan.compile(run_eagerly=True)
    expected = 0.0
    for kernel in (v for v in generator.trainable_variables if v.name == "kernel"):
        products = np.array(kernel).T @ np.array(kernel)
        expected += 0.5 * np.sum((products - np.diag(np.diag(products))) ** 2)
    logs = gan.test_on_batch(toys.points(8), return_dict=True)
    assert logs["generator_regularization"] == pytest.approx(expected, rel=1e-5)
    assert "discriminator_regularization" not in logs
    before = expected
    for _ in range(30):
        gan.train_on_batch(toys.points(8))
    gan.reset_metrics()
    assert gan.test_on_batch(toys.points(8), return_dict=True)["generator_regularization"] < before


def test_refusals():
    with pytest.raises(ValueError, match="weight must be a number of at least 0"):
        Orthogonal(-1.0)
    with pytest.raises(ValueError, match=r"kg\.regularizers\.Orthogonal\(weight\) into a network"):
        regularize(toys.discriminator(), "l2")
    other = keras.Sequential([keras.Input((2,)), layers.Dense(1, kernel_regularizer="l2")])
    with pytest.raises(ValueError, match="already has the regularizer"):
        regularize(other, Orthogonal())
    with pytest.raises(ValueError, match="no dense layer"):
        regularize(keras.Sequential([keras.Input((2,)), layers.ReLU()]), Orthogonal())
