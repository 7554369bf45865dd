"""What benchmarks measure of critics in the plane: their slopes, and how much of W₁ they show."""

import keras
import numpy as np
from keras import ops

import keras_gan as kg


def lattice(limit: float, side: int) -> np.ndarray:
    """Points on a square lattice over [-limit, limit]², float32 `(side², 2)`."""
    ticks = np.linspace(-limit, limit, side, dtype="float32")
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)


def gradients(critic, points: np.ndarray) -> np.ndarray:
    """∇D at points, `(n, 2)`."""
    x = ops.convert_to_tensor(points, "float32")
    return ops.convert_to_numpy(kg.autodiff.input_gradient(lambda x: critic(x, training=False), x))


def slopes(critic, points: np.ndarray) -> np.ndarray:
    """‖∇D‖ at points, `(n,)`."""
    return np.linalg.norm(gradients(critic, points), axis=1)


def share_of_distance(critic, real: np.ndarray, fake: np.ndarray, steepest: float) -> float:
    """The share of W₁ between two sets that a critic shows, at most 1 by Kantorovich's duality.

        (mean D(x) − mean D(x̃)) / (K W₁),   K = sup ‖∇D‖

    Args:
        critic: The network D.
        real: Points x, `(n, 2)`.
        fake: Points x̃, `(n, 2)`.
        steepest: K, the greatest slope of D.
    """
    high, low = (float(ops.mean(critic(each, training=False))) for each in (real, fake))
    return (high - low) / (steepest * kg.metrics.wasserstein(real, fake))


@keras.saving.register_keras_serializable(package="benchmarks")
class DataAndNoise(keras.layers.Layer):
    """A generator that stands still: a point of the data by the third component of z, plus noise.

        G(z) = x_i + s (z₁, z₂),   i = ⌊n Φ(z₃)⌋,   s = 1

    s is a weight, since a game trains no player without one; give it an optimizer of rate 0.

    Args:
        count: n, the number of points.
        **options: Of the layer.
    """

    def __init__(self, count: int, **options):
        super().__init__(**options)
        self.count = count

    def build(self, shape):
        self.points = self.add_weight(shape=(self.count, 2), trainable=False, name="points")
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, z):
        share = 0.5 * (1.0 + ops.erf(z[:, 2] / np.sqrt(2.0)))
        rows = ops.minimum(ops.cast(share * self.count, "int32"), self.count - 1)
        return ops.take(self.points, rows, axis=0) + self.scale * z[:, :2]

    def get_config(self):
        return {**super().get_config(), "count": self.count}


def noised(points: np.ndarray) -> keras.Model:
    """The generator of data plus standard normal noise, from z of three components."""
    layer = DataAndNoise(len(points))
    generator = keras.Sequential([keras.Input((3,)), layer])
    layer.points.assign(points)
    return generator
