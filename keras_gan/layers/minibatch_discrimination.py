"""How near each sample is to the others of its minibatch, by learnt distances."""

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import widest
from keras_gan.parallel.global_batch import gathered, own_rows


@keras.saving.register_keras_serializable(package="keras_gan")
class MinibatchDiscrimination(layers.Layer):
    """Appends to each sample how near the others of its minibatch are, by learnt distances.

        y = [x, o₁, …, o_B],   o_b(xᵢ) = Σ_{j ≠ i} exp(−‖T_b xᵢ − T_b xⱼ‖₁)

    with B learnt matrices T_b of as many rows as there are `dims`. A discriminator sees in o_b when
    the samples of a generator are too much alike.

    The paper sums over all j, i included, which adds 1 to each o_b; the authors' code leaves i out,
    as here. That code also gives T columns of a learnt norm and adds a learnt bias, both set by
    the first minibatch; here the layer that follows has the bias. The sum is over the global
    minibatch, so that any number of replicas takes the same steps; it costs N² B · dims operations
    for a minibatch of N. In inference, too, a score depends on the samples beside it. Computed in
    float32 at least.

    Args:
        features: B. Defaults to 100.
        dims: The number of components of each T_b x. Defaults to 5.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a number below 1, or inputs that are not `(batch, n)`.

    Example:

    >>> layer = MinibatchDiscrimination(features=3, dims=2)
    >>> y = layer(keras.ops.ones((4, 5)))  # four equal samples
    >>> tuple(y.shape), [round(float(v), 3) for v in y[0, 5:]]
    ((4, 8), [3.0, 3.0, 3.0])

    Reference:
        Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen 2016, Improved Techniques for
        Training GANs, arXiv 1606.03498, section 3.2.
    """

    gathers = True  # the samples of all replicas, which a branch of TensorFlow cannot
    couples_samples = True  # an output depends on other samples, so that no sampler can ask for it

    def __init__(self, features: int = 100, dims: int = 5, **options):
        super().__init__(**options)
        self.features, self.dims = whole("features", features), whole("dims", dims)

    def build(self, input_shape) -> None:
        """Makes T, `(n, features, dims)`."""
        if len(input_shape) != 2 or input_shape[-1] is None:
            raise ValueError(
                f"MinibatchDiscrimination takes vectors, (batch, n); received inputs of shape "
                f"{tuple(input_shape)}: put keras.layers.Flatten() before it."
            )
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.features * self.dims),
            initializer="glorot_uniform",
            name="kernel",
            autocast=False,
        )
        super().build(input_shape)

    def call(self, inputs):
        """Returns the inputs, `(batch, n)`, with `features` more columns."""
        dtype = widest(inputs.dtype)
        x = ops.matmul(ops.cast(inputs, dtype), ops.cast(self.kernel, dtype))
        x = ops.reshape(x, (-1, self.features, self.dims))
        near = ops.cast(own_rows(self.nearness(gathered(x))), inputs.dtype)
        return ops.concatenate([inputs, near], axis=-1)

    def nearness(self, x):
        """Returns o of every sample of a minibatch, `(batch, features)`.

        Args:
            x: T x, `(batch, features, dims)`.
        """
        distances = ops.sum(ops.abs(x[:, None] - x[None]), axis=-1)
        return ops.sum(ops.exp(-distances), axis=1) - 1.0  # without itself, at a distance of 0

    def compute_output_shape(self, input_shape):
        """The shape of the inputs with `features` more columns."""
        return (*input_shape[:-1], input_shape[-1] + self.features)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "features": self.features, "dims": self.dims}
