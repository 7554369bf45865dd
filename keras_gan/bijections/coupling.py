"""Coupling bijections: one part of a sample stays, the other is transformed as the first says."""

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import unknown_name, whole, whole_shape
from keras_gan.backend.precision import at_least_float32
from keras_gan.bijections.bijection import Bijection, sum_of_components
from keras_gan.bijections.conditioner import KINDS, Conditioner

MASKS = ("halves", "channels", "checkerboard")


class Coupling(Bijection):
    """A bijection of the parts x_A and x_B of a sample:

        z_A = x_A,   z_B = g(x_B; ψ(x_A)),   |det ∂z/∂x| = |det ∂g/∂x_B|

    ψ is a network, which need not be invertible; g is chosen by the subclass, which defines
    `parameters`, `transform_part` and `invert_part`.

    Args:
        mask: Which part is x_A: the first half of the last axis, as "halves" of a point or
            "channels" of an image; or the fields of one colour of a "checkerboard". Defaults to
            "halves".
        swap: Whether it is the other half or the other colour. Defaults to `False`.
        width: Units of the hidden layers of ψ. Defaults to 128.
        depth: Number of hidden layers of ψ. Defaults to 2.
        activation: Of the hidden layers of ψ. Defaults to "relu".
        network: ψ itself, a Keras layer from x_A, of the samples' rank, to `outputs` channels: for
            each channel of x_B one number of a shift; first all s̃ and then all t of an affine
            coupling; all numbers of a spline, channel by channel. With a condition it is called
            with (x_A, condition), and built with both shapes. `None`, the default, for a
            `Conditioner`.
        condition_dim: Length of the condition that ψ sees beside x_A, or the shape of one that lies
            over it, such as `(height, width, channels)`; `None`, the default, for none.
        network_dtype: The precision policy of ψ; `None`, the default, for the global one.
        **options: As in `Bijection`.

    Raises:
        ValueError: For an unknown mask, sizes below 1, or, at the first x, samples that the mask
            does not divide, or a network with other outputs.
    """

    parameters = 1  # numbers that ψ gives for each component of x_B

    def __init__(
        self,
        mask: str = "halves",
        *,
        swap: bool = False,
        width: int = 128,
        depth: int = 2,
        activation="relu",
        network: keras.layers.Layer | None = None,
        condition_dim: int | tuple[int, ...] | None = None,
        network_dtype=None,
        **options,
    ):
        super().__init__(**options)
        if mask not in MASKS:
            raise unknown_name("mask", mask, MASKS)
        self.mask, self.swap = mask, bool(swap)
        self.width, self.depth = whole("width", width), whole("depth", depth)
        self.activation = keras.activations.get(activation)
        self.given_network = network
        policy = keras.config.dtype_policy() if network_dtype is None else network_dtype
        self.network_policy = keras.dtype_policies.get(policy)
        self.condition_dim = _checked(condition_dim)

    def transform_part(self, x, parameters) -> tuple:
        """g(x_B; ψ) and the logarithms of its derivatives, of the shape of x_B.

        Args:
            x: x_B, or all of x under a checkerboard.
            parameters: What `of_components` made of the output of ψ, float32 at least.
        """
        raise NotImplementedError

    def invert_part(self, z, parameters) -> tuple:
        """x_B and the logarithms of the inverse's derivatives, as `transform_part`."""
        raise NotImplementedError

    def build(self, input_shape):
        """Makes ψ, for the part that it sees.

        Raises:
            ValueError: For samples that the mask does not divide.
        """
        *sides, channels = input_shape[1:]
        if len(input_shape) not in KINDS:
            raise ValueError(
                f"A coupling takes points, series, images or volumes; received samples of shape "
                f"{tuple(input_shape[1:])}."
            )
        self.fields = None
        if self.mask == "checkerboard":
            if not sides:
                raise ValueError(
                    f"A checkerboard needs images, series or volumes; received samples of shape "
                    f"{(channels,)}: take mask='halves'."
                )
            colours = np.indices(sides).sum(axis=0) % 2
            self.fields = (colours == (1 if self.swap else 0)).astype("float32")[..., None]
            seen = moved = channels
        else:
            first = channels - channels // 2
            seen, moved = (channels - first, first) if self.swap else (first, channels - first)
            if not seen or not moved:
                raise ValueError(
                    f"Halves need at least 2 components or channels; received samples of shape "
                    f"{tuple(input_shape[1:])}."
                )
        self.cut, self.moved = channels - channels // 2, moved
        self.network = self.given_network
        if self.network is None:
            self.network = Conditioner(
                self.outputs,
                *(self.width, self.depth, self.activation),
                dtype=self.network_policy,
            )
        shapes = [(None, *sides, seen), *self._condition_shapes()]
        if not self.network.built:
            self.network.build(*shapes)
        if self.given_network is not None and self.condition_dim is None:
            made = tuple(self.network.compute_output_shape(shapes[0]))[1:]
            if made != (*sides, self.outputs):
                raise ValueError(
                    f"The network of this {type(self).__name__} must make {self.outputs} channels, "
                    f"{self.parameters} for each of {moved}, hence shape "
                    f"{(*sides, self.outputs)} of {shapes[0][1:]}; it makes {made}."
                )

    @property
    def outputs(self) -> int:
        """How many channels ψ makes, once the samples are known."""
        return self.moved * self.parameters

    def _condition_shapes(self) -> list[tuple]:
        """The shape of the condition in a list, empty where there is none."""
        if self.condition_dim is None:
            return []
        shape = self.condition_dim
        return [(None, *(shape if isinstance(shape, tuple) else (shape,)))]

    def parts(self, x) -> tuple:
        """x_A and x_B."""
        a, b = x[..., : self.cut], x[..., self.cut :]
        return (b, a) if self.swap else (a, b)

    def whole(self, a, b):
        """The sample of two parts."""
        return ops.concatenate((b, a) if self.swap else (a, b), axis=-1)

    def psi(self, seen, condition, training):
        """ψ(x_A), as `of_components` arranges it."""
        given = (seen,)
        if self.condition_dim is not None:
            given = seen, checked_condition(self, condition)
        made = at_least_float32(self.network(*given, training=training))
        return self.of_components(ops.cast(made, seen.dtype))

    def of_components(self, made):
        """The parameters of each component of x_B, `(..., channels, parameters)`.

        Args:
            made: The output of ψ, `(..., channels · parameters)`.
        """
        return ops.reshape(made, (-1, *made.shape[1:-1], self.moved, self.parameters))

    def transform(self, x, condition=None, training=False):
        """z, and the sum of the logarithms of g's derivatives."""
        return self._through(self.transform_part, x, condition, training)

    def invert(self, z, condition=None, training=False):
        """x, and the sum of the logarithms of the inverse's derivatives."""
        return self._through(self.invert_part, z, condition, training)

    def _through(self, function, x, condition, training):
        """Transforms one part by what ψ makes of the other."""
        if self.fields is None:
            a, b = self.parts(x)
            moved, logs = function(b, self.psi(a, condition, training))
            return self.whole(a, moved), sum_of_components(logs)
        fields = ops.cast(self.fields, x.dtype)
        moved, logs = function(x, self.psi(x * fields, condition, training))
        return x * fields + moved * (1.0 - fields), sum_of_components(logs * (1.0 - fields))

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "mask": self.mask,
            "swap": self.swap,
            "width": self.width,
            "depth": self.depth,
            "activation": keras.activations.serialize(self.activation),
            "network": keras.saving.serialize_keras_object(self.given_network),
            "condition_dim": self.condition_dim,
            "network_dtype": keras.dtype_policies.serialize(self.network_policy),
        }

    @classmethod
    def from_config(cls, config):
        """The coupling of a config."""
        restored = {"network": keras.saving.deserialize_keras_object(config["network"])}
        if config.get("network_dtype") is not None:
            restored["network_dtype"] = keras.dtype_policies.deserialize(config["network_dtype"])
        return cls(**{**config, **restored})


def checked_condition(bijection, condition):
    """The condition of a bijection with a `condition_dim`, once it is known to be one.

    Args:
        bijection: A bijection that needs one.
        condition: Tensor `(batch, ...)`, or `None`.

    Raises:
        ValueError: If it is missing, or has another shape.
    """
    dim = bijection.condition_dim
    shape = dim if isinstance(dim, tuple) else (dim,)
    received = None if condition is None else tuple(condition.shape)[1:]
    if received != shape:
        raise ValueError(
            f"This {type(bijection).__name__} needs a condition of shape {('batch', *shape)} "
            f"beside its samples; received "
            f"{'none' if received is None else ('batch', *received)}."
        )
    return condition


def _checked(condition_dim):
    """The length or the shape of a condition, after a check."""
    if isinstance(condition_dim, list | tuple):
        return whole_shape("condition_dim", condition_dim)
    return None if condition_dim is None else whole("condition_dim", condition_dim)
