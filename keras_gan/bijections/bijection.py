"""What every bijection can do: both directions, each with the log-determinant of its Jacobian."""

import keras
from keras import ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import wide_floatx

register = keras.saving.register_keras_serializable(package="keras_gan.bijections")


@register
class Bijection(keras.layers.Layer):
    """An invertible, differentiable map from data x to latent vectors z.

        z = f(x),   x = f⁻¹(z),   log p(x) = log p_Z(f(x)) + log |det ∂f/∂x|

    As a Keras layer it computes z = f(x). A subclass defines `transform` and `invert` and makes its
    weights in `build`, as any layer does; where z has another shape than x, it also defines
    `latent_shape` and `data_shape`. `kg.bijections.check` tests the laws.

    Args:
        **options: `name`, `dtype`, `trainable` of `keras.layers.Layer`. A bijection computes in
            float32 or float64, whatever the global policy is: its log-determinant is a sum of many
            terms.

    Raises:
        ValueError: For a narrower `dtype`.

    Example:

    >>> import keras_gan as kg
    >>> @keras.saving.register_keras_serializable(package="example")
    ... class Scale(kg.bijections.Bijection):
    ...     def build(self, input_shape):
    ...         self.log_scale = self.add_weight(shape=input_shape[1:], initializer="zeros")
    ...
    ...     def transform(self, x, condition=None, training=False):
    ...         return x * ops.exp(self.log_scale), ops.sum(self.log_scale)
    ...
    ...     def invert(self, z, condition=None, training=False):
    ...         return z * ops.exp(-self.log_scale), -ops.sum(self.log_scale)
    >>> z, log_det = Scale().forward_and_log_det([[1.0, 2.0]])
    >>> tuple(z.shape), tuple(log_det.shape)
    ((1, 2), (1,))
    >>> kg.bijections.check(Scale(), ops.ones((4, 2)))
    """

    def __init__(self, **options):
        super().__init__(**{"dtype": wide_floatx(), **options})
        if self.compute_dtype not in ("float32", "float64"):
            raise ValueError(
                f"A bijection computes in float32 or float64, for its log-determinant is a sum of "
                f"many terms; received dtype={options['dtype']!r}."
            )

    def transform(self, x, condition=None, training: bool = False) -> tuple:
        """z = f(x) and log |det ∂f/∂x|.

        Args:
            x: Tensor `(batch, ...)`, float32 at least, of the shape that the bijection was built
                for.
            condition: Tensor `(batch, c)` on which f depends, such as unit vectors of classes, or
                `None`.
            training: Whether this is a step of training.

        Returns:
            Tensor `(batch, ...)`, and one that broadcasts to `(batch,)`, in nats.
        """
        raise NotImplementedError(f"{type(self).__name__} must define transform(x, …).")

    def invert(self, z, condition=None, training: bool = False) -> tuple:
        """x = f⁻¹(z) and log |det ∂f⁻¹/∂z|, as `transform`.

        Args:
            z: Tensor `(batch, ...)`.
            condition: As in `transform`.
            training: As in `transform`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define invert(z, …).")

    def latent_shape(self, shape: tuple) -> tuple:
        """The shape of z for one x of this shape."""
        return shape

    def data_shape(self, shape: tuple) -> tuple:
        """The shape of x for one z of this shape."""
        return shape

    def needs_start(self) -> bool:
        """Whether it has weights that should begin at statistics of data, and have not yet."""
        return False

    def start(self, x, condition=None):
        """Sets weights that begin at statistics of data, of which most bijections have none.

        Args:
            x: Tensor `(batch, ...)`, samples of the data.
            condition: As in `transform`.

        Returns:
            f(x) under the new weights.
        """
        return self.forward(x, condition)

    def forward_and_log_det(self, x, condition=None, training: bool = False) -> tuple:
        """z = f(x) and log |det ∂f/∂x|.

        Args:
            x: Array or tensor `(batch, ...)`.
            condition: As in `transform`.
            training: As in `transform`.

        Returns:
            Tensors `(batch, ...)` and `(batch,)`, in nats.

        Raises:
            ValueError: For an x of another shape than the bijection was built for.
        """
        x = self._tensor(x)
        self._build_for(tuple(x.shape)[1:])
        z, log_det = self.transform(x, self._condition(condition, x), training=training)
        return z, _of_each(log_det, x)

    def inverse_and_log_det(self, z, condition=None, training: bool = False) -> tuple:
        """x = f⁻¹(z) and log |det ∂f⁻¹/∂z|, as `forward_and_log_det`.

        Args:
            z: Array or tensor `(batch, ...)`.
            condition: As in `transform`.
            training: As in `transform`.

        Raises:
            ValueError: For a z of another shape.
        """
        z = self._tensor(z)
        self._build_for(self.data_shape(tuple(z.shape)[1:]))
        made = tuple(self.latent_shape(self.built_for))
        if tuple(z.shape)[1:] != made:
            raise ValueError(
                f"{type(self).__name__} makes z of shape {made} of one x; received z of shape "
                f"{tuple(z.shape)[1:]}."
            )
        x, log_det = self.invert(z, self._condition(condition, z), training=training)
        return x, _of_each(log_det, z)

    def forward(self, x, condition=None, training: bool = False):
        """z = f(x), as `forward_and_log_det`."""
        return self.forward_and_log_det(x, condition, training)[0]

    def inverse(self, z, condition=None, training: bool = False):
        """x = f⁻¹(z), as `inverse_and_log_det`."""
        return self.inverse_and_log_det(z, condition, training)[0]

    def path(self, x, condition=None, *, inverse: bool = False, frames: int = 8) -> list:
        """The states of samples on their way to z, for pictures of what each part does.

        A `Chain` has a state behind each of its bijections, an `ODE` one at each of `frames` equal
        steps of time; others have x and z alone.

        Args:
            x: Array or tensor `(batch, ...)`; latent vectors if `inverse`.
            condition: As in `transform`.
            inverse: Whether the way is that of f⁻¹, from z to x. Defaults to `False`.
            frames: States after the first, of an `ODE`. Defaults to 8.

        Returns:
            Tensors `(batch, ...)`, of which the first is x and the last f(x).
        """
        x = self._tensor(x)
        return [x, *self._later_states(x, condition, inverse, whole("frames", frames))]

    def _later_states(self, x, condition, inverse: bool, frames: int) -> list:
        """The states of `path` but the first."""
        return [(self.inverse if inverse else self.forward)(x, condition)]

    def call(self, x, condition=None, training: bool = False):
        """z = f(x)."""
        return self.transform(x, condition, training=training)[0]

    def compute_output_shape(self, x_shape, condition_shape=None):
        """The shape of z, with the batch axis."""
        return (x_shape[0], *self.latent_shape(tuple(x_shape[1:])))

    def _tensor(self, values):
        """An array or tensor of a batch, in the precision of the bijection.

        Raises:
            ValueError: For a single row, or a number.
        """
        tensor = ops.cast(ops.convert_to_tensor(values), self.dtype)
        if len(tensor.shape) < 2:
            raise ValueError(
                f"{type(self).__name__} takes a batch of samples, (batch, …); received shape "
                f"{tuple(tensor.shape)}."
            )
        return tensor

    def _condition(self, condition, x):
        """A condition as a tensor beside x, or `None`."""
        return None if condition is None else ops.cast(ops.convert_to_tensor(condition), x.dtype)

    @property
    def built_for(self) -> tuple:
        """The shape of x, once it is known."""
        return tuple(self.get_build_config()["input_shape"][1:])

    def _build_for(self, shape: tuple) -> None:
        """Makes the weights for x of a shape, or refuses one that they do not fit.

        Raises:
            ValueError: For another shape than that of the first x.
        """
        if not self.built:
            self.build((None, *shape))
            self.built = True
        elif self.built_for != shape:
            raise ValueError(
                f"{type(self).__name__} was built for samples of shape {self.built_for}; received "
                f"{shape}."
            )


def _of_each(log_det, batch):
    """A log-determinant as one number for each sample of a batch."""
    return ops.broadcast_to(ops.cast(log_det, batch.dtype), (ops.shape(batch)[0],))


def sum_of_components(logs):
    """The sum over the components of each sample, `(batch,)`.

    Args:
        logs: Tensor `(batch, ...)`.
    """
    return ops.sum(logs, axis=tuple(range(1, len(logs.shape))))


def check_bijection(value) -> None:
    """Refuses anything that is not a bijection.

    Raises:
        ValueError: See above.
    """
    if not isinstance(value, Bijection):
        raise ValueError(
            f"Flows are made of bijections, such as kg.bijections.AffineCoupling(), or a subclass "
            f"of kg.bijections.Bijection; received {value!r}."
        )
