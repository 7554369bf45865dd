"""Between a generator and the files of a preset."""

import json
import math

from keras import ops

from keras_gan import priors
from keras_gan.networks import origin
from keras_gan.precision import float32_layers
from keras_gan.zoo import description, hdf5, trust, weights

MOST_NUMBERS = 2**24  # of a sample: those of an image of 2,364 x 2,364 pixels in colour


def pack(generator) -> dict[str, bytes]:
    """The files of a preset but its checksums, in float32; `card.json` where the card still holds.

    Args:
        generator: A `kg.Generator`.

    Raises:
        ValueError: For one that `unpack` could not make again.
    """
    named = {prior: name for name, prior in priors.PRIORS.items()}
    if generator.prior not in named:
        raise ValueError(
            f"A preset names its prior, one of {', '.join(priors.PRIORS)}; this generator has "
            f"{generator.prior!r}, which is code: save the game with gan.save(…) instead."
        )
    described = description.Description(origin_of(generator), named[generator.prior])
    size = sum(4 * math.prod(weight.shape) for weight in generator.weights)
    try:
        config = described.content()
        description.parse(config, "")
        copy = made(type(generator), described, size, zeros=True)
        copy.set_weights([ops.convert_to_numpy(weight) for weight in generator.weights])
        stored = weights.written(copy)
        hdf5.arrays_in(stored)
        content = {"config.json": config, "model.weights.h5": stored}
        if generator.card is not None:
            content["card.json"] = json.dumps(generator.card, indent=2).encode()
        for name, file in content.items():
            if len(file) > trust.LIMITS[name]:
                raise ValueError(f"{name} would have {len(file):,} bytes")
    except (ValueError, hdf5.NotPlainError) as error:
        reason = getattr(error, "reason", str(error)).rstrip(".")
        raise ValueError(
            f"A preset of this generator could not be loaded again ({reason}), so nothing was "
            f"written: save the game with gan.save(…) instead."
        ) from error
    return content


def unpack(cls: type, folder: str, content: dict[str, bytes], load_weights: bool = True):
    """The generator in files that were checked.

    Args:
        cls: `kg.Generator`.
        folder: The preset's folder, for messages.
        content: Its files by name.
        load_weights: Whether it has the weights that are stored, and the card, which is of these.

    Raises:
        UntrustedPresetError: For files that do not say what they should.
    """
    described = description.parse(content["config.json"], folder)
    card = content.get("card.json")
    card = None if card is None else trust.object_in(folder, "card.json", card)
    try:
        generator = made(cls, described, len(content["model.weights.h5"]), zeros=load_weights)
    except ValueError as error:
        raise trust.refusal(folder, str(error)) from error
    if load_weights:
        weights.load(generator, content["model.weights.h5"], folder)
        generator.describe(card)
    return generator


def made(cls: type, described: description.Description, most_bytes: int, zeros: bool):
    """A generator as described, in float32.

    Raises:
        ValueError: For one that cannot be made, or would fill the memory with weights or samples,
            which few weights can make.
    """
    with float32_layers():
        generator = cls(origin.build(described.generator, most_bytes, zeros), described.prior)
    shape = generator.output_shape[1:]
    if None in shape or math.prod(shape) > MOST_NUMBERS:
        raise ValueError(f"its samples have the shape {shape}: at most {MOST_NUMBERS:,} numbers")
    return generator


def origin_of(generator) -> origin.Origin:
    """The name and arguments of a generator's network.

    Raises:
        ValueError: For one that no registered function made.
    """
    found = origin.origin_of(generator)
    if found is None:
        raise ValueError(
            f"A preset holds no code, so the network {generator.name!r} must come from a function "
            f"of kg.networks, with plain arguments (numbers, texts, lists), or from one of yours "
            f"under @kg.networks.register; this one comes from none."
        )
    return found
