"""The path-length penalty of StyleGAN2: w moves images by the same length everywhere."""

import math

import keras
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.backend import autodiff
from keras_gan.backend.precision import at_least_float32, wide_floatx
from keras_gan.parallel.random_numbers import Draws

EPSILON = 1e-12  # under a root, whose derivative at 0 is not finite


class PathLength(keras.layers.Layer):
    """The running mean a of path lengths, and the penalty on lengths that differ from it.

        weight · E (‖Jᵀ y‖ − a)²,   a ← a + decay (E ‖Jᵀ y‖ − a),   y ~ N(0, I / pixels)

    with J the derivative of the image by the styles w; the norm is the root of the mean of
    ‖∂⟨image, y⟩ / ∂wₗ‖² over the layers l that w styles, as in the authors' code. There the penalty
    sees a as the minibatch has moved it; here as it was before, so that replicas need not wait for
    each other in the midst of a loss.

    Args:
        weight: At least 0.
        every: n, to compute the penalty every n-th step, times n.
        decay: Of a, in (0, 1]. Defaults to 0.01.

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958,
        section 3.2.
    """

    def __init__(self, weight: float, every: int, decay: float = 0.01):
        super().__init__(name="path_length", trainable=False, dtype=wide_floatx())
        self.weight = amount("path_length_weight", weight, least=0)
        self.every = whole("path_length_every", every)
        self.decay = amount("decay", decay, above=0, most=1)
        self.mean = self.add_weight(shape=(), initializer="zeros", trainable=False, name="mean")
        self.built = True

    def penalty(self, synthesis, make_styles, draws: Draws, step, training: bool):
        """The weighted penalty, a scalar, float32 or, where that is `floatx`, float64.

        Args:
            synthesis: A function of styles, `(batch, layers, d)`, to images.
            make_styles: A function without arguments, to the styles.
            draws: The random numbers of y.
            step: The number of the generator's updates so far.
            training: Whether a moves, and the penalty waits for its step.
        """

        def paid(times: int):
            lengths = path_lengths(synthesis, make_styles(), draws)
            mean = ops.convert_to_tensor(self.mean.value)
            excess = lengths - ops.cast(mean, lengths.dtype)
            if training:
                found = ops.cast(ops.mean(ops.stop_gradient(lengths)), mean.dtype)
                moved = mean + self.decay * (found - mean)
                # float16 may overflow in a step, which its loss scale then passes over
                self.mean.assign(ops.where(ops.isfinite(found), moved, mean))
            return ops.cast(times * self.weight * ops.mean(ops.square(excess)), self.mean.dtype)

        if self.every == 1 or not training:
            return paid(1)
        return autodiff.when(
            ops.equal(step % self.every, 0),
            lambda: paid(self.every),
            lambda: ops.zeros((), self.mean.dtype),
        )


def path_lengths(synthesis, styles, draws: Draws):
    """‖Jᵀ y‖ of each sample, `(batch,)`, float32 at least.

    Args:
        synthesis: A function of styles to images, or to other samples with channels last.
        styles: Tensor `(batch, layers, d)`.
        draws: The random numbers of y.
    """

    def product(styles):
        images = synthesis(styles)
        y = draws.normal(ops.shape(images), dtype=images.dtype)
        y = y / math.sqrt(math.prod(images.shape[1:-1]))
        return None, ops.sum(images * y, axis=tuple(range(1, len(images.shape))))

    _, slope = autodiff.with_slope(product, styles)
    squares = ops.sum(ops.square(at_least_float32(slope())), axis=-1)
    return ops.sqrt(ops.mean(squares, axis=1) + EPSILON)
