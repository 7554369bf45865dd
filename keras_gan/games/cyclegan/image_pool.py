"""The history of generated images from which a discriminator learns."""

import math

import keras
from keras import ops

from keras_gan.files.limits import check_memory
from keras_gan.parallel.global_batch import gathered, own_rows
from keras_gan.parallel.random_numbers import Draws, uniform


class ImagePool(keras.layers.Layer):
    """A pool of earlier fakes, some of which are shown to the discriminator instead of new ones.

    Until the pool is full every fake is taken in and shown as well. After that, each fake x in turn

        is shown itself                                                 with probability ½,
        takes the place of an image of the pool, drawn uniformly,
        and that one is shown                                           otherwise,

    so that a place that was taken earlier in a minibatch gives out what it took in then. The
    discriminator forgets less of what the generator did before, and the two oscillate less. The
    images and their number are variables: they are saved, and under several replicas all of them
    hold the same pool, that of the global minibatch.

    Args:
        size: How many images it holds, at least 1. The paper has 50.
        sample_shape: The shape of one image, known on every axis.
        name: The layer's name.

    Raises:
        ValueError: For a shape that is not known, or a pool that memory does not hold.

    Example, where the pool is filled by what it is first shown:

    >>> pool = ImagePool(2, (1,))
    >>> shown = pool.shown(ops.convert_to_tensor([[3.0], [5.0]]), Draws(0))
    >>> ops.convert_to_numpy(shown).tolist(), ops.convert_to_numpy(pool.images).tolist()
    ([[3.0], [5.0]], [[3.0], [5.0]])

    Reference: Shrivastava et al. 2016, Learning from Simulated and Unsupervised Images through
    Adversarial Training, arXiv 1612.07828, section 2.3; in this form in the code of Zhu et al.
    2017, arXiv 1703.10593.
    """

    def __init__(self, size: int, sample_shape: tuple, name: str | None = None):
        super().__init__(name=name, trainable=False, dtype=keras.config.floatx())
        if None in sample_shape:
            raise ValueError(
                f"A pool of images needs images of one size; received the shape "
                f"{tuple(sample_shape)}: build the networks for one size, or take pool_size=0."
            )
        needed = 4 * size * math.prod(sample_shape)
        check_memory(f"a pool of {size:,} images", needed, "take a smaller pool_size")
        self.size = size
        self.images = self.add_weight(
            shape=(size, *sample_shape),
            initializer="zeros",
            name="images",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.count = self.add_weight(
            shape=(),
            dtype="int32",
            initializer="zeros",
            name="count",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.built = True

    def shown(self, fakes, draws: Draws):
        """What the discriminator is shown in the place of fakes, which the pool may take in.

        Args:
            fakes: New images, `(batch, *sample_shape)`.
            draws: The random numbers to use.
        """
        images = ops.cast(gathered(ops.stop_gradient(fakes)), self.images.dtype)
        n = ops.shape(images)[0]
        order = ops.arange(n, dtype="int32")
        coins, places = ops.unstack(uniform((n, 2), seed=draws, dtype="float32"), 2, axis=1)

        filling = self.count + order < self.size
        places = ops.minimum(ops.cast(places * self.size, "int32"), self.size - 1)  # u may round up
        places = ops.where(filling, self.count + order, places)
        taken_in = ops.logical_or(filling, coins < 0.5)

        taken_before = _latest(
            (places[:, None] == places) & taken_in & (order < order[:, None]), order
        )
        old = _rows_or(images, taken_before, ops.take(self.images, places, axis=0))
        given_out = ops.logical_and(taken_in, ops.logical_not(filling))
        shown = ops.where(_spread(given_out, images), old, images)

        last = _latest((ops.arange(self.size, dtype="int32")[:, None] == places) & taken_in, order)
        self.images.assign(_rows_or(images, last, ops.convert_to_tensor(self.images)))
        self.count.assign(ops.minimum(self.count + n, self.size))
        return ops.cast(own_rows(shown), fakes.dtype)


def _latest(chosen, order):
    """The greatest number of those chosen in each row; −1 where none is.

    Args:
        chosen: Booleans, `(m, n)`.
        order: 0, …, n − 1.
    """
    return ops.max(ops.where(chosen, order, -1), axis=1)


def _rows_or(rows, index, otherwise):
    """`rows[index]`, but the row of `otherwise` where the index is −1."""
    found = ops.take(rows, ops.maximum(index, 0), axis=0)
    return ops.where(_spread(index >= 0, otherwise), found, otherwise)


def _spread(flags, images):
    """Flags `(n,)` with the further axes of images, to choose between these."""
    return ops.reshape(flags, (-1,) + (1,) * (len(images.shape) - 1))
