"""Presets at another image size: the layers that fit keep their weights, for transfer learning."""

import dataclasses
import warnings

import keras
import numpy as np

from keras_gan.arguments import height_and_width
from keras_gan.backend.precision import float32_layers
from keras_gan.backend.shapes import shapes_of
from keras_gan.networks import registry
from keras_gan.zoo import packing

MOST_NAMED = 12  # layers in a warning


@dataclasses.dataclass(frozen=True)
class Transfer:
    """Which layers of a preset at another image size have its weights.

    Args:
        image_size: The new (height, width).
        kept: The layers with the weights of the preset, as `"role/layer"`.
        drawn: The layers whose weights are new and random, likewise.
    """

    image_size: tuple[int, int]
    kept: tuple[str, ...]
    drawn: tuple[str, ...]

    def __str__(self):
        named = ", ".join(self.drawn[:MOST_NAMED]) + (", …" if self.drawn[MOST_NAMED:] else "")
        height, width = self.image_size
        return (
            f"at {height} × {width} pixels {len(self.kept)} of {len(self.kept) + len(self.drawn)} "
            f"layers keep their weights" + (f"; drawn anew: {named}" if self.drawn else "")
        )


def resized(model, image_size, called: str, load_weights: bool = True):
    """A preset's model for images of another size.

    Its networks are built again for that size. Counted from the image, the longest sequence of
    layers that old and new networks have in common, of the same classes and the same shapes of all
    weights, keeps its weights; all others are drawn anew. In the convolutional networks of
    `kg.networks` those are the layers at the coarsest grids.

    Args:
        model: A `Pretrained` with its weights.
        image_size: A side, or (height, width), in pixels.
        called: The preset's name, for messages.
        load_weights: Whether layers keep weights at all. Defaults to `True`.

    Returns:
        A model of the same class without a card; its `transfer` says which layers were kept.

    Raises:
        ValueError: If a network is not of images, or cannot have this size.

    Warns:
        UserWarning: Names the layers that were drawn anew.
    """
    size, cls = height_and_width("image_size", image_size), type(model)
    networks, kept, drawn = {}, [], []
    for role, network in model.parts().items():
        networks[role] = _built(registry.origin_of(network), size, called)
        pairs = _in_common(network, networks[role]) if load_weights else {}
        for old, new in pairs.values():
            new.set_weights([keras.ops.convert_to_numpy(weight) for weight in old.weights])
        for layer in _weighted_layers(networks[role]):
            (kept if id(layer) in pairs else drawn).append(f"{role}/{layer.name}")
    packing.check_activations(networks.values())
    likelihood = (model.likelihood,) if cls.has_likelihood else ()
    with float32_layers():
        made = cls.assembled(networks, packing.prior_of(model), *likelihood)
    found = Transfer(size, tuple(kept), tuple(drawn))
    object.__setattr__(made, "transfer", found)
    if load_weights and drawn:
        warnings.warn(f"{called} {found}: train it before its samples mean anything", stacklevel=3)
    return made


def _built(origin: registry.Origin, size: tuple[int, int], called: str) -> keras.Model:
    """A network for images of another size.

    Raises:
        ValueError: See `resized`.
    """
    if "image_shape" not in origin.arguments:
        raise ValueError(
            f"{called} has a {origin.network}, whose arguments name no image_shape, so that it has "
            f"no other size: leave image_size out."
        )
    shape = [*size, origin.arguments["image_shape"][-1]]
    with float32_layers():
        return registry.build(
            registry.Origin(origin.network, {**origin.arguments, "image_shape": shape})
        )


def _weighted_layers(network: keras.Model) -> list[keras.layers.Layer]:
    """The layers with weights in their order, those of models within models among them."""
    found = []
    for layer in network.layers:
        found += _weighted_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return [layer for layer in found if layer.weights]


def _in_common(old: keras.Model, new: keras.Model) -> dict[int, tuple]:
    """Pairs of an old and a new layer of the longest sequence in common, by the new one's `id`."""
    ours, theirs = _weighted_layers(old), _weighted_layers(new)
    if len(shapes_of(old.output_shape)[0]) == 4:  # it makes images: count from its end
        ours, theirs = ours[::-1], theirs[::-1]
    forms = [[_form(layer) for layer in layers] for layers in (ours, theirs)]
    return {id(theirs[j]): (ours[i], theirs[j]) for i, j in longest_common(*forms)}


def _form(layer: keras.layers.Layer) -> tuple:
    """What two layers must have in common."""
    return type(layer), *(tuple(weight.shape) for weight in layer.weights)


def longest_common(one: list, other: list) -> list[tuple[int, int]]:
    """The places of a longest common subsequence of two lists, the earliest of them.

        L(i, j) = L(i + 1, j + 1) + 1 where oneᵢ = otherⱼ,  else max(L(i + 1, j), L(i, j + 1))

    Example:

    >>> longest_common(["a", "b", "c"], ["a", "x", "c"])
    [(0, 0), (2, 2)]
    """
    length = np.zeros((len(one) + 1, len(other) + 1), int)
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            longer = max(length[i + 1, j], length[i, j + 1])
            length[i, j] = length[i + 1, j + 1] + 1 if one[i] == other[j] else longer
    i, j, found = 0, 0, []
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif length[i + 1, j] >= length[i, j + 1]:
            i += 1
        else:
            j += 1
    return found
