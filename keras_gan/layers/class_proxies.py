"""A direction for each class, and how near samples are to it."""

import keras
from keras import ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import widest

EPSILON = 1e-12  # under a root, whose derivative at 0 is not finite


@keras.saving.register_keras_serializable(package="keras_gan")
class ClassProxies(keras.layers.Layer):
    """The cosines between embeddings and one learned vector a class, its proxy.

        s_c = ⟨f, w_c⟩ / (‖f‖ ‖w_c‖),   c = 0, …, classes − 1

    The head of the discriminator of `kg.ReACGAN`. Computed in float32 at least.

    Args:
        classes: The number of classes, at least 2.
        **options: `name`, `dtype`, as in `keras.layers.Layer`.

    Raises:
        ValueError: For fewer than two classes.

    Example:

    >>> proxies = ClassProxies(3)
    >>> f = keras.ops.convert_to_tensor([[3.0, 4.0]])
    >>> _ = proxies(f)
    >>> _ = proxies.proxies.assign([[3.0, 0.0, -6.0], [4.0, 2.0, -8.0]])
    >>> [round(float(s), 2) for s in proxies(f)[0]]
    [1.0, 0.8, -1.0]

    Reference:
        Kang, Shim, Cho and Park 2021, Rebooting ACGAN: Auxiliary Classifier GANs with Stable
        Training, arXiv 2111.01118.
    """

    def __init__(self, classes: int, **options):
        super().__init__(**options)
        self.classes = whole("classes", classes, least=2)

    def build(self, input_shape) -> None:
        """Makes the proxies, whose directions are uniform."""
        self.proxies = self.add_weight(
            shape=(input_shape[-1], self.classes), initializer="random_normal", name="proxies"
        )
        super().build(input_shape)

    def call(self, embeddings):
        """Returns the cosines, `(batch, classes)`, of embeddings `(batch, d)`."""
        wide = widest(embeddings.dtype)
        f, w = ops.cast(embeddings, wide), ops.cast(self.proxies, wide)
        return _unit(f, axis=-1) @ _unit(w, axis=0)

    def compute_output_spec(self, embeddings):
        """Shape and precision of the cosines."""
        shape = (*embeddings.shape[:-1], self.classes)
        return keras.KerasTensor(shape, dtype=widest(embeddings.dtype))

    def get_config(self) -> dict:
        """The arguments."""
        return {**super().get_config(), "classes": self.classes}


def _unit(x, axis: int):
    """x / ‖x‖ along an axis."""
    return x / ops.sqrt(ops.sum(ops.square(x), axis=axis, keepdims=True) + EPSILON)
