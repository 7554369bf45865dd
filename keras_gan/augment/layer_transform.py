"""Any Keras layer as a transform of samples."""

import inspect

import keras
from keras import ops

from keras_gan.augment.transform import UNKNOWN, Transform
from keras_gan.backend.configured import register
from keras_gan.parallel.global_batch import present_part
from keras_gan.parallel.random_numbers import integers
from keras_gan.texts import in_short


@register
class LayerTransform(Transform):
    """A Keras layer as a transform: what it draws follows from the game's random numbers.

    A game has a copy of the layer, made of its config, with the same weights. Its random streams
    begin anew in each call, from numbers that the game draws. On several
    replicas each draws other numbers, so that they do not take the steps of one device, as they do
    with the transforms of this library.

    Args:
        layer: A `keras.layers.Layer` from samples to samples of the same shape, called in training
            mode.
        probability: As in `Transform`.

    Raises:
        ValueError: For anything but a layer, or a probability outside [0, 1]. When a game is made
            with it: for a layer with variables that its config does not describe.

    Example:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> flip = LayerTransform(keras.layers.RandomFlip("horizontal"))
    >>> tuple(flip(ops.ones((4, 8, 8, 1)), Draws(0)).shape)
    (4, 8, 8, 1)
    """

    def __init__(self, layer: keras.layers.Layer, *, probability=1.0):
        super().__init__(probability=probability)
        if isinstance(layer, dict):  # from a config
            layer = keras.saving.deserialize_keras_object(layer)
        if not isinstance(layer, keras.layers.Layer):
            raise ValueError(f"layer must be a keras.layers.Layer; received {layer!r}.")
        self.layer = layer
        self.takes_training = "training" in inspect.signature(layer.call).parameters
        self.uncopied = None  # why the layer is that of the user

    def anew(self):
        """Returns another one, of a copy of the layer."""
        probability = self.probability
        try:
            return LayerTransform(_copy(self.layer), probability=probability)
        except Exception as error:  # of any kind: it is raised by what others wrote
            another = LayerTransform(self.layer, probability=probability)
            another.uncopied = error
            return another

    def check(self, sample_shape):
        """Builds the layer, so that its random streams are there.

        Raises:
            ValueError: If the layer has variables, which other games may use, and cannot be copied.
        """
        if not self.layer.built:
            self.layer(ops.zeros((1, *(size or UNKNOWN for size in sample_shape))))
        if self.uncopied is not None and self.layer.variables:
            raise ValueError(
                f"A game augments by a copy of a layer, and {self.layer.name!r} cannot be copied, "
                f"though it has variables ({in_short(self.uncopied)}): return all arguments of its "
                f"constructor from get_config."
            ) from self.uncopied

    def streams(self) -> list[keras.Variable]:
        """Returns the states of the layer's random streams."""
        return [v for v in self.layer.variables if v.path.endswith("seed_generator_state")]

    def draw(self, shape, draws, strength):
        """Returns the states in which the layer's streams begin."""
        part = present_part()
        start = 0 if part is None else part.start
        states = []
        for _ in self.streams():
            seed = integers((1,), 30, seed=draws)[0] + start
            states.append(ops.stack([seed, ops.zeros_like(seed)]))
        return states

    def apply(self, x, drawn):
        """Returns what the layer makes of the samples."""
        for state, value in zip(self.streams(), drawn, strict=True):
            state.assign(ops.cast(value, state.dtype))
        y = self.layer(x, training=True) if self.takes_training else self.layer(x)
        return y if keras.backend.is_int_dtype(y.dtype) else ops.cast(y, x.dtype)

    def get_config(self):
        """Returns the constructor's arguments."""
        layer = keras.saving.serialize_keras_object(self.layer)
        return {"layer": layer, "probability": super().get_config()["probability"]}


def _copy(layer: keras.layers.Layer) -> keras.layers.Layer:
    """A layer of the same config and weights, with random streams of its own."""
    copy = type(layer).from_config(layer.get_config())
    if layer.weights:
        if not copy.built and layer.built:
            copy.build_from_config(layer.get_build_config())
        copy.set_weights(layer.get_weights())
    return copy
