"""The interface of every transform of samples before a discriminator."""

import copy

from keras import ops

from keras_gan.augment.amounts import annealed, present, serialized
from keras_gan.backend.configured import Configured
from keras_gan.parallel.random_numbers import Draws

UNKNOWN = 32  # the size with which an axis is tried that no network fixes


class Transform(Configured):
    """A random map T of samples, drawn anew for every sample.

        y_i = T(x_i; θ_i)  with the probability,  x_i  otherwise

    A subclass defines `apply`, `draw` if there is a θ, and `check` if not every shape will do. It
    is written in `keras.ops` and has a derivative with x, through which the generator learns and
    penalties look; what it draws it draws from `draws`, the game's own random numbers. To be saved
    with a game it is registered with Keras.

    Args:
        strength: The factor of the range of θ: a number of at least 0, or a
            `keras.optimizers.schedules.LearningRateSchedule` of it over discriminator steps.
            Defaults to 1; with 0 the transforms of this library change nothing.
        probability: That of a sample to be transformed, a number in [0, 1] or a schedule likewise.
            Defaults to 1.

    Raises:
        ValueError: For a negative strength, or a probability outside [0, 1].

    Example, a transform of your own, of points in the plane:

    >>> import keras
    >>> @keras.saving.register_keras_serializable(package="mine")
    ... class Turned(Transform):
    ...     def draw(self, shape, draws, strength):
    ...         return 3.14159 * strength * draws.uniform((shape[0], 1))
    ...     def apply(self, x, angle):
    ...         turned = keras.ops.stack([-x[:, 1], x[:, 0]], axis=1)
    ...         return x * keras.ops.cos(angle) + turned * keras.ops.sin(angle)
    >>> x = keras.ops.ones((4, 2))
    >>> y = Turned()(x, Draws(0))
    >>> round(float(keras.ops.sum(y * y)), 4)
    8.0
    """

    def __init__(self, *, strength=1.0, probability=1.0):
        self.strength = annealed("strength", strength)
        self.probability = annealed("probability", probability, most=1)

    def draw(self, shape: tuple, draws: Draws, strength):
        """Returns θ, any structure of tensors `(batch, ...)`; `None` unless overridden.

        Args:
            shape: That of the samples, `(batch, ...)`.
            draws: The random numbers to use: `draws.uniform((batch, ...))`, `draws.normal`.
            strength: The present one, a number or a float32 scalar.
        """
        return

    def apply(self, x, drawn):
        """Returns the transformed samples, of the shape and dtype of x.

        Args:
            x: Samples `(batch, ...)`, float32 or float64.
            drawn: What `draw` returned.
        """
        raise NotImplementedError

    def check(self, sample_shape: tuple) -> None:
        """Refuses samples that this transform is not for, before training.

        Args:
            sample_shape: The shape of one sample, with `None` for an unknown axis.
        """

    def parts(self) -> list["Transform"]:
        """Returns the transforms that this one consists of, in their order; itself by default."""
        return [self]

    def anew(self) -> "Transform":
        """Returns another one of the same settings, which a game has for itself.

        A subclass that holds more than settings, such as a layer, copies that, too.
        """
        return copy.copy(self)

    def numbers(self, shape: tuple, draws: Draws, step=None, factor=None) -> tuple:
        """Returns θ, and which samples are transformed; `None` for all.

        Args:
            shape: As in `draw`.
            draws: Likewise.
            step: The number of the discriminator's updates so far.
            factor: What the probability is multiplied by, a scalar; `None` for 1.
        """
        drawn = self.draw(shape, draws, present(self.strength, step))
        probability = self.present_probability(step, factor)
        if probability is None:
            return drawn, None
        u = draws.uniform((shape[0],) + (1,) * (len(shape) - 1), dtype="float32")
        return drawn, u < probability

    def present_probability(self, step=None, factor=None):
        """Returns the probability of a sample to be transformed; `None` if that is certain."""
        probability = present(self.probability, step)
        if factor is not None:
            return probability * factor
        return None if isinstance(probability, float) and probability == 1 else probability

    def transformed(self, x, numbers: tuple):
        """Returns samples, transformed by the result of `numbers`."""
        drawn, chosen = numbers
        y = self.apply(x, drawn)
        return y if chosen is None else ops.where(chosen, y, x)

    def __call__(self, x, draws: Draws, step=None):
        """Returns transformed samples, `(batch, ...)`.

        Args:
            x: Samples, `(batch, ...)`.
            draws: The random numbers to use.
            step: The number of the discriminator's updates so far.
        """
        x = ops.convert_to_tensor(x)
        return self.transformed(x, self.numbers(tuple(ops.shape(x)), draws, step))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        config = {"strength": self.strength, "probability": self.probability}
        return {name: serialized(value) for name, value in config.items()}


def along(numbers, x, dtype=None):
    """One number for each sample, in the dtype of the samples and with all their axes.

    Args:
        numbers: Tensor `(batch,)`.
        x: Samples `(batch, ...)`.
        dtype: Another dtype. Defaults to `None`.
    """
    axes = (1,) * (len(x.shape) - 1)
    return ops.reshape(ops.cast(numbers, dtype or x.dtype), (-1, *axes))


def check_images(transform: Transform, sample_shape: tuple, channels: tuple | None = None) -> None:
    """Refuses samples other than images of one size.

    Args:
        transform: Whose samples they are, for the message.
        sample_shape: As in `Transform.check`.
        channels: The numbers of channels that are allowed. Defaults to `None`: any.

    Raises:
        ValueError: Says what was received and what is allowed.
    """
    name, shape = _name_of(transform), tuple(sample_shape)
    if len(shape) != 3:
        raise ValueError(
            f"{name} transforms images, (height, width, channels); this game's samples have the "
            f"shape {shape}: leave it out, or write a kg.augment.Transform of your own."
        )
    if None in shape:
        raise ValueError(
            f"{name} transforms images of one size; this game's networks take the shape {shape}: "
            f"build them for one size."
        )
    if channels is not None and shape[-1] not in channels:
        raise ValueError(
            f"{name} transforms images of {' or '.join(map(str, channels))} channels; this game's "
            f"have {shape[-1]}: leave it out."
        )


def check_positions(transform: Transform, sample_shape: tuple, sized: bool = True) -> None:
    """Refuses samples without axes of space or time, or of sizes that are not known.

    Args:
        transform: As in `check_images`.
        sample_shape: Likewise.
        sized: Whether the sizes must be known. Defaults to `True`.

    Raises:
        ValueError: Says what was received and what is allowed.
    """
    name, shape = _name_of(transform), tuple(sample_shape)
    if len(shape) < 2:
        raise ValueError(
            f"{name} transforms images, series or volumes, which have positions and channels; this "
            f"game's samples have the shape {shape}: leave it out, or write a "
            f"kg.augment.Transform of your own."
        )
    if sized and None in shape[:-1]:
        raise ValueError(
            f"{name} transforms samples of one size; this game's networks take the shape {shape}: "
            f"build them for one size."
        )


def _name_of(transform: Transform) -> str:
    """The name of a transform, in a policy if it is one of those."""
    return type(transform).__name__.lstrip("_")
