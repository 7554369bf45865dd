"""Between pretrained networks and the files of a preset."""

import json
import math
from collections import Counter

from keras import ops

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.backend.precision import float32_layers
from keras_gan.distributions import priors
from keras_gan.files import limits
from keras_gan.networks import registry
from keras_gan.networks.analysis.memory import bytes_of_sample
from keras_gan.texts import one_line
from keras_gan.zoo import description, hdf5, kinds, trust, weights

MOST_NUMBERS = 2**24  # of a sample: those of an image of 2,364 x 2,364 pixels in colour
WHILE_LOADING = 4  # times the weights are in memory: read, in the model, written by Keras, put in


def pack(model) -> dict[str, bytes]:
    """The files of a preset but its checksums, in float32; `card.json` where the card still holds.

    Args:
        model: A `Pretrained`.

    Raises:
        ValueError: For one that `unpack` could not make again, or weights that are not finite.
    """
    refuse_broken_weights(model.parts().values(), "no preset was written")
    networks = {role: origin_of(network) for role, network in model.parts().items()}
    described = description.Description(networks, prior_of(model))
    size = sum(bytes_of(network) for network in model.parts().values())
    try:
        config = described.content()
        description.parse(config, "")
        copy = made(type(model), described, size, zeros=True)
        for role, network in model.parts().items():
            values = [ops.convert_to_numpy(weight) for weight in network.weights]
            copy.parts()[role].set_weights(values)
        stored = weights.written(copy)
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
            f"A preset of this {model.kind} could not be loaded again ({reason}), so nothing was "
            f"written: save the game with gan.save(…) instead."
        ) from error
    return content


def unpack(cls: type, folder: str, content: dict[str, bytes], load_weights: bool = True):
    """The model in files that were checked.

    Args:
        cls: One of `keras_gan.zoo.kinds.CLASSES`.
        folder: The preset's folder, for messages.
        content: Its files by name.
        load_weights: Whether it has the weights that are stored, and the card, which is of these.

    Raises:
        UntrustedPresetError: For files that do not say what they should.
        ValueError: For a preset of another kind.
    """
    described = description.parse(content["config.json"], folder)
    if described.kind != cls.kind:
        raise ValueError(
            f"The preset in {one_line(folder)} holds a {described.kind}, not a {cls.kind}: "
            f"load it with {kinds.CLASSES[described.kind].called}.from_preset."
        )
    card = content.get("card.json")
    card = None if card is None else trust.object_in(folder, "card.json", card)
    file = content["model.weights.h5"]
    arrays = weights.arrays_in(file, folder)
    stored = sum(array.size for array in arrays.values())
    try:
        limits.check_memory("its weights", WHILE_LOADING * stored)
        shapes = Counter(array.shape for array in arrays.values())
        model = made(cls, described, len(file), zeros=load_weights, known=shapes)
        check_activations(model)
    except ValueError as error:
        raise trust.refusal(folder, str(error)) from error
    if load_weights:
        weights.load(model, file, folder)
        model.describe(card)
    return model


def loaded(folder: str, content: dict[str, bytes]):
    """The model in files that were checked, of whichever kind it is.

    Args:
        folder: The preset's folder, for messages.
        content: Its files by name.

    Raises:
        UntrustedPresetError: For files that do not say what they should.
    """
    kind = description.parse(content["config.json"], folder).kind
    return unpack(kinds.CLASSES[kind], folder, content)


def made(
    cls: type,
    described: description.Description,
    most_bytes: int,
    zeros: bool,
    known: Counter | None = None,
):
    """A model as described, in float32.

    Args:
        cls: One of `keras_gan.zoo.kinds.CLASSES`.
        described: Its networks and prior.
        most_bytes: What its weights may take.
        zeros: Whether they are 0.
        known: How many arrays of each shape there are weights for.

    Raises:
        ValueError: For one that cannot be made, or would fill the memory with weights or samples,
            which few weights can make.
    """
    networks, left = {}, most_bytes
    with float32_layers():
        for role, named in described.networks.items():
            networks[role] = registry.build(named, left, zeros, known)
            left -= bytes_of(networks[role])
        model = cls.assembled(networks, described.prior)
    for network in model.parts().values():
        shape = network.output_shape[1:]
        if None in shape or math.prod(shape) > MOST_NUMBERS:
            raise ValueError(
                f"its samples have the shape {shape}: at most {MOST_NUMBERS:,} numbers"
            )
    return model


def check_activations(model) -> None:
    """Refuses networks in which a single sample takes more memory than `max_bytes`.

    Raises:
        ValueError: See above.
    """
    needed = max(bytes_of_sample(network) for network in model.parts().values())
    most = limits.present().max_bytes
    if needed > most:
        raise ValueError(
            f"one sample would take {limits.in_words(needed)} in its network, more than "
            f"{limits.in_words(most)}: {limits.how_to_raise('max_bytes', needed)}"
        )


def bytes_of(network) -> int:
    """The bytes of a network's weights in float32."""
    return sum(4 * math.prod(weight.shape) for weight in network.weights)


def prior_of(model) -> str | None:
    """The name of the prior of a model that has one; `None` for another.

    Raises:
        ValueError: For a prior of one's own.
    """
    prior = getattr(model, "prior", None)
    named = {each: name for name, each in priors.PRIORS.items()}
    if prior is not None and prior not in named:
        raise ValueError(
            f"A preset names its prior, one of {', '.join(priors.PRIORS)}; this generator has "
            f"{prior!r}, which is code: save the game with gan.save(…) instead."
        )
    return named.get(prior)


def origin_of(network) -> registry.Origin:
    """The name and arguments of a network.

    Raises:
        ValueError: For one that no registered function made.
    """
    found = registry.origin_of(network)
    if found is None:
        raise ValueError(
            f"A preset holds no code, so the network {network.name!r} must come from a function "
            f"of kg.networks, with plain arguments (numbers, texts, lists), or from one of yours "
            f"under @kg.networks.register; this one comes from none."
        )
    return found
