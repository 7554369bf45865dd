"""Converts pretrained networks to the files of a preset and back."""

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Iterable

from keras import ops

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.backend.precision import float32_layers
from keras_gan.backend.shapes import shapes_of
from keras_gan.distributions.distribution import Distribution
from keras_gan.files import limits
from keras_gan.networks import registry
from keras_gan.networks.analysis.memory import bytes_of_sample
from keras_gan.networks.weight_limits import making
from keras_gan.texts import one_line
from keras_gan.zoo import description, hdf5, kind_registry, trust, weights

MOST_NUMBERS = 2**24  # in a sample: as in a colour image of 2,364 x 2,364 pixels
WHILE_LOADING = 4  # copies of the weights in memory: file, model, Keras's file, patched file


def pack(model) -> dict[str, bytes]:
    """The files of a preset without its checksums, in float32; with a card if it is still valid.

    Args:
        model: A `Pretrained`.

    Raises:
        ValueError: If `unpack` could not restore the model, or weights are not finite.
    """
    refuse_broken_weights(model.weighted().values(), "no preset was written")
    networks = {role: _origin_of(network) for role, network in model.parts().items()}
    likelihood = model.likelihood if model.has_likelihood else None
    described = description.Description(networks, prior_of(model), likelihood)
    size = sum(map(_bytes_of, model.weighted().values()))
    try:
        config = described.content()
        description.parse(config, "")
        copy = _made(type(model), described, _networks_of(described, size, zeros=True))
        for role, each in model.weighted().items():
            values = [ops.convert_to_numpy(weight) for weight in each.weights]
            copy.weighted()[role].set_weights(values)
        stored = weights.compact(weights.written(copy))
        hdf5.arrays_in(stored)
        content = {"config.json": config, "model.weights.h5": stored}
        if model.card is not None:
            content["card.json"] = json.dumps(model.card, indent=2).encode()
        for name, file in content.items():
            if len(file) > trust.LIMITS[name]:
                raise ValueError(f"{name} would have {len(file):,} bytes")
    except (ValueError, hdf5.NotPlainError) as error:
        reason = getattr(error, "reason", str(error)).rstrip(".")
        raise ValueError(
            f"A preset of this {model.kind} could not be loaded again ({reason}), so no file was "
            f"written: save the model with model.save(…) instead."
        ) from error
    return content


def unpack(cls: type, folder: str, content: dict[str, bytes], load_weights: bool = True):
    """Builds a model from checked files.

    Args:
        cls: A class in `keras_gan.zoo.kind_registry.CLASSES`.
        folder: The preset's folder, for messages.
        content: Its files by name.
        load_weights: Whether to load the weights, and the card that describes them. Defaults to
            `True`.

    Raises:
        UntrustedPresetError: For invalid content.
        ValueError: For a preset of another kind.
    """
    described = description.parse(content["config.json"], folder)
    if described.kind != cls.kind:
        raise ValueError(
            f"The preset in {one_line(folder)} holds a {described.kind}, not a {cls.kind}: "
            f"load it with {kind_registry.CLASSES[described.kind].called}.from_preset."
        )
    card = content.get("card.json")
    card = None if card is None else trust.object_in(folder, "card.json", card)
    file = content["model.weights.h5"]
    arrays = weights.arrays_in(file, folder)
    stored = sum(array.size for array in arrays.values())
    try:
        limits.check_memory("its weights", WHILE_LOADING * stored)
        shapes = Counter(array.shape for array in arrays.values())
        networks = _networks_of(described, len(file), zeros=load_weights, known=shapes)
        check_activations(networks.by_role.values())
        model = _made(cls, described, networks)
    except ValueError as error:
        raise trust.refusal(folder, str(error)) from error
    if load_weights:
        weights.load(model, file, folder)
        model.describe(card)
    return model


def loaded(folder: str, content: dict[str, bytes]):
    """Builds a model of any kind from checked files.

    Args:
        folder: The preset's folder, for messages.
        content: Its files by name.

    Raises:
        UntrustedPresetError: For invalid content.
    """
    kind = description.parse(content["config.json"], folder).kind
    return unpack(kind_registry.CLASSES[kind], folder, content)


@dataclasses.dataclass(frozen=True)
class Networks:
    """The networks of a preset, and what is left for layers that belong to none.

    Args:
        by_role: The networks, by role.
        left: The most bytes that further weights may take.
        zeros: Whether weights start with zeros instead of random numbers.
        known: The number of stored arrays of each shape that are not used yet, or `None`.
    """

    by_role: dict
    left: int
    zeros: bool
    known: Counter | None


def _networks_of(
    described: description.Description,
    most_bytes: int,
    zeros: bool,
    known: Counter | None = None,
) -> Networks:
    """Builds the networks of a preset from their description, in float32.

    Args:
        described: The description.
        most_bytes: The most bytes of all weights.
        zeros: Whether to start with zeros instead of random weights.
        known: The number of stored arrays of each shape.

    Raises:
        ValueError: If one cannot be built, or its weights or samples would fill the memory; a few
            weights can make large samples.
    """
    networks, left = {}, most_bytes
    for role, named in described.networks.items():
        with float32_layers():
            networks[role] = registry.build(named, left, zeros, known)
        left -= _bytes_of(networks[role])
        for shape in shapes_of(networks[role].output_shape):
            if None in shape[1:] or math.prod(shape[1:]) > MOST_NUMBERS:
                raise ValueError(
                    f"its samples have the shape {shape[1:]}: at most {MOST_NUMBERS:,} numbers"
                )
    return Networks(networks, left, zeros, known)


def _made(cls: type, described: description.Description, networks: Networks):
    """Builds a model from its networks, in float32.

    Args:
        cls: A class in `keras_gan.zoo.kind_registry.CLASSES`.
        described: Its description.
        networks: Its networks.

    Raises:
        ValueError: If the networks do not fit each other, or further weights would fill the memory.
    """
    likelihood = (described.likelihood,) if cls.has_likelihood else ()
    with float32_layers(), making(networks.left, networks.zeros, known=networks.known):
        return cls.assembled(networks.by_role, described.prior, *likelihood)


def check_activations(networks: Iterable) -> None:
    """Refuses networks in which a single sample takes more memory than `max_bytes`.

    Args:
        networks: The networks.

    Raises:
        ValueError: Says how to raise the limit.
    """
    needed = max(map(bytes_of_sample, networks))
    most = limits.present().max_bytes
    if needed > most:
        raise ValueError(
            f"one sample would take {limits.in_words(needed)} in its network, more than "
            f"{limits.in_words(most)}: {limits.how_to_raise('max_bytes', needed)}"
        )


def _bytes_of(layer) -> int:
    """The bytes of the weights of a network or layer in float32."""
    return sum(4 * math.prod(weight.shape) for weight in layer.weights)


def prior_of(model) -> str | None:
    """The name of a model's prior; `None` for a model without one.

    Args:
        model: A `Pretrained`.

    Raises:
        ValueError: For a prior that is the user's own code.
    """
    prior = getattr(model, "prior", None)
    if prior is None:
        return None
    for name, each in model.priors.items():
        if prior is each or _same(prior, each):
            return name
    raise ValueError(
        f"A preset can only name its prior, one of {', '.join(model.priors)}, but this "
        f"{model.kind}'s prior is your own {prior!r}: save the model with model.save(…) instead."
    )


def _same(one, other) -> bool:
    """Whether both are distributions of one class with the same arguments."""
    both = isinstance(one, Distribution) and type(one) is type(other)
    return both and one.get_config() == other.get_config()


def _origin_of(network) -> registry.Origin:
    """The registered function that built a network, and its arguments.

    Args:
        network: A `keras.Model`.

    Raises:
        ValueError: If no registered function built it.
    """
    found = registry.origin_of(network)
    if found is None:
        raise ValueError(
            f"A preset contains no code, so each network must come from a function of kg.networks "
            f"with plain arguments (numbers, strings, lists), or from your own function decorated "
            f"with @kg.networks.register; the network {network.name!r} does not."
        )
    return found
